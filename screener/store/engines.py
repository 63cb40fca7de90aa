"""Connections to a store, so set that a commit that returned is on the disk.

SQLite: write-ahead log, full synchronisation, foreign keys on; a transaction that writes begins
IMMEDIATE, so that two writers wait for one another and never fail half-way. PostgreSQL: psycopg 3;
a reader's session runs as the reader's role, also where the coordinator opened it.
"""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from screener.errors import StoreError
from screener.store.faults import shown_url, told_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection

BUSY_SECONDS = 20.0
_PAUSE_SECONDS = 0.002
CONNECT_SECONDS = 10


class Database:
    """A store's database: transactions on it, with every fault told.

    Parameters
    ----------
    url
        Of SQLAlchemy: ``sqlite:///FILE`` or ``postgresql+psycopg://...``.
    role
        On PostgreSQL: whose rights every transaction has.
    single_file
        On SQLite: keep all in one file whenever no transaction is under way (a packet).
    """

    def __init__(self, url: str, *, role: str = "", single_file: bool = False) -> None:
        self.url = url
        self.where = shown_url(url.removeprefix("sqlite:///"))
        self._engine = _engine(_parsed(url), single_file=single_file)
        self.is_postgresql = self._engine.dialect.name == "postgresql"
        self._file = None if self.is_postgresql else _SqliteFile(self._engine.url.database or "")
        if role and self.is_postgresql:
            event.listen(self._engine, "connect", _role_setter(role))

    @contextmanager
    def reading(self, *, snapshot: bool = False) -> Iterator[Connection]:
        """Give a connection in a transaction that only reads; a snapshot sees one moment."""
        with self._connected() as connection:
            if snapshot and self.is_postgresql:  # SQLite always does
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction that is committed when the block ends well."""
        with self._connected() as connection:
            writing = connection.execution_options(is_writing=True)
            with writing.begin():
                yield writing
                self._check_file()

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with told_faults(self.where):
            self._check_file()
            with self._engine.connect() as connection:
                yield connection

    def _check_file(self) -> None:
        """See that the file is still the one that was opened: else what is written goes nowhere."""
        if self._file is not None and not self._file.is_same():
            self._engine.dispose()
            raise StoreError(
                f"The store {self.where} is not there any more. Put it back and open it again;"
                " what was just entered is not kept."
            )

    def url_of(self, role: str, password: str) -> str:
        """Return the URL with which a role opens the same database."""
        own = self._engine.url.set(username=role, password=password)
        return own.render_as_string(hide_password=False)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


class _SqliteFile:
    """A database's file, known by its place on the disk from the first time it is seen."""

    def __init__(self, name: str) -> None:
        self._path = Path(name)
        self._place = self._found()
        if self._place is None:
            raise StoreError(f"There is no store {name}. Check the path.")

    def is_same(self) -> bool:
        return self._found() == self._place

    def _found(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino


def sqlite_url(file: Path) -> str:
    """Return the URL of a database in a file."""
    return f"sqlite:///{file.resolve()}"


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(f"{shown_url(url)} is not the URL of a database.") from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise StoreError(
            f"No store of the kind {parsed.drivername!r}."
            " Use sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE."
        )
    return parsed


def _engine(url: URL, *, single_file: bool) -> Engine:
    if url.drivername == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _sqlite_setter(single_file=single_file))
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = {"connect_timeout": CONNECT_SECONDS, "options": "-c lock_timeout=20s"}
    try:
        return create_engine(url, connect_args=options, pool_pre_ping=True)
    except (ImportError, NoSuchModuleError):
        raise StoreError(
            "PostgreSQL needs its driver: pip install 'screener[postgresql]'."
        ) from None


def _sqlite_setter(*, single_file: bool) -> Callable[[sqlite3.Connection, object], None]:
    journal = "DELETE" if single_file else "WAL"

    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun by `_begin_sqlite`
        for setting in (f"journal_mode = {journal}", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {setting}").close()

    return set_up


def _begin_sqlite(connection: Connection) -> None:
    """Begin; a writer asks again at short random intervals, so that none is passed over for long.

    SQLite's own waiting backs off to a tenth of a second, and three busy writers can then keep one
    of them out for many seconds.
    """
    if not connection.get_execution_options().get("is_writing"):
        connection.exec_driver_sql("BEGIN")
        return
    driver: Any = connection.connection.driver_connection
    give_up_at = time.monotonic() + BUSY_SECONDS
    driver.execute("PRAGMA busy_timeout = 0").close()
    try:
        while not _has_begun(driver, is_last=time.monotonic() > give_up_at):
            time.sleep(_PAUSE_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
    finally:
        driver.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}").close()


def _has_begun(driver: sqlite3.Connection, *, is_last: bool) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE").close()
    except sqlite3.OperationalError as fault:
        if is_last or fault.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _role_setter(role: str) -> Callable[[DBAPIConnection, object], None]:
    def set_role(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET ROLE {quoted(role)}")
        cursor.close()
        connection.commit()

    return set_role


def quoted(name: str) -> str:
    """Return a name of PostgreSQL in quotes."""
    return '"' + name.replace('"', '""') + '"'
