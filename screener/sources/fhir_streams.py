"""Resources of FHIR in a stream: a resource, a Bundle or an array of them, or one a line.

A Bundle is read entry by entry, so that memory does not grow with it. What is damaged in one line
touches no other; what is damaged in a Bundle ends it, which is told with the number of the entry.
"""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterable, Iterator
from math import inf
from typing import Any, BinaryIO

from screener.sources.rows import Fault

LONGEST_RESOURCE = 1 << 24
"""Characters of values (of a line: bytes) that one resource may have."""

NOT_JSON = "the resource is not JSON, or breaks off"
TOO_LONG = f"the resource has over {LONGEST_RESOURCE} characters"
NO_RESOURCE = "the JSON is no FHIR resource: it has no resourceType"
_BLOCK = 1 << 20  # a value over many blocks is looked through once for each
_DEEPEST_ENTRY = 3  # item.entry.item
_DEEPEST = 200
_DEEPER = "..."

Resource = dict[str, Any]
Numbered = tuple[int, Resource]


def read_resources(stream: BinaryIO) -> Iterator[Numbered | Fault]:
    """Give the resources of a stream with their numbers: of the line, or of the entry, from 1."""
    start = stream.read(len(codecs.BOM_UTF8))
    plain = _Joined(b"" if start == codecs.BOM_UTF8 else start, stream)
    buffered = io.BufferedReader(plain, _BLOCK)
    first = buffered.readline(LONGEST_RESOURCE)
    while first and not first.strip():
        first = buffered.readline(LONGEST_RESOURCE)
    if _is_resource_line(first, buffered.peek(1)):
        yield from _in_lines(first, buffered)
    elif first.strip():
        yield from _in_document(_Joined(first, buffered, 2 * LONGEST_RESOURCE))
        if not first.endswith(b"\n"):
            yield from _after_long_line(buffered)


class _TooLongError(ValueError):
    """One value goes on for longer than a resource may."""


class _Joined(io.RawIOBase):
    """Some bytes and then a stream; it ends with an error where one value never ends."""

    def __init__(
        self, start: bytes, stream: BinaryIO | io.BufferedReader[Any], limit: float = inf
    ) -> None:
        self._start = memoryview(start)
        self._stream = stream
        self._limit = limit
        self.n_bytes_of_value = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401
        if self.n_bytes_of_value > self._limit:
            raise _TooLongError
        got = self._start[: len(buffer)] or self._stream.read(len(buffer))
        self._start = self._start[len(buffer) :]
        buffer[: len(got)] = got
        self.n_bytes_of_value += len(got)
        return len(got)


def _is_resource_line(line: bytes, following: bytes) -> bool:
    """Whether a line is a resource by itself, or a damaged one that another comes after."""
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        is_object = line.startswith(b"{") and len(line.strip()) > 1
        return is_object and line.endswith(b"\n") and following.startswith((b"{", b"["))


# --- one a line ----------------------------------------------------------------------------------


def _in_lines(
    line: bytes, lines: io.BufferedReader[Any], number: int = 0
) -> Iterator[Numbered | Fault]:
    while line:
        number += 1
        if len(line) > LONGEST_RESOURCE:
            while line and not line.endswith(b"\n"):
                line = lines.readline(_BLOCK)
            yield Fault(number, TOO_LONG)
        elif line.strip():
            yield from _of_line(number, line)
        line = lines.readline(LONGEST_RESOURCE + 1)


def _after_long_line(lines: io.BufferedReader[Any]) -> Iterator[Numbered | Fault]:
    """Give the resources of lines that come after a first one that is too long."""
    line = lines.readline(_BLOCK)
    while line and not line.endswith(b"\n"):
        line = lines.readline(_BLOCK)
    line = lines.readline(LONGEST_RESOURCE + 1)
    if b'"resourceType"' in line and _is_resource_line(line, b""):
        yield from _in_lines(line, lines, number=1)


def _of_line(number: int, line: bytes) -> Iterator[Numbered | Fault]:
    try:
        parsed = json.loads(line)
    except UnicodeDecodeError:
        yield Fault(number, "the line is not UTF-8")
    except (ValueError, RecursionError):
        yield Fault(number, NOT_JSON)
    else:
        for resource in _unbundled(parsed):
            yield (number, resource) if "resourceType" in resource else Fault(number, NO_RESOURCE)


