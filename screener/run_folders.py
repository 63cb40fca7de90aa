"""The folder of a run: whole or not at all, and readable by its owner only."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from screener.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import BinaryIO

    from screener.exports.formats import Format
    from screener.exports.tables import Row, Table

    Writers = dict[str, Callable[[Sequence[Row]], None]]

RUN_FILE = "run.json"


def refuse_existing(out: Path, *, replace: bool = False, marker: str = RUN_FILE) -> None:
    """Raise `RunError` where `out` exists and may not be replaced: only what has the marker may."""
    if not os.path.lexists(out):
        return
    if not replace:
        raise RunError(f"{out} already exists. Name another folder, or replace it with --force.")
    if not (out / marker).is_file():
        what = "a run" if marker == RUN_FILE else "an export"
        raise RunError(f"{out} is not {what} (it has no {marker}), so it is not replaced.")


@contextmanager
def new_run_folder(out: Path, *, replace: bool = False, marker: str = RUN_FILE) -> Iterator[Path]:
    """Give a working folder beside `out` that becomes `out` when the block ends well.

    When the block raises, the working folder is deleted and `out` is as it was.

    Parameters
    ----------
    out
        Where the run is to stand; folders above it are made.
    replace
        Whether to replace what stands at `out`, if that is a run.
    marker
        The file by which such a folder is known; exports have another than runs.

    Raises
    ------
    RunError
        When `out` exists and may not be replaced.
    """
    out = out.resolve()
    refuse_existing(out, replace=replace, marker=marker)
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(mkdtemp(prefix=_partial_prefix(out), dir=out.parent))  # mode 0700
    try:
        yield work
        _put_into_place(work, out, replace, marker)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def partial_folders(out: Path) -> tuple[Path, ...]:
    """Return the working folders that runs at `out` have beside it: under way, or killed."""
    out = out.resolve()
    if not out.parent.is_dir():
        return ()
    prefix = _partial_prefix(out)
    return tuple(sorted(path for path in out.parent.iterdir() if path.name.startswith(prefix)))


def create_file(path: Path) -> BinaryIO:
    """Open a new file that only its owner may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


@contextmanager
def open_tables(folder: Path, tables: Iterable[Table], as_: Format) -> Iterator[Writers]:
    """Give a function for each table, by its name, that writes some rows to its file."""
    with ExitStack() as stack:
        writers: Writers = {}
        for table in tables:
            file = stack.enter_context(create_file(folder / f"{table.name}{as_.suffix}"))
            writers[table.name] = stack.enter_context(as_.open_table(file, table))
        yield writers


def _partial_prefix(out: Path) -> str:
    return f".{out.name}.partial-"


def _put_into_place(work: Path, out: Path, replace: bool, marker: str) -> None:
    if not os.path.lexists(out):
        work.rename(out)
        return
    refuse_existing(
        out, replace=replace, marker=marker
    )  # it may have come while the run was at work
    aside = Path(mkdtemp(prefix=f".{out.name}.replaced-", dir=out.parent))
    old = aside / out.name
    out.rename(old)
    try:
        work.rename(out)
    except BaseException:
        old.rename(out)
        aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)
