"""What a database or a disk says when it fails, told so that a user can act on it.

Contract: a message never holds a statement or its parameters, which are patient text.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from screener.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a driver says, by a part of it, and what would do.
_TOLD = (
    ("disk is full", "the disk is full", "Free some space and go on; all that was locked is kept"),
    ("no space left", "the disk is full", "Free some space and go on; all that was locked is kept"),
    ("disk i/o error", "the disk failed or is full", "Check it and go on; what was locked is kept"),
    ("readonly", "it may only be read", "Give yourself the right to write to it and its folder"),
    ("read-only", "it may only be read", "Give yourself the right to write to it and its folder"),
    (
        "unable to open",
        "it cannot be opened",
        "Check that it is there and that you may write to its folder",
    ),
    ("is locked", "another program keeps it locked", "Close that program and go on"),
    ("not a database", "it is not a database", "Name the study's folder"),
    ("malformed", "it is damaged", "Restore it from a backup"),
    ("password", "the password was not taken", "Check the URL, PGPASSWORD or .pgpass"),
    ("permission denied", "this role has not the right to do that", "Ask the coordinator"),
    ("row-level security", "this role has not the right to do that", "Ask the coordinator"),
    ("no such table", "it holds no study", "Make one: screener study init"),
    ("relation", "it holds no study", "Make one: screener study init"),
    ("does not exist", "the database or role is not there", "Check the URL"),
    ("deadlock", "two sessions stood in each other's way", "Do it again"),
)
_GONE = ("it cannot be reached", "Check that it runs and that the network is up, then go on")


@contextmanager
def told_faults(where: str) -> Iterator[None]:
    """Turn a fault of the database or the disk into a `StoreError` that names the store."""
    try:
        yield
    except DBAPIError as fault:
        raise StoreError(_message(where, str(fault.orig))) from None
    except SQLAlchemyError as fault:
        raise StoreError(f"The store {where} failed ({type(fault).__name__}).") from None
    except OSError as fault:
        raise StoreError(f"The store {where} failed: {fault.strerror}. Check it.") from None


def shown_url(url: str) -> str:
    """Return a URL without its password."""
    return re.sub(r"(?<=://)([^:/@]*):[^@]*@", r"\1:***@", url)


def _message(where: str, said: str) -> str:
    lowered = said.lower()
    for part, what, remedy in _TOLD:
        if part in lowered:
            return f"The store {where}: {what}. {remedy}."
    what, remedy = _GONE
    return f"The store {where}: {what}. {remedy}."
