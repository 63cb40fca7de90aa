"""Statements: what a stretch of a report says of lesions in one organ, put together from findings.

A finding is a word; a statement is what the words add up to: these lesions, in this organ, to this extent,
asserted so. Putting them together follows the grammar of report prose:

1. A segment is parted into *domains*, one around each head. A head is a lesion word, or an extent that needs
   none (``replaced``). Two heads are one where nothing but a link (``consistent with``) or no separator
   stands between; otherwise the separator before the second head's own modifiers parts them.
2. Extents, counts, shares and parts of the organ bind to the head of their domain.
3. The organ is the one named in the domain; else the one of the domain before; else the heading's; else the topic of
   the sentence before in the same paragraph.
4. A sentence without a head of its own ("These are too numerous to count.") goes on with the statement before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from screener.findings import Finding, Passage
from screener.packs import RulePack

_SEPARATORS = frozenset(
    ", and with plus & ( ) : - – — / but while whereas although however alongside besides beside or "
    "also then though yet nor versus vs | apart except together + = > including plus".split()
)
_BREAKERS = frozenset("but while whereas although however though yet | > and".split())
_LISTED = frozenset(", and & / or plus as well both the in of to nor".split())
_CONTINUES = frozenset(
    "these they this those them it its which such all most many some their appearances findings "
    "appearance pattern the both several consistent compatible likely suspicious highly "
    "in probably presumably concerning keeping given favor favored together overall".split()
)
_COUNTED = frozenset(
    "number numbering numbered approx . ~ counted count counted counting counts total totaling totalling : = ( x n are is about some "
    "approximately at least in of now - to × ) # they i we roughly only today there".split()
)
_BEARINGS = frozenset({"link", "relation", "malignancy", "measure"})
_EXCEPTING = frozenset(
    "only sparing spared spares spare except but save apart aside outside besides exception excepting "
    "excluding barring bar rind rim sliver crescent island islands strip wedge corner patch tip just".split()
)
_EXAMPLE = frozenset(
    "largest larger biggest bigger ones some dominant index conglomerate reference including example e.g bulkiest target for".split()
)
_LEFT = frozenset(
    "spared spares retaining retains remains remain free clear uninvolved normal unaffected escapes escaped "
    "preserved survives survive still untouched intact unremarkable sound healthy spotless clean".split()
)
_COPULAS = frozenset("are is were was represent represents be".split())
_NEW = frozenset("new additional further other fresh".split())


_SHORT = 8
"""A field or remark of up to this many words can say how much without naming what."""
_NATURES = ("malignant", "tumor", "unexplained", "primary", "benign", "texture")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a stretch of a report says of lesions in one organ.

    Attributes
    ----------
    section, order, paragraph
        Where it stands.
    organ
        The organ; empty where none is known.
    lesion
        Nature of the lesions; ``none`` where an extent stands without a lesion word.
    extents
        Names of the extent concepts that are asserted.
    part
        How much of the organ is spoken of: ``all`` of it in so many words, a ``major`` or ``minor`` part,
        or ``whole`` where no part is named.
    number
        ``one`` or ``many`` lesions, by the grammar of the lesion word.
    share, count
        Bounds of a stated share of the organ (percent) or count of lesions.
    is_asserted
        Whether the report says so of this patient, now.
    is_uncertain
        Whether it says so as likely only.
    is_denied
        Whether the report says that there are none.
    findings
        What it was put together from, in order of the text.
    """

    section: str
    order: int
    paragraph: int
    organ: str
    lesion: str
    extents: tuple[str, ...]
    part: str
    number: str
    share: tuple[float, float] | None
    count: tuple[float, float] | None
    is_asserted: bool
    is_uncertain: bool
    is_denied: bool
    findings: tuple[Finding, ...]

    @property
    def start(self) -> int:
        """First character of the statement in the report."""
        return min(finding.start for finding in self.findings)


@dataclass(frozen=True, slots=True)
class _Domain:
    """A stretch of a passage around one head."""

    passage: Passage
    first: int
    last: int
    heads: tuple[Finding, ...]
    findings: tuple[Finding, ...]


