"""Statements: what a stretch of a report says of lesions in one organ, put together from findings.

A finding is a word; a statement is what the words add up to: these lesions, in this organ, to this
extent, asserted so. Putting them together follows the grammar of report prose:

1. A segment is parted into domains, one around each head (`screener.domains`).
2. Extents, counts, shares and parts of the organ bind to the head of their domain
   (`screener.extents`).
3. The organ is the one named in the domain (`screener.placements`); else the one of the domain
   before; else the heading's; else the topic of the sentence before in the same paragraph.
4. A sentence without a head of its own ("These are too numerous to count.") goes on with the
   statement before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from screener.domains import LISTED, Domain, part_domains
from screener.extents import (
    SHORT,
    asks_for_share,
    bounds_of_counts,
    counts_of,
    extents_of,
    says_only,
    is_of_example,
    part_of,
    shares_of,
)
from screener.findings import Finding, Passage
from screener.natures import denies_all, denies_by_word, nature_of, number_of
from screener.packs import RulePack
from screener.placements import (
    GUESSES,
    heading_organ,
    is_list_of_organs,
    organ_of,
    places,
    without_names,
)
from screener.roles import QUANTITY, Roles
from screener.volumes import Volume, share_of_volumes, volumes_of

_BEARINGS = ("link", "relation", "malignancy", "measure")
"""Roles of words that help to read a statement and are no part of it."""
_CONTINUES = frozenset(
    "these they this those them it its which such all most many some their appearances findings "
    "appearance pattern the both several consistent compatible likely suspicious highly "
    "in probably presumably concerning keeping given favor favored together overall".split()
)
"""Words that begin a sentence which goes on with the lesions of the one before."""
_THE_ORGAN = frozenset(["organ", "parenchymal"])
"""Words for the organ spoken of."""
_THEY = frozenset(["they", "these", "those", "all"])
"""Words for more than one lesion."""
_NAMED = ("malignant", "benign", "primary")
"""Natures that explain lesions."""
_OTHER = ("benign", "primary")
"""Natures that what is said further in the same segment has too."""
_PARTS = ("minor", "major")
"""Parts of the organ that are not all of it."""
_WHOLE = 100.0
"""The whole organ, in percent."""
_FIELD = 14
"""Words of the longest field."""
_NO_PLACE = (-1, -1)
_WHOLE = 100.0
"""The whole organ, in percent."""


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
        How much of the organ is spoken of: ``all`` of it in so many words, a ``major`` or ``minor``
        part, or ``whole`` where no part is named.
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

    @property
    def is_measured(self) -> bool:
        """Whether it says how much or how many."""
        return bool(self.extents or self.count or self.share)


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
    walk = _Walk(pack)
    for passage in passages:
        walk.read(passage)
    return tuple(walk.located())


class _Walk:
    """One walk through a report that remembers what was spoken of last."""

    def __init__(self, pack: RulePack) -> None:
        self.pack = pack
        self.roles = Roles(pack)
        self.done: list[Statement] = []
        self.topic = ""
        self.last = ""
        self.volumes: list[Volume] = []
        self.place = _NO_PLACE
        self.named: set[str] = set()
        self.titled: set[str] | None = None
        self.awaits_share = False

    def read(self, passage: Passage) -> None:
        """Take in the next segment."""
        passage = without_names(passage, self.roles)
        if (passage.order, passage.paragraph) != self.place:
            self.topic, self.place = "", (passage.order, passage.paragraph)
        self.volumes += volumes_of(passage, self.roles)
        said = self._said(passage)
        made = _with_organs(said, self._place(passage, said))
        if not made:
            self._place_last(passage)
        for statement in made:
            self._add(statement, passage)
        self._turn(passage, made)
        self.awaits_share = asks_for_share(passage, self.roles)

    def _place(self, passage: Passage, said: Sequence[Statement]) -> str:
        """The organ of what names none: the heading's, the topic, for a field the last one named."""
        place = heading_organ(passage, self.roles) or self.topic
        is_field = ":" in passage.words[1:] and len(passage.words) <= _FIELD
        if not place and is_field and any(map(self._is_counted, said)):
            return self.last
        return place

    def _is_counted(self, statement: Statement) -> bool:
        """Whether it holds a number, or a word of number such as "uncountable"."""
        words = (self.pack.concept.get(name) for name in statement.extents)
        is_told = any(concept is not None and concept.counts for concept in words)
        return bool(is_told or statement.share or statement.count)

    def located(self) -> list[Statement]:
        """Statements that name no organ go to the pack's, where the report speaks of no other.

        A title that names the pack's organ and no other ("US LIVER LIMITED") says the same.
        """
        done = [*self.done, *self._by_volumes()]
        if self.named != {self.pack.organ} and self.titled != {self.pack.organ}:
            return done
        return [s if s.organ else replace(s, organ=self.pack.organ) for s in done]

    def _by_volumes(self) -> list[Statement]:
        """The share that volumes come to, where the report prints none."""
        named = [s for s in self.done if s.organ == self.pack.organ and s.is_asserted]
        share = share_of_volumes(self.volumes)
        about = next((s for s in named if s.lesion in ("malignant", "tumor")), None)
        if share is None or about is None or any(s.share for s in named):
            return []
        percent, findings = share
        bounds = (percent, percent)
        said = replace(about, extents=(), part="whole", count=None, share=bounds)
        return [replace(said, findings=tuple(findings))]

    def _said(self, passage: Passage) -> list[Statement]:
        """What the domains of a segment say; each is in the organ and part of the one before it."""
        made: list[Statement] = []
        for domain in part_domains(passage, self.roles):
            organ = self._organ_of(domain, made) or (made[-1].organ if made else "")
            statement = self._statement(domain, organ)
            if statement is None or _is_example(domain, made):
                continue
            if made and not places(domain, self.roles) and made[-1].part != "whole":
                statement = replace(statement, part=made[-1].part)
            if made and statement.lesion == "none" and made[-1].lesion in _OTHER:
                statement = replace(statement, lesion=made[-1].lesion)
            if made and statement.share and _is_same(made[-1], statement):
                statement = replace(statement, lesion=made[-1].lesion)
            made.append(statement)
        return made

    def _organ_of(self, domain: Domain, made: Sequence[Statement]) -> str:
        """The organ that a domain names; "the organ" is the one spoken of before."""
        spoken_of = made[-1].organ if made else self.topic
        named = organ_of(domain, self.roles)
        is_mine = named == self.roles.organ
        return spoken_of if spoken_of and not is_mine and _names_topic(domain, self.roles) else named

    def _statement(self, domain: Domain, organ: str) -> Statement | None:
        passage, roles = domain.passage, self.roles
        extents = extents_of(domain, roles)
        shares = shares_of(domain, roles, is_awaited=self.awaits_share)
        counts = counts_of(domain, roles)
        is_counted = any(map(roles.counts, extents))
        is_remark = bool(extents) and _is_short(passage) and says_only(passage)
        if not (domain.heads or shares or counts or is_counted or is_remark):
            return None
        lesion, key = nature_of(domain.heads, roles)
        measures = [*extents, *(share.finding for share in shares)]
        key = key or [f for f in domain.findings if f in measures] or counts
        live = [f for f in extents if f.is_asserted]
        is_told = any(f.is_asserted for f in key) or any(share.is_rest for share in shares)
        is_zero = bounds_of_counts(counts) == (0.0, 0.0)
        denies = is_told and (is_zero or denies_by_word(domain, roles))
        is_asserted = is_told and not denies and not _is_label(passage)
        return Statement(
            section=passage.section,
            order=passage.order,
            paragraph=passage.paragraph,
            organ=organ,
            lesion=lesion,
            extents=tuple(dict.fromkeys(f.concept for f in live)),
            part=part_of(domain, roles),
            number=number_of(domain.heads, roles),
            share=_sharpest([share.bounds for share in shares if share.bounds]),
            count=bounds_of_counts(counts),
            is_asserted=is_asserted,
            is_uncertain=any(f.uncertain or roles.is_hedged(f) for f in (*key, *live))
            and not _is_sure_of_mine(domain, roles),
            is_denied=denies or (not is_asserted and denies_all(domain, key, lesion, self.pack)),
            findings=tuple(f for f in domain.findings if roles.of(f) not in _BEARINGS),
        )

    def _place_last(self, passage: Passage) -> None:
        """Give the statement before, where it names no organ, the organs that an item lists."""
        if self.done and not self.done[-1].organ and is_list_of_organs(passage):
            organs = self.roles.among(passage.findings, "organ")
            if self.pack.organ in map(self.roles.place, organs):
                self.done[-1] = replace(self.done[-1], organ=self.pack.organ)

    def _add(self, statement: Statement, passage: Passage) -> None:
        if not self.done or not self._goes_on(self.done[-1], statement, passage):
            self.done.append(statement)
            return
        at = self._antecedent(statement, passage)
        self.done[at] = _merged(self.done[at], statement)

    def _antecedent(self, statement: Statement, passage: Passage) -> int:
        """Which statement a later one goes on with: "they" are not the one lesion measured last."""
        at = len(self.done) - 1
        before = self.done[at - 1] if at else self.done[at]
        is_plural = passage.words[0] in _THEY and self.done[at].number == "one"
        is_open = before.order == statement.order and before.organ == self.done[at].organ
        return at - 1 if is_plural and is_open and before.number == "many" else at

    def _goes_on(self, before: Statement, statement: Statement, passage: Passage) -> bool:
        """Whether a statement says more of the lesions of the one before."""
        if before.order != statement.order or statement.organ not in (before.organ, ""):
            return False
        if before.findings[-1].start >= passage.start or before.is_denied or statement.is_denied:
            return False
        opens = bool(passage.words) and passage.words[0] in _CONTINUES
        if not any(map(self.roles.is_head, statement.findings)):
            is_open = before.lesion not in ("benign", "texture")
            if statement.is_asserted and not before.is_asserted:
                return False  # what is left now is none of what was there
            return statement.is_measured and is_open and (opens or _is_short(passage))
        if statement.is_measured or self.roles.among(statement.findings, "organ"):
            return False
        if statement.lesion == "benign" and not opens and not self._explains(statement):
            return False
        if before.lesion in ("unexplained", "texture"):
            is_told = statement.is_asserted or statement.lesion == "malignant"
            is_near = opens or before.paragraph == statement.paragraph
            return is_told and statement.lesion in _NAMED and is_near
        return opens and statement.lesion == "unexplained"

    def _explains(self, statement: Statement) -> bool:
        """Whether a benign lesion can be what lesions named before are: cysts, and not stones."""
        concepts = map(self.roles.concept, statement.findings)
        return any(concept is not None and concept.explains for concept in concepts)

    def _turn(self, passage: Passage, made: Sequence[Statement]) -> None:
        """Remember the organs that a segment names, and what it turns to."""
        named = self.roles.among(passage.findings, "organ", "part")
        self.named.update(self.roles.place(f) for f in named if not self.roles.is_origin(f))
        organs = [self.roles.place(f) for f in named]
        if self.titled is None:
            self.titled = {self.roles.place(f) for f in named}
        here = [self.roles.place(f) for f in named if not self.roles.is_origin(f)]
        self.last = here[-1] if here else self.last
        if organs:
            self.topic = self.pack.organ if self.pack.organ in organs[:2] else organs[0]
        elif made and made[-1].organ:
            self.topic = made[-1].organ


