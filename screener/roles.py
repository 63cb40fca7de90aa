"""Roles: what a finding is to the question of a pack, by the concept that it names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from screener.findings import Finding
from screener.packs import Concept, RulePack
from screener.phrases import vocabulary

QUANTITY = "quantity"
"""The role of a number, which no concept of a pack names."""
VOLUME = "volume"
"""The role, and the concept, of a number with a unit of volume; in mL."""


class Roles:
    """Looks up findings in the concepts of one pack.

    Parameters
    ----------
    pack
        The question.
    """

    def __init__(self, pack: RulePack) -> None:
        self.organ = pack.organ
        self._concept = pack.concept
        concepts = pack.concept.items()
        self._roles = {VOLUME: VOLUME, **{name: concept.role for name, concept in concepts}}
        self._heads = frozenset(name for name, concept in concepts if _is_head(concept))
        mine = (c for c in pack.concepts if c.role == "organ" and c.organ == pack.organ)
        self._organ_words = frozenset(w for c in mine for w in vocabulary(c.phrases))

    def concept(self, finding: Finding) -> Concept | None:
        """Return what a finding names; ``None`` for a number."""
        return self._concept.get(finding.concept)

    def of(self, finding: Finding) -> str:
        """Return the role of a finding."""
        return self._roles.get(finding.concept, QUANTITY)

    def among(self, findings: Iterable[Finding], *roles: str) -> list[Finding]:
        """Return the findings that have one of some roles."""
        role_of = self._roles.get
        return [f for f in findings if role_of(f.concept, QUANTITY) in roles]

    def is_head(self, finding: Finding) -> bool:
        """Whether a statement can be about it: a lesion, or an extent that needs no lesion word."""
        return finding.concept in self._heads

    def place(self, finding: Finding) -> str:
        """Return the organ that an organ or part word names; parts are of the pack's organ."""
        concept = self.concept(finding)
        return (concept.organ if concept else None) or self.organ

    def names_organ(self, words: Sequence[str]) -> bool:
        """Whether one of some words names the pack's organ."""
        return not self._organ_words.isdisjoint(words)

    def is_origin(self, finding: Finding) -> bool:
        """Whether an organ before "metastases" names where they come from."""
        concept = self.concept(finding)
        return concept is not None and concept.origin

    def is_strong(self, finding: Finding) -> bool:
        """Whether a link reaches over a comma."""
        concept = self.concept(finding)
        return concept is not None and concept.strong

    def denies(self, finding: Finding) -> bool:
        """Whether a word says in itself that there are no lesions."""
        concept = self.concept(finding)
        return concept is not None and concept.denies

    def is_hedged(self, finding: Finding) -> bool:
        """Whether a word is itself a guess."""
        concept = self.concept(finding)
        return concept is not None and concept.hedged

    def counts(self, finding: Finding) -> bool:
        """Whether an extent tells of separate lesions, such as "innumerable"."""
        concept = self.concept(finding)
        return concept is not None and concept.role == "extent" and concept.counts

    def leaves(self, finding: Finding) -> bool:
        """Whether an extent names what lesions leave of the organ."""
        concept = self.concept(finding)
        return concept is not None and concept.leaves

    def nature(self, finding: Finding) -> str:
        """Return the nature of a lesion; empty where the finding is none."""
        concept = self.concept(finding)
        return (concept.nature if concept else None) or ""

    def number(self, finding: Finding) -> str:
        """Return the grammatical number of a lesion word; empty where it has none."""
        concept = self.concept(finding)
        return (concept.number if concept else None) or ""

    def part(self, finding: Finding) -> str:
        """Return how much of the organ a part word names; empty where the finding is none."""
        concept = self.concept(finding)
        return (concept.part if concept else None) or ""

    def measure(self, finding: Finding) -> str:
        """Return what a measure measures; empty where the finding is none."""
        concept = self.concept(finding)
        return (concept.measure if concept else None) or ""


def _is_head(concept: Concept) -> bool:
    return concept.role == "lesion" or (concept.role == "extent" and concept.alone)
