"""Packets: one reader's part of a store in a file of its own, out and back.

A packet is an SQLite file with the tables of a study: this reader's cases, worklist and own
records, and no row of anybody else, of why a case was drawn, or of what the screen found in it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from screener.chains import STUDY_CHAIN, Head
from screener.errors import StudyError
from screener.store.ledgers import append_read, locked_head, read_from_row, read_link
from screener.store.logbooks import add_to_log
from screener.store.records import StudyRow
from screener.store.schemas import check_schema, upgrade_schema
from screener.store.tables import (
    ASSIGNMENTS,
    CASE_REPORTS,
    CASES,
    DRAFTS,
    HEADS,
    OPENINGS,
    READERS,
    READS,
    STUDY,
)
from screener.successions import check_succession

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Table

    from screener.candidates import Task
    from screener.chains import Link
    from screener.reads import Read
    from screener.store.engines import Database

Rows = list[dict[str, Any]]

_OF_CASES = (CASES, CASE_REPORTS)
_OF_READER = (ASSIGNMENTS, OPENINGS, DRAFTS, READS)
_GIVEN = (CASES, CASE_REPORTS, ASSIGNMENTS)


@dataclass(frozen=True, slots=True)
class Part:
    """One reader's part of a store, or what a packet brings back.

    Attributes
    ----------
    study
        The study's row.
    head
        Where the reader's chain ends.
    rows
        Of each table, by its name.
    reads, links
        The reader's records, and as links of the chain.
    """

    study: StudyRow
    head: Head
    rows: Mapping[str, Rows]
    reads: tuple[Read, ...]
    links: tuple[Link, ...]

    @property
    def given_sha256(self) -> str:
        """Digest of what the reader was given: cases, reports, worklist."""
        digest = hashlib.sha256()
        for table in _GIVEN:
            lines = sorted(json.dumps(row, sort_keys=True) for row in self.rows[table.name])
            digest.update("\n".join([table.name, *lines]).encode())
        return digest.hexdigest()


def read_part(database: Database, reader: str) -> Part:
    """Return a reader's part of a store.

    Raises
    ------
    StudyError
        When there is no such reader.
    """
    with database.reading(snapshot=True) as connection:
        check_schema(connection)
        return _part(connection, reader)


def packet_reader(database: Database) -> str | None:
    """Return whose packet a store is; ``None`` where it is a whole study."""
    with database.reading() as connection:
        check_schema(connection)
        packet = connection.execute(select(STUDY.c.packet)).scalar()
    return str(json.loads(packet)["reader"]) if packet else None


def write_packet(database: Database, part: Part, packet_id: str, manifest: str) -> None:
    """Write a reader's part into an empty store, as a packet."""
    with database.writing() as connection:
        upgrade_schema(connection)
        study = {**asdict(part.study), "packet_id": packet_id, "packet": manifest}
        connection.execute(insert(STUDY), study)
        connection.execute(insert(READERS), part.rows[READERS.name])
        connection.execute(insert(HEADS), {**asdict(part.head), "packet_id": packet_id})
        for table in (*_OF_CASES, *_OF_READER):
            if part.rows[table.name]:
                connection.execute(insert(table), part.rows[table.name])


def send_out(
    database: Database, part: Part, packet_id: str, log: Mapping[str, object], key: bytes | None
) -> None:
    """Keep a reader from locking here while the packet is out.

    Raises
    ------
    StudyError
        When the reader locked something since the part was read.
    """
    with database.writing() as connection:
        done = connection.execute(
            update(HEADS)
            .where(HEADS.c.chain == part.head.chain, HEADS.c.hash == part.head.hash)
            .values(packet_id=packet_id)
        )
        if not done.rowcount:
            raise StudyError(f"{part.head.chain} locked a case just now. Export again.")
        add_to_log(connection, "coordinator", "packet_export", log, key)


def packet_out(database: Database, reader: str) -> str:
    """Return the id of the packet in which a reader's cases are out; empty where they are here."""
    with database.reading() as connection:
        found = connection.execute(select(HEADS.c.packet_id).where(HEADS.c.chain == reader))
        return str(found.scalar() or "")


def take_in(
    database: Database, part: Part, n_before: int, log: Mapping[str, object], key: bytes | None
) -> int:
    """Take in what a packet brings back, all or nothing.

    Parameters
    ----------
    database
        The study's own.
    part
        The packet's.
    n_before
        Records of the chain when the packet went out.
    log, key
        What the log says of it, and the study's key.

    Returns
    -------
    int
        How many records came back.

    Raises
    ------
    StudyError
        When a record is of a case that is not the reader's, or is no lawful next one.
    """
    reader = part.head.chain
    new = part.reads[n_before:]
    with database.writing() as connection:
        connection.execute(update(HEADS).where(HEADS.c.chain == reader).values(packet_id=""))
        locked_head(connection, reader)
        here = _part(connection, reader)
        tasks: dict[str, Task] = {
            row["case_id"]: row["task"] for row in here.rows[ASSIGNMENTS.name]
        }
        own = list(here.reads)
        for read in new:
            if read.case_id not in tasks:
                raise StudyError(f"Record {read.position} is of no case of {reader!r}.")
            same = [one for one in own if one.case_id == read.case_id]
            check_succession(read, tasks[read.case_id], same)
            own.append(append_read(connection, read, key))
        if own and own[-1].hash != part.head.hash:
            raise StudyError("The packet's chain does not go on from here.")
        for table in (DRAFTS, OPENINGS):
            connection.execute(delete(table).where(table.c.reader == reader))
            if part.rows[table.name]:
                connection.execute(insert(table), part.rows[table.name])
        add_to_log(connection, "coordinator", "packet_import", log, key)
    return len(new)


def _part(connection: Connection, reader: str) -> Part:
    head = connection.execute(select(HEADS).where(HEADS.c.chain == reader)).first()
    if head is None or reader == STUDY_CHAIN:
        raise StudyError(f"No reader {reader!r} in this study.")
    ids = select(ASSIGNMENTS.c.case_id).where(ASSIGNMENTS.c.reader == reader)
    own = select(READS).where(READS.c.reader == reader).order_by(READS.c.position)
    read_rows = connection.execute(own).all()
    rows = {table.name: _rows(connection, table, table.c.case_id.in_(ids)) for table in _OF_CASES}
    for table in _OF_READER:
        rows[table.name] = _rows(connection, table, table.c.reader == reader)
    rows[READERS.name] = _rows(connection, READERS, READERS.c.name == reader)
    return Part(
        study=StudyRow(*connection.execute(select(STUDY)).one()),
        head=Head(head.chain, head.n, head.hash, head.n_signed, head.signature),
        rows=rows,
        reads=tuple(map(read_from_row, read_rows)),
        links=tuple(map(read_link, read_rows)),
    )


def _rows(connection: Connection, table: Table, wanted: Any) -> Rows:  # noqa: ANN401
    found = connection.execute(select(table).where(wanted)).mappings()
    return sorted((dict(row) for row in found), key=str)
