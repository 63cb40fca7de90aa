"""Workbooks, Parquet, JSON Lines and folders; and what is refused before the first row."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from screener.errors import SourceError
from screener.reports import Rejected, Report
from screener.sources import FORMATS, Format, Source, open_sources


def opened(path: Path, **given: str) -> Source:
    (source,) = open_sources([str(path)], column_map=given)
    return source


def read(path: Path, **given: str) -> list[Report | Rejected]:
    return list(opened(path, **given).rows)


def refusal(*specs: object, **given: str) -> str:
    with pytest.raises(SourceError) as caught:
        open_sources([str(spec) for spec in specs], column_map=given)
    return str(caught.value)


def workbook(path: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.create_sheet("second").append(["not", "read"])
    book.save(path)
    return path


def table(path: Path, columns: dict[str, object], **options: object) -> Path:
    parquet.write_table(pa.table(columns), path, **options)
    return path


def jsonl(path: Path, *lines: object) -> Path:
    written = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("".join(f"{line}\n" for line in written))
    return path


# --- workbooks -----------------------------------------------------------------------------------


def test_a_workbook_gives_ids_without_a_decimal_point_and_its_dates(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx",
        ["Accession Number", "MRN", "Report Text", "Study Date"],
        [1001, 7.0, "Liver.\nNormal.", datetime(2021, 3, 4, 8, 15)],
        ["A2", "007", "b", "2021-03-05"],
        [1003, 7.5, 12, None],
    )
    source = opened(path)
    assert list(source.rows) == [
        Report("1001", "7", "Liver.\nNormal.", date(2021, 3, 4), accession="1001"),
        Report("A2", "007", "b", date(2021, 3, 5), accession="A2"),
        Report("1003", "7.5", "12", accession="1003"),
    ]
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert source.n_bytes == path.stat().st_size


def test_empty_rows_of_a_workbook_are_not_rows_and_short_ones_are_filled(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx",
        [],
        ["text", "report_id", None, "mrn"],
        ["a", "r1", None, "p1"],
        [None, None],
        ["b", "r2"],
        ["c", "r3", None, "p3", "more"],
        ["d", "r4", None, "p4"],
    )
    rows = read(path)
    assert [row.report_id for row in rows if isinstance(row, Report)] == ["r1", "r4"]
    assert [(row.line, row.reason.split(":")[0]) for row in rows if isinstance(row, Rejected)] == [
        (3, "patient_id is empty"),
        (4, "too many fields"),
    ]


def test_carriage_returns_in_a_workbook_come_back_as_such(tmp_path: Path) -> None:
    rows: list[list[object]] = [["text"], ["a_x000D_\nb _x0041_"]]
    (report,) = read(workbook(tmp_path / "t.xlsx", *rows))
    assert isinstance(report, Report)
    assert report.text == "a\r\nb _x0041_"


def test_what_is_no_workbook_or_a_damaged_one_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "t.xlsx", ["text"], ["a" * 5000]).read_bytes()
    flipped = bytearray(whole)
    flipped[whole.index(b"xl/worksheets/sheet1.xml") + 60] ^= 0xFF
    for number, content in enumerate([b"", b"text\na\n", whole[:-200], bytes(flipped)]):
        path = tmp_path / f"bad{number}.xlsx"
        path.write_bytes(content)
        assert "is not a readable XLSX workbook" in refusal(path)


def test_an_empty_first_sheet_is_refused(tmp_path: Path) -> None:
    assert "has an empty first sheet" in refusal(workbook(tmp_path / "t.xlsx"))


# --- parquet -------------------------------------------------------------------------------------


def test_parquet_values_of_each_kind_are_read(tmp_path: Path) -> None:
    path = table(
        tmp_path / "t.parquet",
        {
            "note_id": pa.array([1, 2, None], pa.int64()),
            "person_id": pa.array([Decimal("7.00"), Decimal("8.50"), Decimal(9)]),
            "text": pa.array([b"Gr\xc3\xb6\xc3\x9fe\r\n", b"\xff", b"c"], pa.binary()),
            "note_date": pa.array([date(2021, 3, 4), None, None], pa.date32()),
            "modality": pa.array(["CT", "MR", "CT"]).dictionary_encode(),
            "embedding": pa.array([[0.1], [0.2], [0.3]]),
        },
    )
    source = opened(path)
    assert list(source.rows) == [
        Report("1", "7", "Größe\r\n", date(2021, 3, 4), "CT"),
        Rejected(str(path), 2, "text is not UTF-8"),
        Rejected(str(path), 3, "report_id is empty"),
    ]
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_timestamps_out_of_range_cost_no_report(tmp_path: Path) -> None:
    far = pa.array([0, 2**62, None], pa.timestamp("us"))
    rows = read(table(tmp_path / "t.parquet", {"text": ["a", "b", "c"], "exam_on": far}))
    assert [row.exam_on for row in rows if isinstance(row, Report)] == [
        date(1970, 1, 1),
        None,
        None,
    ]


def test_a_timestamp_with_a_zone_keeps_its_local_day(tmp_path: Path) -> None:
    when = pa.array([datetime(2021, 3, 4, 23, 30, tzinfo=UTC)], pa.timestamp("us", "Asia/Tokyo"))
    (report,) = read(table(tmp_path / "t.parquet", {"text": ["a"], "exam_on": when}))
    assert isinstance(report, Report)
    assert report.exam_on == date(2021, 3, 5)


def test_row_groups_and_batches_follow_one_another_and_rows_are_numbered(tmp_path: Path) -> None:
    texts = [f"report {n}" if n != 2500 else "" for n in range(3000)]
    rows = read(table(tmp_path / "t.parquet", {"text": texts}, row_group_size=700))
    assert [row.text for row in rows if isinstance(row, Report)] == [t for t in texts if t]
    assert [row.line for row in rows if isinstance(row, Rejected)] == [2501]


def test_columns_of_parquet_in_any_order_with_dots_in_their_names(tmp_path: Path) -> None:
    columns = {"report.text": ["a"], "x": [1], "note.id": ["r1"], "mrn": ["p1"]}
    assert read(table(tmp_path / "t.parquet", columns)) == [Report("r1", "p1", "a")]


def test_what_is_no_parquet_or_a_damaged_one_is_refused_before_any_row(tmp_path: Path) -> None:
    texts = [f"text {n}" for n in range(5000)]
    whole = table(tmp_path / "t.parquet", {"text": texts}, row_group_size=1000).read_bytes()
    middle = len(whole) // 2
    damaged = whole[:middle] + bytes(1000) + whole[middle + 1000 :]
    for number, content in enumerate([b"", b"text\na\n", whole[:-100], damaged]):
        path = tmp_path / f"bad{number}.parquet"
        path.write_bytes(content)
        assert "is not a readable Parquet file" in refusal(path)


# --- json lines ----------------------------------------------------------------------------------


def test_lines_that_are_no_objects_are_rejected_with_their_line(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "t.jsonl",
        {"report_id": 1, "patient_id": 7.0, "text": "a\r\nb"},
        "",
        "{oops",
        ["a", "list"],
        '{"report_id": "r3", "patient_id": "p3", "text": "half \\ud83d"}',
        '{"report_id": "\\udc00", "patient_id": "p3", "text": "c"}',
        {"report_id": ["r"], "patient_id": "p", "text": {"a": 1}},
        {"report_id": "r4", "patient_id": "p4"},
        "[" * 100_000,
        {"report_id": "r5", "patient_id": "p5", "text": "ok"},
    )
    rows = read(path)
    assert [row for row in rows if isinstance(row, Report)] == [
        Report("1", "7", "a\r\nb"),
        Report("r5", "p5", "ok"),
    ]
    assert [(row.line, row.reason) for row in rows if isinstance(row, Rejected)] == [
        (3, "the line is not JSON"),
        (4, "the line is JSON but not an object"),
        (5, "text has half a character (a lone surrogate)"),
        (6, "report_id has half a character (a lone surrogate)"),
        (7, "report_id is no text, number or date; text is no text, number or date"),
        (8, "text is empty"),
        (9, "the line is not JSON"),
    ]


def test_a_key_that_only_later_objects_have_is_a_column_of_the_file(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "t.ndjson", {"id": "r1", "text": "a"}, {"id": "r2", "text": "b", "mrn": "p"}
    )
    first, second = read(path)
    assert isinstance(first, Rejected)
    assert second == Report("r2", "p", "b")


def test_an_empty_jsonl_has_no_reports_and_one_without_objects_is_refused(tmp_path: Path) -> None:
    source = opened(jsonl(tmp_path / "empty.jsonl"))
    assert list(source.rows) == []
    assert source.mapping is None
    assert "holds no JSON object" in refusal(jsonl(tmp_path / "t.jsonl", "text,id", "a,1"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_json_lines_in_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes('{"id": "r1", "mrn": "p1", "text": "Größe\u00a05 µm"}\n'.encode(encoding))
    assert read(path) == [Report("r1", "p1", "Größe\u00a05 µm")]


# --- folders -------------------------------------------------------------------------------------


def test_a_folder_names_reports_by_path_and_patients_by_sub_folder(tmp_path: Path) -> None:
    files = {
        "p2/r1.txt": b"two",
        "p1/r2.TXT": b"\xef\xbb\xbfCRLF\r\nkept",
        "p1/r1.txt": b"M\xfcller",
        "alone.txt": "wide".encode("utf-16"),
        "north/p1/r1.txt": b"deep",
        "p1/empty.txt": b" \n",
        "p1/broken.txt": b"\x81\xff",
        "p1/scan.pdf": b"%PDF",
        ".hidden.txt": b"no",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    source = opened(tmp_path)
    assert list(source.rows) == [
        Report("alone", "alone", "wide"),
        Report("north/p1/r1", "north/p1", "deep"),
        Rejected(f"{tmp_path}/p1/broken.txt", 1, "the file is in no encoding that is read"),
        Rejected(f"{tmp_path}/p1/empty.txt", 1, "text is empty"),
        Report("p1/r1", "p1", "Müller"),
        Report("p1/r2", "p1", "CRLF\r\nkept"),
        Report("p2/r1", "p2", "two"),
    ]
    assert source.mapping is None
    assert source.notes[:2] == (
        "7 text files, each one report.",
        "1 files that are not .txt were left out.",
    )
    assert source.n_bytes == sum(
        len(content) for name, content in files.items() if name.lower().endswith(".txt")
    ) - len(files[".hidden.txt"])


def test_the_hash_of_a_folder_is_that_of_its_paths_and_their_hashes(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("two")
    (tmp_path / "a.txt").write_text("one")
    source = opened(tmp_path)
    list(source.rows)
    lines = [(b"a.txt", b"one"), (b"b.txt", b"two")]
    expected = hashlib.sha256(
        b"".join(b"%s\0%s\n" % (n, hashlib.sha256(t).hexdigest().encode()) for n, t in lines)
    )
    assert source.sha256 == expected.hexdigest()


def test_a_folder_without_text_files_is_refused_with_what_it_holds(tmp_path: Path) -> None:
    assert "It holds no files" in refusal(tmp_path)
    (tmp_path / "part-0.parquet").touch()
    assert "It holds 1 .parquet" in refusal(tmp_path)


# --- all together --------------------------------------------------------------------------------


def test_all_inputs_that_cannot_be_read_are_told_at_once(tmp_path: Path) -> None:
    jsonl(tmp_path / "good.jsonl", {"text": "a"})
    (tmp_path / "t.docx").touch()
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    names = ["missing.csv", "t.docx", "t.csv", "good.jsonl", "missing.xyz"]
    said = refusal(*(tmp_path / name for name in names))
    assert f"{tmp_path}/missing.csv: no such file or folder" in said
    assert f"{tmp_path}/missing.xyz: no such file or folder" in said
    assert f"{tmp_path}/t.docx: is of no format that is read. Read are .csv, .txt, .tsv" in said
    assert f"{tmp_path}/t.csv: no column holds the 'text'" in said
    assert "good.jsonl" not in said


def test_a_given_column_that_is_missing_is_refused_for_each_format(tmp_path: Path) -> None:
    paths = [
        workbook(tmp_path / "t.xlsx", ["NARR"], ["a"]),
        table(tmp_path / "t.parquet", {"NARR": ["a"]}),
        jsonl(tmp_path / "t.jsonl", {"NARR": "a"}),
    ]
    for path in paths:
        (report,) = read(path, text="NARR")
        assert isinstance(report, Report)
        assert report.text == "a"
        assert "Near it: 'NARR'" in refusal(path, text="NARRATIV")


def test_two_inputs_of_one_name_never_give_one_id_to_two_reports(tmp_path: Path) -> None:
    for folder in ("north", "south"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "t.csv").write_text("text\na\n")
    specs = [str(tmp_path / folder / "t.csv") for folder in ("north", "south")]
    rows = [row for source in open_sources(specs, column_map={}) for row in source.rows]
    assert [row.report_id for row in rows if isinstance(row, Report)] == ["t:1", "t~2:1"]


def test_each_format_is_one_record_and_no_suffix_is_of_two() -> None:
    assert all(name == form.name for name, form in FORMATS.items())
    assert all(isinstance(form, Format) for form in FORMATS.values())
    suffixes = [suffix for form in FORMATS.values() for suffix in form.suffixes]
    assert len(suffixes) == len(set(suffixes))
