"""Tables of the readers: coefficients, pairs, each reader, and what was said of each case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screener.report.numbers import estimate_text
from screener.report.tables import ReportTable

if TYPE_CHECKING:
    from screener.agreeing_studies import StudyFigures
    from screener.agreement.records import Agreement, Estimate
    from screener.report.contents import Contents

LABELS = {
    "percent_agreement": "Percent agreement (as a share)",
    "weighted_agreement": "Weighted agreement",
    "full_agreement": "Cases on which all agree (share)",
    "fleiss_kappa": "Fleiss' kappa",
    "conger_kappa": "Conger's kappa",
    "gwet_ac": "Gwet's AC1",
    "brennan_prediger": "Brennan-Prediger",
    "krippendorff_alpha": "Krippendorff's alpha",
    "positive_agreement": "Positive agreement",
    "negative_agreement": "Negative agreement",
    "icc_a1": "ICC(A,1), percent",
    "icc_c1": "ICC(C,1), percent",
    "icc_ak": "ICC(A,k), percent",
    "reader_disagreement_index": "Reads overruled (share)",
}


def told_coefficients(figures: StudyFigures) -> dict[str, Estimate]:
    """Return the coefficients of the verdict, and the intraclass ones of the percents."""
    found = dict(figures.verdicts.coefficients)
    of_percents = figures.percents.coefficients if figures.percents else {}
    for name in found:
        if name.startswith("icc") and name in of_percents:
            found[name] = of_percents[name]
    return found


def coefficient_table(figures: StudyFigures) -> ReportTable:
    """Return every coefficient with its interval, defined or not."""
    rows = tuple(
        (LABELS.get(name, name), estimate_text(one), one.note)
        for name, one in told_coefficients(figures).items()
    )
    agreement = figures.verdicts
    note = (
        f"{agreement.n_cases_compared} cases, {agreement.n_readers} readers,"
        f" {agreement.n_reads} reads. {_intervals(agreement)}"
        " Intraclass correlations are of the percents, all others of the verdicts."
    )
    header = ("Coefficient", "Value (interval)", "Note")
    caption = "Agreement of the readers on the verdict and on the percent."
    return ReportTable("agreement", caption, header, rows, note)


def _intervals(agreement: Agreement) -> str:
    percent = 100 * agreement.confidence
    if not agreement.n_resamples:
        return "There are no bootstrap intervals."
    return (
        f"Intervals are {percent:g}%: {agreement.n_resamples:,} bootstrap resamples of cases,"
        f" seed {agreement.seed}; of shares of cases, Wilson's."
    )


def pair_table(figures: StudyFigures) -> ReportTable:
    """Return each pair of readers: agreement, kappa, and Bland and Altman's limits."""
    limits = {}
    if figures.percents is not None:
        limits = {pair.readers: pair.limits for pair in figures.percents.pairwise}
    rows = []
    for pair in figures.verdicts.pairwise:
        found = limits.get(pair.readers)
        has = found is not None and found.bias is not None and found.low is not None
        rows.append(
            (
                " and ".join(pair.readers),
                str(pair.n_cases),
                estimate_text(pair.percent_agreement),
                estimate_text(pair.cohen_kappa),
                f"{found.bias:.1f}" if found and has else "undefined",
                f"{found.low:.1f} to {found.high:.1f}" if found and has else "undefined",
            )
        )
    header = (
        *("Readers", "Cases", "Agreement (share)", "Cohen's kappa"),
        *("Bias, points", "Limits of agreement, points"),
    )
    return ReportTable("pairs", "Each pair of readers.", header, tuple(rows))


def reader_table(figures: StudyFigures) -> ReportTable:
    """Return each reader: reads, and how many were overruled by the consensus."""
    rows = tuple(
        (
            one.reader,
            str(one.n_read),
            f"{one.n_overruled}/{one.n_compared}" if one.n_overruled is not None else "undefined",
            estimate_text(one.disagreement_index),
        )
        for one in figures.verdicts.readers
    )
    header = ("Reader", "Reads", "Overruled", "Share overruled (interval)")
    return ReportTable("readers", "Each reader against the consensus.", header, rows)


def estimate_table(contents: Contents) -> ReportTable:
    """Return what each reader said of each case, by case id."""
    readers = contents.charter.primaries
    rows = tuple(
        (
            one.case_id,
            {"flagged": "flagged", "audit": "audit sample"}.get(one.origin, one.origin),
            *("" if percent is None else f"{percent:g}" for percent in one.percents),
            one.result or "open",
        )
        for one in contents.estimates
    )
    header = ("Case", "Drawn as", *(f"{name}, percent" for name in readers), "Result")
    return ReportTable("estimates", "The readers' estimates of each case.", header, rows)
