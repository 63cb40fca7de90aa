"""The coordinator's office: what makes a study, fills it, counts it and looks into it.

Contract: a coordinator gets counts of an incomplete case, and its reads only by `all_reads`, which
`screener.adjudication` gives out for complete cases or after a logged unblinding.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from screener.chains import STUDY_CHAIN, Head, Link, genesis, sign_head
from screener.errors import StoreError, StudyError
from screener.reads import Read
from screener.store.case_files import case_files
from screener.store.contents import draw_digest
from screener.store.engines import Database
from screener.store.ledgers import read_from_row, read_link
from screener.store.logbooks import add_to_log, log_link
from screener.store.origins import LOG, ORIGINS
from screener.store.records import Assignment, LogRecord, NewCase, OriginRow, StudyRow
from screener.store.roles import make_role, role_of
from screener.store.schemas import check_schema, upgrade_schema
from screener.store.tables import (
    ASSIGNMENTS,
    CASE_REPORTS,
    CASES,
    DRAFTS,
    HEADS,
    HIGHLIGHTS,
    READERS,
    READS,
    STUDY,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from screener.candidates import CaseReport
    from screener.studies import Charter
    from screener.study_contents import CaseFile


_ALL_READS = select(READS).order_by(READS.c.reader, READS.c.position)


class Office:
    """The coordinator's part of a store.

    Parameters
    ----------
    database
        Opened with the coordinator's rights.
    key
        The study's key, where this session has it.
    """

    def __init__(self, database: Database, key: bytes | None) -> None:
        self.database = database
        self._key = key

    def close(self) -> None:
        """Close the connections."""
        self.database.close()

    # --- the study -------------------------------------------------------------------------------

    def create(self, study: StudyRow, charter: Charter) -> None:
        """Make the tables of a new study with its readers: all or nothing.

        Raises
        ------
        StoreError
            When the store holds a study already.
        """
        with self.database.writing() as connection:
            upgrade_schema(connection)
            if connection.execute(select(func.count()).select_from(STUDY)).scalar():
                raise StoreError(
                    f"The store {self.database.where} holds a study already."
                    " Give each study a database of its own."
                )
            connection.execute(insert(STUDY), asdict(study))
            self._add_head(connection, study, STUDY_CHAIN)
            self._add_readers(connection, study, charter)
            add_to_log(connection, "coordinator", "init", _charter_said(charter), self._key)

    def study(self) -> StudyRow:
        """Return what the store states of its study."""
        with self.database.reading() as connection:
            check_schema(connection)
            row = connection.execute(select(STUDY)).first()
        if row is None:
            raise StoreError(f"The store {self.database.where} holds no study.")
        return StudyRow(*row)

    def set_charter(self, charter: Charter, text: str) -> None:
        """Put another charter in place; for studies that have no case yet."""
        with self.database.writing() as connection:
            if connection.execute(select(func.count()).select_from(CASES)).scalar():
                raise StudyError("Cases were drawn, so the charter holds.")
            values = {
                "charter": text,
                "charter_sha256": charter.sha256,
                "others": charter.reading.others,
                "highlights": charter.reading.highlights,
            }
            connection.execute(update(STUDY).values(values))
            connection.execute(delete(READERS))
            connection.execute(delete(HEADS).where(HEADS.c.chain != STUDY_CHAIN))
            row = connection.execute(select(STUDY)).one()
            self._add_readers(connection, StudyRow(*row), charter)
            add_to_log(connection, "coordinator", "charter", _charter_said(charter), self._key)

    def _add_readers(self, connection: Connection, study: StudyRow, charter: Charter) -> None:
        """Add the readers with their empty chains and, on PostgreSQL, their roles."""
        for place, name in enumerate(charter.everybody, start=1):
            role = role_of(study.study_id, name)
            is_adjudicator = name == charter.adjudicator
            connection.execute(insert(READERS).values((name, place, is_adjudicator, role)))
            self._add_head(connection, study, name)
            if self.database.is_postgresql:
                make_role(connection, study.study_id, role)

    # --- cases -----------------------------------------------------------------------------------

    def add_cases(
        self,
        cases: Iterable[NewCase],
        assignments: Iterable[Assignment],
        act: Mapping[str, object],
    ) -> None:
        """Add drawn cases, whom they go to, and the draw's record in the log: all or nothing."""
        with self.database.writing() as connection:
            _add_cases(connection, list(cases))
            connection.execute(insert(ASSIGNMENTS), [asdict(one) for one in assignments])
            number = connection.execute(select(func.max(ORIGINS.c.draw))).scalar_one()
            contents = {"draw": number, "contents_sha256": draw_digest(connection, number)}
            add_to_log(connection, "coordinator", "draw", {**act, **contents}, self._key)

    def contents(self, draw: int) -> str:
        """Return the digest of what a draw added, as it is now."""
        with self.database.reading() as connection:
            return draw_digest(connection, draw)

    def assign(self, assignments: Sequence[Assignment]) -> None:
        """Put cases on worklists, and say so in the log."""
        with self.database.writing() as connection:
            for assignment in assignments:
                connection.execute(insert(ASSIGNMENTS), asdict(assignment))
            said = {"cases": [[one.case_id, one.reader] for one in assignments]}
            add_to_log(connection, "coordinator", "assign", said, self._key)

    def origins(self) -> tuple[OriginRow, ...]:
        """Return why each case was drawn, by case."""
        with self.database.reading() as connection:
            rows = connection.execute(select(ORIGINS).order_by(ORIGINS.c.case_id))
            return tuple(OriginRow(*row) for row in rows)

    def case_files(self, case_ids: Collection[str]) -> dict[str, CaseFile]:
        """Return the reports of some cases and what the screen found in them."""
        with self.database.reading() as connection:
            return case_files(connection, case_ids)

    def rounds(self) -> dict[str, str]:
        """Return the round of each case."""
        with self.database.reading() as connection:
            rows = connection.execute(select(CASES.c.case_id, CASES.c.round))
            return {row.case_id: row.round for row in rows}

    def assignments(self) -> tuple[Assignment, ...]:
        """Return who is to read what."""
        with self.database.reading() as connection:
            ordered = select(ASSIGNMENTS).order_by(ASSIGNMENTS.c.reader, ASSIGNMENTS.c.place)
            return tuple(Assignment(*row) for row in connection.execute(ordered))

    # --- reads -----------------------------------------------------------------------------------

    def all_reads(self) -> tuple[Read, ...]:
        """Return every read, by reader in the order of locking."""
        with self.database.reading() as connection:
            return tuple(map(read_from_row, connection.execute(_ALL_READS)))

    def n_drafts(self) -> dict[str, int]:
        """Return how many drafts each reader has."""
        with self.database.reading() as connection:
            counted = select(DRAFTS.c.reader, func.count()).group_by(DRAFTS.c.reader)
            return {row[0]: row[1] for row in connection.execute(counted)}

    def out_in_packets(self) -> frozenset[str]:
        """Return the readers whose cases are out in a packet."""
        with self.database.reading() as connection:
            out = select(HEADS.c.chain).where(HEADS.c.packet_id != "")
            return frozenset(connection.execute(out).scalars())

    # --- chains and the log ----------------------------------------------------------------------

    def record(self, actor: str, act: str, detail: Mapping[str, object]) -> None:
        """Add an act to the log."""
        with self.database.writing() as connection:
            add_to_log(connection, actor, act, detail, self._key)

    def log(self) -> tuple[LogRecord, ...]:
        """Return the log."""
        with self.database.reading() as connection:
            rows = connection.execute(select(LOG).order_by(LOG.c.position))
            return tuple(
                LogRecord(row.position, row.at, row.actor, row.act, json.loads(row.detail))
                for row in rows
            )

    def chains(self) -> tuple[tuple[Head, ...], dict[str, list[Link]]]:
        """Return where each chain ends and its records, as they are at one moment."""
        links: dict[str, list[Link]] = {}
        with self.database.reading(snapshot=True) as connection:
            rows = connection.execute(select(HEADS).order_by(HEADS.c.chain))
            heads = tuple(
                Head(row.chain, row.n, row.hash, row.n_signed, row.signature) for row in rows
            )
            for row in connection.execute(_ALL_READS):
                links.setdefault(row.reader, []).append(read_link(row))
            for row in connection.execute(select(LOG).order_by(LOG.c.position)):
                links.setdefault(STUDY_CHAIN, []).append(log_link(row))
        return heads, links

    def sign_heads(self, verified: Sequence[Head]) -> None:
        """Sign the ends of chains that were verified, as they were then."""
        if self._key is None:
            return
        with self.database.writing() as connection:
            study_id = connection.execute(select(STUDY.c.study_id)).scalar_one()
            for head in verified:
                signature = sign_head(self._key, study_id, head.chain, head.n, head.hash)
                connection.execute(
                    update(HEADS)
                    .where(HEADS.c.chain == head.chain, HEADS.c.n_signed < head.n)
                    .values(n_signed=head.n, signature=signature)
                )

    def _add_head(self, connection: Connection, study: StudyRow, chain: str) -> None:
        first = genesis(study.study_id, chain)
        key = self._key
        signature = "" if key is None else sign_head(key, study.study_id, chain, 0, first)
        head = asdict(Head(chain, 0, first, 0, signature))
        connection.execute(insert(HEADS), {**head, "packet_id": study.packet_id})


def _charter_said(charter: Charter) -> dict[str, object]:
    return {"charter_sha256": charter.sha256, "readers": list(charter.everybody)}


def _add_cases(connection: Connection, new: Sequence[NewCase]) -> None:
    cases = [one.case for one in new]
    rows = [{"case_id": c.case_id, "round": c.round, "patient_id": c.patient_id} for c in cases]
    connection.execute(insert(CASES), rows)
    connection.execute(insert(ORIGINS), [asdict(one.origin) for one in new])
    reports = [_report_row(case.case_id, one) for case in cases for one in case.reports]
    connection.execute(insert(CASE_REPORTS), reports)
    highlights = [
        {**asdict(highlight), "position": position, "case_id": one.case.case_id}
        for one in new
        for position, highlight in enumerate(one.highlights)
    ]
    if highlights:
        connection.execute(insert(HIGHLIGHTS), highlights)


def _report_row(case_id: str, report: CaseReport) -> dict[str, object]:
    sections = json.dumps([[one.start, one.end, one.kind] for one in report.sections])
    exam_on = report.exam_on.isoformat() if report.exam_on else ""
    return {**asdict(report), "sections": sections, "exam_on": exam_on, "case_id": case_id}
