"""Bounds: the words around a number that bound it, as in "at least", "up to" or "or less"."""

from __future__ import annotations

from collections.abc import Sequence

from screener.nlp.numbers import is_at

WHOLE = 100.0
"""The whole organ, in percent."""
_MORE = (
    (">",), (">", "="), (">", "/", "="), ("≥",),
    ("more", "than"), ("over",), ("greater", "than"), ("above",),
    ("exceeding",), ("exceeds",), ("at", "least"), ("upwards", "of"), ("upward", "of"),
    ("well", "over"),
    ("in", "excess", "of"), ("larger", "than"), ("not", "less", "than"), ("no", "less", "than"),
    ("beyond",), ("no", "fewer", "than"), ("minimum", "of"), ("upward",), ("gt",),
    ("higher", "than"), ("more", "then"), ("greater", "then"),
)  # fmt: skip
_LESS = (
    ("<",), ("<", "="), ("<", "/", "="), ("≤",),
    ("less", "than"), ("under",), ("below",), ("fewer", "than"),
    ("at", "most"), ("no", "more", "than"), ("not", "more", "than"), ("up", "to"), ("lt",),
    ("not", "exceeding"), ("lower", "than"), ("smaller", "than"), ("maximum", "of"),
    ("well", "under"), ("less", "then"), ("fewer", "then"),
)  # fmt: skip
_BOUNDS = sorted(
    [*((phrase, "less") for phrase in _LESS), *((phrase, "more") for phrase in _MORE)],
    key=lambda bound: len(bound[0]),
    reverse=True,
)
"""What bounds a number, longest first: "no fewer than" before "fewer than"."""
_ABOUT = frozenset(
    "~ ≈ about approximately approx around circa ca roughly some nearly almost estimated an "
    "the a = : just well only perhaps est c quite fully ( by . is at of".split()
)
"""Words between a number and the words that bound it."""
_TAKEN = frozenset("taken taking took takes take spread spilled given gone".split())
"""Verbs that "over" goes with."""
_MOST_ABOUT = 3
"""Words such as "about" that may stand before one number."""


def excepts(words: Sequence[str], start: int) -> bool:
    """Return whether a share is what is left out: "all but ten percent"."""
    return tuple(words[max(0, start - 2) : start]) == ("all", "but")


def bounded(low: float, high: float, bound: str) -> tuple[float, float]:
    """Return the bounds of a share in percent: open above for ``more``, from none for ``less``."""
    if bound == "more":
        return low, WHOLE
    if bound == "less" and low == high:
        return 0.0, high
    return low, high


def prefix_of(words: Sequence[str], at: int, *, has_arrows: bool = False) -> tuple[int, str]:
    """Return where the words before a number that bound it begin, and which way they do."""
    start = at
    while start > 0 and words[start - 1] in _ABOUT and at - start < _MOST_ABOUT:
        start -= 1
    for edge in dict.fromkeys((at, start)):
        for phrase, name in _BOUNDS:
            begin = edge - len(phrase)
            is_arrow = has_arrows and phrase == (">",) and is_at(words, begin - 1, {"-", "="})
            is_verb = phrase == ("over",) and is_at(words, begin - 1, _TAKEN)
            if is_arrow or is_verb:
                continue
            if begin >= 0 and tuple(words[begin:edge]) == phrase:
                return begin, name
    return at, ""


def suffix_of(words: Sequence[str], end: int) -> str:
    """Return which way the words after a share bound it: "a fifth or less"."""
    if not is_at(words, end, {"or", "and"}):
        return ""
    after = words[end + 1] if end + 1 < len(words) else ""
    more, less = {"more", "greater", "over", "above"}, {"less", "fewer", "under", "below"}
    return "more" if after in more else "less" if after in less else ""
