"""Which wordings of a pack occur in a segment, found from one word of each.

A pack stands for tens of thousands of wordings, and a segment holds none or a few of them. Each
wording is indexed under its *anchor*, the element whose words are rarest in the pack; a segment
is searched only for the wordings whose anchor it holds. What is found is handed to medspaCy as
literals, once each, so that its matchers hold the wordings that texts use and not all that a pack
could mean.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from screener.phrases import Choice, Gap, Item, Wording

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

    Examples
    --------
    >>> from screener.phrases import expand
    >>> index = WordingIndex(("few", wording) for wording in expand("(a|some) <0-1> lesions"))
    >>> index.find("there are a small lesions".split())
    [(2, 5, 'few')]
    """

    def __init__(self, entries: Iterable[tuple[str, Wording]]) -> None:
        unique = list(dict.fromkeys(entries))
        usage = Counter(
            word for _, wording in unique for item in wording for word in _options(item)
        )
        self._by_anchor: dict[str, list[tuple[str, Wording, int]]] = defaultdict(list)
        for label, wording in unique:
            anchor = min(
                (i for i, item in enumerate(wording) if not isinstance(item, Gap)),
                key=lambda i: sum(usage[word] for word in _options(wording[i])),
            )
            for word in _options(wording[anchor]):
                self._by_anchor[word].append((label, wording, anchor))

    def find(self, words: Sequence[str]) -> list[Found]:
        """Return (first, last, label) of each wording in `words`, in order.

        A wording with a gap that fits in several ways is returned in each: what is found depends on
        these words alone, and not on which of the ways an earlier text had.
        """
        found: set[Found] = set()
        for at, word in enumerate(words):
            for label, wording, anchor in self._by_anchor.get(word, ()):
                firsts = _reach(words, at, wording[:anchor], -1)
                lasts = _reach(words, at, wording[anchor + 1 :], 1) if firsts else set()
                found.update((first, last + 1, label) for first in firsts for last in lasts)
        return sorted(found)

    def holds_any(self, words: Sequence[str]) -> bool:
        """Whether `words` hold any of the wordings."""
        return any(
            _reach(words, at, wording[:anchor], -1) and _reach(words, at, wording[anchor + 1 :], 1)
            for at, word in enumerate(words)
            for _, wording, anchor in self._by_anchor.get(word, ())
        )


def _options(item: Item) -> tuple[str, ...]:
    if isinstance(item, Gap):
        return ()
    return item.words if isinstance(item, Choice) else (item,)


def _reach(words: Sequence[str], at: int, items: Sequence[Item], step: int) -> set[int]:
    """The words that `items` reach from the one at `at`; none if they do not fit."""
    places = {at}
    for item in items if step > 0 else reversed(items):
        places = {place for origin in places for place in _next(words, origin, item, step)}
    return places


def _next(words: Sequence[str], at: int, item: Item, step: int) -> Iterator[int]:
    if not isinstance(item, Gap):
        place = at + step
        if 0 <= place < len(words) and words[place] in _options(item):
            yield place
        return
    for length in range(item.most + 1):
        place = at + step * length
        if not 0 <= place < len(words) or (length and words[place] in CLAUSE_ENDS):
            return
        if length >= item.least:
            yield place
