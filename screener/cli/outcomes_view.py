"""What is said of outcomes when they have been graded, and of rows that could not be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screener.cli.diagnostics import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from screener.follow_up_runs import FollowUp
    from screener.outcome_runs import Outcomes
    from screener.outcomes.results import RejectedRow

N_TOLD = 20


def say_follow_up(found: FollowUp, out: Path) -> None:
    """Say follow-up, survival and response."""
    say_rejected(found.rejected)
    told = found.to_dict()
    n_without = told["n_without_follow_up"]
    say(f"{told['n_patients']:,} patients, {n_without:,} without follow-up.")
    say(f"Median follow-up (reverse Kaplan-Meier): {_median(told['follow_up'])}.")
    say(f"Deaths: {told['deaths']['n']}/{told['deaths']['N']}; median survival: {_median(told)}.")
    best = [f"{name} {one['n']}/{one['N']}" for name, one in told["responses"]["best"].items()]
    say(f"Best response: {', '.join(best) or 'none is told'}.")
    say(f"The follow-up is in {out}.")


def _median(told: dict[str, Any]) -> str:
    curve = told.get("reverse_kaplan_meier") or told["survival"]
    if curve["median_days"] is None:
        return f"not reached ({curve['why']})"
    low, high = ("not reached" if b is None else f"{b:.0f}" for b in curve["interval"])
    return f"{curve['median_days']:.0f} days ({low} to {high}), {curve['median_months']:.1f} months"


def say_outcomes(read: Outcomes, out: Path) -> None:
    """Say what was read, what could not be, and the headline by every rule."""
    from screener.outcomes.limit_steps import told_limit

    for table, lines in read.mappings.items():
        say(f"{table}: {'; '.join(lines)}")
    say_rejected(read.rejected)
    summary = read.summary
    n_results = len(read.graded.cohort.results)
    n_rejected = len(read.rejected)
    say(f"{summary['n_patients']:,} patients, {n_results:,} results, {n_rejected:,} rows rejected.")
    for rule, groups in summary["rules"].items():
        chosen = " (chosen)" if rule == summary["charter"]["baseline_rule"] else ""
        told = _headline(groups, summary["n_patients"])
        say(f"Hepatotoxicity of grade 2 or more, {rule}{chosen}: {told}")
    for one in summary["limits"].values():
        if told := told_limit(one):
            say(told)
    say(f"{len(summary['changes']):,} grades depend on the rule for the baseline.")
    say(f"The grades are in {out}.")


def _headline(groups: dict[str, Any], n_patients: int) -> str:
    group = groups["hepatotoxicity"]
    found = group["grade_2_or_more"]
    n_unsure = n_patients - group["not_measured"] - found["N"]
    if not found["N"]:
        return "nobody's grade is sure"
    low, high = (100 * bound for bound in found["interval"])
    percent = 100 * found["n"] / found["N"]
    told = f"{found['n']}/{found['N']} ({percent:.1f}%; {low:.1f} to {high:.1f})"
    return f"{told}; {n_unsure} not sure" if n_unsure else told


def say_rejected(rejected: Sequence[RejectedRow]) -> None:
    """Say what is wrong with rows, each with its file and line."""
    for row in rejected[:N_TOLD]:
        say(f"{row.place}: {row.reason}.")
    if len(rejected) > N_TOLD:
        say(f"and {len(rejected) - N_TOLD:,} more rows; all are in rejected.csv.")
