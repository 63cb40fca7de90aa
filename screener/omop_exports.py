"""The use case of OMOP: what was found as NOTE_NLP, and the cohort that it comes to."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from screener.errors import RunError
from screener.export_folders import Exported, new_export
from screener.exports.formats import DATABASE_CSV
from screener.exports.omop import (
    COHORT,
    NOTE_NLP,
    STATES,
    Membership,
    Mention,
    Nlp,
    cohort_rows,
    note_nlp_rows,
    snippet_of,
)
from screener.exports.tables import FINDINGS, REPORTS
from screener.id_numbers import KeptNumbers, OwnNumbers
from screener.run_contents import RunContents
from screener.run_records import version_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from screener.id_numbers import Numbers
    from screener.study_contents import CaseContents, StudyContents

_CONCEPT_COLUMNS = ("concept", "concept_id")


@dataclass(frozen=True, slots=True)
class OmopOptions:
    """How to write for OMOP.

    Attributes
    ----------
    cohort_id
        ``cohort_definition_id``.
    ids
        The table of ids and their numbers; ``None``: ids are numbers.
    concepts
        A CSV table of the pack's concepts, and of its sections as ``section:impression``, and their
        ``concept_id``; ``None``: all are 0.
    replace
        Whether an earlier export may be replaced.
    """

    cohort_id: int = 1
    ids: Path | None = None
    concepts: Path | None = None
    replace: bool = False


def export_omop(contents: RunContents | StudyContents, out: Path, options: OmopOptions) -> Exported:
    """Write NOTE_NLP and COHORT.

    Of a study these are the complete cases, and the patients settled as yes in the main round; of a
    run all reports, and the patients with a report that makes a candidate.

    Raises
    ------
    RunError
        When ids are no numbers and no table gives them any, when that table would be within `out`,
        or when `out` may not be replaced.
    """
    numbers = _numbers(contents, out, options)
    concepts = read_concepts(options.concepts) if options.concepts else {}
    nlp = Nlp(f"screener {version_of('screener')}, {contents.pack}", _day(contents), concepts)
    mentions, members = _found(contents)
    n_undated = sum(not (one.start_on and one.end_on) for one in members)
    with new_export(out, replace=options.replace) as folder:
        note, person = partial(numbers.number, "note"), partial(numbers.number, "person")
        folder.write(NOTE_NLP, note_nlp_rows(mentions, nlp, note), DATABASE_CSV)
        folder.write(COHORT, cohort_rows(members, options.cohort_id, person), DATABASE_CSV)
        numbers.check()
        numbers.keep()
        notes = (f"{n_undated} patients have no dated report and are in no cohort.",)
        told = notes if n_undated else ()
        return folder.finish(Exported("omop", contents.is_deidentified, folder.counts, told))


def read_concepts(file: Path) -> dict[str, int]:
    """Return the concept ids of a vocabulary by the names of the pack's concepts.

    Raises
    ------
    RunError
        When the table cannot be read, with every problem of it.
    """
    found, problems = {}, []
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for line, row in enumerate(csv.DictReader(lines), start=2):
                name, told = (row.get(column) or "" for column in _CONCEPT_COLUMNS)
                if not name or not told.isdecimal():
                    problems.append(f"{file}:{line}: a concept and a whole concept_id belong here")
                else:
                    found[name] = int(told)
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise RunError(f"{file} cannot be read as a table of concepts. Check it.") from fault
    if problems:
        raise RunError("\n".join(["The concepts are wrong:", *problems]))
    return found


def _numbers(contents: RunContents | StudyContents, out: Path, options: OmopOptions) -> Numbers:
    if contents.is_deidentified:
        return OwnNumbers(prefix=1)
    if options.ids is None:
        return OwnNumbers()
    if out.resolve() in options.ids.resolve().parents:
        raise RunError(f"{options.ids} would be given out with {out}. Keep the ids elsewhere.")
    return KeptNumbers(options.ids)


def _day(contents: RunContents | StudyContents) -> date:
    if contents.screened_on is None:
        raise RunError("The run does not say when it ran. Run the screen again.")
    return contents.screened_on


def _found(contents: RunContents | StudyContents) -> tuple[Iterator[Mention], list[Membership]]:
    if isinstance(contents, RunContents):
        return _run_mentions(contents), list(_run_members(contents))
    return _mentions(contents), list(_members(contents))


def _mentions(contents: StudyContents) -> Iterator[Mention]:
    for case in contents.complete:
        yield from _case_mentions(case)


def _case_mentions(case: CaseContents) -> Iterator[Mention]:
    reports = {one.place: one for one in case.file.reports}
    for found in case.file.finds:
        report = reports[found.place]
        sections = [one.kind for one in report.sections if one.end <= found.start]
        states = frozenset({found.state} & set(STATES))
        yield Mention(
            report.report_id,
            found.start,
            report.text[found.start : found.end],
            snippet_of(report.text, found.start, found.end),
            found.concept,
            sections[-1] if sections else "",
            states,
        )


def _members(contents: StudyContents) -> Iterator[Membership]:
    for case in contents.confirmed:
        yield Membership(case.patient_id, case.entered_on, case.left_on)


def _run_mentions(contents: RunContents) -> Iterator[Mention]:
    """A run keeps no text, so that the words themselves are the snippet."""
    for row in contents.rows(FINDINGS):
        told: Mapping[str, object] = dict(zip(FINDINGS.column_names, row, strict=True))
        words = str(told["text"] or "")
        where = (str(told["report_id"]), int(str(told["start"])))
        named = (str(told["concept"]), str(told["section"] or ""))
        yield Mention(*where, words, words, *named, frozenset(s for s in STATES if told[s]))


def _run_members(contents: RunContents) -> Iterator[Membership]:
    """From the first to the last report that makes a candidate."""
    days: dict[str, list[date]] = {}
    for row in contents.rows(REPORTS):
        told = dict(zip(REPORTS.column_names, row, strict=True))
        if told["candidate"]:
            day: date | None = told["exam_on"]  # type: ignore[assignment]
            days.setdefault(str(told["patient_id"]), []).extend([day] if day else [])
    for patient_id, own in days.items():
        yield Membership(patient_id, min(own, default=None), max(own, default=None))
