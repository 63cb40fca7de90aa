"""Reports from a database: the rows of one SQL query, as the server gives them.

The query runs in a transaction that may only read and is rolled back. Neither a password nor a
value of a row reaches a message.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from screener.errors import SourceError
from screener.sources.dates import DateOrder
from screener.sources.mappings import Mapping
from screener.sources.rows import Row, Tally
from screener.sources.tables import Request, Source, Table, open_table, unreadable

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, CursorResult, Engine
    from sqlalchemy.exc import SQLAlchemyError

ROWS_AT_ONCE = 1024
_LONGEST_REASON = 200
_SECRET_WORDS = ("pass", "pwd", "secret", "token", "key")


def shown_database(url: str) -> str:
    """Give the URL of a database without what is secret in it.

    Raises
    ------
    SourceError
        If it is no URL of SQLAlchemy.

    Examples
    --------
    >>> shown_database("postgresql://ann:s3cret@db.example/ris?sslpassword=x")
    'postgresql+psycopg://ann:***@db.example/ris?sslpassword=***'
    """
    return _shown(_parsed(url))


def open_database(
    url: str,
    query: str,
    *,
    column_map: abc.Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
) -> Source:
    """Open the rows of a query; each row is a report, and columns are found as in any table.

    Parameters
    ----------
    url
        Of SQLAlchemy: ``sqlite:///FILE``, ``postgresql://USER@HOST/DATABASE``, or another whose
        driver is installed.
    query
        One SQL statement that gives rows. It is handed on as it is, without parameters.
    column_map, date_order
        As of `open_sources`.

    Returns
    -------
    A source without a hash: a database has none. Rows are fetched some at a time.

    Raises
    ------
    SourceError
        If the database cannot be opened, the query fails or gives no rows, or its columns are
        unclear.
    """
    from sqlalchemy.exc import SQLAlchemyError

    parsed = _parsed(url)
    name = _shown(parsed)
    request = Request(name, Path(name), "sql", column_map or {}, date_order)
    stack = ExitStack()
    try:
        result = stack.enter_context(_running(parsed, query, request, stack))
        columns = _columns(result, request)

        def read(mapping: Mapping) -> Iterator[Row]:
            return _rows(result, mapping, request, stack)

        return open_table(request, "sql", Table(columns, read), Tally())
    except SQLAlchemyError as error:
        stack.close()
        raise _failed(request, error, parsed) from None
    except BaseException:
        stack.close()
        raise


def _parsed(url: str) -> URL:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        told = "--url is not the URL of a database. Use sqlite:///FILE or postgresql://HOST/NAME."
        raise SourceError(told) from None
    is_plain = parsed.drivername in {"postgres", "postgresql"}
    return parsed.set(drivername="postgresql+psycopg") if is_plain else parsed


def _shown(url: URL) -> str:
    secret = [key for key in url.query if any(word in key.lower() for word in _SECRET_WORDS)]
    hidden = url.update_query_dict(dict.fromkeys(secret, "HIDDEN"))
    return hidden.render_as_string(hide_password=True).replace("=HIDDEN", "=***")


def _engine(url: URL, request: Request) -> Engine:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    file = url.database if url.get_backend_name() == "sqlite" else None
    if file and file != ":memory:" and not Path(file).is_file():
        raise unreadable(request, "no such database", "Check the path after sqlite:///.")
    try:
        return create_engine(url)
    except (ImportError, NoSuchModuleError, ArgumentError):
        would_do = f"Install the driver of {url.drivername!r}, such as screener[postgresql]."
        raise unreadable(request, "has no driver that is installed", would_do) from None


def _running(
    url: URL, query: str, request: Request, stack: ExitStack
) -> CursorResult[tuple[object, ...]]:
    """Run the query; the connection closes with the stack, and nothing is committed."""
    engine = _engine(url, request)
    stack.callback(engine.dispose)
    connection: Connection = stack.enter_context(engine.connect())
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only = ON")
    elif engine.dialect.name == "postgresql":
        connection = connection.execution_options(postgresql_readonly=True)
    streaming = connection.execution_options(stream_results=True, yield_per=ROWS_AT_ONCE)
    has_percent_codes = engine.dialect.paramstyle in {"format", "pyformat"}
    return streaming.exec_driver_sql(query.replace("%", "%%") if has_percent_codes else query)


def _columns(result: CursorResult[tuple[object, ...]], request: Request) -> tuple[str, ...]:
    if not result.returns_rows:
        raise unreadable(request, "gave no rows for the query", "Give a SELECT by --sql.")
    return tuple(result.keys())


def _rows(
    result: CursorResult[tuple[object, ...]], mapping: Mapping, request: Request, stack: ExitStack
) -> Iterator[Row]:
    from sqlalchemy.exc import SQLAlchemyError

    wanted = mapping.wanted
    with stack:
        try:
            for number, values in enumerate(result, 1):
                yield Row(number, [values[place] for place in wanted])
        except SQLAlchemyError as error:
            what = f"could not be read to its end ({type(error).__name__})"
            raise unreadable(request, what, "Run it again.") from None


def _failed(request: Request, error: SQLAlchemyError, url: URL) -> SourceError:
    """Say why a query failed: in the server's words where these are of the query, not of rows."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    reason = type(error).__name__
    if isinstance(error, (OperationalError, ProgrammingError)):
        said = str(error.orig).strip().splitlines()[:1]
        reason = "".join(said)[:_LONGEST_REASON] or reason
    if url.password:
        reason = reason.replace(str(url.password), "***")
    return unreadable(request, f"the query failed: {reason}", "Check --sql and --url.")
