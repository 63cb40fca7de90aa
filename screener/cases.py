"""A pack's own cases: small texts with the assessment that must come out, and what comes of them.

``cases.yaml`` is a list under ``cases``. A case has an ``id``, a ``text`` and what to ``expect``:
``burden`` always, and ``candidate``, ``certainty`` and ``stated_percent`` where they are to be
checked (``null`` is checked too, a field left out is not). ``why`` says what the case is about;
``known_failure`` says why it fails now, and such a case that passes is a failure of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from screener.assessments import Assessment
from screener.errors import PackError, Problem
from screener.packs import CASES_FILE, BurdenScale, RulePack
from screener.reports import Report
from screener.yaml_lines import LinedYaml, YamlError

Outcome = Literal["passed", "failed", "known_failure", "unexpected_pass"]
Filled = Annotated[str, Field(pattern=r"\S")]
Percent = Annotated[float, Field(ge=0, le=100)]
FIELDS = ("burden", "candidate", "certainty", "stated_percent")
"""What a case may expect, by the names of the guideline, in the order they are told."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Expected(_Data):
    """What must come out; only the fields that are given are checked."""

    burden: str
    candidate: bool | None = None
    certainty: Literal["definite", "hedged"] | None = None
    stated_percent: Annotated[list[Percent], Field(min_length=2, max_length=2)] | None = None


class Case(_Data):
    """One text with the assessment that must come out."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    text: Filled
    expect: Expected
    known_failure: Filled | None = None
    why: Filled | None = None

    @property
    def report(self) -> Report:
        """The text as a report of its own."""
        return Report(self.id, self.id, self.text)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that came out otherwise than expected."""

    field: str
    expected: object
    got: object

    def __str__(self) -> str:
        return f"{self.field}: expected {_told(self.expected)}, got {_told(self.got)}"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case.

    Attributes
    ----------
    case
        The case.
    assessment
        What came out.
    differences
        Fields that came out otherwise than expected.
    """

    case: Case
    assessment: Assessment
    differences: tuple[Difference, ...]

    @property
    def outcome(self) -> Outcome:
        """``passed``, ``failed``, or either against what ``known_failure`` says."""
        if self.case.known_failure is None:
            return "failed" if self.differences else "passed"
        return "known_failure" if self.differences else "unexpected_pass"

    @property
    def is_failure(self) -> bool:
        """Whether the pack's test fails for it."""
        return self.outcome in ("failed", "unexpected_pass")


def load_cases(pack: RulePack) -> tuple[Case, ...]:
    """Load the cases of a pack.

    Raises
    ------
    PackError
        With every problem of ``cases.yaml`` at once.

    Examples
    --------
    >>> from screener.packs import load_pack
    >>> len({case.id for case in load_cases(load_pack("liver_tumor_burden"))}) >= 60
    True
    """
    cases, problems = read_cases(Path(pack.folder), pack.burden)
    if problems:
        message = f"The cases of the pack in {pack.folder} have {len(problems)} problem(s):"
        raise PackError(message, problems)
    return cases


def read_cases(
    folder: Path, scale: BurdenScale | None = None
) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
    """Read the cases of a pack's folder and everything wrong with them.

    Parameters
    ----------
    folder
        Of the pack.
    scale
        The pack's burden levels; without them (the pack itself is wrong) levels are not checked.

    Returns
    -------
    The cases that are sound, and the problems in order of their lines.
    """
    reading = _Reading(scale)
    reading.run(folder / CASES_FILE)
    problems = sorted(dict.fromkeys(reading.problems), key=lambda problem: problem.line)
    return tuple(reading.cases), tuple(problems)


def judge(case: Case, assessment: Assessment) -> CaseResult:
    """Hold what came out of a case's text against what it expects.

    Examples
    --------
    >>> case = Case(id="a", text="No metastases.", expect=Expected(burden="none", certainty=None))
    >>> said = Assessment("a", "a", "limited", False, "definite", None, 10.0, ("metastases",))
    >>> [str(difference) for difference in judge(case, said).differences]
    ['burden: expected none, got limited', 'certainty: expected null, got definite']
    """
    got = {
        "burden": assessment.burden,
        "candidate": assessment.is_candidate,
        "certainty": assessment.certainty,
        "stated_percent": list(assessment.stated_percent) if assessment.stated_percent else None,
    }
    checked = [field for field in FIELDS if field in case.expect.model_fields_set]
    wanted = {field: getattr(case.expect, field) for field in checked}
    differences = tuple(
        Difference(field, value, got[field])
        for field, value in wanted.items()
        if value != got[field]
    )
    return CaseResult(case, assessment, differences)


