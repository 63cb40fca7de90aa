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

from screener.packs import RulePack
from screener.phrases import Choice, Gap, Item, Wording, expand
from screener.relevance import Relevance

LETTERS = re.compile(r"[^\W\d_]+")
"""A run of letters."""

_LONG = 8
"""Letters from which on words are taken to be equally rare."""
_OFTEN = 1e9
"""Cost of a word that every text with a place holds."""
Needed = tuple[frozenset[str], ...]
"""Sets of runs of letters; a text that holds the wording has one of each set."""


@dataclass(frozen=True, slots=True)
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

    @property
    def anchors(self) -> frozenset[str]:
        """The words of which a text must hold one."""
        return frozenset(self.by_anchor)

    @property
    def sufficient(self) -> frozenset[str]:
        """Anchors that are a whole wording by themselves."""
        return frozenset(a for a, needs in self.by_anchor.items() if () in needs)

    def is_met(self, words: Collection[str]) -> bool:
        """Whether a set of words can hold one of the wordings."""
        held = frozenset(words)
        return self.is_open or any(
            all(not options.isdisjoint(held) for options in needed)
            for anchor in self.anchors & held
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
    >>> words.places.is_met({"hepatic"}), words.places.is_met({"left", "upper", "lobe"})
    (True, True)
    >>> words.matters.is_met({"spleen", "normal"})
    False
    """
    places = _requirement(pack, relevance.places, ())
    matters = _requirement(pack, relevance.matters, relevance.share_words, places.sufficient)
    problems = tuple(_open_phrases(pack, relevance.places | relevance.matters))
    return GateWords(places, matters, problems)


def runs_of(word: str) -> tuple[str, ...]:
    """Return a word and its longest run of letters.

    >>> runs_of("177lu"), runs_of("liver"), runs_of("5")
    (('177lu', 'lu'), ('liver',), ())
    """
    runs = LETTERS.findall(word)
    return tuple(dict.fromkeys((word, max(runs, key=len)))) if runs else ()


def _requirement(
    pack: RulePack,
    names: Collection[str],
    alone: Iterable[str],
    common: Collection[str] = (),
) -> Requirement:
    """What one of some concepts needs, or a word alone; common words are poor anchors."""
    needs = list(dict.fromkeys(needed for _, needed in _needs(pack, names)))
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
    """A guess at how often some words stand in reports: short ones often, long ones seldom."""
    return sum(_OFTEN if w in common else 4.0 ** max(0, _LONG - len(w)) for w in words)


def _needs(pack: RulePack, names: Collection[str]) -> Iterator[tuple[str, Needed]]:
    for concept in pack.concepts:
        if concept.name in names:
            for phrase in concept.phrases:
                for wording in expand(phrase):
                    yield phrase, _needed(wording)


def _needed(wording: Wording) -> Needed:
    items = [_options(item) for item in wording if not isinstance(item, Gap)]
    return tuple(frozenset(run for o in some for run in runs_of(o)) for some in items if _all(some))


def _all(options: Iterable[str]) -> bool:
    """Whether every option holds letters; one that holds none may be met by any text."""
    return all(map(runs_of, options))


def _options(item: Item) -> tuple[str, ...]:
    if isinstance(item, Choice):
        return item.words
    return (item,) if isinstance(item, str) else ()


def _open_phrases(pack: RulePack, names: Collection[str]) -> Iterator[str]:
    for phrase in dict.fromkeys(phrase for phrase, needed in _needs(pack, names) if not needed):
        yield f"{phrase!r} can match without any word of letters"
