"""Where a study is: a folder with its charter, key and store; a database's URL; or a packet.

The folder holds ``study.toml``, ``study.key`` (with which the ends of the chains are signed; only
the owner may read it) and, unless the store is a database elsewhere, ``study.sqlite``.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from screener.errors import StoreError, StudyError
from screener.studies import CHARTER_FILE, Charter, read_charter

if TYPE_CHECKING:
    from screener.store.engines import Database

STORE_FILE = "study.sqlite"
KEY_FILE = "study.key"
STORE_VARIABLE = "SCREENER_STORE"
_SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class StudyPlace:
    """Where a study's parts are.

    Attributes
    ----------
    url
        Of its store.
    folder
        Its folder; ``None`` where the study was named by a URL or is a packet.
    key
        With which heads are signed; ``None`` where it is not at hand.
    is_packet
        Whether it is one reader's packet.
    """

    url: str
    folder: Path | None = None
    key: bytes | None = None
    is_packet: bool = False

    def open(self, role: str = "") -> Database:
        """Open the store, on PostgreSQL with a role's rights."""
        from screener.store.engines import Database

        return Database(self.url, role=role, single_file=self.is_packet)


def find_study(where: str | Path) -> StudyPlace:
    """Find a study by its folder, the URL of its store, or a packet.

    The variable ``SCREENER_STORE`` overrides the URL of the folder's ``study.toml``: it may hold
    the password that the file may not.

    Raises
    ------
    StudyError
        When there is no study.
    """
    if "://" in str(where):
        return StudyPlace(str(where))
    path = Path(where)
    if path.is_file() and _is_sqlite(path):
        return StudyPlace(_sqlite_url(path), is_packet=True)
    file = path / CHARTER_FILE
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        told = f"{path} is not a study: it has no readable {CHARTER_FILE}. Name the study's folder."
        raise StudyError(told) from fault
    url = os.environ.get(STORE_VARIABLE) or read_charter(text, str(file)).store.url
    if not url and not (path / STORE_FILE).is_file():
        raise StoreError(f"{path / STORE_FILE} is not there: the reads of this study are gone.")
    return StudyPlace(url or _sqlite_url(path / STORE_FILE), path, _key(path))


def charter_of(folder: Path) -> Charter:
    """Return the charter that a study's folder states.

    Raises
    ------
    StudyError
        When there is no study, or its charter is wrong.
    """
    file = folder / CHARTER_FILE
    try:
        return read_charter(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as fault:
        told = f"{folder} is not a study: it has no readable {CHARTER_FILE}. Name its folder."
        raise StudyError(told) from fault


def make_key(folder: Path) -> bytes:
    """Make a study's key, in a file that only its owner may read."""
    key = secrets.token_hex(32)
    handle = os.open(folder / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{key}\n")
    return key.encode()


def _key(folder: Path) -> bytes | None:
    try:
        return (folder / KEY_FILE).read_text(encoding="ascii").strip().encode()
    except (OSError, UnicodeDecodeError):
        return None


def _sqlite_url(path: Path) -> str:
    return f"sqlite:///{path.resolve()}"


def _is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False
