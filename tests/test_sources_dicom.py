"""DICOM structured reports, written by pydicom and read back."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

from screener.reports import Rejected, Report
from screener.sources import Source, open_sources
from screener.sources.dicom_reports import read_dicom
from screener.sources.documents import Document, Skipped
from screener.sources.rows import Fault

BASIC_TEXT = "1.2.840.10008.5.1.4.1.1.88.11"
ENHANCED = "1.2.840.10008.5.1.4.1.1.88.22"


def code(value: str, meaning: str) -> Sequence:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
    return Sequence([item])


def content(kind: str, name: tuple[str, str], *inner: Dataset, text: str = "") -> Dataset:
    item = Dataset()
    item.ValueType, item.ConceptNameCodeSequence = kind, code(*name)
    if text:
        item.TextValue = text
    if inner:
        item.ContentSequence = Sequence(inner)
    return item


def measured(name: tuple[str, str], number: str, unit: str) -> Dataset:
    item = content("NUM", name)
    value = Dataset()
    value.NumericValue, value.MeasurementUnitsCodeSequence = number, code(unit, unit)
    item.MeasuredValueSequence = Sequence([value])
    return item


def document(*inner: Dataset, sop_class: str = BASIC_TEXT, **more: str) -> bytes:
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID, dataset.SOPInstanceUID = UID(sop_class), generate_uid()
    dataset.PatientID, dataset.AccessionNumber = "P1", "A1"
    dataset.StudyDate, dataset.StudyDescription = "20240302", "CT ABDOMEN"
    dataset.CompletionFlag, dataset.Modality = "COMPLETE", "SR"
    for name, value in more.items():
        setattr(dataset, name, value)
    dataset.ContentSequence = Sequence(inner)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = UID(sop_class)
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    file = io.BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


FINDINGS = content(
    "CONTAINER",
    ("121070", "Findings"),
    content("TEXT", ("121071", "Finding"), text="Größe unverändert."),
    measured(("G-A22A", "Length"), "12", "mm"),
)
IMPRESSION = content("TEXT", ("121073", "Impression"), text="No metastasis.")


def opened(path: Path, content: bytes) -> Source:
    path.write_bytes(content)
    (source,) = open_sources([str(path)], column_map={})
    return source


@pytest.mark.parametrize("sop_class", [BASIC_TEXT, ENHANCED])
def test_the_content_of_a_document_is_its_text(tmp_path: Path, sop_class: str) -> None:
    note = content("TEXT", ("99", "Quality"), text="Good.")
    (row,) = opened(
        tmp_path / "r.dcm", document(note, FINDINGS, IMPRESSION, sop_class=sop_class)
    ).rows
    assert row == Report(
        "A1",
        "P1",
        "Quality: Good.\nFINDINGS:\nGröße unverändert.\n12 mm\nIMPRESSION:\nNo metastasis.",
        date(2024, 3, 2),
        exam="CT ABDOMEN",
        status="final",
        accession="A1",
    )


def test_a_folder_of_documents_gives_the_latest_and_counts_what_is_none(tmp_path: Path) -> None:
    files = {
        "1.dcm": document(IMPRESSION, CompletionFlag="PARTIAL", ContentDate="20240305"),
        "2.dcm": document(FINDINGS, ContentDate="20240304"),
        "3.dcm": document(sop_class="1.2.840.10008.5.1.4.1.1.2"),
        "4.dcm": b"no DICOM",
        "5.dcm": document(AccessionNumber="A5"),
    }
    for name, written in files.items():
        (tmp_path / name).write_bytes(written)
    (source,) = open_sources([str(tmp_path)], column_map={})
    rows = list(source.rows)
    assert [row.text for row in rows if isinstance(row, Report)] == ["Größe unverändert.\n12 mm"]
    assert [row.reason for row in rows if isinstance(row, Rejected)] == [
        "the file is no DICOM object, or is damaged",
        "the document has no text",
    ]
    assert source.tally.skipped == {"DICOM object that is no text report": 1}
    assert source.tally.n_superseded == 1


WHOLE = document(FINDINGS, IMPRESSION)


@given(st.integers(0, len(WHOLE)), st.binary(max_size=6), st.booleans())
def test_any_damage_is_told(at: int, damage: bytes, is_cut: bool) -> None:
    damaged = bytearray(WHOLE)
    damaged[at : at + len(damage)] = damage
    written = bytes(damaged[:at] if is_cut else damaged)
    for item in read_dicom(lambda: io.BytesIO(written)):
        assert isinstance(item, Document | Skipped | Fault)
