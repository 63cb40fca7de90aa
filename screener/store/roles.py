"""The roles of readers on PostgreSQL: one a reader, all in one group that holds the grants."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import text

from screener.store.engines import quoted

if TYPE_CHECKING:
    from sqlalchemy import Connection

_MAX_SLUG = 32
_GRANTS = {
    "SELECT": (
        *("study", "readers", "cases", "assignments", "case_reports", "highlights"),
        *("openings", "drafts", "reads", "heads", "alembic_version"),
    ),
    "INSERT": ("openings", "drafts", "reads"),
    "UPDATE": ("openings", "drafts", "heads"),
    "DELETE": ("drafts",),
}


def role_of(study_id: str, reader: str) -> str:
    """Return the name of a reader's role; roles belong to the whole server, so it is unique.

    >>> role_of("0123456789abcdef", "Dr.Ada")
    'screener_01234567_dr_ada'
    """
    slug = re.sub(r"[^a-z0-9]", "_", reader.lower())[:_MAX_SLUG]
    return f"screener_{study_id[:8]}_{slug}"


def make_role(connection: Connection, study_id: str, role: str) -> None:
    """Make a reader's role, and the readers' group where it is not there yet.

    The role may log in, but has no password until it is granted one.
    """
    group = f"screener_{study_id[:8]}_readers_"
    if not _is_there(connection, group):
        connection.execute(text(f"CREATE ROLE {quoted(group)} NOLOGIN"))
        for right, tables in _GRANTS.items():
            connection.execute(text(f"GRANT {right} ON {', '.join(tables)} TO {quoted(group)}"))
    if not _is_there(connection, role):
        connection.execute(text(f"CREATE ROLE {quoted(role)} LOGIN IN ROLE {quoted(group)}"))
    # who owns the study may take the role on, to open a reader's session here
    connection.execute(text(f"GRANT {quoted(role)} TO CURRENT_USER"))


def set_password(connection: Connection, role: str, password: str) -> None:
    """Give a role a password; it must be of letters and digits."""
    if not password.isalnum():
        raise ValueError
    connection.execute(text(f"ALTER ROLE {quoted(role)} PASSWORD '{password}'"))


def _is_there(connection: Connection, role: str) -> bool:
    found = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
    return found.first() is not None
