"""NOTE_NLP and COHORT load into real databases with the types of the CDM, and mean what it says."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from command_line import screener
from export_studies import ReadStudy, csv_rows, read_study
from hypothesis import given
from hypothesis import strategies as st
from small_studies import N_FLAGGED, Server
from sqlalchemy.engine.url import make_url

from screener.exports import omop
from screener.exports.formats import DATABASE_CSV
from screener.exports.omop import LENGTHS, Mention, Nlp, note_nlp_rows

__all__ = ["read_study"]

ON_SQLITE = pytest.mark.parametrize("store_kind", ["sqlite"])
# Types and order of OHDSI's CommonDataModel 5.4, in words of our own.
NOTE_NLP = (
    ("note_nlp_id", "integer NOT NULL PRIMARY KEY"),
    ("note_id", "integer NOT NULL"),
    ("section_concept_id", "integer"),
    ("snippet", "varchar(250)"),
    ('"offset"', "varchar(50)"),
    ("lexical_variant", "varchar(250) NOT NULL"),
    ("note_nlp_concept_id", "integer"),
    ("note_nlp_source_concept_id", "integer"),
    ("nlp_system", "varchar(250)"),
    ("nlp_date", "date NOT NULL"),
    ("nlp_datetime", "timestamp"),
    ("term_exists", "varchar(1)"),
    ("term_temporal", "varchar(50)"),
    ("term_modifiers", "varchar(2000)"),
)
COHORT = (
    ("cohort_definition_id", "integer NOT NULL"),
    ("subject_id", "integer NOT NULL"),
    ("cohort_start_date", "date NOT NULL"),
    ("cohort_end_date", "date NOT NULL"),
)
TABLES = {"note_nlp": NOTE_NLP, "cohort": COHORT}


def ddl(name: str) -> str:
    return f"CREATE TABLE {name} ({', '.join(map(' '.join, TABLES[name]))})"


def exported(what: Path, *more: str) -> Path:
    out = what.parent / "omop"
    ids = str(what.parent / "ids.csv")
    done = screener("export", "omop", str(what), "--out", str(out), "--ids", ids, *more)
    assert done.returncode == 0, done.stderr
    return out


def load_sqlite(out: Path) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    for name, columns in TABLES.items():
        database.execute(ddl(name))
        with (out / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines)
        assert header == [column.strip('"') for column, _ in columns]
        marks = ", ".join("?" * len(columns))
        cells = [[cell or None for cell in row] for row in rows]
        database.executemany(f"INSERT INTO {name} VALUES ({marks})", cells)
    return database


def load_postgresql(out: Path, server: Server) -> dict[str, list[tuple[Any, ...]]]:
    url = make_url(server.new_database()).set(drivername="postgresql")
    found = {}
    with psycopg.connect(url.render_as_string(hide_password=False)) as database:
        for name in TABLES:
            database.execute(ddl(name).encode())
            copy = f"COPY {name} FROM STDIN WITH (FORMAT csv, HEADER match)".encode()
            with database.cursor().copy(copy) as rows:
                rows.write((out / f"{name}.csv").read_bytes())
            found[name] = database.execute(
                f"SELECT * FROM {name} ORDER BY 1, 2".encode()
            ).fetchall()
    return found


@ON_SQLITE
def test_a_study_loads_into_both_databases(read_study: ReadStudy, postgresql: Server) -> None:
    out = exported(read_study())
    with_types = load_postgresql(out, postgresql)
    for name in TABLES:
        query = f"SELECT count(*) FROM {name}"
        (count,) = load_sqlite(out).execute(query).fetchone()
        assert count == len(with_types[name]) == len(csv_rows(out / f"{name}.csv")) > 0


def test_a_run_loads_into_both_databases(
    small_run: Path, postgresql: Server, tmp_path: Path
) -> None:
    out = tmp_path / "omop"
    ids = tmp_path / "ids.csv"
    asked = ("--out", str(out), "--ids", str(ids), "--cohort-id", "7")
    done = screener("export", "omop", str(small_run), *asked)
    assert done.returncode == 0, done.stderr
    cohort = load_postgresql(out, postgresql)["cohort"]
    assert len(cohort) == N_FLAGGED
    assert {row[0] for row in cohort} == {7}
    days = {(row[2].isoformat(), row[3].isoformat()) for row in cohort}
    assert days == {("2021-02-03", "2021-02-03")}
    load_sqlite(out)


@ON_SQLITE
def test_the_cohort_is_who_was_settled_as_yes(read_study: ReadStudy) -> None:
    study = read_study()
    out = exported(study)
    settled = screener("study", "settle", str(study), "--json")
    assert settled.returncode == 0
    tables = study.parent / "tables"
    screener("export", "tables", str(study), "--out", str(tables))
    yes = [row for row in csv_rows(tables / "patients.csv") if row["is_confirmed"] == "true"]
    kept = csv_rows(study.parent / "ids.csv")
    numbers = {row["source_id"]: row["number"] for row in kept if row["kind"] == "person"}
    found = {row["subject_id"] for row in csv_rows(out / "cohort.csv")}
    assert found == {numbers[row["patient_id"]] for row in yes}
    assert len(found) == settled.stdout.count('"verdict": "yes"')


@ON_SQLITE
def test_negated_terms_do_not_exist_and_the_offset_finds_the_words(read_study: ReadStudy) -> None:
    rows = csv_rows(exported(read_study()) / "note_nlp.csv")
    assert Counter(row["term_exists"] for row in rows).keys() == {"Y", "N"}
    for row in rows:
        assert ("negated=true" in row["term_modifiers"]) == (row["term_exists"] == "N")
        assert row["lexical_variant"] in row["snippet"]
        assert row["offset"].isdecimal()


@ON_SQLITE
def test_ids_that_are_no_numbers_are_refused_or_kept_in_a_table(read_study: ReadStudy) -> None:
    study = read_study()
    out = study.parent / "omop"
    refused = screener("export", "omop", str(study), "--out", str(out))
    assert refused.returncode == 3
    assert "--ids FILE" in refused.stderr
    assert not out.exists()
    first = (exported(study) / "note_nlp.csv").read_bytes()
    ids = (study.parent / "ids.csv").read_bytes()
    again = exported(study, "--force")
    assert (again / "note_nlp.csv").read_bytes() == first
    assert (study.parent / "ids.csv").read_bytes() == ids
    inside = screener(
        *("export", "omop", str(study), "--force"),
        *("--out", str(out), "--ids", str(out / "ids.csv")),
    )
    assert inside.returncode == 3


@ON_SQLITE
def test_concepts_are_those_of_the_table_and_0_else(read_study: ReadStudy, tmp_path: Path) -> None:
    table, study = tmp_path / "concepts.csv", read_study()
    # OHDSI PhenotypeLibrary, cohort 854: secondary malignant neoplasm of liver
    told = "concept,concept_id\nmetastasis,198700\nsection:findings,7\n"
    table.write_text(told, encoding="utf-8")
    rows = csv_rows(exported(study, "--concepts", str(table)) / "note_nlp.csv")
    ids: dict[bool, set[str]] = {True: set(), False: set()}
    for row in rows:
        ids["concept=metastasis" in row["term_modifiers"]].add(row["note_nlp_concept_id"])
        is_of_findings = "section=findings" in row["term_modifiers"]
        assert row["section_concept_id"] == ("7" if is_of_findings else "0")
    assert ids == {True: {"198700"}, False: {"0"}}
    table.write_text("concept,concept_id\nmetastasis,many\n", encoding="utf-8")
    asked = ("--out", str(tmp_path / "other"), "--concepts", str(table))
    done = screener("export", "omop", str(study), *asked)
    assert done.returncode == 3
    assert "concepts.csv:2" in done.stderr


@given(st.text(), st.text())
def test_no_text_is_longer_than_its_column(words: str, snippet: str) -> None:
    mention = Mention("1", 0, words * 9, snippet * 99, "liver", "findings", frozenset({"negated"}))
    (row,) = note_nlp_rows([mention], Nlp("screener", date(2021, 1, 1)), int)
    told = dict(zip((name.strip('"') for name, _ in NOTE_NLP), row, strict=True))
    for name, most in LENGTHS.items():
        assert len(str(told[name] or "")) <= most
        assert "\x00" not in str(told[name])


def test_a_text_that_a_spreadsheet_would_run_is_given_as_it_stands() -> None:
    mention = Mention("1", 0, "- liver", "= - liver", "liver", "", frozenset())
    file = io.BytesIO()
    with DATABASE_CSV.open_table(file, omop.NOTE_NLP) as write_rows:
        write_rows(list(note_nlp_rows([mention], Nlp("screener", date(2021, 1, 1)), int)))
    (told,) = csv.DictReader(io.StringIO(file.getvalue().decode()))
    assert (told["lexical_variant"], told["snippet"]) == ("- liver", "= - liver")
