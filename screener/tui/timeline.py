"""The time line of a case: its reports in order of time, one a line."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screener.candidates import Case, CaseReport
from screener.tui.report_lines import shown_text


class TimeLine(OptionList, can_focus=False):
    """The reports; the chosen one is the one that is shown."""

    def __init__(self, case: Case) -> None:
        options = [Option(Content(told_report(report))) for report in case.reports]
        super().__init__(*options, id="timeline", compact=True)
        self.border_title = Content(f"{len(case.reports)} reports")


def told_report(report: CaseReport) -> str:
    """Return a report's line: its day, its accession, and what it was.

    Examples
    --------
    >>> told_report(CaseReport(2, "R2", "", modality="CT", accession="A7"))
    '2 no day      CT  A7'
    """
    day = str(report.exam_on) if report.exam_on else "no day    "
    more = (report.modality, report.accession, report.status, report.exam, report.site)
    line = "  ".join(filter(None, [f"{report.place} {day}", *more]))
    return shown_text(line.replace("\n", " ").replace("\t", " "))[0]
