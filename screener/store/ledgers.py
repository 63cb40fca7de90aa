"""Adding to a chain: the record and the new head in one transaction, or neither."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from screener.chains import Head, Link, link_hash, sign_head
from screener.errors import StudyError
from screener.reads import Read, ReadForm, read_body
from screener.store.tables import HEADS, READS, STUDY

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

_FORM = tuple(ReadForm.__dataclass_fields__)
_TIMES = ("opened_at", "locked_at")


def append_read(connection: Connection, read: Read, key: bytes | None) -> Read:
    """Add a read to its reader's chain.

    Parameters
    ----------
    connection
        In a writing transaction.
    read
        Its position and hashes are not looked at.
    key
        The study's, to sign the new head with; ``None`` where this session does not have it.

    Returns
    -------
    Read
        With its place in the chain.

    Raises
    ------
    StudyError
        When the reader's chain goes on elsewhere: in a packet that is not back yet.
    """
    head = locked_head(connection, read.reader)
    read = replace(read, position=head.n + 1, previous=head.hash)
    read = replace(read, hash=link_hash(head.hash, read_body(read)))
    connection.execute(insert(READS), read_row(read))
    move_head(connection, head, read.position, read.hash, key)
    return read


def locked_head(connection: Connection, chain: str) -> Head:
    """Return a chain's head and keep others from moving it until the transaction ends."""
    row = connection.execute(
        select(HEADS, STUDY.c.packet_id.label("here"))
        .join_from(HEADS, STUDY, HEADS.c.chain == chain)
        .with_for_update(of=HEADS)
    ).first()
    if row is None:
        raise StudyError(f"No reader {chain!r} in this study.")
    if row.packet_id != row.here:
        raise StudyError(
            f"The cases of {chain!r} are out in a packet."
            " Read on in the packet, and import it when it is done."
        )
    return Head(row.chain, row.n, row.hash, row.n_signed, row.signature)


def move_head(connection: Connection, head: Head, n: int, hash_: str, key: bytes | None) -> None:
    """Set where a chain ends; sign it where the key is at hand."""
    values: dict[str, Any] = {"n": n, "hash": hash_}
    if key is not None:
        study_id = connection.execute(select(STUDY.c.study_id)).scalar_one()
        signature = sign_head(key, study_id, head.chain, n, hash_)
        values |= {"n_signed": n, "signature": signature}
    connection.execute(update(HEADS).where(HEADS.c.chain == head.chain).values(values))


def read_row(read: Read) -> dict[str, Any]:
    """Return a read as a row of `READS`."""
    row = asdict(replace(read, form=ReadForm()))
    del row["form"]
    times = {name: getattr(read, name).isoformat() for name in _TIMES}
    return {**row, **asdict(read.form), **times}


def read_from_row(row: Row[Any]) -> Read:
    """Return a row of `READS` as a read."""
    values: dict[str, Any] = dict(row._mapping)
    form = ReadForm(**{name: values.pop(name) for name in _FORM})
    times: dict[str, Any] = {name: datetime.fromisoformat(values.pop(name)) for name in _TIMES}
    return Read(form=form, **times, **values)


def read_link(row: Row[Any]) -> Link:
    """Return a row of `READS` as a link of its chain; what is no read any more fits no hash."""
    try:
        body = read_body(read_from_row(row))
    except (TypeError, ValueError):
        body = {}
    return Link(row.position, row.previous, row.hash, body)
