"""Findings as they stand in a report's text, each with the cue that decided its assertion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from screener.findings import Finding, Passage
from screener.packs import Cue as PackCue
from screener.packs import RulePack
from screener.phrases import Choice, Gap, Item, expand, words_of

ASSERTIONS = ("negated", "historical", "hypothetical", "family", "uncertain")
_CATEGORIES = {"historical": {"historical", "resolved"}}
"""Categories of cues that make an assertion of another name."""


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that changed what a finding asserts.

    Attributes
    ----------
    text
        As exported; for the assertion of a whole section, its kind in square brackets.
    start, end
        Characters of the report's text, or ``None`` where it is the section.
    rule
        Name of the pack's cue; empty where it is the section or several cues could be meant.
    """

    text: str
    start: int | None
    end: int | None
    rule: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding as it stands in the text.

    Attributes
    ----------
    start, end, text, section
        Of the finding.
    concept, role, rule_id
        What it was taken for: ``role`` is that of its concept, ``quantity`` for a number.
    is_asserted
        Whether it counts.
    assertion
        Names of `ASSERTIONS` that hold of it.
    cue
        What decided the assertion, if anything.
    """

    start: int
    end: int
    text: str
    section: str
    concept: str
    role: str
    rule_id: str
    is_asserted: bool
    assertion: tuple[str, ...]
    cue: Cue | None


def mark_findings(text: str, passages: Iterable[Passage], pack: RulePack) -> tuple[Mark, ...]:
    """Return the findings of a report's passages as marks, in order of the text.

    Examples
    --------
    >>> from screener.packs import load_pack
    >>> mark_findings("Normal chest.", (), load_pack("liver_tumor_burden"))
    ()
    """
    marking = _Marking(text, pack)
    made = [marking.mark(f, passage) for passage in passages for f in passage.findings]
    return tuple(sorted(made, key=lambda mark: (mark.start, mark.end, mark.rule_id)))


class _Marking:
    """Makes marks of the findings of one report."""

    def __init__(self, text: str, pack: RulePack) -> None:
        self.text = text
        self.pack = pack
        self.cues = _CuesByWords(pack)

    def mark(self, finding: Finding, passage: Passage) -> Mark:
        concept = self.pack.concept.get(finding.concept)
        assertion = tuple(name for name in ASSERTIONS if getattr(finding, name))
        return Mark(
            start=finding.start,
            end=finding.end,
            text=finding.text,
            section=finding.section,
            concept=finding.concept,
            role=concept.role if concept else "quantity",
            rule_id=finding.rule_id,
            is_asserted=finding.is_asserted,
            assertion=assertion,
            cue=self._cue(finding, passage, assertion) if finding.cue else None,
        )

    def _cue(self, finding: Finding, passage: Passage, assertion: Iterable[str]) -> Cue:
        if finding.cue == f"[{finding.section}]":
            return Cue(finding.cue, None, None, "")
        start = self._nearest(finding, passage)
        end = None if start is None else start + len(finding.cue)
        return Cue(finding.cue, start, end, self.cues.name(finding.cue, assertion))

    def _nearest(self, finding: Finding, passage: Passage) -> int | None:
        """Where the cue stands: of its places in the passage, the one nearest to the finding."""
        places: list[int] = []
        at = self.text.find(finding.cue, passage.start, passage.end)
        while at >= 0:
            end = at + len(finding.cue)
            if not (self.text[at - 1 : at].isalnum() or self.text[end : end + 1].isalnum()):
                places.append(at)
            at = self.text.find(finding.cue, at + 1, passage.end)
        distance = {
            at: max(finding.start - at - len(finding.cue), at - finding.end) for at in places
        }
        return min(places, key=lambda at: distance[at], default=None)


class _CuesByWords:
    """The cues of one pack, looked up by words that they matched."""

    def __init__(self, pack: RulePack) -> None:
        self._cues: Sequence[PackCue] = pack.cues

    def name(self, text: str, assertion: Iterable[str]) -> str:
        """The one cue that `text` can be, of those that make such an assertion; else empty."""
        words = tuple(words_of(text))
        categories = {c for name in assertion for c in _CATEGORIES.get(name, {name})}
        fitting = [
            cue.name
            for cue in self._cues
            if cue.category in categories and any(_fits(phrase, words) for phrase in cue.phrases)
        ]
        return fitting[0] if len(fitting) == 1 else ""


def _fits(phrase: str, words: tuple[str, ...]) -> bool:
    return any(_matches(wording, words) for wording in _wordings(phrase))


@lru_cache(maxsize=4096)
def _wordings(phrase: str) -> tuple[tuple[Item, ...], ...]:
    return expand(phrase)


def _matches(items: Sequence[Item], words: Sequence[str]) -> bool:
    """Whether the items of a wording cover all the words."""
    if not items:
        return not words
    item, rest = items[0], items[1:]
    if isinstance(item, Gap):
        most = min(item.most, len(words))
        return any(_matches(rest, words[n:]) for n in range(item.least, most + 1))
    if not words:
        return False
    fits = words[0] in item.words if isinstance(item, Choice) else words[0] == item
    return fits and _matches(rest, words[1:])
