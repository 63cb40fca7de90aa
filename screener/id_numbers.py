"""Ids as the integers that a database has: their own, or numbers kept in a file."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from screener.errors import RunError
from screener.export_folders import write_file

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["note", "person"]
COLUMNS = ("kind", "source_id", "number")
_KINDS: dict[str, Kind] = {"note": "note", "person": "person"}
LARGEST = 2**31 - 1
"""An integer of 32 bits, as PostgreSQL's is."""
_NUMBER = re.compile(r"[1-9][0-9]{0,9}")


@dataclass(slots=True)
class OwnNumbers:
    """Ids that are numbers already; what is none is remembered and told by `check`."""

    prefix: int = 0
    wrong: dict[Kind, set[str]] = field(default_factory=lambda: {"note": set(), "person": set()})

    def number(self, kind: Kind, id_: str) -> int:
        """Return an id as a number; 0 where it is none."""
        told = id_[self.prefix :].lstrip("0") if self.prefix else id_
        if _NUMBER.fullmatch(told) and int(told) <= LARGEST:
            return int(told)
        self.wrong[kind].add(id_)
        return 0

    def check(self) -> None:
        """Raise `RunError` where an id was no number."""
        notes, persons = len(self.wrong["note"]), len(self.wrong["person"])
        if notes or persons:
            raise RunError(
                f"{notes} report ids and {persons} patient ids are no whole numbers from 1 to"
                f" {LARGEST}, as NOTE and PERSON have them. Give --ids FILE: a CSV table with the"
                f" columns {', '.join(COLUMNS)}; ids that it lacks get a number there."
            )

    def keep(self) -> None:
        """Nothing is to be kept."""


class KeptNumbers:
    """Ids with the numbers that a file gives them; new ids get the next numbers.

    Parameters
    ----------
    file
        A CSV table; made where there is none.

    Raises
    ------
    RunError
        When it is no such table, or gives two ids one number; every problem is told.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._numbers: dict[Kind, dict[str, int]] = {"note": {}, "person": {}}
        self._taken: set[tuple[Kind, int]] = set()
        if file.exists():
            self._read()
        self._next = {kind: max(own.values(), default=0) + 1 for kind, own in self._numbers.items()}

    def number(self, kind: Kind, id_: str) -> int:
        """Return the number of an id."""
        own = self._numbers[kind]
        if id_ not in own:
            own[id_] = self._next[kind]
            self._next[kind] += 1
        return own[id_]

    def check(self) -> None:
        """Every id has a number."""

    def keep(self) -> None:
        """Write the numbers, so that the next export gives the same."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for kind, own in self._numbers.items():
            writer.writerows((kind, id_, number) for id_, number in own.items())
        write_file(self._file, text.getvalue().encode(), replace=True)

    def _read(self) -> None:
        problems = []
        try:
            with self._file.open(encoding="utf-8-sig", newline="") as lines:
                for line, row in enumerate(csv.DictReader(lines), start=2):
                    if told := self._take(row):
                        problems.append(f"{self._file}:{line}: {told}")
        except (OSError, UnicodeDecodeError, csv.Error) as fault:
            raise RunError(f"{self._file} cannot be read as a table of ids. Check it.") from fault
        if problems:
            raise RunError("\n".join(["The numbers of the ids are wrong:", *problems]))

    def _take(self, row: dict[str, str]) -> str:
        named, id_, told = (row.get(name) or "" for name in COLUMNS)
        kind = _KINDS.get(named)
        if kind is None:
            return "kind is 'note' or 'person'"
        if not _NUMBER.fullmatch(told) or int(told) > LARGEST:
            return f"number is a whole number from 1 to {LARGEST}"
        own = self._numbers[kind]
        if id_ in own or (kind, int(told)) in self._taken:
            return "the id or the number stands above"
        self._taken.add((kind, int(told)))
        own[id_] = int(told)
        return ""


Numbers = OwnNumbers | KeptNumbers