def make_statements(passages: Iterable[Passage], pack: RulePack) -> tuple[Statement, ...]:
    """Put the findings of a report together.

    Parameters
    ----------
    passages
        The report's segments in order, as they were read.
    pack
        Says which role each concept has.

    Returns
    -------
    tuple of Statement
        In order of the text, of every organ.
    """
    return tuple(_Assembly(pack).run(passages))


class _Assembly:
    """One walk through a report that remembers what was spoken of last."""

    def __init__(self, pack: RulePack) -> None:
        self.pack = pack
        self.done: list[Statement] = []
        self.topic = ""
        self.place = (-1, -1)
        self.named: set[str] = set()
        self.awaits_share = False
        self._countless = {c.name for c in pack.concepts if c.role == "extent" and c.counts}

    def run(self, passages: Iterable[Passage]) -> list[Statement]:
        for passage in passages:
            self._read(passage)
        return self._located()

    def _located(self) -> list[Statement]:
        """Statements that name no organ go to the pack's, where the report speaks of no other."""
        if self.named != {self.pack.organ}:
            return self.done
        return [s if s.organ else replace(s, organ=self.pack.organ) for s in self.done]

    def role(self, finding: Finding) -> str:
        concept = self.pack.concept.get(finding.concept)
        return concept.role if concept else "quantity"

    def is_head(self, finding: Finding) -> bool:
        concept = self.pack.concept.get(finding.concept)
        return concept is not None and (
            concept.role == "lesion" or (concept.role == "extent" and concept.alone)
        )

    def _read(self, passage: Passage) -> None:
        kept = tuple(f for f in passage.findings if not self._foreign(f, passage.findings))
        passage = replace(passage, findings=kept)
        place = (passage.order, passage.paragraph)
        if place != self.place:
            self.topic, self.place = "", place
        fallback = self._heading_organ(passage) or self.topic
        made: list[Statement] = []
        for domain in self._domains(passage):
            organ = self._organ(domain) or (made[-1].organ if made else "")
            statement = self._statement(domain, organ)
            if statement is None:
                continue
            if made and not self._places(domain) and made[-1].part != "whole":
                statement = replace(statement, part=made[-1].part)
            made.append(statement)
        for i, statement in enumerate(made):
            if not statement.organ:
                later = next((s.organ for s in made[i + 1 :] if s.organ), "")
                made[i] = replace(statement, organ=later or fallback)
        if not made and self.done and not self.done[-1].organ and self._is_list_of_organs(passage):
            names = [self._name(f) for f in passage.findings if self.role(f) == "organ"]
            if self.pack.organ in names:
                self.done[-1] = replace(self.done[-1], organ=self.pack.organ)
        for statement in made:
            self._add(statement, passage)
        self._turn(passage, made)
        self.awaits_share = self._asks_for_share(passage)

    def _asks_for_share(self, passage: Passage) -> bool:
        """Whether a segment is the label of a field that wants a share of the organ."""
        names = {f.concept for f in passage.findings}
        wants = any(
            self.role(f) == "measure" and self.pack.concept[f.concept].measure == "share"
            for f in passage.findings
        )
        return wants and not names & {"share", "count"} and len(passage.words) <= _SHORT

    def _is_list_of_organs(self, passage: Passage) -> bool:
        """Whether a segment is an item that names organs and nothing else."""
        covered = {i for f in passage.findings for i in range(f.first, f.last)}
        rest = [w for i, w in enumerate(passage.words) if i not in covered and w not in _LISTED]
        return bool(passage.findings) and not rest

    def _add(self, statement: Statement, passage: Passage) -> None:
        before = self.done[-1] if self.done else None
        if before is not None and self._goes_on(before, statement, passage):
            self.done[-1] = _merged(before, statement)
            return
        self.done.append(statement)

    def _goes_on(self, before: Statement, statement: Statement, passage: Passage) -> bool:
        """Whether a statement says more of the lesions of the one before."""
        if before.order != statement.order or statement.organ not in (before.organ, ""):
            return False
        if before.findings[-1].start >= passage.start or before.is_denied or statement.is_denied:
            return False
        own = any(self.role(f) == "organ" for f in statement.findings)
        opens = passage.words[0] in _CONTINUES if passage.words else False
        measured = bool(statement.extents or statement.count or statement.share)
        headless = not any(self.is_head(f) for f in statement.findings)
        if headless:
            return measured and before.lesion not in ("benign", "texture") and (opens or len(passage.words) <= _SHORT)
        if before.lesion in ("unexplained", "texture") and not measured and not own:
            told = statement.is_asserted or statement.lesion == "malignant"
            return told and statement.lesion in ("malignant", "benign", "primary") and (
                opens or before.paragraph == statement.paragraph
            )
        return opens and not own and statement.lesion == "unexplained" and not measured

    def _places(self, domain: _Domain) -> bool:
        """Whether a domain says itself where its lesions are."""
        return any(self.role(f) in ("organ", "part") for f in domain.findings)

    def _turn(self, passage: Passage, made: Sequence[Statement]) -> None:
        organs = [self.pack.concept[f.concept].organ for f in passage.findings if self.role(f) == "organ"]
        self.named.update(
            self._name(f)
            for f in passage.findings
            if self.role(f) in ("organ", "part") and not self._is_origin(f)
        )
        if organs:
            self.topic = self.pack.organ if self.pack.organ in organs[:2] else str(organs[0])
        elif made and made[-1].organ:
            self.topic = made[-1].organ

    def _foreign(self, finding: Finding, others: Sequence[Finding]) -> bool:
        """Whether it is an organ or tumour word inside a tumour's name, as in "breast cancer"."""
        concept = self.pack.concept.get(finding.concept)
        return (
            concept is not None
            and (
                (concept.role == "organ" and concept.organ != self.pack.organ)
                or concept.nature == "tumor"
            )
            and any(
                o is not finding
                and self.role(o) in ("malignancy", "lesion")
                and o.first <= finding.first
                and finding.last <= o.last
                and o.last - o.first > finding.last - finding.first
                for o in others
            )
        )

    def _heading_organ(self, passage: Passage) -> str:
        if self.pack.organ in passage.organs:
            return self.pack.organ
        return passage.organs[0] if passage.organs else ""

    def _domains(self, passage: Passage) -> list[_Domain]:
        heads = [f for f in passage.findings if self.is_head(f)]
        groups: list[list[Finding]] = []
        cuts: list[int] = [0]
        for head in heads:
            cut = self._cut(passage, groups[-1][-1], head) if groups else None
            if groups and cut is None:
                groups[-1].append(head)
                continue
            if groups and cut is not None:
                cuts.append(cut)
            groups.append([head])
        cuts.append(len(passage.words))
        if not groups:
            return [_domain(passage, 0, len(passage.words), [])]
        domains = [
            _domain(passage, first, last, group)
            for first, last, group in zip(cuts[:-1], cuts[1:], groups, strict=True)
        ]
        return [piece for domain in domains for piece in self._listed(domain)]

    def _cut(self, passage: Passage, before: Finding, after: Finding) -> int | None:
        """Where the domain of the second head begins, or ``None`` where both are one."""
        between = [f for f in passage.findings if before.last <= f.first and f.last <= after.first]
        covered = {i for f in between for i in range(f.first, f.last)}
        gap = [i for i in range(before.last, after.first) if i not in covered]
        separators = [i for i in gap if passage.words[i] in _SEPARATORS]
        breakers = [i for i in separators if passage.words[i] in _BREAKERS - {"and"}]
        if not separators or self._equated(passage, before, after, between, separators):
            return None
        roles = {self.role(f) for f in between}
        if not roles - {"link"} and all(passage.words[i] in _LISTED for i in gap):
            return None
        if breakers:
            return breakers[-1]
        own = [f for f in between if self.role(f) in ("extent", "quantity")]
        for modifier in own:
            ahead = [i for i in separators if i < modifier.first]
            if ahead:
                return ahead[-1]
        strong = [i for i in separators if passage.words[i] in {"and", "with", "plus", "&", "also"}]
        return (strong or separators)[0]

    def _equated(
        self,
        passage: Passage,
        before: Finding,
        after: Finding,
        between: Sequence[Finding],
        separators: Sequence[int],
    ) -> bool:
        """Whether a link says that the second head is what the first one is."""
        links = [f for f in between if self.role(f) == "link"]
        strong = [f for f in links if self.pack.concept[f.concept].strong]
        if any(self.role(f) in ("extent", "quantity", "part") for f in between if f.first > before.last + 8):
            return False
        if strong:
            link = strong[0]
            breaks = [i for i in separators if passage.words[i] in _BREAKERS and i > link.last]
            return not breaks
        dash = {"-", "–", "—", ":"}
        if set(passage.words[max(0, after.first - 3) : after.first]) & _COPULAS:
            return self.pack.concept[before.concept].nature in ("unexplained", "tumor")
        nature = self.pack.concept[before.concept].nature
        if nature == "unexplained" and passage.words[separators[-1]] in dash:
            return all(self.role(f) in ("link", "measure") for f in between if f.first > separators[-1])
        commas = [i for i in separators if passage.words[i] not in {"-", "(", "/"}]
        return bool(links) and not commas

    def _listed(self, domain: _Domain) -> list[_Domain]:
        """Part a list such as "many in the lung, two in the liver: metastases" into its items."""
        organs = [f for f in domain.findings if self.role(f) == "organ"]
        extents = [f for f in domain.findings if self.role(f) in ("extent", "quantity") and not self.is_head(f)]
        if len({f.concept for f in organs}) < 2 or len(extents) < 2:
            return [domain]
        words = domain.passage.words
        commas = [i for i in range(domain.first, domain.last) if words[i] in {",", "and", ")", "but", "with"}]
        edges = [domain.first, *commas, domain.last]
        pieces: list[list[Finding]] = []
        for first, last in zip(edges[:-1], edges[1:], strict=True):
            inside = [f for f in domain.findings if first <= f.first < last]
            if pieces and not (_has(inside, organs) and _has(inside, extents)):
                pieces[-1].extend(inside)
            else:
                pieces.append(inside)
        full = [p for p in pieces if _has(p, organs) and _has(p, extents)]
        if len(full) < 2:
            return [domain]
        parted = []
        for piece in full:
            findings = {id(f): f for f in (*piece, *domain.heads)}
            ordered = tuple(sorted(findings.values(), key=lambda f: f.first))
            parted.append(replace(domain, findings=ordered))
        return parted

    def _organ(self, domain: _Domain) -> str:
        """The organ that the domain names as the place of its lesions, if any."""
        organs = [f for f in domain.findings if self.role(f) in ("organ", "part")]
        head = next((h for h in domain.heads if self.role(h) == "lesion"), None)
        placed = [
            f
            for f in organs
            if not self._related(domain, f)
            and not (f.negated and any(not h.negated for h in domain.heads))
            and not (head and f.last == head.first and self._is_origin(f) and len(organs) > 1)
        ]
        clusters = self._clusters(domain.passage, placed)
        if not clusters:
            return ""
        nearest = min(clusters, key=lambda c: self._remoteness(domain, c))
        names = [self._name(f) for f in nearest]
        if self.pack.organ in names:
            return self.pack.organ
        if all(self._is_origin(f) for f in nearest) and len(clusters) > 1:
            rest = [c for c in clusters if c is not nearest]
            return self._pick(min(rest, key=lambda c: self._remoteness(domain, c)))
        return names[0]

    def _pick(self, cluster: Sequence[Finding]) -> str:
        names = [self._name(f) for f in cluster]
        return self.pack.organ if self.pack.organ in names else names[0]

    def _name(self, finding: Finding) -> str:
        """The organ that an organ or part word names; parts are parts of the pack's organ."""
        return self.pack.concept[finding.concept].organ or self.pack.organ

    def _clusters(self, passage: Passage, organs: Sequence[Finding]) -> list[list[Finding]]:
        """Organs drawn together where only list words stand between them."""
        clusters: list[list[Finding]] = []
        for organ in organs:
            if clusters and all(
                word in _LISTED for word in passage.words[clusters[-1][-1].last : organ.first]
            ):
                clusters[-1].append(organ)
            else:
                clusters.append([organ])
        return clusters

    def _remoteness(self, domain: _Domain, cluster: Sequence[Finding]) -> tuple[int, int]:
        """Words between a cluster and the nearest head; a comma between counts for four."""
        best = 10_000
        for head in domain.heads or domain.findings:
            for organ in cluster:
                first, last = sorted(((organ.first, organ.last), (head.first, head.last)))
                gap = domain.passage.words[first[1] : last[0]]
                best = min(best, len(gap) + 4 * sum(word in {",", "with", "(", ":"} for word in gap))
        return best, cluster[0].first

    def _is_origin(self, organ: Finding) -> bool:
        return self.pack.concept[organ.concept].origin

    def _related(self, domain: _Domain, organ: Finding) -> bool:
        """Whether the organ is only what lesions lie near or come from."""
        return any(
            self.role(f) == "relation" and 0 <= organ.first - f.last <= 2 for f in domain.findings
        )

    def _statement(self, domain: _Domain, organ: str) -> Statement | None:
        findings = domain.findings
        extents = [
            f for f in findings if self.role(f) == "extent" and not self._elsewhere(domain, f)
        ]
        shares = self._shares(domain)
        counts = self._counts(domain)
        if not domain.heads and not shares and not counts:
            counted = any(f.concept in self._countless for f in extents)
            if not extents or (not counted and len(domain.passage.words) > _SHORT):
                return None
        lesion, key = self._nature(domain.heads)
        key = key or [f for f in findings if f in extents or f in shares] or list(counts)
        live = [f for f in extents if f.is_asserted]
        is_asserted = any(f.is_asserted for f in key) or any(
            self._measures(domain, f) == "rest" for f in shares
        )
        passage = domain.passage
        denies = is_asserted and any(self._is_denial(h) for h in domain.heads)
        denies = denies and not {"left", "right", "sided"} & set(passage.words)
        is_asserted = is_asserted and not denies and not _is_label(passage)
        return Statement(
            section=passage.section, order=passage.order, paragraph=passage.paragraph, organ=organ,
            lesion=lesion, extents=tuple(dict.fromkeys(f.concept for f in live)),
            part=self._part(domain), number=self._number(domain.heads),
            share=self._bounds(domain, shares), count=_bounds_of([c for c in counts if c.is_asserted]),
            is_asserted=is_asserted,
            is_uncertain=any(f.uncertain or self._is_hedged(f) for f in (*key, *live)),
            is_denied=denies or (not is_asserted and self._denies(domain, key, lesion)),
            findings=tuple(f for f in findings if self.role(f) not in _BEARINGS),
        )  # fmt: skip

    def _elsewhere(self, domain: _Domain, extent: Finding) -> bool:
        """Whether an extent after the lesions stands before another organ: "and minimal ascites"."""
        after = [f for f in domain.findings if f.first == extent.last and self.role(f) == "organ"]
        heads = [h for h in domain.heads if h.first < extent.first]
        return bool(heads and after) and all(self._name(f) != self.pack.organ for f in after)

    def _is_denial(self, finding: Finding) -> bool:
        concept = self.pack.concept.get(finding.concept)
        return concept is not None and concept.denies

    def _is_hedged(self, finding: Finding) -> bool:
        concept = self.pack.concept.get(finding.concept)
        return concept is not None and concept.hedged

    def _nature(self, heads: Sequence[Finding]) -> tuple[str, list[Finding]]:
        """Nature of the lesions, and the heads that say it."""
        starts = {h.first for h in heads if self.role(h) == "lesion"}
        lesions = [
            h
            for h in heads
            if self.role(h) == "lesion"
            and not (
                self.pack.concept[h.concept].nature in ("benign", "texture")
                and starts & {h.last, h.last + 1}
                and self.pack.concept[h.concept].number is None
            )
        ]
        by_nature: dict[str, list[Finding]] = {}
        for head in lesions:
            by_nature.setdefault(str(self.pack.concept[head.concept].nature), []).append(head)
        live = {n: fs for n, fs in by_nature.items() if any(f.is_asserted for f in fs)}
        if not lesions:
            return "none", [h for h in heads]
        for nature in ("malignant", "primary", "benign", "tumor"):
            if nature in live:
                return nature, live[nature]
        if "unexplained" in live:
            refuted = any(f.negated for f in by_nature.get("malignant", ()))
            return ("benign" if refuted else "unexplained"), live["unexplained"]
        if "texture" in live:
            return "texture", live["texture"]
        first = next(n for n in _NATURES if n in by_nature)
        return first, by_nature[first]

    def _number(self, heads: Sequence[Finding]) -> str:
        numbers = [self.pack.concept[h.concept].number for h in heads]
        return "one" if "one" in numbers and "many" not in numbers else "many"

    def _part(self, domain: _Domain) -> str:
        parts = {
            self.pack.concept[f.concept].part
            for f in domain.findings
            if self.role(f) == "part" and not self._is_spared(domain, f)
        }
        for part in ("all", "major", "minor"):
            if part in parts:
                return part
        return "whole"

    def _is_spared(self, domain: _Domain, part: Finding) -> bool:
        """Whether a part of the organ is named as the part that the lesions leave."""
        words = domain.passage.words
        heads = [h.last for h in domain.heads if h.last <= part.first]
        if _EXAMPLE & set(words[max(heads, default=0) : part.first]):
            return True
        before = set(words[max(0, part.first - 5) : part.first])
        after = set(words[part.last : part.last + 5])
        return bool(before & _EXCEPTING or after & _LEFT)

    def _denies(self, domain: _Domain, key: Sequence[Finding], lesion: str) -> bool:
        section = self.pack.section.get(domain.passage.section)
        amends = section is not None and section.sticky
        natures = {"malignant", "tumor", *(("unexplained",) if amends else ())}
        if not all(f.negated for f in key) or lesion not in natures:
            return False
        first = min(f.first for f in key)
        return not _NEW & set(domain.passage.words[max(0, first - 4) : first + 1])

    def _counts(self, domain: _Domain) -> list[Finding]:
        found = [f for f in domain.findings if f.concept == "count"]
        return [f for f in found if self._counts_lesions(domain, f)]

    def _counts_lesions(self, domain: _Domain, count: Finding) -> bool:
        words = domain.passage.words
        if words[count.first : count.last] == ("one",):
            near = [h for h in domain.heads if 0 <= h.first - count.last <= 5]
            return any(self.pack.concept[h.concept].number == "one" for h in near)
        following = words[count.last] if count.last < len(words) else ""
        if any(f.first == count.last and self.role(f) == "part" for f in domain.findings):
            return False
        if following in {"lobe", "lobes", "segment", "segments", "%"}:
            return False
        if not domain.heads:
            is_short = len(words) <= _SHORT + 2
            return is_short and (
                not set(words) - _COUNTED - set(words[count.first : count.last])
                or any(self.role(f) == "organ" for f in domain.findings)
            )
        for head in (h for h in domain.heads if self.role(h) == "lesion"):
            if 0 <= head.first - count.last <= 6 and "," not in words[count.last : head.first][1:]:
                return True
            gap = words[head.last : count.first]
            covered = {
                i
                for f in domain.findings
                if self.role(f) in ("organ", "part", "extent", "malignancy")
                for i in range(f.first, f.last)
            }
            loose = [w for i, w in enumerate(gap, head.last) if i not in covered]
            if count.first >= head.last and all(word in _COUNTED for word in loose):
                return True
        return len({f.concept for f in domain.findings if self.role(f) == "organ"}) > 0 and (
            following in {"in", "within", "of", "", ",", ")", "/"}
        )

    def _shares(self, domain: _Domain) -> list[Finding]:
        shares = [f for f in domain.findings if f.concept == "share" and f.is_asserted]
        return [f for f in shares if self._measures(domain, f) in ("share", "rest")]

    def _measures(self, domain: _Domain, share: Finding) -> str:
        """What a percent is a percent of, by the nearest word that says so."""
        rests = [f for f in domain.findings if self._leaves(f) and f.first < share.first]
        if rests:
            return "rest"
        measures = [f for f in domain.passage.findings if self.role(f) == "measure"]
        near = sorted(measures, key=lambda f: (_distance(f, share), f.first < share.first))
        for measure in near:
            if _distance(measure, share) <= 8 and not self._apart(domain.passage, measure, share):
                kind = str(self.pack.concept[measure.concept].measure)
                if kind == "share" and self._is_rest(domain, share, near):
                    return "rest"
                return kind
        if self.awaits_share and len(domain.passage.words) <= _SHORT and not measures:
            return "share"
        organs = [f for f in domain.findings if self.role(f) == "organ"]
        is_field = len(domain.passage.words) <= _SHORT + 2
        return "share" if organs and (domain.heads or is_field) else "none"

    def _leaves(self, finding: Finding) -> bool:
        concept = self.pack.concept.get(finding.concept)
        return concept is not None and concept.role == "extent" and concept.measure == "rest"

    def _is_rest(self, domain: _Domain, share: Finding, near: Sequence[Finding]) -> bool:
        return any(
            self.pack.concept[f.concept].measure == "rest"
            and _distance(f, share) <= 8
            and not self._apart(domain.passage, f, share)
            for f in near
        )

    def _apart(self, passage: Passage, a: Finding, b: Finding) -> bool:
        first, last = sorted(((a.first, a.last), (b.first, b.last)))
        return bool({",", ";", "and", "but"} & set(passage.words[first[1] : last[0]]))

    def _bounds(self, domain: _Domain, shares: Sequence[Finding]) -> tuple[float, float] | None:
        for share in shares:
            if share.low is None or share.high is None:
                continue
            if self._measures(domain, share) == "rest":
                return 100.0 - share.high, 100.0 - share.low
            return share.low, share.high
        return None


