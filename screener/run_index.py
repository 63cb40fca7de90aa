"""The scratch index of one run: what must be remembered of every report, kept on disk.

It knows which reports were seen (by digest, never by text) and gathers each patient's assessments,
so that memory does not grow with the number of reports. It lives in the run's working folder, keeps
no journal and no temporary file elsewhere, and is deleted before the run is put into place.
"""

from __future__ import annotations

import json
import marshal
import sqlite3
from dataclasses import asdict, fields, replace
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from screener.assessments import Assessment
from screener.near_misses import NearMiss
from screener.ranking import DatedAssessment, PatientRanking, rank_order, rank_patient
from screener.report_digests import digest_fields, digest_report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from screener.ranking import PatientWeights
    from screener.reports import Report

_kept_of = attrgetter(*(f.name for f in fields(Assessment)))
# The keys are declared before the rows come: SQLite then never sorts, and so never spills patients'
# words into a temporary file of its own choosing.
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -32768;
CREATE TABLE report (digest BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE report_id (digest BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE assessment (
    patient_id TEXT, position INTEGER, exam_on TEXT, record BLOB, PRIMARY KEY (patient_id, position)
) WITHOUT ROWID;
CREATE TABLE patient (
    candidate INTEGER, score REAL, certainty INTEGER, day INTEGER, patient_id TEXT,
    PRIMARY KEY (candidate, score, certainty, day, patient_id)
) WITHOUT ROWID;
CREATE TABLE near_miss (
    points REAL, report_id TEXT, position INTEGER, record TEXT,
    PRIMARY KEY (points, report_id, position)
) WITHOUT ROWID;
"""


class RunIndex:
    """What one run remembers of its reports; a context manager that deletes its file."""

    def __init__(self, file: Path) -> None:
        file.touch(mode=0o600, exist_ok=False)
        self._file = file
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")

    def __enter__(self) -> RunIndex:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()
        self._file.unlink()

    def is_duplicate(self, report: Report) -> bool:
        """Remember a report; tell whether one equal in every field was seen before."""
        return not self._remember("report", digest_report(report))

    def is_repeated_id(self, report_id: str) -> bool:
        """Remember a report's id; tell whether it was seen before."""
        return not self._remember("report_id", digest_fields([report_id]))

    def add(self, assessed: DatedAssessment) -> None:
        """Remember what one screened report says."""
        said = assessed.assessment
        day = "" if assessed.exam_on is None else assessed.exam_on.isoformat()
        row = (said.patient_id, assessed.position, day, marshal.dumps(_kept_of(said)))
        self._database.execute("INSERT INTO assessment VALUES (?, ?, ?, ?)", row)

    def add_near_miss(self, near_miss: NearMiss, position: int) -> None:
        """Remember a near miss; `position` is the place of its report in the input."""
        record = json.dumps(asdict(near_miss))
        row = (-near_miss.points, near_miss.report_id, position, record)
        self._database.execute("INSERT INTO near_miss VALUES (?, ?, ?, ?)", row)

    def ranked_near_misses(self) -> Iterator[NearMiss]:
        """Give the near misses in rank order: most points, then report_id, then place."""
        in_order = self._database.execute(
            "SELECT record FROM near_miss ORDER BY points, report_id, position"
        )
        for (record,) in in_order:
            kept = json.loads(record)
            yield NearMiss(evidence=tuple(kept.pop("evidence")), **kept)

    def ranked_patients(self, weights: PatientWeights) -> Iterator[PatientRanking]:
        """Rank all patients and give them in rank order, one at a time."""
        for patient in self._patients(weights):
            key = rank_order(patient)
            self._database.execute("INSERT INTO patient VALUES (?, ?, ?, ?, ?)", key)
        in_order = self._database.execute(
            "SELECT patient_id FROM patient ORDER BY candidate, score, certainty, day, patient_id"
        )
        for rank, (patient_id,) in enumerate(in_order, start=1):
            yield replace(rank_patient(self._assessments(patient_id), weights), rank=rank)

    def _remember(self, table: str, digest: bytes) -> bool:
        statement = f"INSERT OR IGNORE INTO {table} VALUES (?)"  # noqa: S608 - our own two names
        return self._database.execute(statement, (digest,)).rowcount == 1

    def _patients(self, weights: PatientWeights) -> Iterator[PatientRanking]:
        rows = self._database.execute(
            "SELECT patient_id, position, exam_on, record FROM assessment"
            " ORDER BY patient_id, position"
        )
        for _, own in groupby(rows, key=lambda row: row[0]):
            yield rank_patient(map(_from_row, own), weights)

    def _assessments(self, patient_id: str) -> Iterator[DatedAssessment]:
        rows = self._database.execute(
            "SELECT patient_id, position, exam_on, record FROM assessment"
            " WHERE patient_id = ? ORDER BY position",
            (patient_id,),
        )
        return map(_from_row, rows)


def _from_row(row: tuple[str, int, str, bytes]) -> DatedAssessment:
    _, position, day, record = row
    said = Assessment(*marshal.loads(record))  # noqa: S302 - written by this process
    return DatedAssessment(said, date.fromisoformat(day) if day else None, position)
