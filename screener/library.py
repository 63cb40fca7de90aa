"""Screen the reports that a program holds: a DataFrame, a stream of records, or one partition.

The same reports give the same rows here as in a run of the command line. Nothing is written to
disk, and no setting is kept: a process remembers only the screeners it has built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from screener.answers import Failed, screened_report
from screener.errors import SourceError
from screener.exports.tables import FINDINGS, REJECTED, REPORTS
from screener.packs import RulePack, load_pack
from screener.reports import Rejected, Report
from screener.screeners import OnDemand
from screener.screenings import Gathering, Screening
from screener.sources import Source, from_frame, from_records
from screener.workers import Chunk, screen_chunks

if TYPE_CHECKING:
    import pandas as pd

    from screener.screening import ScreenedReport, Screener
    from screener.screenings import Answer
    from screener.sources import DateOrder

DEFAULT_PACK = "liver_tumor_burden"
CHUNK_REPORTS = 64
RECORDS = "records"

Pack = str | Path | RulePack
_TABLES = {table.name: table for table in (REPORTS, FINDINGS, REJECTED)}


def screen(
    frame: pd.DataFrame,
    pack: Pack = DEFAULT_PACK,
    *,
    column_map: Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
    workers: int = 1,
) -> Screening:
    """Screen the reports of a DataFrame and rank its patients.

    Parameters
    ----------
    frame
        One row a report. It is not changed, and its index is not read.
    pack
        The question: a pack's name, its folder, or the pack.
    column_map
        Columns that their names do not tell, by field: ``{"text": "narr"}``.
    date_order
        How to read numeric days and months, ``dmy`` or ``mdy``.
    workers
        Processes; the answers do not depend on it. They are spawned, so a script that asks for more
        than one must be guarded by ``if __name__ == "__main__":``.

    Returns
    -------
    Screening
        Exact duplicates are counted and left out, as in a run.

    Raises
    ------
    SourceError
        If the columns are unclear.
    PackError
        If there is no such pack, or it is wrong.
    RunError
        If the worker processes cannot be started.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame(
    ...     {
    ...         "report_id": ["r1", "r2"],
    ...         "mrn": ["p1", "p2"],
    ...         "text": ["Normal liver.", "Innumerable hepatic metastases."],
    ...     }
    ... )
    >>> screening = screen(frame)
    >>> screening.patients[["rank", "patient_id", "tier"]].values.tolist()
    [[1, 'p2', 'candidate'], [2, 'p1', 'none']]
    """
    source = from_frame(frame, column_map=column_map, date_order=date_order)
    loaded = _loaded(pack)
    gathered = Gathering(source.name)
    gathered.take(_screened(gathered.once(source.rows), loaded, workers))
    return gathered.screening(loaded.ranking)


def screen_records(
    records: Iterable[Mapping[str, object]] | Iterable[Report],
    pack: Pack = DEFAULT_PACK,
    *,
    column_map: Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
    workers: int = 1,
) -> Iterator[ScreenedReport | Rejected]:
    """Screen records one after the other, as they are asked for.

    Parameters
    ----------
    records
        Mappings from column to value, or reports; the first tells which. The keys of a first
        mapping are the columns.
    pack, column_map, date_order
        As of `screen`; the columns of reports need no telling.
    workers
        Processes. With one, each record is answered before the next is read; with more, a few
        chunks of records are read ahead.

    Returns
    -------
    iterator of ScreenedReport or Rejected
        One a record, in their order; a rejected one has the record's number, from 1, as its line.
        Duplicates are not looked for.

    Raises
    ------
    PackError
        If there is no such pack, or it is wrong: at once.
    SourceError
        If the columns are unclear: when the first answer is asked for.

    Examples
    --------
    >>> answers = screen_records([Report("r1", "p1", "No hepatic metastases."), "no report"])
    >>> next(answers).assessment.burden
    'none'
    >>> next(answers).reason
    'the record is not a report'
    """
    rows = _rows(records, partial(from_records, column_map=column_map, date_order=date_order))
    return _answers(rows, _loaded(pack), workers)


def screen_partition(
    frame: pd.DataFrame,
    pack: Pack = DEFAULT_PACK,
    *,
    column_map: Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
    table: Literal["reports", "findings", "rejected"] = "reports",
) -> pd.DataFrame:
    """Screen one partition of a larger frame: pandas in, pandas out, for Dask, Spark and Ray.

    What a row gives depends on that row alone, so how the frame was parted does not matter; exact
    duplicates are therefore kept. An empty partition gives an empty frame with the same columns and
    types at once, which serves as Dask's ``meta``.

    Parameters
    ----------
    frame
        One row a report, with a column of report ids.
    pack, column_map, date_order
        As of `screen`.
    table
        Which table to give. Rows that cannot be screened stand in ``rejected`` only.

    Returns
    -------
    pandas.DataFrame
        With a fresh index. The line of a rejected row is its number within the partition.

    Raises
    ------
    SourceError
        If the columns are unclear, or none holds the report ids.
    PackError
        If there is no such pack, or it is wrong.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"report_id": [7], "text": ["Innumerable hepatic metastases."]})
    >>> screen_partition(frame)[["report_id", "burden"]].values.tolist()
    [['7', 'extensive']]
    """
    source = from_frame(frame, column_map=column_map, date_order=date_order, name="partition")
    if source.mapping is not None and source.mapping.choice("report_id") is None:
        raise SourceError(
            "partition: no column holds the 'report_id', and numbers would repeat from one"
            " partition to the next. Name it: column_map={'report_id': ...}."
        )
    gathered = Gathering(source.name)
    gathered.take(_screened(source.rows, _loaded(pack), 1))
    return gathered.frame(_TABLES[table])


def screener_of(pack: Pack = DEFAULT_PACK) -> Screener:
    """Return this process's screener of a pack, building it the first time it is asked for.

    Raises
    ------
    PackError
        If there is no such pack, or it is wrong.
    """
    return OnDemand.of(_loaded(pack)).screener()


def _loaded(pack: Pack) -> RulePack:
    return pack if isinstance(pack, RulePack) else load_pack(pack)


def _screened(rows: Iterable[Report | Rejected], pack: RulePack, workers: int) -> Iterator[Answer]:
    """Give each row of the input with what came of it, in order."""
    size = 1 if workers == 1 else CHUNK_REPORTS
    items = iter(rows)
    chunks = (Chunk.of(some) for some in iter(lambda: tuple(islice(items, size)), ()))
    for chunk, results in screen_chunks(chunks, partial(OnDemand.of, pack), workers):
        of_report = iter(results)
        for row in chunk.block:
            if isinstance(row, Rejected):
                yield row
                continue
            result = next(of_report)
            if not isinstance(result, Failed):
                yield row, screened_report(row, result, pack)
            else:
                yield row, result


def _rows(
    records: Iterable[object], read: Callable[[Iterable[Any]], Source]
) -> Iterator[Report | Rejected]:
    items = iter(records)
    for first in items:
        every = chain((first,), items)
        if isinstance(first, Report):
            yield from map(_as_report, every, count(1))
        else:
            yield from read(every).rows


def _as_report(record: object, number: int) -> Report | Rejected:
    if isinstance(record, Report):
        return record
    return Rejected(RECORDS, number, "the record is not a report")


def _answers(
    rows: Iterable[Report | Rejected], pack: RulePack, workers: int
) -> Iterator[ScreenedReport | Rejected]:
    for number, answer in enumerate(_screened(rows, pack, workers), 1):
        result = answer if isinstance(answer, Rejected) else answer[1]
        yield Rejected(RECORDS, number, result.reason) if isinstance(result, Failed) else result
