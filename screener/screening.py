"""The first use case: one report in, what it says out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from screener.assessments import Assessment, assess, nothing_said, weigh
from screener.errors import TextError
from screener.findings import Finding, Passage
from screener.narratives import make_statements
from screener.near_misses import NearMiss, find_near_miss
from screener.nlp.gating import Gate
from screener.nlp.headings import Headings
from screener.nlp.matching import Matcher
from screener.nlp.segments import split_segments
from screener.packs import RulePack
from screener.reports import Report
from screener.roles import Roles
from screener.statements import Statement

MAX_CHARACTERS = 1_000_000
"""A text longer than this is no radiology report; it is rejected and said to be so."""


@dataclass(frozen=True, slots=True)
class ScreenedReport:
    """One report after the screen: whose, when, what it says, and the findings that bear on it.

    Findings are those of statements about the pack's organ, suppressed ones included, in order. A
    report that is no candidate may nearly be one. One that is not relevant (`screener.relevance`)
    has the lowest burden and nothing else.
    """

    report_id: str
    patient_id: str
    exam_on: date | None
    assessment: Assessment
    findings: tuple[Finding, ...]
    near_miss: NearMiss | None = None


class Screener:
    """Screens reports for one pack; build it once a process (that takes about two seconds).

    Parameters
    ----------
    pack
        The question.
    is_gated
        Whether reports that cannot be relevant, by their words, are spared the pipeline. What is
        said of a report is the same either way.

    Examples
    --------
    >>> from screener.packs import load_pack
    >>> screener = Screener(load_pack("liver_tumor_burden"))
    >>> report = Report("r1", "p1", "Innumerable hepatic metastases. No ascites.")
    >>> screener.screen_report(report).assessment.burden
    'extensive'
    """

    def __init__(self, pack: RulePack, *, is_gated: bool = True) -> None:
        self.pack = pack
        self.gate = Gate(pack)
        self.is_gated = is_gated and not self.gate.is_open
        self._headings = Headings(pack)
        self._roles = Roles(pack)

    @cached_property
    def _matcher(self) -> Matcher:
        """Built when a report first passes the gate: it takes the most time."""
        import screener.nlp.medspacy_parts  # noqa: F401 - before anything imports all of medspaCy

        return Matcher(self.pack)

    def sift(self, texts: Sequence[str]) -> list[int]:
        """Return the places of the texts that may be relevant; reports of the others say nothing.

        Many are looked at at once, so this is much faster than one after the other. Not every
        report that needs no pipeline is found.
        """
        if not self.is_gated:
            return list(range(len(texts)))
        too_long = {i for i, size in enumerate(map(len, texts)) if size > MAX_CHARACTERS}
        left = self.gate.sift(texts)
        return sorted(too_long.union(left)) if too_long else left

    def read(self, report: Report) -> tuple[tuple[Passage, ...], tuple[Statement, ...]]:
        """Return a report's segments as read, and its statements about every organ.

        Raises
        ------
        TextError
            When the text is longer than ``MAX_CHARACTERS``.
        """
        _refuse_long(report)
        segments = split_segments(report.text, self._headings)
        read, report_id, text = self._matcher.read, report.report_id, report.text
        passages = tuple([read(report_id, text, segment) for segment in segments])
        return passages, make_statements(passages, self.pack, self._roles)

    def screen_report(self, report: Report) -> ScreenedReport:
        """Return what one report says.

        Raises
        ------
        TextError
            When the text is longer than ``MAX_CHARACTERS``.
        """
        _refuse_long(report)
        if self.is_gated and not self.gate.passes(report.text):
            return self.irrelevant(report)
        passages, statements = self.read(report)
        if not self.gate.relevance.holds(passages):
            return self.irrelevant(report)
        weighed = weigh(passages, statements, self.pack)
        assessment = assess(report, passages, statements, self.pack, weighed)
        mine = [s for s in statements if s.organ == self.pack.organ]
        findings = {(f.start, f.end, f.rule_id): f for s in mine for f in s.findings}
        ordered = tuple(findings[key] for key in sorted(findings))
        near_miss = None
        if not assessment.is_candidate:
            near_miss = find_near_miss(
                report, passages, statements, self.pack, self._roles, weighed=weighed
            )
        return ScreenedReport(
            report.report_id, report.patient_id, report.exam_on, assessment, ordered, near_miss
        )

    def irrelevant(self, report: Report) -> ScreenedReport:
        """Return what a report that is not relevant says: nothing."""
        nothing = nothing_said(report, self.pack)
        return ScreenedReport(report.report_id, report.patient_id, report.exam_on, nothing, ())


def _refuse_long(report: Report) -> None:
    if len(report.text) > MAX_CHARACTERS:
        raise TextError(f"text of {len(report.text)} characters; at most {MAX_CHARACTERS}")
