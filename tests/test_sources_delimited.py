"""CSV and its kin, to the character; and that a bad row costs itself and nothing else."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screener.errors import SourceError
from screener.reports import Rejected, Report
from screener.sources import Source, open_sources

HEADER = "report_id,patient_id,text\n"


def opened(path: Path, **given: str) -> Source:
    (source,) = open_sources([str(path)], column_map=given)
    return source


def written(folder: Path, content: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(path: Path, **given: str) -> list[Report | Rejected]:
    return list(opened(path, **given).rows)


def texts(path: Path) -> list[str]:
    return [row.text for row in read(path) if isinstance(row, Report)]


def rejected(path: Path) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in read(path) if isinstance(row, Rejected)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["t.csv", "t.txt", "t.tsv", "T.CSV"])
def test_the_delimiter_is_told_from_the_header(tmp_path: Path, delimiter: str, name: str) -> None:
    lines = [["report_id", "patient_id", "text"], ["r1", "p1", '"Liver: a, b; c | d\te"']]
    content = "".join(delimiter.join(line) + "\n" for line in lines)
    source = opened(written(tmp_path, content, name))
    assert list(source.rows) == [Report("r1", "p1", "Liver: a, b; c | d\te")]
    assert source.format == ("tsv" if delimiter == "\t" else "csv")


def test_excels_separator_line_and_blank_lines_above_the_header_are_passed_over(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, "sep=;\r\n\r\nreport_id;patient_id;text\r\nr1;p1;a, b\r\nr2;p2\r\n")
    assert texts(path) == ["a, b"]
    assert rejected(path) == [(5, "too few fields: 2 for 3 columns")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_each_encoding_gives_the_same_text(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, (HEADER + "r1,p1,Größe “5 µm” – naïve\n").encode(encoding))
    source = opened(path)
    assert list(source.rows) == [Report("r1", "p1", "Größe “5 µm” – naïve")]
    assert any("cp1252" in note for note in source.notes) == (encoding == "cp1252")


def test_one_byte_at_the_end_decides_the_encoding_of_the_whole_file(tmp_path: Path) -> None:
    rows = "".join(f"r{n},p{n},plain {'x' * 2000}\n" for n in range(2000))
    path = written(tmp_path, HEADER.encode() + rows.encode() + b"r,p,M\xfcller\n")
    assert texts(path)[-1] == "Müller"


def test_a_character_that_falls_on_two_blocks_is_still_utf_8(tmp_path: Path) -> None:
    filler = "x" * ((1 << 20) - len(HEADER) - len("r,p,") - 1)
    assert texts(written(tmp_path, f"{HEADER}r,p,{filler}é\n")) == [filler + "é"]


def test_a_file_in_no_known_encoding_is_refused_before_any_row(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER.encode() + b"r1,p1,fine\nr2,p2,\x81\xff\n")
    with pytest.raises(SourceError, match=r"t\.csv: is in no encoding that is read"):
        opened(path)


def test_line_ends_and_blank_lines_within_quotes_are_kept_as_exported(tmp_path: Path) -> None:
    text = "FINDINGS:\r\n\r\nLiver,\tlarge.\rNew\nline\x0b\x85\u2028 end "
    path = written(tmp_path, f'report_id,patient_id,text\r\nr1,p1,"{text}"\r\n')
    assert texts(path) == [text]


def test_blank_lines_are_not_rows_and_lines_are_numbered_as_in_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + '\nr1,p1,"a\nb"\n\n   \nr2,p2\n')
    source = opened(path)
    rows = list(source.rows)
    assert rows[1] == Rejected(str(path), 7, "too few fields: 2 for 3 columns")
    assert source.tally.n_read == len(rows) == 2


def test_nul_characters_are_kept_in_the_text(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "r1,p1,liver\0large\nr2\0,p2,x\n")
    assert read(path) == [Report("r1", "p1", "liver\0large"), Report("r2", "p2", "x")]


def test_a_text_of_nothing_is_rejected(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + 'r1,p1,\nr2,p2," \n"\nr3,p3,\0 \0\n')
    assert rejected(path) == [(2, "text is empty"), (3, "text is empty"), (5, "text is empty")]


def test_a_row_without_ids_is_rejected_with_all_that_is_wrong(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + " ,p,x\nr,NULL,x\n,,\n")
    untied = "patient_id is empty: the report cannot be tied to a patient"
    assert rejected(path) == [
        (2, "report_id is empty"),
        (3, untied),
        (4, f"report_id is empty; {untied}; text is empty"),
    ]


def test_ragged_rows_are_rejected_with_their_line(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "r1,p1\nr2,p2,x,y,z\nr3,p3,ok\n")
    assert texts(path) == ["ok"]
    assert rejected(path) == [
        (2, "too few fields: 2 for 3 columns"),
        (3, "too many fields: 5 for 3 columns"),
    ]


def test_a_quote_that_is_never_closed_costs_its_own_row_only(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + 'r1,p1,a\nr2,p2,"open\nr3,p3,c\nr4,p4,d, with\nr5,p5,e\n')
    assert texts(path) == ["a", "c", "e"]
    assert rejected(path)[0] == (3, "a quote is opened and never closed")


def test_a_quote_never_closed_in_the_last_row_is_one_rejected_row(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + 'r1,p1,a\nr2,p2,"open\nliver, spleen, clear\nmore\n')
    assert texts(path) == ["a"]
    assert rejected(path) == [(3, "a quote is opened and never closed")]


def test_an_open_quote_does_not_join_two_patients(tmp_path: Path) -> None:
    rows = ['r1,p1,"fine"', 'r2,p2,"open', 'r3,p3,"third\nreport"', 'r4,p4,"open', 'r5,p5,"x"']
    path = written(tmp_path, HEADER + "\n".join(rows) + "\n")
    assert texts(path) == ["fine", "third\nreport", "x"]
    assert [line for line, _ in rejected(path)] == [3, 6]


def test_prose_after_a_broken_quote_is_never_taken_for_a_row(tmp_path: Path) -> None:
    broken = 'r2,p2,"a 5" lesion\nLiver, spleen, and pancreas normal.\nKidneys,normal,too\nend"\n'
    path = written(tmp_path, HEADER + "r1,p1,a\n" + broken + "r3,p3,c\n")
    assert [row.report_id for row in read(path) if isinstance(row, Report)] == ["r1", "r3"]
    assert rejected(path)[0] == (3, "a quoted field goes on after its closing quote")


def test_prose_in_the_first_broken_row_is_never_taken_for_a_row(tmp_path: Path) -> None:
    broken = 'r1,p1,"a 5" lesion\nLiver, spleen, and pancreas normal.\n'
    path = written(tmp_path, HEADER + broken + "r3,p3,c\n")
    assert texts(path) == ["c"]
    assert rejected(path)[1] == (3, "it follows a broken quote and does not look like a row")


def test_a_table_without_ids_loses_one_row_to_an_open_quote(tmp_path: Path) -> None:
    assert texts(written(tmp_path, 'text;site\na;N\n"b;S\nc;N\n')) == ["a", "c"]


def test_ids_after_the_text_are_recovered_too(tmp_path: Path) -> None:
    rows = 'a,p1,r1\n"open,p2,r2\n"b\nb",p3,r3\nc,p4,r4\n'
    path = written(tmp_path, "text,patient_id,report_id\n" + rows)
    assert texts(path) == ["a", "b\nb", "c"]
    assert [line for line, _ in rejected(path)] == [3]


def test_a_megabyte_long_text_is_read(tmp_path: Path) -> None:
    text = "liver, " * 200_000
    assert texts(written(tmp_path, f'{HEADER}r1,p1,"{text}"\n')) == [text]


def test_a_field_beyond_all_reports_is_rejected_and_reading_goes_on(tmp_path: Path) -> None:
    text = "liver " * 3_000_000
    path = written(tmp_path, f"{HEADER}r1,p1,{text}\nr2,p2,b\n")
    assert texts(path) == ["b"]
    (line, reason), *rest = rejected(path)
    assert (line, rest) == (2, [])
    assert reason.startswith("a field has over 16777216 characters")


def test_size_and_hash_are_those_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "r1,p1,a\n")
    source = opened(path)
    list(source.rows)
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert source.n_bytes == path.stat().st_size


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(SourceError, match="is empty"):
        opened(written(tmp_path, content))


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    assert read(written(tmp_path, HEADER)) == []


def test_without_ids_rows_are_named_by_their_number_and_are_patients_of_their_own(
    tmp_path: Path,
) -> None:
    source = opened(written(tmp_path, "text\na\n\nb\n", "site one.csv"))
    assert list(source.rows) == [
        Report("site one:1", "site one:1", "a"),
        Report("site one:2", "site one:2", "b"),
    ]
    assert any("each report is taken as a patient of its own" in note for note in source.notes)
    assert any("site one:1" in note for note in source.notes)


def test_without_report_ids_reports_are_called_by_their_accession(tmp_path: Path) -> None:
    source = opened(written(tmp_path, "acc,mrn,text\nA1,p1,a\n,p1,b\n"))
    report, refused = source.rows
    assert report == Report("A1", "p1", "a", accession="A1")
    assert isinstance(refused, Rejected)
    assert refused.reason == "report_id is empty"
    assert any("by their accession" in note for note in source.notes)


def test_findings_and_impression_are_joined_under_their_headings(tmp_path: Path) -> None:
    rows = 'r1,p1,Clear.,"Big\r\nliver."\nr2,p2,,Big liver.\nr3,p3,Clear., \nr4,p4,,\n'
    path = written(tmp_path, "report_id,patient_id,findings,impression\n" + rows)
    assert texts(path) == [
        "FINDINGS:\nClear.\nIMPRESSION:\nBig\r\nliver.",
        "IMPRESSION:\nBig liver.",
        "FINDINGS:\nClear.",
    ]
    assert rejected(path) == [(6, "text is empty")]


def test_optional_fields_are_stripped_and_unclear_dates_counted(tmp_path: Path) -> None:
    header = "report_id,patient_id,text,study_date,modality,exam_name,site,report_status,acc\n"
    rows = (
        "r1,p1,a,25/03/2021, CT ,CT abdomen,North,final,A1\n"
        "r2,p2,b,03/04/2021,NULL,,,,\n"
        "r3,p3,c,,,,,,\n"
    )
    source = opened(written(tmp_path, header + rows))
    first, second, third = source.rows
    day = date(2021, 3, 25)
    assert first == Report("r1", "p1", "a", day, "CT", "CT abdomen", "North", "final", "A1")
    assert (second, third) == (Report("r2", "p2", "b"), Report("r3", "p3", "c"))
    assert (source.n_undated, source.n_unclear_dates) == (2, 1)


def test_an_order_of_day_and_month_makes_dates_clear(tmp_path: Path) -> None:
    path = written(tmp_path, "report_id,text,date\nr1,a,03/04/2021\n")
    (source,) = open_sources([str(path)], column_map={}, date_order="dmy")
    (report,) = source.rows
    assert isinstance(report, Report)
    assert str(report.exam_on) == "2021-04-03"
    assert source.n_undated == 0


def test_no_error_and_no_reason_holds_a_word_of_the_text(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + 'r1,p1,"Zyxw\nr2,p2,Zyxw,Zyxw\n,p3,Zyxw\nr4,p4,"Zyxw"Zyxw\n')
    assert "Zyxw" not in "".join(reason for _, reason in rejected(path))
    assert rejected(path)


_CHARACTERS = st.characters(exclude_categories=["Cs"])
_TEXTS = st.text(_CHARACTERS) | st.text(st.sampled_from('ab,;"\r\n\t |\0é'))


@given(
    st.lists(_TEXTS.filter(lambda text: text.replace("\0", " ").strip())),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_every_text_that_the_csv_module_writes_is_read_back_identical(
    tmp_path_factory: pytest.TempPathFactory,
    reports: list[str],
    quoting: int,
    delimiter: str,
    encoding: str,
) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=quoting, delimiter=delimiter)  # type: ignore[arg-type]
    writer.writerow(["report_id", "patient_id", "text"])
    writer.writerows([f"r{n}", f"p{n}", text] for n, text in enumerate(reports))
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))
    assert read(path) == [Report(f"r{n}", f"p{n}", text) for n, text in enumerate(reports)]


@given(st.lists(st.text("ab ,;\"\r\n'é\0", min_size=1), min_size=1, max_size=6))
def test_rows_before_a_broken_one_read_as_they_do_without_it(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows((f"r{i}", f"p{i}", cell) for i, cell in enumerate(cells))
    good = read(written(folder, HEADER + stream.getvalue(), "rows.csv"))
    broken = stream.getvalue() + 'r99,p99,"never closed\nr100,p100,Normal liver.\n'
    spoilt = read(written(folder, HEADER + broken, "rows.csv"))
    assert len(good) == len(cells)
    assert spoilt[: len(cells)] == good
    fault, last = spoilt[len(cells) :]
    n_lines = sum(1 for _ in io.StringIO(HEADER + stream.getvalue(), newline=""))
    assert isinstance(fault, Rejected)
    assert fault.line == n_lines + 1
    assert isinstance(last, Report)
    assert last.report_id == "r100"
