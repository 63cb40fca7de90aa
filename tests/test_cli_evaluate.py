"""``screener evaluate``: a real run held against truths whose figures were counted by hand."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from command_line import screener
from pyarrow import parquet

from screener.errors import RunError, SourceError
from screener.evaluating import evaluate_run
from screener.evaluations import Evaluation
from screener.exports.tables import PATIENTS
from screener.packs import load_pack
from screener.reports import Report
from screener.run_records import RunOptions
from screener.run_tables import read_table
from screener.runs import screen_sources
from screener.sources import Source, Tally

PACK = "liver_tumor_burden"
REPORTS = [
    Report("r1", "p1", "Innumerable hepatic metastases."),
    Report("r2", "p1", "No hepatic metastases."),
    Report("r3", "p2", "Innumerable hepatic metastases."),
    Report("r4", "p3", "No innumerable hepatic metastases. Mr Xyzzyname."),
    Report("r5", "p4", "Solitary hepatic metastasis in segment VII."),
    Report("r6", "p5", "Metastases replace 80% of the liver."),
    Report("r7", "p6", "Normal liver."),
]
# In order of rank the run says: r6 extensive, r1 and r3 extensive, r5 limited, r2 and r4 none.
TRUTH: list[dict[str, Any]] = [
    {"id": "r1", "burden": "extensive", "certainty": "definite", "stated_percent": [60, 60]},
    {"id": "r2", "burden": "none", "certainty": None, "stated_percent": None},
    {"id": "r3", "burden": "multiple", "certainty": "definite", "stated_percent": None},
    {"id": "r4", "burden": "extensive", "certainty": "definite", "stated_percent": None},
    {"id": "r5", "burden": "limited", "certainty": "definite", "stated_percent": None},
    {"id": "r6", "burden": "extensive", "certainty": "hedged", "stated_percent": [81, 81]},
    {"id": "r9", "burden": "extensive", "certainty": "definite", "stated_percent": None},
]


def screened(out: Path, reports: list[Report], table_format: str = "csv") -> Path:
    source = Source("made", "made", iter(reports), None, (), Tally())
    options = RunOptions(table_format=table_format)
    return screen_sources([source], load_pack(PACK), out, options=options).out


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return screened(tmp_path_factory.mktemp("run") / "run", REPORTS)


def write_jsonl(file: Path, rows: list[dict[str, Any]]) -> Path:
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return file


def write_csv(file: Path, rows: list[dict[str, Any]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return file


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_jsonl(tmp_path_factory.mktemp("truth") / "truth.jsonl", TRUTH)


@pytest.fixture(scope="module")
def evaluation(run: Path, truth: Path) -> Evaluation:
    return evaluate_run(run, truth)


def test_reports_are_counted_right(evaluation: Evaluation) -> None:
    figures = evaluation.reports.accuracy
    assert figures is not None
    assert (figures.n_true_positive, figures.n_false_positive) == (2, 1)  # r6, r1; r3
    assert (figures.n_false_negative, figures.n_true_negative) == (1, 2)  # r4; r2, r5
    assert figures.sensitivity.value == pytest.approx(2 / 3)
    assert (figures.sensitivity.low, figures.sensitivity.high) == pytest.approx(
        (0.2077, 0.9385), abs=1e-4
    )
    assert figures.number_needed_to_read.value == pytest.approx(3 / 2)
    # truth down the ranking r6 r1 r3 r5 r2 r4: true, true, false, false, false, true
    assert figures.average_precision.value == pytest.approx((1 + 1 + 3 / 6) / 3)
    assert {k: figure.n for k, figure in figures.recall_at.items()} == {
        **{3: 2, 10: 3, 22: 3, 50: 3, 100: 3}
    }


def test_patients_are_true_where_a_report_of_theirs_is(evaluation: Evaluation) -> None:
    figures = evaluation.patients.accuracy
    assert figures is not None
    assert (figures.n_true_positive, figures.n_false_positive) == (2, 1)  # p5, p1; p2
    assert (figures.n_false_negative, figures.n_true_negative) == (1, 1)  # p3; p4
    # p6 has no truth; the others in order of rank: p5, p1, p2, p4, p3
    assert figures.average_precision.value == pytest.approx((1 + 1 + 3 / 5) / 3)


def test_burden_certainty_and_percent_are_held_to_what_the_truth_states(
    evaluation: Evaluation,
) -> None:
    labels = evaluation.labels
    assert labels is not None
    assert labels.burden_table == ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 1), (1, 0, 0, 2))
    assert (labels.burden.n, labels.burden.of) == (4, 6)
    assert (labels.certainty.n, labels.certainty.of) == (3, 5)  # not r4, r6
    assert (labels.percent.n, labels.percent.of) == (1, 2)  # 80 for 81, nothing for 60
    assert (labels.percent_unfounded.n, labels.percent_unfounded.of) == (0, 4)


def test_ids_without_a_partner_are_counted_and_told(evaluation: Evaluation) -> None:
    told = evaluation.matching
    assert (told.n_truth, told.n_run, told.n_matched) == (7, 7, 6)
    assert told.truth_not_in_run == ("r9",)
    assert (told.n_true_not_in_run, told.n_run_without_truth) == (1, 1)


def test_each_error_is_told_once_with_its_words_and_cues(evaluation: Evaluation) -> None:
    by_id = {error.id: error for error in evaluation.reports.errors}
    assert {one.id: one.kind for one in by_id.values()} == {
        **{"r4": "missed", "r3": "false_alarm", "r6": "certainty", "r1": "percent"}
    }
    missed, alarm = by_id["r4"], by_id["r3"]
    assert (missed.suppressed_by, missed.cue) == ("negated", "No")
    assert {(cue.assertion, cue.cue) for cue in missed.cues} == {(("negated",), "No")}
    assert alarm.evidence == "Innumerable hepatic metastases"
    assert (alarm.rule_id, alarm.patient_id) == ("uncountable", "p2")
    patients = {error.id: error for error in evaluation.patients.errors}
    assert {one.id: one.kind for one in patients.values()} == {"p3": "missed", "p2": "false_alarm"}
    assert patients["p3"].report_ids == ("r4",)
    assert patients["p3"].cue == "No"


def test_errors_are_counted_beyond_those_that_are_listed(run: Path, truth: Path) -> None:
    none_listed = evaluate_run(run, truth, n_errors=0).reports
    assert none_listed.errors == ()
    assert none_listed.n_errors["missed"] == 1


def test_a_truth_says_the_same_in_every_format(
    run: Path, truth: Path, tmp_path: Path, evaluation: Evaluation
) -> None:
    as_csv = [{**row, "stated_percent": row["stated_percent"] or ""} for row in TRUTH]
    table = pa.Table.from_pylist(TRUTH)
    parquet.write_table(table, tmp_path / "truth.parquet")
    split = [
        {
            "report_id": row["id"],
            "candidate": row["burden"] == "extensive",
            "burden": row["burden"],
            "certainty": row["certainty"],
            "stated_percent_low": (row["stated_percent"] or [None])[0],
            "stated_percent_high": (row["stated_percent"] or [None])[0],
        }
        for row in TRUTH
    ]
    for file in (
        write_csv(tmp_path / "one.csv", as_csv),
        write_csv(tmp_path / "two.csv", split),
        tmp_path / "truth.parquet",
    ):
        other = {**evaluate_run(run, file).to_dict(), "truth": str(truth)}
        assert other == evaluation.to_dict()


@pytest.mark.parametrize("table_format", ["jsonl", "parquet"])
def test_a_run_is_read_in_every_format(
    truth: Path, tmp_path: Path, evaluation: Evaluation, table_format: str
) -> None:
    other = evaluate_run(screened(tmp_path / "run", REPORTS, table_format), truth)
    assert {**other.to_dict(), "run": evaluation.run} == evaluation.to_dict()


def test_a_table_of_patients_is_truth_of_patients(run: Path, tmp_path: Path) -> None:
    rows = [{"patient_id": f"p{n}", "exceeds_75": n in (1, 3)} for n in range(1, 6)]
    evaluation = evaluate_run(run, write_csv(tmp_path / "truth.csv", rows))
    assert evaluation.truth_level == "patient"
    assert evaluation.reports.accuracy is None
    assert evaluation.reports.why == "the truth names patients only"
    figures = evaluation.patients.accuracy
    assert figures is not None
    assert (figures.n_true_positive, figures.n_false_positive) == (1, 2)  # p1; p2, p5
    assert (figures.n_false_negative, figures.n_true_negative) == (1, 1)  # p3; p4
    assert evaluation.matching.n_run_without_truth == 1


def test_a_patient_of_whom_too_little_is_known_is_left_out(run: Path, tmp_path: Path) -> None:
    rows = [{"report_id": "r2", "candidate": "false"}, {"report_id": "r6", "candidate": "true"}]
    evaluation = evaluate_run(run, write_csv(tmp_path / "truth.csv", rows))
    assert evaluation.matching.n_patients_unknown == 1  # p1: nothing is known of r1
    assert evaluation.patients.accuracy is not None
    assert evaluation.patients.accuracy.n_true_positive == 1
    assert evaluation.patients.accuracy.n_true_negative == 0


def test_an_id_that_several_reports_share_is_left_out(tmp_path: Path) -> None:
    twins = [*REPORTS, Report("r1", "p8", "Another report of the same id.")]
    truth = write_jsonl(tmp_path / "truth.jsonl", TRUTH)
    told = evaluate_run(screened(tmp_path / "run", twins), truth).matching
    assert (told.n_repeated_ids, told.n_matched, told.n_run_without_truth) == (1, 5, 1)
    assert told.truth_not_in_run == ("r9",)


def test_ids_that_a_spreadsheet_would_run_are_read_back_as_they_were(tmp_path: Path) -> None:
    out = screened(tmp_path / "run", [Report("=r1", "-p", "Innumerable hepatic metastases.")])
    assert [row["patient_id"] for row in read_table(out, PATIENTS)] == ["-p"]
    truth = write_jsonl(tmp_path / "truth.jsonl", [{"id": "=r1", "candidate": True}])
    assert evaluate_run(out, truth).matching.n_matched == 1


def test_the_command_prints_json_or_text_and_no_more_of_a_report_than_its_evidence(
    run: Path, truth: Path, evaluation: Evaluation
) -> None:
    as_json = screener("evaluate", run, "--truth", truth, "--json")
    assert as_json.returncode == 0, as_json.stderr
    assert json.loads(as_json.stdout) == json.loads(json.dumps(evaluation.to_dict()))
    as_text = screener("evaluate", run, "--truth", truth, "--errors", 1)
    assert as_text.returncode == 0, as_text.stderr
    assert "0.667 (0.208 to 0.939) 2/3" in as_text.stdout
    assert "1 of the truth are not in the run (1 of them true, 0 rejected): r9" in as_text.stdout
    assert 'kept back as negated by "No"' in as_text.stdout
    for told in (as_json.stdout, as_text.stdout):
        assert "\x1b" not in told
        assert "NaN" not in told
        assert "xyzzyname" not in told.lower()


def test_what_is_undefined_is_told_with_its_reason(run: Path, tmp_path: Path) -> None:
    truth = write_csv(tmp_path / "truth.csv", [{"report_id": "r2", "candidate": "false"}])
    done = screener("evaluate", run, "--truth", truth)
    assert done.returncode == 0, done.stderr
    assert "undefined: none is true" in done.stdout
    assert "undefined: nothing is flagged" in done.stdout
    assert "undefined: the truth has no column 'certainty'" in done.stdout
    assert "nan" not in done.stdout.lower()


def test_a_wrong_input_ends_with_code_3_and_says_what_would_do(run: Path, tmp_path: Path) -> None:
    other = write_csv(tmp_path / "other.csv", [{"report_id": "q1", "candidate": "true"}])
    for arguments, told in (
        ((run, "--truth", tmp_path / "none.csv"), "no such file"),
        ((tmp_path, "--truth", other), "is not a run"),
        ((run, "--truth", other), "none of its 1 ids is in the run"),
    ):
        done = screener("evaluate", *arguments)
        assert (done.returncode, done.stdout) == (3, "")
        assert told in done.stderr
    assert screener("evaluate", run).returncode == 2


def test_a_run_whose_pack_is_gone_says_how_to_name_one(run: Path, truth: Path) -> None:
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    moved = run.parent / "moved"
    moved.mkdir()
    for file in run.iterdir():
        (moved / file.name).write_bytes(file.read_bytes())
    record["options"]["pack"] = "gone"
    (moved / "run.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(RunError, match="--pack"):
        evaluate_run(moved, truth)
    assert evaluate_run(moved, truth, pack=PACK).matching.n_matched == 6


def test_a_broken_truth_is_told_by_its_line(run: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "r1", "candidate": true}\n{"id": \n')
    (tmp_path / "b.csv").write_text("id,candidate\nr1,true\nr2,true,true\n")
    (tmp_path / "c.csv").write_text('id,candidate\nr1,true\nr2,"true\n')
    for name, told in (
        ("a.jsonl", "line 2: the line is not JSON"),
        ("b.csv", "line 3: 3 fields for 2 columns"),
        ("c.csv", "line 3: its quotes do not add up"),
    ):
        with pytest.raises(SourceError, match=told):
            evaluate_run(run, tmp_path / name)
