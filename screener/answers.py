"""What the screen says of a report as plain values: sent between processes, kept in the journal.

A report that says nothing of the question, as most of an archive do, has no answer but ``None``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from screener.assessments import Assessment, nothing_said
from screener.findings import Finding
from screener.near_misses import NearMiss

if TYPE_CHECKING:
    from screener.packs import RulePack
    from screener.reports import Report
    from screener.screening import ScreenedReport

# The fields' values as they are: `dataclasses.astuple` copies each, and is slow.
_of_said, _of_near = (
    attrgetter(*(field.name for field in fields(kind))) for kind in (Assessment, NearMiss)
)


@dataclass(frozen=True, slots=True)
class Failed:
    """A report that could not be screened, and why, without any of its text."""

    reason: str


class Answer(NamedTuple):
    """The values of what was said of one report, in the order of their fields."""

    said: tuple[Any, ...]
    findings: list[tuple[Any, ...]]
    near_miss: tuple[Any, ...] | None

    @property
    def assessment(self) -> Assessment:
        """What the report says."""
        return Assessment(*self.said)

    @classmethod
    def of(cls, screened: ScreenedReport) -> Answer | None:
        """Return the answer of a screened report; ``None`` where it says nothing."""
        near_miss, findings = screened.near_miss, screened.findings
        said = screened.assessment
        if said.certainty is None and not findings and near_miss is None:
            return None
        near = None if near_miss is None else _of_near(near_miss)
        return cls(_of_said(said), list(map(tuple, findings)), near)

    @classmethod
    def from_json(cls, told: list[Any]) -> Answer:
        """Return the answer that was written as JSON."""
        said, findings, near = told
        return cls(
            tuple(map(_tupled, said)),
            list(map(tuple, findings)),
            None if near is None else tuple(map(_tupled, near)),
        )


def screened_report(report: Report, answer: Answer | None, pack: RulePack) -> ScreenedReport:
    """Return what was said of a report as a record again."""
    from screener.screening import ScreenedReport

    near_miss = answer and answer.near_miss
    return ScreenedReport(
        report.report_id,
        report.patient_id,
        report.exam_on,
        answer.assessment if answer else nothing_said(report, pack),
        tuple(Finding(*values) for values in answer.findings) if answer else (),
        NearMiss(*near_miss) if near_miss else None,
    )


def _tupled(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    return tuple(value) if isinstance(value, list) else value
