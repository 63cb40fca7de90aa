"""What the evaluation of a run against a truth holds, and the JSON document that tells it.

Keys of the document are a contract: they are added, never renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from screener.accuracy import Figure, LevelAccuracy
from screener.truths import Percent

FIGURES = ("sensitivity", "ppv", "f1", "specificity", "npv", "number_needed_to_read")
KINDS = ("missed", "false_alarm", "burden", "certainty", "percent")
"""Kinds of error, gravest first; what is wrong in several ways is told under the first."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that changed what words of a report assert, and what they made of them."""

    assertion: tuple[str, ...]
    cue: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """Burden, certainty and stated percent, as the truth or the run has them."""

    is_candidate: bool
    burden: str | None
    certainty: str | None
    percent: Percent | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """One error.

    Attributes
    ----------
    kind
        One of `KINDS`.
    id, patient_id
        Of the report and its patient; both of the patient at patient level.
    report_ids
        The reports that the cues are from: at patient level those that are true, or else the
        patient's strongest.
    true, said
        What is so, and what the run says.
    rule_id, evidence
        The run's row of the decision table and words.
    suppressed_by, cue
        The one suppression that kept it from being a candidate, where it is a near miss.
    cues
        Of the findings of the reports.
    """

    kind: str
    id: str
    patient_id: str
    report_ids: tuple[str, ...]
    true: Labelled
    said: Labelled
    rule_id: str
    evidence: str
    suppressed_by: str = ""
    cue: str = ""
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """One level, reports or patients.

    Attributes
    ----------
    accuracy
        Its figures, or ``None``.
    why
        Why there are none.
    n_errors, errors
        The number of each kind of error, and the first of each kind in order of rank.
    """

    accuracy: LevelAccuracy | None
    why: str
    n_errors: Mapping[str, int]
    errors: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class LabelAccuracy:
    """How often a report's labels are right.

    Attributes
    ----------
    levels, burden_table
        The burden levels, and counts by truth (row) and run (column).
    burden, certainty, percent
        Shares right, of the reports for which the truth states one.
    percent_unfounded
        Share for which the run gives a percent, of those for which the truth states none.
    """

    levels: tuple[str, ...]
    burden_table: tuple[tuple[int, ...], ...]
    burden: Figure
    certainty: Figure
    percent: Figure
    percent_unfounded: Figure


@dataclass(frozen=True, slots=True)
class Matching:
    """How the ids of truth and run go together.

    Attributes
    ----------
    n_truth, n_run, n_matched
        Of the truth's level.
    truth_not_in_run, n_true_not_in_run
        Ids of the truth that the run does not have, and how many of them are true.
    n_rejected
        Of these, reports that the run rejected.
    n_run_without_truth
        In the run only.
    n_repeated_ids
        Ids that several reports of the run share; they are left out, as no truth tells them apart.
    n_other_patient
        Reports of which truth and run name different patients; the run's counts.
    n_patients_unknown
        Patients with reports without a truth and none that is true: left out at patient level.
    n_unlabelled, n_contradicting
        Rows of the truth that say nothing of the candidate, or two things.
    """

    n_truth: int
    n_run: int
    n_matched: int
    truth_not_in_run: tuple[str, ...]
    n_true_not_in_run: int
    n_rejected: int
    n_run_without_truth: int
    n_repeated_ids: int
    n_other_patient: int
    n_patients_unknown: int
    n_unlabelled: int
    n_contradicting: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run held against a truth."""

    run: str
    truth: str
    truth_level: Literal["report", "patient"]
    pack: Mapping[str, str]
    notes: tuple[str, ...]
    matching: Matching
    reports: Level
    patients: Level
    labels: LabelAccuracy | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; no number is NaN."""
        return {
            "run": self.run,
            "truth": self.truth,
            "truth_level": self.truth_level,
            "pack": dict(self.pack),
            "notes": list(self.notes),
            "matching": asdict(self.matching),
            "reports": _level(self.reports),
            "patients": _level(self.patients),
            "labels": asdict(self.labels) if self.labels else None,
        }


def _level(level: Level) -> dict[str, Any]:
    told: dict[str, Any] = {"why": level.why, "n": None}
    accuracy = level.accuracy
    if accuracy is not None:
        counts = {
            "true_positive": accuracy.n_true_positive,
            "false_positive": accuracy.n_false_positive,
            "false_negative": accuracy.n_false_negative,
            "true_negative": accuracy.n_true_negative,
        }
        told |= {
            "n": sum(counts.values()),
            **counts,
            "figures": {name: asdict(getattr(accuracy, name)) for name in FIGURES},
            "average_precision": asdict(accuracy.average_precision),
            "recall_at": [{"k": k, **asdict(f)} for k, f in accuracy.recall_at.items()],
        }
    errors = [asdict(error) for error in level.errors]
    return {**told, "n_errors": dict(level.n_errors), "errors": errors}
