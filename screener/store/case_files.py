"""The reports of cases and the screen's finds in them, for the coordinator's exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from screener.candidates import CaseReport, Highlight
from screener.store.desk_queries import report_from_row
from screener.store.tables import CASE_REPORTS, HIGHLIGHTS
from screener.study_contents import CaseFile

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection


def case_files(connection: Connection, case_ids: Collection[str]) -> dict[str, CaseFile]:
    """Return by case its reports in order and the highlights in them."""
    reports: dict[str, list[CaseReport]] = {case_id: [] for case_id in case_ids}
    finds: dict[str, list[Highlight]] = {case_id: [] for case_id in case_ids}
    ordered = select(CASE_REPORTS).order_by(CASE_REPORTS.c.case_id, CASE_REPORTS.c.place)
    for row in connection.execute(ordered):
        if row.case_id in reports:
            reports[row.case_id].append(report_from_row(row))
    ordered = select(HIGHLIGHTS).order_by(HIGHLIGHTS.c.case_id, HIGHLIGHTS.c.position)
    for row in connection.execute(ordered):
        if row.case_id in finds:
            found = (row.place, row.start, row.end, row.concept, row.state)
            finds[row.case_id].append(Highlight(*found))
    return {one: CaseFile(tuple(reports[one]), tuple(finds[one])) for one in case_ids}
