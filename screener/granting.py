"""The use cases of whoever keeps a study's database: access for readers, and its schema."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from screener.errors import StudyError
from screener.study_folders import find_study

if TYPE_CHECKING:
    from pathlib import Path


def grant_access(where: str | Path, reader: str) -> str:
    """Give a reader's role a new password.

    Returns
    -------
    str
        The URL with which this reader, and nobody else, opens the study; it is not kept.

    Raises
    ------
    StudyError
        When there is no such reader, or the store is no PostgreSQL.
    """
    from screener.store.doors import reader_role
    from screener.store.roles import set_password

    database = find_study(where).open()
    try:
        if not database.is_postgresql:
            raise StudyError(
                "A study in a file has no passwords; give the reader a packet instead."
            )
        role = reader_role(database, reader)
        if role is None:
            raise StudyError(f"No reader {reader!r} in this study.")
        password = secrets.token_hex(16)
        with database.writing() as connection:
            set_password(connection, role, password)
        return database.url_of(role, password)
    finally:
        database.close()


def upgrade_store(where: str | Path) -> None:
    """Bring the schema of a store to that of this version.

    Raises
    ------
    StoreError
        When the store cannot be written.
    """
    from screener.store.schemas import upgrade_schema

    database = find_study(where).open()
    try:
        with database.writing() as connection:
            upgrade_schema(connection)
    finally:
        database.close()
