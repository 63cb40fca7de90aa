"""Assertions: what the cues that ConText finds make of each target of a segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screener.nlp.engines import TARGETS

Span = tuple[int, int]

_DECISIVE = (
    "family", "negated", "resolved", "reported", "historical", "hypothetical", "uncertain",
)  # fmt: skip
"""Categories whose cue is told, the first of those that act."""
_OF_THEM = frozenset(["of", "the", "these", "those", "her", "his"])
"""Words between a number and the lesions that it is of."""
_PAST = frozenset({"historical", "resolved", "reported"})
"""Categories that take a target out of the present."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """How a target is asserted, and the cue that decides: the words it covers, if there is one."""

    negated: bool = False
    historical: bool = False
    hypothetical: bool = False
    uncertain: bool = False
    family: bool = False
    cue: Span | None = None


def assertions_of(doc: Any, restarts: Sequence[int]) -> dict[Span, Assertion]:
    """Return the assertion of each target, by the words that it covers.

    Parameters
    ----------
    doc
        A Doc with targets, after ConText.
    restarts
        Words at which run-on text begins anew, so that no negation before them reaches further.
    """
    targets = doc.spans[TARGETS]
    extents = [(s.start, s.end) for s in targets if s.label_ == "extent"]
    found: dict[Span, Assertion] = {}
    for target in targets:
        cues = _cues(doc, target, extents)
        if "current" in cues and not _lies_between(cues, target):
            cues.pop("historical", None)
        for category in [c for c, cue in cues.items() if _is_left(cue, target, restarts)]:
            cues.pop(category)
        found[target.start, target.end] = _assertion(cues)
    return found


def _cues(doc: Any, target: Any, extents: Sequence[Span]) -> dict[str, Span]:
    """The first cue of each category that reaches a target; words of an extent only hedge."""
    cues: dict[str, Span] = {}
    ends = [m for m in doc._.context_graph.modifiers if m.category == "END"]
    targets = [s for s in doc.spans[TARGETS] if s.label_ in ("extent", "quantity")]
    for modifier in sorted(target._.modifiers, key=lambda m: m.modifier_span):
        first, last = modifier.modifier_span
        if _is_ended(modifier, target, ends) or _is_of_aside(doc, (first, last), target):
            continue
        if modifier.category == "HISTORICAL" and _is_of_extent(doc, (first, last), target, targets):
            continue
        is_inside = any(first < b and a < last for a, b in extents)
        if not is_inside or modifier.category == "UNCERTAIN":
            cues.setdefault(modifier.category.lower(), (first, last))
    for category, span in _reaching(doc, target):
        cues.setdefault(category, span)
    return cues


def _is_left(cue: Span, target: Any, restarts: Sequence[int]) -> bool:
    """Whether run-on text begins anew between a cue and a target after it."""
    return any(cue[1] <= at <= target.start for at in restarts)


def _is_ended(modifier: Any, target: Any, ends: Sequence[Any]) -> bool:
    """Whether a clause ends between a cue with a bounded reach and a target.

    medspaCy 1.3.1 overlooks the ends within a scope that is cut short of the sentence: its test
    for an overlap (``tuple_overlaps``) is false where one of two scopes holds the other.
    """
    if modifier.rule.max_scope is None or modifier.rule.metadata["through"]:
        return False
    first, last = modifier.modifier_span
    if last <= target.start:
        return any(last <= end.modifier_span[0] < target.start for end in ends)
    hard = [end for end in ends if not end.rule.metadata["soft"]]
    return any(target.end <= end.modifier_span[0] < first for end in hard)


def _is_of_extent(doc: Any, past: Span, target: Any, told: Sequence[Any]) -> bool:
    """Whether a cue of the past ends before an extent that is another now.

    In "previously few metastases, now innumerable" and "four of the previously innumerable
    metastases" only the few and the innumerable are of the past.
    """
    described = next((s for s in told if s.start == past[1]), None)
    if described is None or target.start < described.end:
        return False
    is_told_after = any(s.start >= max(target.end, described.end) for s in told)
    before = [s.end for s in told if s.end <= past[0]]
    words = {token.text for token in doc[max(before) : past[0]]} if before else set()
    return is_told_after or target.label_ in ("extent", "quantity") or "of" in words <= _OF_THEM


def _is_of_aside(doc: Any, cue: Span, target: Any) -> bool:
    """Whether a cue is of a number beside it in brackets: "60% of it (two months ago 35%)"."""
    if target.end > cue[0]:
        return False
    words = [token.text for token in doc]
    opening = next((i for i in range(cue[0] - 1, target.end - 1, -1) if words[i] in "()"), None)
    if opening is None or words[opening] != "(" or ")" not in words[cue[1] :]:
        return False
    closing = words.index(")", cue[1])
    numbers = (s for s in doc.spans[TARGETS] if s.label_ == "quantity")
    return any(opening < s.start and s.end <= closing for s in numbers)


def _lies_between(cues: Mapping[str, Span], target: Any) -> bool:
    """Whether a cue of the past stands between one of the present and the target: "formerly"."""
    past, present = cues.get("historical"), cues["current"]
    if past is None:
        return False
    if past[1] == target.start:
        return True  # "of the formerly innumerable metastases three remain"
    is_between = present[1] <= past[0] < target.start or target.end <= past[0] < present[0]
    return bool(is_between)


def _reaching(doc: Any, target: Any) -> Iterator[tuple[str, Span]]:
    """The cues that reach a target where medspaCy's scope does not.

    A cue that goes through the ends of clauses reaches all that follows it; a cue that looks back
    is not stopped by the beginning of a list item, which only ends what was said before it.
    """
    modifiers = doc._.context_graph.modifiers
    ends = [m for m in modifiers if m.category == "END" and not m.rule.metadata["soft"]]
    through_ends = [m.modifier_span[0] for m in ends if m.rule.metadata["through"]]
    for modifier in modifiers:
        first, last = modifier.modifier_span
        if modifier.category == "END" or not modifier.allows(target.label_.upper()):
            continue
        if _is_of_aside(doc, (first, last), target):
            continue
        if modifier.rule.metadata["through"] and last <= target.start:
            if not any(last <= end <= target.start for end in through_ends):
                yield modifier.category.lower(), (first, last)
        elif modifier.direction == "BACKWARD" and target.end <= first:
            near = first - target.end < (modifier.rule.max_scope or len(doc))
            if near and not any(target.end <= m.modifier_span[0] < first for m in ends):
                yield modifier.category.lower(), (first, last)


def _assertion(cues: Mapping[str, Span]) -> Assertion:
    return Assertion(
        negated="negated" in cues,
        historical=bool(_PAST & cues.keys()),
        hypothetical="hypothetical" in cues,
        uncertain="uncertain" in cues,
        family="family" in cues,
        cue=next((cues[category] for category in _DECISIVE if category in cues), None),
    )
