"""Options: the alternatives that a field of a template offers, and which of them was chosen.

A field offers alternatives that exclude one another: "none / few / innumerable", "(<25%, 25-50%,
>50%)", "yes/no". They assert nothing. What does is the answer beside them, or the option that a
mark singles out; a field without either is not filled in, and its label asserts nothing either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Span = tuple[int, int]

_NEVER = "none|nil|absent|not seen|not present|normal|n/a|not applicable|no"
_LEVELS = (
    f"{_NEVER}|yes|y|n|present|one|single|solitary|isolated|a few|few|several|multiple|many"
    "|numerous|innumerable|countless|uncountable|too numerous to count|tntc|diffuse|widespread"
    "|extensive|massive|mild|moderate|severe|minimal|low|medium|high|limited|focal|confluent"
    "|miliary|subtotal|near[- ]total|total|complete|partial|unknown|indeterminate|equivocal"
)
_GAP = r"[ \t]{0,4}"
"""White space within a list; a pattern has it in one place only between two words."""
_SHARE = rf"(?:{_GAP}%)?"
_RANGE = rf"(?:[<>≤≥]{_GAP}\d{{1,3}}|\d{{1,3}}{_GAP}[-–]{_GAP}\d{{1,3}}|\d{{1,3}}{_GAP}\+){_SHARE}"
_BOUND = rf"(?:{_RANGE}|\d{{1,3}}{_SHARE})"
_OPTION = rf"(?:(?:{_LEVELS})(?:{_GAP}\({_GAP}{_BOUND}{_GAP}\))?|{_BOUND})(?![\w])"
_MARKED = rf"(?:(?:\*{{1,2}}|__|[\[({{]){_GAP})?{_OPTION}(?:{_GAP}(?:\*{{1,2}}|__|[\])}}]))?"
_SLASHED = re.compile(
    rf"(?<![\w/|%.-])(?<![/|][ \t]){_MARKED}(?:{_GAP}[/|]{_GAP}{_MARKED})+(?!{_GAP}[/|\w])",
    re.IGNORECASE,
)
"""Options parted by strokes."""
_BRACKETED = re.compile(
    rf"[(\[{{]{_GAP}{_OPTION}(?:{_GAP}[,;/|]{_GAP}(?:or[ \t])?{_OPTION}){{2,}}{_GAP}[)\]}}]",
    re.IGNORECASE,
)
"""Options in brackets, parted by commas, too."""
_SPACED = re.compile(
    rf"(?<![\w/|%.-]){_MARKED}(?:[ \t]{{1,12}}{_MARKED}){{2,}}(?![\w/|])", re.IGNORECASE
)
"""Ranges that only blanks part."""
_MAY_BE = re.compile(r"[/|]|[(\[{][^()\[\]{}\n]{3,160}[,;][^()\[\]{}\n]{3,160}[,;]|[<>≤≥] ?\d")
"""What a line with options holds."""
_ONE = re.compile(
    rf"(?P<before>[*_\[({{]*){_GAP}(?P<option>{_OPTION})(?:{_GAP}(?P<after>[*_\])}}]+))?",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    r"[^\n.;:=\d<>/|\[\](){}]{0,30}?(?:-+>|=+>|→|\.{3,}|…|:|=|[ \t][-–—](?=[ \t]))"
    r"[ \t]{0,40}(?!_)[\w<>≤≥*~]|[ \t]{0,40}[\[(][ \t]{0,40}[^\s_\])][^\])\n]*[\])]"
    r"|[ \t]{0,40}:?[ \t]{0,40}\r?\n[ \t]{0,40}"
    r"(?:>{1,2}|-+>|=+>|→|(?:selected|answer|choice|chosen|result)\b)"
    r"|:[ \t]{0,40}\r?\n[ \t]{0,40}[^\n:]{1,60}(?:\n|$)",
    re.IGNORECASE,
)
"""An answer after the options, or on the next line where that says so or is no field itself."""
_POINTED_AT = re.compile(r"[ \t]{0,40}<[-=]+")
"""An arrow back at the last option."""
_NEVER_WORD = re.compile(rf"(?:{_NEVER}|n)(?!\w)", re.IGNORECASE)
_RANGE_WORD = re.compile(_RANGE)
_PAIRS = frozenset(
    frozenset(pair)
    for pair in (("yes", "no"), ("y", "n"), ("present", "absent"), ("present", "not present"))
)
"""Two options that make a question."""
_FEW = frozenset("few single solitary one isolated".split()) | {"a few"}
_MANY = frozenset("multiple many numerous innumerable countless uncountable several".split())
_BLANK = re.compile(
    r"(?:^|(?<=[.;]))[^:\n.;]{2,60}:[ \t]*(?:_{2,}[ \t]*(?:%|cm\b|mm\b|mL\b)?"
    r"|\[[ \t_]*\][ \t]*(?:%|cm\b|mm\b|mL\b)?(?=[ \t]*$))",
    re.MULTILINE,
)
"""A field whose value is a line to write on, or an empty box."""
_REST = re.compile(r"[^\n.;]*")
"""What goes on after a list to the end of its field."""
_LEAST = 3
"""Options of a list that is no question."""


@dataclass(frozen=True, slots=True)
class OptionList:
    """The options of a field.

    Attributes
    ----------
    start, end
        Where they stand in the text.
    masked
        The stretches that assert nothing: all but a chosen option; with the label where none is.
    """

    start: int
    end: int
    masked: tuple[Span, ...]


def option_lists(text: str) -> list[OptionList]:
    """Return the lists of options of a text, and its fields that were left blank, in order.

    Examples
    --------
    >>> def masked(text):
    ...     return [text[a:b] for found in option_lists(text) for a, b in found.masked]
    >>> masked("Metastases (none, few, innumerable): few")
    ['(none, few, innumerable)']
    >>> masked("Burden: <25% 25-50% (>50%)")
    ['<25% 25-50% (', ')']
    >>> masked("Metastases present: yes/no")
    ['Metastases present: yes/no']
    >>> masked("Metastases (multiple, diffuse, confluent).")
    []
    """
    return sorted((*_lists(text), *_blanks(text)), key=lambda found: found.start)


def _blanks(text: str) -> Iterator[OptionList]:
    if "__" in text or "[" in text:
        for match in _BLANK.finditer(text):
            yield OptionList(*match.span(), (match.span(),))


def _lists(text: str) -> Iterator[OptionList]:
    end = 0
    for line in re.finditer(r"[^\r\n]+", text):
        if not _MAY_BE.search(line.group()):
            continue
        for pattern in (_BRACKETED, _SLASHED, _SPACED):
            for match in pattern.finditer(text, *line.span()):
                options = list(_ONE.finditer(text, *match.span()))
                if match.start() >= end and _excludes_itself(options, pattern is _SPACED):
                    end = match.end()
                    masked = ((a, b) for a, b in _masked(match, options) if a < b)
                    yield OptionList(*match.span(), tuple(masked))


def _excludes_itself(options: Sequence[re.Match[str]], is_spaced: bool) -> bool:
    """Whether no more than one of some options can be so, as in "none / few / many"."""
    words = {option["option"].lower() for option in options}
    if is_spaced:
        return all(map(_RANGE_WORD.fullmatch, words))
    if len(options) < _LEAST:
        return words in _PAIRS
    has_never = any(map(_NEVER_WORD.match, words))
    n_ranges = sum(map(bool, map(_RANGE_WORD.fullmatch, words)))
    return has_never or n_ranges > 1 or (bool(words & _FEW) and bool(words & _MANY))


def _masked(found: re.Match[str], options: Sequence[re.Match[str]]) -> Iterator[Span]:
    """The stretches of a list, or of its whole field, that assert nothing."""
    text, start = found.string, found.start()
    end = start + len(found.group().rstrip())
    marked = [o for o in options if o["before"] and o["after"]]
    if len(marked) == 1:
        yield start, marked[0].start("option")
        yield marked[0].end("option"), end
    elif _POINTED_AT.match(text, end):
        yield start, options[-1].start("option")
    elif _ANSWERED.match(text, end):
        yield start, end
    else:
        before = max(text.rfind(sign, 0, start) for sign in ("\n", ". ", "; "))
        rest = _REST.match(text, end)
        yield before + 1, rest.end() if rest else end
