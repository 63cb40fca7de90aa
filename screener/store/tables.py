"""The tables of a study that a reader's session may touch.

Blinding is in this cut: nothing here tells a score, a tier, or why a case was drawn. That stands in
`screener.store.origins`, which a reader's session cannot import and, on PostgreSQL, cannot select
from. On PostgreSQL row-level security also keeps each reader to the reader's own rows.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

STUDY = Table(
    "study",
    METADATA,
    Column("study_id", String(32), primary_key=True),
    Column("charter", Text, nullable=False),
    Column("charter_sha256", String(64), nullable=False),
    Column("others", String(16), nullable=False),
    Column("highlights", String(16), nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("tool_version", String(40), nullable=False),
    Column("packet_id", String(32), nullable=False),
    Column("packet", Text, nullable=False),
)
READERS = Table(
    "readers",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("is_adjudicator", Boolean, nullable=False),
    Column("role", String(63), nullable=False),
)
HEADS = Table(
    "heads",
    METADATA,
    Column("chain", String(40), primary_key=True),
    Column("n", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("n_signed", Integer, nullable=False),
    Column("signature", String(64), nullable=False),
    Column("packet_id", String(32), nullable=False),
)
CASES = Table(
    "cases",
    METADATA,
    Column("case_id", String(16), primary_key=True),
    Column("round", String(16), nullable=False),
    Column("patient_id", Text, nullable=False),
)
ASSIGNMENTS = Table(
    "assignments",
    METADATA,
    Column("reader", String(40), ForeignKey("readers.name"), primary_key=True),
    Column("case_id", String(16), ForeignKey("cases.case_id"), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("task", String(16), nullable=False),
)
CASE_REPORTS = Table(
    "case_reports",
    METADATA,
    Column("case_id", String(16), ForeignKey("cases.case_id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("report_id", Text, nullable=False),
    Column("exam_on", String(10), nullable=False),
    Column("modality", Text, nullable=False),
    Column("exam", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("accession", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("sections", Text, nullable=False),
)
HIGHLIGHTS = Table(
    "highlights",
    METADATA,
    Column("case_id", String(16), ForeignKey("cases.case_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("concept", Text, nullable=False),
    Column("state", String(16), nullable=False),
)
OPENINGS = Table(
    "openings",
    METADATA,
    Column("reader", String(40), ForeignKey("readers.name"), primary_key=True),
    Column("case_id", String(16), ForeignKey("cases.case_id"), primary_key=True),
    Column("first_at", String(40), nullable=False),
    Column("last_at", String(40), nullable=False),
)
DRAFTS = Table(
    "drafts",
    METADATA,
    Column("reader", String(40), ForeignKey("readers.name"), primary_key=True),
    Column("case_id", String(16), ForeignKey("cases.case_id"), primary_key=True),
    Column("form", Text, nullable=False),
    Column("saved_at", String(40), nullable=False),
    Column("kind", String(16), primary_key=True, server_default="first"),
)
READS = Table(
    "reads",
    METADATA,
    Column("reader", String(40), ForeignKey("readers.name"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("case_id", String(16), ForeignKey("cases.case_id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("percent", Float(53)),
    Column("confidence", String(16)),
    Column("modality", Text, nullable=False),
    Column("tumor_volume_ml", Float(53)),
    Column("liver_volume_ml", Float(53)),
    Column("suvmax_tumor", Float(53)),
    Column("suvmax_liver", Float(53)),
    Column("comment", Text, nullable=False),
    Column("opened_at", String(40), nullable=False),
    Column("locked_at", String(40), nullable=False),
    Column("tool_version", String(40), nullable=False),
    Column("pack_sha256", String(64), nullable=False),
    Column("charter_sha256", String(64), nullable=False),
    Column("amends", Integer),
    Column("amendment_reason", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    # one deciding read and one second look a case: also where two terminals lock at once
    Index(
        "ix_reads_once",
        "reader",
        "case_id",
        "kind",
        unique=True,
        sqlite_where=text("kind <> 'amendment'"),
        postgresql_where=text("kind <> 'amendment'"),
    ),
    Index("ix_reads_case_id", "case_id"),
)
