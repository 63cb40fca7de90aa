"""The formats of messages and resources, one record each, and a folder of them as one input."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from screener.sources.exchange import Part, Reader, open_exchange
from screener.sources.hl7_results import read_results
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


FEEDS = (
    Feed(
        "hl7",
        (".hl7", ".hl7v2", ".er7", ".mllp", ".log"),
        read_results,
        "holds no HL7 v2 message",
    ),
)


def feed_of(path: Path) -> Feed | None:
    """Tell the feed of a file from the end of its name, or ``None``."""
    name = path.name.lower()
    return next((feed for feed in FEEDS if name.endswith(feed.suffixes)), None)


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
        lambda: filter(None, (_part(request, path) for path in files())),
        "is a folder without a message or resource that can be read",
    )


def _part(request: Request, path: Path) -> Part | None:
    feed = feed_of(path)
    if feed is None:
        return None
    name = f"{request.name.rstrip('/')}/{path.relative_to(request.path).as_posix()}"
    return Part(name, partial(_opened, path), feed.read)


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")
