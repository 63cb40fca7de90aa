"""Cases made of patients' reports: what readers see of them, and what the screen found in them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from screener.candidates import Case, CaseReport, Highlight, Section
from screener.exports.tables import FINDINGS
from screener.run_tables import read_table

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from screener.candidates import Round
    from screener.nlp.headings import Headings
    from screener.reports import Report
    from screener.studies import Charter

_STATES = ("negated", "historical", "hypothetical", "family", "uncertain")
_OF_REPORT = ("exam_on", "modality", "exam", "site", "status", "accession")


class Finds:
    """What the screen found in some reports."""

    def __init__(self, run: Path, report_ids: Collection[str]) -> None:
        self._of: defaultdict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
        for row in read_table(run, FINDINGS):
            report_id = str(row["report_id"])
            if report_id in report_ids:
                state = next((name for name in _STATES if row[name]), "asserted")
                where = int(str(row["start"])), int(str(row["end"]))
                self._of[report_id].append((*where, str(row["concept"]), state))

    def of(self, report: CaseReport) -> list[Highlight]:
        """Give those of a report that lie within its text."""
        return [
            Highlight(report.place, *found)
            for found in sorted(self._of[report.report_id])
            if found[1] <= len(report.text)
        ]


class CaseBuilder:
    """Makes cases of patients' reports, with only what the charter shows."""

    def __init__(self, charter: Charter, headings: Headings | None, finds: Finds) -> None:
        self._shown = charter.reading.shown
        self._headings = headings
        self._finds = finds

    def build(
        self, case_id: str, patient_id: str, round_: Round, reports: Sequence[Report]
    ) -> tuple[Case, tuple[Highlight, ...]]:
        """Make a patient's case, and give the screen's highlights of it apart."""
        in_time = sorted(reports, key=lambda one: one.exam_on or date.min)
        shown = tuple(self._report(place, one) for place, one in enumerate(in_time, start=1))
        name = patient_id if "patient_id" in self._shown else ""
        highlights = tuple(found for report in shown for found in self._finds.of(report))
        return Case(case_id, name, round_, shown), highlights

    def _report(self, place: int, report: Report) -> CaseReport:
        told = {name: getattr(report, name) for name in _OF_REPORT if name in self._shown}
        found = [] if self._headings is None else self._headings.find(report.text)
        sections = tuple(Section(one.start, one.end, one.kind) for one in found if one.kind)
        return CaseReport(place, report.report_id, report.text, **told, sections=sections)
