"""What is given out without names tells no id, no day and no word of the original, in any byte."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from command_line import screener
from export_studies import ReadStudy, csv_rows, read_study
from hypothesis import given
from hypothesis import strategies as st
from small_studies import READERS

from screener.adjudication import open_study
from screener.pseudonyms import KINDS, Pseudonyms

__all__ = ["read_study"]

ON_SQLITE = pytest.mark.parametrize("store_kind", ["sqlite"])
KINDS_OF_EXPORT = [
    ("tables",),
    ("tables", "--shape", "wide"),
    ("tables", "--format", "xlsx"),
    ("tables", "--format", "jsonl"),
    ("tables", "--format", "parquet"),
    ("redcap",),
    ("omop",),
    ("fhir",),
]
PACK_WORDS = {"liver", "metastasis", "metastases", "FINDINGS", "IMPRESSION"}
"""Which stand in the names of rules and concepts, too."""


def exported(what: Path, out: Path, *kind: str) -> None:
    key = str(out.parent / "key.json")
    asked = ("--out", str(out), "--deidentify", "--key", key)
    done = screener("export", *kind[:1], str(what), *kind[1:], *asked)
    assert done.returncode == 0, done.stderr


def every_byte(out: Path) -> bytes:
    """All that is in a folder, workbooks unpacked, and the names of its files."""

    def parts() -> Iterator[bytes]:
        for file in sorted(out.rglob("*")) if out.is_dir() else [out]:
            yield file.name.encode()
            if zipfile.is_zipfile(file):
                with zipfile.ZipFile(file) as book:
                    yield from map(book.read, book.namelist())
            elif file.suffix == ".parquet":
                import pyarrow.parquet as pq

                yield json.dumps(pq.read_table(file).to_pylist(), default=str).encode()
                yield file.read_bytes()
            elif file.is_file():
                yield file.read_bytes()

    return b"\n".join(parts())


def originals(study: Path) -> set[str]:
    """Every id, day and text that a study knows."""
    with open_study(study) as session:
        files = session.office.case_files(session.case_ids())
        patients = {row.patient_id for row in session.office.origins()}
        found = {*patients, *session.case_ids(), *READERS, session.office.study().study_id}
        found |= {read.hash for read in session.office.all_reads()}
    for file in files.values():
        for one in file.reports:
            found |= {one.report_id, one.accession, str(one.exam_on)}
            found |= {line for text in one.text.splitlines() for line in text.split(": ")}
    found -= PACK_WORDS
    return {one for one in found if len(one) >= 4} | {"HYPERLINK", "no images"}


@ON_SQLITE
@pytest.mark.parametrize("kind", KINDS_OF_EXPORT, ids=" ".join)
def test_no_id_day_or_text_of_a_study_is_in_any_byte(
    read_study: ReadStudy, kind: tuple[str, ...]
) -> None:
    study = read_study()
    out = study.parent / "out"
    exported(study, out, *kind)
    written = every_byte(out).decode("utf-8", errors="replace")
    assert {one for one in originals(study) if one in written} == set()


@pytest.mark.parametrize("kind", [*KINDS_OF_EXPORT[:5], ("omop",)], ids=" ".join)
def test_no_id_day_or_text_of_a_run_is_in_any_byte(
    small_run: Path, tmp_path: Path, kind: tuple[str, ...]
) -> None:
    out = tmp_path / "out"
    exported(small_run, out, *kind)
    written = every_byte(out).decode("utf-8", errors="replace")
    rows = csv_rows(small_run / "reports.csv")
    ids = {row[name] for row in rows for name in ("report_id", "patient_id")}
    days = {row["exam_on"] for row in rows}
    words = {row["evidence"] for row in rows} - PACK_WORDS
    assert {one for one in ids | days | words if len(one) >= 4 and one in written} == set()


@ON_SQLITE
def test_the_same_key_gives_the_same_and_intervals_stay(read_study: ReadStudy) -> None:
    study = read_study()
    plain = study.parent / "plain"
    screener("export", "tables", str(study), "--out", str(plain))
    for name in ("first", "second"):
        exported(study, study.parent / name, "tables")
    first, second = (every_byte(study.parent / name) for name in ("first", "second"))
    assert first == second
    key = json.loads((study.parent / "key.json").read_bytes())
    told = {row["case_id"]: row for row in csv_rows(study.parent / "first" / "cases.csv")}
    for row in csv_rows(plain / "cases.csv"):
        new = told[key["cases"][row["case_id"]]]
        assert new["patient_id"] == key["patients"][row["patient_id"]]
        if row["first_exam_on"]:
            shift = timedelta(days=key["shift_days"][row["patient_id"]])
            for name in ("first_exam_on", "last_exam_on"):
                assert date.fromisoformat(new[name]) - date.fromisoformat(row[name]) == shift
    columns = csv_rows(study.parent / "first" / "agreement_verdict.csv")[0]
    assert list(columns) == ["case_id", "reader_1", "reader_2", "reader_3"]


@ON_SQLITE
def test_the_key_is_its_owners_and_never_in_what_is_given_out(read_study: ReadStudy) -> None:
    study = read_study()
    out = study.parent / "out"
    for key in (out / "key.json", out / "deep" / "key.json"):
        asked = ("--out", str(out), "--deidentify", "--key", str(key))
        done = screener("export", "tables", str(study), *asked)
        assert (done.returncode, out.exists()) == (3, False)
        assert "would be given out" in done.stderr
    done = screener("export", "tables", str(study), "--out", str(out), "--deidentify")
    assert done.returncode == 0
    key = study.parent / "out.key.json"
    assert key.stat().st_mode & 0o777 == 0o600
    key.chmod(0o644)
    again = screener(
        *("export", "tables", str(study), "--out", str(out)), *("--deidentify", "--force")
    )
    assert again.returncode == 3
    other = str(study.parent / "other")
    without = screener("export", "tables", str(study), "--out", other, "--key", str(key))
    assert without.returncode == 2


DAYS = st.dates(date(2020, 1, 1), date(2020, 3, 31))


@given(st.dictionaries(st.text(min_size=1), st.lists(DAYS, max_size=6), max_size=20))
def test_no_shifted_day_is_a_day_of_the_original(days: dict[str, list[date]]) -> None:
    key = Pseudonyms("ab" * 32, {kind: {} for kind in KINDS}, {})
    key.learn({"patients": list(days)}, days)
    every = {day for own in days.values() for day in own}
    for patient_id, own in days.items():
        moved = [key.shifted(patient_id, day) for day in own]
        assert not every & set(moved)
        assert key.shifts[patient_id] != 0
        gaps = [(a - own[0]).days for a in own]
        assert [(day - moved[0]).days for day in moved if day and moved[0]] == gaps


@given(st.lists(st.text(min_size=1), unique=True, max_size=20))
def test_study_ids_differ_and_hold_no_id(ids: list[str]) -> None:
    key = Pseudonyms("cd" * 32, {kind: {} for kind in KINDS}, {})
    key.learn({"patients": ids[:9], "reports": ids[9:]}, {})
    made = [*key.ids["patients"].values(), *key.ids["reports"].values()]
    assert len(set(made)) == len(ids)
    assert not [one for one in ids if len(one) >= 4 and any(one in new for new in made)]
    before = dict(key.ids["patients"])
    key.learn({"patients": [*ids, "one more"]}, {})
    assert {one: key.ids["patients"][one] for one in before} == before
