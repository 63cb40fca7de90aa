"""HL7 v2 messages in a stream of bytes: where each begins and ends, whatever is round it.

Segments end with CR, LF or both. A message may stand in the frame of MLLP (VT before, FS after), in
that of a listener's log (``<SB>`` and ``<EB>``, with ``<R>`` after each segment), or in none; lines
of a log between messages, and the envelopes of files and batches, are passed over. A line that is
no segment goes on with the one before: a text was exported with its line ends.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from screener.sources.rows import Fault

LONGEST_MESSAGE = 1 << 24
"""Bytes that a message may have; an embedded document makes one long, never this long."""

MOST_SEGMENTS = 20_000
"""Segments that a message may have; the longest reports have some hundred lines."""

CUT_OFF = "the message is cut off: its frame has no end"
_HEADLESS = "segments without a header (MSH) before them"
_BLOCK = 1 << 16

_SEGMENT = re.compile(rb"[A-Z][A-Z0-9]{2}(?=[^\w\s])")
_HEADER = re.compile(rb"MSH(?=[^\w\s])")
_HEADER_WITHIN = re.compile(rb"MSH\|\^~\\")
_ENVELOPE = re.compile(rb"(?:FHS|BHS|BTS|FTS)(?=[^\w\s]|$)")
_MARK = re.compile(
    rb"(?P<start>\x0b|<(?:SB|VT)>)|(?P<end>\x1c|<(?:EB|FS)>)"
    rb"|(?P<stop><(?:R|CR)>(?=\s*(?:$|<EB>|<FS>|[A-Z][A-Z0-9]{2}\|)))"
)
_LOGGED = re.compile(rb"\[?\d{4}-\d\d-\d\d[ T]\d\d:\d\d.{0,40}\b(?:TRACE|DEBUG|INFO|WARN|ERROR)\b")


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One message: the line on which it begins, from 1, and its segments; the header is first."""

    line: int
    segments: tuple[bytes, ...]


@dataclass(slots=True)
class _Open:
    """A message that has begun."""

    line: int
    is_framed: bool
    segments: list[bytes] = field(default_factory=list)
    tail: list[bytes] = field(default_factory=list)
    n_bytes: int = 0

    @property
    def is_too_long(self) -> bool:
        return self.n_bytes > LONGEST_MESSAGE or len(self.segments) > MOST_SEGMENTS

    def add(self, segment: bytes) -> None:
        if self._has_room(segment):
            self._close_segment()
            self.segments.append(segment)

    def go_on(self, line: bytes) -> None:
        if not line.strip() and self.tail and not self.tail[-1].strip():
            return  # of several blank lines one is kept
        if self._has_room(line):
            self.tail.append(line)

    def _has_room(self, more: bytes) -> bool:
        """Whether it may grow; of one that is too long, nothing is kept."""
        self.n_bytes += len(more) + 1
        if self.is_too_long:
            self.segments, self.tail = self.segments[:1], []
            self.n_bytes = LONGEST_MESSAGE + 1
            return False
        return True

    def _close_segment(self) -> None:
        """Put to the last segment the lines that went on with it, without blank ones after it."""
        while self.tail and not self.tail[-1].strip():
            self.tail.pop()
        if self.tail:
            self.segments[-1] = b"\n".join([self.segments[-1], *self.tail])
            self.tail = []

    def whole(self) -> RawMessage | Fault:
        self._close_segment()
        if self.is_too_long:
            return Fault(
                self.line,
                f"the message has over {LONGEST_MESSAGE} bytes or {MOST_SEGMENTS} segments",
            )
        return RawMessage(self.line, tuple(self.segments))


