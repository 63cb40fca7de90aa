"""The demonstration's story: a plain search beside the screen, every number counted from files.

The truth is that of the cohort: the gold labels say which reports assert a candidate burden, the
imaging truth which patients exceed the cut.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SEARCH = "innumerable liver metastasis"
# How report search engines read it: every word or its synonym, any ending, anywhere in the report.
SEARCH_WORDS = (("innumerable",), ("liver", "hepatic"), ("metasta",))
N_TOP = 10
EVIDENCE_WIDTH = 72


@dataclass(frozen=True, slots=True)
class Flagged:
    """Patients that one way of looking flags, and how many of them are right.

    Attributes
    ----------
    n_patients
        Flagged.
    n_said
        Those of them of whom a report says so, by the gold labels.
    n_exceeding
        Those of them who exceed the cut on imaging.
    n_missed
        Patients of whom a report says so who were not flagged.
    """

    n_patients: int
    n_said: int
    n_exceeding: int
    n_missed: int


@dataclass(frozen=True, slots=True)
class Story:
    """All that the demonstration tells."""

    n_patients: int
    n_reports: int
    n_sites: int
    n_said: int
    n_said_exceeding: int
    search: Flagged
    screen: Flagged
    top: tuple[Mapping[str, str], ...]


def read_story(cohort: Path, run: Path) -> Story:
    """Count the story from the cohort's files and the tables of a run in CSV."""
    reports = list(_rows(cohort / "reports.csv"))
    patient_of = {row["report_id"]: row["patient_id"] for row in reports}
    labels = _rows(cohort / "labels.csv")
    said = {patient_of[row["report_id"]] for row in labels if row["candidate"] == "true"}
    imaging = _rows(cohort / "imaging_truth.csv")
    exceeding = {row["patient_id"] for row in imaging if row["exceeds_75"] == "true"}
    patients = list(_rows(run / "patients.csv"))
    searched = {row["patient_id"] for row in reports if _is_search_hit(row["text"])}
    screened = {row["patient_id"] for row in patients if int(row["n_candidate_reports"])}
    return Story(
        n_patients=len(patients),
        n_reports=len(reports),
        n_sites=len({row["site"] for row in reports}),
        n_said=len(said),
        n_said_exceeding=len(said & exceeding),
        search=_flagged(searched, said, exceeding),
        screen=_flagged(screened, said, exceeding),
        top=tuple(patients[:N_TOP]),
    )


def story_text(story: Story, run: Path) -> str:
    """Tell the story in plain lines."""
    search, screen = story.search, story.screen
    return "\n".join(
        [
            "",
            f"{story.n_patients:,} patients at {story.n_sites} sites, {story.n_reports:,} reports.",
            "In which patients is most of the liver replaced by metastases?",
            "",
            f"A plain search for {SEARCH!r} flags {_told(search)}",
            f"The screen flags {_told(screen)}",
            f"By the gold labels, reports of {story.n_said} patients say so;",
            f"{story.n_said_exceeding} of these exceed 75% of the liver on imaging.",
            "",
            f"The first {len(story.top)} patients to read:",
            "",
            *map(_top_line, story.top),
            "",
            f"All patients, with the words that put them there: {run / 'patients.csv'}",
        ]
    )


def _told(flagged: Flagged) -> str:
    return (
        f"{flagged.n_patients} patients:\n"
        f"  {flagged.n_said} of them have a report that says so, "
        f"{flagged.n_exceeding} exceed 75% on imaging,\n"
        f"  {flagged.n_patients - flagged.n_said} would be read in vain, "
        f"{flagged.n_missed} whose report says so are missed.\n"
    )


def _top_line(patient: Mapping[str, str]) -> str:
    # what is printed comes from reports: no control character may reach the terminal
    evidence = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", patient["evidence"])
    if len(evidence) > EVIDENCE_WIDTH:
        evidence = f"{evidence[: EVIDENCE_WIDTH - 1]}…"
    head = f"{patient['rank']:>4}  {patient['patient_id']:<12} {patient['tier']:<10}"
    return f"{head} {float(patient['score']):>7g}  {patient['top_exam_on']:<10}\n      {evidence}"


def _flagged(patients: set[str], said: set[str], exceeding: set[str]) -> Flagged:
    return Flagged(
        n_patients=len(patients),
        n_said=len(patients & said),
        n_exceeding=len(patients & exceeding),
        n_missed=len(said - patients),
    )


def _is_search_hit(text: str) -> bool:
    folded = text.casefold()
    return all(any(word in folded for word in synonyms) for synonyms in SEARCH_WORDS)


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
