"""The gate: finds by words alone the reports that cannot be relevant to a pack's question.

Contract: where `Gate.passes` is false, `Relevance.holds` is false of the report as the pipeline
reads it. First it reads the runs of letters of a text. Every word of letters that the pipeline
reads is such a run, or a run with an apostrophe in it, and is corrected here by the same
`Spelling`; so what a wording needs is met wherever the pipeline can find the wording. Where it is
met, the wordings are looked for among the words in their order. The segments that the pipeline
reads are stretches of these words, unless a template left something behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import Enum, auto

from screener.gates import LETTERS, GateWords, Requirement, gate_words
from screener.nlp.matching import END, QUERY
from screener.nlp.quantities import SHARE_WORDS
from screener.nlp.spelling import Spelling
from screener.nlp.templates import masked_spans
from screener.nlp.wordings import WordingIndex
from screener.packs import RulePack
from screener.phrases import WORD, expand, plain_word
from screener.relevance import Relevance

_KEPT = 500_000
"""Words whose bearing is kept; with more, all are found anew."""


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
        self.relevance = Relevance(pack, SHARE_WORDS)
        self.words: GateWords = gate_words(pack, self.relevance)
        self.problems = _problems(pack, self.words)
        """Why the pack cannot be gated; empty where it can."""
        self._signs = tuple(w for w in self.words.matters.sufficient if not LETTERS.search(w))
        self._spelling = Spelling(pack)
        self._places = _Hot(self.words.places, self._spelling)
        self._matters = _Hot(self.words.matters, self._spelling)
        self._place_index = _index(pack, self.relevance.places)
        self._matter_index = _index(pack, self.relevance.matters)
        self._are_marked = any(
            _is_marked(phrase)
            for concept in pack.concepts
            if concept.name in self.relevance.places | self.relevance.matters
            for phrase in concept.phrases
        )

    @property
    def is_open(self) -> bool:
        """Whether every text passes, because the pack cannot be gated."""
        return bool(self.problems)

    def passes(self, text: str) -> bool:
        """Whether a report of this text may be relevant; true where the pack cannot be gated."""
        if self.is_open:
            return True
        runs = frozenset(LETTERS.findall(text.lower()))
        places = self._places.meeting(runs)
        if places is _Meeting.NOT:
            return False
        matters = self._matters.meeting(runs)
        if matters is not _Meeting.SURE and any(sign in text for sign in self._signs):
            matters = _Meeting.SURE
        if matters is _Meeting.NOT:
            return False
        if places is matters is _Meeting.SURE or self._are_marked or masked_spans(text):
            return True
        words = [self._spelling.correct(plain_word(m)) for m in WORD.findall(text)]
        is_placed = places is _Meeting.SURE or self._place_index.holds_any(words)
        return is_placed and (matters is _Meeting.SURE or self._matter_index.holds_any(words))


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
        if not self.sufficient.isdisjoint(self._with_corrected(hot)):
            return _Meeting.SURE
        is_met = self.requirement.is_met(self._with_corrected(runs))
        return _Meeting.PERHAPS if is_met else _Meeting.NOT

    def _bears(self, run: str) -> bool:
        if run in self.anchors or self.spelling.correct(run) in self.anchors:
            return True
        if len(self.cold) >= _KEPT:
            self.cold.clear()
        self.cold.add(run)
        return False

    def _with_corrected(self, runs: Iterable[str]) -> set[str]:
        words = set(runs)
        words.update(map(self.spelling.correct, runs))
        return words


def _is_marked(phrase: str) -> bool:
    """Whether a phrase names a word that the reader of segments puts in, and the text lacks."""
    return END in phrase or QUERY in phrase


def _index(pack: RulePack, names: Collection[str]) -> WordingIndex:
    return WordingIndex(
        (concept.name, wording)
        for concept in pack.concepts
        if concept.name in names
        for phrase in concept.phrases
        for wording in expand(phrase)
    )


def gate_problems(pack: RulePack) -> tuple[str, ...]:
    """Return why a pack cannot be gated; empty where it can."""
    return _problems(pack, gate_words(pack, Relevance(pack, SHARE_WORDS)))


def _problems(pack: RulePack, words: GateWords) -> tuple[str, ...]:
    variants = [key for key in pack.spelling.variants if not key.removesuffix("*").isalpha()]
    return (*words.problems, *(f"the spelling {key!r} is not made of letters" for key in variants))
