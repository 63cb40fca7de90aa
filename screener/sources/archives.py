"""A ``.zip`` as one input: its messages and resources as one feed, its tables one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from screener.reports import Rejected, Report
from screener.sources.exchange import open_exchange
from screener.sources.feeds import FeedFile, feed_of, parts_of
from screener.sources.folders import report_of_text
from screener.sources.packed import Member, zip_members
from screener.sources.rows import Tally
from screener.sources.tables import Request, Source, unreadable

OpenTable = Callable[[Request], Source | None]
_TEXT = ".txt"


def read_zip(request: Request, open_table: OpenTable) -> Source:
    """Open all files of a ``.zip``, in order of their names.

    Messages and resources are read as one feed; a text file is a report, as in a folder; every
    other file is a table. What is of no format, is itself an archive, or has a name that leads out
    of the archive is rejected.

    Parameters
    ----------
    request
        The archive.
    open_table
        Opens a member that is a table; gives ``None`` where it is of no format.

    Raises
    ------
    SourceError
        If it cannot be read, a table in it is unclear, or there is nothing to read in it.
    """
    members = list(zip_members(request))
    if not members:
        raise unreadable(request, "is a ZIP without files", "Check that it is the right one.")
    sources = []
    faults: list[Rejected] = []
    if any(map(_is_of_feed, members)):
        parts = parts_of(lambda: _feed_files(request))
        sources.append(open_exchange(request, "zip", parts, "holds nothing"))
    for member in members:
        if _is_of_feed(member):
            continue
        source = None if member.fault else _opened(member, open_table)
        if source is not None:
            sources.append(source)
        else:
            reason = member.fault or "the member is of no format that is read"
            faults.append(Rejected(member.request.name, 1, reason))
    return _together(request, sources, faults)


def _is_of_feed(member: Member) -> bool:
    return not member.fault and feed_of(member.request.path) is not None


def _feed_files(request: Request) -> Iterator[FeedFile]:
    for member in zip_members(request):
        feed = feed_of(member.request.path)
        if feed and not member.fault:
            yield FeedFile(member.request.name, feed, member.request.open)


def _opened(member: Member, open_table: OpenTable) -> Source | None:
    if member.request.path.suffix.lower() == _TEXT:
        tally = Tally()
        return Source(member.request.name, "text", _text(member, tally), None, (), tally)
    return open_table(member.request)


def _text(member: Member, tally: Tally) -> Iterator[Report | Rejected]:
    with member.request.open() as stream:
        raw = stream.read()
    tally.n_read += 1
    tally.n_bytes, tally.sha256 = len(raw), hashlib.sha256(raw).hexdigest()
    yield report_of_text(member.request.name, member.request.path, raw, tally)


def _together(request: Request, sources: Sequence[Source], faults: Sequence[Rejected]) -> Source:
    """Make one source of several, with what they count."""
    tally = Tally()
    mappings = [source.mapping for source in sources if source.mapping]
    lines = (
        f"{source.name}: {'; '.join(source.mapping.lines())}"
        for source in sources
        if source.mapping and len(sources) > 1
    )
    notes = chain(lines, *(source.notes for source in sources))
    return Source(
        request.name,
        sources[0].format if len(sources) == 1 else "zip",
        _rows(sources, faults, tally),
        mappings[0] if len(mappings) == len(sources) == 1 else None,
        tuple(dict.fromkeys(notes)),
        tally,
    )


def _rows(
    sources: Sequence[Source], faults: Sequence[Rejected], tally: Tally
) -> Iterator[Report | Rejected]:
    digest = hashlib.sha256()
    for source in sources:
        yield from source.rows
        digest.update(f"{source.name}\0{source.tally.sha256}\n".encode())
        _add(tally, source.tally)
    for fault in faults:
        tally.n_read += 1
        yield fault
    tally.sha256 = digest.hexdigest()


def _add(total: Tally, tally: Tally) -> None:
    total.n_read += tally.n_read
    total.n_undated += tally.n_undated
    total.n_unclear_dates += tally.n_unclear_dates
    total.n_bytes += tally.n_bytes
    total.n_superseded += tally.n_superseded
    total.n_joined += tally.n_joined
    total.skipped += tally.skipped
