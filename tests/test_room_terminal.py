"""The reading room in a real terminal: killed in the middle, opened again, and refused a pipe."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from command_line import screener
from small_studies import MakeStudy

from screener.reading import open_reading
from screener.reads import ReadForm

COMMAND = (sys.executable, "-m", "screener.cli.main", "read")
PATIENCE = 20.0
# of xterm's 256 colours: black, greys and white of the first 16, of the cube, and of the ramp
GREYS = {0, 7, 8, 15, 16, 59, 102, 145, 188, 231, *range(232, 256)}


@pytest.fixture
def store_kind() -> str:
    return "sqlite"


class Terminal:
    """A process in a terminal of 80 by 24."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self._end, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            arguments,
            stdin=other,
            stdout=other,
            stderr=other,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", **environment},
        )
        os.close(other)
        self.output = b""

    def type(self, keys: str) -> None:
        os.write(self._end, keys.encode())

    def wait_for(self, words: str) -> None:
        """Wait until words were written, whatever else was."""
        until = time.monotonic() + PATIENCE
        while words.encode() not in self.output:
            assert time.monotonic() < until, f"no {words!r} in {self.output[-2000:]!r}"
            self._take()

    def wait_for_end(self) -> None:
        """Wait until the process ended, and take what it writes: it waits for that."""
        until = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < until, "it did not end"
            self._take()

    def hang_up(self) -> None:
        """Close the terminal."""
        os.close(self._end)
        self._end = -1

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self._end >= 0:
            os.close(self._end)

    def _take(self) -> None:
        ready, _, _ = select.select([self._end], [], [], 0.2)
        if ready:
            try:
                self.output += os.read(self._end, 1 << 16)
            except OSError:
                time.sleep(0.1)


@contextmanager
def room(study: Path, **environment: str) -> Iterator[Terminal]:
    terminal = Terminal(*COMMAND, str(study), "--reader", "ada", **environment)
    try:
        yield terminal
    finally:
        terminal.close()


def wait_for_draft(study: Path, form: ReadForm) -> None:
    until = time.monotonic() + PATIENCE
    with open_reading(study, "ada") as reading:
        case_id = reading.worklist()[0].case_id
        while reading.draft(case_id) != form:
            assert time.monotonic() < until, reading.draft(case_id)
            time.sleep(0.1)


@pytest.mark.slow
def test_a_terminal_that_is_killed_loses_nothing(make: MakeStudy) -> None:
    study = make()
    entered = ReadForm(verdict="yes", percent=85.0, confidence="high")
    with room(study) as terminal:
        terminal.wait_for("0 of 10 locked")
        terminal.type("\r")
        terminal.wait_for("cannot assess")
        terminal.type("1")
        wait_for_draft(study, ReadForm(verdict="yes"))
        terminal.type("p85\rh")  # all at once, as over a slow line
        wait_for_draft(study, entered)
        terminal.process.send_signal(signal.SIGKILL)
        terminal.process.wait()
    with room(study) as terminal:
        terminal.wait_for("1 of 10")
        terminal.hang_up()  # which nothing tells the process: it is not its controlling terminal
        terminal.process.wait(timeout=PATIENCE)
    wait_for_draft(study, entered)


@pytest.mark.slow
def test_a_room_without_colour_writes_greys_alone(make: MakeStudy) -> None:
    study = make()
    with room(study, NO_COLOR="1", COLORTERM="") as terminal:
        terminal.wait_for("0 of 10 locked")
        terminal.type("\r1")
        wait_for_draft(study, ReadForm(verdict="yes"))
        terminal.type("q")
        terminal.wait_for_end()
        assert terminal.process.returncode == 0
    written = {int(colour) for colour in re.findall(rb"[34]8;5;(\d+)", terminal.output)}
    assert written
    assert written <= GREYS


def test_a_room_needs_a_terminal(make: MakeStudy) -> None:
    done = screener("read", str(make()), "--reader", "ada")
    assert done.returncode == 3
    assert "needs a terminal" in done.stderr
    assert done.stdout == ""


def test_an_unknown_reader_or_study_is_told(make: MakeStudy, tmp_path: Path) -> None:
    stranger = screener("read", str(make()), "--reader", "zoe")
    assert stranger.returncode == 3
    assert "No reader 'zoe' in this study." in stranger.stderr
    assert screener("read", str(tmp_path / "none"), "--reader", "ada").returncode == 3
