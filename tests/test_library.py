"""The library gives over a DataFrame, records and partitions what a run gives over files."""

from __future__ import annotations

import json
import pickle
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from screener import (
    PackError,
    Rejected,
    Report,
    RulePack,
    ScreenedReport,
    Screening,
    SourceError,
    screen,
    screen_partition,
    screen_records,
    screener_of,
)
from screener.exports.tables import FINDINGS, PATIENTS, REJECTED, REPORTS
from screener.run_records import RunOptions
from screener.runs import screen_sources
from screener.screening import MAX_CHARACTERS
from screener.sources import open_sources

ROWS = [
    ("r1", "p1", "2020-01-01", "Innumerable hepatic metastases. No ascites."),
    ("r2", "p1", "2020-02-01", "Metastases replace 70-80% of the liver."),
    ("r3", "p2", "2020-01-15", "IMPRESSION: =2 hepatic metastases."),
    ("r3", "p2", "2020-01-15", "IMPRESSION: =2 hepatic metastases."),
    ("r4", "p3", "9999-12-31", "No hepatic metastases."),
    ("r5", "p4", None, "Innumerable liver lesions, suspicious for metastases."),
    ("r6", "p5", "2020-03-01", None),
    ("r7", "p6", "2020-03-01", "x" * (MAX_CHARACTERS + 1)),
]
COLUMNS = ["report_id", "patient_id", "exam_on", "text"]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=COLUMNS, index=[7] * len(ROWS))


@pytest.fixture(scope="module")
def screening(frame: pd.DataFrame) -> Screening:
    return screen(frame)


# --- a DataFrame ---------------------------------------------------------------------------------


def test_patients_are_ranked(screening: Screening) -> None:
    assert screening.patients[["rank", "patient_id", "tier"]].values.tolist() == [
        [1, "p1", "candidate"],
        [2, "p4", "possible"],
        [3, "p2", "limited"],
        [4, "p3", "none"],
    ]


def test_a_report_has_its_row(screening: Screening) -> None:
    reports = screening.reports.set_index("report_id")
    assert reports["burden"].to_dict() == {
        "r1": "extensive",
        "r2": "extensive",
        "r3": "limited",
        "r4": "none",
        "r5": "extensive",
    }
    assert reports[reports["candidate"]].index.tolist() == ["r1", "r2", "r5"]
    percents = reports[["stated_percent_low", "stated_percent_high"]]
    assert percents.dropna().values.tolist() == [[70, 80]]
    assert reports.index[reports["certainty"].isna()].tolist() == ["r4"]


def test_a_finding_is_a_span_of_its_report(screening: Screening) -> None:
    texts = {row[0]: row[3] or "" for row in ROWS}
    spans = screening.findings[["report_id", "start", "end", "text"]].values.tolist()
    assert spans
    assert all(texts[report_id][start:end] == text for report_id, start, end, text in spans)


def test_nothing_is_lost(screening: Screening) -> None:
    counts = screening.counts
    assert (counts.n_read, counts.n_screened, counts.n_rejected, counts.n_duplicate) == (8, 5, 2, 1)
    rejected = screening.rejected
    assert rejected["reason"].tolist() == [
        "text is empty",
        f"text of {MAX_CHARACTERS + 1} characters; at most {MAX_CHARACTERS}",
    ]
    assert rejected["line"].fillna(0).tolist() == [7, 0]
    assert rejected["report_id"].fillna("").tolist() == ["", "r7"]


def test_the_frames_have_the_columns_of_a_run_and_typed_cells(screening: Screening) -> None:
    tables = (PATIENTS, REPORTS, FINDINGS, REJECTED)
    frames = (screening.patients, screening.reports, screening.findings, screening.rejected)
    for table, made in zip(tables, frames, strict=True):
        assert tuple(made.columns) == table.column_names
        assert made.index.tolist() == list(range(len(made)))
    assert screening.reports["exam_on"].max().year == 9999
    assert str(screening.reports["candidate"].dtype) == "boolean"


