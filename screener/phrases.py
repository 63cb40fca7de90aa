r"""The phrase notation of rule packs, and what a phrase expands to.

A phrase is a few words. Between them may stand

==================  =======================================================
``(a|b c|)``        one of these alternatives (an empty one: or nothing)
``[a]``             optional, the same as ``(a|)``
``{name}``          one of the words that the pack gives this name
``near-total``      a hyphen between words: hyphen, space or nothing between
``<0-3>``           a gap of up to three words that does not leave the clause
``\]``              a sign that the notation would otherwise take for its own
==================  =======================================================

Words are compared without regard to case. A phrase stands for a finite list of wordings, each a
sequence of words, choices among single words, and gaps. Nothing here can run away: the number of
wordings is bounded by :data:`MAX_WORDINGS` and a gap by :data:`MAX_GAP`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

MAX_WORDINGS = 2_000
MAX_GAP = 8

WORD = re.compile(
    r"[^\W\d_]{1,3}\d+[^\W\d_]*|\d+(?:[.,]\d+)*(?:[^\W\d_]+\d*)?|[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]|_+"
)
"""A word, number, code (``T10``, ``5mm``, ``68Ga``) or single sign."""
_NAME = re.compile(r"\{([a-z_]+)\}")
_PIECE = re.compile(r"<(\d+)-(\d+)>|\\[^\s\w]|\(|\)|\[|\]|\||[^\s()\[\]|<>]+|[<>]")


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to ``most`` words between two words of a phrase, and at least ``least``."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several single words at one place of a phrase."""

    words: tuple[str, ...]


Item = str | Choice | Gap
Wording = tuple[Item, ...]


class PhraseError(ValueError):
    """A phrase that does not follow the notation."""


def words_of(text: str) -> list[str]:
    """Return the words of `text`, lower case, possessives dropped.

    Examples
    --------
    >>> words_of("Near-total; the liver's 80%")
    ['near', '-', 'total', ';', 'the', 'liver', '80', '%']
    """
    return [plain_word(match.group()) for match in WORD.finditer(text)]


def plain_word(word: str) -> str:
    """Return one word as it is compared: lower case, straight apostrophe, no possessive ending."""
    word = word.lower().replace("’", "'")
    return word[:-2] if word.endswith("'s") else word


def with_words(phrase: str, named: Mapping[str, Sequence[str]]) -> str:
    """Return `phrase` with the words that each name in braces stands for in its place.

    Parameters
    ----------
    phrase
        In the notation of this module.
    named
        The pack's lists of words by name; a word may itself be a phrase without names.

    Raises
    ------
    PhraseError
        If there is no such name.

    Examples
    --------
    >>> with_words("no {plain} liver", {"plain": ["normal", "healthy"]})
    'no (normal|healthy) liver'
    """

    def words(match: re.Match[str]) -> str:
        if match[1] not in named:
            known = ", ".join(sorted(named)) or "none"
            raise PhraseError(f"no words named {match[1]!r} in {phrase!r}; named: {known}")
        return f"({'|'.join(named[match[1]])})"

    return _NAME.sub(words, phrase)


@lru_cache(maxsize=20_000)
def expand(phrase: str) -> tuple[Wording, ...]:
    """Return the wordings that `phrase` stands for, without repeats; single words stay choices.

    Raises
    ------
    PhraseError
        On unbalanced brackets, a gap at an end, or more than ``MAX_WORDINGS`` wordings.

    Examples
    --------
    >>> expand("(liver|hepatic) load")
    ((Choice(words=('liver', 'hepatic')), 'load'),)
    >>> expand("[tumor] load")
    (('tumor', 'load'), ('load',))
    >>> expand("no <0-2> liver")
    (('no', Gap(least=0, most=2), 'liver'),)
    """
    pieces = list(_PIECE.finditer(phrase))
    sequences, rest = _alternatives(pieces, 0, phrase, depth=0)
    if rest != len(pieces):
        raise PhraseError(f"unbalanced bracket in {phrase!r}")
    unique = tuple(dict.fromkeys(sequences))
    for sequence in unique:
        if not sequence:
            raise PhraseError(f"{phrase!r} can match nothing at all")
        if isinstance(sequence[0], Gap) or isinstance(sequence[-1], Gap):
            raise PhraseError(f"{phrase!r} begins or ends with a gap")
    return unique


