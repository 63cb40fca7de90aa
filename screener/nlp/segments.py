"""Segmentation of report text: sections, passages and sentence-like segments, on the raw text.

Contract: segments are in order, do not overlap, and are spans of the text as exported. Nothing is
rewritten, so line wraps, CRLF, bullets and run-on text keep their offsets. A segment never holds words of two
sections or of two list items; what ConText may see of a sentence is one segment.

spaCy and medspaCy are not used here: this is the part of the pipeline that runs on every report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from screener.nlp.headings import Heading, Headings
from screener.nlp.templates import masked_spans, quoted_spans

_BULLET = re.compile(
    r"[ \t]*(?:[-*•·▪●◦>#+=~|]+[ \t]*|\(?\d{1,2}[.)][ \t]*(?=\D)|\(?[a-zA-Z][.)][ \t]+|[ivxIVX]{1,4}[.)][ \t]+)"
)
_DECORATION = re.compile(r"[\s*_=#~|•·>+-]*")
_SENTENCE_END = re.compile(
    r"(?P<mark>[.!?]+)[\"')\]]*(?=\s|$)|(?<=[a-z)%]{2})\.(?=[A-Z][a-z])|(?<=[A-Z]{3})\.(?=[A-Z]{3})|;"
)
_ABBREVIATIONS = frozenset(
    "dr mr mrs ms prof vs approx e.g i.e eg ie fig st seg segs lt rt no nos resp incl excl ref "
    "min max dept hosp med surg yr yrs pt pts ser im img cf viz poss prob est diam susp".split()
)
_DANGLING = re.compile(
    r"(?:[,\-/(&]|\b(?:a|an|the|of|in|on|at|to|by|with|and|or|for|from|than|as|is|are|was|were|be|been|"
    r"no|not|into|within|throughout|involving|which|that|this|these|both|its|has|have|most|near|"
    r"more|less|about|approximately|over|under|liver|hepatic))$",
    re.IGNORECASE,
)
_BOXED = re.compile(r"[\[(][ \txX✓✔*_]{0,3}[\])]|[☐☑☒□■◯●○◉]")
_FIELD = re.compile(r"[A-Z][^.:=]{1,40}[:=]")
_LONGEST = 1_500
"""Characters of the longest segment; a sentence of a report has some two hundred."""
_NOT_BEGUN = -1
"""A short section whose first words are still to come."""
_WRAP_WIDTH = 45
"""A line shorter than this is taken as a list item and not as wrapped prose, unless it dangles."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence, list item or field of a report.

    Attributes
    ----------
    start, end
        Characters of the text as exported, half-open, without surrounding white space.
    section
        Kind of the section.
    order
        Number of the section within the report, from 0; a later addendum has a higher one.
    organs
        Organs named by the heading that this segment stands under; empty where there is none.
    paragraph
        Number of the paragraph, from 0; blank lines and headings part paragraphs.
    masked
        Stretches of it that a template left behind and nobody chose; no word of them is read.
    quoted
        Stretches of it in quotation marks: somebody else's words.
    """

    start: int
    end: int
    section: str
    order: int
    organs: tuple[str, ...]
    paragraph: int
    masked: tuple[tuple[int, int], ...] = ()
    quoted: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that read on as one run of prose."""

    start: int
    end: int
    paragraph: int
    is_item: bool


def split_segments(text: str, headings: Headings) -> tuple[Segment, ...]:
    """Split `text` into segments.

    Parameters
    ----------
    text
        Report text as exported; may be empty.
    headings
        The pack's section and organ headings.

    Returns
    -------
    tuple of Segment
        In order of the text; empty for text without a word.
    """
    found = headings.find(text)
    marks = {heading.start for heading in found}
    masked, quoted = masked_spans(text), quoted_spans(text)
    segments: list[Segment] = []
    state = _State(headings, text, found)
    for block in _blocks(text, marks):
        for start, end in _sentences(text, block, marks):
            for segment in state.place(start, end, block):
                segments.append(
                    replace(segment, masked=_within(masked, segment), quoted=_within(quoted, segment))
                )
    return tuple(segments)


def _within(spans: Sequence[tuple[int, int]], segment: Segment) -> tuple[tuple[int, int], ...]:
    return tuple((a, b) for a, b in spans if a < segment.end and segment.start < b)


