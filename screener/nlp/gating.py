"""The gate: finds by words alone the reports that cannot be relevant to a pack's question.

Contract: where `Gate.passes` is false, `Relevance.holds` is false of the report as the pipeline
reads it. It reads the runs of letters of a text. Every word of letters that the pipeline reads is
such a run, or a run with an apostrophe in it, and is corrected here by the same `Spelling`; so what
a wording needs is met wherever the pipeline can find the wording.
"""

from __future__ import annotations

from collections.abc import Iterable

from screener.gates import LETTERS, GateWords, Requirement, gate_words
from screener.nlp.quantities import SHARE_WORDS
from screener.nlp.spelling import Spelling
from screener.packs import RulePack
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
        self.is_open = self.words.is_open or not _is_plain(pack.spelling.variants)
        self._signs = tuple(w for w in self.words.matters.sufficient if not LETTERS.search(w))
        spelling = Spelling(pack)
        self._places = _Hot(self.words.places, spelling)
        self._matters = _Hot(self.words.matters, spelling)

    @property
    def problems(self) -> tuple[str, ...]:
        """Why the pack cannot be gated; empty where it can."""
        if not self.is_open:
            return ()
        return self.words.problems or ("a spelling variant is not made of letters",)

    def passes(self, text: str) -> bool:
        """Whether a report of this text may be relevant; true where the pack cannot be gated."""
        if self.is_open:
            return True
        runs = frozenset(LETTERS.findall(text.lower()))
        if not self._places.meets(runs):
            return False
        return self._matters.meets(runs) or any(sign in text for sign in self._signs)


class _Hot:
    """One requirement, with the words met so far parted into those that bear on it and others."""

    def __init__(self, requirement: Requirement, spelling: Spelling) -> None:
        self.requirement = requirement
        self.spelling = spelling
        self.anchors = requirement.anchors
        self.sufficient = requirement.sufficient
        self.cold: set[str] = set()

    def meets(self, runs: frozenset[str]) -> bool:
        if self.requirement.is_open:
            return True
        hot = [run for run in runs - self.cold if self._bears(run)]
        if not hot:
            return False
        corrected = self._with_corrected(hot)
        if not self.sufficient.isdisjoint(corrected):
            return True
        return self.requirement.is_met(self._with_corrected(runs))

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


def _is_plain(variants: Iterable[str]) -> bool:
    """Whether all spellings are runs of letters, so that none is missed here."""
    return all(key.removesuffix("*").isalpha() for key in variants)