def _alternatives(
    pieces: list[re.Match[str]], at: int, phrase: str, depth: int
) -> tuple[list[Wording], int]:
    done: list[Wording] = []
    current: list[Wording] = [()]
    while at < len(pieces):
        piece = pieces[at].group()
        if piece in (")", "]"):
            if depth == 0:
                raise PhraseError(f"unbalanced bracket in {phrase!r}")
            return done + current, at
        if piece == "|":
            if depth == 0:
                raise PhraseError(f"'|' outside brackets in {phrase!r}")
            done, current = done + current, [()]
        elif piece in ("(", "["):
            inner, at = _alternatives(pieces, at + 1, phrase, depth + 1)
            inner = _with_choice(inner)
            if at >= len(pieces) or pieces[at].group() != {"(": ")", "[": "]"}[piece]:
                raise PhraseError(f"unbalanced bracket in {phrase!r}")
            current = _joined(current, [*inner, ()] if piece == "[" else inner, phrase)
        else:
            current = _joined(current, _single(pieces[at], phrase), phrase)
        at += 1
    return done + current, at


def _with_choice(inner: list[Wording]) -> list[Wording]:
    """The alternatives of a bracket, its single words drawn together into one choice."""
    single = [w[0] for w in inner if len(w) == 1 and isinstance(w[0], str)]
    if len(single) <= 1:
        return inner
    rest = [w for w in inner if not (len(w) == 1 and isinstance(w[0], str))]
    return [(Choice(tuple(dict.fromkeys(map(str, single)))),), *rest]


def options_of(item: Item) -> tuple[str, ...]:
    """Return the words of which an item of a wording is one; a gap has none.

    Examples
    --------
    >>> options_of(Choice(("liver", "hepatic"))), options_of("load"), options_of(Gap(0, 2))
    (('liver', 'hepatic'), ('load',), ())
    """
    if isinstance(item, Gap):
        return ()
    return item.words if isinstance(item, Choice) else (item,)


def literals(wording: Wording) -> Iterator[tuple[str, ...]]:
    """Yield every sequence of words of a wording without gaps.

    Examples
    --------
    >>> list(literals((Choice(("liver", "hepatic")), "load")))
    [('liver', 'load'), ('hepatic', 'load')]
    """
    options = [item.words if isinstance(item, Choice) else (str(item),) for item in wording]
    return product(*options)


def vocabulary(phrases: Iterable[str]) -> Iterator[str]:
    """Yield every word of some phrases, in no order."""
    for phrase in phrases:
        yield from _words_in(phrase)


@lru_cache(maxsize=20_000)
def _words_in(phrase: str) -> frozenset[str]:
    items = {id(item): item for wording in expand(phrase) for item in wording}  # many are shared
    return frozenset(word for item in items.values() for word in options_of(item))


def _joined(left: list[Wording], right: list[Wording], phrase: str) -> list[Wording]:
    if len(left) * len(right) > MAX_WORDINGS:
        raise PhraseError(
            f"{phrase[:100]!r} stands for more than {MAX_WORDINGS} wordings; split it"
        )
    return [a + b for a in left for b in right]


def _single(piece: re.Match[str], phrase: str) -> list[Wording]:
    if piece.group(1) is not None:
        gap = Gap(int(piece.group(1)), int(piece.group(2)))
        if not 0 <= gap.least <= gap.most <= MAX_GAP or gap.most == 0:
            raise PhraseError(f"a gap is <least-most> with most from 1 to {MAX_GAP}: {phrase!r}")
        return [(gap,)]
    if piece.group() in "<>":
        raise PhraseError(f"a gap is written <0-3>: {phrase!r}")
    return _worded(piece.group().removeprefix("\\"))


@lru_cache(maxsize=20_000)
def _worded(text: str) -> list[Wording]:
    """The wordings of a stretch without brackets or white space; not to be changed."""
    parts = text.split("-")
    if len(parts) == 1 or not all(parts):
        return [tuple(words_of(text))]
    bare = [tuple(words_of(part)) for part in parts]
    spaced = tuple(word for part in bare for word in part)
    hyphened = bare[0] + tuple(word for part in bare[1:] for word in ("-", *part))
    return [hyphened, spaced, ("".join(spaced),)]
