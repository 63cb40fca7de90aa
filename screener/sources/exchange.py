"""Inputs of messages and resources, read twice: to find the versions that count, and to give them.

What is wrong with the whole of an input shows on the first reading, before any report is given.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from screener.reports import Rejected, Report
from screener.sources.bytestreams import CountedStream
from screener.sources.documents import Document, Skipped, Status
from screener.sources.rows import EMPTY_TEXT, Fault, Tally, UnreadableValueError, as_text, is_blank
from screener.sources.tables import Request, Source, columns_notes, unreadable
from screener.sources.versions import Fate, Resolved

Item = Document | Skipped | Fault
Opener = Callable[[], BinaryIO]
Reader = Callable[[Opener], Iterator[Item]]
"""Gives what is in a file, which it may open several times."""

WITHDRAWN = "the report was withdrawn"
NO_PATIENT = "patient_id is empty: the report cannot be tied to a patient"
DAMAGE = (OSError, EOFError, zlib.error, zipfile.BadZipFile)
"""What is raised where a file, or one that is packed, cannot be read to its end."""

_BLOCK = 1 << 18
_MOST_KINDS = 40
_OTHER_KINDS = "of other kinds"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an input: its name for rejected rows, how to open it, and what reads it."""

    name: str
    open: Opener
    read: Reader


def open_exchange(
    request: Request, format_name: str, parts: Callable[[], Iterable[Part]], holds_none: str
) -> Source:
    """Open an input of one file, or of several that are read as one.

    Parameters
    ----------
    request
        The input.
    format_name
        What its format is called.
    parts
        Gives its files, the same ones each time.
    holds_none
        What is wrong with an input in which nothing was found, such as ``holds no HL7 message``.

    Raises
    ------
    SourceError
        If it cannot be read to its end, or nothing is found in it.
    """
    tally = Tally()
    first, seen = len(request.versions), Counter[str]()
    shares = []
    for part in parts():
        share = Tally()
        for item in _items(request, part, share):
            seen[_kind(item)] += 1
            if isinstance(item, Document):
                request.versions.add(item)
        tally.n_bytes += share.n_bytes
        shares.append((part.name, share.sha256 or ""))
    if not seen:
        raise unreadable(request, holds_none, "Check that it is what it is called.")
    tally.sha256 = _hash(request, shares)
    rows = _Reading(request, parts, tally, first).rows()
    notes = (*_notes(seen), *columns_notes(request))
    return Source(request.name, format_name, rows, None, notes, tally)


def _kind(item: Item) -> str:
    return f"skipped: {item.kind}" if isinstance(item, Skipped) else type(item).__name__


def _hash(request: Request, shares: list[tuple[str, str]]) -> str:
    if [name for name, _ in shares] == [request.name]:
        return shares[0][1]
    digest = hashlib.sha256()
    for name, sha256 in shares:
        inner = name.removeprefix(request.name).lstrip("/")
        digest.update(f"{inner}\0{sha256}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _notes(seen: Counter[str]) -> Iterator[str]:
    n_skipped = seen.total() - seen["Document"] - seen["Fault"]
    yield (
        f"Versions of reports: {seen['Document']:,}; no reports of radiology: {n_skipped:,}; "
        f"cannot be read: {seen['Fault']:,}."
    )


def _items(request: Request, part: Part, tally: Tally | None = None) -> Iterator[Item]:
    """Read one file, for its size and hash too where there is a tally for them.

    A file among others that cannot be read, or holds nothing, is a fault; one on its own an error.
    """
    is_alone = part.name == request.name
    is_empty = True
    try:
        if tally is not None:
            _measure(part, tally)
        for item in part.read(part.open):
            is_empty = False
            yield item
    except DAMAGE as error:
        what = f"cannot be read to its end ({getattr(error, 'strerror', '') or 'it is damaged'})"
        if is_alone:
            raise unreadable(request, what, "Export it again.") from error
        yield Fault(1, f"the file {what}")
    else:
        if is_empty and not is_alone:
            yield Fault(1, "the file holds nothing that is read")


def _measure(part: Part, tally: Tally) -> None:
    with part.open() as stream:
        counted = CountedStream(stream, tally)
        while counted.read(_BLOCK):
            pass


class _Reading:
    """The second reading of an input."""

    def __init__(
        self, request: Request, parts: Callable[[], Iterable[Part]], tally: Tally, first: int
    ) -> None:
        self._request = request
        self._parts = parts
        self._tally = tally
        self._place = first

    def rows(self) -> Iterator[Report | Rejected]:
        """Give the reports and what was rejected, in order of the input."""
        for part in self._parts():
            for item in _items(self._request, part):
                row = self._row(part, item)
                if row is not None:
                    self._tally.n_read += 1
                    yield row

    def _row(self, part: Part, item: Item) -> Report | Rejected | None:
        if isinstance(item, Skipped):
            self._skip(item)
            return None
        if isinstance(item, Fault):
            return Rejected(part.name, item.line, item.reason)
        resolved = self._taken(item)
        if isinstance(resolved, Resolved):
            self._tally.n_joined += resolved.n_joined
            return self._report(part, resolved)
        self._tally.n_superseded += resolved is Fate.SUPERSEDED
        return None

    def _skip(self, item: Skipped) -> None:
        skipped = self._tally.skipped
        is_known = item.kind in skipped or len(skipped) < _MOST_KINDS
        skipped[item.kind if is_known else _OTHER_KINDS] += 1

    def _taken(self, document: Document) -> Resolved | Fate:
        place, self._place = self._place, self._place + 1
        if not self._request.versions.is_same(place, document):
            what = "changed while it was read"
            raise unreadable(self._request, what, "Nothing may write to it during a run.")
        return self._request.versions.take(place, document)

    def _report(self, part: Part, resolved: Resolved) -> Report | Rejected:
        document = resolved.document
        reason = _reason(resolved)
        if reason:
            return Rejected(part.name, document.line, reason)
        self._tally.n_undated += document.exam_on is None
        self._tally.n_unclear_dates += document.is_date_unclear
        return Report(
            report_id=document.report_id,
            patient_id=document.patient_id,
            text=resolved.text,
            exam_on=document.exam_on,
            modality=document.modality,
            exam=document.exam,
            site=document.site,
            status=_status(resolved),
            accession=document.accession,
        )


def _reason(resolved: Resolved) -> str:
    """Say why a version that counts is no report; empty where it is one."""
    document = resolved.document
    if document.is_withdrawn:
        return WITHDRAWN
    if is_blank(resolved.text):
        return EMPTY_TEXT
    try:
        for value in (resolved.text, document.patient_id, document.report_id, document.exam):
            as_text(value)
    except UnreadableValueError as error:
        return f"text {error}"
    return "" if document.patient_id else NO_PATIENT


def _status(resolved: Resolved) -> str:
    if resolved.n_joined:
        return Status.ADDENDUM.value
    return resolved.document.status.value if resolved.document.status else ""
