"""The report that is to be explained: from a text, a file, a table, or the inputs of a run.

A run keeps no report's text, so that of its reports is read again from the inputs that ``run.json``
names; what has gone or changed since is said, and a changed input is never explained in silence.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from screener.errors import PackError, RunError, SourceError
from screener.packs import load_pack
from screener.reports import Report
from screener.run_folders import RUN_FILE
from screener.sources import STDIN, Source, open_sources
from screener.sources.formats import format_of

TEXT_SUFFIXES = (".txt", ".text")
MAX_NAME = 200  # longer than any path one types, shorter than a report


@dataclass(frozen=True, slots=True)
class FoundInRun:
    """Reports of a run with the id asked for, its pack, and what the user should know."""

    reports: tuple[Report, ...]
    pack: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Input:
    """An input as ``run.json`` records it."""

    name: str
    sha256: str | None

    @property
    def is_gone(self) -> bool:
        return self.name == STDIN or not Path(self.name).exists()

    @property
    def told(self) -> str:
        if self.name == STDIN:
            return "standard input, which was not kept"
        if "://" in self.name:
            return f"{self.name}, which is not asked again"
        return f"{self.name}, which is not there"


def is_table(source: str) -> bool:
    """Tell whether a source is a folder or a file that holds several reports."""
    path = _path(source)
    if path is None or (path.is_file() and path.suffix.lower() in TEXT_SUFFIXES):
        return False
    return format_of(path) is not None


def from_text(source: str, stdin: BinaryIO) -> Report:
    """Return a text as a report: `source` itself, the file that it names, or standard input.

    Raises
    ------
    SourceError
        When a file cannot be read, or nothing is in it.
    """
    path = _path(source)
    if source == STDIN:
        text, name = _decoded(stdin.read()), "standard input"
    elif path is not None:
        text, name = _read(path), path.name
    elif _names_a_file(source):
        raise SourceError(f"{source}: no such file. Check the path, or give the text itself.")
    else:
        text, name = source, "text"
    if not text.strip():
        raise SourceError(f"{name}: there is no text in it.")
    return Report(name, name, text)


def from_source(source: str, report_id: str, columns: Mapping[str, str]) -> tuple[Report, ...]:
    """Return the reports of a table or folder that have an id, each different one once.

    Raises
    ------
    SourceError
        When the source cannot be read or has no such report.
    """
    found = dict.fromkeys(
        row
        for opened in open_sources([source], column_map=columns)
        for row in opened.rows
        if isinstance(row, Report) and row.report_id == report_id
    )
    if not found:
        raise SourceError(f"{source}: no report {report_id!r} in it. Check --report and --map.")
    return tuple(found)


def from_run(run: Path, report_id: str, pack: str | None = None) -> FoundInRun:
    """Return the reports of a run that have an id, read again from the run's inputs.

    Parameters
    ----------
    run
        The run's folder.
    report_id
        Which report; several different ones may share an id.
    pack
        In place of the pack of the run.

    Raises
    ------
    RunError
        When `run` is not a run, or its inputs are gone, have changed or hold no such report.
    """
    record = _record(run)
    inputs = [_Input(str(one["name"]), one.get("sha256")) for one in record["inputs"]]
    reports, changed = _read_again(run, inputs, record["options"], report_id)
    gone = [one.told for one in inputs if one.is_gone]
    if not reports:
        raise RunError(_not_found(run, report_id, gone, changed))
    notes = [f"{name} has changed since the run; what is explained may differ." for name in changed]
    if len(reports) > 1:
        notes.append(f"{len(reports)} different reports share the id {report_id!r}; here are all.")
    name = pack or str(record["options"].get("pack") or record["pack"]["name"])
    return FoundInRun(reports, name, (*notes, *_pack_notes(name, record["pack"])))


def _record(run: Path) -> dict[str, Any]:
    try:
        record = json.loads((run / RUN_FILE).read_bytes())
        complete = all(key in record for key in ("inputs", "options", "pack"))
    except (OSError, ValueError, TypeError):
        complete = False
    if not complete:
        raise RunError(f"{run} is not a run: it has no readable {RUN_FILE}. Name the run's folder.")
    return dict(record)


def _read_again(
    run: Path, inputs: Sequence[_Input], options: Mapping[str, Any], report_id: str
) -> tuple[tuple[Report, ...], list[str]]:
    """The reports with an id, and the names of inputs they are from that are not as they were."""
    names = [one.name for one in inputs if one.name == STDIN or not one.is_gone]
    stems = {Path(one.name).stem for one in inputs}
    if len(names) < len(inputs) and len(stems) < len(inputs):
        # ids such as name:1 depend on all the inputs of one name
        gone = "; ".join(one.told for one in inputs if one.is_gone)
        raise RunError(f"Inputs of {run} that share a name are gone: {gone}. Put them back.")
    opened = open_sources(
        names,
        column_map=options.get("map") or {},
        date_order=options.get("date_order"),
        stdin=BytesIO(),
    )
    before = {one.name: one.sha256 for one in inputs}
    found: dict[Report, None] = {}
    changed: list[str] = []
    for source in opened:
        own = _with_id(source, report_id)
        found.update(dict.fromkeys(own))
        if source.name != STDIN and source.sha256 != before[source.name]:
            changed.append(source.name)
    return tuple(found), changed


def _with_id(source: Source, report_id: str) -> list[Report]:
    """Read a source to its end, for its hash, and keep the reports with an id."""
    return [r for r in source.rows if isinstance(r, Report) and r.report_id == report_id]


def _not_found(run: Path, report_id: str, gone: Sequence[str], changed: Sequence[str]) -> str:
    message = f"No report {report_id!r} in the inputs of {run} as they are now."
    if gone:
        message += f" Gone: {'; '.join(gone)} (paths are as seen from where the run was started)."
    if changed:
        message += f" Changed since the run: {', '.join(changed)}."
    if gone or changed:
        return f"{message} A run keeps no texts: put the inputs back, or explain the text itself."
    return f"{message} See the column report_id of the run's reports table."


def _pack_notes(name: str, recorded: Mapping[str, str]) -> list[str]:
    """Say where the pack is not the one that the run was made with."""
    try:
        pack = load_pack(name)
    except PackError as error:
        if error.problems:
            raise
        told = f"The pack {name!r} of the run is not there. Name one by --pack."
        raise RunError(told) from None
    if pack.sha256 == recorded["sha256"]:
        return []
    was = f"{recorded['name']} {recorded['version']}"
    return [f"The run was made with another state of the pack ({was}); the burden may differ."]


def _path(source: str) -> Path | None:
    """The file or folder that a source names, or ``None`` where it is text or ``-``."""
    if source == STDIN or len(source) > MAX_NAME or "\n" in source:
        return None
    path = Path(source)
    try:
        return path if path.exists() else None
    except (OSError, ValueError):  # no name a file could have
        return None


def _names_a_file(source: str) -> bool:
    """Whether a source that is not there was meant as a path: one word that ends like a file."""
    return len(source.split()) == 1 and (
        "/" in source or format_of(Path(source)) is not None or source.endswith(TEXT_SUFFIXES)
    )


def _read(path: Path) -> str:
    try:
        return _decoded(path.read_bytes())
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}). Check it.") from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")
