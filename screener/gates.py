"""Gates: the words of a pack without which a report is not relevant to its question.

Derived from the pack alone, so that a pack may change and the gate stays sound. A wording needs a
word of each of its items; of the items one is the *anchor*, by which texts are searched. Anchors
are chosen so that few words stand for many wordings (greedy set cover).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from screener.packs import RulePack
from screener.phrases import Gap, Item, expand, options_of, vocabulary
from screener.relevance import Relevance

LETTERS = re.compile(r"[^\W\d_]+")
"""A run of letters."""

_LONG = 8
"""Letters from which on words are taken to be equally rare."""
_OFTEN = 1e3
"""How much more often a word of other phrases stands in reports."""
Needed = tuple[frozenset[str], ...]
"""Sets of runs of letters; a text that holds the wording has one of each set."""


@dataclass(frozen=True)
class Requirement:
    """What a text must hold for one of some wordings to stand in it.

    Attributes
    ----------
    by_anchor
        What a wording needs besides its anchor, by each word of the anchor.
    is_open
        Whether some wording needs no run of letters, so that any text may hold it.
    """

    by_anchor: Mapping[str, tuple[Needed, ...]]
    is_open: bool = False

    @cached_property
    def anchors(self) -> frozenset[str]:
        """The words of which a text must hold one."""
        return frozenset(self.by_anchor)

    @cached_property
    def sufficient(self) -> frozenset[str]:
        """Anchors that are a whole wording by themselves."""
        return frozenset(a for a, needs in self.by_anchor.items() if () in needs)

    def is_met(self, words: frozenset[str]) -> bool:
        """Whether a set of words can hold one of the wordings."""
        return self.is_open or any(
            not any(map(words.isdisjoint, needed))
            for anchor in self.anchors & words
            for needed in self.by_anchor[anchor]
        )


@dataclass(frozen=True, slots=True)
class GateWords:
    """What a relevant report meets: the requirement of places and that of matters.

    Attributes
    ----------
    places, matters
        The two requirements.
    problems
        Phrases that can match without a word of letters, so that the pack cannot be gated.
    """

    places: Requirement
    matters: Requirement
    problems: tuple[str, ...] = ()


def gate_words(pack: RulePack, relevance: Relevance) -> GateWords:
    """Derive the requirements of a pack.

    Examples
    --------
    >>> from screener.packs import load_pack
    >>> pack = load_pack("liver_tumor_burden")
    >>> words = gate_words(pack, Relevance(pack, {"%"}))
    >>> words.places.is_met(frozenset({"left", "upper", "lobe"}))
    True
    >>> words.matters.is_met(frozenset({"spleen", "normal"}))
    False
    """
    of_places, of_matters = (
        list(_needs(pack, names)) for names in (relevance.places, relevance.matters)
    )
    places = _requirement(of_places, (), ())
    common = common_words(pack, relevance) | places.sufficient
    matters = _requirement(of_matters, relevance.share_words, common)
    return GateWords(places, matters, tuple(_open_phrases([*of_places, *of_matters])))


@lru_cache(maxsize=20_000)
def runs_of(word: str) -> tuple[str, ...]:
    """Return a word and its longest run of letters.

    >>> runs_of("177lu"), runs_of("liver"), runs_of("5")
    (('177lu', 'lu'), ('liver',), ())
    """
    runs = LETTERS.findall(word)
    return tuple(dict.fromkeys((word, max(runs, key=len)))) if runs else ()


def _requirement(
    of_phrases: Iterable[tuple[str, Needed]], alone: Iterable[str], common: Collection[str]
) -> Requirement:
    """What one of some phrases needs, or a word alone; common words are poor anchors."""
    needs = list(dict.fromkeys(needed for _, needed in of_phrases))
    needs += [(frozenset(runs_of(word) or (word,)),) for word in sorted(alone)]
    by_anchor: dict[str, list[Needed]] = defaultdict(list)
    for anchor, needed in _anchored([n for n in needs if n], common):
        rest = tuple(options for options in needed if options is not anchor)
        for word in sorted(anchor):
            by_anchor[word].append(rest)
    return Requirement({w: tuple(n) for w, n in by_anchor.items()}, is_open=() in needs)


def _anchored(
    needs: Iterable[Needed], common: Collection[str]
) -> Iterator[tuple[frozenset[str], Needed]]:
    """Choose the anchor of each wording: the one whose new words would let the fewest texts by."""
    chosen: set[str] = set()
    for needed in sorted(needs, key=lambda n: (len(n), min(map(len, n)))):
        anchor = min(needed, key=lambda o: (_cost(o - chosen, common), sorted(o)))
        chosen |= anchor
        yield anchor, needed


def _cost(words: Iterable[str], common: Collection[str]) -> float:
    return sum(cost_of(word, common) for word in words)


def cost_of(word: str, common: Collection[str]) -> float:
    """Return a guess at how often a word stands in reports: short ones often, long ones seldom."""
    return 4.0 ** max(0, _LONG - len(word)) * (_OFTEN if word in common else 1.0)


def common_words(pack: RulePack, relevance: Relevance) -> frozenset[str]:
    """Return the words of a pack's other phrases, which any report may hold."""
    names = relevance.places | relevance.matters
    phrases = [p for c in pack.concepts if c.name not in names for p in c.phrases]
    phrases += [p for cue in pack.cues for p in cue.phrases]
    return frozenset(vocabulary(phrases))


def _needs(pack: RulePack, names: Collection[str]) -> Iterator[tuple[str, Needed]]:
    for concept in pack.concepts:
        if concept.name in names:
            for phrase in concept.phrases:
                wordings = expand(phrase)
                runs = {id(item): _runs_of(item) for wording in wordings for item in wording}
                for wording in wordings:
                    needs = [runs[id(item)] for item in wording]
                    yield phrase, tuple(filter(None, needs))


def _runs_of(item: Item) -> frozenset[str]:
    return frozenset() if isinstance(item, Gap) else _runs(options_of(item))


@lru_cache(maxsize=20_000)
def _runs(options: tuple[str, ...]) -> frozenset[str]:
    """The runs of letters of some words; none where one of them may be met by any text."""
    runs = [runs_of(option) for option in options]
    return frozenset(run for some in runs for run in some) if all(runs) else frozenset()


def _open_phrases(of_phrases: Iterable[tuple[str, Needed]]) -> Iterator[str]:
    for phrase in dict.fromkeys(phrase for phrase, needed in of_phrases if not needed):
        yield f"{phrase!r} can match without any word of letters"
