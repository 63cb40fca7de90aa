"""Standard input, records and frames: rows as they come, and memory that does not grow."""

from __future__ import annotations

import hashlib
import io
import json
import os
import threading
import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pytest

from screener.errors import SourceError
from screener.reports import Rejected, Report
from screener.sources import Source, from_frame, from_records, open_sources
from screener.sources.objects import LONGEST_LINE


def from_stdin(stream: BinaryIO, **given: str) -> Source:
    (source,) = open_sources(["-"], column_map=given, stdin=stream)
    return source


def test_a_row_of_standard_input_is_there_before_the_next_is_written() -> None:
    reading, writing = os.pipe()
    may_write, is_written = threading.Semaphore(1), [0]

    def feed() -> None:
        with os.fdopen(writing, "wb", buffering=0) as out:
            for number in range(3):
                may_write.acquire(timeout=30)
                is_written[0] += 1
                out.write(b'{"note_id": %d, "mrn": 7, "text": "report"}\n' % number)

    feeder = threading.Thread(target=feed)
    feeder.start()
    with os.fdopen(reading, "rb") as stream:
        source = from_stdin(stream)
        for number in range(3):
            assert next(source.rows) == Report(str(number), "7", "report")
            assert is_written[0] == number + 1
            may_write.release()
        assert list(source.rows) == []
        assert not stream.closed
    feeder.join()
    assert source.tally.n_read == 3


def test_the_hash_and_size_of_standard_input_are_of_what_was_read() -> None:
    content = b"".join(b'{"id": %d, "text": "\xc3\xa9"}\n' % n for n in range(5000))
    source = from_stdin(io.BytesIO(content))
    assert sum(isinstance(row, Report) for row in source.rows) == 5000
    assert source.sha256 == hashlib.sha256(content).hexdigest()
    assert source.n_bytes == len(content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marked_encodings_of_standard_input_are_read(encoding: str) -> None:
    content = '{"id": "r1", "mrn": "p1", "text": "Größe"}\n'.encode(encoding)
    assert list(from_stdin(io.BytesIO(content)).rows) == [Report("r1", "p1", "Größe")]


def test_bad_lines_of_standard_input_are_rejected_even_before_the_first_object() -> None:
    content = b'oops\n\n{"text": "a"}\n{"text": "M\xfcller"}\nM\xfcller\n[1]\n{"text": "b"}'
    rows = list(from_stdin(io.BytesIO(content)).rows)
    assert [row.text for row in rows if isinstance(row, Report)] == ["a", "b"]
    assert [row for row in rows if isinstance(row, Rejected)] == [
        Rejected("-", 1, "the line is not JSON"),
        Rejected("-", 4, "the line is not UTF-8"),
        Rejected("-", 5, "the line is not UTF-8"),
        Rejected("-", 6, "the line is JSON but not an object"),
    ]


def test_a_line_that_never_ends_is_told_and_the_next_is_read() -> None:
    long = b'{"text": "' + b"x" * (3 * LONGEST_LINE) + b'"}\n'
    rejected, report = from_stdin(io.BytesIO(long + b'{"text": "Cyst."}\n')).rows
    assert isinstance(rejected, Rejected)
    assert rejected.reason == f"the line has over {LONGEST_LINE} characters"
    assert isinstance(report, Report)
    assert report.text == "Cyst."


def test_empty_standard_input_has_no_reports() -> None:
    source = from_stdin(io.BytesIO())
    assert list(source.rows) == []
    assert source.sha256 == hashlib.sha256(b"").hexdigest()
    assert source.notes == ("There are no reports in it.",)


def test_standard_input_that_is_no_json_is_refused() -> None:
    with pytest.raises(SourceError, match="-: holds no JSON object"):
        from_stdin(io.BytesIO(b"id,text\n" * 5000))


def test_standard_input_is_read_once_and_only_where_there_is_one() -> None:
    with pytest.raises(SourceError, match="named twice"):
        open_sources(["-", "-"], column_map={}, stdin=io.BytesIO(b'{"text": "a"}'))
    with pytest.raises(SourceError, match="there is none"):
        open_sources(["-"], column_map={})


def test_records_are_read_one_at_a_time() -> None:
    asked = 0

    def records() -> Iterator[dict[str, object]]:
        nonlocal asked
        for asked in range(1, 10**9):
            yield {"MRN": asked, "report_text": "a", "study_date": date(2021, 3, 4)}

    source = from_records(records(), name="feed")
    assert next(source.rows) == Report("feed:1", "1", "a", date(2021, 3, 4))
    assert next(source.rows) == Report("feed:2", "2", "a", date(2021, 3, 4))
    assert asked == 2


def test_records_that_are_no_mappings_or_lack_a_value_are_rejected() -> None:
    records = [{"id": "r1", "text": "a"}, None, {"id": "r2"}, {"id": float("nan"), "text": "b"}]
    first, *others = from_records(records).rows  # type: ignore[arg-type]
    assert first == Report("r1", "r1", "a")
    assert others == [
        Rejected("records", 2, "the record is not a mapping"),
        Rejected("records", 3, "text is empty"),
        Rejected("records", 4, "report_id is empty"),
    ]


def test_columns_of_records_are_found_as_those_of_files() -> None:
    with pytest.raises(SourceError, match="records: no column holds the 'text'"):
        from_records([{"mrn": 1}])
    source = from_records([{"mrn": 1, "NARR": "a"}], column_map={"text": "NARR"})
    assert [row.text for row in source.rows if isinstance(row, Report)] == ["a"]


def test_a_frame_gives_ids_as_written_and_is_left_as_it_was() -> None:
    frame = pd.DataFrame(
        {
            "note_id": [1.0, None, 3.0],
            "person_id": pd.array([7, 8, None], dtype="Int64"),
            "Findings": ["a", "b", "c"],
            "Impression": pd.array([None, "y", "z"], dtype="string"),
            "note_date": [pd.Timestamp(2021, 3, 4), pd.NaT, pd.NaT],
            "site": pd.Categorical(["N", "S", "N"]),
        },
        index=[5, 5, 5],
    )
    before = frame.copy()
    rows = list(from_frame(frame).rows)
    untied = "patient_id is empty: the report cannot be tied to a patient"
    assert rows == [
        Report("1", "7", "FINDINGS:\na", date(2021, 3, 4), site="N"),
        Rejected("frame", 2, "report_id is empty"),
        Rejected("frame", 3, untied),
    ]
    pd.testing.assert_frame_equal(frame, before)


def test_a_frame_of_many_rows_gives_them_all_in_order() -> None:
    frame = pd.DataFrame({"text": [f"t{n}" for n in range(2500)], 0: range(2500)})
    source = from_frame(frame, column_map={"report_id": "0"})
    rows = [row for row in source.rows if isinstance(row, Report)]
    assert [(row.report_id, row.text) for row in rows] == [(str(n), f"t{n}") for n in range(2500)]


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, suffix: str) -> None:
    text = "Innumerable hepatic metastases. " * 60

    def peak(n_rows: int) -> int:
        path = tmp_path / f"{n_rows}.{suffix}"
        with path.open("w") as out:
            if suffix == "csv":
                out.write("report_id,patient_id,text\n")
            for n in range(n_rows):
                record = {"report_id": f"r{n}", "patient_id": f"p{n}", "text": text}
                out.write(f"r{n},p{n},{text}\n" if suffix == "csv" else json.dumps(record) + "\n")
        tracemalloc.start()
        (source,) = open_sources([str(path)], column_map={})
        assert sum(1 for _ in source.rows) == n_rows
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(10)
    assert peak(8000) < peak(2000) + 2_000_000
