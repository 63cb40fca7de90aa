"""JSON Lines, from a file or a stream, and records of the library: one object a report.

The columns are the keys of all objects of a file. Of a stream and of records, which are read once
and as they come, they are the keys of the first object.
"""

from __future__ import annotations

import io
import json
from collections import abc
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import BinaryIO, TextIO

from screener.sources.bytestreams import CountedStream, examine, marked_encoding
from screener.sources.mappings import Mapping
from screener.sources.rows import Fault, Row, Tally
from screener.sources.tables import Request, Source, Table, open_table, unreadable

LONGEST_LINE = 1 << 24
"""Characters that a line may have."""

_MOST_FAULTS_FIRST = 1000

Numbered = tuple[int, abc.Mapping[str, object]]


def read_jsonl(request: Request) -> Source:
    """Open a file with one JSON object a line.

    Raises
    ------
    SourceError
        If it is in no known encoding, holds lines but no object, or its columns are unclear.
    """
    return open_table(request, *jsonl_table(request))


def jsonl_table(request: Request) -> tuple[str, Table, Tally]:
    """Open it as a table of anything: its format, its columns and rows, its size and hash."""
    examined = examine(request.open)
    encoding = examined.encoding
    if encoding is None:
        raise unreadable(request, "is in no encoding that is read", "Save it as UTF-8.")
    keys = _keys_of_file(request, encoding)
    table = Table(keys, partial(_read_file, request, encoding), examined.notes)
    return "jsonl", table, examined.tally()


def read_stream(request: Request, stream: BinaryIO) -> Source:
    """Open a stream with one JSON object a line; rows come as soon as their line is there.

    Raises
    ------
    SourceError
        If none of the first lines is an object, or the columns are unclear.
    """
    tally = Tally()
    counted = CountedStream(stream, tally)
    encoding = marked_encoding(counted.start(3))
    lines = io.TextIOWrapper(
        io.BufferedReader(counted), encoding, errors="surrogateescape", newline="\n"
    )
    return open_objects(request, "jsonl", parse_lines(_bounded(lines)), tally)


def open_objects(
    request: Request, format_name: str, objects: Iterator[Numbered | Fault], tally: Tally
) -> Source:
    """Open objects that can be read only once; the columns are the keys of the first."""
    head: list[Numbered | Fault] = []
    keys: tuple[str, ...] | None = None
    for item in objects:
        head.append(item)
        if not isinstance(item, Fault):
            keys = tuple(item[1])
            break
        if len(head) == _MOST_FAULTS_FIRST:
            raise _holds_no_object(request)

    def read(mapping: Mapping) -> Iterator[Row | Fault]:
        return _rows(chain(head, objects), keys or (), mapping)

    return open_table(request, format_name, Table(keys, read), tally)


def parse_lines(lines: Iterable[str]) -> Iterator[Numbered | Fault]:
    """Parse one JSON object a line; blank lines are passed over."""
    for number, line in enumerate(lines, 1):
        if line.isspace():
            continue
        if len(line) > LONGEST_LINE:
            yield Fault(number, f"the line has over {LONGEST_LINE} characters")
            continue
        try:
            parsed = json.loads(line)
        except (ValueError, RecursionError):
            is_utf8 = line.isascii() or not _has_escaped_bytes(line)
            yield Fault(number, "the line is not JSON" if is_utf8 else "the line is not UTF-8")
            continue
        if not isinstance(parsed, dict):
            yield Fault(number, "the line is JSON but not an object")
        elif not line.isascii() and _has_escaped_bytes(line):
            yield Fault(number, "the line is not UTF-8")
        else:
            yield number, parsed


def _bounded(lines: TextIO) -> Iterator[str]:
    """Give the lines of a file; of one that is too long no more than shows that it is."""
    while line := lines.readline(LONGEST_LINE + 1):
        rest = line
        while len(line) > LONGEST_LINE and rest and not rest.endswith("\n"):
            rest = lines.readline(LONGEST_LINE)
        yield line


def _has_escaped_bytes(line: str) -> bool:
    """Whether there are bytes in it that could not be decoded."""
    return any("\udc80" <= character <= "\udcff" for character in line)


def _keys_of_file(request: Request, encoding: str) -> tuple[str, ...] | None:
    keys: dict[str, None] = {}
    has_lines = False
    with request.open_text(encoding, "\n") as lines:
        for item in parse_lines(_bounded(lines)):
            has_lines = True
            if not isinstance(item, Fault):
                keys.update(dict.fromkeys(item[1]))
    if has_lines and not keys:
        raise _holds_no_object(request)
    return tuple(keys) or None


def _read_file(request: Request, encoding: str, mapping: Mapping) -> Iterator[Row | Fault]:
    keys = _keys_by_place(mapping)
    try:
        with request.open_text(encoding, "\n") as lines:
            yield from _rows(parse_lines(_bounded(lines)), keys, mapping)
    except (UnicodeDecodeError, OSError) as error:
        would_do = "Nothing may write to it during a run."
        raise unreadable(request, "could not be read to its end", would_do) from error


def _keys_by_place(mapping: Mapping) -> dict[int, str]:
    return {
        place: column
        for choice in mapping.choices
        for place, column in zip(choice.positions, choice.columns, strict=True)
    }


def _rows(
    objects: Iterable[Numbered | Fault],
    keys: Sequence[str] | abc.Mapping[int, str],
    mapping: Mapping,
) -> Iterator[Row | Fault]:
    wanted = [keys[place] for place in mapping.wanted]
    for item in objects:
        if isinstance(item, Fault):
            yield item
        else:
            number, values = item
            yield Row(number, [values.get(key) for key in wanted])


def _holds_no_object(request: Request) -> Exception:
    would_do = 'Each line must be one, such as {"report_id": ..., "text": ...}.'
    return unreadable(request, "holds no JSON object", would_do)
