"""Shares and counts in words and figures: ``70-80%``, ``over half``, ``at least five``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from screener.nlp.numbers import ORDINAL_PARTS, PERCENT, cardinal_at, is_at, range_at

_WHOLE = 100.0
"""The whole organ, in percent."""
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
_MORE = (
    (">",), (">", "="), ("≥",), ("more", "than"), ("over",), ("greater", "than"), ("above",),
    ("exceeding",), ("exceeds",), ("at", "least"), ("upwards", "of"), ("upward", "of"),
    ("well", "over"),
    ("in", "excess", "of"), ("larger", "than"), ("not", "less", "than"), ("no", "less", "than"),
    ("beyond",), ("no", "fewer", "than"), ("minimum", "of"), ("upward",), ("gt",),
    ("higher", "than"), ("more", "then"), ("greater", "then"),
)  # fmt: skip
_LESS = (
    ("<",), ("<", "="), ("≤",), ("less", "than"), ("under",), ("below",), ("fewer", "than"),
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
_UNIT_WORDS = frozenset(
    "f m mm cm ml mls cc l kg g mg mgy mci mbq gbq hu suv suvmax min mins minutes hours hrs "
    "days weeks months years yr yrs yo y phase phases s sec seconds kev t tesla cycles cycle "
    "x × st nd rd th mo wk wks day week month year fold times view views mhz units u iu ng dl "
    "hour point series images image kvp mas slices slice o".split()
)
"""Words after a figure that counts no lesions."""
_MILLILITRES = dict.fromkeys(["ml", "mls", "cc", "ccm", "cm3", "milliliter", "milliliters"], 1)
_MILLILITRES |= dict.fromkeys(["millilitre", "millilitres"], 1)
_MILLILITRES |= dict.fromkeys(["l", "litre", "litres", "liter", "liters"], 1000)
"""Units of volume, in millilitres."""
_LABELS = frozenset(
    "segment segments seg segs sector image images im img series se slice level levels grade "
    "stage type t n m l s c g suv suvmax max krenning score deauville phase # day week month "
    "year cycle age aged line page li-rads lr bi-rads ecog ki who station rib ribs psa afp "
    "cea mr ct ca inr case rads lirads tirads pirads category vertebra".split()
)
"""Words before a figure that is a label."""
_SCALES = frozenset("suv suvmax max grade score stage cm mm ml cc age afp cea psa ki-67".split())
"""Labels whose figure after a colon is no count."""
_LONGEST_COUNT = 3
"""Figures of the highest count that is one of lesions."""
_TAKEN = frozenset("taken taking took takes take spread spilled given gone".split())
"""Verbs that "over" goes with."""
_SHARES = frozenset(["fraction", "proportion"])
"""Words of a label that want a percent, as a sign of percent does."""
_TO_ONE = ((":", "1"), ("to", "one"), ("to", "1"))
"""Words after the first number of a ratio."""
_OF_VOLUME = frozenset("volume volumes mass tissue volumetric".split())
"""Words that tell a ratio of volumes from one of uptake."""
_OF_UPTAKE = frozenset("uptake suv suvmax suvmean activity avidity lesion".split())
"""Words that tell the other."""
_COMPARED = frozenset("outweighed outweighs exceeds outnumbers outnumbered exceeded".split())
"""Words before a ratio of tumor to the rest."""
_LABEL_WORDS = 6
"""Words before a figure in which its label can stand."""
_MOST_ABOUT = 3
"""Words such as "about" that may stand before one number."""
_TWO_JOINS = 4
"""Words from the first to the last of three figures joined by signs."""
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
_MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
"""Months, which make a figure beside them a date."""


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


def find_quantities(words: Sequence[str]) -> list[Quantity]:
    """Return the shares and counts among `words` (lower case), in order, none overlapping.

    Dates, sizes, segment numbers and other figures with a unit or a label are left out.

    Examples
    --------
    >>> [(q.kind, q.low, q.high) for q in find_quantities("replaces 70 - 80 % of it".split())]
    [('share', 70.0, 80.0)]
    >>> [(q.kind, q.low, q.high) for q in find_quantities("at least three metastases".split())]
    [('count', 3.0, 3.0)]
    >>> [(q.kind, q.low, q.high) for q in find_quantities("over half of the liver".split())]
    [('share', 50.0, 100.0)]
    """
    found: list[Quantity] = []
    at = 0
    while at < len(words):
        quantity = _odds(words, at) or _fraction(words, at) or _number(words, at)
        if quantity is None:
            at += 1
            continue
        if not found or quantity.first >= found[-1].last:
            found.append(quantity)
        at = max(quantity.last, at + 1)
    return _between(found, words)


_TO = (("to",), ("-",), ("to", "a"), ("to", "one"), ("to", "the"))
"""Words from one share to another of a range."""
_AND = (("and",), ("and", "a"), ("and", "one"))
"""The same after "between"."""


_AFTER = frozenset("of or to remains survives spared uninvolved".split())
"""Words after a third that is a share, and no third lesion."""
_HALVES = frozenset(["over", "under", "below", "above", ">", "<"])
"""Words of a bound before a fraction in figures."""
_LOADS = frozenset("involvement replacement burden load fraction infiltration".split())
"""Words before a fraction in figures that say of what it is one: "hepatic involvement 3/4"."""


def _between(found: Sequence[Quantity], words: Sequence[str]) -> list[Quantity]:
    """The quantities, two shares that bound one as that one: "between a quarter and a third"."""
    joined: list[Quantity] = []
    for quantity in found:
        last = joined[-1] if joined else quantity
        gap = tuple(words[last.last : quantity.first])
        is_range = gap in _TO or (gap in _AND and is_at(words, last.first - 1, {"between"}))
        if (
            joined
            and is_range
            and last.kind == quantity.kind == "share"
            and last.low < quantity.high
        ):
            joined[-1] = Quantity("share", last.low, quantity.high, last.first, quantity.last)
        else:
            joined.append(quantity)
    return joined


def _number(words: Sequence[str], at: int) -> Quantity | None:
    read = range_at(words, at)
    if read is None or words[at] in ORDINAL_PARTS:
        return None
    low, high, end = read
    if _percent_end(words, end) or _plus_percent(words, end):
        return _percentage(words, at, read)
    start, bound = _prefix(words, at, has_arrows=True)
    if high <= _WHOLE and _is_named_share(words, at) and "." not in words[at]:
        return Quantity("share", *_bounded(low, high, bound, _WHOLE), start, end)
    if is_at(words, end, _MILLILITRES):
        size = high * _MILLILITRES[words[end]]
        return Quantity("volume", size, size, at, end + 1)
    if _is_measure(words, at, end):
        return _ratio(words, at, end, low, high)
    return _count(words, at, read, start, bound)


def _plus_percent(words: Sequence[str], end: int) -> int | None:
    """Where "80+ %" ends."""
    return _percent_end(words, end + 1) if is_at(words, end, {"+"}) else None


def _percentage(words: Sequence[str], at: int, read: tuple[float, float, int]) -> Quantity | None:
    """A number with its sign or word for percent."""
    low, high, end = read
    percent = _percent_end(words, end)
    start, bound = _prefix(words, at, has_arrows=percent is None)
    if percent is None:
        percent, bound = _plus_percent(words, end) or end, "more"
    if high > _WHOLE:
        return None
    if low == high and _excepts(words, start):
        return Quantity("share", _WHOLE - low, _WHOLE - low, start - 2, percent)
    low, high = _bounded(low, high, bound or _suffix(words, percent), _WHOLE)
    return Quantity("share", low, high, start, percent)


def _excepts(words: Sequence[str], start: int) -> bool:
    """Whether a share is what is left out: "all but ten percent"."""
    return tuple(words[max(0, start - 2) : start]) == ("all", "but")


def _count(
    words: Sequence[str], at: int, read: tuple[float, float, int], start: int, bound: str
) -> Quantity:
    """A number of lesions, with what bounds it."""
    low, high, end = read
    if bound == "more":
        low += 0 if _at_least(words, start, at) else 1
        high = max(high, low)
    elif bound == "less":
        low = 1.0
    if is_at(words, end, {"+"}):
        end += 1
        high = low + 1
    return Quantity("count", low, high, start, end)


def _is_named_share(words: Sequence[str], at: int) -> bool:
    """Whether a label before a figure says that it is a percent: "% involved: 65"."""
    is_field = not {":", "]"}.isdisjoint(words[max(0, at - _LABEL_WORDS) : at])
    reach = 2 * _LABEL_WORDS if is_field else _LABEL_WORDS
    begin = max(0, at - reach)
    return any(
        words[i] in PERCENT | _SHARES and not (words[i] == "%" and i and words[i - 1][0].isdigit())
        for i in range(begin, at)
    )


def _at_least(words: Sequence[str], start: int, at: int) -> bool:
    return tuple(words[start:at])[:2] in {("at", "least"), ("≥",), (">", "="), ("no", "fewer")}


def _ratio(words: Sequence[str], at: int, end: int, low: float, high: float) -> Quantity | None:
    """A decimal such as 0.63 that a word before it calls a ratio."""
    if "." in words[at] and 0 < high <= 1 and end <= len(words):
        before = set(words[max(0, at - _LABEL_WORDS * 2) : at])
        if before & {"ratio", "quotient", "fraction", "proportion", "share"}:
            return Quantity("share", round(100 * low, 1), round(100 * high, 1), at, end)
    return None


def _odds(words: Sequence[str], at: int) -> Quantity | None:
    """The share that a ratio of tumor to the rest comes to: "ratio 4:1" is 80%."""
    many = cardinal_at(words, at)
    if many is None or tuple(words[many[1] : many[1] + 2]) not in _TO_ONE:
        return None
    before = set(words[max(0, at - 2 * _LABEL_WORDS) : at])
    is_of_volume = before & _OF_VOLUME or ({"tumor", "liver"} <= before and not before & _OF_UPTAKE)
    if not (before & _COMPARED or ("ratio" in before and is_of_volume)):
        return None
    return _share(words, at, many[1] + 2, round(100 * many[0] / (many[0] + 1), 1))


def _fraction(words: Sequence[str], at: int) -> Quantity | None:
    """A share such as "two thirds", "3/4 of", "half" or "⅔"."""
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
    start, bound = _prefix(words, at)
    if _excepts(words, start):
        rest = round(_WHOLE - percent, 1)
        return Quantity("share", rest, rest, start - 2, end)
    bound = bound or _suffix(words, end)
    low, high = _bounded(round(percent, 1), round(percent, 1), bound, _WHOLE)
    return Quantity("share", low, high, start, end)


def _bounded(low: float, high: float, bound: str, most: float) -> tuple[float, float]:
    if bound == "more":
        return low, most
    if bound == "less" and low == high:
        return 0.0, high
    return low, high


def _prefix(words: Sequence[str], at: int, *, has_arrows: bool = False) -> tuple[int, str]:
    """Where the words before a number that bound it begin, and which way they do."""
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


def _suffix(words: Sequence[str], end: int) -> str:
    """Which way the words after a share bound it: "a fifth or less"."""
    if not is_at(words, end, {"or", "and"}):
        return ""
    after = words[end + 1] if end + 1 < len(words) else ""
    more, less = {"more", "greater", "over", "above"}, {"less", "fewer", "under", "below"}
    return "more" if after in more else "less" if after in less else ""


def _percent_end(words: Sequence[str], end: int) -> int | None:
    if is_at(words, end, PERCENT):
        return end + 1
    if tuple(words[end : end + 2]) == ("per", "cent"):
        return end + 2
    return None


def _is_measure(words: Sequence[str], at: int, end: int) -> bool:
    """Whether a figure is a size, date, label or other number that counts nothing."""
    word = words[at]
    before = words[at - 1] if at else ""
    after = words[end] if end < len(words) else ""
    label = words[at - 2] if at > 1 and before in (":", "=") else before
    hyphened = is_at(words, end, {"-", "–"}) and is_at(words, end + 1, _UNIT_WORDS | {"month"})
    goes_on = at > 1 and before in ("-", "–", ",", "and", "&")
    return (
        (_is_chained(words, at) or "." in word or "," in word or hyphened)
        or (after in _UNIT_WORDS or before in _LABELS or label in _SCALES)
        or (label == ")" and words[at - 3] in _UNIT_WORDS)
        or (word.isdigit() and _is_dated(word, _sign_before(words, at), after))
        or (at == 1 and before == "(" and after == ")")
        or (goes_on and _labelled_list(words, at))
    )


def _sign_before(words: Sequence[str], at: int) -> str:
    """The word before a figure; empty for the sign of "x 3", which counts."""
    before = words[at - 1] if at else ""
    is_product = at > 1 and words[at - 2][0].isdigit()
    return "" if before in ("x", "×") and not is_product else before


def _is_dated(figure: str, before: str, after: str) -> bool:
    """Whether a figure is one of a date, time or product, by its size or the signs beside it."""
    if {before, after} & _MONTHS or len(figure) > _LONGEST_COUNT:
        return True
    return after in ("/", ".", "x", "×", ":") or before in ("/", "x", "×")


def _is_chained(words: Sequence[str], at: int) -> bool:
    """Whether a figure goes on a date or time: three figures joined by signs, or two by a colon."""
    first = last = at
    joins = {"-", "/", ".", ":"}
    while first > 1 and words[first - 1] in joins and words[first - 2][0].isdigit():
        first -= 2
    while last + 2 < len(words) and words[last + 1] in joins and words[last + 2][0].isdigit():
        last += 2
    return last - first >= _TWO_JOINS or ":" in words[first:last]


def _labelled_list(words: Sequence[str], at: int) -> bool:
    """Whether a figure goes on a list such as "segments 2, 3 and 8"."""
    back = at - 1
    while back >= 0 and (
        words[back] in {",", "and", "&", "-", "–", "/", "to", "through"} or words[back][0].isdigit()
    ):
        back -= 1
    return back >= 0 and words[back] in _LABELS and back < at - 1