def _unbundled(parsed: object) -> Iterator[Resource]:
    """Give the resources of a Bundle, or else the resource itself."""
    if not isinstance(parsed, dict):
        yield {}
    elif parsed.get("resourceType") != "Bundle":
        yield parsed
    else:
        for entry in listed(parsed.get("entry")):
            if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
                yield entry["resource"] | _with_url(entry)


def _with_url(entry: Resource) -> Resource:
    return {"fullUrl": entry["fullUrl"]} if isinstance(entry.get("fullUrl"), str) else {}


def listed(value: object) -> list[Any]:
    """Give a list as it is, nothing as an empty one, and anything else as a list of it."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


# --- one document --------------------------------------------------------------------------------


def _in_document(stream: _Joined) -> Iterator[Numbered | Fault]:
    import ijson

    building = _Building()
    try:
        for prefix, event, value in _located(
            ijson.basic_parse(stream, multiple_values=True, buf_size=_BLOCK)
        ):
            stream.n_bytes_of_value = 0
            yield from building.take(prefix, event, value)
    except _TooLongError:
        yield Fault(building.number + 1, TOO_LONG)
    except (ijson.JSONError, ValueError, RecursionError):
        yield Fault(building.number + 1, NOT_JSON)


def _located(events: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, str, Any]]:
    """Put to events where they are, as far as entries go; what is nested too deep is no JSON.

    `ijson.parse` does it for any depth, in time that grows with the square of it.
    """
    path: list[str] = []
    for event, value in events:
        if event in {"end_map", "end_array"}:
            path.pop()
        at = path[:-1] if event == "map_key" else path
        yield (".".join(at) if len(at) <= _DEEPEST_ENTRY else _DEEPER), event, value
        if event in {"start_map", "start_array"}:
            path.append("item" if event == "start_array" else "")
            if len(path) > _DEEPEST:
                raise ValueError
        elif event == "map_key":
            path[-1] = value


class _Building:
    """The entry of a Bundle, or the resource outside one, that the events at hand make."""

    _ENTRIES = ("entry.item", "item.entry.item", "item")

    def __init__(self) -> None:
        self.number = 0
        self._root = _Value()
        self._entry: _Value | None = None
        self._prefix = ""

    def take(self, prefix: str, event: str, value: object) -> Iterator[Numbered | Fault]:
        if self._entry is None and event == "start_map" and prefix in self._ENTRIES[:2]:
            self._entry, self._prefix = _Value(), prefix
        if self._entry is None:
            yield from self._outside(prefix, event, value)
            return
        self._entry.add(event, value)
        if event == "end_map" and prefix == self._prefix:
            entry, self._entry = self._entry, None
            yield from self._made(entry, is_entry=True)

    def _outside(self, prefix: str, event: str, value: object) -> Iterator[Numbered | Fault]:
        if prefix == "" and event in {"start_array", "end_array"}:
            return
        self._root.add(event, value)
        if event == "end_map" and prefix in {"", "item"}:
            root, self._root = self._root, _Value()
            if root.is_too_long or root.value().get("resourceType") != "Bundle":
                yield from self._made(root, is_entry=False)

    def _made(self, made: _Value, *, is_entry: bool) -> Iterator[Numbered | Fault]:
        self.number += 1
        if made.is_too_long:
            yield Fault(self.number, TOO_LONG)
            return
        found = made.value()
        resource = found.get("resource") if is_entry else found
        if isinstance(resource, dict) and "resourceType" in resource:
            yield self.number, resource | (_with_url(found) if is_entry else {})
        elif not is_entry or resource is not None:
            yield Fault(self.number, NO_RESOURCE)


class _Value:
    """A JSON value built from events; of one that is too long, nothing is kept."""

    def __init__(self) -> None:
        import ijson

        self._builder = ijson.ObjectBuilder()
        self._size = 0

    @property
    def is_too_long(self) -> bool:
        return self._size > LONGEST_RESOURCE

    def add(self, event: str, value: object) -> None:
        if self.is_too_long:
            return
        self._size += 8 + (len(value) if isinstance(value, str) else 0)
        self._builder.event(event, value)
        if self.is_too_long:
            self._builder = None

    def value(self) -> Resource:
        built = getattr(self._builder, "value", None)
        return built if isinstance(built, dict) else {}
