"""Texts made of a pack's own wordings, or of sentences of corpora, in random order and spoilt."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from screener.packs import RulePack
from screener.phrases import Choice, Gap, Wording, expand

_FILLERS = (
    "the of in and with a mild large unchanged seen again small upper is are no without segment "
    "1.2 cm 30 % normal right left chest spleen kidney, however"
).split(" ")
_JOINS = (" ", " ", " ", ". ", ", ", "; ", ": ", "\n", "\r\n", "\n\n", ".", " - ", "/", "12", "'s ")
_HEADINGS = ("FINDINGS:", "IMPRESSION:\n", "Liver: ", "COMPARISON: ", "ADDENDUM:\n", "LIVER\n")
_ODD = ("\u0130", "\u212a", "\u00e9", "\u0301", "_", "9", "'", "\u2019", "\u00bd", "\ufb01")
CORPORA = Path(__file__).parents[1] / "corpora" / "synthetic_reports"
_SENTENCE_ENDS = re.compile(r"(?<=[.:;?!])\s+|\n+")
_BETWEEN = (
    " ", ". ", "\n", "\n\n", "\r\n", "; ", ", ", "", ": ", " / ", " | ", "\n- ", "\n1. ", "\n[ ] ",
    "\n[x] ", ' "', " ? ", "\n\nIMPRESSION:\n", "\nAddendum: ", "\nLiver: ", "\nLungs: ", " they ",
)  # fmt: skip


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


class CorpusTexts:
    """Draws texts of sentences of the corpora, whole, cut, shuffled or spoilt, in random order.

    Parameters
    ----------
    seed
        Of the draw; the same seed gives the same texts.
    """

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        sentences = (s for text in corpora() for s in _SENTENCE_ENDS.split(text) if s)
        self.sentences = list(dict.fromkeys(sentences))

    def draw(self, most: int = 8) -> str:
        """A text of up to so many sentences."""
        pieces = [self._piece() for _ in range(self.dice.randint(1, most))]
        return "".join(piece + self.dice.choice(_BETWEEN) for piece in pieces)

    def _piece(self) -> str:
        sentence = self.dice.choice(self.sentences)
        words, kind = sentence.split(), self.dice.randrange(10)
        at = self.dice.randrange(len(sentence))
        if kind == 0:
            self.dice.shuffle(words)
            return " ".join(words)
        if kind == 1:
            return " ".join(words[at % max(1, len(words)) :][: self.dice.randint(1, 8)])
        if kind == 2:
            return sentence[:at] + self.dice.choice(["", "?", *_ODD]) + sentence[at + 1 :]
        return sentence.upper() if kind == 3 else sentence


def corpora() -> Iterator[str]:
    """The texts of the project's corpora."""
    for path in sorted((CORPORA / "development").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield str(json.loads(line)["text"])
    with (CORPORA / "cohort" / "reports.csv").open(newline="", encoding="utf-8") as file:
        yield from (row["text"] for row in csv.DictReader(file))
