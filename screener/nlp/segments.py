"""Segmentation of report text: sections, passages and sentence-like segments, on the raw text.

Contract: segments are in order, do not overlap, and are spans of the text as exported. Nothing is
rewritten, so line wraps, CRLF, bullets and run-on text keep their offsets. A segment never holds
words of two sections or of two list items; what ConText may see of a sentence is one segment.

spaCy and medspaCy are not used here: this is the part of the pipeline that runs on every report.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from screener.nlp.blocks import Block, split_blocks
from screener.nlp.headings import Heading, Headings
from screener.nlp.sentences import Sentence, said_from, split_sentences
from screener.nlp.templates import masked_spans, quoted_spans

_NOT_BEGUN = -1
"""A short section whose first words are still to come."""


_ZEROS = str.maketrans(dict.fromkeys("123456789", "0"))
"""For splitting, one figure is as good as another: what differs in a size is split once."""


class Segment(NamedTuple):
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
    marks = [heading.start for heading in found]
    state = _State(headings, text, found)
    plain = text.translate(_ZEROS)
    placed = [
        state.place(sentence, block)
        for block in split_blocks(plain, marks)
        for sentence in split_sentences(plain, block, marks)
    ]
    segments = tuple([segment for segment in placed if segment is not None])
    masked, quoted = masked_spans(text), quoted_spans(text)
    if not masked and not quoted:
        return segments
    return tuple(s._replace(masked=_within(masked, s), quoted=_within(quoted, s)) for s in segments)


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
        self.last_findings = max((h.start for h in found if h.kind == headings.default), default=-1)
        self.has_body = False
        self.is_lone = True
        self.short_paragraph = 0
        self.is_run_on = "\n" not in text.strip()

    def place(self, sentence: Sentence, block: Block) -> Segment | None:
        """Take in the next sentence; return what of it is no heading, where that says something."""
        start, end, said = sentence
        if self.organ_paragraph is not None or self.ends_with not in (None, _NOT_BEGUN):
            self._leave(start, block)
        if self.pending and self.pending[-1].start < end:
            said = said_from(self.text, self._after_headings(start, end, block), end)
        if said == end:
            return None
        segment = Segment(said, end, self.section, self.order, self.organs, block.paragraph)
        if self.ends_with == _NOT_BEGUN:
            self.ends_with = block.start
            self.short_paragraph = block.paragraph
        return segment

    def _after_headings(self, start: int, end: int, block: Block) -> int:
        """Where a sentence goes on after the headings that it opens with or holds."""
        while self.pending and self.pending[-1].start < end:
            heading = self.pending.pop()
            self._enter(heading, block.paragraph)
            start = heading.end if heading.kind else self._label(start, heading.start)
        return start

    def _label(self, start: int, heading: int) -> int:
        """Where a field under an organ begins, a sign before the organ included: "% liver"."""
        return heading if any(map(str.isalnum, self.text[start:heading])) else min(start, heading)

    def _enter(self, heading: Heading, paragraph: int) -> None:
        if not heading.kind:
            if self.ends_with is not None:
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

    def _leave(self, start: int, block: Block) -> None:
        """End what ends before a sentence: the field of an organ, a short section."""
        if self.organ_paragraph is not None and block.paragraph != self.organ_paragraph:
            self.organs = ()
            self.organ_paragraph = None
        if self.ends_with in (None, _NOT_BEGUN):
            return
        over = self.is_run_on or block.start != self.ends_with if self.is_lone else False
        if (over or block.paragraph != self.short_paragraph) and not (
            self.pending and self.pending[-1].start <= start
        ):
            self._into_findings()

    def _into_findings(self) -> None:
        """A short section without a body heading after it is over."""
        self.section = self.headings.default
        self.order += 1
        self.organs = ()
        self.ends_with = None
