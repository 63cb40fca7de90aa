"""Spelling: variants of one word, and misspelt target words.

Misspellings are found by comparing words, not texts: each distinct word of the input is compared
once with the pack's target words, by optimal string alignment distance (rapidfuzz), and the answer
kept. It depends on the word and the pack alone, so results do not depend on what else a run holds.
"""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import OSA

from screener.packs import RulePack
from screener.phrases import vocabulary

_LONG = 9
"""Target words from this length on may differ by two letters, shorter ones by one."""
_ENDINGS = frozenset({"s", "d", "ed", "ly", "al", "es"})
"""Endings that make another word of one."""
_CACHE_LIMIT = 200_000
"""Spellings that are kept; more are found anew."""


class Spelling:
    """Gives for each word the spelling that the rules use.

    Parameters
    ----------
    pack
        ``spelling.targets`` are the words whose misspellings are found; ``spelling.variants`` maps
        a spelling to the one that the rules use, word or word beginning (``tumour*``); words of the
        pack's phrases and those of ``spelling.keep`` are right as they are.
    """

    def __init__(self, pack: RulePack) -> None:
        self._variants = {k: v for k, v in pack.spelling.variants.items() if not k.endswith("*")}
        self._stems = {k[:-1]: v for k, v in pack.spelling.variants.items() if k.endswith("*")}
        known = {*pack.spelling.keep, *pack.spelling.targets}
        for concept in pack.concepts:
            known.update(vocabulary(concept.phrases))
        for cue in pack.cues:
            known.update(vocabulary(cue.phrases))
        self._known = frozenset(known)
        self._targets = sorted(pack.spelling.targets)
        self._shortest = min((len(word) for word in self._targets), default=0) - 1
        self._answers: dict[str, str] = {}

    def correct(self, word: str) -> str:
        """Return the spelling of `word` (lower case) that the rules use."""
        answer = self._answers.get(word)
        if answer is None:
            if len(self._answers) >= _CACHE_LIMIT:
                self._answers.clear()
            answer = self._answers[word] = self._find(word)
        return answer

    def _find(self, word: str) -> str:
        word = self._variants.get(word, word)
        for stem, other in self._stems.items():
            if word.startswith(stem):
                word = other + word[len(stem) :]
                break
        if word in self._known or len(word) < self._shortest or not word.isalpha():
            return word
        return self._nearest(word)

    def _nearest(self, word: str) -> str:
        found = process.extract(word, self._targets, scorer=OSA.distance, score_cutoff=2, limit=4)
        near = [
            (target, distance)
            for target, distance, _ in found
            if distance <= slips_allowed(min(len(word), len(target)))
            and word[0] == target[0]
            and not _inflected(word, target)
        ]
        if not near:
            return word
        if len(near) > 1 and near[0][1] == near[1][1] and near[0][0][:4] != near[1][0][:4]:
            return word
        return str(near[0][0])


def slips_allowed(length: int) -> int:
    """Return how many slips a word may have whose shorter spelling has so many letters."""
    return 2 if length >= _LONG else 1


def _inflected(word: str, target: str) -> bool:
    """Whether one is the other with another ending, which is another word and no misspelling."""
    shorter, longer = sorted((word, target), key=len)
    return longer.startswith(shorter) and longer[len(shorter) :] in _ENDINGS
