"""Matches: the targets and numbers found in the words of a segment, and which of them stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from screener.nlp.numbers import Quantity

Number = tuple[int, int, str]
"""Words of a number, half-open, and its kind."""

_LAYERS = {
    "organ": 1, "part": 1, "lesion": 2, "malignancy": 3, "extent": 4, "link": 5, "relation": 5,
    "measure": 6, "quantity": 7, "withdrawal": 8,
}  # fmt: skip
"""Within a layer the longest wording wins; across layers wordings may overlap."""
_YIELDS = frozenset({"link", "relation", "measure"})
"""Roles whose words give way to a number that they are part of, as in "below 25%"."""


@dataclass(frozen=True, slots=True)
class Match:
    """A target or number at some words of a segment, half-open."""

    first: int
    last: int
    role: str
    concept: str
    rule_id: str
    quantity: Quantity | None = None


def place_of(match: Match) -> tuple[int, int]:
    """Return the words that a match covers, half-open."""
    return match.first, match.last


def overlaps(match: Match, others: Iterable[Match]) -> bool:
    """Return whether a match shares a word with one of some others."""
    return any(match.first < o.last and o.first < match.last for o in others)


def longest(matches: Iterable[Match]) -> list[Match]:
    """Return of overlapping matches of one layer the longest, then the first; in order."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda m: (m.first - m.last, m.first, m.rule_id)):
        layer = [k for k in kept if _LAYERS[k.role] == _LAYERS[match.role]]
        if not any(k.first < match.last and match.first < k.last for k in layer):
            kept.append(match)
    return sorted(kept, key=lambda m: (m.first, m.last, m.role))


def with_numbers(matches: list[Match], numbers: Iterable[Number]) -> list[Match]:
    """Return the matches with the numbers that no word of a target holds."""
    for first, last, kind in numbers:
        over = [m for m in matches if m.first < last and first < m.last]
        if all(m.role in _YIELDS or _spans_share(m, (first, last, kind)) for m in over):
            match = Match(first, last, "quantity", kind, f"quantity:{kind}")
            matches = [*(m for m in matches if m.role not in _YIELDS or m not in over), match]
    return matches


def _spans_share(match: Match, number: Number) -> bool:
    """Whether a share stands in a gap of an extent: "the liver is 80% replaced by tumor"."""
    first, last, kind = number
    is_within = match.first < first and last < match.last
    return match.role == "extent" and kind == "share" and is_within
