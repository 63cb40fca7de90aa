"""The formats of messages and resources, one record each, and a folder of them as one input."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import BinaryIO

from screener.sources.delimited import read_delimited
from screener.sources.dicom_reports import read_dicom
from screener.sources.exchange import Item, Opener, Part, Reader, open_exchange
from screener.sources.fhir_references import read_references
from screener.sources.fhir_reports import read_fhir
from screener.sources.hl7_results import read_results
from screener.sources.objects import read_jsonl
from screener.sources.tables import Request, Source


@dataclass(frozen=True, slots=True)
class Feed:
    """One format of messages or resources.

    Attributes
    ----------
    name
        What it is called.
    suffixes
        Ends of file names, in lower case, by which it is known.
    read
        Gives what is in a stream of it.
    holds_none
        What is wrong with an input that has nothing of it.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Reader
    holds_none: str

    def open(self, request: Request) -> Source:
        """Open a file of it.

        Raises
        ------
        SourceError
            If there is nothing of it in the file, or the file cannot be read to its end.
        """
        part = Part(request.name, request.open, self.read)
        return open_exchange(request, self.name, lambda: [part], self.holds_none)


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One of the files of an input: its name, what it is, and how to open it."""

    name: str
    feed: Feed
    open: Opener


def _once(read: Callable[[BinaryIO], Iterator[Item]]) -> Reader:
    """Make a reader of what reads one stream once."""

    def reading(open_: Opener) -> Iterator[Item]:
        with open_() as stream:
            yield from read(stream)

    return reading


FEEDS = (
    Feed(
        "hl7",
        (".hl7", ".hl7v2", ".er7", ".mllp", ".log"),
        _once(read_results),
        "holds no HL7 v2 message",
    ),
    Feed("dicom", (".dcm", ".dicom"), read_dicom, "holds no DICOM object"),
    Feed("fhir", (".json", ".fhir"), read_fhir, "holds no FHIR resource"),
)


_LINES = ".ndjson"  # of a file on its own it is told from its first line whether it is FHIR
_SNIFFED = 1 << 20
_START = 4096
_MESSAGE = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|\x0b|<SB>)*(?:MSH|FHS|BHS)[|^$&~]")
_RESOURCE = re.compile(rb'[{,]\s*"resourceType"\s*:')


def feed_of(path: Path) -> Feed | None:
    """Tell the feed of a file from the end of its name, or ``None``."""
    name = path.name.lower()
    if name.endswith(_LINES):
        return _feed("fhir")
    return next((feed for feed in FEEDS if name.endswith(feed.suffixes)), None)


def open_lines(request: Request) -> Source:
    """Open JSON Lines: resources of FHIR, if the first is one, or else a table.

    Raises
    ------
    SourceError
        As of `Feed.open` and `read_jsonl`.
    """
    with request.open() as stream:
        first = next(filter(bytes.strip, iter(partial(stream.readline, _SNIFFED), b"")), b"")
    return _feed("fhir").open(request) if _RESOURCE.search(first) else read_jsonl(request)


def open_text(request: Request) -> Source:
    """Open a file that may be a table or anything: messages of HL7 v2, if it begins as they do.

    Raises
    ------
    SourceError
        As of `Feed.open` and `read_delimited`.
    """
    with request.open() as stream:
        start = stream.read(_START)
    return _feed("hl7").open(request) if _MESSAGE.match(start) else read_delimited(request)


def _feed(name: str) -> Feed:
    return next(feed for feed in FEEDS if feed.name == name)


def open_folder(request: Request, files: Callable[[], Iterator[Path]]) -> Source:
    """Open all files of feeds in a folder as one input.

    Parameters
    ----------
    request
        The folder.
    files
        Gives its files, in the same order each time; those that are of no feed are passed over.

    Raises
    ------
    SourceError
        If none has anything to read.
    """
    return open_exchange(
        request,
        "folder",
        parts_of(lambda: _feed_files(request, files)),
        "is a folder without a message or resource that can be read",
    )


def parts_of(files: Callable[[], Iterator[FeedFile]]) -> Callable[[], Iterator[Part]]:
    """Give the parts of an input of several files, the same ones each time.

    Reports of FHIR find what they refer to in all of them; they are looked through once.
    """

    def of_fhir() -> Iterator[tuple[str, Opener]]:
        return ((file.name, file.open) for file in files() if file.feed.read is read_fhir)

    of_input = cache(lambda: read_references(of_fhir))

    def parts() -> Iterator[Part]:
        for file in files():
            read = file.feed.read
            if read is read_fhir:
                read = partial(read_fhir, name=file.name, of_input=of_input)
            yield Part(file.name, file.open, read)

    return parts


def _feed_files(request: Request, files: Callable[[], Iterator[Path]]) -> Iterator[FeedFile]:
    for path in files():
        if feed := feed_of(path):
            inner = path.relative_to(request.path).as_posix()
            yield FeedFile(f"{request.name.rstrip('/')}/{inner}", feed, partial(_opened, path))


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")
