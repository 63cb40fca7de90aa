"""HL7 v2: reports out of feeds, whatever frames them and however they are written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hl7_feeds import MSH, PID, joined, obr, obx, oru, report

from screener.errors import SourceError
from screener.reports import Rejected, Report
from screener.sources import Source, open_sources

BODY, IMPRESSION = obx("Liver: clear."), obx("No metastasis.", "&IMP", sub="2")


def opened(folder: Path, *contents: bytes) -> list[Source]:
    paths = []
    for number, content in enumerate(contents):
        path = folder / f"feed{number}.hl7"
        path.write_bytes(content)
        paths.append(str(path))
    return list(open_sources(paths, column_map={}))


def rows_of(folder: Path, *contents: bytes) -> list[Report | Rejected]:
    return [row for source in opened(folder, *contents) for row in source.rows]


def texts_of(folder: Path, *contents: bytes) -> list[str]:
    return [row.text for row in rows_of(folder, *contents) if isinstance(row, Report)]


def reasons_of(folder: Path, *contents: bytes) -> list[tuple[int, str]]:
    return [
        (row.line, row.reason) for row in rows_of(folder, *contents) if isinstance(row, Rejected)
    ]


# --- frames ---------------------------------------------------------------------------------------

WHOLE = Report(
    "A1",
    "P1",
    "Liver: clear.\nIMPRESSION:\nNo metastasis.",
    date(2024, 3, 2),
    modality="CT",
    exam="CT ABDOMEN",
    site="SITE_A",
    status="final",
    accession="A1",
)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("version", ["2.3", "2.4", "2.5.1", "2.7", "2.8"])
def test_a_message_is_read_whatever_ends_its_segments(
    tmp_path: Path, end: str, version: str
) -> None:
    content = oru(obr(), BODY, IMPRESSION, end=end, version=version)
    assert rows_of(tmp_path, content) == [WHOLE]


def test_a_message_is_read_out_of_any_frame(tmp_path: Path) -> None:
    segments = oru(obr(), BODY, IMPRESSION)
    lines = segments.decode().split("\r")[:-1]
    log = "2024-03-02 12:00:00.1|INFO|Listener|\n<SB>\n" + "".join(f"{one}<R>\n" for one in lines)
    framed = {
        "mllp": b"\x0b" + segments + b"\x1c\r",
        "mllp after noise": b"connected\n\x0b" + segments + b"\x1c\rclosed\n",
        "log": f"{log}<EB><R>\n\n".encode(),
        "log, last line unended": f"{log}<EB>".encode(),
        "envelope": b"FHS|^~\\&|RIS\rBHS|^~\\&|RIS\r" + segments + b"BTS|1\rFTS|1\r",
        "line of a log": b"12:00 received: " + segments.replace(b"\r", b"\n"),
        "logged between": segments.replace(b"\r", b"\n") + b"2024-03-02 12:00:01 INFO sent ACK\n",
        "byte order mark": b"\xef\xbb\xbf" + segments,
    }
    for name, content in framed.items():
        assert rows_of(tmp_path, content) == [WHOLE], name


def test_many_messages_are_told_apart(tmp_path: Path) -> None:
    numbered = [report(f"Report {n}.", f"A{n}") for n in range(50)]
    assert texts_of(tmp_path, b"".join(numbered)) == [f"Report {n}." for n in range(50)]
    framed = b"".join(b"\x0b" + one + b"\x1c\r" for one in numbered)
    assert texts_of(tmp_path, framed) == [f"Report {n}." for n in range(50)]


def test_a_text_exported_with_its_line_ends_stays_whole(tmp_path: Path) -> None:
    content = oru(obr(), "OBX|1|TX|&GDT|1|First line.\n\nThird line.||||||F", end="\r\n")
    assert texts_of(tmp_path, content) == ["First line.\n\nThird line."]


def test_other_separators_are_read(tmp_path: Path) -> None:
    content = oru(obr(), obx(r"a\F\b"), IMPRESSION).decode()
    swapped = content.translate(str.maketrans("|^~&", "$%*@"))
    assert texts_of(tmp_path, swapped.encode()) == ["a$b\nIMPRESSION:\nNo metastasis."]


def test_a_folder_of_messages_is_one_input(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.hl7").write_bytes(report("Preliminary.", status="P"))
    (tmp_path / "b.log").write_bytes(report("Final.", sent="20240303"))
    (tmp_path / "c.hl7").write_bytes(b"")
    (source,) = open_sources([str(tmp_path)], column_map={})
    text, rejected = source.rows
    assert isinstance(text, Report)
    assert text.text == "Final."
    assert rejected == Rejected(f"{tmp_path}/c.hl7", 1, "the file holds nothing that is read")
    assert source.tally.n_superseded == 1


def test_messages_are_known_in_a_file_that_is_named_as_text(tmp_path: Path) -> None:
    for name in ("feed.txt", "feed.csv"):
        (tmp_path / name).write_bytes(b"\x0b" + oru(obr(), BODY, IMPRESSION) + b"\x1c\r")
        (source,) = open_sources([str(tmp_path / name)], column_map={})
        assert list(source.rows) == [WHOLE]


# --- text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"One\.br\two", "One\ntwo"),
        (r"One\.sp2\two", "One\n\ntwo"),
        (r"3 \F\ 4 \S\ 5 \T\ 6 \R\ 7 \E\ 8", r"3 | 4 ^ 5 & 6 ~ 7 \ 8"),
        (r"\H\Bold\N\ plain", "Bold plain"),
        (r"M\XC3BC\ller\X0D0A\Next", "Müller\nNext"),
        (r"C:\temp\file and a\b", r"C:\temp\file and a\b"),
        (r"ends with \ ", "ends with \\ "),
        (r"\.in+4\Indented\.ti-2\ and \.fi\filled\Z9\ ", "Indented and filled "),
        ("T2^weighted & more", "T2^weighted & more"),
        ("First~~Third", "First\n\nThird"),
    ],
)
@pytest.mark.parametrize("kind", ["TX", "FT", "ST"])
def test_escapes_and_repeats_are_read_and_no_word_is_lost(
    tmp_path: Path, kind: str, written: str, read: str
) -> None:
    assert texts_of(tmp_path, oru(obr(), obx(written, kind=kind))) == [read]


def test_observations_stay_in_order_with_headings_for_their_parts(tmp_path: Path) -> None:
    content = oru(
        obr(),
        obx("ADDENDUM: Called to the ward.", "CT1&ADN"),
        obx("No metastasis.", "19005-8^Impression^LN"),
        obx("LIVER: clear.", "CT1&GDT"),
        obx("Spleen clear.", "CT1&GDT"),
        obx("LR2^LI-RADS 2^L", "LRADS^LI-RADS category^L", kind="CWE"),
        obx("450", "DLP^Dose length product^L", kind="NM"),
        obx("Follow up.", "1234^^L", sub="IMP"),
    )
    assert texts_of(tmp_path, content) == [
        "IMPRESSION:\nNo metastasis.\nFINDINGS:\nLIVER: clear.\nSpleen clear.\n"
        "LI-RADS category: LI-RADS 2\n"
        "Dose length product: 450\nIMPRESSION:\nFollow up.\nADDENDUM: Called to the ward."
    ]


@pytest.mark.parametrize(
    ("named", "codec"),
    [
        ("8859/1", "latin-1"),
        ("8859/15", "iso8859-15"),
        ("UNICODE UTF-8", "utf-8"),
        ("GB 18030-2000", "gb18030"),
        ("", "utf-8"),
        ("", "cp1252"),
        ("UNICODE UTF-8", "cp1252"),
        ("ASCII", "utf-8"),
    ],
)
def test_the_charset_of_the_header_counts_and_a_wrong_one_loses_no_report(
    tmp_path: Path, named: str, codec: str
) -> None:
    header = f"{MSH.format(sent='2024', control='1', version='2.5')}||||||{named}"
    segments = [header, PID.format(patient="P1"), obr(), obx("Größe unverändert, 3 mm.")]
    content = joined(segments).decode().encode(codec)
    assert texts_of(tmp_path, content) == ["Größe unverändert, 3 mm."]


def test_shift_sequences_of_japanese_are_no_separators(tmp_path: Path) -> None:
    header = f"{MSH.format(sent='2024', control='1', version='2.5')}||||||~ISO IR87"
    content = joined([header, PID.format(patient="P1"), obr(), obx("肝転移なし")])
    assert texts_of(tmp_path, content.decode().encode("iso2022_jp")) == ["肝転移なし"]


@pytest.mark.parametrize(
    ("ids", "patient"),
    [
        ("W1^^^A^EE~S1^^^A^SS~M1^^^A^MR", "M1"),
        ("E9^^^EPIC^MRN~M1^^^A^MR", "M1"),
        ("S1^^^A^SS~X7", "X7"),
        ("77", "77"),
    ],
)
def test_the_medical_record_number_is_chosen_among_ids(
    tmp_path: Path, ids: str, patient: str
) -> None:
    content = oru(obr(), BODY).replace(b"P1^^^SITE_A^MR", ids.encode())
    (row,) = rows_of(tmp_path, content)
    assert isinstance(row, Report)
    assert row.patient_id == patient


def test_examinations_of_one_accession_are_one_report_and_others_are_their_own(
    tmp_path: Path,
) -> None:
    content = oru(obr("A1"), obx("Chest."), obr("A1"), obx("Abdomen."), obr("A2"), obx("Head."))
    assert texts_of(tmp_path, content) == ["Chest.\nAbdomen.", "Head."]


# --- what is no report of radiology ---------------------------------------------------------------


def test_what_is_no_result_of_radiology_is_counted_by_its_kind(tmp_path: Path) -> None:
    adt = joined(
        [MSH.format(sent="2024", control="1", version="2.5").replace("ORU^R01", "ADT^A08")]
    )
    lab = oru(obr("L1", section="CH"), obx("5.1", "GLU^Glucose^L", kind="NM"))
    numbers = oru(obr("L2", section=""), obx("5.1", "GLU^Glucose^L", kind="NM"))
    pathology = oru(obr("L3", section=""), obx("Liver, biopsy: metastasis.", "DX^Diagnosis^L"))
    content = b"".join(
        [adt, lab, numbers, pathology.replace(b"|RIS|", b"|PATHOLOGY|"), oru(obr(), BODY)]
    )
    (source,) = opened(tmp_path, content)
    assert [row.text for row in source.rows if isinstance(row, Report)] == ["Liver: clear."]
    assert source.tally.skipped == {
        "ADT^A08": 1,
        "ORU^R01, section CH (OBR-24)": 1,
        "ORU^R01, numbers without a text (OBX-2)": 1,
        "ORU^R01, sent by a laboratory (MSH-3, MSH-4)": 1,
    }


def test_a_measured_value_does_not_make_a_report_one_of_a_laboratory(tmp_path: Path) -> None:
    content = oru(obr(section=""), obx("450", "DLP^Dose^L", kind="NM"), obx("Clear.", "1^Report^L"))
    assert texts_of(tmp_path, content) == ["Dose: 450\nClear."]


# --- what cannot be read --------------------------------------------------------------------------


def test_what_cannot_be_read_is_rejected_with_its_line_and_the_rest_is_read(tmp_path: Path) -> None:
    content = b"".join(
        [
            b"OBX|1|TX|a||text of a message that began before the file\r",
            oru(obr("A0")),
            oru("OBX|1|TX|a||text without an examination"),
            oru(obr("A1"), obx("PDF", kind="ED")),
            report("No patient.", "A2").replace(b"P1^^^SITE_A^MR", b""),
            b"MSH|\r",
            report("Kept.", "A3"),
        ]
    )
    assert texts_of(tmp_path, content) == ["Kept."]
    assert reasons_of(tmp_path, content) == [
        (1, "segments without a header (MSH) before them"),
        (2, "the result has no text: no observation (OBX)"),
        (5, "the result has no examination (OBR)"),
        (8, "the result has no text: observations of type ED are not read"),
        (12, "patient_id is empty: the report cannot be tied to a patient"),
        (16, "the header (MSH) does not say how the message is written"),
    ]


def test_a_message_that_is_cut_off_is_rejected(tmp_path: Path) -> None:
    half = b"\x0b" + report("This text has no")
    content = half + b"\x0b" + report("Whole.", "A2") + b"\x1c\r" + half
    assert texts_of(tmp_path, content) == ["Whole."]
    cut = "the message is cut off: its frame has no end"
    assert reasons_of(tmp_path, content) == [(1, cut), (10, cut)]


def test_deleted_observations_are_left_out_and_a_withdrawn_report_is_rejected(
    tmp_path: Path,
) -> None:
    content = oru(obr(status=""), obx("Wrong.", status="D"), obx("Right.", status="F"))
    assert texts_of(tmp_path, content) == ["Right."]
    withdrawn = report("First.") + oru(obr(status=""), obx("First.", status="W"), sent="20240303")
    assert reasons_of(tmp_path, withdrawn) == [(5, "the report was withdrawn")]
    assert texts_of(tmp_path, withdrawn) == []


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b"no message at all\n", b"\x00" * 100])
def test_a_file_without_a_message_is_an_error(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceError, match=r"feed0.hl7: holds no HL7 v2 message"):
        opened(tmp_path, content)
