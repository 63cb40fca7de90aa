"""Attempts to see what a reader may not see, through every door there is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from command_line import screener
from small_studies import CANNOT, N_FLAGGED, NO, YES, MakeStudy, lock_all
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.url import make_url

from screener.adjudication import open_study
from screener.errors import BlindingError
from screener.reading import open_reading
from screener.study_folders import find_study

SECRET = re.compile(r"score|tier|rank\b|origin|flagged|audit|candidate'|possible", re.IGNORECASE)
ON_POSTGRESQL = pytest.mark.parametrize("store_kind", ["postgresql"])


@contextmanager
def connected_as(study: Path, reader: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection of a reader's own, past all of this program."""
    url = make_url(find_study(study).url)
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(False)) as admin:
        row = admin.execute("SELECT role FROM readers WHERE name = %s", [reader]).fetchone()
    assert row is not None
    own = url.set(drivername="postgresql", username=str(row[0]))
    with psycopg.connect(own.render_as_string(False), autocommit=True) as connection:
        yield connection


def rows(connection: psycopg.Connection[tuple[Any, ...]], query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()


def first_case(study: Path) -> str:
    with open_reading(study, "ada") as reading:
        return reading.worklist()[0].case_id


@ON_POSTGRESQL
def test_the_database_keeps_a_reader_to_own_rows_until_the_case_is_complete(
    make: MakeStudy,
) -> None:
    study, case_id = make(), ""
    case_id = first_case(study)
    for reader, form in (("ada", YES), ("ben", NO)):
        with open_reading(study, reader) as reading:
            reading.save_draft(reading.worklist()[1].case_id, form)
            reading.lock(case_id, form)
    with connected_as(study, "cleo") as cleo:
        assert rows(cleo, "SELECT * FROM reads") == []
        assert rows(cleo, "SELECT count(*), max(percent) FROM reads") == [(0, None)]
        assert rows(cleo, "SELECT * FROM drafts") == []
        assert rows(cleo, "SELECT * FROM openings") == []
        assert {row[0] for row in rows(cleo, "SELECT reader FROM assignments")} == {"cleo"}
        assert [row[0] for row in rows(cleo, "SELECT chain FROM heads")] == ["cleo"]
        assert rows(cleo, "SELECT * FROM highlights") == []
    with connected_as(study, "ada") as ada:
        assert rows(ada, "SELECT DISTINCT reader FROM reads") == [("ada",)]
        assert {row[0] for row in rows(ada, "SELECT case_id FROM highlights")} <= {case_id}
    with open_reading(study, "cleo") as reading:
        reading.lock(case_id, CANNOT)
    with connected_as(study, "cleo") as cleo:
        found = rows(cleo, "SELECT reader, verdict FROM reads ORDER BY reader")
        assert found == [("ada", "yes"), ("ben", "no"), ("cleo", "cannot_assess")]


@ON_POSTGRESQL
@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT * FROM origins",
        "SELECT * FROM log",
        "SELECT is_complete('C0001')",
        "UPDATE reads SET verdict = 'no'",
        "DELETE FROM reads",
        "DELETE FROM heads",
        "INSERT INTO reads SELECT * FROM reads",
        "UPDATE assignments SET reader = 'ada'",
        "UPDATE readers SET role = current_user",
        "UPDATE study SET others = 'when_complete', highlights = 'always'",
        "INSERT INTO drafts VALUES ('ada', (SELECT min(case_id) FROM cases), '{}', '', 'first')",
        "INSERT INTO assignments VALUES ('ben', 'C0001', 1, 'primary')",
        "ALTER TABLE reads DISABLE ROW LEVEL SECURITY",
        "DROP POLICY reads_select ON reads",
        "CREATE POLICY mine ON reads USING (true)",
        "COPY reads TO STDOUT",
    ],
)
def test_the_database_refuses_what_a_reader_may_not_do(make: MakeStudy, attempt: str) -> None:
    study = make()
    case_id = first_case(study)
    with open_reading(study, "ada") as reading:
        reading.lock(case_id, YES)
    with connected_as(study, "ben") as ben:
        if attempt.startswith("COPY"):
            with ben.cursor().copy(attempt) as copied:
                assert list(copied) == []
        elif attempt == "INSERT INTO reads SELECT * FROM reads":
            assert ben.execute(attempt).rowcount == 0
        else:
            with pytest.raises(
                (psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException)
            ):
                ben.execute(attempt)


@ON_POSTGRESQL
def test_a_reader_cannot_take_on_another_role_or_write_in_anothers_name(make: MakeStudy) -> None:
    study = make()
    with connected_as(study, "ada") as ada:
        (role,) = rows(ada, "SELECT role FROM readers WHERE name = 'ben'")[0]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ada.execute(f'SET ROLE "{role}"')
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ada.execute(
                "INSERT INTO reads VALUES ('ben', 1, (SELECT min(case_id) FROM cases), 'first',"
                " 'yes', '', 80, 'high', 'CT', NULL, NULL, NULL, NULL, '', '', '', '', '', '',"
                " NULL, '', '', 'x')"
            )


@ON_POSTGRESQL
def test_a_charter_can_keep_the_others_out_for_good_in_the_database_too(make: MakeStudy) -> None:
    study = make(others="never", highlights="never")
    for reader in ("ada", "ben", "cleo"):
        lock_all(study, reader)
    with connected_as(study, "ada") as ada:
        assert rows(ada, "SELECT DISTINCT reader FROM reads") == [("ada",)]
        assert rows(ada, "SELECT * FROM highlights") == []


