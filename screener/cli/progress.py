"""What is told on stderr while a screen runs and when it has ended."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from screener.cli.diagnostics import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from screener.packs import RulePack
    from screener.run_records import Counts
    from screener.runs import RunSummary
    from screener.sources import Source


@contextmanager
def counting() -> Iterator[Callable[[Counts], None] | None]:
    """Show how many reports were screened, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} reports"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("screening", total=None)
        yield lambda counts: bar.update(task, completed=counts.n_screened)


def telling(sources: Iterable[Source]) -> Iterator[Source]:
    """Pass sources on; say how each is read and, when it has been, what was left unclear."""
    for source in sources:
        if source.mapping:
            say(f"{source.name}: {'; '.join(source.mapping.lines())}")
        for note in source.notes:
            say(f"{source.name}: {note}")
        yield source
        if source.tally.skipped:
            kinds = (f"{n:,} {kind}" for kind, n in sorted(source.tally.skipped.items()))
            say(f"{source.name}: left out as no reports of radiology: {'; '.join(kinds)}.")
        if source.n_unclear_dates:
            say(f"{source.name}: {source.n_unclear_dates:,} dates are unclear; see --date-order.")


def say_leftovers(out: Path, *, resume: bool = False) -> None:
    """Say what earlier runs left beside a run: it holds words of reports."""
    from screener.journals import journal_of
    from screener.run_folders import partial_folders

    if journal_of(out).exists() != resume:
        say(
            "There is no journal of an earlier run; this one begins at the beginning."
            if resume
            else f"{journal_of(out)} is of a run that was cut short; --resume would go on with it."
            " This run begins anew."
        )

    for folder in partial_folders(out):
        say(f"{folder} is of a run that is still at work or was killed; if killed, delete it.")


def say_ungated(pack: RulePack) -> None:
    """Say why a pack's reports all go through the pipeline, where they do."""
    from screener.nlp.gating import gate_problems

    for problem in gate_problems(pack):
        say(f"{pack.name}: {problem}, so every report goes through the pipeline, which is slow.")


def say_summary(summary: RunSummary) -> None:
    """Say what a run came to."""
    counts = summary.counts
    say(
        f"{counts.n_read:,} rows read: {counts.n_screened:,} screened, "
        f"{counts.n_rejected:,} rejected, {counts.n_duplicate:,} exact duplicates."
    )
    if counts.n_superseded or counts.n_joined or counts.n_skipped:
        say(
            f"Also read: {counts.n_superseded:,} superseded versions, {counts.n_joined:,} addenda "
            f"put with their reports, {counts.n_skipped:,} messages that are no reports."
        )
    if counts.n_repeated_ids:
        say(f"{counts.n_repeated_ids:,} reports share a report_id with another, different one.")
    tiers = ", ".join(f"{n:,} {tier}" for tier, n in summary.tiers.items())
    say(f"{counts.n_patients:,} patients: {tiers or 'none'}.")
    say(f"The run is in {summary.out}.")
