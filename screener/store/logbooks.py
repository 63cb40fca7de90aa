"""The log of what was done to a study: a chain like those of the readers, and the study's own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from screener.chains import STUDY_CHAIN, Link, link_hash
from screener.store.ledgers import locked_head, move_head
from screener.store.origins import LOG

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row


def add_to_log(
    connection: Connection,
    actor: str,
    act: str,
    detail: Mapping[str, object],
    key: bytes | None,
) -> None:
    """Add an act to the log, in the caller's transaction, stamped now.

    Parameters
    ----------
    connection
        In a writing transaction.
    actor, act, detail
        Who did what; `detail` is of plain JSON values.
    key
        The study's, to sign the new head with.
    """
    head = locked_head(connection, STUDY_CHAIN)
    body = log_body(datetime.now(UTC).isoformat(), actor, act, detail)
    hash_ = link_hash(head.hash, body)
    row = {**body, "detail": json.dumps(body["detail"])}
    links = {"position": head.n + 1, "previous": head.hash, "hash": hash_}
    connection.execute(insert(LOG), {**row, **links})
    move_head(connection, head, head.n + 1, hash_, key)


def log_body(at: str, actor: str, act: str, detail: Mapping[str, object]) -> dict[str, object]:
    """Return what the hash of a record of the log is taken of."""
    return {"at": at, "actor": actor, "act": act, "detail": json.loads(json.dumps(detail))}


def log_link(row: Row[Any]) -> Link:
    """Return a row of the log as a link of its chain; what is no record any more fits no hash."""
    try:
        body = log_body(row.at, row.actor, row.act, json.loads(row.detail))
    except (TypeError, ValueError):
        body = {}
    return Link(row.position, row.previous, row.hash, body)