class _State:
    """Which section and which organ heading hold at a place, walked from the start of the text."""

    def __init__(self, headings: Headings, text: str, found: Sequence[Heading]) -> None:
        self.text = text
        self.headings = headings
        self.pending = list(reversed(found))
        self.section = headings.default
        self.order = 0
        self.organs: tuple[str, ...] = ()
        self.ends_with: int | None = None
        self.organ_paragraph: int | None = None
        self.last_findings = max(
            (h.start for h in found if h.kind == headings.default), default=-1
        )
        self.has_body = False
        self.is_lone = True
        self.short_paragraph = 0
        self.is_run_on = "\n" not in text.strip()

    def place(self, start: int, end: int, block: _Block) -> Iterator[Segment]:
        self._leave(start, block.start, block.paragraph)
        while self.pending and self.pending[-1].start < end:
            heading = self.pending.pop()
            self._enter(heading, block.paragraph)
            start = heading.end if heading.kind else max(start, heading.start)
        while start < end and (self.text[start].isspace() or self.text[start] in ":-–—*_="):
            start += 1
        if start < end and any(c.isalnum() for c in self.text[start:end]):
            yield Segment(start, end, self.section, self.order, self.organs, block.paragraph)
            if self.ends_with == _NOT_BEGUN:
                self.ends_with = block.start
                self.short_paragraph = block.paragraph

    def _enter(self, heading: Heading, paragraph: int) -> None:
        if not heading.kind:
            if self.ends_with is not None and not heading.is_bare:
                self._into_findings()
            self.organs = heading.organs
            self.organ_paragraph = None if heading.is_bare else paragraph
            return
        stays = self.headings.is_sticky(self.section) and self.has_body
        if stays and not self.headings.ends_sticky(heading.kind):
            self.organs = ()
            return
        self.section = heading.kind
        self.order += 1
        self.has_body = self.has_body or self.headings.is_plain_body(heading.kind)
        self.organs = ()
        self.organ_paragraph = None
        self.ends_with = _NOT_BEGUN if self.headings.is_one_paragraph(heading.kind) else None
        self.is_lone = heading.start > self.last_findings

    def _leave(self, start: int, block: int, paragraph: int) -> None:
        if self.organ_paragraph is not None and paragraph != self.organ_paragraph:
            self.organs = ()
            self.organ_paragraph = None
        if self.ends_with in (None, _NOT_BEGUN):
            return
        over = self.is_run_on or block != self.ends_with if self.is_lone else False
        if (over or paragraph != self.short_paragraph) and not (
            self.pending and self.pending[-1].start <= start
        ):
            self._into_findings()

    def _into_findings(self) -> None:
        """A short section without a body heading after it is over."""
        self.section = self.headings.default
        self.order += 1
        self.organs = ()
        self.ends_with = None


def _blocks(text: str, marks: set[int]) -> Iterator[_Block]:
    lines = [_Line(m.start(), m.end(), text) for m in re.finditer(r"[^\r\n]+", text)]
    widest = max((line.length for line in lines), default=0)
    capitals = _is_capitals(text)
    paragraph = 0
    current: _Block | None = None
    previous: _Line | None = None
    for line in lines:
        if not line.stripped:
            continue
        gap = previous is not None and text.count("\n", previous.end, line.start) > 1
        if gap or (previous is None) or line.has(marks):
            paragraph += 1
        if current and previous and not gap and not line.has(marks):
            if _reads_on(previous, line, widest, capitals):
                current = replace(current, end=line.end)
                previous = line
                continue
        if current:
            yield current
        current = _Block(line.start, line.end, paragraph, line.is_item)
        previous = line
    if current:
        yield current


class _Line:
    """One line of the text, and whether it begins an item."""

    __slots__ = ("end", "first", "is_item", "length", "start", "stripped")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start, self.end = start, end
        self.stripped = text[start:end].strip()
        self.length = len(self.stripped)
        self.is_item = bool(_BULLET.match(text[start:end]))
        self.first = next((c for c in self.stripped if c.isalnum()), "")

    def has(self, marks: set[int]) -> bool:
        return any(self.start <= mark < self.end for mark in marks if mark - self.start < 12)


def _is_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def _reads_on(line: _Line, after: _Line, widest: int, capitals: bool) -> bool:  # noqa: FBT001
    """Whether the line break between two lines is a wrap in mid sentence."""
    if (after.is_item and not _BOXED.match(after.stripped)) or line.stripped[-1] in ".!?:;" and not line.stripped.endswith(("vs.", "approx.")):
        return False
    if _DANGLING.search(line.stripped):
        return True
    if _BOXED.match(after.stripped) and line.length <= 60:
        return True
    if _FIELD.match(after.stripped):
        return False
    filled = line.length >= _WRAP_WIDTH and line.length >= 0.7 * widest
    if after.first.islower():
        return line.length >= 30 or filled or line.is_item
    if capitals or after.first.isdigit():
        return filled
    return filled and widest >= 55 and line.length >= 0.85 * widest


def _sentences(text: str, block: _Block, marks: set[int]) -> Iterator[tuple[int, int]]:
    start = block.start + (m.end() if (m := _BULLET.match(text[block.start : block.end])) else 0)
    cuts = [m.end() for m in _SENTENCE_END.finditer(text, start, block.end) if _ends(text, m)]
    cuts += [mark for mark in marks if start < mark < block.end]
    for cut in [*sorted(set(cuts)), block.end]:
        for first, last in _bounded(text, start, cut):
            piece = text[first:last]
            if piece.strip():
                lead = len(piece) - len(piece.lstrip())
                yield first + lead, first + len(piece.rstrip())
        start = cut


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Pieces of at most ``_LONGEST`` characters, cut between words: prose without an end."""
    while end - start > _LONGEST:
        cut = text.rfind(" ", start + 1, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        yield start, cut
        start = cut
    yield start, end


def _ends(text: str, mark: re.Match[str]) -> bool:
    if mark.group().startswith("?") and text[mark.start() - 1 : mark.start()].isspace():
        return False
    if mark.group() == ";" or mark.group("mark") != ".":
        return True
    before = re.search(r"([\w.]+)$", text[max(0, mark.start() - 12) : mark.start()])
    word = before.group(1).lower() if before else ""
    after = text[mark.end() : mark.end() + 3].lstrip()[:1]
    if word in {"no", "nos", "seg", "ser", "im", "img", "fig", "segs"}:
        return not after.isdigit()
    if word in _ABBREVIATIONS:
        return False
    if len(word) == 1 and word.isalpha() and word not in "i":
        return not after.isupper() or text[mark.start() - 2 : mark.start() - 1] in "\n"
    if word.isdigit() and len(word) <= 2:
        before_number = text[max(0, mark.start() - 40) : mark.start() - len(word)].rstrip(" \t")
        return bool(before_number) and before_number[-1] not in ".:;!?)\r\n"
    return True
