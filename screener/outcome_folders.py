"""The folder of outcomes: whole or not at all, with a record of what it was made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from screener.errors import RunError
from screener.run_folders import create_file, new_run_folder
from screener.run_records import version_of


@contextmanager
def new_outcome_folder(out: Path, *, replace: bool = False) -> Iterator[Path]:
    """Give a working folder that becomes `out` when the block ends well; an empty `out` may be.

    Raises
    ------
    RunError
        When the folder is there already (and may not be replaced), or cannot be written.
    """
    try:
        if is_empty_folder(out):
            out.rmdir()
        with new_run_folder(out, replace=replace) as folder:
            yield folder
    except OSError as fault:
        raise RunError(f"{out} could not be written: {fault.strerror}.") from fault


def is_empty_folder(out: Path) -> bool:
    """Whether there is a folder with nothing in it, which may be used."""
    return out.is_dir() and not out.is_symlink() and not any(out.iterdir())


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write plain data as indented JSON to a new file."""
    with create_file(path) as file:
        text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
        file.write(f"{text}\n".encode())


def record_of(
    kind: str, libraries: Sequence[str], files: Sequence[Path], more: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what ``run.json`` states: versions, hashes of the inputs, and what else is given."""
    return {
        "kind": kind,
        "versions": {library: version_of(library) for library in libraries},
        "inputs": {str(path): sha256_of(path) for path in files},
        **more,
        "ended_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def sha256_of(path: Path) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
