"""Spelling: variants of one word, and misspelt target words.

Misspellings are found by comparing words, not texts: each distinct word of the input is compared once
with the pack's target words, by optimal string alignment distance (rapidfuzz), and the answer kept. The answer for a word
depends on the word and the pack alone, so results do not depend on what else a run holds.
"""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import OSA

from screener.packs import RulePack
from screener.phrases import vocabulary

_LONG = 9
"""Target words from this length on may differ by two letters, shorter ones by one."""
_CACHE_LIMIT = 200_000
_CORRECTED_ROLES = frozenset({"organ", "lesion", "extent", "malignancy"})


class Spelling:
    """Gives for each word the spelling that the rules use.

    Parameters
    ----------
    pack
        Its phrases are the right words; ``spelling.variants`` maps a spelling to the one that the
        rules use, word or word beginning (``tumour*``); ``spelling.keep`` names words that are near
        a target word and right as they are.
    """

    def __init__(self, pack: RulePack) -> None:
        self._variants = {k: v for k, v in pack.spelling.variants.items() if not k.endswith("*")}
        self._stems = {
            k[:-1]: v for k, v in pack.spelling.variants.items() if k.endswith("*")
        }
        known = set(pack.spelling.keep)
        targets: set[str] = set()
        for concept in pack.concepts:
            for word in vocabulary(concept.phrases):
                known.add(word)
                if concept.role in _CORRECTED_ROLES and len(word) >= pack.spelling.min_length:
                    targets.add(word)
        for cue in pack.cues:
            known.update(vocabulary(cue.phrases))
        self._known = frozenset(known)
        self._min = pack.spelling.min_length
        self._targets = sorted(word for word in targets if word.isalpha())
        self._answers: dict[str, str] = {}

    def correct(self, word: str) -> str:
        """Return the spelling of `word` (lower case) that the rules use; most words are their own."""
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
        if word in self._known or len(word) < self._min or not word.isalpha():
            return word
        return self._nearest(word)

    def _nearest(self, word: str) -> str:
        near = process.extract(
            word, self._targets, scorer=OSA.distance, score_cutoff=2, limit=4
        )
        near = [
            (target, distance)
            for target, distance, _ in near
            if distance <= _allowed(min(len(word), len(target)))
            and word[0] == target[0]
            and not _inflected(word, target)
        ]
        if not near:
            return word
        if len(near) > 1 and near[0][1] == near[1][1] and near[0][0][:4] != near[1][0][:4]:
            return word
        return str(near[0][0])


def _allowed(length: int) -> int:
    return 2 if length >= _LONG else 1


def _inflected(word: str, target: str) -> bool:
    """Whether one is the other with another ending, which is another word and no misspelling."""
    shorter, longer = sorted((word, target), key=len)
    return longer.startswith(shorter) and longer[len(shorter) :] in {"s", "d", "ed", "ly", "al", "es"}
