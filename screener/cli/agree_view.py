"""The agreement of readers as text: coefficients with intervals, pairs, readers, notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from screener.cli.plain import plain

if TYPE_CHECKING:
    from rich.console import Console

    from screener.agreement.bland_altman import Limits
    from screener.agreement.records import Agreement, Estimate

LABELS = {
    "percent_agreement": "percent agreement",
    "weighted_agreement": "weighted agreement",
    "full_agreement": "cases all readers agree on",
    "gwet_ac": "Gwet's AC1",
    "brennan_prediger": "Brennan-Prediger",
    "fleiss_kappa": "Fleiss' kappa",
    "conger_kappa": "Conger's kappa",
    "krippendorff_alpha": "Krippendorff's alpha",
    "positive_agreement": "positive agreement",
    "negative_agreement": "negative agreement",
    "icc_a1": "ICC(A,1)",
    "icc_c1": "ICC(C,1)",
    "icc_ak": "ICC(A,k)",
    "reader_disagreement_index": "reads overruled",
}
"""What each is called, in the order in which they are shown: first those that need no chance."""
MAX_CATEGORIES = 12

_WORDS = frozenset({"", "interval", "limits", "note"})


class _Notes:
    """Notes in the order in which they are first called for, each with its number."""

    def __init__(self) -> None:
        self.told: dict[str, int] = {}

    def mark(self, note: str) -> str:
        """Return the mark that stands beside a value."""
        if not note:
            return ""
        return f"[{self.told.setdefault(note, len(self.told) + 1)}]"


def show_agreement(agreement: Agreement, console: Console) -> None:
    """Print an agreement; everything is readable without colour."""
    notes = _Notes()
    for line in _head(agreement):
        console.print(Text(line))
    console.print()
    console.print(_coefficients(agreement, notes))
    for title, table in (
        ("Pairs (Cohen), over the cases that both read", _pairs(agreement, notes)),
        ("Limits of agreement (first minus second)", _limits(agreement)),
        (_readers_title(agreement), _readers(agreement)),
        ("Categories", _categories(agreement, notes)),
    ):
        if table.row_count:
            console.print(Text(f"\n{title}", "bold"))
            console.print(table)
    _show_notes(agreement, notes, console)


def interval_text(ends: tuple[float, float] | None, digits: int = 3) -> str:
    """Return an interval as ``low to high``, or nothing.

    >>> interval_text((0.25, 0.5)), interval_text(None)
    ('0.250 to 0.500', '')
    """
    return "" if ends is None else f"{ends[0]:.{digits}f} to {ends[1]:.{digits}f}"


def _value(estimate: Estimate) -> str:
    return "undefined" if estimate.value is None else f"{estimate.value:.3f}"


def _head(told: Agreement) -> Iterator[str]:
    weights = "" if told.weights == "identity" else f", {told.weights} weights"
    if told.level == "ordinal":
        weights += " (alpha: ordinal metric)"
    cases, readers = _count(told.n_cases, "case"), _count(told.n_readers, "reader")
    yield f"{cases}, {readers}, {_count(told.n_reads, 'read')}; {told.level} level{weights}"
    if told.n_cases_compared < told.n_cases:
        unread = told.n_cases - told.n_cases_read
        yield (
            f"{told.n_cases_compared:,} cases have two reads or more, "
            f"{told.n_cases_read - told.n_cases_compared:,} one, {unread:,} none"
        )


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def _coefficients(told: Agreement, notes: _Notes) -> Table:
    table = _table()
    _add(table, "")
    _add(table, "value")
    table.add_column(f"{told.confidence * 100:g}% interval")
    table.add_column("note")
    for name, label in LABELS.items():
        if not _is_shown(name, told):
            continue
        estimate = told.coefficients[name]
        named = _named(name, label, told)
        mark = notes.mark(estimate.note)
        table.add_row(f"  {named}", _value(estimate), interval_text(estimate.interval), mark)
    return table


def _is_shown(name: str, told: Agreement) -> bool:
    is_metric = told.level in {"interval", "ratio"}
    if name.startswith("icc"):
        return is_metric
    if name in {"positive_agreement", "negative_agreement"}:
        return not is_metric and len(told.categories) <= 2  # noqa: PLR2004  two categories
    if name == "weighted_agreement":
        return told.weights != "identity"
    return name != "reader_disagreement_index" or not is_metric


def _readers_title(told: Agreement) -> str:
    by = "the settled verdict" if told.has_settled else "the majority"
    return f"Readers, and how often {by} overrules them"


def _named(name: str, label: str, told: Agreement) -> str:
    if name == "gwet_ac" and told.weights != "identity":
        return "Gwet's AC2"
    if name == "positive_agreement" and told.positive:
        return f"{label} ({plain(told.positive)})"
    return label


def _table() -> Table:
    return Table(box=None, padding=(0, 1), pad_edge=False, header_style="")


def _add(table: Table, title: str) -> None:
    """Add a column: words to the left, folded where they are long, numbers to the right."""
    table.add_column(title, justify="left" if title in _WORDS else "right", overflow="fold")


def _pairs(told: Agreement, notes: _Notes) -> Table:
    table = _table()
    kappa = "kappa" if told.weights == "identity" else "weighted kappa"
    for title in ("", "cases", "agree", kappa, "interval", "note"):
        _add(table, title)
    for pair in told.pairwise:
        table.add_row(
            f"  {plain(pair.readers[0])}, {plain(pair.readers[1])}",
            f"{pair.n_cases:,}",
            _value(pair.percent_agreement),
            _value(pair.cohen_kappa),
            interval_text(pair.cohen_kappa.interval),
            notes.mark(pair.cohen_kappa.note),
        )
    return table


def _limits(told: Agreement) -> Table:
    table = _table()
    for title in ("", "cases", "bias", "SD", "limits"):
        _add(table, title)
    for pair in told.pairwise:
        limits = pair.limits
        if limits is not None:
            table.add_row(f"  {plain(pair.readers[0])}, {plain(pair.readers[1])}", *_limit(limits))
    return table


def _limit(limits: Limits) -> tuple[str, ...]:
    if limits.bias is None:
        return ("0", "", "", limits.note)
    bias = f"{limits.bias:.2f}"
    if limits.sd is None or limits.low is None or limits.high is None:
        return (f"{limits.n:,}", bias, "", limits.note)
    ends = interval_text((limits.low, limits.high), 2)
    return (f"{limits.n:,}", bias, f"{limits.sd:.2f}", ends)


def _readers(told: Agreement) -> Table:
    table = _table()
    for title in ("", "reads", "overruled", "share", "interval"):
        _add(table, title)
    for one in told.readers:
        if one.n_overruled is None:
            continue
        index = one.disagreement_index
        overruled = f"{one.n_overruled:,} of {one.n_compared:,}"
        ends = interval_text(index.interval)
        table.add_row(f"  {plain(one.reader)}", f"{one.n_read:,}", overruled, _value(index), ends)
    return table


def _categories(told: Agreement, notes: _Notes) -> Table:
    table = _table()
    for title in ("", "reads", "share", "agreement", "interval", "note"):
        _add(table, title)
    shown = told.categories if len(told.categories) <= MAX_CATEGORIES else ()
    for one in shown:
        agreed = one.specific_agreement
        table.add_row(
            f"  {plain(one.category)}",
            f"{one.n_reads:,}",
            f"{one.n_reads / told.n_reads:.3f}" if told.n_reads else "",
            _value(agreed),
            interval_text(agreed.interval),
            notes.mark(agreed.note),
        )
    return table


def _show_notes(told: Agreement, notes: _Notes, console: Console) -> None:
    console.print()
    grid = Table.grid(padding=(0, 1))
    for note, number in notes.told.items():
        grid.add_row(f"[{number}]", note)
    if notes.told:
        console.print(grid)
    if told.n_resamples:
        console.print(
            Text(
                f"Intervals: BCa bootstrap of cases, {told.n_resamples:,} resamples, seed "
                f"{told.seed}; of shares of cases or of one reader's reads, Wilson."
            )
        )
