"""What was taken for what: the column, or the columns joined, that hold each field of a report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from screener.errors import SourceError
from screener.reports import FIELDS
from screener.sources.fields import key_of

How = Literal["exact", "alias", "similar", "given"]


@dataclass(frozen=True, slots=True)
class Choice:
    """The column, or the columns joined, that were taken for one field.

    Attributes
    ----------
    field
        Field of a report.
    columns, positions
        Names as exported and 0-based places in the table.
    how
        ``exact`` (the field's own name), ``alias``, ``similar`` or ``given`` by the user.
    headings
        What each part is headed by where several columns are joined; empty for one column.
    """

    field: str
    columns: tuple[str, ...]
    positions: tuple[int, ...]
    how: How
    headings: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.field} <- {' + '.join(map(repr, self.columns))} ({self.how})"


@dataclass(frozen=True, slots=True)
class Mapping:
    r"""What was taken for what in one table.

    Where the text stands in several columns it is joined: ``FINDINGS:\n...\nIMPRESSION:\n...``,
    each part under the heading of its column, an empty part left out with its heading. Offsets
    then count characters of the joined text.

    Attributes
    ----------
    choices
        One for each field that was found, in the order of the fields.
    unused
        Names of the columns that nothing was taken from.
    """

    choices: tuple[Choice, ...]
    unused: tuple[str, ...] = ()

    def choice(self, field: str) -> Choice | None:
        """Give what was taken for a field, or ``None``."""
        return next((choice for choice in self.choices if choice.field == field), None)

    @property
    def wanted(self) -> tuple[int, ...]:
        """Places of all columns that are read, in order of the table."""
        return tuple(sorted({place for choice in self.choices for place in choice.positions}))

    def lines(self) -> tuple[str, ...]:
        """Say what was taken for what, one line a field.

        Examples
        --------
        >>> Mapping((Choice("patient_id", ("MRN",), (0,), "alias"),)).lines()
        ("patient_id <- 'MRN' (alias)",)
        """
        return tuple(map(str, self.choices))


def parse_column_map(items: Iterable[str]) -> dict[str, str]:
    """Read ``field=COLUMN`` items as the command line gives them.

    ``text=A+B`` joins columns; ``field=`` says that no column holds the field.

    Raises
    ------
    SourceError
        For an item without ``=``, an unknown field, a field named twice or a text without a column;
        all problems at once.

    Examples
    --------
    >>> parse_column_map(["text=NARR", "patient_id=Pat No"])
    {'text': 'NARR', 'patient_id': 'Pat No'}
    """
    found: dict[str, str] = {}
    problems: list[str] = []
    own = {key_of(field): field for field in FIELDS}
    for item in items:
        name, equals, column = item.partition("=")
        field = own.get(key_of(name))
        if not equals:
            problems.append(f"--map {item!r} is not field=COLUMN.")
        elif field is None:
            problems.append(
                f"--map {item!r}: no field {name.strip()!r}. Fields: {', '.join(FIELDS)}."
            )
        elif field in found:
            problems.append(f"--map names a column for {field!r} twice; name one.")
        elif field == "text" and not column.strip():
            problems.append("--map 'text=' names no column, and a report has a text.")
        else:
            found[field] = column.strip()
    if problems:
        raise SourceError("\n".join(problems))
    return found
