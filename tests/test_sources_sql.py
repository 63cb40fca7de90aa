"""Reports from the rows of a query, of SQLite and of a real PostgreSQL server."""

from __future__ import annotations

import json
import sqlite3
import tracemalloc
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command_line import screener
from sqlalchemy import create_engine, text

from screener.errors import SourceError
from screener.reports import Rejected, Report
from screener.sources import open_database, shown_database

if TYPE_CHECKING:
    from small_studies import Server

# Of NOTE in OMOP CDM 5.4 (ohdsi.github.io/CommonDataModel/cdm54.html).
NOTE = (
    "CREATE TABLE note (note_id INTEGER, person_id INTEGER, note_date DATE,"
    " note_datetime TIMESTAMP, note_type_concept_id INTEGER, note_title TEXT, note_text TEXT)"
)
ROWS = (
    "INSERT INTO note VALUES (1, 7, '2024-03-02', '2024-03-02 10:00:00', 32831, 'CT', 'Clear.'),"
    " (2, 8, '2024-03-03', NULL, 32831, 'MR', 'Größe 3 mm: 50% :x'), (3, 8, NULL, NULL, 0, '', '')"
)
QUERY = "SELECT * FROM note WHERE note_title LIKE '%' ORDER BY note_id"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        found = f"sqlite:///{tmp_path}/omop.db"
    else:
        server: Server = request.getfixturevalue("postgresql")
        found = server.new_database()
    engine = create_engine(found)
    with engine.begin() as connection:
        connection.execute(text(NOTE))
        connection.execute(text(ROWS.replace(":", "\\:")))
    engine.dispose()
    return found


def n_notes(url: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        n = int(connection.execute(text("SELECT count(*) FROM note")).scalar_one())
    engine.dispose()
    return n


def test_the_notes_of_omop_are_read(url: str) -> None:
    source = open_database(url, QUERY)
    assert list(source.rows) == [
        Report("1", "7", "Clear.", date(2024, 3, 2), exam="CT"),
        Report("2", "8", "Größe 3 mm: 50% :x", date(2024, 3, 3), exam="MR"),
        Rejected(source.name, 3, "text is empty"),
    ]
    assert source.format == "sql"
    assert source.sha256 is None


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM note",
        "DELETE FROM note RETURNING *",
        "UPDATE note SET note_text = 'SECRET'",
        "DROP TABLE note",
        "SELECT * FROM nothing",
        "SELEC",
        "",
    ],
)
def test_a_query_that_fails_or_would_write_is_an_error_and_writes_nothing(
    url: str, query: str
) -> None:
    with pytest.raises(SourceError, match=r"--sql"):
        list(open_database(url, query).rows)
    assert n_notes(url) == 3


def test_columns_that_are_unclear_are_told(url: str) -> None:
    with pytest.raises(SourceError, match=r"no column holds the 'text'.*--map"):
        open_database(url, "SELECT note_id, note_title FROM note")
    given = {"text": "note_title"}
    source = open_database(url, "SELECT note_id, note_title FROM note", column_map=given)
    assert [row.text for row in source.rows if isinstance(row, Report)] == ["CT", "MR"]


def test_rows_are_fetched_as_they_are_asked_for(url: str) -> None:
    many = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        " SELECT i AS note_id, i AS person_id, note_text || i AS note_text FROM n, note"
        " WHERE note.note_id = 1"
    )
    source = open_database(url, many)
    next(source.rows)
    tracemalloc.start()
    n = sum(1 for _ in source.rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert n == 19_999
    assert peak < 4 << 20


def test_a_value_that_the_server_cannot_read_is_not_told(url: str) -> None:
    query = "SELECT 1 AS note_id, CAST('DOE^SECRET' AS INTEGER) / 0 AS note_text"
    try:
        rows = list(open_database(url, query).rows)
    except SourceError as error:
        assert "SECRET" not in str(error)  # noqa: PT017
    else:
        assert len(rows) == 1


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("sqlite:///a.db", "sqlite:///a.db"),
        ("postgresql://u:s3cret@h/d", "postgresql+psycopg://u:***@h/d"),
        ("postgresql://h/d?password=s3cret", "postgresql+psycopg://h/d?password=***"),
        ("mssql+pyodbc://u:s3cret@h/d", "mssql+pyodbc://u:***@h/d"),
    ],
)
def test_a_password_is_never_shown(given: str, shown: str) -> None:
    assert shown_database(given) == shown


@pytest.mark.parametrize(
    "url",
    [
        "s3cret",
        "postgresql://u:s3cret@127.0.0.1:1/d?connect_timeout=2",
        "sqlite:////nowhere/s.db",
        "mssql+pyodbc://u:s3cret@h/d",
        "nonsense://u:s3cret@h/d",
    ],
)
def test_a_database_that_cannot_be_opened_is_told_without_its_password(url: str) -> None:
    with pytest.raises(SourceError) as told:
        open_database(url, "SELECT 1")
    assert "s3cret" not in str(told.value)


def test_a_query_is_screened_and_recorded_without_a_password(tmp_path: Path) -> None:
    file = tmp_path / "omop.db"
    with sqlite3.connect(file) as connection:
        connection.execute(NOTE)
        connection.execute(ROWS)
    connection.close()
    out = tmp_path / "run"
    url = f"sqlite:///{file}?password=s3cret"
    done = screener("screen", "--out", out, "--sql", QUERY, SCREENER_URL=url)
    assert done.returncode in {0, 3}, done.stderr
    assert "s3cret" not in done.stderr
    if done.returncode == 0:
        record = json.loads((out / "run.json").read_text(encoding="utf-8"))
        assert record["options"]["sql"] == QUERY
        assert "s3cret" not in json.dumps(record)
