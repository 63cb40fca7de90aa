"""A reader's desk: every query that a reader's session makes, and no other.

Contract: each query names the reader, and none can name a table of `screener.store.origins`. The
rules of when something may be seen or done are in `screener.reading`; on PostgreSQL the database
holds them too.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

from sqlalchemy import and_, delete, insert, select, true, update

from screener.candidates import Case, Highlight, WorkItem
from screener.errors import StudyError
from screener.reads import DraftKind, Read, ReadForm, form_from_json
from screener.store.desk_queries import (
    other_reads_query,
    report_from_row,
    work_item_from_row,
    worklist_query,
)
from screener.store.engines import Database
from screener.store.ledgers import append_read, read_from_row
from screener.store.tables import (
    ASSIGNMENTS,
    CASE_REPORTS,
    CASES,
    DRAFTS,
    HIGHLIGHTS,
    OPENINGS,
    READS,
)
from screener.successions import check_succession

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Table

    from screener.candidates import Task


class Desk:
    """One reader's part of a store.

    Parameters
    ----------
    database
        Opened with the reader's role.
    reader
        Whose desk it is.
    key
        The study's key, where this session has it.
    """

    def __init__(self, database: Database, reader: str, key: bytes | None) -> None:
        self._database = database
        self._reader = reader
        self._key = key

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    # --- what is to be read ----------------------------------------------------------------------

    def worklist(self) -> tuple[WorkItem, ...]:
        """Return the reader's cases, calibration first, in the reader's own order."""
        with self._database.reading() as connection:
            rows = connection.execute(worklist_query(self._reader))
            return tuple(work_item_from_row(row, place) for place, row in enumerate(rows, start=1))

    def case(self, case_id: str) -> Case:
        """Return a case of the reader's worklist with its reports.

        Raises
        ------
        StudyError
            When it is not on the reader's worklist.
        """
        with self._database.reading() as connection:
            self._task(connection, case_id)
            row = connection.execute(select(CASES).where(CASES.c.case_id == case_id)).one()
            reports = connection.execute(
                select(CASE_REPORTS)
                .where(CASE_REPORTS.c.case_id == case_id)
                .order_by(CASE_REPORTS.c.place)
            )
            return Case(
                row.case_id, row.patient_id, row.round, tuple(map(report_from_row, reports))
            )

    def task(self, case_id: str) -> Task:
        """Return what the reader has to do with a case."""
        with self._database.reading() as connection:
            return self._task(connection, case_id)

    def highlights(self, case_id: str) -> tuple[Highlight, ...]:
        """Return what the screen found in a case's reports, in order."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(HIGHLIGHTS)
                .where(HIGHLIGHTS.c.case_id == case_id)
                .order_by(HIGHLIGHTS.c.position)
            )
            return tuple(
                Highlight(row.place, row.start, row.end, row.concept, row.state) for row in rows
            )

    # --- where the reader was --------------------------------------------------------------------

    def open_case(self, case_id: str, at: datetime) -> None:
        """Remember that the reader opened a case now, and when for the first time."""
        with self._database.writing() as connection:
            self._task(connection, case_id)
            self._open(connection, case_id, at)

    def last_case(self) -> str | None:
        """Return the case that the reader opened last, if any."""
        with self._database.reading() as connection:
            return connection.execute(
                select(OPENINGS.c.case_id)
                .where(OPENINGS.c.reader == self._reader)
                .order_by(OPENINGS.c.last_at.desc(), OPENINGS.c.case_id)
                .limit(1)
            ).scalar()

    # --- drafts ----------------------------------------------------------------------------------

    def draft(self, case_id: str, kind: DraftKind) -> ReadForm | None:
        """Return what was entered and not locked, if anything."""
        with self._database.reading() as connection:
            found = connection.execute(
                select(DRAFTS.c.form).where(self._own_draft(case_id, kind))
            ).scalar()
            return None if found is None else form_from_json(found)

    def save_draft(self, case_id: str, form: ReadForm, at: datetime, kind: DraftKind) -> None:
        """Keep a draft in place of the one before; when this returns it is on the disk."""
        with self._database.writing() as connection:
            self._task(connection, case_id)
            values = {"form": form.to_json(), "saved_at": at.isoformat()}
            new = {"case_id": case_id, "kind": kind, **values}
            self._put(connection, DRAFTS, self._own_draft(case_id, kind), new, values)

    def discard_draft(self, case_id: str, kind: DraftKind) -> None:
        """Forget a draft, if there is one."""
        with self._database.writing() as connection:
            connection.execute(delete(DRAFTS).where(self._own_draft(case_id, kind)))

    # --- reads -----------------------------------------------------------------------------------

    def own_reads(self, case_id: str | None = None) -> tuple[Read, ...]:
        """Return the reader's own reads, of one case or of all, in the order of locking."""
        with self._database.reading() as connection:
            return self._own_reads(connection, case_id)

    def other_reads(self, case_id: str) -> tuple[Read, ...]:
        """Return the others' reads of a case if all who were to read it have locked it.

        Empty before that; by the query itself, whatever the caller asks for.
        """
        with self._database.reading() as connection:
            rows = connection.execute(other_reads_query(self._reader, case_id))
            return tuple(map(read_from_row, rows))

    def lock(self, read: Read) -> Read:
        """Add a read to the reader's chain and drop its draft, in one transaction.

        The time of opening is taken from what was remembered of the case.

        Raises
        ------
        StudyError
            When the case is not on the worklist, or was read before, or an amendment does not
            supersede what stands.
        """
        with self._database.writing() as connection:
            task = self._task(connection, read.case_id)
            check_succession(read, task, self._own_reads(connection, read.case_id))
            opened_at = self._open(connection, read.case_id, read.locked_at)
            locked = append_read(connection, _opened(read, opened_at), self._key)
            kind: DraftKind = "first" if read.kind == "adjudication" else read.kind
            connection.execute(delete(DRAFTS).where(self._own_draft(read.case_id, kind)))
        return locked

    # --- parts -----------------------------------------------------------------------------------

    def _task(self, connection: Connection, case_id: str) -> Task:
        found = connection.execute(
            select(ASSIGNMENTS.c.task).where(self._own(ASSIGNMENTS, case_id))
        ).scalar()
        if found is None:
            raise StudyError(f"No case {case_id!r} on the worklist of {self._reader!r}.")
        return cast("Task", found)

    def _own_reads(self, connection: Connection, case_id: str | None) -> tuple[Read, ...]:
        wanted = READS.c.case_id == case_id if case_id is not None else true()
        rows = connection.execute(
            select(READS).where(READS.c.reader == self._reader, wanted).order_by(READS.c.position)
        )
        return tuple(map(read_from_row, rows))

    def _open(self, connection: Connection, case_id: str, at: datetime) -> datetime:
        told = {"last_at": at.isoformat()}
        own = self._own(OPENINGS, case_id)
        new = {"case_id": case_id, "first_at": at.isoformat(), **told}
        self._put(connection, OPENINGS, own, new, told)
        first = connection.execute(select(OPENINGS.c.first_at).where(own)).scalar_one()
        return datetime.fromisoformat(first)

    def _put(
        self,
        connection: Connection,
        table: Table,
        own: ColumnElement[bool],
        new: dict[str, str],
        changed: dict[str, str],
    ) -> None:
        """Change the reader's row of a case, or make it."""
        done = connection.execute(update(table).where(own).values(changed))
        if not done.rowcount:
            connection.execute(insert(table), {"reader": self._reader, **new})

    def _own_draft(self, case_id: str, kind: DraftKind) -> ColumnElement[bool]:
        return and_(self._own(DRAFTS, case_id), DRAFTS.c.kind == kind)

    def _own(self, table: Table, case_id: str) -> ColumnElement[bool]:
        return and_(table.c.reader == self._reader, table.c.case_id == case_id)


def _opened(read: Read, at: datetime) -> Read:
    return replace(read, opened_at=min(at, read.locked_at))
