"""The first schema: what readers see, why cases were drawn, the reads, and the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from screener.store.migrations.append_only import make_append_only
from screener.store.migrations.row_security import secure_rows

revision = "r0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, their triggers and, on PostgreSQL, who sees which rows."""
    _study()
    _readers()
    _cases()
    _desk()
    _reads()
    _origins()
    make_append_only(("reads", "log"))
    secure_rows()


def downgrade() -> None:
    """Refuse: what was read is never thrown away."""
    raise NotImplementedError


def _study() -> None:
    op.create_table(
        "study",
        sa.Column("study_id", sa.String(32), nullable=False),
        _text("charter"),
        _string("charter_sha256", 64),
        _string("others", 16),
        _string("highlights", 16),
        _string("created_at", 40),
        _string("tool_version", 40),
        _string("packet_id", 32),
        _text("packet"),
        sa.PrimaryKeyConstraint("study_id", name="pk_study"),
    )


def _readers() -> None:
    op.create_table(
        "readers",
        _string("name", 40),
        _integer("place"),
        sa.Column("is_adjudicator", sa.Boolean(), nullable=False),
        _string("role", 63),
        sa.PrimaryKeyConstraint("name", name="pk_readers"),
    )
    op.create_table(
        "heads",
        _string("chain", 40),
        _integer("n"),
        _string("hash", 64),
        _integer("n_signed"),
        _string("signature", 64),
        _string("packet_id", 32),
        sa.PrimaryKeyConstraint("chain", name="pk_heads"),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        _string("case_id", 16),
        _string("round", 16),
        _text("patient_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_cases"),
    )
    op.create_table(
        "case_reports",
        _string("case_id", 16),
        _integer("place"),
        _text("report_id"),
        _string("exam_on", 10),
        *map(_text, ("modality", "exam", "site", "status", "accession", "text", "sections")),
        *_keys("case_reports", "case_id", "place", of_case=True),
    )
    op.create_table(
        "highlights",
        _string("case_id", 16),
        *map(_integer, ("position", "place", "start", "end")),
        _text("concept"),
        _string("state", 16),
        *_keys("highlights", "case_id", "position", of_case=True),
    )


def _desk() -> None:
    op.create_table(
        "assignments",
        *(_string("reader", 40), _string("case_id", 16)),
        _integer("place"),
        _string("task", 16),
        *_keys("assignments", "reader", "case_id", of_case=True, of_reader=True),
    )
    op.create_table(
        "openings",
        *(_string("reader", 40), _string("case_id", 16)),
        *(_string("first_at", 40), _string("last_at", 40)),
        *_keys("openings", "reader", "case_id", of_case=True, of_reader=True),
    )
    op.create_table(
        "drafts",
        *(_string("reader", 40), _string("case_id", 16)),
        _text("form"),
        _string("saved_at", 40),
        *_keys("drafts", "reader", "case_id", of_case=True, of_reader=True),
    )


def _reads() -> None:
    measures = ("tumor_volume_ml", "liver_volume_ml", "suvmax_tumor", "suvmax_liver")
    op.create_table(
        "reads",
        *(_string("reader", 40), _integer("position"), _string("case_id", 16)),
        *(_string("kind", 16), _string("verdict", 16), _text("reason")),
        sa.Column("percent", sa.Float(53)),
        sa.Column("confidence", sa.String(16)),
        _text("modality"),
        *(sa.Column(name, sa.Float(53)) for name in measures),
        _text("comment"),
        *(_string(name, 40) for name in ("opened_at", "locked_at", "tool_version")),
        *(_string(name, 64) for name in ("pack_sha256", "charter_sha256")),
        sa.Column("amends", sa.Integer()),
        _text("amendment_reason"),
        *(_string(name, 64) for name in ("previous", "hash")),
        sa.UniqueConstraint("hash"),
        *_keys("reads", "reader", "position", of_case=True, of_reader=True),
    )
    once = sa.text("kind <> 'amendment'")
    op.create_index(
        "ix_reads_once",
        "reads",
        ["reader", "case_id", "kind"],
        unique=True,
        sqlite_where=once,
        postgresql_where=once,
    )
    op.create_index("ix_reads_case_id", "reads", ["case_id"])


def _origins() -> None:
    op.create_table(
        "origins",
        *(_string("case_id", 16), _text("patient_id"), _string("origin", 16)),
        *(_integer("draw"), _integer("rank"), _text("tier")),
        sa.Column("score", sa.Float(53), nullable=False),
        sa.UniqueConstraint("patient_id"),
        *_keys("origins", "case_id", of_case=True),
    )
    op.create_table(
        "log",
        _integer("position"),
        *(_string("at", 40), _text("actor"), _string("act", 32), _text("detail")),
        *(_string("previous", 64), _string("hash", 64)),
        sa.PrimaryKeyConstraint("position", name="pk_log"),
    )


def _string(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _keys(
    table: str, *primary: str, of_case: bool = False, of_reader: bool = False
) -> list[sa.Constraint]:
    """The primary key of a table, and its foreign keys to cases and readers."""
    keys: list[sa.Constraint] = [sa.PrimaryKeyConstraint(*primary, name=f"pk_{table}")]
    for name, target, is_wanted in (
        ("case_id", "cases.case_id", of_case),
        ("reader", "readers.name", of_reader),
    ):
        if is_wanted:
            keys.append(sa.ForeignKeyConstraint([name], [target], name=f"fk_{table}_{name}"))
    return keys
