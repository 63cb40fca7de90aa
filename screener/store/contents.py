"""A digest of what a draw put into a study, to tell later whether it is still that."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from screener.store.origins import ORIGINS
from screener.store.tables import ASSIGNMENTS, CASE_REPORTS, CASES, HIGHLIGHTS

if TYPE_CHECKING:
    from sqlalchemy import Connection


def draw_digest(connection: Connection, draw: int) -> str:
    """Return the SHA-256 of all that one draw added: cases, texts, highlights, origins, orders."""
    digest = hashlib.sha256()
    of_draw = select(ORIGINS.c.case_id).where(ORIGINS.c.draw == draw)
    for table in (ORIGINS, CASES, CASE_REPORTS, HIGHLIGHTS, ASSIGNMENTS):
        wanted = select(table).where(table.c.case_id.in_(of_draw))
        if table is ASSIGNMENTS:
            wanted = wanted.where(ASSIGNMENTS.c.task == "primary")
        digest.update(f"{table.name}\n".encode())
        for line in sorted(json.dumps(list(row)) for row in connection.execute(wanted)):
            digest.update(f"{line}\n".encode())
    return digest.hexdigest()
