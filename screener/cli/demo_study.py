"""The demonstration's second half: a study of its run, read by simulated readers."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

from screener.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screener.agreeing_studies import StudyFigures
    from screener.settlements import Settlement, StudyStatus

NAME = "Demonstration with simulated readers"
SEED = 5  # one with which the simulated consensus is that of the imaging truth
N_AUDIT = 60
N_LEFT = 12  # a calibration round that nobody has read, for who wants to try the reading


def study_folder(run: Path) -> Path:
    """Return where the demonstration's study stands: beside its run."""
    return run.with_name(f"{run.name}-study")


def refuse_other_study(folder: Path) -> None:
    """Raise `StudyError` where something else than a demonstration's study is in the way."""
    from screener.studies import CHARTER_FILE, read_charter

    if not folder.exists():
        return
    try:
        name = read_charter((folder / CHARTER_FILE).read_text(encoding="utf-8")).name
    except (OSError, UnicodeDecodeError, StudyError):
        name = ""
    if name != NAME:
        told = f"{folder} is not a demonstration's study, so it is left alone."
        raise StudyError(f"{told} Name another run by --out.")


def make_demo_study(cohort: Path, run: Path, folder: Path) -> str:
    """Make the study, let the simulated readers read, and tell what came of it."""
    from screener.adjudication import open_study
    from screener.agreeing_studies import figures_of_study
    from screener.agreement.measures import Resampling
    from screener.drawing import DrawOptions, draw_cases
    from screener.draws import Cut
    from screener.reading import open_reading
    from screener.simulated_readers import SIMULATED, simulate_reads
    from screener.study_making import StudyOptions, make_study

    shutil.rmtree(folder, ignore_errors=True)
    names = tuple(reader.name for reader in SIMULATED)
    make_study(folder, run, StudyOptions(name=NAME, readers=names, seed=SEED))
    draw_cases(folder, DrawOptions(Cut(n_audit=N_AUDIT)))
    truth = _truth(cohort)
    for reader in SIMULATED:
        with open_reading(folder, reader.name) as reading:
            simulate_reads(reading, reader, truth, SEED)
    draw_cases(folder, DrawOptions(Cut(top=0, n_audit=N_LEFT), is_calibration=True))
    with open_study(folder) as session:
        status, settlement = session.status(), session.settle()
    figures = figures_of_study(folder, Resampling(0, SEED))
    return _told(status, settlement, figures, folder)


def _truth(cohort: Path) -> dict[str, float]:
    with (cohort / "imaging_truth.csv").open(encoding="utf-8", newline="") as lines:
        return {row["patient_id"]: float(row["percent"]) for row in csv.DictReader(lines)}


def _told(status: StudyStatus, settlement: Settlement, figures: StudyFigures, folder: Path) -> str:
    n_yes = sum(one.verdict == "yes" for one in settlement.settled)
    last = status.readers[-1]
    lines = [
        "",
        f"Then three simulated readers, invented from the imaging truth, read {status.n_cases}"
        f" cases: the {status.n_flagged} flagged",
        f"and, mixed among them, {status.n_audit} at random of the {status.n_unflagged} others.",
        f"{status.n_complete} cases are complete, {n_yes} of them settled as above 75%;"
        f" {last.n_cases - last.n_locked} more, kept apart, are left for you to try.",
        *_figures_told(figures),
        "",
        f"  screener read {folder} --reader {last.reader}",
        *(f"  screener {act} {folder}" for act in ("study status", "study settle", "agree")),
    ]
    return "\n".join(lines)


def _figures_told(figures: StudyFigures) -> Iterator[str]:
    shown = {
        name: "undefined" if one.value is None else f"{one.value:.2f}"
        for name, one in figures.verdicts.coefficients.items()
    }
    yield (
        f"Agreement {shown['percent_agreement']}, Gwet's AC1 {shown['gwet_ac']},"
        f" Fleiss' kappa {shown['fleiss_kappa']}, Krippendorff's alpha"
        f" {shown['krippendorff_alpha']}."
    )
    if (missed := figures.missed) is not None:
        audit = missed.audit
        yield (
            f"{audit.n_found} of {audit.n_read} unflagged patients read are above 75%: of all"
            f" {audit.n_unflagged}, at most {missed.missed_at_most} are (95%)."
        )
