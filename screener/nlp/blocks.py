"""Blocks of report text: lines that read on as one run of prose.

Line wraps are told from items by the length of the lines, by bullets and by what stands at their
ends.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

BULLET = re.compile(
    r"[ \t]*(?![<>≤≥][ \t]*\d)(?:[-*•·▪●◦>#+=~|]+[ \t]*|\(?\d{1,2}[.)][ \t]*(?=\D)"
    r"|\(?[a-zA-Z][.)][ \t]+|[ivxIVX]{1,4}[.)][ \t]+)"
)
"""What stands before an item of a list."""
_LINE = re.compile(r"[^\r\n]+")
_DANGLING = re.compile(
    r"(?:[,\-/(&]|\b(?:a|an|the|of|in|on|at|to|by|with|and|or|for|from|than|as|is|are|was|were|be|"
    r"been|no|not|too|very|such|only|multiple|several|numerous|innumerable|diffuse|few|many|between|"
    r"consistent|compatible|suspicious|concerning|suggestive|due|secondary|without|any|can|cannot|could|may|might|his|her|their|being|"
    r"virtually|almost|nearly|every|each|while|whereas|although|because|versus|into|within|throughout|involving|which|that|this|these|both|its|has|have|most|near|"
    r"more|less|about|approximately|over|under|liver|hepatic))$",
    re.IGNORECASE,
)
"""An end of a line at which no sentence ends."""
_LAST_WORDS = 30
"""Characters of a line that hold such an end, and what is before it."""
_BOXED = re.compile(r"[\[(][ \txX✓✔*_]{0,3}[\])]|[☐☑☒□■◯●○◉]")
_FIELD = re.compile(r"[A-Z][^.:=]{1,40}[:=]")
_WRAP_WIDTH = 45
"""A line shorter than this is taken as a list item and not as wrapped prose, unless it dangles."""
_ANSWERS = re.compile(r"[:)\]?][ \t]*(?:no|not|none|any)$", re.IGNORECASE)
"""A word that dangles in prose, and is the value of a field."""
_CONTINUING = re.compile(
    r"(?:is|are|was|were|has|have|had|and|or|of|in|within|with|without|which|that|throughout|"
    r"from|to|by|involving|replacing|occupying|than|as|but|seen|noted|consistent|compatible)\b"
)
"""Words with which no line begins that is not the rest of a sentence."""
_LEAST_WRAPPED = 30
"""A line from this length on can be wrapped before a small letter."""
_LEAST_WIDEST = 55
"""Width of the widest line from which a full one before a capital is wrapped."""
_LEAST_BOXED = 60
"""A line up to this length reads on into a box: "Metastases:" above "[x] many"."""
_FILLED, _FULL = 0.7, 0.85
"""Shares of the widest line from which a line is taken to be filled, or full."""
_INDENT = 12
"""Characters of a line in which a heading opens it."""
_CAPITALS = 0.8
"""Share of capital letters from which a text is taken to be in capitals."""


class Block(NamedTuple):
    """Lines that read on as one run of prose."""

    start: int
    end: int
    paragraph: int


class _Line(NamedTuple):
    """One line of the text that is not blank."""

    start: int
    end: int
    stripped: str
    is_item: bool

    @property
    def length(self) -> int:
        return len(self.stripped)

    @property
    def first(self) -> str:
        """Its first letter or figure; empty where there is none."""
        return next((c for c in self.stripped if c.isalnum()), "")


def split_blocks(text: str, marks: Collection[int]) -> Iterator[Block]:
    """Yield the blocks of a text in order; blank lines and headings part paragraphs.

    Parameters
    ----------
    text
        Report text as exported.
    marks
        Where headings begin.
    """
    lines = _lines(text)
    widest = max((len(line.stripped) for line in lines), default=0)
    opened = _opened(lines, marks)
    start = end = paragraph = 0
    previous: _Line | None = None
    for line in lines:
        gap = previous is None or text.count("\n", end, line.start) > 1
        parts = gap or line.start in opened
        if previous is None or parts or not _reads_on(previous, line, widest, text):
            if previous is not None:
                yield Block(start, end, paragraph)
            start = line.start
            paragraph += parts
        previous, end = line, line.end
    if previous is not None:
        yield Block(start, end, paragraph)


def _opened(lines: Sequence[_Line], marks: Collection[int]) -> set[int]:
    """Where the lines begin that a heading opens."""
    return {
        line.start
        for line in lines
        for mark in marks
        if line.start <= mark < line.end and mark - line.start < _INDENT
    }


def _lines(text: str) -> list[_Line]:
    return [
        _Line(match.start(), match.end(), stripped, BULLET.match(match[0]) is not None)
        for match in _LINE.finditer(text)
        if (stripped := match[0].strip())
    ]


def _is_capitals(text: str) -> bool:
    n_letters = sum(map(str.isalpha, text))
    if sum(map(str.isupper, text)) <= _CAPITALS * n_letters:  # counts signs such as Ⓐ besides
        return False
    return sum(c.isupper() for c in text if c.isalpha()) > _CAPITALS * n_letters > 0


def _reads_on(line: _Line, after: _Line, widest: int, text: str) -> bool:
    """Whether the line break between two lines is a wrap in mid sentence."""
    is_boxed = _BOXED.match(after.stripped) is not None
    is_field = _FIELD.match(after.stripped) is not None
    if (after.is_item and not is_boxed) or _is_ended(line):
        return False
    if is_field and _ANSWERS.search(line.stripped):
        return False
    if _DANGLING.search(line.stripped[-_LAST_WORDS:]) or (is_boxed and line.length <= _LEAST_BOXED):
        return True
    return not is_field and _is_wrapped(line, after, widest, text)


def _is_wrapped(line: _Line, after: _Line, widest: int, text: str) -> bool:
    """Whether a line is long enough for what the next one begins with to go on with it."""
    is_filled = line.length >= _WRAP_WIDTH and line.length >= _FILLED * widest
    if after.first.islower():
        is_begun = ". " in line.stripped  # a sentence that begins late on a short line
        is_long = line.length >= _LEAST_WRAPPED or is_filled
        return is_long or line.is_item or is_begun or bool(_CONTINUING.match(after.stripped))
    is_full = widest >= _LEAST_WIDEST and line.length >= _FULL * widest
    return is_filled and (after.first.isdigit() or is_full or _is_capitals(text))


def _is_ended(line: _Line) -> bool:
    return line.stripped[-1] in ".!?:;" and not line.stripped.endswith(("vs.", "approx."))