class _Reading:
    """One pass over a cases file that gathers every problem."""

    def __init__(self, scale: BurdenScale | None) -> None:
        self.scale = scale
        self.cases: list[Case] = []
        self.problems: list[Problem] = []
        self.seen: dict[tuple[str, str], int] = {}

    def run(self, file: Path) -> None:
        try:
            self.yaml = LinedYaml(file.read_bytes().decode("utf-8"))
        except OSError:
            self._problem(1, f"the pack has no readable {CASES_FILE}")
        except UnicodeDecodeError:
            self._problem(1, "not UTF-8")
        except YamlError as error:
            self._problem(error.line, str(error))
        else:
            for place, entry in self._entries():
                self._read(place, entry)

    def _entries(self) -> Iterator[tuple[int, object]]:
        data = self.yaml.data
        if not isinstance(data, dict) or not isinstance(data.get("cases"), list):
            self._problem(1, "the file must be a list of cases under the key 'cases'")
            return
        for key in data:
            if key != "cases":
                self._problem(self.yaml.line((str(key),)), f"{key!r} does not belong here")
        yield from enumerate(data["cases"])

    def _read(self, place: int, entry: object) -> None:
        try:
            case = Case.model_validate(entry)
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_input=False):
                path = ("cases", place, *detail["loc"])
                where = ".".join(map(str, detail["loc"])) or "the case"
                message = f"{_name(entry, place)}: {where}: {detail['msg']}"
                self._problem(self.yaml.line(path), message)
            return
        for field, message in _contradictions(case, self.scale):
            line = self._place(place, "expect", field)
            self._problem(line, f"{_name(entry, place)}: {message}")
        self._check_repeats(place, case)
        self.cases.append(case)

    def _check_repeats(self, place: int, case: Case) -> None:
        for field, value in (("id", case.id), ("text", case.text)):
            line = self._place(place, field)
            first = self.seen.setdefault((field, value), line)
            if first != line:
                message = f"case {case.id!r}: the same {field} stands in line {first}"
                self._problem(line, message)

    def _place(self, place: int, *path: str) -> int:
        return self.yaml.line(("cases", place, *path))

    def _problem(self, line: int, message: str) -> None:
        self.problems.append(Problem(CASES_FILE, line, message))


def _name(entry: object, place: int) -> str:
    name = entry.get("id") if isinstance(entry, dict) else None
    return f"case {name!r}" if isinstance(name, str) else f"case {place + 1}"


def _contradictions(case: Case, scale: BurdenScale | None) -> Iterable[tuple[str, str]]:
    """What a case expects that no report could say."""
    expect, given = case.expect, case.expect.model_fields_set
    percent = expect.stated_percent
    if percent and percent[0] > percent[1]:
        yield "stated_percent", "stated_percent is [low, high], and low is above high"
    if scale is None:
        return
    if expect.burden not in scale.levels:
        yield "burden", f"no burden level {expect.burden!r}; known: {', '.join(scale.levels)}"
        return
    is_candidate = expect.burden in scale.candidate
    if "candidate" in given and expect.candidate is not is_candidate:
        yield "candidate", f"candidate is {_told(is_candidate)} where burden is {expect.burden}"
    is_lowest = expect.burden == scale.lowest
    if "certainty" in given and (expect.certainty is None) != is_lowest:
        yield "certainty", f"certainty is null where burden is {scale.lowest}, and only there"
    if percent and is_lowest:
        yield "stated_percent", f"stated_percent is null where burden is {scale.lowest}"


def _told(value: object) -> str:
    """A value as YAML writes it."""
    if isinstance(value, list):
        return f"[{', '.join(f'{number:g}' for number in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else str(value)
