"""How drafts write counts and percents, as patterns."""

from __future__ import annotations

import re

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
WORDS = {
    "none": 0,
    **{word: n for n, word in enumerate(_ONES)},
    **{word: 20 + 10 * n for n, word in enumerate(_TENS)},
    **{
        f"{tens}-{one}": 20 + 10 * n + m
        for n, tens in enumerate(_TENS)
        for m, one in enumerate(_ONES[1:10], start=1)
    },
}

_SPELT = "|".join(sorted(WORDS, key=len, reverse=True))
NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+|\b(?:{_SPELT})\b)"
_SPACE = r"[\s\u00a0\u2009\u202f]"
_S, _SS = rf"{_SPACE}{{0,40}}", rf"{_SPACE}{{1,40}}"
_WORD = r"[A-Za-z\u00c0-\u024f\u2019'-]{1,40}"
_NOUNS = rf"(?:{_SS}{_WORD}){{0,6}}?"
_PERCENT = (
    rf"(?:~|\u2248|about{_SS}|approximately{_SS})?(?:(?P<bound>[<>]){_S})?"
    rf"(?P<percent>\d{{1,3}}(?:[.\u00b7]\d{{1,6}})?){_S}(?:%|percent\b|per{_SS}cent\b)"
)
_OF = rf"(?:{_S}/{_S}|{_S}\b(?:out{_SS})?of{_SS}(?:(?:the|all|these|our|those){_SS})?)"
_IN = rf"{_SS}(?:in|among){_SS}(?:(?:the|all|these|our|those){_SS})?"
_NOT_WITHIN = r"(?<![\w.,/\u00b7-])"
_APART = rf"{_S}(?:[(\[=,;:\u2013\u2014]|\bor\b){_S}(?:i\.e\.,?{_S})?"
_END = rf"(?:{_S}[)\]])?"

COUNT_FIRST = re.compile(
    rf"{_NOT_WITHIN}(?P<n>{NUMBER})(?:{_NOUNS}(?:{_S}[(\[,])?{_OF}|{_IN})(?P<of>{NUMBER})"
    rf"(?![\d.]){_NOUNS}{_APART}{_PERCENT}{_END}",
    re.IGNORECASE,
)
PERCENT_FIRST = re.compile(
    rf"(?<![\d.]){_PERCENT}{_NOUNS}{_S}[(\[,;:]{_S}(?:n{_S}={_S})?"
    rf"(?P<n>{NUMBER}){_NOUNS}{_OF}(?P<of>{NUMBER})(?![\d.]){_NOUNS}{_END}",
    re.IGNORECASE,
)
COUNT_ALONE = re.compile(
    rf"{_NOT_WITHIN}(?P<n>{NUMBER})(?![\d.%/]){_NOUNS}{_S}[(\[]{_S}{_PERCENT}"
    rf"(?:{_END}{_OF}(?P<of>{NUMBER})(?![\d.%])|{_END})",
    re.IGNORECASE,
)
PERCENT_ALONE = re.compile(
    rf"(?<![\d.]){_PERCENT}{_NOUNS}{_S}[(\[,;]{_S}n{_S}={_S}(?P<n>{NUMBER})(?![\d./]){_END}",
    re.IGNORECASE,
)
FRAME = re.compile(
    rf"\s*(?:of|among){_SS}(?:(?:the|all|these|our|those){_SS})?(?P<of>{NUMBER})(?![\d.%/])",
    re.IGNORECASE,
)
SENTENCE_ENDS = re.compile(r"[.;!?](?=\s)|\n\s*\n")
BARE = re.compile(rf"(?<![\d.\u2013-]){_PERCENT}", re.IGNORECASE)
INTERVAL = re.compile(rf"{_S}(?:CI\b|confidence\b|credible\b|limits?\b|interval)", re.IGNORECASE)
SUM = re.compile(rf"(?<![\d.])(\d+(?:{_S}\+{_S}\d+)+){_S}={_S}(\d+)(?![\d.])")
NAMED_BEFORE = re.compile(
    r"\b(?:grades?|tables?|figures?|fig\.?|groups?|arms?|cycles?|days?|weeks?|months?|stages?|"
    r"refs?\.?|references?|aged?|rows?|levels?|phases?|types?|parts?|sites?|version|v|section|"
    r"chapter|step|point|than|least|most|over|under|above|below)\s*$",
    re.IGNORECASE,
)
SINCE = re.compile(r"\b(?:in|since|until|by|from|to)\s*$", re.IGNORECASE)


def read_number(written: str) -> int:
    """Return a number in figures or words.

    >>> read_number("1,253"), read_number("Twenty-two")
    (1253, 22)
    """
    word = written.casefold()
    return WORDS[word] if word in WORDS else int(word.replace(",", ""))
