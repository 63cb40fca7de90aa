"""Sentences of report text: where a sentence ends.

A stretch between two ends that are sure is split once, wherever it stands, and so is a stretch at
the start of a block whose first mark no rule looks behind.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from screener.nlp.blocks import BULLET, Block

_ITEM = re.compile(r"\s+\(?\d{1,2}[.)][ \t]+(?=[A-Z])")
"""The number of an item in running text."""
_SENTENCE_END = re.compile(
    r"[.!?;](?:(?<=;)|(?<!;)(?P<more>[.!?]*)[\"')\]]*(?=\s|$)|(?<=[a-z)%]{2}\.)(?=[A-Z][a-z])"
    r"|(?<=[A-Z]{3}\.)(?=[A-Z]{3}))"
)
"""A sign that may end a sentence; it comes first, so that the others are passed over at once."""
_OPENING = re.compile(r"[^\W\d_]{3}|(?:[^\s.!?;]|\.(?=\d))+\s+\S")
"""Letters, or a word, at the start of a block that no rule looks behind."""
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


def _no_abbreviation(n: int) -> str:
    """A pattern of what stands behind the full stop after a word of so many letters."""
    words = "|".join(sorted(w for w in _ABBREVIATIONS if len(w) == n and w.isalpha()))
    return rf"(?<=\b[a-z]{{{n}}}\.)(?<!(?:{words})\.)"


_SURE_END = re.compile(
    r"\.(?=\s)(?:(?<=[a-z]{5}\.)(?<!pprox\.)|(?<=\d [cm]m\.)|(?<=\d[cm]m\.)|(?<=[A-Z]\d\.)"
    rf"|(?<=[%)\]]\.)|{_no_abbreviation(4)}|{_no_abbreviation(3)})"
)
"""An end of a sentence wherever it stands: after a long word, since no abbreviation is so long but
one, a short one that is none, a size, a code such as L5, a share or a bracket."""
_LONGEST = 1_500
"""Characters of the longest segment; a sentence of a report has some two hundred."""
_PIECES = 20_000
"""Stretches between sure ends of sentences that are kept."""
_REST_OF_WORD = re.compile(r"[\w'’]*(?:[.,]\d[\w'’]*)*")
"""What a cut leaves together, so that it makes no new word."""
_SAYS = re.compile(r"[^\W_]")
"""A letter or figure."""
_LEADING = frozenset(":-–—*_=")
"""Signs at the start of a sentence that are no part of it."""


Sentence = tuple[int, int, int]
"""Start and end of a sentence without white space around it, and where it begins to say something:
at the first of its signs that is none of those that lead in, or at its end where it has no letter
or figure."""


def split_sentences(text: str, block: Block, marks: Collection[int]) -> list[Sentence]:
    """Return the sentences of a block in order.

    Parameters
    ----------
    text, block
        Report text as exported, and a part of it.
    marks
        Where headings begin.
    """
    bullet = BULLET.match(text, block.start, block.end)
    start = at = bullet.end() if bullet else block.start
    parts = [mark for mark in marks if start < mark < block.end and _parts(text, start, mark)]
    found: list[Sentence] = []
    for end in [*[m.end() for m in _SURE_END.finditer(text, start, block.end)], block.end]:
        piece = text[at:end]
        inside = tuple([mark - at for mark in parts if at < mark <= end]) if parts else ()
        is_alone = at > start or _OPENING.match(piece) is not None
        if is_alone and "?" not in piece and len(piece) <= _LONGEST:
            found += [(at + a, at + b, at + c) for a, b, c in _within_piece(piece, inside)]
        else:
            found += _sentences(text, at, end, [mark + at for mark in inside])
        at = end
    return found


@lru_cache(maxsize=_PIECES)
def _within_piece(piece: str, parts: tuple[int, ...]) -> tuple[Sentence, ...]:
    """The sentences of a stretch between two sure ends; what is around it has no part in them."""
    return tuple(_sentences(piece, 0, len(piece), parts))


def said_from(text: str, start: int, end: int) -> int:
    """Return where a stretch begins to say something; its end where it says nothing."""
    while start < end and (text[start].isspace() or text[start] in _LEADING):
        start += 1
    return start if _SAYS.search(text, start, end) else end


def _sentences(text: str, start: int, end: int, parts: Iterable[int]) -> Iterator[Sentence]:
    """Sentences of a stretch of text that is parted at its headings, and at its ends."""
    cuts = {m.end() for m in _SENTENCE_END.finditer(text, start, end) if _ends(text, m)}
    for cut in [*sorted(cuts.union(parts)), end]:
        item = _ITEM.match(text, start, cut)
        for first, last in _bounded(text, item.end() if item else start, cut):
            piece = text[first:last]
            if piece.strip():
                begin = last - len(piece.lstrip())
                finish = first + len(piece.rstrip())
                yield begin, finish, said_from(text, begin, finish)
        start = cut


def sure_pieces(text: str) -> list[str]:
    """Return the stretches of a text between ends of sentences that need no second look.

    Every sentence of `split_sentences` lies within one of them, and each may hold several.

    Examples
    --------
    >>> sure_pieces("The liver is normal. Cyst of approx. 2 cm. Spleen")
    ['The liver is normal', ' Cyst of approx. 2 cm', ' Spleen']
    """
    return _SURE_END.split(text)


def _parts(text: str, start: int, mark: int) -> bool:
    """Whether a heading in running text has words before it, on its line."""
    line = max(start, text.rfind("\n", start, mark) + 1)
    return any(map(str.isalnum, text[line:mark])) or line > start


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
    if mark.group()[0] != "." or mark.group("more") != "":
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
