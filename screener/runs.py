"""The use case of a screen: reports in, a run folder with ranked patients out, nothing lost.

Every row that is read ends as a screened report, a rejected row or an exact duplicate; a run whose
counts do not add up fails. The tables hold the same bytes for the same input and pack, whatever the
number of workers; only ``run.json`` knows times and versions, and it holds no report text.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from screener.errors import RunError
from screener.exports.formats import FORMATS
from screener.exports.tables import (
    FINDINGS,
    NEAR_MISSES,
    PATIENTS,
    REJECTED,
    REPORTS,
    TABLES,
    finding_row,
    near_miss_row,
    patient_row,
    report_row,
)
from screener.journals import Journal, journal_of
from screener.ranking import DatedAssessment
from screener.reports import Rejected, Report
from screener.run_folders import RUN_FILE, create_file, new_run_folder, open_tables
from screener.run_index import RunIndex
from screener.run_pages import write_run_page
from screener.run_records import Counts, Input, RunOptions, RunRecord
from screener.workers import Chunk, Entry, Failed, screen_chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from screener.packs import RulePack
    from screener.run_folders import Writers
    from screener.screening import ScreenedReport
    from screener.sources import Source
    from screener.workers import Build, Results, ScreensReports

CHUNK_ENTRIES = 512
CHUNK_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run came to: its folder, its counts and the patients of each tier, best tier first."""

    out: Path
    counts: Counts
    tiers: Mapping[str, int]


def screen_sources(
    sources: Iterable[Source],
    pack: RulePack,
    out: Path,
    *,
    options: RunOptions | None = None,
    build: Build | None = None,
    progress: Callable[[Counts], None] | None = None,
) -> RunSummary:
    """Screen all reports of some sources into a new run folder.

    Parameters
    ----------
    sources
        Opened one after the other and read once, in chunks.
    pack
        The question.
    out
        The run folder to make.
    options
        How to run.
    build
        Makes the screener of a process, in place of the pack's; picklable for several workers.
    progress
        Told the counts after each chunk.

    Raises
    ------
    RunError
        When the folder cannot be made or the counts do not add up; nothing is left at `out` then.
    """
    options = options or RunOptions()
    build = build or partial(_screener, pack, options.is_gated)
    screening = _Screening(pack, options, build, progress)
    try:
        with new_run_folder(out, replace=options.replace) as folder:
            return screening.run(sources, folder, out)
    except (OSError, sqlite3.Error) as fault:  # of the folder: a source raises SourceError
        reason = getattr(fault, "strerror", None) or type(fault).__name__
        raise RunError(f"The run at {out} could not be written: {reason}.") from fault


def _screener(pack: RulePack, is_gated: bool) -> ScreensReports:
    from screener.screening import Screener

    return Screener(pack, is_gated=is_gated)


