"""Counts: the numbers of a domain that count lesions."""

from __future__ import annotations

from collections.abc import Sequence

from screener.domains import LISTED, Domain
from screener.extents import SHORT
from screener.findings import Bounds, Finding
from screener.respective import RESPECTIVELY
from screener.roles import Roles
from screener.shares import is_unmarked

_FIELD = SHORT + 2
"""Words of a field with its value."""
_COUNTED = frozenset(
    "¶ number numbering numbered approx . ~ counted count counting counts total totaling totalling "
    ": = > ( [ ] → prior previously earlier x n from of are is about some approximately at least "
    "in now - to × ) # they i we roughly "
    "only just today there full the or so which put come comes reach reaches reaching".split()
)
_THERE = frozenset(
    "remain remains remaining left persist persists survive survives visible ones seen identified "
    "counted discernible countable identifiable residual present found total number measured "
    "separated".split()
)
_BE = frozenset("are is can be now still of them these in all being could to known , have".split())
"""Words between the count and such a word."""
_THERE_ARE = (("there", "are"), ("there", "remain"), ("these", "number"))
"""Words that begin a segment which counts what is there."""
_WE_COUNT = (("i", "count"), ("we", "count"), ("i", "counted"), ("they", "number"))
"""Words that make what stands after them a count: "I count more than 150 on this phase"."""
_ASIDE = 10
"""Words of an aside between commas, such as sizes, with its commas."""
_ENDS = frozenset(["¶", ",", ";", ")", "in", "lesions", "metastases", "now"])
"""Words after a count that ends what is said of a change."""
_SOON = 5
"""Words after a count in which it stands."""
_ADJECTIVES = 6
"""Words between a count and the lesion after it."""
_INDEFINITE = 5
_OF_THE_ORGAN = frozenset("lobe lobes segment segments %".split())
"""Words whose count says nothing of lesions."""
_AT_AN_ORGAN = frozenset(["in", "within", "of", "", ",", ")", "/"])
"""Words after a count that an organ alone explains; empty at the end of the segment."""


def counts_of(domain: Domain, roles: Roles) -> list[Finding]:
    """Return the numbers of a domain that count lesions."""
    return [
        f
        for f in domain.findings
        if f.concept == "count"
        and not _is_in_extent(domain, f, roles)
        and _counts(domain, f, roles)
        and not is_unmarked(domain, f, roles)
    ]


def bounds_of_counts(counts: Sequence[Finding]) -> Bounds | None:
    """Return the bounds of the first count that is asserted, or of a closer one after a vague one.

    "Dozens, over 100" is over 100.
    """
    told = [(f.low, f.high) for f in counts if f.is_asserted]
    bounds = [(low, high) for low, high in told if low is not None and high is not None]
    for low, high in bounds:
        closer = [b for b in bounds if b[0] == b[1] >= high > low]
        return closer[0] if closer else (low, high)
    return None


def _is_in_extent(domain: Domain, count: Finding, roles: Roles) -> bool:
    """Whether a count is a word of an extent: "the liver is one big metastasis"."""
    extents = roles.among(domain.findings, "extent")
    return any(f.first < count.first and count.last < f.last for f in extents)


def _counts(domain: Domain, count: Finding, roles: Roles) -> bool:
    words = domain.passage.words
    if words[count.first : count.last] == ("one",):
        return _is_one(domain, count, roles)
    following = words[count.last] if count.last < len(words) else ""
    parts = roles.among(domain.findings, "part")
    named = [f for f in parts if f.first == count.last]
    if any(_is_parts(f, domain) for f in named) or (following in _OF_THE_ORGAN and not named):
        return False
    if not domain.heads:
        return _is_field_of_count(domain, count, roles)
    if _is_rest(_after(count, domain, roles)) or _is_result(words, count):
        return True
    if any(_is_counted(domain, head, count, roles) for head in roles.among(domain.heads, "lesion")):
        return True
    return bool(roles.among(domain.findings, "organ")) and following in _AT_AN_ORGAN


def _is_one(domain: Domain, count: Finding, roles: Roles) -> bool:
    """Whether "one" counts: a lesion soon after it, or what remains."""
    if _is_result(domain.passage.words, count):
        return bool(domain.heads)
    if not domain.heads:
        return _is_rest(_after(count, domain, roles))
    near = [h for h in domain.heads if 0 <= h.first - count.last <= _INDEFINITE]
    return any(roles.number(h) == "one" for h in near)


def _is_result(words: Sequence[str], count: Finding) -> bool:
    """Whether a count is what another has become: "metastases decreased from 14 to 4"."""
    before = words[max(0, count.first - _SOON) : count.first]
    return before[-1:] == ("to",) and "from" in before and words[count.last] in _ENDS


def _is_parts(part: Finding, domain: Domain) -> bool:
    """Whether a count is of parts, not of the lesions in one: "six right lobe metastases"."""
    return not any(h.first == part.last for h in domain.heads)


def _is_field_of_count(domain: Domain, count: Finding, roles: Roles) -> bool:
    """Whether a segment without a head holds a count and little else."""
    words = domain.passage.words
    if _is_rest(_after(count, domain, roles)) or _are_there(words, count):
        return True
    if len(words) > _FIELD:
        return False
    told = set(words) - set(words[count.first : count.last])
    rest = told - _COUNTED
    return (not rest and len(told) > 1) or bool(roles.among(domain.findings, "organ"))


def _are_there(words: Sequence[str], count: Finding) -> bool:
    """Whether a segment begins by saying that so many are there: "there are still four, all"."""
    before = words[: count.first]
    if before[-2:] in _WE_COUNT:
        return True
    is_near = len(before) <= _SOON and set(before[2:]) <= _COUNTED | {"still"}
    is_told = before[-2:] in _THERE_ARE or (before[:2] in _THERE_ARE and is_near)
    return is_told and words[count.last] in (",", "¶", "now", "left", ";")


def _after(count: Finding, domain: Domain, roles: Roles) -> Sequence[str]:
    """The words after a count, without an aside between commas or the part that they are in."""
    words = domain.passage.words
    start = count.last
    if words[start : start + 1] == (",",) and "," in words[start + 1 : start + _ASIDE]:
        start = words.index(",", start + 1) + 1
    parts = [f for f in roles.among(domain.findings, "part", "organ") if f.first == start + 1]
    if parts and words[start] in ("in", "within"):
        start = parts[0].last
    return words[start : start + _SOON]


def _is_rest(after: Sequence[str]) -> bool:
    """Whether the words after a count say that so many are there, and count nothing else."""
    place = next((i for i, word in enumerate(after) if word in _THERE), None)
    return place is not None and all(word in _BE for word in after[:place])


def _ends(words: Sequence[str], count: Finding) -> bool:
    """Whether a segment or remark ends with a count: "liver metastases, > 100"."""
    return words[count.last : count.last + 1] in (("¶",), (";",), (")",))


def _is_counted(domain: Domain, head: Finding, count: Finding, roles: Roles) -> bool:
    """Whether a count stands before the lesion, or after it with no more than words of counting."""
    words = domain.passage.words
    if 0 <= head.first - count.last <= _ADJECTIVES and (
        "," not in words[count.last : head.first][1:]
    ):
        return True
    told = roles.among(domain.passage.findings, "organ", "part", "extent", "malignancy")
    covered = {i for f in told for i in range(f.first, f.last)}
    loose = [words[i] for i in range(head.last, count.first) if i not in covered]
    may_stand = _COUNTED | LISTED if RESPECTIVELY in words or _ends(words, count) else _COUNTED
    return count.first >= head.last and all(word in may_stand for word in loose)
