"""The store's schema and roles: migrations make what the program expects, readers get their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from command_line import screener
from small_studies import READERS, YES, MakeStudy, Server, lock_all
from sqlalchemy import create_engine, text
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import IntegrityError

from screener.drawing import DrawOptions, draw_cases
from screener.errors import StoreError
from screener.granting import grant_access
from screener.reading import open_reading
from screener.store.origins import ORIGINS
from screener.store.schemas import upgrade_schema
from screener.store.tables import METADATA
from screener.study_folders import find_study
from screener.study_making import StudyOptions, make_study
from screener.verifying import verify_study

# Of a reader who locked one case and goes on with it, and has begun another.
FIRST_SCHEMA = (
    "INSERT INTO readers VALUES ('ada', 1, false, 'nobody')",
    "INSERT INTO cases VALUES ('C1', 'main', 'P1'), ('C2', 'main', 'P2')",
    "INSERT INTO drafts VALUES ('ada', 'C1', 'read', ''), ('ada', 'C2', 'open', '')",
    "INSERT INTO reads VALUES ('ada', 1, 'C1', 'first', 'yes', '', NULL, NULL, '', NULL, NULL,"
    " NULL, NULL, '', '', '', '', '', '', NULL, '', '', 'abc')",
)


def test_the_migrations_make_the_tables_that_the_program_expects(make: MakeStudy) -> None:
    engine = create_engine(find_study(make()).url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, METADATA)
    engine.dispose()
    assert differences == []
    assert ORIGINS.metadata is METADATA


def test_a_store_of_another_version_is_refused_and_an_upgrade_changes_nothing_else(
    make: MakeStudy,
) -> None:
    study = make()
    assert screener("study", "upgrade", str(study)).returncode == 0
    assert screener("study", "status", str(study)).returncode == 0
    engine = create_engine(find_study(study).url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    engine.dispose()
    done = screener("study", "status", str(study))
    assert (done.returncode, "has schema r9999" in done.stderr) == (4, True)
    with pytest.raises(StoreError, match="use the newer version"):
        open_reading(study, "ada")


def test_drafts_of_the_first_schema_are_kept(
    tmp_path: Path, store_kind: str, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    if store_kind == "postgresql":
        url = request.getfixturevalue("postgresql").new_database()
    engine = create_engine(url)
    with engine.begin() as connection:
        upgrade_schema(connection, "r0001")
        for statement in FIRST_SCHEMA:
            connection.execute(text(statement))
        upgrade_schema(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        told = connection.execute(text("SELECT reader, case_id, form, kind FROM drafts ORDER BY 2"))
        assert told.all() == [("ada", "C1", "read", "amendment"), ("ada", "C2", "open", "first")]
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(text("INSERT INTO drafts VALUES ('ada', 'C2', '', '', 'first')"))
        connection.execute(text("INSERT INTO drafts VALUES ('ada', 'C2', '', '', 'amendment')"))
    engine.dispose()


@pytest.mark.parametrize("store_kind", ["postgresql"])
def test_a_reader_opens_the_study_by_a_url_of_their_own_and_nobody_elses(make: MakeStudy) -> None:
    study = make()
    url = grant_access(study, "ada")
    assert make_url(url).password
    with open_reading(url, "ada") as reading:
        item = reading.worklist()[0]
        reading.open_case(item.case_id)
        reading.save_draft(item.case_id, YES)
        assert reading.lock(item.case_id, YES).read.position == 1
    with pytest.raises(StoreError, match="has not the right"), open_reading(url, "ben") as reading:
        reading.worklist()
    for act in (["status"], ["settle"], ["unblind", "--all", "--by", "x", "--reason", "y"]):
        done = screener("study", *act[:1], url, *act[1:])
        assert (done.returncode, done.stdout) == (4, "")
        assert "has not the right" in done.stderr
        assert str(make_url(url).password) not in done.stderr
    done = screener("study", "verify", str(study))
    assert done.returncode == 0
    assert "1 records of ada came without the key and are signed now" in done.stderr
    again = screener("study", "verify", str(study))
    assert "without the key" not in again.stderr


def test_a_coordinator_needs_no_superuser(
    small_run: Path, tmp_path: Path, postgresql: Server
) -> None:
    url = postgresql.new_database(owner="coordinator")
    study = tmp_path / "study"
    make_study(study, small_run, StudyOptions(readers=("ada", "ben"), seed=1, store=url))
    draw_cases(study, DrawOptions())
    for reader in ("ada", "ben"):
        lock_all(study, reader)
    assert verify_study(study).is_whole
    with open_reading(grant_access(study, "ben"), "ben") as reading:
        assert len(reading.others(reading.worklist()[0].case_id)) == 1


def test_a_locked_read_is_seen_by_the_coordinator_as_a_count(make: MakeStudy) -> None:
    study = make()
    with open_reading(study, "ada") as reading:
        reading.lock(reading.worklist()[0].case_id, YES)
    lines = screener("study", "status", str(study)).stdout.splitlines()
    counts = [line.split() for line in lines if line.split()[0] in READERS]
    assert counts == [
        ["ada", "10", "1", "0", "0"],
        ["ben", "10", "0", "0", "0"],
        ["cleo", "10", "0", "0", "0"],
    ]


def test_the_key_and_the_store_are_for_the_owner_only(make: MakeStudy) -> None:
    study: Path = make()
    for name in ("study.key", "study.sqlite"):
        if (study / name).exists():
            assert (study / name).stat().st_mode & 0o077 == 0
