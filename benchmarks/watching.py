"""A command watched from its start to its end: its time, and the memory of all its processes."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_PROC = Path("/proc")
_EVERY = 0.1
"""Seconds between two looks at the processes."""
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


class Watched(NamedTuple):
    """Seconds by the clock, and megabytes of the process that held most."""

    seconds: float
    megabytes: float


def watched(command: Sequence[str]) -> Watched:
    """Run a command in a session of its own, quietly; raise where it fails."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        watcher = _Watcher(process.pid)
        _, said = process.communicate()
    seconds = time.perf_counter() - start
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=said)
    return Watched(seconds, watcher.most() / 1024)


class _Watcher:
    """Looks at the processes of a session now and then; without /proc, at those waited for."""

    def __init__(self, session: int) -> None:
        self._session = session
        self._kilobytes = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        if _PROC.is_dir():
            self._thread.start()

    def most(self) -> int:
        """Stop looking; return the kilobytes of the largest process that was seen."""
        self._is_over.set()
        if not _PROC.is_dir():
            return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self._thread.join()
        return self._kilobytes

    def _look(self) -> None:
        while not self._is_over.wait(_EVERY):
            self._kilobytes = max([self._kilobytes, *_peaks(self._session)])


def _peaks(session: int) -> Iterator[int]:
    """The most memory that each process of a session has held so far, in kilobytes."""
    for folder in _PROC.iterdir():
        if folder.name.isdecimal():
            try:
                if os.getsid(int(folder.name)) == session:
                    found = _PEAK.search((folder / "status").read_text())
                    yield int(found[1]) if found else 0
            except OSError:  # it has ended
                continue