def test_the_frame_is_left_as_it_was(frame: pd.DataFrame) -> None:
    before = frame.copy(deep=True)
    screen(frame.head(2))
    assert_frame_equal(frame, before)


def test_a_frame_gives_what_a_run_gives(
    frame: pd.DataFrame, screening: Screening, pack: RulePack, tmp_path: Path
) -> None:
    file = tmp_path / "reports.jsonl"
    file.write_text(frame.to_json(orient="records", lines=True), encoding="utf-8")
    sources = open_sources([str(file)], column_map={})
    out = tmp_path / "run"
    summary = screen_sources(sources, pack, out, options=RunOptions(table_format="jsonl"))
    assert summary.counts == screening.counts
    for name in ("patients", "reports", "findings"):
        lines = (out / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
        assert _cells(getattr(screening, name)) == [list(json.loads(x).values()) for x in lines]


def _cells(frame: pd.DataFrame) -> list[list[object]]:
    """Cells as JSON has them."""
    return [list(map(_cell, row)) for row in frame.astype(object).values.tolist()]


def _cell(cell: object) -> object:
    if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell:  # noqa: PLR0124  NaN
        return None
    return cell.date().isoformat() if isinstance(cell, datetime) else cell


def test_the_answers_do_not_depend_on_the_workers(
    frame: pd.DataFrame, screening: Screening
) -> None:
    other = screen(frame, workers=2)
    assert other.counts == screening.counts
    for name in ("patients", "reports", "findings", "rejected"):
        assert_frame_equal(getattr(other, name), getattr(screening, name))


def test_a_screening_can_be_pickled(screening: Screening) -> None:
    back = pickle.loads(pickle.dumps(screening))  # noqa: S301
    assert_frame_equal(back.findings, screening.findings)
    assert back.counts == screening.counts


def test_an_empty_frame_gives_empty_tables_of_the_same_types(
    frame: pd.DataFrame, screening: Screening
) -> None:
    empty = screen(frame.head(0))
    assert empty.counts.n_read == 0
    for name in ("patients", "reports", "findings", "rejected"):
        assert_frame_equal(getattr(empty, name), getattr(screening, name).head(0))


def test_columns_may_be_told() -> None:
    frame = pd.DataFrame({"a": ["r1"], "b": ["p1"], "c": ["Innumerable hepatic metastases."]})
    told = screen(frame, column_map={"report_id": "a", "patient_id": "b", "text": "c"})
    assert told.patients["patient_id"].tolist() == ["p1"]


def test_columns_that_are_unclear_are_an_error() -> None:
    with pytest.raises(SourceError, match="text"):
        screen(pd.DataFrame({"a": [1], "b": [2]}))


def test_a_pack_that_is_not_there_is_an_error(frame: pd.DataFrame) -> None:
    with pytest.raises(PackError, match="No pack named 'livr'"):
        screen(frame, "livr")


# --- records -------------------------------------------------------------------------------------


def test_records_are_answered_one_by_one() -> None:
    asked = 0

    def endless() -> Iterator[dict[str, object]]:
        nonlocal asked
        while True:
            asked += 1
            yield {"mrn": asked, "note_id": asked, "note_text": "Innumerable liver metastases."}

    answers = screen_records(endless())
    assert asked == 0
    for number in (1, 2, 3):
        answer = next(answers)
        assert isinstance(answer, ScreenedReport)
        assert (answer.report_id, answer.assessment.burden) == (str(number), "extensive")
        assert asked == number


def test_reports_are_taken_as_they_are() -> None:
    report = Report(" r1 ", "p1", "Innumerable\0liver metastases.", modality="CT")
    (answer,) = screen_records([report])
    assert isinstance(answer, ScreenedReport)
    assert (answer.report_id, answer.patient_id) == (" r1 ", "p1")


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_no_report_is_rejected_in_its_place(workers: int) -> None:
    long = "x" * (MAX_CHARACTERS + 1)
    records: list[Any] = [
        {"report_id": "r1", "text": "Normal liver."},
        None,
        {"report_id": "r2", "text": long},
        {"report_id": "r3"},
    ]
    first, *others = screen_records(records, workers=workers)
    assert isinstance(first, ScreenedReport)
    assert others == [
        Rejected("records", 2, "the record is not a mapping"),
        Rejected("records", 3, f"text of {len(long)} characters; at most {MAX_CHARACTERS}"),
        Rejected("records", 4, "text is empty"),
    ]


def test_among_reports_a_mapping_is_rejected() -> None:
    records: list[Any] = [Report("r1", "p1", "Normal."), {"report_id": "r2", "text": "Normal."}]
    assert list(screen_records(records))[1:] == [
        Rejected("records", 2, "the record is not a report")
    ]


def test_no_records_give_no_answers() -> None:
    assert list(screen_records([])) == []


def test_an_answer_can_be_pickled() -> None:
    answers = list(screen_records([Report("r1", "p1", "Innumerable hepatic metastases.")]))
    assert pickle.loads(pickle.dumps(answers)) == answers  # noqa: S301


def test_a_missing_pack_is_told_at_once() -> None:
    with pytest.raises(PackError):
        screen_records([], "livr")


# --- partitions ----------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", [1, 3, 5])
def test_how_a_frame_is_parted_does_not_matter(frame: pd.DataFrame, cut: int) -> None:
    parts = [screen_partition(frame.iloc[:cut]), screen_partition(frame.iloc[cut:])]
    assert_frame_equal(pd.concat(parts, ignore_index=True), screen_partition(frame))


def test_a_partition_gives_the_reports_of_the_screen(
    frame: pd.DataFrame, screening: Screening
) -> None:
    once = screen_partition(frame.drop_duplicates())
    assert_frame_equal(once, screening.reports)


def test_a_partition_gives_the_other_tables_when_asked(
    frame: pd.DataFrame, screening: Screening
) -> None:
    once = frame.drop_duplicates()
    assert_frame_equal(screen_partition(once, table="findings"), screening.findings)
    rejected = screen_partition(once, table="rejected")
    assert rejected["reason"].tolist() == screening.rejected["reason"].tolist()


def test_every_row_of_a_partition_is_accounted_for(frame: pd.DataFrame) -> None:
    n_rejected = len(screen_partition(frame, table="rejected"))
    assert len(screen_partition(frame)) + n_rejected == len(frame)


def test_an_empty_partition_serves_as_meta(frame: pd.DataFrame) -> None:
    meta = screen_partition(frame.head(0))
    assert len(meta) == 0
    assert_frame_equal(meta, screen_partition(frame).head(0))


def test_a_function_over_an_iterator_of_frames_is_a_map(frame: pd.DataFrame) -> None:
    """As Spark's ``mapInPandas`` calls it."""
    made = list(map(screen_partition, iter([frame.head(1), frame.iloc[1:2]])))
    assert [part["burden"].tolist() for part in made] == [["extensive"], ["extensive"]]


def test_a_partition_without_report_ids_is_refused() -> None:
    with pytest.raises(SourceError, match="report_id"):
        screen_partition(pd.DataFrame({"text": ["Normal liver."]}))


def test_the_function_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(screen_partition)) is screen_partition  # noqa: S301


# --- screeners -----------------------------------------------------------------------------------


def test_a_screener_is_built_once_a_pack(pack: RulePack) -> None:
    same = pickle.loads(pickle.dumps(pack))  # noqa: S301
    assert screener_of(pack) is screener_of(same)


def test_threads_share_a_screener_and_get_the_same_answers(frame: pd.DataFrame) -> None:
    some = frame.head(6)
    expected = screen_partition(some)
    made: list[pd.DataFrame] = []
    threads = [
        threading.Thread(target=lambda: made.extend(screen_partition(some) for _ in range(5)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 20
    for one in made:
        assert_frame_equal(one, expected)
