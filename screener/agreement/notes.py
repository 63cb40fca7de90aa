"""What to know of coefficients that have a value: what they rest on, and what misleads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from screener.agreement.coefficients import n_complete
from screener.agreement.intraclass import ICC
from screener.agreement.patterns import Patterns
from screener.agreement.records import Estimate
from screener.agreement.scales import pair_of

_CHANCE = ("fleiss_kappa", "conger_kappa", "krippendorff_alpha")
_HIGH, _LOW = 0.8, 0.4


def with_notes(found: Mapping[str, Estimate], patterns: Patterns) -> dict[str, Estimate]:
    """Add to each coefficient what a reader of it should know."""
    return {
        name: _with_note(estimate, _note(name, found, patterns)) for name, estimate in found.items()
    }


def _with_note(estimate: Estimate, note: str) -> Estimate:
    if estimate.value is None or not note:
        return estimate
    return replace(estimate, note="; ".join(filter(None, [note, estimate.note])))


def _note(name: str, found: Mapping[str, Estimate], patterns: Patterns) -> str:
    n, scale = patterns.n_cases, patterns.scale
    if name in ICC and n_complete(patterns) < n:
        return f"over the {n_complete(patterns):,} of {n:,} cases that all readers read"
    if name == "percent_agreement" and patterns.n_paired < n:
        return f"over the {patterns.n_paired:,} of {n:,} cases with two reads or more"
    if name in {"gwet_ac", "brennan_prediger"}:
        if patterns.n_categories_read == 1:
            return "one category was used; the value is so whatever others were on offer"
        if not (scale.is_declared or pair_of(scale.labels)):
            kind = "numbers" if scale.is_metric else "categories"
            return f"takes the {len(scale.labels):,} {kind} that occur as those on offer"
    if name in _CHANCE and _is_paradox(name, found):
        agreed = found["percent_agreement"].value or 0.0
        return (
            f"low although {agreed:.0%} of pairs of reads agree: almost all reads are of one "
            "category, which leaves little beyond chance; see gwet_ac"
        )
    return ""


def _is_paradox(name: str, found: Mapping[str, Estimate]) -> bool:
    """The first paradox of Feinstein AR, Cicchetti DV (1990), J Clin Epidemiol 43:543-549."""
    value, agreed = found[name].value, found["percent_agreement"].value
    return value is not None and agreed is not None and agreed >= _HIGH and value < _LOW
