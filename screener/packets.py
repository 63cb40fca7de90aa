"""The use cases of packets, for readers whose site does not share the study's database.

A packet is one file with one reader's cases; the reading room opens it as it opens a study. It is
sealed: what the reader was given is hashed, and the hash signed with the study's key. While it is
out, this reader locks nothing in the study itself, so that there is one chain and no fork.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screener.chains import Head, chain_problems
from screener.errors import StoreError, StudyError
from screener.study_folders import StudyPlace, find_study

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from screener.store.engines import Database
    from screener.store.packets import Part


@dataclass(frozen=True, slots=True)
class PacketSummary:
    """What went out or came back.

    Attributes
    ----------
    packet_id, reader
        Which packet, and whose.
    n_cases
        On the reader's worklist.
    n_records
        That came back; 0 for an export.
    n_open
        Cases that are not locked.
    """

    packet_id: str
    reader: str
    n_cases: int
    n_records: int
    n_open: int


def export_packet(where: Path, reader: str, out: Path, *, again: bool = False) -> PacketSummary:
    """Write a reader's cases into a packet.

    Parameters
    ----------
    where
        The study's folder; sealing needs its key.
    reader
        Whose cases.
    out
        The file to make.
    again
        Whether a packet of this reader that is out may be given up: it cannot be imported then.

    Raises
    ------
    StudyError
        When there is no such reader or case, `out` is there, or a packet is out.
    """
    from screener.store import packets as store

    place = _own_study(where)
    if os.path.lexists(out):
        raise StudyError(f"{out} already exists. Name another file by --out.")
    with _opened(place) as database:
        if (before := store.packet_out(database, reader)) and not again:
            raise StudyError(
                f"The cases of {reader!r} are out in packet {before[:8]}. Import that one,"
                " or give it up with --again."
            )
        part = store.read_part(database, reader)
        if not part.rows["assignments"]:
            raise StudyError(f"{reader!r} has no cases yet.")
        manifest = _manifest(part, _key(place))
        _write(out, part, manifest)
        try:
            log = {**manifest, "gives_up": before}
            store.send_out(database, part, str(manifest["packet_id"]), log, place.key)
        except BaseException:
            out.unlink()
            raise
    return _summary(part, str(manifest["packet_id"]), 0)


def import_packet(where: Path, file: Path) -> PacketSummary:
    """Take the reads of a packet into the study: all of them or none.

    Raises
    ------
    StudyError
        When it is no packet of this study, was imported before or given up, or was tampered with.
    """
    from screener.store import packets as store

    place = _own_study(where)
    with _opened(place) as database:
        manifest, part = _read(file)
        study, out = _study_and_out(database, str(manifest["reader"]))
        if manifest["study_id"] != study:
            raise StudyError(f"{file} is a packet of another study. Import it there.")
        if not hmac.compare_digest(str(manifest["seal"]), _seal(manifest, _key(place))):
            raise StudyError(f"{file} does not bear this study's seal. Ask for the file once more.")
        if manifest["packet_id"] != out:
            raise StudyError(f"{file} {_why_not_due(database, manifest)}")
        if problems := _problems(part, manifest):
            raise StudyError("\n".join([f"{file} is not as it was locked:", *problems]))
        log = {"packet_id": out, "reader": manifest["reader"], "head": part.head.hash}
        n = store.take_in(database, part, int(str(manifest["n"])), log, place.key)
    return _summary(part, out, n)


def _own_study(where: Path) -> StudyPlace:
    place = find_study(where)
    if place.is_packet:
        raise StudyError(f"{where} is a packet itself. Name the study's folder.")
    return place


@contextmanager
def _opened(place: StudyPlace) -> Iterator[Database]:
    database = place.open()
    try:
        yield database
    finally:
        database.close()


def _key(place: StudyPlace) -> bytes:
    if place.key is None:
        raise StudyError("Packets are sealed with the study's key: name the folder that holds it.")
    return place.key


def _manifest(part: Part, key: bytes) -> dict[str, object]:
    manifest: dict[str, object] = {
        "packet_id": secrets.token_hex(16),
        "study_id": part.study.study_id,
        "reader": part.head.chain,
        "n": part.head.n,
        "hash": part.head.hash,
        "given_sha256": part.given_sha256,
        "exported_at": datetime.now(UTC).isoformat(),
    }
    return {**manifest, "seal": _seal(manifest, key)}


def _seal(manifest: Mapping[str, object], key: bytes) -> str:
    """HMAC-SHA-256 of all that a manifest says."""
    said = {name: value for name, value in manifest.items() if name != "seal"}
    return hmac.new(key, json.dumps(said, sort_keys=True).encode(), hashlib.sha256).hexdigest()


def _write(out: Path, part: Part, manifest: Mapping[str, object]) -> None:
    """Write a packet beside its place and move it there when it is whole."""
    from screener.store.engines import Database, sqlite_url
    from screener.store.packets import write_packet

    work = out.with_name(f".{out.name}.partial")
    try:
        work.unlink(missing_ok=True)
        work.touch(mode=0o600)
        database = Database(sqlite_url(work), single_file=True)
        try:
            write_packet(database, part, str(manifest["packet_id"]), json.dumps(manifest))
        finally:
            database.close()
        work.rename(out)
    except OSError as fault:
        raise StoreError(f"{out} cannot be written: {fault.strerror}.") from fault
    finally:
        work.unlink(missing_ok=True)


def _read(file: Path) -> tuple[dict[str, Any], Part]:
    """Return a packet's manifest and contents."""
    from screener.store.packets import packet_reader, read_part

    not_one = StudyError(f"{file} is not a packet. Name what screener packet export made.")
    try:
        place = find_study(file)
    except StudyError:
        raise not_one from None
    if not place.is_packet:
        raise not_one
    with _opened(place) as database:
        try:
            reader = packet_reader(database)
        except StoreError:
            raise not_one from None
        if reader is None:
            raise not_one
        part = read_part(database, reader)
    return json.loads(part.study.packet), part


def _study_and_out(database: Database, reader: str) -> tuple[str, str]:
    from screener.store.offices import Office
    from screener.store.packets import packet_out

    return Office(database, None).study().study_id, packet_out(database, reader)


def _why_not_due(database: Database, manifest: Mapping[str, object]) -> str:
    from screener.store.offices import Office

    packet_id = manifest["packet_id"]
    for record in Office(database, None).log():
        if record.act == "packet_import" and record.detail["packet_id"] == packet_id:
            return f"was imported already, on {record.at[:10]}. Nothing is to be done."
    return "was given up when another one was exported. Import that one."


def _problems(part: Part, manifest: Mapping[str, object]) -> list[str]:
    problems = []
    if part.given_sha256 != manifest["given_sha256"]:
        problems.append("The cases are not those that went out.")
    head = Head(part.head.chain, part.head.n, part.head.hash)
    found = chain_problems(part.study.study_id, head, part.links, None)
    problems += [f"The reads of {part.head.chain}: {problem}." for problem in found]
    n = int(str(manifest["n"]))
    before = part.links[n - 1].hash if 0 < n <= len(part.links) else manifest["hash"]
    if before != manifest["hash"] or n > len(part.links):
        problems.append("The reads of before are not those that went out.")
    return problems


def _summary(part: Part, packet_id: str, n_records: int) -> PacketSummary:
    locked = {read.case_id for read in part.reads}
    n_cases = len(part.rows["assignments"])
    return PacketSummary(packet_id, part.head.chain, n_cases, n_records, n_cases - len(locked))
