"""Segment facts: what a narrative takes from a segment, which follows from its content alone.

Worked out once a content (`screener.findings.Content.keep`), and not once a report that holds it.
"""

from __future__ import annotations

from dataclasses import dataclass

from screener.continuations import withdraws
from screener.findings import Content, Passage
from screener.placements import heading_organ, is_list_of_organs, without_names
from screener.respective import only_mine, with_organs_of_two
from screener.roles import QUANTITY, VOLUME, Roles
from screener.shares import asks_for_share
from screener.statements import Statement

THE_ORGAN = frozenset(["organ", "parenchymal"])
"""Words for the organ spoken of."""
_FIELD = 14
"""Words of the longest field."""

Said = tuple[Statement, tuple[int, ...]]
"""A statement of a content, and which of its findings it was put together from."""


@dataclass(frozen=True, slots=True)
class SegmentFacts:
    """What a narrative takes from a segment, whatever stands before it.

    Attributes
    ----------
    named
        The content as a passage, without the words inside names, and without what a respective
        list gives to other organs.
    may_say
        Whether it holds a word or number that statements are made of.
    may_mean_topic
        Whether it may speak of "the organ", whichever was spoken of before.
    has_volumes, withdraws, asks_for_share, is_field, lists_mine, is_of_sites
        Whether it holds a volume, withdraws what was said before it, is a label that wants a share,
        may be a field, is an item that lists organs, the pack's among them, and begins a list of
        the sites of metastases: "Metastases: lung none".
    heading
        The organ of the heading above it.
    organs, here
        The organs that it names, and those of them that are no place of origin.
    place_of
        Number of each finding of `named` among those of the content, by its identity.
    said
        Statements that were made of it, by the topic before it and whether a share is awaited.
    """

    named: Passage
    may_say: bool
    may_mean_topic: bool
    has_volumes: bool
    withdraws: bool
    asks_for_share: bool
    is_field: bool
    lists_mine: bool
    is_of_sites: bool
    heading: str
    organs: tuple[str, ...]
    here: tuple[str, ...]
    place_of: dict[int, int]
    said: dict[tuple[str, bool], tuple[Said, ...]]


def facts_of(content: Content, roles: Roles) -> SegmentFacts:
    """Return what follows from a content, for the roles of the pack that it was read with."""
    passage = only_mine(without_names(content.passage, roles), roles)
    passage = with_organs_of_two(passage, roles)
    findings, words = passage.findings, passage.words
    named = roles.among(findings, "organ", "part")
    organs = [roles.place(f) for f in roles.among(findings, "organ")]
    return SegmentFacts(
        named=passage,
        may_mean_topic=not THE_ORGAN.isdisjoint(words),
        may_say=bool(roles.among(findings, "lesion", "extent", QUANTITY)),
        has_volumes=any(f.concept == VOLUME for f in findings),
        withdraws=withdraws(passage, roles),
        asks_for_share=asks_for_share(passage, roles),
        is_field=":" in words[1:] and len(words) <= _FIELD,
        lists_mine=roles.organ in organs and is_list_of_organs(passage),
        is_of_sites=_is_of_sites(passage, roles),
        heading=heading_organ(passage, roles),
        organs=tuple(map(roles.place, named)),
        here=tuple(roles.place(f) for f in named if not roles.is_origin(f)),
        place_of=_places(content, passage),
        said={},
    )


def _is_of_sites(passage: Passage, roles: Roles) -> bool:
    """Whether metastases without a place are the label that a segment begins with."""
    first = next(iter(roles.among(passage.findings, "lesion")), None)
    is_label = first is not None and first.first == 0 and passage.words[first.last] == ":"
    return first is not None and is_label and roles.nature(first) == "malignant"


def _places(content: Content, passage: Passage) -> dict[int, int]:
    """Number of each finding, by its identity; one that "the latter" repeats has that of the first.

    Findings of one segment differ in their characters or their concept.
    """
    known = {(f.start, f.end, f.rule_id): place for place, f in enumerate(content.findings)}
    return {id(f): known[f.start, f.end, f.rule_id] for f in (*content.findings, *passage.findings)}
