"""What a run remembers on disk gives what all its reports would give in memory."""

from __future__ import annotations

from dataclasses import astuple, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screener import run_index
from screener.assessments import Assessment, nothing_said
from screener.packs import RulePack
from screener.ranking import DatedAssessment, PatientRanking, rank_patients
from screener.report_columns import ReportColumns
from screener.reports import Report
from screener.run_index import RunIndex

DAYS = st.sampled_from([None, date(2020, 1, 1), date(2021, 3, 4), date.min, date.max])
REPORTS = st.builds(
    Report,
    st.sampled_from(["r1", "r2", "r10", "é", "r"]),
    st.sampled_from(["p1", "p2", "p10", "é"]),
    st.sampled_from(["a", "b"]),
    DAYS,
)
SAID = st.sampled_from(
    [
        None,
        ("extensive", True, "definite", (80.0, 90.0), 10.0, ("innumerable",), "many"),
        ("extensive", True, "hedged", None, 5.0, ("probably many",), "many"),
        ("limited", False, "definite", None, 1.0, ("two",), "few"),
    ]
)


def _plain(patient: PatientRanking) -> PatientRanking:
    return replace(patient, assessments=())


@given(rows=st.lists(st.tuples(REPORTS, SAID), max_size=12), at_once=st.sampled_from([1, 100]))
def test_patients_are_ranked_as_in_memory(
    pack: RulePack, rows: list[tuple[Report, tuple[object, ...] | None]], at_once: int
) -> None:
    expected: list[DatedAssessment] = []
    with (
        TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        RunIndex(Path(folder) / "index", pack) as index,
    ):
        patch.setattr(run_index, "_PATIENTS_AT_ONCE", at_once)
        for position, (report, values) in enumerate(rows):
            if values is None:
                said = nothing_said(report, pack)
                index.add_silent(ReportColumns.of([report]), [0])
            else:
                said = Assessment(report.report_id, report.patient_id, *values)  # type: ignore[arg-type]
                index.add(report.patient_id, astuple(said), report.exam_on, position)
            expected.append(DatedAssessment(said, report.exam_on, position))
        found = list(map(_plain, index.ranked_patients()))
    assert found == list(map(_plain, rank_patients(expected, pack.ranking)))


@given(parts=st.lists(st.lists(REPORTS, max_size=6), max_size=4))
def test_duplicates_and_repeated_ids_are_told(pack: RulePack, parts: list[list[Report]]) -> None:
    seen: list[Report] = []
    with TemporaryDirectory() as folder, RunIndex(Path(folder) / "index", pack) as index:
        for part in parts:
            places, n_repeated = index.new_reports(ReportColumns.of(part))
            expected, repeated = [], 0
            for place, report in enumerate(part):
                if report not in seen:
                    expected.append(place)
                    repeated += report.report_id in {one.report_id for one in seen}
                    seen.append(report)
            assert (places, n_repeated) == (expected, repeated)
