"""Numbers in words and figures: ``12``, ``twenty-one``, ``two dozen``, ``between 5 and 8``."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Literal

_UNITS = {
    w: i
    for i, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    w: 10 * (i + 2)
    for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
}
DOZENS: dict[str, tuple[float, float]] = {
    "dozens": (24, 99), "scores": (40, 99), "hundreds": (100, 999), "thousands": (1000, 9999),
}  # fmt: skip
_MULTIPLIERS = {"dozen": 12, "score": 20, "hundred": 100, "thousand": 1000}
ORDINAL_PARTS = {"2nd": 2.0, "3rd": 3.0, "4th": 4.0, "5th": 5.0, "8th": 8.0, "10th": 10.0}
"""Parts of a fraction in figures: "3/4th"."""
PERCENT = frozenset({"%", "percent", "pct", "percentage", "pc"})
"""Words that make a number a share."""
_CHANGES = frozenset(
    "increased decreased gone risen fallen dropped grown changed reduced progressed increase "
    "decrease up down improved rose fell went declined shrunk".split()
)
"""Words of change before "from", after which one number follows another in time."""
_AFTER_PRONOUN = frozenset("can could would might may must has finds sees cannot should".split())
"""Words after "one" that make it a pronoun: "no part that one could call spared"."""
_JOINS = frozenset({"-", "–", "—", "to", "/"})
"""Words between the bounds of a range."""
_SEVERAL = 3.0
"""What "several" stands for before a dozen or a hundred."""
_GROUPED = 4
"""Characters up to which a comma in a figure is a decimal sign."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a segment.

    Attributes
    ----------
    kind
        ``share`` (bounds in percent, 0 to 100), ``count`` (bounds in lesions) or ``volume`` (mL).
    low, high
        Bounds, inclusive.
    first, last
        Words it covers, half-open.
    """

    kind: Literal["share", "count", "volume"]
    low: float
    high: float
    first: int
    last: int


def is_at(words: Sequence[str], at: int, options: Container[str]) -> bool:
    """Whether the word at a place is one of some words."""
    return 0 <= at < len(words) and words[at] in options


def range_at(words: Sequence[str], at: int) -> tuple[float, float, int] | None:
    """Return low, high and end of the number or range at a word; ``None`` where there is none."""
    first = cardinal_at(words, at)
    if first is None:
        return None
    low, end = first
    if words[at] in DOZENS:
        return (*DOZENS[words[at]], end)
    join = end + (1 if is_at(words, end, PERCENT) else 0)
    joins = is_at(words, join, _JOINS) or (
        is_at(words, join, {"and"}) and is_at(words, at - 1, {"between"})
    )
    if joins and words[join] == "to" and has_changed(words, at):
        joins = False
    second = cardinal_at(words, join + 1) if joins else None
    if second is not None and second[0] > low and not is_at(words, second[1], _JOINS - {"to"}):
        return low, second[0], second[1]
    return low, low, end


def has_changed(words: Sequence[str], at: int) -> bool:
    """Return whether a number is what another was before: "increased from 1 to 4"."""
    return is_at(words, at - 1, {"from"}) and not _CHANGES.isdisjoint(words[max(0, at - 4) : at])


def cardinal_at(words: Sequence[str], at: int) -> tuple[float, int] | None:
    """Return the number at a word, and where it ends; ``None`` where there is none."""
    if not 0 <= at < len(words):
        return None
    if words[at] == "one" and is_at(words, at + 1, _AFTER_PRONOUN):
        return None
    return _idiom(words, at) or _multiplied(words, at)


def _idiom(words: Sequence[str], at: int) -> tuple[float, int] | None:
    """A number such as "dozens", "a hundred", "half a dozen" or "x3"."""
    word = words[at]
    whole = _one_word(word)
    if whole is not None:
        return whole, at + 1
    if word in ("a", "an", "several") and is_at(words, at + 1, _MULTIPLIERS):
        times = _SEVERAL if word == "several" else 1.0
        return times * _MULTIPLIERS[words[at + 1]], at + 2
    if word == "half" and tuple(words[at + 1 : at + 3]) == ("a", "dozen"):
        return 6.0, at + 3
    return None


def _one_word(word: str) -> float | None:
    """A number that is one word and no figure: "dozens", "x3", "hundred"."""
    if word in DOZENS:
        return DOZENS[word][0]
    if word[0] in "x×" and word[1:].isdigit():
        return float(word[1:])
    return ORDINAL_PARTS.get(word, _MULTIPLIERS.get(word))


def _multiplied(words: Sequence[str], at: int) -> tuple[float, int] | None:
    """A plain number, and what a dozen or hundred after it makes of it."""
    plain = _figure(words, at) if words[at][0].isdigit() else _spelt(words, at)
    if plain is None:
        return None
    value, end = plain
    if is_at(words, end, _MULTIPLIERS):
        return value * _MULTIPLIERS[words[end]], end + 1
    return value, end


def _figure(words: Sequence[str], at: int) -> tuple[float, int] | None:
    word = words[at]
    is_grouped = "." in word or len(word) > _GROUPED
    try:
        return float(word.replace(",", "" if is_grouped else ".")), at + 1
    except ValueError:
        return None


def _spelt(words: Sequence[str], at: int) -> tuple[float, int] | None:
    word = words[at]
    if word in _UNITS:
        return float(_UNITS[word]), at + 1
    if word not in _TENS:
        return None
    value, end = float(_TENS[word]), at + 1
    unit = end + is_at(words, end, {"-"})
    if is_at(words, unit, _UNITS) and 0 < _UNITS[words[unit]] < _TENS["twenty"] / 2:
        return value + _UNITS[words[unit]], unit + 1
    return value, end
