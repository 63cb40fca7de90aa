"""A run or a study as rows of OMOP CDM 5.4: NOTE_NLP and COHORT.

Columns, their order and the lengths of texts are those of the CDM 5.4 (OHDSI CommonDataModel,
field level definitions). What a term's modifiers mean is that of the CDM's page on NOTE_NLP: a term
does not exist where it is negated, of the family, or only hypothetical.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from screener.exports.tables import Column, Row, Table

if TYPE_CHECKING:
    from collections.abc import Callable

NOTE_NLP = Table(
    "note_nlp",
    (
        Column("note_nlp_id", int),
        Column("note_id", int),
        Column("section_concept_id", int),
        Column("snippet", str),
        Column("offset", str),
        Column("lexical_variant", str),
        Column("note_nlp_concept_id", int),
        Column("note_nlp_source_concept_id", int),
        Column("nlp_system", str),
        Column("nlp_date", date),
        Column("nlp_datetime", str),
        Column("term_exists", str),
        Column("term_temporal", str),
        Column("term_modifiers", str),
    ),
)
COHORT = Table(
    "cohort",
    (
        Column("cohort_definition_id", int),
        Column("subject_id", int),
        Column("cohort_start_date", date),
        Column("cohort_end_date", date),
    ),
)
LENGTHS = {
    "snippet": 250,
    "offset": 50,
    "lexical_variant": 250,
    "nlp_system": 250,
    "term_exists": 1,
    "term_temporal": 50,
    "term_modifiers": 2000,
}
"""Characters, varchar(n) of the CDM."""
STATES = ("negated", "historical", "hypothetical", "uncertain", "family")
_ABSENT = frozenset({"negated", "hypothetical", "family"})
_AROUND = 90
"""Characters of context on either side of a term."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A term in a report.

    Attributes
    ----------
    report_id, start
        Where: characters of the text as exported.
    words
        As exported; empty where texts are dropped, and then the concept stands for them.
    snippet
        The words with what is around them; empty where texts are dropped.
    concept, section
        Of the pack; `section` is empty where it is not known.
    states
        Those of `STATES` that hold.
    """

    report_id: str
    start: int
    words: str
    snippet: str
    concept: str
    section: str
    states: frozenset[str]


@dataclass(frozen=True, slots=True)
class Membership:
    """A patient in the cohort from one day to another; ``None`` where no day is known."""

    patient_id: str
    start_on: date | None
    end_on: date | None


@dataclass(frozen=True, slots=True)
class Nlp:
    """What wrote the rows, when, and the concepts of a vocabulary by those of the pack.

    A section is among the concepts as ``section:impression``.
    """

    system: str
    ran_on: date
    concepts: Mapping[str, int] = field(default_factory=dict)


def snippet_of(text: str, start: int, end: int) -> str:
    """Return a term with at most `_AROUND` characters on either side.

    >>> snippet_of("Innumerable hepatic metastases.", 12, 19)
    'Innumerable hepatic metastases.'
    """
    return text[max(0, start - _AROUND) : end + _AROUND]


def note_nlp_rows(
    mentions: Iterable[Mention], nlp: Nlp, note_number: Callable[[str], int]
) -> Iterator[Row]:
    """Give the rows of `NOTE_NLP`, numbered from 1; `note_number` gives the NOTE's id."""
    at = datetime.combine(nlp.ran_on, datetime.min.time()).isoformat(sep=" ")
    for number, one in enumerate(mentions, start=1):
        yield (
            *(number, note_number(one.report_id), nlp.concepts.get(f"section:{one.section}", 0)),
            fitted("snippet", one.snippet) or None,
            str(one.start),
            fitted("lexical_variant", one.words or one.concept),
            *(nlp.concepts.get(one.concept, 0), 0),
            fitted("nlp_system", nlp.system),
            *(nlp.ran_on, at),
            "N" if one.states & _ABSENT else "Y",
            "Past" if "historical" in one.states else "Present",
            fitted("term_modifiers", _modifiers(one)),
        )


def cohort_rows(
    members: Iterable[Membership], definition_id: int, person_number: Callable[[str], int]
) -> Iterator[Row]:
    """Give the rows of `COHORT`; who has no day cannot be in one."""
    for one in members:
        if one.start_on and one.end_on:
            yield (definition_id, person_number(one.patient_id), one.start_on, one.end_on)


def fitted(name: str, text: str) -> str:
    """Return a text as its column holds it: no NUL, and cut to its length.

    >>> len(fitted("snippet", "x" * 1000))
    250
    """
    return text.replace("\x00", " ")[: LENGTHS[name]]


def _modifiers(one: Mention) -> str:
    told = [f"{state}=true" for state in STATES if state in one.states]
    told += [f"section={one.section}"] if one.section else []
    return ",".join([*told, f"concept={one.concept}"])