def _with_organs(made: Sequence[Statement], fallback: str) -> list[Statement]:
    """The statements of a segment, those without an organ in that of a later one."""
    placed: list[Statement] = []
    for i, statement in enumerate(made):
        later = next((s.organ for s in made[i:] if s.organ), fallback)
        placed.append(replace(statement, organ=statement.organ or later))
    return placed


def _sharpest(bounds: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """The first share, or a narrower one that lies within it: "under a quarter (15-20%)"."""
    if not bounds:
        return None
    low, high = bounds[0]
    most = min((b[1] for b in bounds if b[0] == 0 and low < b[1] < high), default=None)
    if high == _WHOLE and most is not None:
        return low, most
    within = [b for b in bounds if low <= b[0] and b[1] <= high]
    return min(within, key=lambda b: b[1] - b[0])


def _is_same(before: Statement, after: Statement) -> bool:
    """Whether lesions without a nature are the metastases named before them in the segment."""
    is_named = before.lesion in ("malignant", "tumor") and before.is_asserted
    return is_named and after.lesion == "unexplained" and after.organ in (before.organ, "")


def _is_sure_of_mine(domain: Domain, roles: Roles) -> bool:
    """Whether a hedge is of another organ of a list: "hepatic and probable pulmonary metastases"."""
    organs = roles.among(domain.findings, "organ")
    mine = [f for f in organs if roles.place(f) == roles.organ]
    others = [f for f in organs if roles.place(f) != roles.organ]
    if not mine or any(f.uncertain for f in mine):
        return False
    words, last = domain.passage.words, mine[-1].last
    listed = [f for f in others if set(words[last : f.first]) <= LISTED | GUESSES]
    return any(f.uncertain and f.first > last for f in listed)


def _names_topic(domain: Domain, roles: Roles) -> bool:
    """Whether an extent or a share is told of "the organ", which is no other than the topic."""
    told = roles.among(domain.findings, "extent", "measure", QUANTITY)
    near = {i for f in told for i in range(f.first, f.last + 2)}
    named = {i for f in roles.among(domain.findings, "organ") for i in range(f.first, f.last)}
    words = domain.passage.words
    return any(words[i : i + 1] and words[i] in _THE_ORGAN for i in near - named)


def _is_example(domain: Domain, made: Sequence[Statement]) -> bool:
    """Whether a domain only tells the extent of one of the lesions before."""
    heads = domain.heads
    return bool(made and heads) and all(is_of_example(domain.passage, h) for h in heads)


def _is_short(passage: Passage) -> bool:
    return len(passage.words) <= SHORT


def _is_label(passage: Passage) -> bool:
    """Whether a segment is a field's label without its value."""
    return _is_short(passage) and passage.words[-2:-1] == (":",)


def _is_wider(before: Statement, after: Statement) -> bool:
    """Whether a later share is one of the whole organ, after one of a part."""
    return after.share is not None and after.part in ("whole", "all") and before.part in _PARTS


def _narrows(before: Statement, after: Statement) -> bool:
    """Whether a later statement says in which part lesions are that were of the whole organ."""
    return before.part == "whole" and not before.share and after.number != "one"


def _merged(before: Statement, after: Statement) -> Statement:
    """The statement before, with what the one after adds."""
    lesion = before.lesion
    if after.lesion in _NAMED and lesion in ("unexplained", "texture", "none"):
        if after.is_asserted:
            lesion = after.lesion
        elif any(f.negated for f in after.findings):
            lesion = "benign"
    return replace(
        before,
        lesion=lesion,
        extents=tuple(dict.fromkeys((*before.extents, *after.extents))),
        share=after.share if _is_wider(before, after) else before.share or after.share,
        count=after.count or before.count,
        is_uncertain=before.is_uncertain
        or (after.is_uncertain and after.is_asserted and after.lesion != "unexplained"),
        part=after.part if _narrows(before, after) or _is_wider(before, after) else before.part,
        findings=(*before.findings, *after.findings),
    )
