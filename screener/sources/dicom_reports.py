"""Reports in DICOM structured documents: Basic Text, Enhanced and Comprehensive SR, by pydicom.

pydicom comes with the extra ``screener[dicom]``. An object of another class is left out, counted.
"""

from __future__ import annotations

import io
import logging
import struct
import warnings
from collections.abc import Iterator
from typing import Any

from screener.errors import SourceError
from screener.sources.dates import read_date
from screener.sources.documents import Document, Skipped, Status, read_moment
from screener.sources.exchange import Item, Opener
from screener.sources.report_parts import Part, Piece, named_part, parted
from screener.sources.rows import Fault, is_blank

DOCUMENT_CLASSES = frozenset(
    {
        "1.2.840.10008.5.1.4.1.1.88.11",  # Basic Text SR
        "1.2.840.10008.5.1.4.1.1.88.22",  # Enhanced SR
        "1.2.840.10008.5.1.4.1.1.88.33",  # Comprehensive SR
    }
)
"""SOP classes that are read (PS3.4, Annex B.5)."""

LONGEST_DOCUMENT = 1 << 24
_NO_DICOM = "the file is no DICOM object, or is damaged"
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_DEEPEST = 50
_BROKEN = (
    *(ValueError, TypeError, LookupError, AttributeError, EOFError, OSError, struct.error),
    *(NotImplementedError, OverflowError, RecursionError, MemoryError),
)
"""What pydicom raises, at once or when a value is first looked at, on what is no DICOM."""


def read_dicom(open_: Opener) -> Iterator[Item]:
    """Give the report in a file.

    Raises
    ------
    SourceError
        If pydicom is not installed.
    """
    with open_() as stream:
        content = stream.read(LONGEST_DOCUMENT + 1)
    if not content:
        return
    if _DEFLATED in content[:2048]:
        yield Fault(1, "the object is deflated, which is not read")
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of values against the standard
            yield _item(content)
    except _BROKEN:
        yield Fault(1, _NO_DICOM)


def _item(content: bytes) -> Item:
    try:
        import pydicom
    except ImportError as error:
        told = "DICOM needs the library pydicom: pip install 'screener[dicom]'."
        raise SourceError(told) from error

    logging.getLogger("pydicom").setLevel(logging.CRITICAL)  # it quotes values in warnings
    errors = pydicom.errors
    try:
        dataset = pydicom.dcmread(io.BytesIO(content), stop_before_pixels=True)
        return _read(dataset, is_too_long=len(content) > LONGEST_DOCUMENT)
    except (errors.InvalidDicomError, errors.BytesLengthException):
        return Fault(1, _NO_DICOM)


def _read(dataset: Any, *, is_too_long: bool) -> Item:  # noqa: ANN401
    if str(dataset.get("SOPClassUID", "")) not in DOCUMENT_CLASSES:
        return Skipped("DICOM object that is no text report")
    if is_too_long:
        return Fault(1, f"the document has over {LONGEST_DOCUMENT} bytes")
    body, addenda = parted(_pieces(dataset, Part.BODY, 0))
    status = _status(dataset)
    if is_blank(body) and not addenda:
        return Fault(1, "the document has no text")
    return _document(dataset, body, addenda, status)


def _document(dataset: Any, body: str, addenda: tuple[str, ...], status: Status) -> Document:  # noqa: ANN401
    accession = _text(dataset, "AccessionNumber")
    written = _text(dataset, "StudyDate")
    exam_on = read_date(written)
    return Document(
        line=1,
        report_id=accession or _text(dataset, "SOPInstanceUID") or "1",
        patient_id=_text(dataset, "PatientID"),
        accession=accession,
        body=body,
        addenda=addenda,
        status=status,
        is_whole=True,
        sent_at=read_moment(_text(dataset, "ContentDate") + _text(dataset, "ContentTime")),
        exam_on=exam_on,
        is_date_unclear=exam_on is None and bool(written),
        exam=_text(dataset, "StudyDescription"),
        site=_text(dataset, "InstitutionName"),
    )


def _status(dataset: Any) -> Status:  # noqa: ANN401
    """Tell the status from the flags of the document (PS3.3, C.17.2)."""
    is_open = _text(dataset, "CompletionFlag") == "PARTIAL"
    is_preliminary = _text(dataset, "PreliminaryFlag") == "PRELIMINARY"
    if is_open or is_preliminary:
        return Status.PRELIMINARY
    return Status.CORRECTED if "PredecessorDocumentsSequence" in dataset else Status.FINAL


def _pieces(item: Any, inherited: Part, depth: int) -> Iterator[Piece]:  # noqa: ANN401
    """Give the texts, codes and numbers of a content tree in order, with the parts they are of."""
    if depth > _DEEPEST:
        raise RecursionError
    for content in item.get("ContentSequence") or ():
        code, name = _concept(content.get("ConceptNameCodeSequence"))
        own = named_part((code, name))
        part = inherited if own is Part.BODY else own
        said = _value(content)
        if said:
            yield Piece(part, f"{name}: {said}" if name and part is Part.BODY else said)
        yield from _pieces(content, part, depth + 1)


def _value(content: Any) -> str:  # noqa: ANN401
    kind = _text(content, "ValueType")
    if kind == "TEXT":
        return _text(content, "TextValue").replace("\r\n", "\n").replace("\r", "\n")
    if kind == "CODE":
        return _concept(content.get("ConceptCodeSequence"))[1]
    for measured in content.get("MeasuredValueSequence") or () if kind == "NUM" else ():
        unit = _concept(measured.get("MeasurementUnitsCodeSequence"))[0]
        return f"{_text(measured, 'NumericValue')} {unit}".strip()
    return ""


def _concept(sequence: Any) -> tuple[str, str]:  # noqa: ANN401
    """Give the value and the meaning of a code."""
    for code in sequence or ():
        return _text(code, "CodeValue"), _text(code, "CodeMeaning")
    return "", ""


def _text(dataset: Any, name: str) -> str:  # noqa: ANN401
    value = dataset.get(name)
    return "" if value is None else str(value).strip(" \0")
