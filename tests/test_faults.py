"""Disks that are full, folders that may only be read, databases that are gone: told, and whole."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from command_line import screener
from small_studies import (
    NO,
    READERS,
    YES,
    MakeStudy,
    Server,
    copy_study,
    memory_folder,
)

from screener.drawing import DrawOptions, draw_cases
from screener.errors import StoreError
from screener.reading import open_reading
from screener.study_making import StudyOptions, make_study, without_password
from screener.verifying import verify_study

ON_SQLITE = pytest.mark.parametrize("store_kind", ["sqlite"])
MAX_FILE_BYTES = "2000000"


@ON_SQLITE
def test_a_full_disk_is_told_and_loses_nothing_that_was_locked(make: MakeStudy) -> None:
    study = make()
    script = Path(__file__).with_name("failing_reader.py")
    done = subprocess.run(
        [sys.executable, str(script), str(study), "ada", MAX_FILE_BYTES],
        capture_output=True,
        text=True,
        check=True,
    )
    *receipts, fault, locked = done.stdout.splitlines()
    assert "full" in fault
    assert "what was locked is kept" in fault or "all that was locked is kept" in fault
    assert receipts
    assert locked == f"locked: {len(receipts)}"
    found = verify_study(study, receipts=receipts)
    assert found.is_whole, found.problems
    with open_reading(study, "ada") as reading:  # there is room again
        for item in reading.worklist():
            if item.state != "locked":
                reading.lock(item.case_id, YES)
        assert reading.progress().n_locked == 10


@contextmanager
def read_only(study: Path, place: Path) -> Iterator[Path]:
    """The study where nothing can be written; root needs a file system of its own for that."""
    if os.getuid():
        copied = copy_study(study, place / "study")
        for path in (*copied.iterdir(), copied):
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield copied
        copied.chmod(0o755)
        return
    made = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(place)], check=False)
    if made.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        copied = copy_study(study, place / "study")
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        yield copied
    finally:
        subprocess.run(["umount", str(place)], check=True)


@ON_SQLITE
def test_a_folder_that_may_only_be_read_is_told(make: MakeStudy, tmp_path: Path) -> None:
    study, place = make(), tmp_path / "fixed"
    place.mkdir()
    with read_only(study, place) as fixed:
        with pytest.raises(StoreError, match="write to"), open_reading(fixed, "ada") as reading:
            reading.lock(reading.worklist()[0].case_id, YES)
        done = screener("study", "settle", str(fixed))
        assert (done.returncode, done.stdout) == (4, "")
        assert "Traceback" not in done.stderr
        made = screener("study", "init", str(fixed / "new"), "--run", str(study))
        assert made.returncode in (3, 4)


@ON_SQLITE
def test_a_store_that_is_taken_away_in_mid_session_takes_no_read_with_it(
    make: MakeStudy, tmp_path: Path
) -> None:
    study = make()
    with open_reading(study, "ada") as reading:
        first, second, *_ = (item.case_id for item in reading.worklist())
        reading.lock(first, YES)
        (study / "study.sqlite").rename(tmp_path / "aside")
        for act in (lambda: reading.lock(second, YES), lambda: reading.save_draft(second, YES)):
            with pytest.raises(StoreError, match="is not there any more"):
                act()
        (tmp_path / "aside").rename(study / "study.sqlite")
        assert reading.lock(second, YES).read.position == 2
    assert verify_study(study).is_whole


def test_a_server_that_stops_in_mid_session_is_told_and_the_session_goes_on(
    small_run: Path, tmp_path: Path
) -> None:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path))  # the server's package asks for it
    folder = memory_folder() or tmp_path / "pg"
    server = Server(folder, cleanup_mode="stop")
    url = server.new_database()
    options = StudyOptions(readers=READERS, seed=1, store=url)
    make_study(tmp_path / "study", small_run, options)
    draw_cases(tmp_path / "study", DrawOptions())
    with open_reading(tmp_path / "study", "ada") as reading:
        first, second, *_ = (item.case_id for item in reading.worklist())
        reading.lock(first, YES)
        server.stop()
        with pytest.raises(StoreError, match="cannot be reached"):
            reading.lock(second, YES)
        done = screener("study", "status", str(tmp_path / "study"))
        assert done.returncode == 4
        assert "cannot be reached" in done.stderr
        server = Server(folder, cleanup_mode="delete")
        assert reading.lock(second, NO).read.position == 2
    assert verify_study(tmp_path / "study").is_whole
    server.stop()


@pytest.mark.parametrize(
    ("store", "told"),
    [
        ("mysql://x/y", "No store of the kind 'mysql'"),
        ("postgresql+psycopg://me:secret@127.0.0.1:1/study", "me:***@127.0.0.1:1/study"),
        ("sqlite:////nowhere/at/all.sqlite", "No such file or directory"),
        ("://", "is not the URL of a database"),
    ],
)
def test_a_store_that_cannot_be_made_leaves_no_folder_and_no_password(
    small_run: Path, tmp_path: Path, store: str, told: str
) -> None:
    study = tmp_path / "study"
    done = screener("study", "init", str(study), "--run", str(small_run), "--store", store)
    assert done.returncode == 4
    assert told in done.stderr
    assert "secret" not in done.stderr
    assert not study.exists()


def test_a_database_that_holds_a_study_takes_no_second_one(
    small_run: Path, tmp_path: Path, make: MakeStudy, store_kind: str
) -> None:
    first = make()
    text = (first / "study.toml").read_text(encoding="utf-8")
    url = text.rpartition('url = "')[2].partition('"')[0] or f"sqlite:///{first}/study.sqlite"
    done = screener(
        *("study", "init", str(tmp_path / "second")),
        *("--run", str(small_run), "--store", url),
    )
    assert (done.returncode, "holds a study already" in done.stderr) == (4, True)
    assert store_kind in url
    assert not (tmp_path / "second").exists()
    assert verify_study(first).is_whole


def test_a_password_never_reaches_the_charter() -> None:
    url = "postgresql+psycopg://me:s3cr:et@host:5432/study?sslmode=require"
    assert without_password(url) == "postgresql+psycopg://me@host:5432/study?sslmode=require"
    assert without_password("sqlite:///a.sqlite") == "sqlite:///a.sqlite"
