"""The bytes of a table are the contract."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from screener.exports.csv_writer import guard_text
from screener.exports.formats import FORMATS
from screener.exports.parquet_writer import ROWS_A_GROUP
from screener.exports.tables import FINDINGS, PATIENTS, REJECTED, REPORTS, Column, Table

if TYPE_CHECKING:
    from screener.exports.tables import Row

TABLE = Table(
    "things",
    (
        Column("word", str),
        Column("n", int),
        Column("share", float),
        Column("is_known", bool),
        Column("seen_on", date),
    ),
)
ROWS: list[Row] = [
    ("café, 75%", 3, 0.1, True, date(2021, 3, 4)),
    ('two "lines"\nhere', -1, 100.0, False, None),
    (None, None, None, None, None),
]


def written(format_name: str, rows: list[Row], table: Table = TABLE) -> bytes:
    file = io.BytesIO()
    with FORMATS[format_name].open_table(file, table) as write_rows:
        for row in rows:
            write_rows([row])
    return file.getvalue()


def test_csv_bytes() -> None:
    expected = (
        "word,n,share,is_known,seen_on\n"
        '"café, 75%",3,0.1,true,2021-03-04\n'
        '"two ""lines""\nhere",-1,100.0,false,\n'
        ",,,,\n"
    )
    assert written("csv", ROWS) == expected.encode()


def test_jsonl_bytes() -> None:
    expected = (
        '{"word": "café, 75%", "n": 3, "share": 0.1, "is_known": true, "seen_on": "2021-03-04"}\n'
        '{"word": "two \\"lines\\"\\nhere", "n": -1, "share": 100.0, "is_known": false,'
        ' "seen_on": null}\n'
        '{"word": null, "n": null, "share": null, "is_known": null, "seen_on": null}\n'
    )
    assert written("jsonl", ROWS) == expected.encode()


def test_parquet_keeps_types_and_values() -> None:
    table = pq.read_table(io.BytesIO(written("parquet", ROWS)))
    assert [str(kind) for kind in table.schema.types] == [
        "string",
        "int64",
        "double",
        "bool",
        "date32[day]",
    ]
    assert [tuple(row.values()) for row in table.to_pylist()] == ROWS


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_table_without_rows_still_has_its_columns(format_name: str) -> None:
    data = written(format_name, [])
    if format_name == "csv":
        assert data == b"word,n,share,is_known,seen_on\n"
    elif format_name == "parquet":
        assert pq.read_table(io.BytesIO(data)).column_names == list(TABLE.column_names)
    else:
        assert data == b""


def test_parquet_is_written_in_groups_of_a_fixed_length() -> None:
    rows: list[Row] = [("x", n, 0.5, True, None) for n in range(2 * ROWS_A_GROUP + 1)]
    metadata = pq.ParquetFile(io.BytesIO(written("parquet", rows))).metadata
    groups = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
    assert groups == [ROWS_A_GROUP, ROWS_A_GROUP, 1]


@pytest.mark.parametrize(
    "text",
    [
        "=HYPERLINK(1)",
        "+1+cmd",
        "-2+3",
        "@SUM(A1)",
        "\tlesion",
        "\rlesion",
        "  =1",
        "\n=1",
        "\u00a0=1",
        "\ufeff=1",
        "\uff1d1+1",
        "- innumerable lesions",
        "-",
    ],
)
def test_a_cell_that_would_start_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guard_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+5", "-0.75", "-1e-5", "liver", "a=b", "1-2", "", "'tis"])
def test_numbers_and_plain_text_are_left_alone(text: str) -> None:
    assert guard_text(text) == text


@pytest.mark.parametrize("format_name", ["jsonl", "parquet"])
def test_cells_are_guarded_in_csv_only(format_name: str) -> None:
    data = written(format_name, [("=1+1", 1, 1.0, True, None)])
    rows = (
        pq.read_table(io.BytesIO(data)).to_pylist()
        if format_name == "parquet"
        else [json.loads(data)]
    )
    assert rows[0]["word"] == "=1+1"


CELLS = st.text(st.characters(exclude_categories=["Cs"]))


@given(CELLS)
@example("'=1")
@example("''=1")
def test_the_guard_can_be_taken_away(text: str) -> None:
    guarded = guard_text(text)
    is_guarded = guarded.startswith("'") and guard_text(guarded[1:]) == guarded
    assert guarded[is_guarded:] == text


@given(CELLS)
@example("a\rb")
@example("\r\n")
def test_csv_cells_read_back_as_written(text: str) -> None:
    data = written("csv", [(text, 1, 1.0, True, None)]).decode()
    _, row = csv.reader(io.StringIO(data, newline=""))
    assert row[0] == guard_text(text)


def test_the_columns_of_a_run_are_as_promised() -> None:
    promised = {
        PATIENTS: "rank patient_id tier score burden certainty n_reports top_report_id top_exam_on"
        " evidence",
        REPORTS: "report_id patient_id burden candidate certainty stated_percent_low"
        " stated_percent_high score n_findings",
        FINDINGS: "report_id start end text concept section negated historical hypothetical"
        " uncertain family cue rule_id",
        REJECTED: "source line reason",
    }
    for table, names in promised.items():
        wanted = tuple(names.split())
        assert table.column_names[: len(wanted)] == wanted
