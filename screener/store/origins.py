"""The tables of a study that no reader's session may touch: why a case was drawn, and the log."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Integer, String, Table, Text

from screener.store.tables import METADATA

ORIGINS = Table(
    "origins",
    METADATA,
    Column("case_id", String(16), ForeignKey("cases.case_id"), primary_key=True),
    Column("patient_id", Text, nullable=False, unique=True),
    Column("origin", String(16), nullable=False),
    Column("draw", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("tier", Text, nullable=False),
    Column("score", Float(53), nullable=False),
)
LOG = Table(
    "log",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", String(32), nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