def _is_label(passage: Passage) -> bool:
    """Whether a segment is a field's label without its value."""
    return len(passage.words) <= _SHORT and passage.words[-2:-1] == (":",)


def _domain(passage: Passage, first: int, last: int, heads: Sequence[Finding]) -> _Domain:
    inside = tuple(f for f in passage.findings if first <= f.first < last)
    return _Domain(passage, first, last, tuple(heads), inside)


def _has(inside: Sequence[Finding], wanted: Sequence[Finding]) -> bool:
    return any(f in wanted for f in inside)


def _distance(a: Finding, b: Finding) -> int:
    return max(a.first - b.last, b.first - a.last, 0)


def _bounds_of(findings: Sequence[Finding]) -> tuple[float, float] | None:
    for finding in findings:
        if finding.low is not None and finding.high is not None:
            return finding.low, finding.high
    return None


def _merged(before: Statement, after: Statement) -> Statement:
    """The statement before, with what the one after adds."""
    named = after.lesion in ("malignant", "benign", "primary") and before.lesion in ("unexplained", "texture", "none")
    lesion = after.lesion if named and after.is_asserted else before.lesion
    if named and not after.is_asserted and any(f.negated for f in after.findings):
        lesion = "benign"
    return replace(
        before,
        lesion=lesion,
        extents=tuple(dict.fromkeys((*before.extents, *after.extents))),
        share=before.share or after.share,
        count=after.count or before.count,
        is_uncertain=before.is_uncertain or (after.is_uncertain and after.is_asserted),
        part=before.part if before.part != "whole" else after.part,
        findings=(*before.findings, *after.findings),
    )
