"""Triggers that let records be added and never changed or deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence


def make_append_only(tables: Sequence[str]) -> None:
    """Make the database refuse to change or delete a row of some tables, whoever asks."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN RAISE EXCEPTION 'records are only added to %', TG_TABLE_NAME; END $$"
        )
    for table in tables:
        for act in ("UPDATE", "DELETE"):
            name = f"{table}_no_{act.lower()}"
            body = (
                f"BEGIN SELECT RAISE(ABORT, 'records are only added to {table}'); END"
                if is_sqlite
                else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} {body}")
