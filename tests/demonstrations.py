"""The demonstration, made once for all workers of a test run: its tests read it or copy it."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from command_line import screener


@dataclass(frozen=True)
class Demo:
    """What ``screener demo`` made in a folder, and what it printed."""

    folder: Path
    told: str
    said: str

    @property
    def run(self) -> Path:
        return self.folder / "screener-demo"

    @property
    def study(self) -> Path:
        return self.folder / "screener-demo-study"

    @property
    def report(self) -> Path:
        return self.folder / "screener-demo-report"

    @property
    def html(self) -> str:
        return (self.report / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demonstration. Who changes it works on a copy."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # what the workers share
    folder, told, said = base / "demonstration", base / "demo.stdout", base / "demo.stderr"
    with (base / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            folder.mkdir()
            done = screener("demo", cwd=folder)
            assert done.returncode == 0, done.stderr
            said.write_text(done.stderr, encoding="utf-8")
            told.write_text(done.stdout, encoding="utf-8")
    return Demo(folder, told.read_text(encoding="utf-8"), said.read_text(encoding="utf-8"))
