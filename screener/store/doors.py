"""What is asked of a store before anybody sits down at it: which study, and which role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from screener.errors import StoreError
from screener.store.schemas import check_schema
from screener.store.tables import READERS, STUDY

if TYPE_CHECKING:
    from screener.store.engines import Database


def study_of(database: Database) -> str:
    """Return the charter of the study in a store.

    Raises
    ------
    StoreError
        When it holds none, or one of another version's schema.
    """
    with database.reading() as connection:
        check_schema(connection)
        charter = connection.execute(select(STUDY.c.charter)).scalar()
    if charter is None:
        raise StoreError(f"The store {database.where} holds no study.")
    return str(charter)


def reader_role(database: Database, reader: str) -> str | None:
    """Return the role of a reader, or ``None`` where there is no such reader."""
    with database.reading() as connection:
        return connection.execute(select(READERS.c.role).where(READERS.c.name == reader)).scalar()
