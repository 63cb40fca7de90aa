"""A folder of text files, each one report; or of messages and resources, read as one feed.

A report in a text file is called by its path within the folder without ``.txt``; a file within a
sub-folder belongs to the patient that the sub-folder is named for, any other to a patient of its
own.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePath, PurePosixPath

from screener.reports import Rejected, Report
from screener.sources.bytestreams import marked_encoding
from screener.sources.feeds import feed_of, open_folder
from screener.sources.rows import EMPTY_TEXT, Tally, is_blank
from screener.sources.tables import Request, Source, columns_notes, unreadable


def read_folder(request: Request) -> Source:
    """Open a folder of ``*.txt``, or else of feeds such as ``*.hl7``, in order of their paths.

    Files of other kinds are left out, and so is what begins with a dot; a note says how many.

    Raises
    ------
    SourceError
        If there is no file of these kinds in it.
    """
    n_texts, others = 0, dict[str, int]()
    for path in _files(request.path, request):
        if _is_text(path):
            n_texts += 1
        else:
            others[path.suffix.lower()] = others.get(path.suffix.lower(), 0) + 1
    if not n_texts and any(feed_of(Path(f"x{suffix}")) for suffix in others):
        return open_folder(request, partial(_files, request.path, request))
    if not n_texts:
        found = ", ".join(
            f"{n} {suffix or 'without suffix'}" for suffix, n in sorted(others.items())
        )
        would_do = (
            f"It holds {found}; name such files one by one." if found else "It holds no files."
        )
        raise unreadable(request, "is a folder without .txt files", would_do)
    tally = Tally()
    notes = tuple(_notes(request.path, n_texts, sum(others.values()), request))
    return Source(request.name, "folder", _reports(request, tally), None, notes, tally)


def _notes(folder: Path, n_texts: int, n_others: int, request: Request) -> Iterator[str]:
    depths = {
        len(path.relative_to(folder).parts) for path in _files(folder, request) if _is_text(path)
    }
    yield f"{n_texts} text files, each one report."
    if n_others:
        yield f"{n_others} files that are not .txt were left out."
    if 1 in depths:
        yield "Files outside a sub-folder are each taken as a patient of its own."
    if max(depths) > 1:
        yield "Patients are named for the sub-folder that their files are in."
    yield from columns_notes(request)


def _files(folder: Path, request: Request) -> Iterator[Path]:
    """Give all files in order of their path, holding the names of one folder a level."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        raise unreadable(
            request, f"has a folder that {_why(error)}", "Make it readable."
        ) from error
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path), request)
        elif entry.is_file():
            yield Path(entry.path)


def _why(error: OSError) -> str:
    return f"cannot be listed ({error.strerror})"


def _is_text(path: Path) -> bool:
    return path.suffix.lower() == ".txt"


def _reports(request: Request, tally: Tally) -> Iterator[Report | Rejected]:
    digest = hashlib.sha256()
    for path in filter(_is_text, _files(request.path, request)):
        relative = PurePosixPath(path.relative_to(request.path).as_posix())
        tally.n_read += 1
        try:
            raw = path.read_bytes()
            name = str(relative).encode()
        except (OSError, UnicodeEncodeError) as error:
            yield Rejected(
                f"{request.name}/{ascii(str(relative))[1:-1]}", 1, _cannot_be_read(error)
            )
            continue
        digest.update(b"%s\0%s\n" % (name, hashlib.sha256(raw).hexdigest().encode()))
        tally.n_bytes += len(raw)
        where = f"{request.name.rstrip('/')}/{relative}"
        yield report_of_text(where, relative, raw, tally)
    tally.sha256 = digest.hexdigest()


def _cannot_be_read(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"the file cannot be read ({error.strerror})"
    return "the name of the file is not UTF-8"


def report_of_text(where: str, relative: PurePath, raw: bytes, tally: Tally) -> Report | Rejected:
    """Make a report of a text file, by its path within the folder or archive that it is in."""
    text = _decoded(raw)
    if text is None:
        return Rejected(where, 1, "the file is in no encoding that is read")
    if is_blank(text):
        return Rejected(where, 1, EMPTY_TEXT)
    tally.n_undated += 1
    report_id = str(relative.with_suffix(""))
    patient_id = report_id if len(relative.parts) == 1 else str(relative.parent)
    return Report(report_id=report_id, patient_id=patient_id, text=text)


def _decoded(raw: bytes) -> str | None:
    marked = marked_encoding(raw)
    for encoding in (marked, "cp1252") if marked == "utf-8" else (marked,):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
