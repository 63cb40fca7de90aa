"""A study as a REDCap project: the instruments, the data dictionary, and the rows of an import.

Each case is a record. Its screening is the form ``screening``, which is filled once; ``read`` is a
repeating instrument with one instance a reader, by the reader's place in the charter; ``consensus``
is one with a single instance, which a record has when it is settled.

The columns of the dictionary are those of REDCap's template (Help & FAQ, "Data Dictionary").
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from screener.exports.redcap_fields import FIELD_COLUMNS, Field, Form
from screener.exports.tables import Cell, Column, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.reads import Read
    from screener.study_contents import CaseContents, StudyContents

VERDICTS = {"no": 0, "yes": 1, "cannot_assess": 2}
CONFIDENCES = {"low": 1, "moderate": 2, "high": 3}
KINDS = {"first": 1, "amendment": 2, "adjudication": 3}
ROUNDS = {"calibration": 1, "main": 2}
ORIGINS = {"flagged": 1, "audit": 2}
STATUSES = {"concordant": 1, "discordant": 2}
BASES = {"reads": 1, "adjudicator": 2, "meeting": 3}
COMPLETE = 2
"""REDCap's code of a form that is complete."""

_VERDICT_LABELS = ("No", "Yes", "Cannot assess")
DICTIONARY = Table("data_dictionary", tuple(Column(name, str) for name in FIELD_COLUMNS))
REPEATING = Table(
    "repeating_instruments", (Column("form_name", str), Column("custom_form_label", str))
)


def forms_of(contents: StudyContents) -> tuple[Form, ...]:
    """Return the instruments of a study's project; the first field names the record."""
    return (_screening_form(), _read_form(contents), _consensus_form(contents))


def dictionary_rows(forms: tuple[Form, ...]) -> Iterator[Row]:
    """Give one row of `DICTIONARY` a field."""
    for form in forms:
        for field in form.fields:
            yield field.cells(form.name)


def repeating_rows(forms: tuple[Form, ...]) -> Iterator[Row]:
    """Give the repeating instruments as REDCap's API imports them."""
    for form in forms:
        if form.is_repeating:
            yield (form.name, form.label)


def data_table(forms: tuple[Form, ...]) -> Table:
    """Return the columns of the import: the record, the repeats, every field, every form's end."""
    kinds = {"date_ymd": date, "number": float, "integer": int}
    columns = [
        Column("record_id", str),
        Column("redcap_repeat_instrument", str),
        Column("redcap_repeat_instance", int),
    ]
    for form in forms:
        for field in form.fields:
            if field.name != "record_id":
                kind = int if field.choices else kinds.get(field.validation, str)
                columns.append(Column(field.name, kind))
        columns.append(Column(f"{form.name}_complete", int))
    return Table("data", tuple(columns))


def data_rows(contents: StudyContents, table: Table) -> Iterator[Row]:
    """Give the rows of the complete cases: the screening, the reads, the consensus."""
    for case in contents.complete:
        yield _row(table, case.case_id, "", None, _screening_cells(case))
        for number, reader in enumerate(contents.readers, start=1):
            if read := case.standing.get(reader):
                yield _row(table, case.case_id, "read", number, _read_cells(read, number, contents))
        if case.verdict is not None:
            yield _row(table, case.case_id, "consensus", 1, _consensus_cells(case))


def _row(
    table: Table, record_id: str, form: str, instance: int | None, cells: dict[str, Cell]
) -> Row:
    ends = {f"{form or 'screening'}_complete": COMPLETE}
    where = {
        "record_id": record_id,
        "redcap_repeat_instrument": form or None,
        "redcap_repeat_instance": instance,
    }
    every = {**where, **cells, **ends}
    return tuple(every.get(name) for name in table.column_names)


def _screening_form() -> Form:
    return Form(
        "screening",
        "",
        (
            Field("record_id", "Case"),
            Field("patient_id", "Patient", is_identifier=True),
            Field.of_choices("case_round", "Round", dict(zip(ROUNDS, ROUNDS, strict=True)), ROUNDS),
            Field.of_choices(
                "origin",
                "Drawn because",
                {"flagged": "Flagged by the screen", "audit": "At random of the others"},
                ORIGINS,
            ),
            Field("screen_tier", "Tier of the screen"),
            Field("screen_score", "Score of the screen", validation="number"),
            Field("n_reports", "Reports", validation="integer", low="0"),
            Field("first_exam_on", "First report", validation="date_ymd", is_identifier=True),
            Field("last_exam_on", "Last report", validation="date_ymd", is_identifier=True),
        ),
    )


