"""What a study knows of itself, in sentences: for its checklists and the methods paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screener.report.numbers import estimate_text, figure_text

if TYPE_CHECKING:
    from screener.report.contents import Contents

RULES = {
    "majority": "the majority of the readers",
    "unanimous": "the readers where all agree",
    "unanimous_else_meeting": "the readers where all agree, else a consensus meeting",
    "two_plus_one": "two readers where they agree, else an adjudicator",
    "median_percent": "the median of the readers' percents",
}


def study_facts(contents: Contents) -> dict[str, str]:
    """Return the facts by name; what is not known is not there."""
    facts = {**_of_design(contents), **_of_reading(contents), **_of_results(contents)}
    return {name: said for name, said in facts.items() if said}


def _of_design(contents: Contents) -> dict[str, str]:
    charter, status, pack = contents.charter, contents.status, contents.record["pack"]
    counts = contents.record["counts"]
    return {
        "title": charter.name,
        "question": charter.question,
        "eligibility": charter.eligibility or _eligibility(contents),
        "design": "Retrospective: reports that were written before the study.",
        "sampling": (
            f"All {counts['n_patients']} patients with a report were screened; the"
            f" {status.n_flagged} flagged and a random {status.n_audit} of the"
            f" {status.n_unflagged} others (seed {charter.seed}) were drawn for reading."
        ),
        "sites": _sites(contents),
        "index_test": (
            f"screener {contents.record['versions'].get('screener', '')} with the rule pack"
            f" {pack['name']} {pack['version']} (hash in the manifest)."
        ),
        "index_cut": "A patient with at least one candidate report is flagged, by the rule pack.",
        "index_blind": "The screen is a program: it has the reports and nothing else.",
        "reference": f"Consensus: {RULES[charter.consensus.rule]} among {len(charter.readers)}.",
        "reference_cut": f"More than {charter.cut_percent:g}%, set before the first read.",
        "sample_size": (
            f"{status.n_cases} cases: all flagged, and an audit sample of {status.n_audit}."
        ),
        "missing_data": (
            "Cases that not all readers have locked are left out of the statistics and counted."
        ),
        "protocol": f"The charter of the study, SHA-256 {charter.sha256}.",
        "limitations": (
            "Of the unflagged only a sample was read: sensitivity is bounded, not estimated."
        ),
    }


def _eligibility(contents: Contents) -> str:
    """Say who was eligible as the flow has it, where the charter does not."""
    if contents.has_eligibility:
        told = "Therapy, and the imaging that screener eligible asks for; exclusions are in the"
        return f"{told} flow diagram."
    if contents.has_treatments:
        return "At least one cycle of therapy and a report that was screened."
    return "A report that was screened."


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _sites(contents: Contents) -> str:
    """Say at how many sites, and from when to when, the patients were treated."""
    if contents.treatments is None:
        return ""
    n_sites = len({one.site for one in contents.treatments.patients.values() if one.site})
    days = [one.first_on for one in contents.treatments.courses.values() if one.first_on]
    told = [_counted(n_sites, "site")] if n_sites else []
    if days:
        told.append(f"first cycles from {min(days).year} to {max(days).year}")
    return f"{'; '.join(told)}." if told else ""


def _of_reading(contents: Contents) -> dict[str, str]:
    charter = contents.charter
    simulated = " They are simulated: no person has read." if contents.is_simulated else ""
    shown = ", ".join(charter.reading.shown)
    everybody = f"{_counted(len(charter.everybody), 'reader')}: {', '.join(charter.everybody)}."
    return {
        "readers": f"{everybody}{simulated}",
        "reading": (
            f"Verdict yes, no or cannot assess; percent {charter.percent}; shown beside the text:"
            f" {shown}."
        ),
        "blinding": (
            "Each reader read alone, in an own random order, without score, tier, reason of draw"
            f" or the others' reads (others: {charter.reading.others.replace('_', ' ')};"
            f" highlights: {charter.reading.highlights.replace('_', ' ')})."
            f" {contents.status.n_unblindings} acts of unblinding are in the log."
        ),
        "indeterminate": "A reader may say 'cannot assess', with a reason; it is its own category.",
    }


def _of_results(contents: Contents) -> dict[str, str]:
    figures, status = contents.figures, contents.status
    facts = {
        "numbers": (
            f"{_counted(len(contents.charter.readers), 'reader')}, {status.n_cases} cases,"
            f" {status.n_complete} of them read by all."
        ),
        "statistics": (
            "Percent agreement, Fleiss' and Conger's kappa, Gwet's AC1, Brennan-Prediger,"
            " Krippendorff's alpha, intraclass correlation and Bland-Altman limits,"
            " with bootstrap intervals over cases; proportions with Wilson's interval; the missed"
            " by an exact one-sided bound."
        ),
        "flow": "See the flow diagram; it adds up.",
        "details": "Tables of this report, also as CSV beside it.",
        "patients": "See Table 1." if contents.treatments and contents.confirmed else "",
        "accuracy": "See the accuracy against the gold labels." if contents.evaluation else "",
    }
    if figures is None:
        return facts
    found = figures.verdicts
    facts["agreement"] = "; ".join(
        f"{label} {estimate_text(found.coefficients[name])}"
        for name, label in (("gwet_ac", "Gwet's AC1"), ("fleiss_kappa", "Fleiss' kappa"))
    )
    facts["severity"] = "The readers' percents are in the table of estimates."
    if figures.missed is not None and not facts["accuracy"]:
        facts["accuracy"] = f"PPV {figure_text(figures.missed.ppv)}; see how many were missed."
    return facts
