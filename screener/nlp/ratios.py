"""Ratios: shares told as fractions, as so many of so many, or as tumor against the rest."""

from __future__ import annotations

from collections.abc import Sequence

from screener.nlp.bounds import WHOLE, bounded, excepts, prefix_of, suffix_of
from screener.nlp.numbers import PERCENT, Quantity, cardinal_at, is_at

_PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4,
    "fourths": 4, "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "eighth": 8, "eighths": 8,
    "ninths": 9, "tenth": 10, "tenths": 10,
}  # fmt: skip
_PLACES = frozenset(
    "upper lower left right superior inferior first second other anterior posterior cranial "
    "caudal".split()
)
"""Words before a part of the organ that is no measured share of it: "the upper third"."""
_SIGNS = {"½": 50.0, "⅓": 33.3, "⅔": 66.7, "¼": 25.0, "¾": 75.0, "⅘": 80.0, "⅗": 60.0}
SHARE_WORDS = PERCENT | _PARTS.keys() | _SIGNS.keys() | {"cent"}
"""Words of which one stands beside most shares; a fraction in figures or a ratio has none."""
_TO_ONE = ((":", "1"), ("to", "one"), ("to", "1"))
"""Words after the first number of a ratio."""
_OF_VOLUME = frozenset("volume volumes mass tissue volumetric".split())
"""Words that tell a ratio of volumes from one of uptake."""
_OF_UPTAKE = frozenset("uptake suv suvmax suvmean activity avidity lesion".split())
"""Words that tell the other."""
_COMPARED = frozenset("outweighed outweighs exceeds outnumbers outnumbered exceeded".split())
"""Words before a ratio of tumor to the rest."""
_BEFORE = 12
"""Words before a ratio in which the word stands that says of what it is one."""
_NUMERATORS = range(1, 10)
"""Counts of parts that make a fraction."""
_OF_EVERY = (
    ("of", "every"),
    ("out", "of", "every"),
    ("in", "every"),
    ("part", "in"),
    ("parts", "in"),
    ("parts", "of"),
)
"""Words between the numbers of a fraction such as "four of every five"."""
_DENOMINATORS = frozenset({2, 3, 4, 5, 8, 10})
"""Parts of a fraction in figures."""
_AFTER = frozenset("of or to remains survives spared uninvolved".split())
"""Words after a third that is a share, and no third lesion."""
_HALVES = frozenset(["over", "under", "below", "above", ">", "<"])
"""Words of a bound before a fraction in figures."""
_LOADS = frozenset("involvement replacement burden load fraction infiltration".split())
"""Words before a fraction in figures that say of what it is one: "hepatic involvement 3/4"."""


def odds_at(words: Sequence[str], at: int) -> Quantity | None:
    """Return the share that a ratio of tumor to the rest comes to: "ratio 4:1" is 80%."""
    many = cardinal_at(words, at)
    if many is None or tuple(words[many[1] : many[1] + 2]) not in _TO_ONE:
        return None
    before = set(words[max(0, at - _BEFORE) : at])
    is_of_volume = before & _OF_VOLUME or ({"tumor", "liver"} <= before and not before & _OF_UPTAKE)
    if not (before & _COMPARED or ("ratio" in before and is_of_volume)):
        return None
    return _share(words, at, many[1] + 2, round(100 * many[0] / (many[0] + 1), 1))


def fraction_at(words: Sequence[str], at: int) -> Quantity | None:
    """Return a share such as "two thirds", "3/4 of", "half" or "⅔"."""
    if words[at] in _SIGNS:
        return _share(words, at, at + 1, _SIGNS[words[at]])
    cardinal = cardinal_at(words, at)
    if cardinal is None or cardinal[0] not in _NUMERATORS:
        end = at + 1 if words[at] in ("a", "an") else at
        return _parts(words, at, end, 1.0)
    count, end = cardinal
    every = next((e for e in _OF_EVERY if tuple(words[end : end + len(e)]) == e), None)
    if every is not None:
        among = cardinal_at(words, end + len(every))
        if among is not None and among[0] in _DENOMINATORS and count < among[0]:
            return _share(words, at, among[1], 100 * count / among[0])
    below = _denominator(words, end + 1) if is_at(words, end, {"/"}) else None
    if below is None or not words[at].isdigit():
        return _parts(words, at, end + is_at(words, end, {"-"}), count)
    if (
        below[0] in _DENOMINATORS
        and count < below[0]
        and (
            is_at(words, below[1], {"of", "the", "th", "rd"})
            or not words[end + 1].isdigit()
            or is_at(words, at - 1, _LOADS | _HALVES)
        )
        and not is_at(words, below[1], {"/"})
    ):
        return _share(words, at, below[1], 100 * count / below[0])
    return None


def _denominator(words: Sequence[str], at: int) -> tuple[float, int] | None:
    """The number below the line, and where it ends: "10" or "10ths"."""
    if at < len(words) and words[at].endswith(("ths", "rds")) and words[at][:-3].isdigit():
        return float(words[at][:-3]), at + 1
    return cardinal_at(words, at)


def _parts(words: Sequence[str], at: int, end: int, count: float) -> Quantity | None:
    """A share that ends in a word such as "thirds", of which there are so many."""
    is_place = is_at(words, at - 1, _PLACES) and not (is_at(words, at - 1, {"other"}) and count > 1)
    if not is_at(words, end, _PARTS) or is_place:
        return None
    is_ordinal = end == at and words[end] not in ("half", "halves")  # "third" alone
    if words[at] in ("a", "an") and words[end] not in ("half", "quarter"):
        is_ordinal = is_ordinal or not is_at(
            words, end + 1, _AFTER if words[end] != "third" else {"of", "or", "to"}
        )  # "a third, viable one"
    if is_ordinal or tuple(words[end + 1 : end + 3]) == ("a", "dozen"):
        return None
    part = _PARTS[words[end]]
    return _share(words, at, end + 1, 100 * count / part) if count < part else None


def _share(words: Sequence[str], at: int, end: int, percent: float) -> Quantity:
    start, bound = prefix_of(words, at)
    if excepts(words, start):
        rest = round(WHOLE - percent, 1)
        return Quantity("share", rest, rest, start - 2, end)
    bound = bound or suffix_of(words, end)
    low, high = bounded(round(percent, 1), round(percent, 1), bound)
    return Quantity("share", low, high, start, end)
