"""The command line in the tests' own process, as `screener.cli.main.main` runs it.

A process of its own costs more than a second of imports. Where the process is what is promised
(signals, workers, standard streams, what is imported), a test starts one.
"""

from __future__ import annotations

import io
import logging
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from screener.cli import diagnostics
from screener.cli.main import app

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_UNSET = ("NO_COLOR", "COLUMNS", "FORCE_COLOR")


def screener(
    *arguments: object, stdin: str | bytes = "", cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command; what it exits with, and what it wrote."""
    typed = [str(argument) for argument in arguments]
    given = stdin.encode() if isinstance(stdin, str) else stdin
    out, err = _Output(), _Output()
    redirected = redirect_stdout(out), redirect_stderr(err)
    with _process(environment, given), chdir(cwd or Path.cwd()), redirected[0], redirected[1]:
        code = diagnostics.run(lambda: app(typed, prog_name="screener"))
    return subprocess.CompletedProcess(typed, code, out.written(), err.written())


class _Output(io.TextIOWrapper):
    """A stream that was redirected to a file: in UTF-8, with bytes below, and no terminal."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), "utf-8", newline="\n")

    def written(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode()


@contextmanager
def _process(environment: dict[str, str], stdin: bytes) -> Iterator[None]:
    """Leave no trace of what a command line sets up for its process."""
    handlers = {number: signal.getsignal(number) for number in _SIGNALS}
    disabled = logging.root.manager.disable
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        for name in _UNSET:
            patch.delenv(name, raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        try:
            yield
        finally:
            logging.disable(disabled)
            for number, handler in handlers.items():
                signal.signal(number, handler)
