"""Which wordings of a pack occur in a segment, found from one word of each.

A pack stands for tens of thousands of wordings, and a segment holds none or a few of them. Each
wording is indexed under its *anchor*, the element whose words are rarest in the pack; a segment
is searched only for the wordings whose anchor it holds. What is found is handed to medspaCy as
literals, once each, so that its matchers hold the wordings that texts use and not all that a pack
could mean.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from screener.phrases import Gap, Item, Wording, options_of

CLAUSE_ENDS = frozenset(
    {",", ";", ".", ":", "but", "however", "although", "though", "while", "whereas", "not", "never"}
)
"""Words that a gap does not reach over."""

Found = tuple[int, int, str]


class WordingIndex:
    """Finds wordings in sequences of words.

    Parameters
    ----------
    entries
        Labels and their wordings; a label may stand for several.
    cost
        How common a word is in texts; without it, its uses among the wordings are counted.

    Examples
    --------
    >>> from screener.phrases import expand
    >>> index = WordingIndex(("few", wording) for wording in expand("(a|some) <0-1> lesions"))
    >>> index.find("there are a small lesions".split())
    [(2, 5, 'few')]
    """

    def __init__(
        self,
        entries: Iterable[tuple[str, Wording]],
        cost: Callable[[str], float] | None = None,
    ) -> None:
        known, sets = _numbered(entries)
        usage: Counter[str] = Counter()
        if cost is None:
            for number, n in Counter(n for _, _, own in known for n in own).items():
                usage.update(dict.fromkeys(sets[number], n) if number != _GAP else {})
        price = cost or usage.__getitem__
        costs = [sum(map(price, options)) for options in sets]
        self._groups: _Building = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
        for label, wording, own in known:
            ranked = sorted([(costs[n], i) for i, n in enumerate(own) if n != _GAP])
            anchor = ranked[0][1]
            second = own[ranked[1][1]] if len(ranked) > 1 else _ALONE
            needs = frozenset(own).difference((_GAP,))
            entry = (label, wording[:anchor], wording[anchor + 1 :])
            self._groups[own[anchor]][second][needs].append(entry)
        numbers: dict[str, list[int]] = defaultdict(list)
        for number, options in enumerate(sets):
            for word in options:
                numbers[word].append(number)
        self._numbers = {word: frozenset(some) for word, some in numbers.items()}
        """The sets that hold a word."""
        self._anchors = frozenset(word for number in self._groups for word in sets[number])
        self._by_anchor: dict[str, _Anchored] = {}
        """Wordings by a word of their anchor and the set of words that is rarest besides."""

    def _anchored(self, word: str) -> _Anchored:
        """Put together, when a text first holds a word, the wordings of which it is an anchor."""
        found = self._by_anchor.get(word)
        if found is None:
            merged: dict[int, list[_Group]] = defaultdict(list)
            for number in sorted(self._numbers[word] & self._groups.keys()):
                for second, some in self._groups[number].items():
                    merged[second] += some.items()
            found = self._by_anchor[word] = dict(merged)
        return found

    def find(self, words: Sequence[str]) -> list[Found]:
        """Return (first, last, label) of each wording in `words`, in order.

        A wording with a gap that fits in several ways is returned in each: what is found depends on
        these words alone, and not on which of the ways an earlier text had.
        """
        return sorted(set(self._found(words)))

    def holds_any(self, words: Sequence[str]) -> bool:
        """Whether `words` hold any of the wordings."""
        return next(self._found(words), None) is not None

    def _found(self, words: Sequence[str]) -> Iterator[Found]:
        none: frozenset[int] = frozenset()
        held = {_ALONE}.union(*(self._numbers.get(word, none) for word in set(words)))
        fit: dict[str, list[_Entry]] = {}
        for at, word in enumerate(words):
            if word not in self._anchors:
                continue
            if word not in fit:
                seconds = self._anchored(word)
                groups = chain.from_iterable(seconds[n] for n in seconds.keys() & held)
                met = [entries for needs, entries in groups if needs <= held]
                fit[word] = list(chain.from_iterable(met))
            for label, before, after in fit[word]:
                firsts = _reach(words, at, before, -1)
                lasts = _reach(words, at, after, 1) if firsts else set()
                for first in firsts:
                    yield from ((first, last + 1, label) for last in lasts)


_Entry = tuple[str, Wording, Wording]
"""A label, and what of its wording stands before and after the anchor."""
_Group = tuple[frozenset[int], list[_Entry]]
"""Wordings that need the same sets of words."""
_Anchored = dict[int, list[_Group]]
_Building = dict[int, dict[int, dict[frozenset[int], list[_Entry]]]]
"""Wordings by their anchor, rarest other set, and all the sets that they need."""
_ALONE = -1
"""In place of that set, where the wording has no word besides its anchor."""
_GAP = -2
"""In place of a set, where a gap stands."""


def _numbered(
    entries: Iterable[tuple[str, Wording]],
) -> tuple[list[tuple[str, Wording, list[int]]], list[tuple[str, ...]]]:
    """Number the sets of words that wordings hold; give each wording with those at its places."""
    number_of: dict[tuple[str, ...], int] = {}
    of_item: dict[int, int] = {}  # by identity: wordings of one phrase share their items
    known = []
    for label, wording in entries:
        for item in wording:
            if id(item) not in of_item:
                options = options_of(item)
                number = number_of.setdefault(options, len(number_of)) if options else _GAP
                of_item[id(item)] = number
        known.append((label, wording, [of_item[id(item)] for item in wording]))
    return known, list(number_of)


def _reach(words: Sequence[str], at: int, items: Sequence[Item], step: int) -> set[int]:
    """The words that `items` reach from the one at `at`; none if they do not fit."""
    places = {at}
    for item in items if step > 0 else reversed(items):
        places = {place for origin in places for place in _next(words, origin, item, step)}
    return places


def _next(words: Sequence[str], at: int, item: Item, step: int) -> Iterator[int]:
    if not isinstance(item, Gap):
        place = at + step
        if 0 <= place < len(words) and words[place] in options_of(item):
            yield place
        return
    for length in range(item.most + 1):
        place = at + step * length
        if not 0 <= place < len(words) or (length and words[place] in CLAUSE_ENDS):
            return
        if length >= item.least:
            yield place
