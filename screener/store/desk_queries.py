"""The longer queries of a reader's desk, and how their rows become records.

Contract: as that of `screener.store.desks`: the reader's own rows, and no table of origins.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, exists, func, select

from screener.candidates import CALIBRATION, CaseReport, Section, WorkItem
from screener.reads import DECIDING
from screener.store.tables import (
    ASSIGNMENTS,
    CASE_REPORTS,
    CASES,
    DRAFTS,
    READERS,
    READS,
    STUDY,
)

if TYPE_CHECKING:
    from sqlalchemy import Row

    from screener.candidates import Round, State


def worklist_query(reader: str) -> Select[Any]:
    """Query the reader's cases with what the reader did with each."""
    mine = and_(READS.c.reader == reader, READS.c.case_id == ASSIGNMENTS.c.case_id)
    drafted = and_(DRAFTS.c.reader == reader, DRAFTS.c.case_id == ASSIGNMENTS.c.case_id)
    n_reports = (
        select(func.count())
        .select_from(CASE_REPORTS)
        .where(CASE_REPORTS.c.case_id == CASES.c.case_id)
        .scalar_subquery()
    )
    return (
        select(
            CASES,
            ASSIGNMENTS.c.task,
            exists().where(mine, READS.c.kind.in_(DECIDING)).label("is_locked"),
            exists().where(drafted).label("is_drafted"),
            n_reports.label("n_reports"),
        )
        .join_from(ASSIGNMENTS, CASES)
        .where(ASSIGNMENTS.c.reader == reader)
        .order_by(CASES.c.round != CALIBRATION, ASSIGNMENTS.c.place, CASES.c.case_id)
    )


def other_reads_query(reader: str, case_id: str) -> Select[Any]:
    """Query the others' reads, with the rule of blinding in the query.

    On PostgreSQL a reader's role sees no assignment of another, so that the first of the two
    conditions holds trivially there; row-level security then decides.
    """
    owed = ASSIGNMENTS.alias()
    locked = READS.alias()
    is_owed = and_(owed.c.case_id == case_id, owed.c.task == "primary")
    is_done = exists().where(
        locked.c.case_id == case_id, locked.c.reader == owed.c.reader, locked.c.kind == "first"
    )
    return (
        select(READS)
        .where(READS.c.case_id == case_id, READS.c.reader != reader)
        .where(~exists().where(is_owed, ~is_done))
        .where(exists().where(STUDY.c.others == "when_complete"))
        .where(exists().where(READERS.c.name == reader, ~READERS.c.is_adjudicator))
        .order_by(READS.c.reader, READS.c.position)
    )


def work_item_from_row(row: Row[Any], place: int) -> WorkItem:
    """Return a row of the worklist as a line of it."""
    state: State = "locked" if row.is_locked else "draft" if row.is_drafted else "unread"
    round_: Round = row.round
    return WorkItem(place, row.case_id, row.patient_id, round_, row.task, state, row.n_reports)


def report_from_row(row: Row[Any]) -> CaseReport:
    """Return a row of `CASE_REPORTS` as a report."""
    return CaseReport(
        place=row.place,
        report_id=row.report_id,
        text=row.text,
        exam_on=date.fromisoformat(row.exam_on) if row.exam_on else None,
        modality=row.modality,
        exam=row.exam,
        site=row.site,
        status=row.status,
        accession=row.accession,
        sections=tuple(Section(*section) for section in json.loads(row.sections)),
    )
