"""Three readers writing at once as processes, one of them killed in the middle of a write."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_studies import READERS, Server

from screener.adjudication import open_study
from screener.drawing import DrawOptions, draw_cases
from screener.packs import load_pack
from screener.run_records import RunOptions
from screener.runs import screen_sources
from screener.sources import open_sources
from screener.study_making import StudyOptions, make_study
from screener.verifying import verify_study

N_CASES = int(os.environ.get("LOAD_CASES", "300"))  # `benchmarks/load.py` takes a thousand
N_KILLED_AFTER = N_CASES * 3 // 10
MAX_SECONDS = 1.0
"""How long a reader may wait for the others."""


@pytest.fixture(scope="module")
def large_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that flags every patient."""
    folder = tmp_path_factory.mktemp("large")
    with (folder / "reports.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["report_id", "patient_id", "text"])
        for number in range(N_CASES):
            writer.writerow([f"R{number}", f"P{number}", "Innumerable liver metastases."])
    opened = open_sources([str(folder / "reports.csv")], column_map={})
    pack = load_pack("liver_tumor_burden")
    screen_sources(opened, pack, folder / "run", options=RunOptions())
    return folder / "run"


@pytest.fixture
def large_study(
    tmp_path: Path, large_run: Path, store_kind: str, request: pytest.FixtureRequest
) -> Path:
    """A study of all of them, on either store."""
    store = ""
    if store_kind == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        store = server.new_database()
    options = StudyOptions(readers=READERS, seed=1, store=store, name="large")
    make_study(tmp_path / "study", large_run, options)
    assert draw_cases(tmp_path / "study", DrawOptions()).n_cases == N_CASES
    return tmp_path / "study"


class Writer:
    """A reader's process and what it has acknowledged."""

    def __init__(self, study: Path, reader: str, heard: Path) -> None:
        self.heard = heard
        script = Path(__file__).with_name("loading_reader.py")
        with heard.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, str(script), str(study), reader], stdout=out
            )

    def lines(self) -> list[str]:
        """The lines that were written in full: what stood on the screen."""
        return self.heard.read_text(encoding="utf-8").split("\n")[:-1]

    def kill_after(self, n: int) -> None:
        """Kill the process without warning when it has acknowledged so many."""
        while len(self.lines()) < n and self.process.poll() is None:
            time.sleep(0.005)
        self.process.kill()
        self.process.wait()


@pytest.mark.slow
def test_what_was_acknowledged_is_there_after_a_kill_and_no_one_waits_long(
    large_study: Path, tmp_path: Path
) -> None:
    writers = [Writer(large_study, reader, tmp_path / reader) for reader in READERS]
    writers[0].kill_after(N_KILLED_AFTER)
    acknowledged = [line.split()[0] for line in writers[0].lines()]
    found = verify_study(large_study, receipts=acknowledged)
    assert found.is_whole, found.problems
    assert N_KILLED_AFTER <= len(acknowledged) < N_CASES
    again = Writer(large_study, READERS[0], tmp_path / READERS[0])
    for writer in (again, *writers[1:]):
        assert writer.process.wait(timeout=300) == 0

    lines = [line.split() for writer in writers for line in writer.lines()]
    # a read may have been locked and its process killed before it could say so
    assert 3 * N_CASES - 1 <= len(lines) <= 3 * N_CASES
    found = verify_study(large_study, receipts=[receipt for receipt, _ in lines])
    assert found.is_whole, found.problems
    with open_study(large_study) as session:
        status = session.status()
    assert [one.n_locked for one in status.readers] == [N_CASES] * 3
    assert status.n_complete == N_CASES
    assert max(float(seconds) for _, seconds in lines) < MAX_SECONDS
