"""Extents: the counts, the shares and the part of the organ that bind to the head of a domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screener.domains import Domain
from screener.findings import Finding, Passage
from screener.roles import QUANTITY, Roles

Bounds = tuple[float, float]

SHORT = 8
"""A field or remark of up to this many words can say how much without naming what."""
_FIELD = SHORT + 2
"""Words of a field with its value."""
_NEAR = 8
"""Words between a share and the word that says of what it is one."""
_COUNTED = frozenset(
    "¶ number numbering numbered approx . ~ counted count counting counts total totaling totalling "
    ": = > ( [ ] → prior previously earlier x n are is about some approximately at least in of now - to × ) # they i we roughly "
    "only just today there full the or so which put come comes reach reaches reaching".split()
)
"""Words between a lesion and its count: "metastases, about 12 in total"."""
_THERE = frozenset(
    "remain remains remaining left persist persists survive survives visible ones seen identified "
    "discernible countable identifiable residual present found total number".split()
)
"""Words after a count of what was named before: "only three are left"."""
_BE = frozenset("are is can be now still of them these in all being could to known , have".split())
"""Words between the count and such a word."""
_SOON = 5
"""Words after a count in which it stands."""
_ADJECTIVES = 6
"""Words between a count and the lesion after it."""
_INDEFINITE = 5
"""Words between "one" and the lesion that it counts."""
_OF_THE_ORGAN = frozenset("lobe lobes segment segments %".split())
"""Words whose count says nothing of lesions."""
_AT_AN_ORGAN = frozenset(["in", "within", "of", "", ",", ")", "/"])
"""Words after a count that an organ alone explains; empty at the end of the segment."""
_EXCEPTING = frozenset(
    "only sparing spared spares spare except but save apart aside outside besides exception "
    "excepting excluding barring bar rind rim sliver crescent island islands strip wedge corner "
    "patch tip just".split()
)
"""Words before a part of the organ that lesions leave free."""
_LEFT = frozenset(
    "spared spares retaining retains remains remain free clear uninvolved normal unaffected "
    "escapes escaped preserved survives survive still untouched intact unremarkable sound healthy "
    "spotless clean".split()
)
"""Words after such a part."""
_EXAMPLE = frozenset(
    "largest larger biggest bigger ones some dominant index conglomerate reference including "
    "example e.g bulkiest target for".split()
)
"""Words between the lesions and the part in which only one of them is."""
_LISTED_WITHIN = 7
"""Words from one part that lesions leave to the next of the list."""
_ONE_OF = frozenset("largest larger biggest bigger bulkiest index".split())
"""Words that name one lesion of several."""
_NEXT = 2
"""Words from an extent that was to what it is now: "from innumerable to a few"."""
_NEAR_ONE = 4
"""Words before an extent in which such a word makes it that lesion's."""
_PERCENT = 100.0
"""The whole, in percent."""
_REMARK = frozenset(
    "the a an is are was in of to and or both very now still more than before again today all with "
    "at by on it its this these they that there yes positive present abnormal affected diseased "
    "heterogeneous markedly severely extensively grossly new bilaterally right left".split()
)
"""Words of a remark that name nothing else."""
_AROUND = 5
"""Words around a part that such a word can stand in."""


@dataclass(frozen=True, slots=True)
class Share:
    """A stated share of the organ; `is_rest` where it is what lesions leave of it."""

    finding: Finding
    is_rest: bool

    @property
    def bounds(self) -> Bounds | None:
        """The share that lesions take, in percent."""
        low, high = self.finding.low, self.finding.high
        if low is None or high is None:
            return None
        return (100.0 - high, 100.0 - low) if self.is_rest else (low, high)


def extents_of(domain: Domain, roles: Roles) -> list[Finding]:
    """Return the extents of a domain, without one of the next organ or of one lesion of several.

    Such as "and minimal ascites", or "the largest replaces most of segment 4".
    """
    return [
        f
        for f in roles.among(domain.findings, "extent")
        if not _is_elsewhere(domain, f, roles)
        and not is_of_example(domain.passage, f)
        and not _has_changed(domain, f, roles)
    ]


def _has_changed(domain: Domain, extent: Finding, roles: Roles) -> bool:
    """Whether an extent was so, as in "from too numerous to count to four"."""
    words = domain.passage.words
    if words[extent.first - 1 : extent.first] != ("from",) or words[extent.last] != "to":
        return False
    ahead = roles.among(domain.findings, "extent", QUANTITY)
    return any(0 < f.first - extent.last <= _NEXT for f in ahead)


def is_of_example(passage: Passage, extent: Finding) -> bool:
    """Whether an extent is that of one lesion of several, such as the largest."""
    return bool(_ONE_OF & set(passage.words[max(0, extent.first - _NEAR_ONE) : extent.first]))


