"""The sieve: the gate's first look, over many texts at once, with RE2 (as it comes with Arrow).

Contract: a text that the sieve leaves out does not pass `screener.nlp.gating.Gate`. A word with
two slips keeps one of three parts whole, since a slip (a letter too many, too few or
other, or two exchanged) spoils one part only where a letter stands between the parts. So each word
whose misspellings count becomes a few patterns of its parts, at the places where they can be.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

from rapidfuzz.distance import OSA

from screener.gates import LETTERS, Requirement, cost_of
from screener.nlp.spelling import Spelling, slips_allowed
from screener.nlp.templates import MAY_BE_TEMPLATE
from screener.packs import RulePack
from screener.phrases import Gap, Wording, options_of

_ANY = r"[^\x00-\x40\x5b-\x60\x7b-\x7f]"
"""A letter, and any sign beyond ASCII."""
_OTHER = "[^A-Za-z]"
"""What can stand beside a word; RE2 looks neither back nor ahead."""


_TOUCHING = r"[^\x21-\x7e]*"
"""What stands between two words in a row: no sign of ASCII, each of which is a word."""
_APART = r"(?:[^.,;:]|[.,](?:[0-9]|[^\x00-\x7f]))*"
"""What stands between two words of a clause; a point within a number ends none."""
_GAP_COSTS = 1e3
"""How much more often two words stand in a clause than side by side."""

Pair = tuple[tuple[str, ...], bool, tuple[str, ...]]
"""Words of which one stands before one of others, and whether there may be words between."""


class Sieve:
    """Finds the texts that may hold one of some wordings.

    Parameters
    ----------
    pack, requirement
        The pack and what texts must meet.
    wordings
        What is looked for, as texts hold it.

    Attributes
    ----------
    pairs
        Of each wording that no sufficient word of the requirement is in, its two neighbours that
        stand together in the fewest reports.
    """

    def __init__(
        self,
        pack: RulePack,
        requirement: Requirement,
        wordings: Iterable[Wording],
    ) -> None:
        forms = _Forms(pack)
        self._anchors = forms.within(_letters(requirement.anchors), ())
        sufficient = requirement.sufficient
        self.pairs = _pairs(wordings, sufficient)
        self._names = forms.within(_letters(sufficient), self.pairs)

    def may_meet(self, texts: Any) -> Any:  # noqa: ANN401 - Arrow has no types
        """Return an Arrow array of whether each text holds an anchor."""
        return _matches(texts, self._anchors)

    def may_name(self, texts: Any) -> Any:  # noqa: ANN401
        """Return whether each text may hold a wording in one segment of which no word is masked."""
        return _matches(texts, self._names)


def _matches(texts: Any, pattern: str) -> Any:  # noqa: ANN401
    from pyarrow import compute

    return compute.match_substring_regex(texts, pattern, ignore_case=True)


def may_be_masked(texts: Any) -> Any:  # noqa: ANN401
    """Return whether each text of an Arrow array may be a template in part."""
    return _matches(texts, MAY_BE_TEMPLATE)


def _letters(words: Iterable[str]) -> list[str]:
    return [word for word in sorted(words) if LETTERS.fullmatch(word)]


class _Forms:
    """Patterns of words as texts hold them: misspelt, in the genitive."""

    def __init__(self, pack: RulePack) -> None:
        self._pack = pack
        self._spelling = Spelling(pack)
        self._of = lru_cache(maxsize=None)(self._made)

    def within(self, words: Iterable[str], pairs: Iterable[Pair]) -> str:
        """A pattern of one of some words, or of one of some pairs."""
        singles = frozenset(words)
        ways = [*map(re.escape, sorted(singles)), *_spellings(self._pack, singles, self._spelling)]
        ways += [self._pair(*pair) for pair in sorted(pairs)]
        return f"(?:^|{_OTHER})(?:{'|'.join(ways)})(?:$|{_OTHER})"

    def _pair(self, first: tuple[str, ...], is_apart: bool, second: tuple[str, ...]) -> str:
        between = _APART if is_apart else _TOUCHING
        return f"(?:{self._any(first)}){between}(?:{self._any(second)})"

    def _any(self, words: Iterable[str]) -> str:
        return "|".join(self._of(word) for word in words)

    def _made(self, word: str) -> str:
        written = re.escape(word).replace("'", "['\u2019]")
        if not word[-1:].isalpha():
            return written
        ways = "|".join([written, *_spellings(self._pack, frozenset([word]), self._spelling)])
        return f"(?:{ways})(?:['\u2019]s)?"


def _pairs(wordings: Iterable[Wording], sufficient: Collection[str]) -> list[Pair]:
    """The rarest two neighbours of each wording that holds no word which is enough by itself."""
    seconds: dict[tuple[tuple[str, ...], bool], set[str]] = defaultdict(set)
    for wording in wordings:
        pairs = _neighbours(wording)
        if not pairs or any(_is_enough(words, sufficient) for a, _, b in pairs for words in (a, b)):
            continue
        first, is_apart, second = min(pairs, key=lambda pair: (_cost(pair), pair))
        seconds[first, is_apart].update(second)
    return [(first, apart, tuple(sorted(some))) for (first, apart), some in seconds.items()]


def _is_enough(words: Iterable[str], sufficient: Collection[str]) -> bool:
    return all(word in sufficient and LETTERS.fullmatch(word) for word in words)


def _neighbours(wording: Wording) -> list[Pair]:
    pairs: list[Pair] = []
    before: tuple[str, ...] = ()
    is_apart = False
    for item in wording:
        if isinstance(item, Gap):
            is_apart = True
            continue
        if before:
            pairs.append((before, is_apart, options_of(item)))
        before, is_apart = options_of(item), False
    return pairs


def _cost(pair: Pair) -> float:
    first, is_apart, second = pair
    costs = [sum(cost_of(word, ()) for word in words) for words in (first, second)]
    return costs[0] * costs[1] * (_GAP_COSTS if is_apart else 1.0)


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


def _spellings(pack: RulePack, words: frozenset[str], spelling: Spelling) -> Iterator[str]:
    """Patterns of what is corrected to one of some words, besides the words themselves."""
    targets = sorted(words.intersection(pack.spelling.targets))
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
    if slips == 1:
        yield from _one_slip(target)
        return
    for at, part in _parts(target, slips + 1):
        rest = len(target) - at - len(part)
        after = f"{_ANY}{{{max(0, rest - slips)},{rest + slips}}}"
        first = re.escape(target[0])
        if at == 0:
            yield f"(?:{first}{_ANY}{{0,{slips - 1}}})?{re.escape(part)}{after}"
        else:
            before = f"{_ANY}{{{max(0, at - 1 - slips)},{at - 1 + slips}}}"
            yield f"{first}{before}{re.escape(part)}{after}"


def _one_slip(target: str) -> Iterator[str]:
    """Patterns of a word with a letter other, too many, too few or exchanged with the next."""
    for at in range(1, len(target) + 1):
        before, after = re.escape(target[:at]), target[at:]
        yield f"{before}{_ANY}{re.escape(after)}"
        if after:
            yield f"{before}{_ANY}?{re.escape(after[1:])}"
            yield f"{before[:-1]}{re.escape(after[0] + target[at - 1] + after[1:])}"


def _parts(target: str, n: int) -> Iterator[tuple[int, str]]:
    """So many stretches of a word, with a letter between two, and where each begins."""
    letters = len(target) - (n - 1)
    at = 0
    for i in range(n):
        size = letters // n + (i < letters % n)
        yield at, target[at : at + size]
        at += size + 1
