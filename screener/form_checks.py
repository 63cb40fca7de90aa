"""What keeps a reader's form from being locked: all of it at once, in words for the reader."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from screener.reads import (
    CANNOT_ASSESS,
    CONFIDENCES,
    MEASURES,
    NO,
    VERDICTS,
    YES,
    PercentRule,
    ReadForm,
)

MAX_TEXT = 2000


class FormRules(Protocol):
    """What a charter asks of a form."""

    @property
    def cut_percent(self) -> float:
        """The verdict is yes above this percent of the liver."""
        ...

    @property
    def percent(self) -> PercentRule:
        """Whether the percent is asked for."""
        ...

    @property
    def modalities(self) -> Sequence[str]:
        """What may be named as reviewed; empty: anything."""
        ...


def form_problems(form: ReadForm, rules: FormRules) -> tuple[str, ...]:
    """Tell all that keeps a form from being locked; empty where nothing does.

    Parameters
    ----------
    form
        What was entered.
    rules
        Of the study's charter.
    """
    return (
        *_verdict_problems(form),
        *_percent_problems(form, rules),
        *_measure_problems(form),
        *_text_problems(form, rules),
    )


def _verdict_problems(form: ReadForm) -> list[str]:
    problems = []
    if form.verdict not in VERDICTS:
        problems.append("No verdict: choose yes, no or cannot assess.")
    if form.verdict == CANNOT_ASSESS and not form.reason.strip():
        problems.append("Cannot assess: say why.")
    if form.verdict in (YES, NO) and form.confidence is None:
        problems.append("No confidence: choose low, moderate or high.")
    if form.confidence is not None and form.confidence not in CONFIDENCES:
        problems.append(f"Confidence {form.confidence!r}: choose low, moderate or high.")
    return problems


def _percent_problems(form: ReadForm, rules: FormRules) -> list[str]:
    entered, percent = form.percent, form.involved_percent
    if entered is not None and not (math.isfinite(entered) and 0 <= entered <= 100):  # noqa: PLR2004
        return [f"Percent {entered:g}: give a number from 0 to 100."]
    if form.verdict not in (YES, NO):
        return []
    if percent is None:
        is_missing = rules.percent == "required"
        return ["No percent: this study asks for one."] if is_missing else []
    if (percent > rules.cut_percent) != (form.verdict == YES):
        cut = f"{rules.cut_percent:g}%"
        return [f"{percent:g}% and {form.verdict!r} do not go together: yes means more than {cut}."]
    return []


def _measure_problems(form: ReadForm) -> list[str]:
    problems = []
    for name in MEASURES:
        value = getattr(form, name)
        if value is not None and not (math.isfinite(value) and value >= 0):
            problems.append(f"{_told(name)} {value:g}: give a number from 0 up.")
    for above, below in (MEASURES[:2], MEASURES[2:]):
        if (getattr(form, above) is None) != (getattr(form, below) is None):
            problems.append(f"{_told(above)} and {_told(below)}: give both or neither.")
        elif getattr(form, below) == 0:
            problems.append(f"{_told(below)} is 0: give what was measured.")
    tumor, liver = form.tumor_volume_ml, form.liver_volume_ml
    if tumor is not None and liver is not None and tumor > liver > 0:
        problems.append("The tumour volume is larger than that of the liver.")
    return problems


def _text_problems(form: ReadForm, rules: FormRules) -> list[str]:
    problems = []
    if form.verdict in (YES, NO) and not form.modality.strip():
        problems.append("No modality: say which examination was reviewed.")
    elif form.modality.strip() and rules.modalities and form.modality not in rules.modalities:
        known = ", ".join(rules.modalities)
        problems.append(f"Modality {form.modality[:40]!r} is not one of {known}.")
    long = [n for n in ("reason", "modality", "comment") if len(getattr(form, n)) > MAX_TEXT]
    return problems + [f"The {name} has more than {MAX_TEXT:,} characters." for name in long]


def _told(name: str) -> str:
    told = {"tumor_volume_ml": "Tumour volume", "liver_volume_ml": "Liver volume"}
    return told.get(name, "SUVmax of the tumour" if name.endswith("tumor") else "SUVmax of liver")
