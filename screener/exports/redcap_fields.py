"""Fields of a REDCap project, and the rules that REDCap holds a dictionary and an import to.

The rules are those of REDCap's Help & FAQ ("Data Dictionary", "Repeating Instruments", "Data Import
Tool"): names, types, choices, validation, and which cells a row may fill.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screener.exports.tables import Row

FIELD_COLUMNS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
MAX_NAME = 26
"""Longer names are allowed, and cut by some statistics packages."""
MAX_RECORD_ID = 100

_NAME = re.compile(r"[a-z](?:[a-z0-9]|_(?!_))*(?<!_)")
_CODE = re.compile(r"-?[0-9]+")
_WITH_CHOICES = {"radio", "dropdown", "checkbox"}
_TYPES = {"text", "notes", *_WITH_CHOICES}
_VALIDATIONS = {"", "number", "integer", "date_ymd"}
_RESERVED = {"redcap_repeat_instrument", "redcap_repeat_instance", "redcap_event_name"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an instrument; `choices` are pairs of code and label."""

    name: str
    label: str
    type: str = "text"
    choices: tuple[tuple[int, str], ...] = ()
    validation: str = ""
    low: str = ""
    high: str = ""
    is_identifier: bool = False

    @classmethod
    def of_choices(
        cls,
        name: str,
        label: str,
        labels: Mapping[str, str],
        codes: Mapping[str, int],
        type_: str = "radio",
    ) -> Field:
        """Return a field with a code for each word."""
        choices = tuple((code, labels[word]) for word, code in codes.items())
        return cls(name, label, type_, choices)

    @classmethod
    def measured(cls, name: str, label: str, high: str = "") -> Field:
        """Return a field for a number that is not below 0."""
        return cls(name, label, validation="number", low="0", high=high)

    def cells(self, form: str) -> Row:
        """Return the field as a row of the dictionary; a bar would part two choices."""
        told = " | ".join(f"{code}, {label.replace('|', '/')}" for code, label in self.choices)
        is_identifier = "y" if self.is_identifier else ""
        head = (self.name, form, "", self.type, self.label, told, "")
        return (*head, self.validation, self.low, self.high, is_identifier, *("",) * 7)


@dataclass(frozen=True, slots=True)
class Form:
    """One instrument; with a label of its instances it repeats."""

    name: str
    label: str
    fields: tuple[Field, ...]

    @property
    def is_repeating(self) -> bool:
        """Whether a record may have several of it."""
        return bool(self.label)


def dictionary_problems(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Give what REDCap would refuse of a data dictionary, one sentence each.

    Parameters
    ----------
    rows
        By the names of `FIELD_COLUMNS`.

    Examples
    --------
    >>> row = dict.fromkeys(FIELD_COLUMNS, "")
    >>> row |= {"Variable / Field Name": "2nd", "Form Name": "a", "Field Type": "text"}
    >>> list(dictionary_problems([row]))
    ["row 2: '2nd' is no name: a to z first, then also 0 to 9 and single _"]
    """
    seen: set[str] = set()
    form_names: list[str] = []
    for number, row in enumerate(rows, start=2):
        if set(row) != set(FIELD_COLUMNS):
            yield f"row {number}: the columns are not the 18 of the template"
            continue
        name, form = row["Variable / Field Name"], row["Form Name"]
        if name in seen:
            yield f"row {number}: {name!r} stands twice"
        if form in form_names[:-1]:
            yield f"row {number}: the fields of {form!r} are not together"
        seen.add(name)
        form_names = [*(one for one in form_names if one != form), form]
        yield from (f"row {number}: {told}" for told in _field_problems(row))


def _field_problems(row: Mapping[str, str]) -> Iterator[str]:
    name, type_ = row["Variable / Field Name"], row["Field Type"]
    for what in (name, row["Form Name"]):
        if not _NAME.fullmatch(what):
            yield f"{what!r} is no name: a to z first, then also 0 to 9 and single _"
    if len(name) > MAX_NAME or name in _RESERVED or name.endswith("_complete"):
        yield f"{name!r} is too long ({MAX_NAME}) or REDCap's own"
    if type_ not in _TYPES:
        yield f"{type_!r} is no type of field"
    validation = row["Text Validation Type OR Show Slider Number"]
    if validation not in _VALIDATIONS or (validation and type_ != "text"):
        yield f"{validation!r} is no validation of a field of type {type_!r}"
    yield from _choice_problems(row["Choices, Calculations, OR Slider Labels"], type_)


def _choice_problems(told: str, type_: str) -> Iterator[str]:
    if (type_ in _WITH_CHOICES) != bool(told):
        yield f"a field of type {type_!r} has {'no' if not told else 'these'} choices"
    pairs = [one.strip().partition(", ") for one in told.split("|")] if told else []
    codes = [code for code, _, _ in pairs]
    if len(set(codes)) < len(codes) or not all(map(_CODE.fullmatch, codes)):
        yield "its codes are not whole numbers that differ"
    if not all(label.strip() for _, _, label in pairs):
        yield "a choice has no label"


def data_problems(rows: Iterable[Mapping[str, str]], forms: tuple[Form, ...]) -> Iterator[str]:
    """Give what REDCap would refuse of an import, one sentence each; never a cell's text.

    Parameters
    ----------
    rows
        By the columns of the import, cells as CSV has them.
    forms
        The project's instruments; the first field of the first names the record.
    """
    checks = _Checks(forms)
    for number, row in enumerate(rows, start=2):
        yield from (f"row {number}: {told}" for told in checks.problems(row))


class _Checks:
    def __init__(self, forms: tuple[Form, ...]) -> None:
        self.key = forms[0].fields[0].name
        self.repeating = {form.name for form in forms if form.is_repeating}
        self.fields = {field.name: field for form in forms for field in form.fields}
        self.form_of = {field.name: form.name for form in forms for field in form.fields}
        self.form_of |= {f"{form.name}_complete": form.name for form in forms}
        self.seen: set[tuple[str, str, str]] = set()

    def problems(self, row: Mapping[str, str]) -> Iterator[str]:
        record = row[self.key]
        if not record or record != record.strip() or len(record) > MAX_RECORD_ID:
            yield "its record has no name that REDCap takes"
        form, instance = row["redcap_repeat_instrument"], row["redcap_repeat_instance"]
        if (record, form, instance) in self.seen:
            yield "the same instance stands above"
        self.seen.add((record, form, instance))
        if form and form not in self.repeating:
            yield f"{form!r} is no repeating instrument"
        if bool(form) != bool(re.fullmatch("[1-9][0-9]*", instance)):
            yield "the instrument and the number of its instance do not go together"
        yield from self._cell_problems(row, form)

    def _cell_problems(self, row: Mapping[str, str], form: str) -> Iterator[str]:
        for name, cell in row.items():
            if not cell or name == self.key or name in _RESERVED:
                continue
            owner = self.form_of.get(name)
            if owner is None:
                yield f"the project has no field {name!r}"
            elif (owner != form) if form else (owner in self.repeating):
                yield f"{name!r} is not of the instrument of its row"
            elif name in self.fields and not _fits(self.fields[name], cell):
                yield f"{name!r} has a cell that does not fit the field"


def _fits(field: Field, cell: str) -> bool:
    if field.choices:
        return cell in {str(code) for code, _ in field.choices}
    try:
        if field.validation == "date_ymd":
            return date.fromisoformat(cell).isoformat() == cell
        if not field.validation:
            return True
        number = int(cell) if field.validation == "integer" else float(cell)
    except ValueError:
        return False
    low, high = float(field.low or "-inf"), float(field.high or "inf")
    return low <= number <= high
