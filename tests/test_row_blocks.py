"""Rows made into reports many at a time are what each row makes by itself."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from screener.report_columns import Block, ReportColumns
from screener.reports import Rejected, Report
from screener.sources.columns import find_columns
from screener.sources.row_blocks import RowBlock, report_blocks
from screener.sources.rows import Fault, ReportMaker, Row, Tally

TEXTS = ["Normal liver.\n", "", " \t\n", "\0", " \0 ", "\u00a0", "Émile\u2028", "\ud800", " x"]
IDS = ["R1", "R2", " R3 ", "", "NULL", "n/a", "a b", "\0", "é", "\ud800", "123.0", "\\N"]
DAYS = ["2021-03-04", "04/03/2021", "", "soon", "20210304", "NaT"]
VALUES = [None, 7, 7.0, True, float("nan"), b"R9", b"\xff", date(2021, 3, 4), datetime(2021, 3, 4)]
COLUMNS = {
    "report_id": IDS,
    "patient_id": IDS,
    "text": TEXTS,
    "exam_on": DAYS,
    "findings": TEXTS,
    "impression": TEXTS,
    "modality": IDS,
}
SETS = [
    ("report_id", "patient_id", "text", "exam_on"),
    ("patient_id", "text"),
    ("report_id", "text", "modality"),
    ("report_id", "patient_id", "findings", "impression", "exam_on"),
]


@st.composite
def tables(draw: st.DrawFn) -> tuple[tuple[str, ...], list[RowBlock | Row | Fault]]:
    names = draw(st.sampled_from(SETS))
    odd = draw(st.sampled_from([[], VALUES]))
    cells = [st.sampled_from([*COLUMNS[name], *odd]) for name in names]
    items: list[RowBlock | Row | Fault] = []
    for first in range(1, draw(st.integers(1, 4))):
        rows = draw(st.lists(st.tuples(*cells), min_size=1, max_size=6))
        kind = draw(st.sampled_from(["block", "rows", "fault"]))
        if kind == "fault":
            items.append(Fault(100 * first, "broken"))
        elif kind == "rows":
            items += [Row(100 * first + i, row) for i, row in enumerate(rows)]
        else:
            lines = range(100 * first, 100 * first + len(rows))
            items.append(RowBlock(lines, tuple(zip(*rows, strict=True))))
    return names, items


@given(tables())
def test_a_block_gives_what_its_rows_give_one_by_one(
    table: tuple[tuple[str, ...], list[RowBlock | Row | Fault]],
) -> None:
    names, items = table
    mapping = find_columns(names, {}, "made")
    whole, single = (ReportMaker("made", "made", mapping, None, Tally()) for _ in range(2))
    rows = chain.from_iterable(item if isinstance(item, RowBlock) else [item] for item in items)
    expected = list(single.reports(rows))
    assert list(chain.from_iterable(report_blocks(whole, items))) == expected
    assert asdict(whole.tally) == asdict(single.tally)


REPORTS = st.builds(
    Report,
    st.sampled_from(["r1", "r2", "r3"]),
    st.sampled_from(["p1", "p2"]),
    st.sampled_from(["a", "b"]),
    st.sampled_from([None, date(2021, 3, 4)]),
    st.sampled_from(["", "CT"]),
)
ROWS = st.lists(REPORTS | st.just(Rejected("made", 3, "broken")), max_size=6)


@given(ROWS, ROWS)
def test_columns_give_the_reports_back(some: list[Report | Rejected], more: list[Report]) -> None:
    block = Block.of(some)
    assert (list(block), len(block)) == (some, len(some))
    kept = list(range(0, len(block.reports), 2))
    reports = [row for row in some if isinstance(row, Report)]
    odd = iter(range(len(reports)))
    expected = [row for row in some if isinstance(row, Rejected) or next(odd) % 2 == 0]
    assert list(block.kept(kept)) == expected
    others = Block.of(more).reports
    joined = ReportColumns.joined([block.reports, others])
    assert list(joined) == [*reports, *others]
    numbers = [*block.reports.known_by(), *others.known_by()]
    assert joined.known_by() == numbers  # a report has one, wherever it stands
    assert len(set(numbers)) == len({*joined})
