"""Texts made of a pack's own wordings, spelt well and badly, in random order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import islice

from screener.packs import RulePack
from screener.phrases import Choice, Gap, Wording, expand

_FILLERS = (
    "the of in and with a mild large unchanged seen again small upper is are no without segment "
    "1.2 cm 30 % normal right left chest spleen kidney, however"
).split(" ")
_JOINS = (" ", " ", " ", ". ", ", ", "; ", ": ", "\n", "\r\n", "\n\n", ".", " - ", "/", "12", "'s ")
_HEADINGS = ("FINDINGS:", "IMPRESSION:\n", "Liver: ", "COMPARISON: ", "ADDENDUM:\n", "LIVER\n")
_ODD = ("\u0130", "\u212a", "\u00e9", "\u0301", "_", "9", "'", "\u2019", "\u00bd", "\ufb01")


class PackTexts:
    """Draws texts from the phrases of a pack; the same seed gives the same texts.

    Parameters
    ----------
    pack
        Whose phrases.
    seed
        Of the draw.
    """

    def __init__(self, pack: RulePack, seed: int) -> None:
        self.dice = random.Random(seed)
        self.phrases = [p for concept in pack.concepts for p in concept.phrases]
        self.phrases += [p for cue in pack.cues for p in cue.phrases]
        self.targets = list(pack.spelling.targets)
        self.variants = [key.removesuffix("*") for key in pack.spelling.variants]

    def draw(self, most: int = 12) -> str:
        """A text of up to so many pieces."""
        pieces = [self._piece() for _ in range(self.dice.randint(1, most))]
        return "".join(piece + self.dice.choice(_JOINS) for piece in pieces)

    def _piece(self) -> str:
        kind = self.dice.random()
        if kind < 0.45:
            return self._spoilt(" ".join(self._words(self._wording())))
        if kind < 0.6:
            return self._spoilt(self.dice.choice(self.targets or _FILLERS))
        if kind < 0.66:
            return self.dice.choice(self.variants or _FILLERS) + self.dice.choice(["", "s", "al"])
        return self.dice.choice(_HEADINGS if kind < 0.74 else _FILLERS)

    def _wording(self) -> Wording:
        wordings = expand(self.dice.choice(self.phrases))
        return wordings[self.dice.randrange(len(wordings))]

    def _words(self, wording: Wording) -> list[str]:
        words: list[str] = []
        for item in wording:
            if isinstance(item, Gap):
                words.extend(self._fillers(self.dice.randint(item.least, item.most)))
            else:
                words.append(self.dice.choice(item.words) if isinstance(item, Choice) else item)
        return words

    def _fillers(self, n: int) -> Sequence[str]:
        return list(islice(iter(lambda: self.dice.choice(_FILLERS), ""), n))

    def _spoilt(self, text: str) -> str:
        """Up to two slips of the keyboard, and a case."""
        letters = list(text)
        for _ in range(self.dice.choice([0, 0, 0, 1, 1, 2])):
            at = self.dice.randrange(len(letters)) if letters else 0
            slip = self.dice.randrange(4)
            if slip == 0:
                letters[at : at + 1] = []
            elif slip == 1:
                letters.insert(at, self.dice.choice([*"aeiostr", *_ODD]))
            elif slip == 2:
                letters[at : at + 2] = reversed(letters[at : at + 2])
            elif letters:
                letters[at] = self.dice.choice([*"aeiostr", *_ODD])
        spoilt = "".join(letters)
        return self.dice.choice([spoilt, spoilt, spoilt.upper(), spoilt.capitalize()])
