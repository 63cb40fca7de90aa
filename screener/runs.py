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
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

from screener.answers import Answer, Failed
from screener.assessments import nothing_said
from screener.chunks import CHUNK_ENTRIES, blocks_of, chunks_of
from screener.errors import RunError
from screener.exports.formats import FORMATS
from screener.exports.tables import (
    FINDINGS,
    NEAR_MISSES,
    PATIENTS,
    REJECTED,
    REPORTS,
    TABLES,
    alike_report_row,
    near_miss_row,
    patient_row,
    report_row,
)
from screener.journals import Journal, journal_of
from screener.near_misses import NearMiss
from screener.reports import Report
from screener.run_folders import RUN_FILE, create_file, new_run_folder, open_tables
from screener.run_index import RunIndex
from screener.run_pages import write_run_page
from screener.run_records import Counts, Input, RunOptions, RunRecord
from screener.workers import screen_chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from screener.chunks import Chunk
    from screener.exports.tables import Row
    from screener.packs import RulePack
    from screener.report_columns import Block
    from screener.reports import Rejected
    from screener.run_folders import Writers
    from screener.sources import Source
    from screener.workers import Build, Results, ScreensReports

_EXAM_ON = REPORTS.column_names.index("exam_on")
_FINDING_CELLS = len(FINDINGS.columns)
"""The first fields of a finding are the cells of its row."""


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
        self.nothing = report_row(nothing_said(Report("", "", ""), pack), None, 0)
        self.tiers: Counter[str] = Counter()
        self.inputs: list[Input] = []
        self.started_at = datetime.now(UTC)

    def run(self, sources: Iterable[Source], folder: Path, out: Path) -> RunSummary:
        with ExitStack() as stack:
            self.journal = self._journal(stack, out)
            as_ = FORMATS[self.options.table_format]
            self.write: Writers = stack.enter_context(open_tables(folder, TABLES, as_))
            self.index = stack.enter_context(RunIndex(folder / "index.sqlite", self.pack))
            self._screen(sources)
            self._rank()
        self.counts.check()
        write_run_page(folder, self.pack, self.counts, self.tiers)
        with create_file(folder / RUN_FILE) as file:
            file.write(self._record().to_json())
        return RunSummary(out, self.counts, dict(self.tiers))

    def _screen(self, sources: Iterable[Source]) -> None:
        for chunk, results in self._screened(chunks_of(self._blocks(sources))):
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

    def _blocks(self, sources: Iterable[Source]) -> Iterator[tuple[str, Block]]:
        """Read the sources; leave out exact duplicates."""
        for source in sources:
            for block in source.blocks or blocks_of(source.rows):
                self.counts.n_read += len(block)
                yield source.name, self._without_duplicates(block)
            self._close(source)

    def _without_duplicates(self, block: Block) -> Block:
        new, n_repeated = self.index.new_reports(block.reports)
        self.counts.n_repeated_ids += n_repeated
        self.counts.n_duplicate += len(block.reports) - len(new)
        return block.kept(new)

    def _close(self, source: Source) -> None:
        """Count what a source held beside reports, and record it."""
        counts, tally = self.counts, source.tally
        counts.n_superseded += tally.n_superseded
        counts.n_joined += tally.n_joined
        counts.n_skipped += tally.skipped.total()
        counts.n_read += tally.n_superseded + tally.n_joined + tally.skipped.total()
        self.inputs.append(_input(source))

    def _take(self, chunk: Chunk, results: Results) -> None:
        """Write what came of one chunk, in the order of the input."""
        reports = chunk.reports
        rejected = [(place, 0, _rejected_row(row)) for place, row in chunk.block.rejected]
        rows: list[Row] = []
        findings: list[Row] = []
        silent: list[int] = []
        each = zip(results, reports.report_ids, reports.patient_ids, reports.exam_days, strict=True)
        for place, (result, report_id, patient_id, exam_on) in enumerate(each):
            if result is None:
                silent.append(place)
                rows.append(alike_report_row(self.nothing, report_id, patient_id, exam_on))
            elif isinstance(result, Failed):
                failed = (chunk.sources[place], None, result.reason, report_id)
                rejected.append((place, 1, failed))
            else:
                position = self.counts.n_screened + len(rows)
                rows.append(self._keep(patient_id, result, exam_on, position))
                findings += [finding[:_FINDING_CELLS] for finding in result.findings]
        self.index.add_silent(reports, silent)
        self.counts.n_screened += len(rows)
        self.counts.n_undated += sum(row[_EXAM_ON] is None for row in rows)
        self.write[REPORTS.name](rows)
        self.write[FINDINGS.name](findings)
        self._reject([row for _, _, row in sorted(rejected, key=itemgetter(0, 1))])

    def _reject(self, rows: list[Row]) -> None:
        self.counts.n_rejected += len(rows)
        self.write[REJECTED.name](rows)

    def _keep(self, patient_id: str, answer: Answer, exam_on: date | None, position: int) -> Row:
        """Remember what one report says and give its row."""
        said, counts = answer.assessment, self.counts
        self.index.add(patient_id, answer.said, exam_on, position)
        if answer.near_miss is not None:
            self.index.add_near_miss(NearMiss(*answer.near_miss), position)
            counts.n_near_misses += 1
        counts.n_findings += len(answer.findings)
        counts.n_candidate_reports += said.is_candidate
        return report_row(said, exam_on, len(answer.findings))

    def _rank(self) -> None:
        patients = self.index.ranked_patients()
        while some := tuple(islice(patients, CHUNK_ENTRIES)):
            self.counts.n_patients += len(some)
            self.counts.n_candidate_patients += sum(patient.is_candidate for patient in some)
            self.tiers.update(patient.tier for patient in some)
            self.write[PATIENTS.name](list(map(patient_row, some)))
        ranked = enumerate(self.index.ranked_near_misses(), start=1)
        while rows := [near_miss_row(*one) for one in islice(ranked, CHUNK_ENTRIES)]:
            self.write[NEAR_MISSES.name](rows)

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


def _rejected_row(rejected: Rejected) -> Row:
    return rejected.source, rejected.line, rejected.reason, None
