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
FEW = 20
"""Cases; with fewer, intervals by the bootstrap are told to be rough."""
_HIGH, _LOW = 0.8, 0.4


def with_notes(found: Mapping[str, Estimate], patterns: Patterns) -> dict[str, Estimate]:
    """Add to each coefficient what a reader of it should know."""
    return {
        name: _with_note(estimate, _note(name, found, patterns)) for name, estimate in found.items()
    }


def with_pair_note(kappa: Estimate, readers: tuple[str, str], patterns: Patterns) -> Estimate:
    """Add to the kappa of a pair that one of the two could not have agreed beyond chance."""
    codes = patterns.codes[patterns.is_paired > 0]
    constant = [
        reader
        for reader, column in zip(readers, codes.T, strict=True)
        if len(set(column.tolist())) == 1
    ]
    if len(constant) != 1 or kappa.value is None:
        return kappa
    return _with_note(kappa, f"{constant[0]!r} gave one category only, which makes any kappa 0")


def cautions(patterns: Patterns) -> tuple[str, ...]:
    """Say what holds of all intervals."""
    if 1 < patterns.n_paired < FEW:
        return (
            f"Fewer than {FEW} cases have two reads or more: bootstrap intervals are rough, and "
            "often too narrow.",
        )
    return ()


def _with_note(estimate: Estimate, note: str) -> Estimate:
    if estimate.value is None or not note:
        return estimate
    return replace(estimate, note="; ".join(filter(None, [note, estimate.note])))


def _note(name: str, found: Mapping[str, Estimate], patterns: Patterns) -> str:
    if name in ICC:
        return _icc_note(found[name], patterns)
    if name == "percent_agreement":
        return _agreement_note(found[name], patterns)
    if name in {"gwet_ac", "brennan_prediger"}:
        return _offer_note(patterns)
    return _paradox_note(found) if name in _CHANCE and _is_paradox(name, found) else ""


def _agreement_note(estimate: Estimate, patterns: Patterns) -> str:
    n, n_all = patterns.n_paired, patterns.n_cases
    over = f"over the {n:,} of {n_all:,} cases with two reads or more" if n < n_all else ""
    elsewhere = "full_agreement has an interval" if estimate.value == 1 else ""
    return "; ".join(filter(None, [over, elsewhere]))


def _offer_note(patterns: Patterns) -> str:
    scale = patterns.scale
    if patterns.n_categories_read == 1:
        return "one category was used; the value is so whatever others were on offer"
    if scale.is_declared or pair_of(scale.labels):
        return ""
    kind = "numbers" if scale.is_metric else "categories"
    return f"takes the {len(scale.labels):,} {kind} that occur as those on offer"


def _paradox_note(found: Mapping[str, Estimate]) -> str:
    agreed = found["percent_agreement"].value or 0.0
    return (
        f"low although {agreed:.0%} of pairs of reads agree: almost all reads are of one "
        "category, which leaves little beyond chance; see gwet_ac"
    )


def _icc_note(estimate: Estimate, patterns: Patterns) -> str:
    n, n_all = n_complete(patterns), patterns.n_cases
    over = f"over the {n:,} of {n_all:,} cases that all readers read" if n < n_all else ""
    ends = estimate.analytic_interval
    by_f = f"by the F distribution {ends[0]:.3f} to {ends[1]:.3f}" if ends else ""
    return "; ".join(filter(None, [over, by_f]))


def _is_paradox(name: str, found: Mapping[str, Estimate]) -> bool:
    """The first paradox of Feinstein AR, Cicchetti DV (1990), J Clin Epidemiol 43:543-549."""
    value, agreed = found[name].value, found["percent_agreement"].value
    return value is not None and agreed is not None and agreed >= _HIGH and value < _LOW
