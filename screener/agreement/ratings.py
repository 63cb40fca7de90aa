"""Reads as they are compared: cases by readers, each read a place on one scale or missing.

Readers spell: ``yes``, ``Yes`` and ``yes `` are one category, and so are ``1`` and ``1.0``. What
was taken for what is told in notes, and all that is wrong is told at once, by place and never by
content: a column taken for a reader may hold anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from screener.agreement.cells import Cell, Numbers, read_cell
from screener.agreement.scales import (
    METRIC,
    Level,
    Scale,
    canonical,
    in_order,
    number_label,
    numeral,
    positive_of,
)
from screener.errors import SourceError

MIXED_UNITS = "numbers without % are at most 1 and may be shares; write all in one unit"
MAX_CATEGORIES = 1_000
MANY_CATEGORIES = 20
MAX_TOLD = 20
MAX_LABELS = 12
"""So many categories are named in a message; more are likely to be no categories at all."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """Reads of the same cases by several readers.

    Attributes
    ----------
    readers
        Their names.
    cases
        One tuple a case with one code a reader: an index into the scale's labels, ``None`` where
        the reader did not read the case.
    scale
        What the codes stand for.
    notes
        What the user should know of how the reads were taken, one sentence each.
    settled
        One code a case: the settled verdict, which is nobody's read; ``None`` where there is none.
    """

    readers: tuple[str, ...]
    cases: tuple[tuple[int | None, ...], ...]
    scale: Scale
    notes: tuple[str, ...] = ()
    settled: tuple[int | None, ...] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How reads are to be taken.

    Attributes
    ----------
    level
        The level of measurement.
    categories
        The categories on offer, low to high where they have an order; ``None``: those that occur.
    positive
        Which of two categories is the positive one; empty: the one that says so.
    has_decimal_comma
        Whether ``1,5`` is one and a half.
    settled
        Which of the columns is no reader but holds the settled verdicts; empty: none.
    """

    level: Level
    categories: Sequence[str] | None = None
    positive: str = ""
    has_decimal_comma: bool = False
    settled: str = ""


def make_ratings(
    reads: Mapping[str, Sequence[object]],
    reading: Reading,
    places: Sequence[str] | None = None,
    where: str = "",
) -> Ratings:
    """Take reads as places on one scale.

    Parameters
    ----------
    reads
        One sequence a reader, all of one length: the reads of the cases in their order. ``None``,
        NaN, blank text and ``NA`` are cases not read.
    reading
        How to take them.
    places
        Where each case stands, for errors; by default its number.
    where
        Name of the table, for errors.

    Raises
    ------
    SourceError
        Where lengths differ, a read is not on the scale, or the order of categories is not known;
        all reads that are wrong at once.

    Examples
    --------
    >>> reads = {"a": ["Yes", "no", None], "b": ["yes ", "yes", ""]}
    >>> ratings = make_ratings(reads, Reading(Level.NOMINAL))
    >>> ratings.scale.labels, ratings.scale.positive
    (('no', 'yes'), 'yes')
    >>> ratings.cases
    ((1, 1), (0, 1), (None, None))
    """
    n_cases = {len(column) for column in reads.values()}
    if len(n_cases) > 1:
        raise SourceError(f"{where or 'Reads'}: the readers have different numbers of cases.")
    length = n_cases.pop() if n_cases else 0
    told = places or [f"case {number}" for number in range(1, length + 1)]
    return _Taking(reads, reading, told, where).ratings()


