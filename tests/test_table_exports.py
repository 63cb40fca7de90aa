"""Every table of a run or a study, in every format and shape, with nothing of an open case."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from command_line import screener
from export_studies import FORMULA, N_CASES, N_OPEN, ReadStudy, csv_rows, read_study
from openpyxl import load_workbook
from small_studies import N_FLAGGED, N_PATIENTS, READERS

from screener.exports.formats import EXPORT_FORMATS

__all__ = ["read_study"]

TABLES = {
    *("cases", "reads", "settlements", "patients", "reports", "evidence"),
    *("agreement_verdict", "agreement_percent"),
}
OPEN_CASES = ("C0009", "C0010")
ON_SQLITE = pytest.mark.parametrize("store_kind", ["sqlite"])


def exported(study: Path, *more: str) -> Path:
    out = study.parent / "-".join(["out", *more])
    done = screener("export", "tables", str(study), "--out", str(out), *more)
    assert done.returncode == 0, done.stderr
    return out


def test_a_study_has_every_table_on_either_store(read_study: ReadStudy) -> None:
    out = exported(read_study())
    assert {file.stem for file in out.glob("*.csv")} == TABLES
    assert len(csv_rows(out / "cases.csv")) == N_CASES
    assert len(csv_rows(out / "reads.csv")) == (N_CASES - N_OPEN) * len(READERS)
    counts = json.loads((out / "export.json").read_bytes())["counts"]
    assert counts == {f"{name}.csv": len(csv_rows(out / f"{name}.csv")) for name in TABLES}


@ON_SQLITE
@pytest.mark.parametrize("shape", ["long", "wide"])
def test_of_a_case_that_is_not_complete_there_are_counts_only(
    read_study: ReadStudy, shape: str
) -> None:
    out = exported(read_study(), "--shape", shape)
    for file in sorted(out.glob("*.csv")):
        rows = [row for row in csv_rows(file) if row["case_id"] in OPEN_CASES]
        if file.stem not in {"cases", "settlements", "patients"}:
            assert rows == [], file.name
    for row in csv_rows(out / "cases.csv"):
        if row["case_id"] in OPEN_CASES:
            filled = {name for name, cell in row.items() if cell}
            counts = {"case_id", "patient_id", "round", "is_complete", "n_reads", "n_missing"}
            assert filled == counts
            assert (row["n_reads"], row["n_missing"]) == ("2", "1")


@ON_SQLITE
def test_wide_has_one_row_a_case_with_columns_for_each_reader(read_study: ReadStudy) -> None:
    out = exported(read_study(), "--shape", "wide")
    rows = {row["case_id"]: row for row in csv_rows(out / "cases.csv")}
    assert len(rows) == N_CASES
    assert not (out / "reads.csv").exists()
    third = [rows["C0003"][f"verdict_{reader}"] for reader in READERS]
    assert third == ["yes", "yes", "no"]
    assert [rows["C0003"][name] for name in ("verdict", "status")] == ["yes", "discordant"]


@ON_SQLITE
def test_the_table_of_agreement_is_read_by_agree(read_study: ReadStudy) -> None:
    study = read_study()
    out = exported(study)
    options = ("--resamples", "0", "--json")
    levels = ("--level", "nominal", "--categories", "no,yes,cannot_assess")
    table = screener("agree", str(out / "agreement_verdict.csv"), *levels, *options)
    whole = screener("agree", str(study), *options)
    assert table.returncode == 0, table.stderr
    mine, theirs = (json.loads(done.stdout)["coefficients"] for done in (table, whole))
    assert mine["fleiss_kappa"] == theirs["fleiss_kappa"]


@ON_SQLITE
@pytest.mark.parametrize("name", sorted(EXPORT_FORMATS))
def test_no_format_changes_with_the_time_it_is_written(read_study: ReadStudy, name: str) -> None:
    study = read_study()
    first = exported(study, "--format", name)
    before = {file.name: file.read_bytes() for file in first.iterdir()}
    exported(study, "--format", name, "--force")
    again = exported(study, "--format", name, "--force")
    assert {file.name: file.read_bytes() for file in again.iterdir()} == before
    assert all(file.stat().st_mode & 0o077 == 0 for file in again.iterdir())


@ON_SQLITE
def test_a_comment_that_is_a_formula_is_text_in_a_sheet_and_guarded(read_study: ReadStudy) -> None:
    study = read_study()
    book = load_workbook(exported(study, "--format", "xlsx") / "reads.xlsx")
    header, first, *_ = book.worksheets[0].iter_rows()
    cell = first[[one.value for one in header].index("comment")]
    assert (cell.value, cell.data_type) == (f"'{FORMULA}", "s")
    assert csv_rows(exported(study) / "reads.csv")[0]["comment"] == f"'{FORMULA}"


@ON_SQLITE
def test_an_export_replaces_nothing_unasked_and_nothing_but_an_export(
    read_study: ReadStudy,
) -> None:
    study = read_study()
    out = exported(study)
    again = screener("export", "tables", str(study), "--out", str(out))
    assert again.returncode == 3
    assert "already exists" in again.stderr
    other = screener("export", "tables", str(study), "--out", str(study), "--force")
    assert other.returncode == 3
    assert "not an export" in other.stderr


def test_a_run_is_given_out_long_and_wide(small_run: Path, tmp_path: Path) -> None:
    for shape in ("long", "wide"):
        out = str(tmp_path / shape)
        asked = ("--shape", shape, "--format", "parquet", "--out", out)
        done = screener("export", "tables", str(small_run), *asked)
        assert done.returncode == 0, done.stderr
    wide = pq.read_table(tmp_path / "wide" / "patients.parquet").to_pylist()
    assert len(wide) == N_PATIENTS
    assert sum(row["burden_2"] != "none" for row in wide) == N_FLAGGED
    assert pq.read_table(tmp_path / "long" / "reports.parquet").num_rows == 2 * N_PATIENTS


def test_what_is_neither_run_nor_study_is_told(tmp_path: Path) -> None:
    done = screener("export", "tables", str(tmp_path), "--out", str(tmp_path / "out"))
    assert done.returncode == 3
    assert "is not a study" in done.stderr
