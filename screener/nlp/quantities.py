"""Shares and counts in words and figures: ``70-80%``, ``over half``, ``at least five``."""

from __future__ import annotations

from collections.abc import Sequence

from screener.nlp.bounds import WHOLE, bounded, excepts, prefix_of, suffix_of
from screener.nlp.numbers import ORDINAL_PARTS, PERCENT, Quantity, has_changed, is_at, range_at
from screener.nlp.ratios import fraction_at, odds_at

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
_OF_WHOLE = (("of",), ("out", "of"), ("/",), ("of", "a"), ("of", "the"))
"""Words from a volume to the whole that it is of, whose unit it shares."""
_LONGEST_COUNT = 3
"""Figures of the highest count that is one of lesions."""
_SHARES = frozenset(["fraction", "proportion"])
"""Words of a label that want a percent, as a sign of percent does."""
_LABEL_WORDS = 6
"""Words before a figure in which its label can stand."""
_TWO_JOINS = 4
"""Words from the first to the last of three figures joined by signs."""
_MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
"""Months, which make a figure beside them a date."""


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
        quantity = odds_at(words, at) or fraction_at(words, at) or _number(words, at)
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


def _between(found: Sequence[Quantity], words: Sequence[str]) -> list[Quantity]:
    """The quantities, two shares that bound one as that one: "between a quarter and a third"."""
    joined: list[Quantity] = []
    for quantity in found:
        last = joined[-1] if joined else quantity
        gap = tuple(words[last.last : quantity.first])
        is_step = has_changed(words, last.first)
        is_range = (gap in _TO and not is_step) or (
            gap in _AND and is_at(words, last.first - 1, {"between"})
        )
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
    start, bound = prefix_of(words, at, has_arrows=True)
    if high <= WHOLE and _is_named_share(words, at) and "." not in words[at]:
        return Quantity("share", *bounded(low, high, bound), start, end)
    unit = _volume_unit(words, end)
    if unit is not None:
        size = high * _MILLILITRES[words[unit]]
        return Quantity("volume", size, size, at, unit + 1 if unit == end else end)
    if _is_measure(words, at, end):
        return _ratio(words, at, end, low, high)
    return _count(words, at, read, start, bound)


def _volume_unit(words: Sequence[str], end: int) -> int | None:
    """Where the unit stands of a volume whose figure ends here, if need be after its whole.

    So 1,800 is a volume in "1,800 of 2,300 mL".
    """
    if is_at(words, end, _MILLILITRES):
        return end
    joint = next((j for j in _OF_WHOLE if tuple(words[end : end + len(j)]) == j), None)
    whole = range_at(words, end + len(joint)) if joint else None
    return whole[2] if whole and is_at(words, whole[2], _MILLILITRES) else None


def _plus_percent(words: Sequence[str], end: int) -> int | None:
    """Where "80+ %" ends."""
    return _percent_end(words, end + 1) if is_at(words, end, {"+"}) else None


def _percentage(words: Sequence[str], at: int, read: tuple[float, float, int]) -> Quantity | None:
    """A number with its sign or word for percent."""
    low, high, end = read
    percent = _percent_end(words, end)
    start, bound = prefix_of(words, at, has_arrows=percent is None)
    if percent is None:
        percent, bound = _plus_percent(words, end) or end, "more"
    if high > WHOLE:
        return None
    if low == high and excepts(words, start):
        return Quantity("share", WHOLE - low, WHOLE - low, start - 2, percent)
    low, high = bounded(low, high, bound or suffix_of(words, percent))
    return Quantity("share", low, high, start, percent)


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
