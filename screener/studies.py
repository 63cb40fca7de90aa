"""Studies: the charter that says before the first read how cases are read and settled.

The charter is ``study.toml``. It holds when the first case is drawn: from then on the study keeps
its own copy, every read names its hash, and an edited file is told.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from screener.errors import Problem, StudyError
from screener.outcome_charters import ExamsOfStudy, OutcomesOfStudy

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

CHARTER_FILE = "study.toml"

Rule = Literal["majority", "unanimous", "unanimous_else_meeting", "two_plus_one", "median_percent"]
Shown = Literal["patient_id", "accession", "exam_on", "modality", "exam", "site", "status"]
ReaderName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=40)
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]

_STRICT = ConfigDict(extra="forbid", frozen=True)
_PRIMARY_OF_TWO_PLUS_ONE = 2


class PackOfStudy(BaseModel):
    """The rule pack that the candidates were screened with."""

    model_config = _STRICT

    name: Line
    version: Line
    sha256: Line


class ConsensusCharter(BaseModel):
    """How the reads of a case become its result."""

    model_config = _STRICT

    rule: Rule = "majority"
    adjudicator: ReaderName | Literal[""] = ""


class ReadingCharter(BaseModel):
    """What a reader is shown and asked."""

    model_config = _STRICT

    percent: Literal["off", "asked", "required"] = "asked"
    highlights: Literal["never", "after_lock", "always"] = "after_lock"
    others: Literal["never", "when_complete"] = "when_complete"
    shown: tuple[Shown, ...] = (
        *("patient_id", "accession", "exam_on", "modality", "exam", "site", "status"),
    )
    modalities: tuple[Line, ...] = ("CT", "MR", "PET/CT", "PET/MR", "US", "NM")


class StoreCharter(BaseModel):
    """Where the reads are kept; never a password."""

    model_config = _STRICT

    url: str = ""


class Charter(BaseModel):
    """All that ``study.toml`` states.

    Attributes
    ----------
    name, question
        Of the study; `question` is what every reader answers.
    cut_percent
        The verdict is yes above this percent of the organ.
    seed
        Of the audit sample and of every random order.
    readers
        Who reads, in order.
    eligibility
        In words; who is left out is left out at the draw.
    run
        The folder of the run that candidates are drawn from, as seen from the study's.
    pack, consensus, reading, exams, outcomes, store
        See their classes.
    """

    model_config = _STRICT

    name: Line
    question: Line
    cut_percent: Annotated[float, Field(ge=0, lt=100)] = 75.0
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    readers: Annotated[tuple[ReaderName, ...], Field(min_length=1, max_length=26)]
    eligibility: str = ""
    run: Line
    pack: PackOfStudy
    consensus: ConsensusCharter = ConsensusCharter()
    reading: ReadingCharter = ReadingCharter()
    exams: ExamsOfStudy = ExamsOfStudy()
    outcomes: OutcomesOfStudy = OutcomesOfStudy()
    store: StoreCharter = StoreCharter()

    @model_validator(mode="after")
    def _agree(self) -> Charter:
        problems = _contradictions(self)
        if problems:
            raise ValueError(" ".join(problems))
        return self

    @property
    def percent(self) -> Literal["off", "asked", "required"]:
        """Whether the percent is asked for; the median of percents cannot do without."""
        return "required" if self.consensus.rule == "median_percent" else self.reading.percent

    @property
    def modalities(self) -> tuple[str, ...]:
        """What may be named as reviewed; empty: anything."""
        return self.reading.modalities

    @property
    def adjudicator(self) -> str:
        """Who decides where the readers differ; empty where nobody does."""
        if self.consensus.rule != "two_plus_one":
            return ""
        return self.consensus.adjudicator or self.readers[-1]

    @property
    def primaries(self) -> tuple[str, ...]:
        """Who reads every case."""
        return tuple(name for name in self.readers if name != self.adjudicator)

    @property
    def everybody(self) -> tuple[str, ...]:
        """The readers, and the adjudicator last."""
        return (*self.primaries, *filter(None, [self.adjudicator]))

    @property
    def sha256(self) -> str:
        """Hash of what is stated; where the run and the store are does not matter."""
        # without defaults: a field that a later version adds must not change a study's hash
        stated = self.model_dump(mode="json", exclude={"run", "store"}, exclude_defaults=True)
        return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()


def read_charter(text: str, file: str = CHARTER_FILE) -> Charter:
    """Return the charter that a text in TOML states.

    Parameters
    ----------
    text
        What is in the file.
    file
        Its name, for messages.

    Raises
    ------
    StudyError
        With every problem of it, and the line of each.
    """
    try:
        stated = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"{file} is not TOML: {error}. Mend it.") from error
    try:
        return Charter.model_validate(stated)
    except ValidationError as error:
        problems = tuple(_problem(one, text, file) for one in error.errors())
        raise StudyError("The charter is wrong:", problems) from error


def charter_toml(charter: Charter) -> str:
    """Return a charter as TOML, each key with a line that says what it is for."""
    lines = [
        "# Charter of a study. It holds from the first draw on: the study keeps its own copy then.",
        *_table_lines(charter, _TOLD),
    ]
    for name, told in _TOLD_OF.items():
        lines += ["", f"[{name}]", *_table_lines(getattr(charter, name), told)]
    return "\n".join(lines) + "\n"


_TOLD = {
    "name": "",
    "question": "What every reader answers with yes, no or cannot assess.",
    "cut_percent": "Yes means more than this percent.",
    "seed": "Of the audit sample and of every random order.",
    "readers": "Who reads; three are usual.",
    "eligibility": "In words, for the record; who is not eligible is left out at the draw.",
    "run": "The run that candidates are drawn from, as seen from this folder.",
}
_TOLD_OF = {
    "pack": {"name": "The rule pack of the screen.", "version": "", "sha256": ""},
    "consensus": {
        "rule": "majority, unanimous, unanimous_else_meeting, two_plus_one or median_percent.",
        "adjudicator": "With two_plus_one: who decides; empty: the last of the readers.",
    },
    "reading": {
        "percent": "The percent involved: off, asked or required.",
        "highlights": "The screen's words in a report: never, after_lock or always.",
        "others": "The others' reads: never, or when_complete (all have locked the case).",
        "shown": "What readers see of a report beside its text.",
        "modalities": "What may be named as reviewed; empty: anything.",
    },
    "exams": {
        "min_cycles": "Eligible: so many cycles of therapy, and round the first of them ...",
        "before": "... from so long before it (30d, 6w, 6 months; the ends count)",
        "after": "... to so long after it",
        "somatostatin_pet": "... a PET with a somatostatin ligand",
        "contrast": "... and a CT or MR of the liver with contrast.",
    },
    "outcomes": {
        "baseline_rule": "v5_baseline_adjusted, absolute_uln or worsening_only.",
        "baseline_window": "The last value so long before the first cycle.",
        "therapy_window": "The worst value from the first cycle to so long after the last.",
        "first_day": "A sample of the day of the first cycle: therapy or baseline.",
        "no_baseline": "Without a baseline: graded as if normal, or ungradable.",
    },
    "store": {"url": "Empty: SQLite in this folder. Never write a password here."},
}


def _table_lines(table: BaseModel, told: dict[str, str]) -> list[str]:
    lines = []
    for name, why in told.items():
        lines += [f"# {why}"] if why else []
        lines.append(f"{name} = {_toml_value(getattr(table, name))}")
    return lines


def _toml_value(value: object) -> str:
    """A JSON string, number or list of strings is also TOML, but for DEL."""
    listed = list(value) if isinstance(value, tuple) else value
    return json.dumps(listed, ensure_ascii=False).replace("\x7f", "\\u007f")


def _contradictions(charter: Charter) -> list[str]:
    problems = []
    names = charter.readers
    folded = [name.casefold() for name in names]
    twice = sorted({name for name in names if folded.count(name.casefold()) > 1})
    if twice:
        problems.append(f"readers: {', '.join(twice)} differ in nothing; give each an own name.")
    rule, adjudicator = charter.consensus.rule, charter.consensus.adjudicator
    if rule == "two_plus_one" and len(charter.primaries) < _PRIMARY_OF_TWO_PLUS_ONE:
        problems.append("consensus.rule two_plus_one needs two readers and one who decides.")
    if adjudicator and rule != "two_plus_one":
        problems.append("consensus.adjudicator is for the rule two_plus_one only.")
    if rule == "median_percent" and charter.reading.percent == "off":
        problems.append("consensus.rule median_percent needs reading.percent.")
    return problems


def _problem(error: ErrorDetails, text: str, file: str) -> Problem:
    path = [str(part) for part in error["loc"]]
    key = ".".join(path)
    said = str(error["msg"]).removeprefix("Value error, ")
    return Problem(file, _line_of(path, text), f"{key}: {said}" if key else said)


def _line_of(path: list[str], text: str) -> int:
    """The line of a key, or of its table, or 1."""
    table, found = "", 1
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := re.match(r"\s*\[([^\]]+)\]", line):
            table = heading[1].strip()
            found = number if path[:1] == [table] else found
        elif key := re.match(r"\s*([A-Za-z0-9_-]+)\s*=", line):
            here = [*filter(None, [table]), key[1]]
            if here == path[: len(here)]:
                return number
    return found
