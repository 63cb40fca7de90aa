"""Tables of the screen: the flow, its accuracy, and how many it missed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from screener.report.numbers import figure_text, share_text
from screener.report.tables import ReportTable

if TYPE_CHECKING:
    from screener.evaluations import Evaluation, Level
    from screener.missed import Missed
    from screener.report.contents import Contents

BOXES = {
    "received_therapy": "Received therapy",
    "screened": "With a screened report",
    "flagged": "Flagged by the screen",
    "eligible": "Eligible",
    "read": "Read by all readers",
    "confirmed": "Confirmed",
}
FIGURES = {
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
    "ppv": "Positive predictive value",
    "npv": "Negative predictive value",
    "f1": "F1 score",
    "number_needed_to_read": "Number needed to read",
    "average_precision": "Average precision of the ranking",
}


def flow_table(contents: Contents) -> ReportTable:
    """Return the boxes of the flow, each with those who were left out before it."""
    rows = []
    for step in contents.flow.steps[0 if contents.has_treatments else 1 :]:
        left = "; ".join(f"{n}: {reason}" for reason, n in step.left_out.items())
        rows.append((BOXES[step.name], str(step.n), left or "none"))
    note = f"{contents.flow.n_reports:,} reports were screened."
    if contents.flow.n_not_treated:
        note += f" {contents.flow.n_not_treated} patients with a report received no therapy."
    header = ("Patients", "n", "Left out before")
    return ReportTable("flow", "Flow of patients through the study.", header, tuple(rows), note)


def accuracy_tables(evaluation: Evaluation) -> Iterator[ReportTable]:
    """Give the screen's accuracy against gold labels, for reports and for patients."""
    for name, level in (("patients", evaluation.patients), ("reports", evaluation.reports)):
        if level.accuracy is not None:
            yield _of_level(name, level)


def _of_level(name: str, level: Level) -> ReportTable:
    found = level.accuracy
    if found is None:
        raise ValueError
    rows = [(label, figure_text(getattr(found, figure))) for figure, label in FIGURES.items()]
    rows += [(f"Recall among the first {k}", figure_text(f)) for k, f in found.recall_at.items()]
    counts = (
        f"True positive {found.n_true_positive}, false positive {found.n_false_positive},"
        f" false negative {found.n_false_negative}, true negative {found.n_true_negative}."
    )
    note = f"{counts} Intervals are Wilson's at 95%."
    caption = f"Accuracy of the screen against the gold labels, by {name}."
    return ReportTable(f"accuracy_{name}", caption, ("Figure", "Value"), tuple(rows), note)


def consensus_table(missed: Missed) -> ReportTable:
    """Return the screen's accuracy against the consensus, as far as it was verified."""
    audit, percent = missed.audit, f"{100 * missed.confidence:g}%"
    rows = [
        ("Positive predictive value", figure_text(missed.ppv)),
        ("Number needed to read", figure_text(missed.number_needed_to_read)),
        ("True among the unflagged who were read", figure_text(missed.true_among_read)),
        (
            f"Missed at most, of {audit.n_unflagged} ({percent})",
            f"{missed.missed_at_most}",
        ),
        (f"Sensitivity at least ({percent})", _bound(missed, found=0)),
        (f"Found by screen and audit at least ({percent})", _bound(missed, found=audit.n_found)),
    ]
    note = (
        "Only the flagged patients and a random sample of the others were read, so sensitivity is"
        " bounded from below, exactly and one-sided (hypergeometric), and not estimated from"
        " the patients read."
    )
    caption = "The screen against the readers' consensus, and how many it missed."
    return ReportTable("missed", caption, ("Figure", "Value"), tuple(rows), note)


def promise_table(missed: Missed) -> ReportTable:
    """Return what sensitivities ask for."""
    rows = tuple(
        (
            f"{one.sensitivity:g}",
            share_text(one.n_missed_allowed, missed.audit.n_unflagged),
            str(one.n_read) if one.n_read is not None else f"cannot be promised: {one.why}",
            "" if one.n_more is None else str(one.n_more),
        )
        for one in missed.promises
    )
    header = ("Sensitivity", "Missed patients that it allows", "Unflagged to read", "More to read")
    caption = "What must be read to promise a sensitivity, if no further true one is found."
    return ReportTable("promises", caption, header, rows)


def _bound(missed: Missed, *, found: int) -> str:
    """The share whose bound `missed` has, with the counts that it is made of."""
    true = missed.audit.n_confirmed
    if true is None or missed.sensitivity_at_least is None:
        return "undefined"
    return share_text(true + found, true + missed.missed_at_most)
