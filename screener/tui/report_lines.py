"""A report's text as lines that fit a screen, each with the characters of the text that it shows.

Contract: the lines and the line breaks between them are the whole text, in order; nothing is left
out, folded or interpreted. Characters that would steer a terminal are shown as pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len

TAB_STOP = 8
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_PICTURES = 0x2400  # of the control characters, in Unicode's order
_DELETE = 0x7F
# Directions of writing would reorder what follows on the screen; surrogates cannot be written.
_UNSHOWN = re.compile("[\x80-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Line:
    """Characters of a text that stand on one line of the screen, half-open."""

    start: int
    end: int


def lay_out(text: str, width: int) -> tuple[Line, ...]:
    """Return a text as lines of at most so many cells.

    Parameters
    ----------
    text
        As exported.
    width
        In cells of the terminal; anything below 2 counts as 2, which a wide character needs.

    Examples
    --------
    >>> text = "No liver metastases."
    >>> [text[line.start : line.end] for line in lay_out(text, 10)]
    ['No liver ', 'metastases', '.']
    """
    width = max(width, 2)
    lines: list[Line] = []
    start = 0
    for found in _BREAK.finditer(text):
        lines += _wrapped(text, start, found.start(), width)
        start = found.end()
    lines += _wrapped(text, start, len(text), width)
    return tuple(lines)


def shown_text(text: str) -> tuple[str, tuple[int, ...]]:
    r"""Return how characters of one line look, and where each of them begins in that.

    Returns
    -------
    tuple
        The shown text, and for each character of `text`, and for its end, a place in the shown one.

    Examples
    --------
    >>> shown_text("a\tb")
    ('a       b', (0, 1, 8, 9))
    """
    if text.isascii() and text.isprintable():
        return text, tuple(range(len(text) + 1))
    shown, places, cells = "", [], 0
    for character in text:
        places.append(len(shown))
        look = " " * (TAB_STOP - cells % TAB_STOP) if character == "\t" else _look(character)
        shown += look
        cells += cell_len(look)
    return shown, (*places, len(shown))


def line_of(lines: tuple[Line, ...], place: int) -> int:
    """Return which line shows a character, counted from 0; the last one before it otherwise."""
    low, high = 0, len(lines) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if lines[middle].start <= place else (low, middle - 1)
    return low


def _look(character: str) -> str:
    code = ord(character)
    if code < ord(" "):
        return chr(_PICTURES + code)
    if code == _DELETE:
        return "\u2421"
    return "\ufffd" if _UNSHOWN.match(character) else character


def _wrapped(text: str, start: int, end: int, width: int) -> Iterator[Line]:
    """Break a line between words where there are any, else between characters."""
    is_plain = text[start:end].isascii() and text[start:end].isprintable()
    while True:
        fits = min(start + width, end) if is_plain else _fitting(text, start, end, width)
        if fits >= end:
            yield Line(start, end)
            return
        blank = fits
        while blank < end and text[blank] == " ":
            blank += 1
        if blank == fits:
            blank = max(text.rfind(" ", start, fits), text.rfind("\t", start, fits)) + 1
        stop = blank if blank > start else fits
        yield Line(start, stop)
        start = stop
        if start == end:
            return


def _fitting(text: str, start: int, end: int, width: int) -> int:
    """Return how far from `start` a line of so many cells goes; at least one character."""
    cells, place, last = 0, start, start
    while place < end:
        character = text[place]
        is_tab = character == "\t"
        wide = TAB_STOP - cells % TAB_STOP if is_tab else cell_len(_look(character))
        is_joined = wide == 0 or (place > start and text[place - 1] == _JOINER)
        if not is_joined:
            last = place
        if cells + wide > width and last > start:
            return last
        cells += wide
        place += 1
    return end
