"""Opening the inputs of a run: all of them are looked at before the first row of any."""

from __future__ import annotations

from collections import abc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from screener.errors import SourceError
from screener.sources.dates import DateOrder
from screener.sources.formats import FORMATS, format_of
from screener.sources.objects import read_stream
from screener.sources.tables import Request, Source, unreadable
from screener.sources.versions import Versions

STDIN = "-"


def open_sources(
    specs: Sequence[str],
    *,
    column_map: abc.Mapping[str, str],
    date_order: DateOrder | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Source]:
    """Open files, folders and standard input.

    Parameters
    ----------
    specs
        Paths, or ``-`` for JSON Lines on `stdin`.
    column_map
        Columns given by the user, by field (see `parse_column_map`); they hold for every table.
    date_order
        How to read numeric days and months; without it, only unambiguous ones are read.
    stdin
        What ``-`` reads; it is read as far as its first object here, and not closed.

    Returns
    -------
    One source a spec, in order. Their rows are read when asked for, each once.

    Raises
    ------
    SourceError
        For every input that cannot be read as a whole, all at once, before any row.
    """
    sources: list[Source] = []
    problems: list[str] = []
    stems = _stems(specs)
    versions = Versions()
    for place, spec in enumerate(specs):
        request = Request(spec, Path(spec), stems[place], column_map, date_order, versions)
        try:
            if spec == STDIN and STDIN in specs[:place]:
                raise unreadable(request, "is named twice", "Standard input can be read once.")
            sources.append(_opened(request, stdin))
        except SourceError as error:
            problems.append(str(error))
    if problems:
        raise SourceError("\n".join(problems))
    return iter(sources)


def _stems(specs: Sequence[str]) -> list[str]:
    """Give each input a short name of its own: ``a``, and ``a~2`` for a second one called ``a``."""
    seen: dict[str, int] = {}
    stems = []
    for spec in specs:
        stem = "stdin" if spec == STDIN else Path(spec).stem
        seen[stem] = seen.get(stem, 0) + 1
        stems.append(stem if seen[stem] == 1 else f"{stem}~{seen[stem]}")
    return stems


def _opened(request: Request, stdin: BinaryIO | None) -> Source:
    if request.name == STDIN:
        if stdin is None:
            raise unreadable(request, "is standard input, and there is none", "Name a file.")
        return read_stream(request, stdin)
    form = format_of(request.path)
    if not request.path.exists():
        raise unreadable(request, "no such file or folder", "Check the path.")
    if form is None:
        raise unreadable(request, "is of no format that is read", f"Read are {_known()}.")
    if not (request.path.is_dir() or request.path.is_file()):
        raise unreadable(request, "is no file or folder", "Use - for JSON Lines on standard input.")
    try:
        return form.reader(request)
    except OSError as error:
        raise unreadable(request, f"cannot be read ({error.strerror})", "Check it.") from error


def _known() -> str:
    suffixes = ", ".join(suffix for form in FORMATS.values() for suffix in form.suffixes)
    return f"{suffixes}, a folder of .txt files, and - for JSON Lines on standard input"