def _is_elsewhere(domain: Domain, extent: Finding, roles: Roles) -> bool:
    has_head = any(h.first < extent.first for h in domain.heads)
    after = [f for f in roles.among(domain.findings, "organ") if f.first == extent.last]
    return has_head and bool(after) and all(roles.place(f) != roles.organ for f in after)


# --- parts of the organ --------------------------------------------------------------------------


def part_of(domain: Domain, roles: Roles) -> str:
    """Return what part of the organ is spoken of: ``all``, ``major``, ``minor`` or ``whole``.

    A share "of the liver" is one of the whole, whatever part is named beside it.
    """
    shares = [f.last for f in domain.findings if f.concept == "share"]
    measured = [f for f in roles.among(domain.findings, "measure") if f.first in shares]
    if any(f.last >= o.last > f.first for f in measured for o in roles.among(domain.findings, "organ")):
        return "whole"
    left = min((f.first for f in domain.findings if roles.leaves(f)), default=len(domain.passage.words))
    named = [
        f
        for f in roles.among(domain.findings, "part")
        if f.first < left and not (roles.part(f) == "minor" and _is_within(f, domain, roles))
    ]
    parts = {roles.part(f) for f in named if not _is_spared(domain, f, named)}
    return next((part for part in ("all", "major", "minor") if part in parts), "whole")


def _is_within(part: Finding, domain: Domain, roles: Roles) -> bool:
    """Whether a part is named inside an extent: "not one segment has been spared"."""
    extents = roles.among(domain.findings, "extent")
    return any(f.first <= part.first and part.last < f.last for f in extents)


def _is_spared(domain: Domain, part: Finding, named: Sequence[Finding]) -> bool:
    """Whether a part of the organ is named as one that the lesions leave, or as an example."""
    words = domain.passage.words
    before_it = [f for f in named if f.last <= part.first]
    if before_it and {"and", ","} & set(words[before_it[-1].last : before_it[-1].last + 1]):
        is_near = part.first - before_it[-1].last <= _LISTED_WITHIN
        if is_near and _is_spared(domain, before_it[-1], named):
            return True
    head = max((h.last for h in domain.heads if h.last <= part.first), default=0)
    if _EXAMPLE & set(words[head : part.first]):
        return True
    before = set(words[max(0, part.first - _AROUND) : part.first])
    after = set(words[part.last : part.last + _AROUND])
    return bool(before & _EXCEPTING or after & _LEFT)


# --- counts --------------------------------------------------------------------------------------


def counts_of(domain: Domain, roles: Roles) -> list[Finding]:
    """Return the numbers of a domain that count lesions."""
    return [
        f
        for f in domain.findings
        if f.concept == "count" and _counts(domain, f, roles) and not _is_unmarked(domain, f, roles)
    ]


def bounds_of_counts(counts: Sequence[Finding]) -> Bounds | None:
    """Return the bounds of the first count that is asserted."""
    for count in counts:
        if count.is_asserted and count.low is not None and count.high is not None:
            return count.low, count.high
    return None


def _counts(domain: Domain, count: Finding, roles: Roles) -> bool:
    words = domain.passage.words
    if words[count.first : count.last] == ("one",):
        near = [h for h in domain.heads if 0 <= h.first - count.last <= _INDEFINITE]
        return any(roles.number(h) == "one" for h in near)
    following = words[count.last] if count.last < len(words) else ""
    parts = roles.among(domain.findings, "part")
    named = [f for f in parts if f.first == count.last]
    if any(_is_parts(f, domain) for f in named) or (following in _OF_THE_ORGAN and not named):
        return False
    if domain.heads and _is_rest(words[count.last : count.last + _SOON]):
        return True
    if not domain.heads:
        return _is_field_of_count(domain, count, roles)
    if any(_is_counted(domain, head, count, roles) for head in roles.among(domain.heads, "lesion")):
        return True
    return bool(roles.among(domain.findings, "organ")) and following in _AT_AN_ORGAN


def _is_parts(part: Finding, domain: Domain) -> bool:
    """Whether a count is one of parts, and not of the lesions in one: "six right lobe metastases"."""
    return not any(h.first == part.last for h in domain.heads)


def _is_field_of_count(domain: Domain, count: Finding, roles: Roles) -> bool:
    """Whether a segment without a head holds a count and little else."""
    words = domain.passage.words
    if _is_rest(words[count.last : count.last + _SOON]):
        return True
    if len(words) > _FIELD:
        return False
    told = set(words) - set(words[count.first : count.last])
    rest = told - _COUNTED
    return (not rest and len(told) > 1) or bool(roles.among(domain.findings, "organ"))


def _is_rest(after: Sequence[str]) -> bool:
    """Whether the words after a count say that so many are there or left, and count nothing else."""
    place = next((i for i, word in enumerate(after) if word in _THERE), None)
    return place is not None and all(word in _BE for word in after[:place])