def read_messages(stream: BinaryIO) -> Iterator[RawMessage | Fault]:
    """Give the messages of a stream, one at a time, in memory that one message bounds."""
    framing = _Framing()
    for number, line in _lines(stream):
        if ended := framing.take(number, line):
            yield from ended
    yield from framing.close(is_end=False)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Give lines with their numbers; of one that is too long, its first bytes and one more."""
    number, rest = 1, b""
    while block := stream.read(_BLOCK):
        if not (rest or block.strip(b"\r\n")):  # a block of blank lines says nothing
            rest = b"\r" if block.endswith(b"\r") else b""  # a line feed may follow
            if n_blank := len(block[: len(block) - len(rest)].splitlines()):
                yield number, b""  # for all of them
                number += n_blank
            continue
        lines = (rest + block).splitlines(keepends=True)
        rest = lines.pop() if not lines[-1].endswith(b"\n") else b""
        for line in lines:
            yield number, line.rstrip(b"\r\n")
            number += 1
        if len(rest) > _BLOCK and not rest.endswith(b"\r"):
            rest = yield from _rest_of_long_line(stream, number, rest)
            number += 1
    for line in rest.splitlines():
        yield number, line
        number += 1


def _rest_of_long_line(
    stream: BinaryIO, number: int, start: bytes
) -> Generator[tuple[int, bytes], None, bytes]:
    """Give a line that is longer than a block; return what was read after it."""
    blocks, n_bytes = [start], len(start)
    while block := stream.read(_BLOCK):
        end = min((at for at in (block.find(b"\r"), block.find(b"\n")) if at >= 0), default=-1)
        if n_bytes <= LONGEST_MESSAGE:
            blocks.append(block[: end if end >= 0 else None])
            n_bytes += len(blocks[-1])
        if end >= 0:
            yield number, b"".join(blocks)
            after = block[end:]
            return after[2:] if after.startswith(b"\r\n") else after[1:]
    yield number, b"".join(blocks)
    return b""


_Ended = list[RawMessage | Fault]


class _Framing:
    """The message that has begun, if one has, and whether a frame is open.

    Each method gives the messages that what it took has ended.
    """

    def __init__(self) -> None:
        self._open: _Open | None = None
        self._is_framed = False
        self._is_headless = False

    def take(self, number: int, line: bytes) -> _Ended:
        """Take one line."""
        if not any(mark in line for mark in (b"<", b"\x0b", b"\x1c")):
            return self._content(number, line, is_whole=True)
        ended: _Ended = []
        at = 0
        for mark in _MARK.finditer(line):
            ended += self._content(number, line[at : mark.start()], is_whole=False)
            at = mark.end()
            if mark.lastgroup != "stop":
                ended += self.close(is_end=mark.lastgroup == "end")
                self._is_framed = mark.lastgroup == "start"
        return ended + self._content(number, line[at:], is_whole=False)

    def close(self, *, is_end: bool) -> _Ended:
        """End the message that has begun."""
        message, self._open = self._open, None
        if message is None:
            return []
        is_cut = message.is_framed and not is_end
        return [Fault(message.line, CUT_OFF) if is_cut else message.whole()]

    def _content(self, number: int, text: bytes, *, is_whole: bool) -> _Ended:
        if _HEADER.match(text):
            ended = self.close(is_end=False)
            self._begin(number, text)
            return ended
        if _ENVELOPE.match(text):
            self._is_headless = False
            return self.close(is_end=False)
        if self._open is not None:
            return self._inside(self._open, text, is_whole=is_whole)
        return self._outside(number, text)

    def _outside(self, number: int, text: bytes) -> _Ended:
        if _SEGMENT.match(text):
            was_headless, self._is_headless = self._is_headless, True
            return [] if was_headless else [Fault(number, _HEADLESS)]
        if found := _HEADER_WITHIN.search(text):
            self._begin(number, text[found.start() :])
        return []

    def _begin(self, number: int, text: bytes) -> None:
        self._open = _Open(number, self._is_framed)
        self._open.add(text)
        self._is_headless = False

    def _inside(self, message: _Open, text: bytes, *, is_whole: bool) -> _Ended:
        if _SEGMENT.match(text):
            message.add(text)
        elif not message.is_framed and _LOGGED.match(text):
            return self.close(is_end=False)
        elif text or is_whole:
            message.go_on(text)
        return []
