"""The scratch index of one run: what must be remembered of every report, kept on disk.

It knows which reports were seen (by id and a hash, never by text) and gathers each patient's
assessments, so that memory does not grow with the number of reports. It lives in the run's working
folder, keeps no journal and no temporary file elsewhere, and is deleted before the run is put into
place. Reports that say nothing, which are most of an archive, are only counted, with the strongest
of each patient.
"""

from __future__ import annotations

import json
import marshal
import sqlite3
from dataclasses import asdict, replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from screener.assessments import Assessment, nothing_said
from screener.near_misses import NearMiss
from screener.ranking import (
    DatedAssessment,
    PatientRanking,
    rank_order,
    rank_patient,
    silent_patient,
)
from screener.reports import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

    from screener.packs import RulePack
    from screener.ranking import PatientWeights
    from screener.report_columns import ReportColumns

# The keys are declared before the rows come: SQLite then never sorts, and so never spills patients'
# words into a temporary file of its own choosing.
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -32768;
CREATE TABLE report (
    report_id TEXT PRIMARY KEY, known_by INTEGER, place INTEGER
) WITHOUT ROWID;
CREATE TABLE repeated (
    report_id TEXT, known_by INTEGER, PRIMARY KEY (report_id, known_by)
) WITHOUT ROWID;
CREATE TABLE assessment (
    patient_id TEXT, position INTEGER, exam_on TEXT, record BLOB, PRIMARY KEY (patient_id, position)
) WITHOUT ROWID;
CREATE TABLE silent (patient_id TEXT PRIMARY KEY, n INTEGER, top TEXT) WITHOUT ROWID;
CREATE TABLE patient (
    candidate INTEGER, score REAL, certainty INTEGER, day INTEGER, patient_id TEXT,
    n INTEGER, top TEXT,
    PRIMARY KEY (candidate, score, certainty, day, patient_id)
) WITHOUT ROWID;
CREATE TABLE near_miss (
    points REAL, report_id TEXT, position INTEGER, record TEXT,
    PRIMARY KEY (points, report_id, position)
) WITHOUT ROWID;
"""
_PATIENTS_AT_ONCE = 100_000
"""Patients whose silent reports are counted in memory before they are put on disk."""
_LATEST = date.max.toordinal()
_DIGITS = len(str(_LATEST))

_FIRST, _REPEATED, _EQUAL = range(3)

_Silent = tuple[int, str]
"""How many reports of a patient say nothing, and the strongest of them: a text by whose order the
later day comes first, and of one day the lower id."""
_Said = tuple[str, int, str, bytes]


class RunIndex:
    """What one run remembers of its reports; a context manager that deletes its file."""

    def __init__(self, file: Path, pack: RulePack) -> None:
        file.touch(mode=0o600, exist_ok=False)
        self._file = file
        self._pack = pack
        self._n_seen = 0
        self._silent: dict[str, _Silent] = {}
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

    def new_reports(self, reports: ReportColumns) -> tuple[list[int], int]:
        """Remember some reports.

        Returns
        -------
        tuple
            The places of those that are not equal in every field to an earlier one, and how many
            of these have the id of an earlier one.
        """
        known_by, first = reports.known_by(), self._n_seen
        self._n_seen += len(reports)
        places = range(len(reports))
        before = self._database.total_changes
        rows = zip(reports.report_ids, known_by, range(first, self._n_seen), strict=True)
        self._database.executemany("INSERT OR IGNORE INTO report VALUES (?, ?, ?)", rows)
        if self._database.total_changes - before == len(reports):
            return list(places), 0
        ways = [self._seen(reports.report_ids[i], known_by[i], first + i) for i in places]
        new = [i for i in places if ways[i] != _EQUAL]
        return new, ways.count(_REPEATED)

    def _seen(self, report_id: str, known_by: int, place: int) -> int:
        """Whether a report is the first of its id, another one, or equal to an earlier one."""
        found = self._database.execute(
            "SELECT known_by, place FROM report WHERE report_id = ?", (report_id,)
        )
        first_known_by, first_place = found.fetchone()
        if first_place == place:
            return _FIRST
        if first_known_by == known_by:
            return _EQUAL
        statement = "INSERT OR IGNORE INTO repeated VALUES (?, ?)"
        is_new = self._database.execute(statement, (report_id, known_by)).rowcount == 1
        return _REPEATED if is_new else _EQUAL

    def add(
        self, patient_id: str, said: tuple[Any, ...], exam_on: date | None, position: int
    ) -> None:
        """Remember what one report says: the values of its assessment, and its place."""
        day = "" if exam_on is None else exam_on.isoformat()
        row = (patient_id, position, day, marshal.dumps(said))
        self._database.execute("INSERT INTO assessment VALUES (?, ?, ?, ?)", row)

    def add_silent(self, reports: ReportColumns, places: Iterable[int]) -> None:
        """Remember those of some reports that say nothing."""
        ids, patients, days = reports.report_ids, reports.patient_ids, reports.exam_days
        silent, prefix = self._silent, _PREFIXES
        for i in places:
            top, known = prefix[days[i]] + ids[i], silent.get(patients[i])
            silent[patients[i]] = (known[0] + 1, min(known[1], top)) if known else (1, top)
        if len(silent) >= _PATIENTS_AT_ONCE:
            self._put_silent()

    def _put_silent(self) -> None:
        rows = ((patient_id, *self._silent[patient_id]) for patient_id in sorted(self._silent))
        self._database.executemany(
            "INSERT INTO silent VALUES (?, ?, ?) ON CONFLICT (patient_id)"
            " DO UPDATE SET n = n + excluded.n, top = min(top, excluded.top)",
            rows,
        )
        self._silent.clear()

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

    def ranked_patients(self) -> Iterator[PatientRanking]:
        """Rank all patients and give them in rank order, one at a time.

        Of reports that say nothing at most the strongest is among a patient's assessments.
        """
        self._put_silent()
        self._order_patients()
        lowest = self._pack.burden.lowest
        in_order = self._database.execute(
            "SELECT patient_id, n, top FROM patient"
            " ORDER BY candidate, score, certainty, day, patient_id"
        )
        for rank, (patient_id, n, top) in enumerate(in_order, start=1):
            if n is not None:
                yield silent_patient(rank, patient_id, lowest, _read_top(top), n)
            else:
                own = self._of_patient(patient_id, self._assessments(patient_id))
                yield replace(rank_patient(*own), rank=rank)

    def _order_patients(self) -> None:
        """Put all patients in order; those without a word keep their numbers."""
        for patient_id, own in self._assessed():
            key = rank_order(rank_patient(*self._of_patient(patient_id, own)))
            self._database.execute("INSERT INTO patient VALUES (?, ?, ?, ?, ?, NULL, NULL)", key)
        alike = rank_order(silent_patient(1, "", "", ("", None), 1))[:3]
        self._database.execute(
            "INSERT INTO patient SELECT ?, ?, ?, CAST(substr(top, 1, ?) AS INTEGER) - ?,"
            " patient_id, n, top FROM silent WHERE NOT EXISTS"
            " (SELECT 1 FROM assessment WHERE assessment.patient_id = silent.patient_id)",
            (*alike, _DIGITS, _LATEST),
        )

    def _assessed(self) -> Iterator[tuple[str, Iterator[_Said]]]:
        rows = self._database.execute(
            "SELECT patient_id, position, exam_on, record FROM assessment"
            " ORDER BY patient_id, position"
        )
        return groupby(rows, key=itemgetter(0))

    def _assessments(self, patient_id: str) -> Iterator[_Said]:
        return self._database.execute(
            "SELECT patient_id, position, exam_on, record FROM assessment"
            " WHERE patient_id = ? ORDER BY position",
            (patient_id,),
        )

    def _of_patient(
        self, patient_id: str, said: Iterable[_Said]
    ) -> tuple[list[DatedAssessment], PatientWeights, int]:
        """What `rank_patient` is to be told of a patient."""
        assessed, n_more = list(map(_from_row, said)), 0
        found = self._database.execute(
            "SELECT n, top FROM silent WHERE patient_id = ?", (patient_id,)
        )
        for n, top in found:
            report_id, exam_on = _read_top(top)
            nothing = nothing_said(Report(report_id, patient_id, ""), self._pack)
            assessed.append(DatedAssessment(nothing, exam_on, 0))
            n_more = n - 1
        return assessed, self._pack.ranking, n_more


def _from_row(row: _Said) -> DatedAssessment:
    _, position, day, record = row
    said = Assessment(*marshal.loads(record))  # noqa: S302 - written by this process
    return DatedAssessment(said, date.fromisoformat(day) if day else None, position)


class _Prefixes(dict["date | None", str]):
    """For each day a text by whose order later days come first, all of one length."""

    def __missing__(self, day: date | None) -> str:
        ordinal = 0 if day is None else day.toordinal()
        prefix = self[day] = f"{_LATEST - ordinal:0{_DIGITS}}"
        return prefix


_PREFIXES = _Prefixes()  # no more than there are days


def _read_top(top: str) -> tuple[str, date | None]:
    ordinal = _LATEST - int(top[:_DIGITS])
    return top[_DIGITS:], date.fromordinal(ordinal) if ordinal else None
