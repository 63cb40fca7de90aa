"""Files within ``.gz`` and ``.zip``: read as they are unpacked, never written anywhere.

A member that unpacks to many times its size is taken for a bomb, and none within another archive is
opened. What is damaged, cut off or encrypted is told as an `OSError`, as of a file that cannot be
read.
"""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from screener.sources.tables import Request

BOMB_RATIO = 250
"""How many times its packed size a member may have; texts have some 5 to 20 times."""

BOMB_BYTES = 1 << 26
"""Bytes that a member may have whatever its ratio."""

ARCHIVES = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".tar", ".rar")
_DAMAGE = (
    *(EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError),
    *(ValueError, OverflowError, struct.error, lzma.LZMAError),
)


class PackedError(OSError):
    """A member that cannot be unpacked; `strerror` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(0, reason)


class _Unpacking(io.RawIOBase):
    """A stream that is unpacked as it is read, as far as it is plausible."""

    def __init__(self, stream: Any, n_packed: int, beneath: BinaryIO | None = None) -> None:  # noqa: ANN401
        self._stream = stream
        self._most = max(BOMB_BYTES, BOMB_RATIO * n_packed)
        self._n_bytes = 0
        self._beneath = beneath

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401
        try:
            got = self._stream.read(len(buffer))
        except gzip.BadGzipFile as error:
            raise PackedError("it is no gzip, or is damaged") from error
        except EOFError as error:
            raise PackedError("it is cut off") from error
        except _DAMAGE as error:
            raise PackedError("it is damaged or encrypted") from error
        self._n_bytes += len(got)
        if self._n_bytes > self._most:
            raise PackedError(f"it unpacks to over {BOMB_RATIO} times its size")
        buffer[: len(got)] = got
        return len(got)

    def close(self) -> None:
        self._stream.close()
        if self._beneath is not None:
            self._beneath.close()
        super().close()


def is_implausible(info: zipfile.ZipInfo) -> bool:
    """Whether a member of a ``.zip`` says that it unpacks to what a bomb does.

    No more than it says is unpacked by `zipfile`.
    """
    return info.file_size > max(BOMB_BYTES, BOMB_RATIO * info.compress_size)


def within_gzip(request: Request) -> Request:
    """Give the request for what a ``.gz`` holds; it is named as the file is."""
    path = request.path.with_suffix("") if request.path.suffix else request.path
    return replace(request, path=path, opener=partial(_open_gzip, request.path))


def _open_gzip(path: Path) -> BinaryIO:
    n_packed = path.stat().st_size
    unpacking = _Unpacking(gzip.open(path, "rb"), n_packed)  # noqa: SIM115  closed with it
    return cast("BinaryIO", io.BufferedReader(unpacking))


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a ``.zip``, and what is wrong with it; nothing is, if `fault` is empty."""

    request: Request
    fault: str = ""


def zip_members(request: Request) -> Iterator[Member]:
    """Give the files of a ``.zip`` in order of their names.

    Folders are passed over, and so is what begins with a dot or what macOS adds.

    Raises
    ------
    OSError
        If it is no ``.zip``, or is damaged.
    """
    with request.path.open("rb") as packed, _archive(packed) as archive:
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            inner = PurePosixPath(info.filename.replace("\\", "/"))
            if not inner.name:
                yield Member(request, "a member of the archive has no name")
            elif not (info.is_dir() or inner.name.startswith(".") or "__MACOSX" in inner.parts):
                yield _member(request, archive, info, inner)


def _archive(packed: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(packed)
    except (OSError, *_DAMAGE) as error:
        raise PackedError("it is no ZIP, or is damaged") from error


def _member(
    request: Request, archive: zipfile.ZipFile, info: zipfile.ZipInfo, inner: PurePosixPath
) -> Member:
    shown = ascii(str(inner))[1:-1]
    member = replace(
        request,
        name=f"{request.name}/{shown}",
        path=Path(inner),
        stem=f"{request.stem}/{inner.with_suffix('')}",
        opener=partial(_open_member, archive, request.path, info),
    )
    if inner.is_absolute() or ".." in inner.parts:
        return Member(member, "the name of the member leads out of the archive")
    if inner.suffix.lower() in ARCHIVES:
        return Member(member, "an archive within an archive is not opened")
    return Member(member)


def _open_member(archive: zipfile.ZipFile, path: Path, info: zipfile.ZipInfo) -> BinaryIO:
    """Open a member through its archive while that is open, which spares reading its list again."""
    beneath = None if archive.fp else path.open("rb")
    try:
        opened = archive if beneath is None else zipfile.ZipFile(beneath)
        stream = opened.open(info)
    except (OSError, *_DAMAGE) as error:  # OSError: its place is before the file's beginning
        if beneath is not None:
            beneath.close()
        raise PackedError("it is damaged or encrypted") from error
    return cast("BinaryIO", io.BufferedReader(_Unpacking(stream, info.compress_size, beneath)))
