"""Sentences of report text: lines that read on as one run of prose, and where a sentence ends.

Line wraps are told from items by the length of the lines, by bullets and by what stands at their
ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_BULLET = re.compile(
    r"[ \t]*(?![<>≤≥][ \t]*\d)(?:[-*•·▪●◦>#+=~|]+[ \t]*|\(?\d{1,2}[.)][ \t]*(?=\D)"
    r"|\(?[a-zA-Z][.)][ \t]+|[ivxIVX]{1,4}[.)][ \t]+)"
)
_ITEM = re.compile(r"\s+\(?\d{1,2}[.)][ \t]+(?=[A-Z])")
"""The number of an item in running text."""
_SENTENCE_END = re.compile(
    r"(?P<mark>[.!?]+)[\"')\]]*(?=\s|$)|(?<=[a-z)%]{2})\.(?=[A-Z][a-z])"
    r"|(?<=[A-Z]{3})\.(?=[A-Z]{3})|;"
)
_SURE_END = re.compile(r"\.(?=\s)(?<=[a-z]{5}\.)(?<!pprox\.)")
"""An end of a sentence wherever it stands, since no abbreviation is so long but one."""
_OPENING = re.compile(r"[^\W\d_]{3}")
"""Letters at the start of a block that no rule looks behind."""
_ANSWER = re.compile(
    r"[ \t]*[:\-]?[ \t]*(?:y|n|yes|no|none|nil|absent|present)\b(?!\.?[ \t]+(?-i:[a-z]))",
    re.IGNORECASE,
)
"""The answer to a question of a form, on its line."""
_ABBREVIATIONS = frozenset(
    "dr mr mrs ms prof vs approx e.g i.e eg ie fig st seg segs lt rt no nos resp incl excl ref "
    "min max dept hosp med surg yr yrs pt pts ser im img cf viz poss prob est diam susp".split()
)
"""Words whose full stop ends no sentence."""
_NUMBERED = frozenset("no nos seg ser im img fig segs".split())
"""Words whose full stop ends no sentence before a figure."""
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
_LONGEST = 1_500
"""Characters of the longest segment; a sentence of a report has some two hundred."""
_PIECES = 20_000
"""Stretches between sure ends of sentences that are kept."""
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
_REST_OF_WORD = re.compile(r"[\w'’]*(?:[.,]\d[\w'’]*)*")
"""What a cut leaves together, so that it makes no new word."""
_INDENT = 12
"""Characters of a line in which a heading opens it."""
_CAPITALS = 0.8
"""Share of capital letters from which a text is taken to be in capitals."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that read on as one run of prose."""

    start: int
    end: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class _Line:
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

    def opens_with(self, marks: set[int]) -> bool:
        return any(self.start <= m < self.end for m in marks if m - self.start < _INDENT)


def split_blocks(text: str, marks: set[int]) -> Iterator[Block]:
    """Yield the blocks of a text in order; blank lines and headings part paragraphs.

    Parameters
    ----------
    text
        Report text as exported.
    marks
        Where headings begin.
    """
    lines = _lines(text)
    widest = max((line.length for line in lines), default=0)
    current: Block | None = None
    previous: _Line | None = None
    paragraph = 0
    for line in lines:
        gap = previous is None or text.count("\n", previous.end, line.start) > 1
        parts = gap or line.opens_with(marks)
        paragraph += parts
        is_wrap = not parts and previous is not None and _reads_on(previous, line, widest, text)
        previous = line
        if current and is_wrap:
            current = Block(current.start, line.end, current.paragraph)
            continue
        if current:
            yield current
        current = Block(line.start, line.end, paragraph)
    if current:
        yield current


def split_sentences(text: str, block: Block, marks: set[int]) -> Iterator[tuple[int, int]]:
    """Yield start and end of the sentences of a block, without white space around them."""
    bullet = _BULLET.match(text, block.start, block.end)
    start = at = bullet.end() if bullet else block.start
    parts = [mark for mark in marks if start < mark < block.end and _parts(text, start, mark)]
    ends = [m.end() for m in _SURE_END.finditer(text, start, block.end)]
    for end in [*ends, block.end]:
        inside = [mark for mark in parts if at < mark <= end]
        piece = text[at:end]
        stands_alone = at > start or _OPENING.match(piece)
        if inside or not stands_alone or "?" in piece or len(piece) > _LONGEST:
            yield from _sentences(text, at, end, inside)
        else:
            for first, last in _within_piece(piece):
                yield at + first, at + last
        at = end


