"""A run that was cut short goes on, and ends with the bytes of one that was not."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import command_line
import pytest

from screener.journals import journal_of
from screener.packs import RulePack
from screener.reports import Report
from screener.run_records import RunOptions
from screener.runs import screen_sources
from screener.screening import ScreenedReport, Screener
from screener.sources import Source, open_sources

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "screener.cli.main"]
N_REPORTS = 1_500


class Stop(KeyboardInterrupt):
    """What Ctrl-C raises."""


class Counting:
    """The session's screener, counting what it is asked for, and stopping when told to."""

    def __init__(self, screener: Screener, stop_at: int | None = None) -> None:
        self.screener = screener
        self.stop_at = stop_at
        self.n_asked = 0

    def screen_report(self, report: Report) -> ScreenedReport:
        self.n_asked += 1
        if self.n_asked == self.stop_at:
            raise Stop
        return self.screener.screen_report(report)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up reports as a CSV file."""
    path = tmp_path_factory.mktemp("archive") / "archive.csv"
    code = (
        "from pathlib import Path; from benchmarks.mixes import write_mix; "
        f"write_mix(Path({str(path)!r}), 'archive', {N_REPORTS})"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    return path


def run(archive: Path, pack: RulePack, out: Path, build: Counting, **options: Any) -> None:
    screen_sources(
        sources(archive),
        pack,
        out,
        options=RunOptions(is_journaled=True, **options),
        build=lambda: build,
    )


def sources(archive: Path) -> Iterator[Source]:
    yield from open_sources([str(archive)], column_map={}, date_order=None)


def tables(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.glob("*.csv"))}


@pytest.fixture(scope="module")
def whole(
    archive: Path, pack: RulePack, screener: Screener, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """The tables of a run that was not cut short."""
    out = tmp_path_factory.mktemp("whole") / "run"
    run(archive, pack, out, Counting(screener))
    return tables(out)


def test_an_interrupted_run_goes_on_without_screening_anything_twice(
    archive: Path, pack: RulePack, screener: Screener, whole: dict[str, bytes], tmp_path: Path
) -> None:
    for stop_at, n_chunks in ((1, 0), (600, 1), (1_300, 2)):
        out = tmp_path / str(stop_at)
        with pytest.raises(Stop):
            run(archive, pack, out, Counting(screener, stop_at))
        assert journal_of(out).exists() == (n_chunks > 0)
        second = Counting(screener)
        run(archive, pack, out, second, resume=True)
        assert second.n_asked == N_REPORTS - 512 * n_chunks
        assert tables(out) == whole
        assert not journal_of(out).exists()


def test_a_journal_cut_anywhere_gives_the_same_bytes(
    archive: Path, pack: RulePack, screener: Screener, whole: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "run"
    with pytest.raises(Stop):
        run(archive, pack, out, Counting(screener, 1_200))
    journal = journal_of(out).read_bytes()
    assert stat.S_IMODE(journal_of(out).stat().st_mode) == 0o600
    for end in (0, len(journal) // 3, len(journal) - 1):
        journal_of(out).write_bytes(journal[:end])
        run(archive, pack, out, Counting(screener), resume=True, replace=True)
        assert tables(out) == whole


def test_a_journal_of_other_reports_is_not_believed(
    archive: Path, pack: RulePack, screener: Screener, whole: dict[str, bytes], tmp_path: Path
) -> None:
    out, changed = tmp_path / "run", tmp_path / "changed.csv"
    changed.write_text(archive.read_text().replace("clear", "clean"), encoding="utf-8")
    with pytest.raises(Stop):
        run(changed, pack, out, Counting(screener, 1_200))
    second = Counting(screener)
    run(archive, pack, out, second, resume=True)
    assert second.n_asked == N_REPORTS
    assert tables(out) == whole


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_killed_goes_on_with_the_same_bytes(
    archive: Path, whole: dict[str, bytes], tmp_path: Path, number: int
) -> None:
    out = tmp_path / "run"
    command = [*COMMAND, "screen", str(archive), "--out", str(out), "--workers", "2"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 120
    while not _has_lines(journal_of(out)) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, number)
    assert process.wait(timeout=60) in (130, -9)
    assert journal_of(out).exists()
    done = command_line.screener("screen", archive, "--out", out, "--resume")  # in one, not two
    assert done.returncode == 0, done.stderr
    assert tables(out) == whole
    assert not journal_of(out).exists()


def _has_lines(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0
