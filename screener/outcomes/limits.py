"""Limits of normal declared in a table: by analyte and, where stated, sex, age, site and date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from screener.outcomes.results import Place


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a result is of, as far as limits depend on it; what is not known is empty."""

    sex: str = ""
    age: Decimal | None = None
    site: str = ""


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One row of the table.

    Attributes
    ----------
    analyte_id
        Short name of the analyte.
    uln, lln
        Limits in the unit of the row; a limit that is not stated is ``None``.
    factor
        What they are multiplied by to be in the analyte's own unit.
    sex, site
        To whom they apply; empty for all.
    age_from, age_to
        In years, the first included and the second not; ``None`` for no bound.
    valid_from, valid_to
        Days on which they apply, both included; ``None`` for no bound.
    place
        Where the row stands.
    """

    analyte_id: str
    uln: Decimal | None
    lln: Decimal | None
    factor: Decimal
    place: Place
    sex: str = ""
    site: str = ""
    age_from: Decimal | None = None
    age_to: Decimal | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def applies(self, subject: Subject, day: date) -> bool | None:
        """Whether it applies to someone on a day; ``None`` where what it asks for is not known."""
        fits = (
            _fits(self.sex, subject.sex),
            _fits(self.site.casefold(), subject.site.casefold()),
            self._fits_age(subject.age),
            self.valid_from is None or self.valid_from <= day,
            self.valid_to is None or day <= self.valid_to,
        )
        if False in fits:
            return False
        return None if None in fits else True

    def _fits_age(self, age: Decimal | None) -> bool | None:
        if self.age_from is None and self.age_to is None:
            return True
        if age is None:
            return None
        return (self.age_from is None or self.age_from <= age) and (
            self.age_to is None or age < self.age_to
        )

    @property
    def asks_for(self) -> frozenset[str]:
        """What it depends on."""
        stated = {
            "sex": self.sex != "",
            "site": self.site != "",
            "age": self.age_from is not None or self.age_to is not None,
            "date": self.valid_from is not None or self.valid_to is not None,
        }
        return frozenset(name for name, is_stated in stated.items() if is_stated)


def find_limits(
    rows: Sequence[LimitRow], analyte_id: str, subject: Subject, day: date
) -> LimitRow | str:
    """Return the row that applies, or why none can be taken.

    Of several rows the one that asks for more than every other (site and sex before site alone) is
    taken; where there is no such one, none is. Neither is one where another might apply, were more
    known of the patient.

    Examples
    --------
    >>> where = Place("limits.csv", 2)
    >>> everyone = LimitRow("ALP", Decimal(115), None, Decimal(1), where)
    >>> men = LimitRow("ALP", Decimal(129), None, Decimal(1), where, sex="male")
    >>> day = date(2021, 3, 1)
    >>> find_limits([everyone, men], "ALP", Subject(sex="male"), day).uln
    Decimal('129')
    >>> find_limits([everyone, men], "ALP", Subject(), day)
    'the limits (limits.csv:2) depend on the sex, which is not known'
    """
    of_analyte = [(row, row.applies(subject, day)) for row in rows if row.analyte_id == analyte_id]
    unclear = [row for row, applies in of_analyte if applies is None]
    if unclear:
        asked = " or ".join(sorted({name for row in unclear for name in row.asks_for} - {"date"}))
        return f"the limits ({_places(unclear)}) depend on the {asked}, which is not known"
    fitting = [row for row, applies in of_analyte if applies]
    closest = [
        row
        for row in fitting
        if all(other is row or other.asks_for < row.asks_for for other in fitting)
    ]
    if closest:
        return closest[0]
    limits = {(row.uln, row.lln, row.factor) for row in fitting}
    if len(limits) == 1:
        return fitting[0]
    if fitting:
        return f"several rows of limits apply ({_places(fitting)})"
    return "no row of limits applies"


def _fits(asked: str, known: str) -> bool | None:
    if not asked:
        return True
    return asked == known if known else None


def _places(rows: Sequence[LimitRow]) -> str:
    return ", ".join(str(row.place) for row in rows[:4])
