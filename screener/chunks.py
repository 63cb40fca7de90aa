"""Chunks of the input: some rows of one or more sources, in order, bounded in their size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from screener.report_columns import Block, ReportColumns
from screener.reports import Rejected, Report

CHUNK_ENTRIES = 512
CHUNK_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of the input, in order; only the reports among them go to a worker.

    Attributes
    ----------
    block
        The rows.
    sources
        The name of the source of each report.
    """

    block: Block
    sources: Sequence[str]

    @classmethod
    def of(cls, rows: Iterable[Report | Rejected], source: str = "") -> Chunk:
        """Make a chunk of rows of one source."""
        return cls.joined([(source, Block.of(rows))])

    @classmethod
    def joined(cls, parts: Sequence[tuple[str, Block]]) -> Chunk:
        """Make a chunk of the rows of some sources, one after the other."""
        sources: list[str] = []
        rejected: list[tuple[int, Rejected]] = []
        for source, block in parts:
            rejected += [(len(sources) + place, row) for place, row in block.rejected]
            sources += [source] * len(block.reports)
        reports = ReportColumns.joined([block.reports for _, block in parts])
        return cls(Block(reports, tuple(rejected)), sources)

    @property
    def reports(self) -> ReportColumns:
        """The rows that are reports."""
        return self.block.reports


def blocks_of(rows: Iterator[Report | Rejected]) -> Iterator[Block]:
    """Put the rows of a source in blocks, bounded in number and in characters."""
    some: list[Report | Rejected] = []
    n_characters = 0
    for row in rows:
        some.append(row)
        n_characters += len(row.text) if isinstance(row, Report) else 0
        if len(some) >= CHUNK_ENTRIES or n_characters >= CHUNK_CHARACTERS:
            yield Block.of(some)
            some, n_characters = [], 0
    if some:
        yield Block.of(some)


def chunks_of(blocks: Iterable[tuple[str, Block]]) -> Iterator[Chunk]:
    """Put blocks together in chunks, bounded in number and in characters like them."""
    parts: list[tuple[str, Block]] = []
    n_entries = n_characters = 0
    for source, block in blocks:
        n_more = sum(map(len, block.reports.texts))
        is_full = n_entries + len(block) > CHUNK_ENTRIES or n_characters + n_more > CHUNK_CHARACTERS
        if parts and is_full:
            yield Chunk.joined(parts)
            parts, n_entries, n_characters = [], 0, 0
        parts.append((source, block))
        n_entries, n_characters = n_entries + len(block), n_characters + n_more
    if parts:
        yield Chunk.joined(parts)
