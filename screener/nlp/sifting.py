"""The sieve: the gate's first look, over many texts at once, with RE2 (as it comes with Arrow).

Contract: a text that the sieve leaves out does not pass `screener.nlp.gating.Gate`. A word with
two slips keeps one of three parts whole, since a slip (a letter too many, too few or
other, or two exchanged) spoils one part only where a letter stands between the parts. So each word
whose misspellings count becomes a few patterns of its parts, at the places where they can be.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from rapidfuzz.distance import OSA

from screener.gates import LETTERS, Requirement
from screener.nlp.spelling import Spelling, slips_allowed
from screener.packs import RulePack

_ANY = r"[^\x00-\x40\x5b-\x60\x7b-\x7f]"
"""A letter, and any sign beyond ASCII."""
_OTHER = "[^A-Za-z]"
"""What can stand beside a word; RE2 looks neither back nor ahead."""


class Sieve:
    """Finds the texts that may hold one of the wordings of a requirement.

    Parameters
    ----------
    pack, requirement
        The pack and what texts must meet.
    """

    def __init__(self, pack: RulePack, requirement: Requirement) -> None:
        words = [w for w in sorted(requirement.anchors) if LETTERS.fullmatch(w)]
        ways = "|".join([*map(re.escape, words), *_spellings(pack, frozenset(words))])
        self._pattern = f"(?:^|{_OTHER})(?:{ways})(?:$|{_OTHER})"

    def kept(self, texts: Any) -> Any:  # noqa: ANN401 - Arrow has no types
        """Return an Arrow array of whether each text of an Arrow array stays in."""
        from pyarrow import compute

        return compute.match_substring_regex(texts, self._pattern, ignore_case=True)


def as_array(texts: Sequence[str]) -> Any:  # noqa: ANN401
    """Return texts as an Arrow array; ``None`` where one cannot be written as UTF-8.

    It is put together from its bytes: Arrow imports pandas to look at a list.
    """
    import pyarrow as pa

    try:
        joined = "".join(texts).encode()
    except UnicodeEncodeError:
        return None
    is_ascii = len(joined) == sum(map(len, texts))
    sizes = map(len, texts) if is_ascii else (len(text.encode()) for text in texts)
    ends = array("q", accumulate(sizes, initial=0))
    return pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(ends), pa.py_buffer(joined))


def _spellings(pack: RulePack, words: frozenset[str]) -> Iterator[str]:
    """Patterns of what is corrected to one of some words, besides the words themselves."""
    targets = sorted(words.intersection(pack.spelling.targets))
    spelling = Spelling(pack)
    for key, other in sorted(pack.spelling.variants.items()):
        if not key.endswith("*"):
            if spelling.correct(key) in words:
                yield re.escape(key)
            continue
        stem = key[:-1]
        for word in sorted(words):
            if word.startswith(other):
                yield re.escape(stem + word[len(other) :])
        if any(_may_begin(other, target) for target in targets):
            yield f"{re.escape(stem)}{_ANY}*"
    for target in targets:
        yield from _misspellings(target)


def _may_begin(beginning: str, target: str) -> bool:
    """Whether a word that begins so can be a misspelling of a target."""
    slips = slips_allowed(len(target))
    near = range(max(1, len(beginning) - slips), len(beginning) + slips + 1)
    return any(OSA.distance(beginning, target[:n]) <= slips for n in near)


def _misspellings(target: str) -> Iterator[str]:
    """Patterns that hold every word a few slips from a target that begins as it does."""
    slips = slips_allowed(len(target))
    for at, part in _parts(target, slips + 1):
        rest = len(target) - at - len(part)
        after = f"{_ANY}{{{max(0, rest - slips)},{rest + slips}}}"
        first = re.escape(target[0])
        if at == 0:
            yield f"(?:{first}{_ANY}{{0,{slips - 1}}})?{re.escape(part)}{after}"
        else:
            before = f"{_ANY}{{{max(0, at - 1 - slips)},{at - 1 + slips}}}"
            yield f"{first}{before}{re.escape(part)}{after}"


def _parts(target: str, n: int) -> Iterator[tuple[int, str]]:
    """So many stretches of a word, with a letter between two, and where each begins."""
    letters = len(target) - (n - 1)
    at = 0
    for i in range(n):
        size = letters // n + (i < letters % n)
        yield at, target[at : at + size]
        at += size + 1