@dataclass(slots=True)
class _Taking:
    """One pass over reads that gathers every problem before it raises."""

    reads: Mapping[str, Sequence[object]]
    reading: Reading
    places: Sequence[str]
    where: str
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def ratings(self) -> Ratings:
        declared = self._declared()
        cells = {
            reader: [read_cell(value, declared) for value in column]
            for reader, column in self.reads.items()
        }
        self._tell_words_for_nothing(cells)
        labels = self._numbers(cells) if self.reading.level in METRIC else _labels(cells)
        spelling = self._spelling(labels, declared)
        self._check(labels, spelling)
        self._raise_problems()
        self._refuse_too_many(spelling)
        scale = self._scale(spelling, is_declared=bool(declared))
        code = {label: place for place, label in enumerate(scale.labels)}
        coded = {
            reader: [
                None if label is None else code[spelling[label.casefold()]] for label in column
            ]
            for reader, column in labels.items()
        }
        verdicts = coded.pop(self.reading.settled, None)
        cases = tuple(zip(*coded.values(), strict=True)) if coded else ((),) * len(self.places)
        settled = None if verdicts is None else tuple(verdicts)
        return Ratings(tuple(coded), cases, scale, tuple(self.notes), settled)

    def _declared(self) -> tuple[str, ...]:
        given = [str(label).strip() for label in self.reading.categories or ()]
        labels = [canonical(label) for label in given]
        if "" in labels or len({label.casefold() for label in labels}) < len(labels):
            raise SourceError(
                "The categories must be named, and differ in more than case: "
                f"{', '.join(map(repr, given))}."
            )
        return tuple(labels)

    def _tell_words_for_nothing(self, cells: Mapping[str, Sequence[Cell]]) -> None:
        words = Counter(cell.word for column in cells.values() for cell in column if cell.word)
        for word, n in sorted(words.items()):
            self.notes.append(f"{_count(n, 'cell')} with {word!r} taken as not read.")

    def _numbers(self, cells: Mapping[str, Sequence[Cell]]) -> dict[str, list[str | None]]:
        """The numbers of a metric scale as labels; cells that hold none are problems."""
        numbers = Numbers(has_decimal_comma=self.reading.has_decimal_comma)
        labels = {
            reader: [
                self._number(numbers, cell, place, reader)
                for cell, place in zip(column, self.places, strict=True)
            ]
            for reader, column in cells.items()
        }
        if numbers.mixes_shares_with_percents():
            self.problems.append(MIXED_UNITS)
        self.notes.extend(numbers.notes())
        return labels

    def _number(self, numbers: Numbers, cell: Cell, place: str, reader: str) -> str | None:
        if cell.text is None:
            return None
        number = numbers.read(cell.text)
        if number is None:
            self._tell(place, reader, f"is no number, as {self.reading.level} level needs")
            return None
        if number < 0 and self.reading.level is Level.RATIO:
            self._tell(place, reader, "is below 0, which ratio level cannot have")
            return None
        return number_label(number)

    def _spelling(
        self, labels: Mapping[str, Sequence[str | None]], declared: Sequence[str]
    ) -> dict[str, str]:
        """Each category by its small letters: as declared, else as it is spelt most often."""
        if declared:
            return {label.casefold(): label for label in declared}
        counts = Counter(label for label in chain(*labels.values()) if label is not None)
        spellings: dict[str, list[str]] = {}
        for label, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            spellings.setdefault(label.casefold(), []).append(label)
        n_merged = sum(len(group) > 1 for group in spellings.values())
        if n_merged:
            several = "differ" if n_merged > 1 else "differs"
            told = f"{_count(n_merged, 'category', 'categories')} {several}"
            self.notes.append(f"{told} between cells in upper and lower case only: taken as one.")
        return {key: group[0] for key, group in spellings.items()}

    def _check(
        self, labels: Mapping[str, Sequence[str | None]], spelling: Mapping[str, str]
    ) -> None:
        for reader, column in labels.items():
            for label, place in zip(column, self.places, strict=True):
                if label is not None and label.casefold() not in spelling:
                    known = ", ".join(map(repr, spelling.values()))
                    self._tell(place, reader, f"is none of the categories {known}")

    def _scale(self, spelling: Mapping[str, str], *, is_declared: bool) -> Scale:
        level, found = self.reading.level, tuple(spelling.values())
        labels = found if is_declared else in_order(found)
        if labels is None and level is Level.ORDINAL:
            raise SourceError(self._unordered(found))
        labels = labels or tuple(sorted(found, key=lambda label: (label.casefold(), label)))
        numbers = [number for label in labels if (number := numeral(label)) is not None]
        is_in_order = numbers in (sorted(numbers), sorted(numbers, reverse=True))
        has_places = level is Level.NOMINAL or len(numbers) < len(labels) or not is_in_order
        values = tuple(map(float, range(len(labels)))) if has_places else tuple(numbers)
        positive = "" if level in METRIC else self._positive(labels)
        return Scale(level, labels, values, positive, is_declared)

    def _positive(self, labels: Sequence[str]) -> str:
        wanted = canonical(self.reading.positive.strip())
        if not wanted:
            return positive_of(in_order(labels) or labels)
        found = next((label for label in labels if label.casefold() == wanted.casefold()), None)
        if found is None or len(labels) > 2:  # noqa: PLR2004  two categories
            raise SourceError(
                f"{self.where or 'Reads'}: {wanted!r} cannot be the positive one of "
                f"{_named(labels)}. Positive agreement needs two categories, and one of them."
            )
        return found

    def _refuse_too_many(self, labels: Collection[str]) -> None:
        if self.reading.level not in METRIC and len(labels) > MAX_CATEGORIES:
            raise SourceError(
                f"{self.where or 'Reads'}: there are {len(labels):,} different categories. A "
                "column may be no reader, or reads may be numbers."
            )
        if self.reading.level not in METRIC and len(labels) > MANY_CATEGORIES:
            self.notes.append(f"{len(labels):,} different categories: a column may be no reader.")

    def _unordered(self, labels: Sequence[str]) -> str:
        return (
            f"{self.where or 'Reads'}: nothing tells the order of {_named(labels)}. "
            "Give all categories from low to high (--categories), or take the level as nominal."
        )

    def _tell(self, place: str, reader: str, problem: str) -> None:
        self.problems.append(f"{place}, column {reader!r}: {problem}")

    def _raise_problems(self) -> None:
        if self.problems:
            told = self.problems[:MAX_TOLD]
            more = len(self.problems) - len(told)
            told += [f"and {more} more problems"] if more else []
            start = f"{self.where}: " if self.where else ""
            raise SourceError("\n".join(f"{start}{problem}." for problem in told))


def _labels(cells: Mapping[str, Sequence[Cell]]) -> dict[str, list[str | None]]:
    return {
        reader: [None if cell.text is None else canonical(cell.text) for cell in column]
        for reader, column in cells.items()
    }


def _named(labels: Sequence[str]) -> str:
    if len(labels) > MAX_LABELS:
        return f"the {len(labels)} categories"
    return ", ".join(map(repr, labels)) or "no category"


def _count(n: int, noun: str, plural: str = "") -> str:
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"
