"""Decision rows: which row of a pack's table decides a statement.

A row asks for a few facts of a statement, which few statements differ in; so what was found for
some facts is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from screener.packs import Decision, RulePack
from screener.statements import Statement

_MOST_TABLES, _MOST_FACTS = 16, 20_000
"""Tables, and answers of each, that are kept."""


def row_of(statement: Statement, malignancy: str, pack: RulePack) -> Decision | None:
    """Return the first row whose conditions all hold; ``None`` where none does.

    Parameters
    ----------
    statement
        Its nature explained.
    malignancy
        As `screener.decisions.malignancy_named` gives it.
    pack
        Whose table.
    """
    table = _TABLES.get(id(pack.decisions))
    if table is None:
        if len(_TABLES) >= _MOST_TABLES:
            _TABLES.clear()
        table = _TABLES[id(pack.decisions)] = _Table(pack.decisions)
    return table.row(statement, malignancy)


class _Table:
    """A decision table with the rows found so far, by the facts that they answer."""

    def __init__(self, rows: Sequence[Decision]) -> None:
        self.rows = rows
        self._found: dict[tuple[object, ...], Decision | None] = {}

    def row(self, statement: Statement, malignancy: str) -> Decision | None:
        """The first row whose conditions all hold of a statement."""
        states = (statement.share is not None, statement.count is not None)
        said = (statement.lesion, statement.extents, statement.part, statement.number)
        key = (*said, states, malignancy)
        if key not in self._found:
            if len(self._found) >= _MOST_FACTS:
                self._found.clear()
            facts = _facts(statement, malignancy)
            self._found[key] = next((row for row in self.rows if _holds(row, facts)), None)
        return self._found[key]


_TABLES: dict[int, _Table] = {}
"""Tables by the identity of their rows, which each holds on to."""


def _facts(statement: Statement, malignancy: str) -> dict[str, set[str]]:
    """What a statement gives as answers to the conditions of the table."""
    stated = {
        name
        for name, bounds in (("share", statement.share), ("count", statement.count))
        if bounds is not None
    }
    return {
        "lesion": {statement.lesion},
        "extent": set(statement.extents) or {"none"},
        "part": {statement.part},
        "number": {statement.number},
        "states": stated or {"none"},
        "malignancy": {malignancy},
    }


def _holds(row: Decision, facts: dict[str, set[str]]) -> bool:
    return not any(facts[key].isdisjoint(values) for key, values in row.when.items())
