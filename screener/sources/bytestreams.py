"""Bytes of an input: their hash, their number, and the encoding of its text.

Text is UTF-8 (with or without a byte order mark), UTF-16 with a byte order mark, or else cp1252.
A file is read once through, a block at a time, before its first row: it is UTF-8 only if all of it
is. A stream that cannot be read twice is UTF-8, or UTF-16 with a byte order mark.
"""

from __future__ import annotations

import codecs
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from screener.sources.rows import Tally

_BLOCK = 1 << 20
_UNDEFINED_IN_CP1252 = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

CP1252_NOTE = "It is not UTF-8 and was read as cp1252."


@dataclass(frozen=True, slots=True)
class Examined:
    """What one pass over a file tells.

    Attributes
    ----------
    n_bytes, sha256
        Size and hash.
    encoding
        Name of the codec that reads all of it; ``None`` where none does.
    """

    n_bytes: int
    sha256: str
    encoding: str | None

    @property
    def notes(self) -> tuple[str, ...]:
        """What to tell of the encoding."""
        return (CP1252_NOTE,) if self.encoding == "cp1252" else ()

    def tally(self) -> Tally:
        """Begin a tally with the size and the hash."""
        return Tally(n_bytes=self.n_bytes, sha256=self.sha256)


def examine(open_: Callable[[], BinaryIO]) -> Examined:
    """Hash a file and find its encoding, in memory that does not grow with the file."""
    digest = hashlib.sha256()
    n_bytes = 0
    guess = _Guess()
    for block in _blocks(open_):
        digest.update(block)
        n_bytes += len(block)
        guess.feed(block)
    return Examined(n_bytes, digest.hexdigest(), guess.encoding())


def marked_encoding(start: bytes) -> str:
    """Name the encoding that the first bytes say; UTF-8 where they say nothing."""
    if start.startswith(_UTF_16_MARKS):
        return "utf-16"
    return "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"


class _Guess:
    """The encodings that still read everything seen so far."""

    def __init__(self) -> None:
        self._marked = ""
        self._decoder: codecs.IncrementalDecoder | None = None
        self._is_cp1252 = True

    def feed(self, block: bytes) -> None:
        if not self._marked:
            self._marked = marked_encoding(block)
            self._decoder = codecs.getincrementaldecoder(self._marked)()
            self._is_cp1252 = self._marked == "utf-8"
        self._decode(block, is_last=False)
        self._is_cp1252 = self._is_cp1252 and not _has_undefined(block)

    def encoding(self) -> str | None:
        self._decode(b"", is_last=True)
        if self._decoder or not self._marked:
            return self._marked or "utf-8"
        return "cp1252" if self._is_cp1252 else None

    def _decode(self, block: bytes, *, is_last: bool) -> None:
        try:
            if self._decoder:
                self._decoder.decode(block, final=is_last)
        except UnicodeDecodeError:
            self._decoder = None


def _has_undefined(block: bytes) -> bool:
    return len(block.translate(None, _UNDEFINED_IN_CP1252)) < len(block)


def _blocks(open_: Callable[[], BinaryIO]) -> Iterator[bytes]:
    with open_() as file:
        while block := file.read(_BLOCK):
            yield block


class CountedStream(io.RawIOBase):
    """A stream that hashes and counts what is read through it; the stream beneath stays open."""

    def __init__(self, stream: BinaryIO, tally: Tally) -> None:
        self._read = getattr(stream, "read1", stream.read)
        self._tally = tally
        self._digest = hashlib.sha256()
        self._ahead = b""
        tally.sha256 = self._digest.hexdigest()

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def start(self, size: int) -> bytes:
        """Look at the first bytes, at most `size`, without taking them."""
        while len(self._ahead) < size and (more := self._take(size - len(self._ahead))):
            self._ahead += more
        return self._ahead

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read what there is, waiting only if there is nothing."""
        if self._ahead:
            got, self._ahead = self._ahead[: len(buffer)], self._ahead[len(buffer) :]
        else:
            got = self._take(len(buffer))
        buffer[: len(got)] = got
        return len(got)

    def _take(self, size: int) -> bytes:
        got: bytes = self._read(size) or b""
        self._digest.update(got)
        self._tally.n_bytes += len(got)
        self._tally.sha256 = self._digest.hexdigest()
        return got
