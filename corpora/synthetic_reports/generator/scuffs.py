"""What happens to prose in real systems: typing errors, short forms, British spelling, wraps, capitals."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from functools import partial

from .dice import Dice
from .documents import Document

_BRITISH = {
    "tumor": "tumour", "hemangioma": "haemangioma", "centered": "centred", "gray-scale": "grey-scale",
    "favored": "favoured", "millimeters": "millimetres", "subcentimeter": "subcentimetre",
    "esophag": "oesophag", "center": "centre", "edema": "oedema", "diarrhea": "diarrhoea",
}  # fmt: skip
_SHORT = {"metastases": "mets", "metastasis": "met"}
_NOT_BRITISH = ("misspelling", "abbreviation", "structured_field")


def misspell(document: Document, spellings: dict[str, list[str]], dice: Dice) -> None:
    """Misspell one word of what the report says of the liver, wherever it stands there."""
    passage = document.passage
    if passage is None or set(passage.traps) & set(_NOT_BRITISH):
        return
    words = [word for word in sorted(spellings) if re.search(rf"\b{word}\b", _liver(document))]
    if not words:
        return
    word = dice.pick(words)
    wrong = dice.pick(spellings[word])
    _rewrite(document, partial(re.sub, rf"\b{word}\b", wrong))
    document.traps.add("misspelling")


def shorten(document: Document) -> None:
    """Write metastases as a terse reader does."""
    passage = document.passage
    if (
        passage is None
        or set(passage.traps) & set(_NOT_BRITISH)
        or "metastas" not in _liver(document)
    ):
        return
    for word, short in _SHORT.items():
        _rewrite(document, partial(re.sub, rf"\b{word}\b", short))
    document.traps.add("abbreviation")


def _liver(document: Document) -> str:
    return " ".join(
        [text for name, text in document.organs if name == "liver"] + document.impression[:1]
    )


def _rewrite(document: Document, change: Callable[[str], str]) -> None:
    document.organs = [
        (name, change(text) if name == "liver" else text) for name, text in document.organs
    ]
    document.impression[:1] = [change(text) for text in document.impression[:1]]


def british(text: str) -> str:
    """Spell as South does."""
    for american, spelling in _BRITISH.items():
        text = text.replace(american, spelling).replace(
            american.capitalize(), spelling.capitalize()
        )
    return text


def wrap(text: str, width: int) -> str:
    """Break long lines as a teleprinter did; line ends that are there stay."""
    return "\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) if line else line
        for line in text.split("\n")
    )
