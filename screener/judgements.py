"""One report's truth beside what the run says of it, and how often the labels are right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from screener.accuracy import Figure, confusion_table, is_percent_right, proportion
from screener.evaluations import LabelAccuracy, Labelled, Wrong

if TYPE_CHECKING:
    from screener.run_tables import Record
    from screener.truths import Truth

PERCENT_COLUMNS = ("stated_percent", "stated_percent_low")


def labelled(row: Record) -> Labelled:
    """Return what a row of the reports' table says."""
    low, high = row["stated_percent_low"], row["stated_percent_high"]
    percent = (float(str(low)), float(str(high))) if low is not None and high is not None else None
    burden, certainty = (str(row[name] or "") or None for name in ("burden", "certainty"))
    return Labelled(bool(row["candidate"]), burden, certainty, percent)


def rank_order(row: Record) -> tuple[bool, float, int, int, str]:
    """Return the key by which reports are ranked, as `screener.ranking` ranks patients."""
    day = row["exam_on"].toordinal() if isinstance(row["exam_on"], date) else 0
    sure = ("definite", "hedged", None).index(labelled(row).certainty)
    return not row["candidate"], -float(str(row["score"])), sure, -day, str(row["report_id"])


def wrong_report(row: Record, truth: Truth) -> Wrong | None:
    """Return the gravest thing that is wrong with what a run says of a report, if anything."""
    said = labelled(row)
    kind = _kind(truth, said)
    if kind is None:
        return None
    true = Labelled(truth.is_candidate, truth.burden, truth.certainty, truth.percent)
    return Wrong(
        kind=kind,
        id=truth.id,
        patient_id=str(row["patient_id"]),
        report_ids=(truth.id,),
        true=true,
        said=said,
        rule_id=str(row["rule_id"] or ""),
        evidence=str(row["evidence"] or ""),
    )


def _kind(truth: Truth, said: Labelled) -> str | None:
    if truth.is_candidate != said.is_candidate:
        return "missed" if truth.is_candidate else "false_alarm"
    if truth.burden is not None and truth.burden != said.burden:
        return "burden"
    if truth.certainty is not None and truth.certainty != said.certainty:
        return "certainty"
    if truth.percent is not None and not is_percent_right(said.percent, truth.percent):
        return "percent"
    return None


def label_accuracy(
    pairs: Sequence[tuple[Truth, Labelled]], levels: Sequence[str], columns: Collection[str]
) -> LabelAccuracy:
    """Return how often burden, certainty and percent are right, where the truth states one.

    Parameters
    ----------
    pairs
        Truth of each report and what the run says.
    levels
        The burden levels, lowest first.
    columns
        Those of the truth.
    """
    burdens = [
        (truth.burden, said.burden)
        for truth, said in pairs
        if truth.burden is not None and said.burden in levels
    ]
    sure = [truth.certainty == said.certainty for truth, said in pairs if truth.certainty]
    stated = [is_percent_right(said.percent, true.percent) for true, said in pairs if true.percent]
    states_percent = bool(set(PERCENT_COLUMNS) & set(columns))
    unfounded = [
        said.percent is not None for true, said in pairs if states_percent and not true.percent
    ]
    return LabelAccuracy(
        levels=tuple(levels),
        burden_table=confusion_table(((true, str(said)) for true, said in burdens), levels),
        burden=_share([true == said for true, said in burdens], columns, "burden"),
        certainty=_share(sure, columns, "certainty"),
        percent=_share(stated, columns, *PERCENT_COLUMNS),
        percent_unfounded=_share(unfounded, columns, *PERCENT_COLUMNS),
    )


def _share(right: Sequence[bool], columns: Collection[str], *named: str) -> Figure:
    why = f"the truth has no column {named[0]!r}"
    if set(named) & set(columns):
        why = "there is no such report"
    return proportion(sum(right), len(right), why)
