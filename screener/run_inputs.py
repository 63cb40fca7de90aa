"""The reports of a run, read again from the inputs that ``run.json`` names, checked by their hash.

A run keeps no report's text. What is read again is what was screened, or nothing: an input that is
gone or has changed is an error that names it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screener.errors import RunError, SourceError
from screener.reports import Report
from screener.sources import STDIN, open_sources

if TYPE_CHECKING:
    from screener.sources import Source


@dataclass(frozen=True, slots=True)
class _Input:
    name: str
    sha256: str | None


def reports_of_patients(
    run: Path,
    record: Mapping[str, Any],
    patients: Collection[str],
    sources: Sequence[str] = (),
) -> dict[str, list[Report]]:
    """Return the reports of some patients, each once, in the order of the inputs.

    Parameters
    ----------
    run
        The run's folder, for messages.
    record
        What its ``run.json`` states.
    patients
        Whose reports are wanted.
    sources
        Where the inputs are now, in the order of the run, if not where they were.

    Raises
    ------
    RunError
        When an input is gone, is not what was screened, or came from standing input.
    """
    inputs = [_Input(str(one["name"]), one.get("sha256")) for one in record["inputs"]]
    names = list(sources) or [one.name for one in inputs]
    if len(names) != len(inputs):
        told = f"The run has {len(inputs)} inputs, but --source names {len(names)}."
        raise RunError(f"{told} Name all, in the order of run.json.")
    _check_there(run, names)
    found: dict[str, dict[Report, None]] = {patient_id: {} for patient_id in patients}
    options = record["options"]
    opened = open_sources(
        names, column_map=options.get("map") or {}, date_order=options.get("date_order")
    )
    for source, was in zip(opened, inputs, strict=True):
        for report in _reports(source):
            if report.patient_id in found:
                found[report.patient_id][report] = None
        if source.sha256 != was.sha256:
            raise RunError(f"{source.name} is not what was screened. Put the input back.")
    return {patient_id: list(reports) for patient_id, reports in found.items()}


def _reports(source: Source) -> Iterator[Report]:
    return (row for row in source.rows if isinstance(row, Report))


def _check_there(run: Path, names: Sequence[str]) -> None:
    if STDIN in names:
        raise RunError(
            f"{run} was screened from standard input, which was not kept."
            " Save the input to a file and name it by --source."
        )
    gone = [name for name in names if not Path(name).exists()]
    if gone:
        raise SourceError(
            f"Inputs of {run} are gone: {', '.join(gone)} (as seen from here)."
            " Put them back, or name them by --source."
        )
