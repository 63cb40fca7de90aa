"""An evaluation as text: figures, confusion table, ranking, errors with their words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from screener.cli.plain import plain
from screener.evaluations import FIGURES

if TYPE_CHECKING:
    from rich.console import Console

    from screener.accuracy import Figure, LevelAccuracy
    from screener.evaluations import Evaluation, LabelAccuracy, Labelled, Level, Matching, Wrong

LABELS = {
    "sensitivity": "recall (sensitivity)",
    "ppv": "PPV",
    "f1": "F1",
    "specificity": "specificity",
    "npv": "NPV",
    "number_needed_to_read": "number needed to read",
}
KIND_LABELS = {
    "missed": "Missed",
    "false_alarm": "False alarms",
    "burden": "Another burden",
    "certainty": "Another certainty",
    "percent": "Another percent",
}
N_IDS = 10


def show_evaluation(evaluation: Evaluation, console: Console) -> None:
    """Print an evaluation; everything is readable without colour."""
    pack = evaluation.pack
    title = f"{evaluation.run} ({pack['name']} {pack['version']}) against {evaluation.truth}"
    console.print(Text(title, style="bold"))
    for line in (*evaluation.notes, *_matching_lines(evaluation)):
        console.print(Text(f"  {line}"))
    for name, level in (("Reports", evaluation.reports), ("Patients", evaluation.patients)):
        _show_level(name, level, console)
        if name == "Reports" and evaluation.labels is not None:
            _show_labels(evaluation.labels, console)
    for name, level in (("reports", evaluation.reports), ("patients", evaluation.patients)):
        _show_errors(name, level, console)


def figure_text(figure: Figure, *, is_share: bool = True) -> str:
    """Return a figure as ``value (low to high) n/of``, or why it is undefined.

    >>> from screener.accuracy import number_needed_to_read, proportion
    >>> figure_text(proportion(81, 263, ""))
    '0.308 (0.255 to 0.366) 81/263'
    >>> figure_text(number_needed_to_read(0, 0), is_share=False)
    'undefined: nothing is flagged'
    """
    if figure.value is None:
        return f"undefined: {figure.why}"
    digits = 3 if is_share else 2
    told = f"{figure.value:.{digits}f}"
    if figure.low is not None and figure.high is not None:
        told += f" ({figure.low:.{digits}f} to {figure.high:.{digits}f})"
    return told if figure.n is None else f"{told} {figure.n}/{figure.of}"


def _matching_lines(evaluation: Evaluation) -> Iterator[str]:
    told = evaluation.matching
    what = f"{evaluation.truth_level}s"
    of = f"{told.n_truth:,} in the truth and {told.n_run:,} in the run"
    yield f"{told.n_matched:,} {what} in both, of {of}"
    if told.truth_not_in_run:
        yield _missing_line(told)
    for n, line in (
        (told.n_run_without_truth, f"{what} of the run have no truth"),
        (told.n_repeated_ids, "ids stand for several reports of the run and are left out"),
        (told.n_other_patient, "reports are of another patient in the truth; the run's counts"),
        (told.n_patients_unknown, "patients are left out: some of their reports have no truth"),
        (told.n_unlabelled, "rows of the truth say nothing of the candidate"),
        (told.n_contradicting, "rows of the truth have a burden that contradicts the candidate"),
    ):
        if n:
            yield f"{n:,} {line}"


def _missing_line(told: Matching) -> str:
    shown = ", ".join(map(plain, told.truth_not_in_run[:N_IDS]))
    more = ", ..." if len(told.truth_not_in_run) > N_IDS else ""
    return (
        f"{len(told.truth_not_in_run):,} of the truth are not in the run "
        f"({told.n_true_not_in_run:,} of them true, {told.n_rejected:,} rejected): {shown}{more}"
    )


def _show_level(name: str, level: Level, console: Console) -> None:
    console.print()
    if level.accuracy is None:
        console.print(Text(f"{name}: no figures: {level.why}"))
        return
    accuracy = level.accuracy
    n_true = accuracy.n_true_positive + accuracy.n_false_negative
    n_flagged = accuracy.n_true_positive + accuracy.n_false_positive
    n = n_flagged + accuracy.n_false_negative + accuracy.n_true_negative
    console.print(Text(f"{name}: {n:,}, of them {n_true:,} true, {n_flagged:,} flagged", "bold"))
    grid = Table.grid(padding=(0, 2))
    for label, told in _figure_rows(accuracy):
        grid.add_row(f"  {label}", told)
    console.print(grid)


def _figure_rows(accuracy: LevelAccuracy) -> Iterator[tuple[str, str]]:
    for name in FIGURES:
        is_share = name != "number_needed_to_read"
        yield LABELS[name], figure_text(getattr(accuracy, name), is_share=is_share)
    yield "average precision", figure_text(accuracy.average_precision)
    for k, figure in accuracy.recall_at.items():
        yield f"recall at {k}", figure_text(figure)


def _show_labels(labels: LabelAccuracy, console: Console) -> None:
    grid = Table.grid(padding=(0, 2))
    for label, figure in (
        ("burden right", labels.burden),
        ("certainty right", labels.certainty),
        ("stated percent right", labels.percent),
        ("percent where none is stated", labels.percent_unfounded),
    ):
        grid.add_row(f"  {label}", figure_text(figure))
    console.print(grid)
    if not labels.burden.of:
        return
    console.print(Text("\n  Burden: rows are the truth, columns the run"))
    table = Table(box=None, padding=(0, 2))
    table.add_column("")
    for level in labels.levels:
        table.add_column(level, justify="right")
    for level, counts in zip(labels.levels, labels.burden_table, strict=True):
        table.add_row(f"  {level}", *map(str, counts))
    console.print(table)


def _show_errors(name: str, level: Level, console: Console) -> None:
    for kind, n in level.n_errors.items():
        shown = [error for error in level.errors if error.kind == kind]
        if not n or not shown:
            continue
        head = f"{KIND_LABELS[kind]} ({name}): {n:,}"
        console.print()
        console.print(Text(head if len(shown) == n else f"{head}, the first {len(shown)}", "bold"))
        for error in shown:
            for line in _error_lines(error):
                console.print(Text(f"  {line}"))


def _error_lines(error: Wrong) -> Iterator[str]:
    whose = "" if error.patient_id == error.id else f" (patient {plain(error.patient_id)})"
    yield f"{plain(error.id)}{whose}: is {_told(error.true)}, said {_told(error.said)}"
    if error.evidence:
        rule = f" ({error.rule_id})" if error.rule_id else ""
        yield f'    by "{plain(error.evidence)}"{rule}'
    if error.suppressed_by:
        yield f'    kept back as {error.suppressed_by} by "{plain(error.cue)}"'
    if error.cues:
        cues = (f'{" ".join(c.assertion) or "current"} "{plain(c.cue)}"' for c in error.cues)
        yield f"    cues: {', '.join(cues)}"


def _told(label: Labelled) -> str:
    percent = label.percent and f"{label.percent[0]:g}-{label.percent[1]:g}%"
    parts = [label.burden, label.certainty, percent]
    if label.burden is None:
        parts.insert(0, "candidate" if label.is_candidate else "no candidate")
    return ", ".join(part for part in parts if part)
