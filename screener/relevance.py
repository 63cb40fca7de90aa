"""Relevance: which reports can say anything of a pack's question, told from what they name.

A report is relevant where it names the pack's organ, by a word or a heading, and a *matter*: a word
that can raise the burden above the lowest level or make a near miss. What a matter is follows from
the pack's decision table. A report that is not relevant has the lowest burden, no findings and no
near miss; most of an archive is of this kind, and `screener.nlp.gating` finds it by its words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import product
from typing import get_args

from screener.findings import Content, Finding, Passage
from screener.packs import CONDITIONS, Concept, Decision, Nature, RulePack
from screener.report_words import ReportWords

_NAMING = frozenset({"malignant", "primary", "tumor"})
"""Natures that name a malignancy or are explained as one, whatever the table says."""
_WITHOUT_LESION = "none"
_UNNAMED = "unnamed"


class Relevance:
    """Tells whether a report that was read is relevant to one pack.

    Parameters
    ----------
    pack
        The question.
    share_words
        Words that make a number a share of something.

    Examples
    --------
    >>> from screener.packs import load_pack
    >>> relevance = Relevance(load_pack("liver_tumor_burden"), {"%"})
    >>> [name in relevance.matters for name in ("metastases", "benign_lesion", "uncountable")]
    [True, False, True]
    """

    def __init__(self, pack: RulePack, share_words: Collection[str]) -> None:
        self.pack = pack
        self.share_words = frozenset(share_words)
        self._words = ReportWords((), pack)
        self.places = frozenset(c.name for c in pack.concepts if _is_place(c, pack))
        """Concepts that name the pack's organ or a part of it."""
        self.matters = frozenset(_matters(pack))
        """Concepts of which a relevant report names one, unless it states a share."""

    def holds(self, passages: Sequence[Passage]) -> bool:
        """Whether a report is relevant, by its segments as they were read."""
        return any(p.content.keep(self._is_placed) for p in passages) and any(
            p.content.keep(self._is_matter) for p in passages
        )

    def _is_placed(self, content: Content) -> bool:
        is_headed = self.pack.organ in content.organs
        return is_headed or any(f.concept in self.places for f in content.findings)

    def _is_matter(self, content: Content) -> bool:
        return any(
            finding.concept in self.matters or self._is_share(finding, content)
            for finding in content.findings
        )

    def _is_share(self, finding: Finding, content: Content) -> bool:
        """Whether a finding is a share that can make a candidate, told in words or signs."""
        is_telling = finding.concept == "share" and self._words.any_tells((finding,))
        return is_telling and not self.share_words.isdisjoint(content.words)


def _is_place(concept: Concept, pack: RulePack) -> bool:
    is_mine = concept.role == "part" or concept.organ == pack.organ
    return is_mine and not concept.ignore


def _matters(pack: RulePack) -> Iterator[str]:
    loud = {nature for nature in (*get_args(Nature), _WITHOUT_LESION) if _is_loud(nature, pack)}
    telling = ReportWords((), pack).extents
    for concept in pack.concepts:
        names = concept.malignancy or (concept.nature in _NAMING and not concept.denies)
        by_table = concept.nature in loud and not concept.denies
        is_extent = concept.role == "extent" and (_WITHOUT_LESION in loud)
        if not concept.ignore and (names or by_table or is_extent or concept.name in telling):
            yield concept.name


def _is_loud(nature: str, pack: RulePack) -> bool:
    """Whether lesions of a nature can raise the burden where no malignancy is named."""
    free = (CONDITIONS["part"], CONDITIONS["number"], CONDITIONS["states"])
    for part, number, states in product(*free):
        facts = {
            "lesion": nature,
            "part": part,
            "number": number,
            "states": states,
            "malignancy": _UNNAMED,
        }
        if any(row.burden != pack.burden.lowest for row in _reachable(facts, pack.decisions)):
            return True
    return False


def _reachable(facts: dict[str, str], rows: Iterable[Decision]) -> Iterator[Decision]:
    """The rows that may decide; extents may be any, so a row that asks for them only may hold."""
    for row in rows:
        asked = {key: values for key, values in row.when.items() if key != "extent"}
        if all(facts[key] in values for key, values in asked.items()):
            yield row
            if "extent" not in row.when:
                return
