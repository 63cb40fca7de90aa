"""Give a table as a pandas DataFrame with typed columns."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from screener.exports.tables import Row, Table

# Seconds reach the years 1 to 9999, such as the 9999-12-31 of exports; nanoseconds do not.
TYPES: dict[type, Any] = {
    str: "string",
    int: "Int64",
    float: "float64",
    bool: "boolean",
    date: "datetime64[s]",
}
"""The pandas type of each kind of column; each has a value for an empty cell."""


def to_frame(table: Table, rows: Sequence[Row]) -> pd.DataFrame:
    """Return rows as a DataFrame with a fresh index; the types are the same where there are none.

    Examples
    --------
    >>> from screener.exports.tables import REJECTED
    >>> frame = to_frame(REJECTED, [("a.csv", 3, "text is empty", None)])
    >>> frame.line.tolist(), frame.report_id.isna().tolist()
    ([3], [True])
    """
    import pandas as pd

    cells = list(zip(*rows, strict=True)) or [()] * len(table.columns)
    return pd.DataFrame(
        {
            column.name: pd.Series(list(values), dtype=TYPES[column.kind])
            for column, values in zip(table.columns, cells, strict=True)
        }
    )