def _read_form(contents: StudyContents) -> Form:
    readers = {name: name for name in contents.readers}
    confidences = {one: one for one in CONFIDENCES}
    numbers = {name: number for number, name in enumerate(contents.readers, start=1)}
    kinds = {"first": "First read", "amendment": "Amended", "adjudication": "Adjudication"}
    return Form(
        "read",
        "[reader]",
        (
            Field.of_choices("reader", "Reader", readers, numbers, type_="dropdown"),
            Field.of_choices("read_kind", "Kind of read", kinds, KINDS),
            _verdict("verdict", contents.question),
            Field("reason", "Why it cannot be assessed", type="notes"),
            Field.measured("percent", "Percent involved, as entered", "100"),
            Field.measured("involved_percent", "Percent involved, entered or of volumes"),
            Field.of_choices("confidence", "Confidence", confidences, CONFIDENCES),
            Field("modality", "Modality reviewed"),
            Field.measured("tumor_volume_ml", "Tumour volume (mL)"),
            Field.measured("liver_volume_ml", "Liver volume (mL)"),
            Field.measured("suvmax_tumor", "SUVmax of the tumour"),
            Field.measured("suvmax_liver", "SUVmax of normal liver"),
            Field("comment", "Comment", type="notes", is_identifier=True),
            Field("locked_on", "Locked on (UTC)", validation="date_ymd"),
            Field("amendment_reason", "Why it was amended", type="notes", is_identifier=True),
        ),
    )


def _consensus_form(contents: StudyContents) -> Form:
    statuses = {"concordant": "All readers say the same", "discordant": "The readers differ"}
    bases = {"reads": "The reads", "adjudicator": "The adjudicator", "meeting": "A meeting"}
    return Form(
        "consensus",
        "[consensus_verdict]",
        (
            _verdict("consensus_verdict", contents.question),
            Field("consensus_percent", "Percent involved", validation="number", low="0"),
            Field.of_choices("consensus_status", "Agreement", statuses, STATUSES),
            Field.of_choices("consensus_basis", "Decided by", bases, BASES),
        ),
    )


def _verdict(name: str, question: str) -> Field:
    labels = dict(zip(VERDICTS, _VERDICT_LABELS, strict=True))
    return Field.of_choices(name, question, labels, VERDICTS)


def _screening_cells(case: CaseContents) -> dict[str, Cell]:
    days = [one.exam_on for one in case.file.reports if one.exam_on]
    return {
        "patient_id": case.patient_id,
        "case_round": ROUNDS[case.round],
        "origin": ORIGINS[case.origin],
        "screen_tier": case.tier,
        "screen_score": case.score,
        "n_reports": len(case.file.reports),
        "first_exam_on": min(days, default=None),
        "last_exam_on": max(days, default=None),
    }


_AS_ENTERED = (
    *("reason", "percent", "involved_percent", "modality", "tumor_volume_ml", "liver_volume_ml"),
    *("suvmax_tumor", "suvmax_liver", "comment"),
)


def _read_cells(read: Read, number: int, contents: StudyContents) -> dict[str, Cell]:
    form = read.form
    return {
        **{name: getattr(form, name) for name in _AS_ENTERED},
        "reader": number,
        "read_kind": KINDS[read.kind],
        "verdict": VERDICTS[form.verdict] if form.verdict else None,
        "confidence": CONFIDENCES[form.confidence] if form.confidence else None,
        "locked_on": None if contents.is_deidentified else read.locked_at.date(),
        "amendment_reason": read.amendment_reason,
    }


def _consensus_cells(case: CaseContents) -> dict[str, Cell]:
    result = case.result
    if result is None or result.verdict is None:
        raise ValueError
    return {
        "consensus_verdict": VERDICTS[result.verdict],
        "consensus_percent": result.percent,
        "consensus_status": STATUSES.get(result.status),
        "consensus_basis": BASES.get(result.basis),
    }
