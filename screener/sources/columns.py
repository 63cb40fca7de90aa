"""Which column of a table holds which field of a report, and how that was found.

A column given by the user counts first, then a name that is the field's own, then a known alias,
then a name that is nearly one of these. A column serves one field. What is unclear is an error,
never a guess.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Sequence

from screener.errors import SourceError
from screener.reports import FIELDS
from screener.sources.fields import (
    ALIASES,
    CLEARLY,
    FALLBACKS,
    PARTS,
    SIMILARITY,
    UNSURE_WHOLE,
    is_nameless,
    key_of,
)
from screener.sources.listings import listed, nearest, options, showable
from screener.sources.mappings import Choice, How, Mapping


def find_columns(columns: Sequence[str], given: abc.Mapping[str, str], where: str) -> Mapping:
    """Find the columns of a table that hold the fields of a report.

    Parameters
    ----------
    columns
        Names in order of the table, as exported; empty and repeated names are allowed.
    given
        What the user said: field to column (see `parse_column_map`).
    where
        Name of the table, for errors.

    Raises
    ------
    SourceError
        If a given column is not there, a field has two possible columns, or no column holds the
        text; all problems at once, with the columns there are and the ``--map`` that would do.
    """
    finder = _Finder(columns)
    finder.take_given(given)
    finder.take_named("exact", {field: [field] for field in FIELDS})
    finder.take_named("alias", ALIASES)
    finder.take_parts()
    finder.take_named("alias", FALLBACKS)
    finder.take_similar()
    finder.need_text()
    if finder.problems:
        problems = [*finder.problems, f"Columns: {listed(columns)}."]
        raise SourceError("\n".join(f"{where}: {problem}" for problem in problems))
    return finder.mapping()


class _Finder:
    """The choices made so far, the columns still free, and what is unclear."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = columns
        self.keys = [key_of(name) for name in columns]
        self.chosen: dict[str, Choice] = {}
        self.closed: set[str] = set()
        self.problems: list[str] = []

    def open_fields(self) -> list[str]:
        """Fields that are still to be found."""
        return [field for field in FIELDS if field not in self.closed]

    def free(self) -> list[int]:
        """Columns that no field has and that have a name."""
        taken = {place for choice in self.chosen.values() for place in choice.positions}
        return [
            place
            for place, name in enumerate(self.columns)
            if place not in taken and not is_nameless(name)
        ]

    def take(
        self, field: str, places: Sequence[int], how: How, headings: Sequence[str] = ()
    ) -> None:
        """Give columns to a field."""
        names = tuple(self.columns[place] for place in places)
        self.chosen[field] = Choice(field, names, tuple(places), how, tuple(headings))
        self.closed.add(field)

    def refuse(self, field: str, problem: str) -> None:
        """Close a field without a column and say why."""
        self.closed.add(field)
        self.problems.append(problem)

    def mapping(self) -> Mapping:
        """Give what was found."""
        choices = tuple(self.chosen[field] for field in FIELDS if field in self.chosen)
        return Mapping(choices, tuple(self.columns[place] for place in self.free()))

    # --- given by the user -----------------------------------------------------------------------

    def take_given(self, given: abc.Mapping[str, str]) -> None:
        """Take the columns that the user named."""
        for field, column in given.items():
            if field not in FIELDS:
                self.problems.append(f"no field {field!r}. Fields: {', '.join(FIELDS)}.")
            elif not column:
                self.closed.add(field)
            else:
                self._take_one_given(field, column)

    def _take_one_given(self, field: str, column: str) -> None:
        whole = self._places_of(column)
        names = (
            [column] if whole or field != "text" else [name.strip() for name in column.split("+")]
        )
        places = [self._places_of(name) for name in names]
        for name, found in zip(names, places, strict=True):
            if not found:
                self.refuse(field, f"no column {name!r} for {field!r}. {self._nearest(name)}")
            elif len(found) > 1:
                self.refuse(field, f"{len(found)} columns are called {name!r}; rename one.")
        if field not in self.closed:
            flat = [found[0] for found in places]
            self.take(field, flat, "given", map(_heading, names) if len(flat) > 1 else ())  # type: ignore[arg-type]

    def _places_of(self, name: str) -> list[int]:
        same = [place for place, column in enumerate(self.columns) if column == name]
        if same or not key_of(name):
            return same
        return [place for place, key in enumerate(self.keys) if key == key_of(name)]

    def _nearest(self, name: str) -> str:
        near = nearest(name, [self.columns[place] for place in self.free()])
        return f"Near it: {listed(near[:3])}." if near else ""

    # --- found by name ---------------------------------------------------------------------------

    def take_named(self, how: How, names: abc.Mapping[str, Sequence[str]]) -> None:
        """Take columns whose name is one of the field's."""
        for field in self.open_fields():
            keys = set(map(key_of, names[field]))
            places = self._without_twins([p for p in self.free() if self.keys[p] in keys])
            if len(places) == 1:
                self.take(field, places, how)
            elif places:
                self._refuse_as_ambiguous(field, places)

    def _without_twins(self, places: list[int]) -> list[int]:
        """Leave out ``note_datetime`` beside ``note_date``: it is the same day told finer."""
        days = {self.keys[place] for place in places}
        return [p for p in places if (k := self.keys[p]) == _day(k) or _day(k) not in days]

    def _refuse_as_ambiguous(self, field: str, places: Sequence[int]) -> None:
        names = [self.columns[place] for place in places]
        said = f"{len(names)} columns could be {field!r}: {listed(names)}."
        if len(set(names)) < len(names):
            self.refuse(field, f"{said} Rename all but one of those with the same name.")
        else:
            self.refuse(field, f"{said} Say which with {options(field, names)}.")

    def take_parts(self) -> None:
        """Join findings and impression (and addendum) where no column has the whole text."""
        places = {heading: self._part(names) for heading, names in PARTS.items()}
        self._refuse_unsure_whole(places["IMPRESSION"])
        if "text" in self.closed or not (places["FINDINGS"] and places["IMPRESSION"]):
            return
        for found in places.values():
            if len(found) > 1:
                self._refuse_as_ambiguous("text", found)
                return
        present = {heading: found[0] for heading, found in places.items() if found}
        self.take("text", list(present.values()), "alias", list(present))

    def _refuse_unsure_whole(self, impression: Sequence[int]) -> None:
        whole = self.chosen.get("text")
        if not (whole and whole.how == "alias" and impression):
            return
        name, other = whole.columns[0], self.columns[impression[0]]
        if key_of(name) in UNSURE_WHOLE:
            del self.chosen["text"]
            self.refuse(
                "text",
                f"column {name!r} may be the whole report or all but the impression, which is in "
                f"{other!r}. Say which with {options('text', [name, f'{name}+{other}'])}.",
            )

    def _part(self, names: Sequence[str]) -> list[int]:
        keys = set(map(key_of, names))
        return [place for place in self.free() if self.keys[place] in keys]

    # --- found by likeness -----------------------------------------------------------------------

    def take_similar(self) -> None:
        """Take columns whose name is nearly one of the field's, if it is clearly the best."""
        scores = self._scores()
        claims = {field: _clearly_best(near) for field, near in scores.items() if near}
        for field, places in claims.items():
            rivals = [
                other
                for other, theirs in scores.items()
                if other != field and theirs.get(places[0], 0) > scores[field][places[0]] - CLEARLY
            ]
            if len(places) > 1:
                self._refuse_as_ambiguous(field, places)
            elif rivals:
                name = self.columns[places[0]]
                self.refuse(
                    field,
                    f"column {name!r} could be {field!r} or {rivals[0]!r}. "
                    f"Say which with {options(field, [name])} or {options(rivals[0], [name])}.",
                )
            else:
                self.take(field, places, "similar")

    def _scores(self) -> dict[str, dict[int, float]]:
        """How alike each free column is to each open field, where alike enough."""
        return {
            field: {
                place: score
                for place in self.free()
                if (score := _likeness(self.keys[place], field)) >= SIMILARITY
            }
            for field in self.open_fields()
        }

    def need_text(self) -> None:
        """Say that the text is missing, if it is."""
        if "text" in self.closed:
            return
        shown = showable(self.columns)
        parts = [self.columns[place] for names in PARTS.values() for place in self._part(names)]
        near = nearest("report_text", [self.columns[place] for place in self.free()])
        would_do = [name for name in dict.fromkeys([*parts, *near]) if name in shown][:3]
        said = f"no column holds the 'text'. Say which with {options('text', would_do)}."
        self.refuse("text", said)


def _day(key: str) -> str:
    return key.replace("datetime", "date")


def _heading(name: str) -> str:
    key = key_of(name)
    known = (heading for heading, names in PARTS.items() if key in map(key_of, names))
    return next(known, name.strip().upper())


def _likeness(key: str, field: str) -> float:
    from rapidfuzz.distance import OSA

    names = map(key_of, [field, *ALIASES[field]])
    return max((OSA.normalized_similarity(key, name) for name in names), default=0.0)


def _clearly_best(scores: dict[int, float]) -> list[int]:
    best = max(scores.values())
    return [place for place, score in scores.items() if score > best - CLEARLY]
