"""The words of one report as a question takes them: what they tell, and which words tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from screener.assessments import level_of_count, level_of_share
from screener.findings import Content, Finding, Passage
from screener.packs import RulePack
from screener.statements import Statement


class ReportWords:
    """Looks up the findings of a report by what their concepts are in the pack.

    Examples
    --------
    >>> from screener.packs import load_pack
    >>> ReportWords((), load_pack("liver_tumor_burden")).name_organ()
    False
    """

    def __init__(self, passages: Sequence[Passage], pack: RulePack) -> None:
        self.passages = passages
        self.pack = pack
        self.extents = frozenset(
            extent
            for row in pack.decisions
            if row.burden in pack.burden.candidate
            for extent in row.when.get("extent", ())
        )
        """The extents that can make a candidate."""

    def any_tells(self, findings: Iterable[Finding]) -> bool:
        """Whether any of some findings tells an extent that can make a candidate."""
        return any(self._tells(finding) for finding in findings)

    def tells_number(self, statement: Statement) -> bool:
        """Whether a statement tells so of separate lesions: diffuse fat does not."""
        return any(
            self._tells(f) and (f.concept == "count" or self.attribute(f, "counts"))
            for f in statement.findings
        )

    def name_organ(self) -> bool:
        """Whether the report names the pack's organ."""
        return any(passage.content.keep(_names_organ, self.pack) for passage in self.passages)

    def of(self, statement: Statement, attribute: str, value: str) -> str:
        """The first words of a statement whose concept has an attribute of some value."""
        return self._first(statement.findings, attribute, value)

    def of_report(self, attribute: str, value: str) -> str:
        """The first words of the report whose concept has an attribute of some value."""
        return self._first(self._all(), attribute, value)

    def benign(self, statement: Statement) -> str:
        """What makes the lesions of a statement benign: a word for them, or a refusal of others."""
        return (
            self.of(statement, "nature", "benign")
            or self._refusal(statement.findings)
            or self.of_report("nature", "benign")
        )

    def refusal(self) -> str:
        """The first cue that refuses a word for metastases."""
        return self._refusal(self._all())

    def attribute(self, finding: Finding, name: str) -> object:
        """An attribute of a finding's concept; ``None`` for numbers."""
        concept = self.pack.concept.get(finding.concept)
        return getattr(concept, name) if concept else None

    def _all(self) -> Iterator[Finding]:
        return (finding for passage in self.passages for finding in passage.findings)

    def _first(self, findings: Iterable[Finding], attribute: str, value: str) -> str:
        return next((f.text for f in findings if self.attribute(f, attribute) == value), "")

    def _refusal(self, findings: Iterable[Finding]) -> str:
        refused = (f for f in findings if f.negated)
        return next((f.cue for f in refused if self.attribute(f, "nature") == "malignant"), "")

    def _tells(self, finding: Finding) -> bool:
        low, high = finding.low, finding.high
        if finding.concept in self.extents:
            return True
        if low is None or high is None:
            return False
        if finding.concept == "share":
            levels = {level_of_share(s, self.pack) for s in ((low, high), (100 - high, 100 - low))}
            return bool(levels & set(self.pack.burden.candidate))
        level = level_of_count((low, high), self.pack)
        return finding.concept == "count" and level in self.pack.burden.candidate


def _names_organ(content: Content, pack: RulePack) -> bool:
    concepts = (pack.concept.get(finding.concept) for finding in content.findings)
    return any(concept is not None and concept.organ == pack.organ for concept in concepts)