@ON_POSTGRESQL
def test_the_adjudicator_sees_that_readers_differed_and_not_who_said_what(
    make: MakeStudy,
) -> None:
    study = make(rule="two_plus_one", adjudicator="dora")
    lock_all(study, "ada", YES)
    lock_all(study, "ben", NO)
    lock_all(study, "cleo", NO)
    with open_study(study) as session:
        assert session.settle().n_sent_on == N_FLAGGED + 4
    with open_reading(study, "dora") as reading:
        item = reading.worklist()[0]
        assert item.task == "adjudication"
        reading.lock(item.case_id, YES)
        with pytest.raises(BlindingError):
            reading.others(item.case_id)
    with connected_as(study, "dora") as dora:
        assert rows(dora, "SELECT DISTINCT reader FROM reads") == [("dora",)]


def test_no_statement_of_a_readers_session_names_what_readers_may_not_see(make: MakeStudy) -> None:
    study = make()
    lock_all(study, "ben", NO)
    said: list[str] = []

    def hear(_c: object, _k: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        whole_session(study)
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    assert len(said) > 50
    assert not [one for one in said if re.search(r"\borigins\b|\blog\b", one)]


def whole_session(study: Path) -> str:
    """Everything that a session gives of each case, as text."""
    told: list[object] = []
    with open_reading(study, "ada") as reading:
        for item in reading.worklist():
            told += [item, reading.open_case(item.case_id), reading.progress()]
            reading.save_draft(item.case_id, CANNOT)
            told += [reading.draft(item.case_id), reading.last_case()]
            told += [reading.lock(item.case_id, CANNOT), reading.reads(item.case_id)]
            for secret in (reading.highlights, reading.others):
                try:
                    told.append(secret(item.case_id))
                except BlindingError as error:
                    told.append(str(error))
    return repr(told)


def test_nothing_a_session_gives_tells_a_score_an_origin_or_anothers_read(make: MakeStudy) -> None:
    study = make()
    lock_all(study, "ben", NO)
    told = whole_session(study)
    assert not SECRET.search(told)
    assert "ben" not in told


def test_flagged_and_audited_cases_look_alike(make: MakeStudy) -> None:
    study = make()
    with open_study(study) as session:
        origin = {row.case_id: row.origin for row in session.office.origins()}
    in_order = [origin[case_id] for case_id in sorted(origin)]
    assert sorted(in_order) == ["audit"] * 4 + ["flagged"] * N_FLAGGED
    assert in_order not in (sorted(in_order), sorted(in_order, reverse=True))
    with open_reading(study, "ada") as reading:
        shapes = {
            (item.round, item.task, item.state, item.n_reports, len(item.patient_id))
            for item in reading.worklist()
        }
    assert shapes == {("main", "primary", "unread", 2, 4)}


def test_the_charter_says_what_is_shown_and_the_rest_is_not_in_readers_tables(
    make: MakeStudy,
) -> None:
    study = make(draw=None)
    charter = study / "study.toml"
    text = charter.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^shown = .*$", 'shown = ["modality"]', text)
    charter.write_text(text, encoding="utf-8")
    done = screener("study", "draw", str(study))
    assert done.returncode == 0, done.stderr
    with open_reading(study, "ada") as reading:
        case = reading.open_case(reading.worklist()[0].case_id)
    report = case.reports[0]
    assert (case.patient_id, report.accession, report.exam_on, report.site) == ("", "", None, "")
    assert report.modality == "CT"


def test_a_coordinator_gets_counts_only_until_a_case_is_complete(make: MakeStudy) -> None:
    study = make()
    case_id = first_case(study)
    for reader in ("ada", "ben"):
        with open_reading(study, reader) as reading:
            reading.lock(case_id, YES)
    for command in ("status", "settle"):
        told = screener("study", command, str(study)).stdout
        told += screener("study", command, str(study), "--json").stdout
        assert not re.search(r"\byes\b|80|\"verdict\"", told), told
    with open_study(study) as session:
        assert session.ratings().opinions == {}
        assert session.settle().settled == ()
        early = session.settle(early=True, by="kim")
        assert [one.case_id for one in early.settled] == [case_id]
        assert session.status().n_unblindings == 1
        record = next(one for one in session.office.log() if one.act == "unblind")
        assert (record.actor, record.detail["cases"]) == ("kim", [case_id])


def test_unblinding_is_logged_before_it_is_given(make: MakeStudy) -> None:
    study = make()
    case_id = first_case(study)
    with open_reading(study, "ada") as reading:
        reading.lock(case_id, YES)
    with open_study(study) as session, pytest.raises(BlindingError, match="a reason"):
        session.unblind([case_id], by="kim", reason=" ")
    done = screener(
        *("study", "unblind", str(study), "--case", case_id, "--json"),
        *("--by", "kim", "--reason", "patient safety"),
    )
    assert done.returncode == 0, done.stderr
    (told,) = json.loads(done.stdout)
    assert told["origin"] in ("flagged", "audit")
    assert [read["form"]["verdict"] for read in told["reads"]] == ["yes"]
    assert "not complete" in done.stderr
    with open_study(study) as session:
        (record,) = [one for one in session.office.log() if one.act == "unblind"]
    assert (record.actor, record.detail["reason"]) == ("kim", "patient safety")
    assert record.detail["not_complete"] == [case_id]
