"""How the columns of a table are told to the user, in errors that say what would do.

A table without a header has a patient's values for names: what looks like one is not shown.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from screener.sources.fields import key_of

_LONGEST_NAME = 60
_MOST_NAMES = 40
_MOST_DIGITS = 3
_NEAR = 60  # percent of rapidfuzz's weighted ratio; it only orders and cuts what is suggested


def listed(names: Sequence[str]) -> str:
    """List the names that may be shown."""
    named = [name for name in names if key_of(name)]
    shown = showable(named)
    more = f" and {len(shown) - _MOST_NAMES} more" if len(shown) > _MOST_NAMES else ""
    n_hidden = len(named) - len(shown)
    hidden = f" ({n_hidden} not shown, as they look like values: is there a header?)"
    return (
        (", ".join(map(repr, shown[:_MOST_NAMES])) or "none") + more + (hidden if n_hidden else "")
    )


def options(field: str, names: Sequence[str]) -> str:
    """Write the ``--map`` that would do, ready for a shell.

    Examples
    --------
    >>> options("text", ["Report body"])
    "--map 'text=Report body'"
    """
    given = list(dict.fromkeys(names)) or ["COLUMN"]
    return " or ".join(f"--map {shlex.quote(f'{field}={name}')}" for name in given)


def nearest(name: str, columns: Sequence[str]) -> list[str]:
    """Give the columns that are most like a name, best first."""
    from rapidfuzz import fuzz, process

    found = process.extract(name, columns, scorer=fuzz.WRatio, processor=key_of, limit=5)
    return [column for column, score, _ in found if score >= _NEAR]


def showable(names: Sequence[str]) -> list[str]:
    """Leave out what looks like a value; all of it where one is as long as a sentence."""
    if any(len(name) > _LONGEST_NAME or "\n" in name for name in names):
        return []
    return [name for name in names if sum(map(str.isdigit, name)) <= _MOST_DIGITS]
