"""Tables of the confirmed patients: who they are, and what happened to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from screener.outcome_inputs.characteristics import amounts, is_telling
from screener.outcome_inputs.treatments import age_on
from screener.report.numbers import days_text, share_text, told_share
from screener.report.tables import ReportTable

if TYPE_CHECKING:
    from decimal import Decimal

    from screener.follow_up_runs import FollowUp
    from screener.outcome_inputs.treatments import Treatments
    from screener.report.contents import Contents

RULES = {
    "v5_baseline_adjusted": "Baseline-adjusted, as CTCAE v5.0 prints",
    "absolute_uln": "Multiples of the ULN only",
    "worsening_only": "Multiples of the ULN, worsening only",
}
GROUPS = {"hepatotoxicity": "Hepatotoxicity", "cytopenia": "Cytopenia", "renal": "Renal"}


def patient_table(contents: Contents, treatments: Treatments) -> ReportTable:
    """Return Table 1: the confirmed patients of whom a course is known."""
    ids = [one for one in contents.confirmed if one in treatments.courses]
    courses = [treatments.courses[one] for one in ids]
    people = [treatments.patients[one] for one in ids if one in treatments.patients]
    ages = [
        age_on(treatments.patients[one.patient_id].born_on, one.first_on)  # type: ignore[arg-type]
        for one in courses
        if one.first_on
        and one.patient_id in treatments.patients
        and treatments.patients[one.patient_id].born_on
    ]
    rows = [
        ("Patients", str(len(ids))),
        ("Age at the first cycle, years: median (range)", _spread(ages)),
        *_shares("Sex", [one.sex or "not told" for one in people], len(ids)),
        *_shares("Site", [one.site or "not told" for one in people], len(ids)),
        *_shares("Cycles", [str(one.n_cycles) for one in courses], len(ids)),
    ]
    left_out = []
    for one in contents.characteristics.columns if contents.characteristics else ():
        found = list(_characteristic(one.name, one.of(ids)))
        rows += found
        left_out += [] if found else [one.name]
    caption = "Table 1. The confirmed patients."
    note = f"Left out, as days or texts of single patients: {', '.join(left_out)}."
    header = ("Characteristic", "Value")
    return ReportTable("table_1", caption, header, tuple(rows), note if left_out else "")


def _characteristic(name: str, values: list[str]) -> Iterator[tuple[str, str]]:
    """Give the rows of a column of a table of patients; none where it could tell who is who."""
    told = [value for value in values if value]
    numbers = amounts(told)
    if numbers is not None:
        yield f"{name}: median (range)", _spread(numbers)
    elif is_telling(told):
        yield from _shares(name, told, len(values))
    if (numbers is not None or is_telling(told) or not told) and len(told) < len(values):
        yield f"{name}: not told", share_text(len(values) - len(told), len(values))


def _spread(numbers: Sequence[Decimal]) -> str:
    if not numbers:
        return "not told"
    return f"{median(numbers):g} ({min(numbers):g} to {max(numbers):g}), of {len(numbers)}"


def _shares(name: str, values: Iterable[str], of: int) -> Iterator[tuple[str, str]]:
    for value, n in sorted(Counter(values).items()):
        yield f"{name}: {value}", share_text(n, of)


def outcome_table(summary: Mapping[str, Any]) -> ReportTable:
    """Return Table 2: patients by their worst grade in each group and each term."""
    rows = []
    chosen = {**{GROUPS[name]: summary[name] for name in GROUPS if name in summary}}
    chosen |= {one["term"]: one for one in summary["terms"].values()}
    for name, group in chosen.items():
        by_grade = group["by_grade"]
        rows.append(
            (
                name,
                *(share_text(by_grade[g]["n"], by_grade[g]["N"]) for g in "01234"),
                told_share(group["grade_2_or_more"]),
                str(group["ungradable"] + group["not_measured"]),
            )
        )
    note = (
        f"{summary['criteria']}, rule {summary['charter']['baseline_rule']}. Worst grade on"
        " therapy, one event a patient in each row; those not graded are not in N."
    )
    header = ("Adverse event", *(f"Grade {g}" for g in "01234"), "Grade 2 or more", "Not graded")
    return ReportTable("table_2", "Table 2. Laboratory outcomes.", header, tuple(rows), note)


def rule_table(summary: Mapping[str, Any]) -> ReportTable:
    """Return the headline under every rule for the baseline."""
    chosen = summary["charter"]["baseline_rule"]
    rows = tuple(
        (
            f"{RULES.get(rule, rule)}{' (the charter)' if rule == chosen else ''}",
            told_share(groups["hepatotoxicity"]["grade_2_or_more"]),
            told_share(groups["hepatotoxicity"]["grade_3_or_more"]),
        )
        for rule, groups in summary["rules"].items()
    )
    header = ("Rule for the baseline", "Grade 2 or more", "Grade 3 or more")
    caption = "Hepatotoxicity (ALT, AST, ALP or bilirubin) under each rule for the baseline."
    return ReportTable("rules", caption, header, rows)


def change_table(summary: Mapping[str, Any], case_of: Mapping[str, str]) -> ReportTable:
    """Return the cells whose grade hangs on the rule."""
    rows = tuple(
        (
            case_of.get(one["patient_id"], "not of this study"),
            one["term"],
            *(one[rule] for rule in RULES),
        )
        for one in summary["changes"]
    )
    header = ("Case", "Adverse event", *RULES.values())
    caption = "Cells of Table 2 whose grade changes with the rule for the baseline."
    return ReportTable("changes", caption, header, rows)


def limit_table(summary: Mapping[str, Any]) -> ReportTable:
    """Return how the headline hangs on each upper limit of normal."""
    rows = []
    for one in summary["limits"].values():
        low, high = one["declared"]
        declared = f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
        rows += [
            (
                f"{one['analyte']}, {one['unit']}",
                declared,
                f"{step['from']:.4g} to below {step['below']:.4g}",
                share_text(step["n"], step["N"]),
            )
            for step in one["steps"]
        ]
    header = ("Analyte", "Limit on the results", "Were the limit", "Grade 2 or more")
    caption = "How the headline hangs on the upper limit of normal (ULN), one limit at a time."
    return ReportTable("limits", caption, header, tuple(rows))


def shift_table(summary: Mapping[str, Any], term: str) -> ReportTable:
    """Return one term's grades at baseline by the worst on therapy."""
    table = summary["shifts"][term]
    rows = tuple((f"Baseline {row}", *map(str, cells.values())) for row, cells in table.items())
    header = ("Grade", *(f"Worst {column}" for column in table))
    caption = f"{summary['terms'][term]['term']}: baseline by worst grade on therapy, patients."
    return ReportTable(f"shift_{term}", caption, header, rows)


def follow_up_table(found: FollowUp) -> ReportTable:
    """Return follow-up, survival and response."""
    told = found.to_dict()
    reverse, survival = told["follow_up"]["reverse_kaplan_meier"], told["survival"]
    early = told["deaths"]["within_100_days_of_last_cycle"]
    rows = [
        ("Patients followed", f"{told['n_patients']}; {told['n_without_follow_up']} without"),
        ("Median follow-up (reverse Kaplan-Meier)", _median(reverse)),
        ("Deaths", told_share(told["deaths"])),
        ("Deaths within 100 days of the last cycle", str(early["that_day_included"])),
        ("Median survival from the first cycle", _median(survival)),
        *(
            (f"Best response: {name}", told_share(one))
            for name, one in told["responses"]["best"].items()
        ),
    ]
    caption = "Follow-up, survival and best response from the first cycle; 95% intervals."
    return ReportTable("follow_up", caption, ("What", "Value"), tuple(rows))


def _median(told: Mapping[str, Any]) -> str:
    days = days_text(told["median_days"], told["why"])
    if told["interval"] is None:
        return days
    low, high = (days_text(bound) for bound in told["interval"])
    return f"{days} (interval {low} to {high}); {told['median_months']:.1f} months"