def _is_counted(domain: Domain, head: Finding, count: Finding, roles: Roles) -> bool:
    """Whether a count stands before the lesion, or after it with no more than words of counting."""
    words = domain.passage.words
    if 0 <= head.first - count.last <= _ADJECTIVES and (
        "," not in words[count.last : head.first][1:]
    ):
        return True
    told = roles.among(domain.findings, "organ", "part", "extent", "malignancy")
    covered = {i for f in told for i in range(f.first, f.last)}
    loose = [words[i] for i in range(head.last, count.first) if i not in covered]
    return count.first >= head.last and all(word in _COUNTED for word in loose)


# --- shares --------------------------------------------------------------------------------------


def shares_of(domain: Domain, roles: Roles, *, is_awaited: bool) -> list[Share]:
    """Return the shares of the organ that a domain asserts.

    Parameters
    ----------
    domain, roles
        The domain, and what its findings are.
    is_awaited
        Whether the segment before is the label of a field that wants a share.
    """
    found = []
    for share in domain.findings:
        if share.is_asserted and (share.concept == "share" or _is_unmarked(domain, share, roles)):
            measured = _measured(domain, share, roles, is_awaited=is_awaited)
            if measured in ("share", "rest"):
                found.append(Share(share, measured == "rest"))
    return found


def says_only(passage: Passage) -> bool:
    """Whether a short remark names findings and nothing else: "diffuse", but not "diffuse colitis"."""
    covered = {i for f in passage.findings for i in range(f.first, f.last)}
    begin = passage.words.index(":") + 1 if ":" in passage.words else 0
    loose = {w for i, w in enumerate(passage.words) if i >= begin and i not in covered}
    return not {w for w in loose - _REMARK if w.isalpha()}


def _is_unmarked(domain: Domain, count: Finding, roles: Roles) -> bool:
    """Whether a range without a sign of percent is the value of a field that wants a share."""
    words = domain.passage.words
    if count.concept != "count" or ":" not in words[: count.first] or len(words) > _FIELD + 4:
        return False
    label = [f for f in domain.passage.findings if f.last <= words.index(":")]
    wants = any(roles.measure(f) == "share" for f in label)
    low, high = count.low or 0.0, count.high or 0.0
    return wants and low < high <= _PERCENT


def asks_for_share(passage: Passage, roles: Roles) -> bool:
    """Whether a segment is the label of a field that wants a share of the organ."""
    wants = any(roles.measure(f) == "share" for f in roles.among(passage.findings, "measure"))
    has_value = any(f.concept in ("share", "count") for f in passage.findings)
    return wants and not has_value and len(passage.words) <= SHORT


def _measured(domain: Domain, share: Finding, roles: Roles, *, is_awaited: bool) -> str:
    """What a percent is a percent of, by the nearest word that says so."""
    rests = (f for f in roles.among(domain.findings, "extent") if roles.measure(f) == "rest")
    if any(f.first < share.first for f in rests):
        return "rest"
    measures = roles.among(domain.passage.findings, "measure")
    near = _nearest(domain.passage, measures, share)
    kinds = [roles.measure(f) for f in near if not _is_told_after(domain.passage, f, share, roles)]
    if any(roles.is_strong(f) for f in measures if f.last <= share.first):
        return "other"
    if kinds:
        return "rest" if kinds[0] == "share" and "rest" in kinds else kinds[0]
    if is_awaited and len(domain.passage.words) <= SHORT and not measures:
        return "share"
    wholes = [f for f in roles.among(domain.findings, "part") if roles.part(f) == "all"]
    has_organ = bool(roles.among(domain.findings, "organ") or wholes)
    is_field = len(domain.passage.words) <= _FIELD
    return "share" if has_organ and (domain.heads or is_field) else "none"


def _nearest(passage: Passage, measures: Sequence[Finding], share: Finding) -> list[Finding]:
    """The measures near a share and in its clause, the nearest first; of two, the one after it."""
    near = [f for f in measures if _distance(f, share) <= _NEAR and not _apart(passage, f, share)]
    return sorted(near, key=lambda f: (_distance(f, share), f.first < share.first))


def _is_told_after(passage: Passage, measure: Finding, share: Finding, roles: Roles) -> bool:
    """Whether a share is none of a rest before it: "not spared: two thirds", "remains under half"."""
    between = passage.words[measure.last : share.first]
    is_verb = passage.words[measure.first : measure.last] in (("remains",), ("remain",))
    is_parted = (":" in between and len(between) > 1) or (is_verb and measure.last <= share.first)
    return roles.measure(measure) == "rest" and is_parted


def _distance(a: Finding, b: Finding) -> int:
    return max(a.first - b.last, b.first - a.last, 0)


def _apart(passage: Passage, a: Finding, b: Finding) -> bool:
    before, after = sorted(((a.first, a.last), (b.first, b.last)))
    return bool({",", ";", "and", "but"} & set(passage.words[before[1] : after[0]]))