@lru_cache(maxsize=_PIECES)
def _within_piece(piece: str) -> tuple[tuple[int, int], ...]:
    """The sentences of a stretch between two sure ends; what is around it has no part in them."""
    return tuple(_sentences(piece, 0, len(piece), ()))


def _sentences(text: str, start: int, end: int, parts: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Sentences of a stretch of text that is parted at its headings, and at its ends."""
    cuts = {m.end() for m in _SENTENCE_END.finditer(text, start, end) if _ends(text, m)}
    for cut in [*sorted(cuts.union(parts)), end]:
        item = _ITEM.match(text, start, cut)
        for first, last in _bounded(text, item.end() if item else start, cut):
            piece = text[first:last]
            if piece.strip():
                lead = len(piece) - len(piece.lstrip())
                yield first + lead, first + len(piece.rstrip())
        start = cut


def sure_pieces(text: str) -> list[str]:
    """Return the stretches of a text between ends of sentences that need no second look.

    Every sentence of `split_sentences` lies within one of them, and each may hold several.

    Examples
    --------
    >>> sure_pieces("The liver is normal. Cyst of approx. 2 cm. Spleen")
    ['The liver is normal', ' Cyst of approx. 2 cm. Spleen']
    """
    return _SURE_END.split(text)


def _parts(text: str, start: int, mark: int) -> bool:
    """Whether a heading in running text has words before it, on its line."""
    line = max(start, text.rfind("\n", start, mark) + 1)
    return any(map(str.isalnum, text[line:mark])) or line > start


def _lines(text: str) -> list[_Line]:
    lines = []
    for match in re.finditer(r"[^\r\n]+", text):
        stripped = match.group().strip()
        if stripped:
            is_item = _BULLET.match(match.group()) is not None
            lines.append(_Line(match.start(), match.end(), stripped, is_item))
    return lines


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


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Pieces of at most ``_LONGEST`` characters, cut between words: prose without an end."""
    while end - start > _LONGEST:
        cut = text.rfind(" ", start + 1, start + _LONGEST)
        if cut <= start:
            cut = _REST_OF_WORD.match(text, start + _LONGEST, end).end()  # type: ignore[union-attr]
        yield start, cut
        start = cut
    yield start, end


def _ends(text: str, mark: re.Match[str]) -> bool:
    """Whether a sign that may end a sentence does."""
    if mark.group().startswith("?"):
        is_blank = text[mark.start() - 1 : mark.start()].isspace()
        return not is_blank and not _ANSWER.match(text, mark.end())
    if mark.group() == ";" or mark.group("mark") != ".":
        return True
    before = re.search(r"([\w.]+)$", text[max(0, mark.start() - 12) : mark.start()])
    word = before.group(1).lower() if before else ""
    if word in _NUMBERED:
        return not text[mark.end() : mark.end() + 3].lstrip()[:1].isdigit()
    return word not in _ABBREVIATIONS and _is_stop(text, mark, word)


def _is_stop(text: str, mark: re.Match[str], word: str) -> bool:
    """Whether the full stop after a word is none of an initial or of a list number."""
    if len(word) == 1 and word.isalpha() and word != "i":
        if word in "yn" and text[: mark.start() - 1].rstrip().endswith(("?", ":")):
            return True
        after = text[mark.end() : mark.end() + 3].lstrip()[:1]
        return not after.isupper() or text[mark.start() - 2 : mark.start() - 1] in "\n"
    if word.isdigit() and len(word) <= len("12"):
        before = text[max(0, mark.start() - 40) : mark.start() - len(word)].rstrip(" \t")
        return bool(before) and before[-1] not in ".:;!?)\r\n"
    return True