class _Screening:
    """One run under way."""

    def __init__(
        self,
        pack: RulePack,
        options: RunOptions,
        build: Build,
        progress: Callable[[Counts], None] | None,
    ) -> None:
        self.pack = pack
        self.options = options
        self.build = build
        self.progress = progress
        self.counts = Counts()
        self.tiers: Counter[str] = Counter()
        self.inputs: list[Input] = []
        self.started_at = datetime.now(UTC)

    def run(self, sources: Iterable[Source], folder: Path, out: Path) -> RunSummary:
        with ExitStack() as stack:
            self.journal = self._journal(stack, out)
            as_ = FORMATS[self.options.table_format]
            self.write: Writers = stack.enter_context(open_tables(folder, TABLES, as_))
            self.index = stack.enter_context(RunIndex(folder / "index.sqlite"))
            self._screen(sources)
            self._rank()
        self.counts.check()
        write_run_page(folder, self.pack, self.counts, self.tiers)
        with create_file(folder / RUN_FILE) as file:
            file.write(self._record().to_json())
        return RunSummary(out, self.counts, dict(self.tiers))

    def _screen(self, sources: Iterable[Source]) -> None:
        for chunk, results in self._screened(_chunks(self._entries(sources))):
            self._take(chunk, results)
            if self.progress is not None:
                self.progress(self.counts)

    def _journal(self, stack: ExitStack, out: Path) -> Journal | None:
        if not self.options.is_journaled:
            return None
        journal = Journal(journal_of(out), self.pack, resume=self.options.resume)
        return stack.enter_context(journal)

    def _screened(self, chunks: Iterator[Chunk]) -> Iterator[tuple[Chunk, Results]]:
        go_on = self._engine()
        return go_on(chunks) if self.journal is None else self.journal.screen(chunks, go_on)

    def _engine(self) -> Callable[[Iterable[Chunk]], Iterator[tuple[Chunk, Results]]]:
        scheduler = self.options.scheduler
        if scheduler is None:
            return partial(screen_chunks, build=self.build, n_workers=self.options.n_workers)
        from screener.clusters import screen_on_cluster

        return partial(screen_on_cluster, pack=self.pack, scheduler=scheduler)

    def _entries(self, sources: Iterable[Source]) -> Iterator[Entry]:
        """Read the sources; leave out exact duplicates."""
        for source in sources:
            for record in source.rows:
                self.counts.n_read += 1
                if isinstance(record, Report) and self._is_duplicate(record):
                    self.counts.n_duplicate += 1
                else:
                    yield Entry(source.name, record)
            self._close(source)

    def _close(self, source: Source) -> None:
        """Count what a source held beside reports, and record it."""
        counts, tally = self.counts, source.tally
        counts.n_superseded += tally.n_superseded
        counts.n_joined += tally.n_joined
        counts.n_skipped += tally.skipped.total()
        counts.n_read += tally.n_superseded + tally.n_joined + tally.skipped.total()
        self.inputs.append(_input(source))

    def _is_duplicate(self, report: Report) -> bool:
        if self.index.is_duplicate(report):
            return True
        self.counts.n_repeated_ids += self.index.is_repeated_id(report.report_id)
        return False

    def _take(self, chunk: Chunk, results: tuple[ScreenedReport | Failed, ...]) -> None:
        """Write what came of one chunk, in the order of the input."""
        of_report = iter(results)
        for entry in chunk.entries:
            record = entry.record
            if isinstance(record, Rejected):
                self._reject(record.source, record.line, record.reason, None)
                continue
            result = next(of_report)
            if isinstance(result, Failed):
                self._reject(entry.source, None, result.reason, record.report_id)
            else:
                self._keep(record, result)

    def _reject(self, *row: str | int | None) -> None:
        self.counts.n_rejected += 1
        self.write[REJECTED.name](row)

    def _keep(self, report: Report, screened: ScreenedReport) -> None:
        said, counts = screened.assessment, self.counts
        self.index.add(DatedAssessment(said, report.exam_on, counts.n_screened))
        if screened.near_miss is not None:
            self.index.add_near_miss(screened.near_miss, counts.n_screened)
            counts.n_near_misses += 1
        counts.n_screened += 1
        counts.n_undated += report.exam_on is None
        counts.n_findings += len(screened.findings)
        counts.n_candidate_reports += said.is_candidate
        self.write[REPORTS.name](report_row(said, report.exam_on, len(screened.findings)))
        for finding in screened.findings:
            self.write[FINDINGS.name](finding_row(finding))

    def _rank(self) -> None:
        for patient in self.index.ranked_patients(self.pack.ranking):
            self.counts.n_patients += 1
            self.counts.n_candidate_patients += patient.is_candidate
            self.tiers[patient.tier] += 1
            self.write[PATIENTS.name](patient_row(patient))
        for rank, near_miss in enumerate(self.index.ranked_near_misses(), start=1):
            self.write[NEAR_MISSES.name](near_miss_row(rank, near_miss))

    def _record(self) -> RunRecord:
        return RunRecord(
            pack={"name": self.pack.name, "version": self.pack.version, "sha256": self.pack.sha256},
            inputs=tuple(self.inputs),
            options=self.options,
            counts=self.counts,
            tiers=dict(self.tiers),
            started_at=self.started_at,
            ended_at=datetime.now(UTC),
        )


def _input(source: Source) -> Input:
    choices = source.mapping.choices if source.mapping else ()
    columns = {choice.field: list(choice.columns) for choice in choices}
    tally = source.tally
    return Input(
        source.name,
        source.format,
        source.sha256,
        source.n_bytes,
        columns,
        tally.n_superseded,
        tally.n_joined,
        dict(sorted(tally.skipped.items())),
    )


def _chunks(entries: Iterable[Entry]) -> Iterator[Chunk]:
    """Cut the entries into chunks bounded in number and in characters."""
    chunk: list[Entry] = []
    n_characters = 0
    for entry in entries:
        chunk.append(entry)
        n_characters += len(entry.record.text) if isinstance(entry.record, Report) else 0
        if len(chunk) >= CHUNK_ENTRIES or n_characters >= CHUNK_CHARACTERS:
            yield Chunk(tuple(chunk))
            chunk, n_characters = [], 0
    if chunk:
        yield Chunk(tuple(chunk))
