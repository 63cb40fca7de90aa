"""The gate: finds by words alone the reports that cannot be relevant to a pack's question.

Contract: where `Gate.passes` is false, `Relevance.holds` is false of the report as the pipeline
reads it. First it reads the runs of letters of a text. Every word of letters that the pipeline
reads is such a run, or a run with an apostrophe in it, and is corrected here by the same
`Spelling`; so its anchor is met wherever the pipeline can find the wording. Where only anchors are
met, the wordings are looked for among the words in their order. The segments that the pipeline
reads are stretches of these words, unless a template left something behind; none goes over an end
of a sentence that is sure, so what lies between two such ends is looked at once and kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from enum import Enum, auto
from functools import cached_property

from screener.gates import (
    LETTERS,
    GateWords,
    Requirement,
    common_words,
    cost_of,
    gate_words,
)
from screener.nlp.matching import END, QUERY
from screener.nlp.ratios import SHARE_WORDS
from screener.nlp.readings import Kept
from screener.nlp.sentences import sure_pieces
from screener.nlp.sifting import Sieve, as_array, may_be_masked
from screener.nlp.spelling import Spelling
from screener.nlp.templates import masked_spans
from screener.nlp.wordings import WordingIndex
from screener.packs import RulePack
from screener.phrases import (
    WORD,
    Choice,
    Gap,
    Item,
    Wording,
    expand,
    options_of,
    plain_word,
    vocabulary,
)
from screener.relevance import Relevance

_MANY = 200
"""Anchors from which on what wordings need besides is not looked up by itself."""
_PIECES = 20_000
"""Stretches of text that are kept as they are written, with the figures in them."""
_KEPT = 500_000
"""Words whose bearing is kept; with more, all are found anew."""
_PLACE, _MATTER = _KINDS = ("place", "matter")
"""What a relevant text names one each of, the rarer first."""
_BOTH = 0b11
"""A place and a matter, in bits."""
_FIGURE = re.compile(r"(?<![^\W_])\d+(?:[.,]\d+)*(?![^\W_])")
"""A number in figures that stands alone."""
_SOME_FIGURE = "00"
"""Stands for figures in which no place or matter is named; if it named one, more would pass."""


class Gate:
    """Passes on the texts that may be relevant to a pack.

    Parameters
    ----------
    pack
        The question.

    Examples
    --------
    >>> from screener.packs import load_pack
    >>> gate = Gate(load_pack("liver_tumor_burden"))
    >>> [gate.passes(t) for t in ("Hepatc metastsis.", "The liver is normal.", "Lung metastases.")]
    [True, False, False]
    """

    def __init__(self, pack: RulePack) -> None:
        self._pack = pack
        self.relevance = Relevance(pack, SHARE_WORDS)
        self.words: GateWords = _words(pack)
        self.problems = _problems(pack, self.words)
        """Why the pack cannot be gated; empty where it can."""
        self._signs = tuple(w for w in self.words.matters.sufficient if not LETTERS.search(w))
        self._spelling = Spelling(pack)
        self._plain = Kept(self._plain_word)
        self._pieces = Kept(self._named_in, _PIECES)
        self._alike = Kept(self._named_in_alike)
        self._hot = {
            _PLACE: _Hot(self.words.places, self._spelling),
            _MATTER: _Hot(self.words.matters, self._spelling),
        }
        self._index = Kept(self._index_of)
        named = self.relevance.places | self.relevance.matters
        phrases = (p for c in pack.concepts if c.name in named for p in c.phrases)
        self._figures = frozenset(filter(_FIGURE.fullmatch, vocabulary(phrases)))

    @property
    def is_open(self) -> bool:
        """Whether every text passes, because the pack cannot be gated."""
        return bool(self.problems)

    def sift(self, texts: Sequence[str]) -> list[int]:
        """Return the places of the texts that may pass, many of them looked at at once.

        No text that `passes` is left out; of those that are left in, some do not.
        """
        array = None if self.is_open else as_array(texts)
        if array is None:
            return list(range(len(texts)))
        from pyarrow import compute

        left = compute.indices_nonzero(self._sieve.may_meet(array))
        some = array.take(left)
        names = compute.or_(self._sieve.may_name(some), may_be_masked(some))
        places: list[int] = left.filter(names).to_pylist()
        return places

    @cached_property
    def _sieve(self) -> Sieve:
        places = [wording for _, wording in _wordings(self._pack, self.relevance.places)]
        return Sieve(self._pack, self.words.places, places)

    def passes(self, text: str) -> bool:
        """Whether a report of this text may be relevant; true where the pack cannot be gated."""
        if self.is_open:
            return True
        if masked_spans(text):
            return all(self._names(text, kind, is_in_order=False) for kind in _KINDS)
        names = 0
        for piece in sure_pieces(text):
            names |= self._pieces[piece]
            if names == _BOTH:
                return True
        return False

    def _named_in(self, piece: str) -> int:
        return self._alike[_FIGURE.sub(self._plain_figure, piece)]

    def _named_in_alike(self, piece: str) -> int:
        """What a piece names, in bits: a place, a matter."""
        return sum(self._names(piece, kind, is_in_order=True) << i for i, kind in enumerate(_KINDS))

    def _names(self, text: str, kind: str, *, is_in_order: bool) -> bool:
        """Whether some text may name a place, or a matter."""
        if kind == _MATTER and any(sign in text for sign in self._signs):
            return True
        meeting = self._hot[kind].meeting(frozenset(LETTERS.findall(text.lower())))
        if meeting is not _Meeting.PERHAPS or not is_in_order:
            return meeting is not _Meeting.NOT
        return self._index[kind].holds_any([self._plain[word] for word in WORD.findall(text)])

    def _index_of(self, kind: str) -> WordingIndex:
        """Built when a text first meets the requirement by its words alone."""
        if kind == _PLACE:
            return _index(self._pack, self.relevance.places, ())
        common = common_words(self._pack, self.relevance) | self.words.places.sufficient
        return _index(self._pack, self.relevance.matters, common)

    def _plain_figure(self, match: re.Match[str]) -> str:
        """One figure for all that name nothing: what differs in a size is looked at once."""
        return match[0] if match[0] in self._figures else _SOME_FIGURE

    def _plain_word(self, word: str) -> str:
        return self._spelling.correct(plain_word(word))


class _Meeting(Enum):
    """How far a text meets a requirement by its words alone."""

    NOT = auto()
    PERHAPS = auto()
    SURE = auto()


class _Hot:
    """One requirement, with the words met so far parted into those that bear on it and others."""

    def __init__(self, requirement: Requirement, spelling: Spelling) -> None:
        self.requirement = requirement
        self.spelling = spelling
        self.anchors = requirement.anchors
        self.sufficient = requirement.sufficient
        self.cold: set[str] = set()

    def meeting(self, runs: frozenset[str]) -> _Meeting:
        hot = [run for run in runs - self.cold if self._bears(run)]
        if not hot:
            return _Meeting.NOT
        corrected = {*hot, *map(self.spelling.correct, hot)}
        if not self.sufficient.isdisjoint(corrected):
            return _Meeting.SURE
        if len(self.anchors) > _MANY:  # the look at the words in their order costs no more
            return _Meeting.PERHAPS
        words = runs.union(map(self.spelling.correct, runs))
        return _Meeting.PERHAPS if self.requirement.is_met(words) else _Meeting.NOT

    def _bears(self, run: str) -> bool:
        if run in self.anchors or self.spelling.correct(run) in self.anchors:
            return True
        if len(self.cold) >= _KEPT:
            self.cold.clear()
        self.cold.add(run)
        return False


def _index(pack: RulePack, names: Collection[str], common: Collection[str]) -> WordingIndex:
    return WordingIndex(_wordings(pack, names), cost=lambda word: cost_of(word, common))


def _wordings(pack: RulePack, names: Collection[str]) -> Iterator[tuple[str, Wording]]:
    """The wordings of some concepts as a text holds them; none is empty unless the gate is open."""
    for concept in pack.concepts:
        if concept.name in names:
            for phrase in concept.phrases:
                written = map(_as_written, expand(phrase))
                yield from ((concept.name, wording) for wording in written if wording)


def _as_written(wording: Wording) -> Wording:
    """A wording as a text holds it: what comes before the end of a segment, and asks with a "?"."""
    end = next((i for i, item in enumerate(wording) if END in options_of(item)), len(wording))
    items = list(map(_asked, wording[:end]))
    while items and isinstance(items[-1], Gap):
        items.pop()
    return tuple(items)


def _asked(item: Item) -> Item:
    if QUERY not in options_of(item):
        return item
    return Choice(tuple("?" if word == QUERY else word for word in options_of(item)))


def gate_problems(pack: RulePack) -> tuple[str, ...]:
    """Return why a pack cannot be gated; empty where it can."""
    return _problems(pack, _words(pack))


_LAST: list[tuple[RulePack, GateWords]] = []
"""The last pack that was asked for, and its words: it is asked for its problems and then gated."""


def _words(pack: RulePack) -> GateWords:
    if not (_LAST and _LAST[0][0] is pack):
        _LAST[:] = [(pack, gate_words(pack, Relevance(pack, SHARE_WORDS)))]
    return _LAST[0][1]


def _problems(pack: RulePack, words: GateWords) -> tuple[str, ...]:
    variants = [key for key in pack.spelling.variants if not key.removesuffix("*").isalpha()]
    return (*words.problems, *(f"the spelling {key!r} is not made of letters" for key in variants))
