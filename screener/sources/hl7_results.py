"""Reports of radiology from HL7 v2 messages; see `hl7_sections` for what is left out as none.

One message may report on several examinations (OBR). Those with one accession (OBR-3) are one
report; its text is that of their observations (OBX) in order, addenda after all else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from screener.sources.dates import read_date
from screener.sources.documents import Document, Skipped, Status, read_moment
from screener.sources.exchange import Item
from screener.sources.hl7_framing import RawMessage, read_messages
from screener.sources.hl7_sections import (
    CODED_TYPES,
    NUMERIC_TYPES,
    TEXT_TYPES,
    is_imaging,
    other_service,
    part_of,
)
from screener.sources.hl7_segments import Message, NotHl7Error, Segment, parse_message
from screener.sources.report_parts import Part, Piece, parted
from screener.sources.rows import Fault, is_blank

_TYPES_OF_PATIENT_ID = ("MR", "MRN", "PI", "PT")
_NO_IDS_OF_PATIENTS = frozenset("SS DL PPN VN AN BC MA MC".split())
_STATUSES = {
    Status.PRELIMINARY: "p prelim preliminary wetread r i s draft dictated transcribed unverified",
    Status.FINAL: "f final finalized signed verified complete completed u",
    Status.CORRECTED: "c corrected correction amended revised k",
    Status.ADDENDUM: "a b addendum addended appended",
    Status.WITHDRAWN: "x w d cancelled canceled deleted wrong withdrawn enteredinerror",
}
_STATUS_WORDS = {word: status for status, words in _STATUSES.items() for word in words.split()}


def read_results(stream: BinaryIO) -> Iterator[Item]:
    """Give the results of radiology in a stream of messages."""
    for raw in read_messages(stream):
        yield from [raw] if isinstance(raw, Fault) else _results(raw)


def _results(raw: RawMessage) -> Iterator[Item]:
    try:
        message = parse_message(raw.segments)
    except NotHl7Error as error:
        yield Fault(raw.line, str(error))
        return
    if not message.kind.startswith("ORU"):
        yield Skipped(message.kind)
        return
    orders = _orders(message)
    if not orders:
        yield Fault(raw.line, "the result has no examination (OBR)")
    for order in orders:
        yield _result(raw.line, message, order)


@dataclass(slots=True)
class _Order:
    """Examinations of one accession, and what is reported on them."""

    request: Segment
    observations: list[Segment] = field(default_factory=list)
    notes: list[Segment] = field(default_factory=list)


def _orders(message: Message) -> list[_Order]:
    found: dict[str, _Order] = {}
    current: _Order | None = None
    for number, segment in enumerate(message.segments):
        if segment.name == "OBR":
            name = _accession(segment) or str(number)
            current = found.setdefault(name, _Order(segment))
        elif current and segment.name == "OBX":
            current.observations.append(segment)
        elif current and segment.name == "NTE":
            current.notes.append(segment)
    return list(found.values())


def _accession(request: Segment) -> str:
    return request.value(3) or request.value(2)


def _result(line: int, message: Message, order: _Order) -> Item:
    service = other_service(message.header, order.request, order.observations)
    if service:
        return Skipped(f"{message.kind}, {service}")
    status = _status(order)
    body, addenda = parted(_pieces(order))
    if is_blank(body) and not addenda and status is not Status.WITHDRAWN:
        return Fault(line, _why_empty(order))
    return _document(line, message, order, body, addenda)


def _document(
    line: int, message: Message, order: _Order, body: str, addenda: tuple[str, ...]
) -> Document:
    request, header = order.request, message.header
    accession = _accession(request)
    written = request.value(7) or request.value(8)
    exam_on = read_date(written)
    return Document(
        line=line,
        report_id=accession or header.value(10) or f"line {line}",
        patient_id=_patient_id(message.first("PID")),
        accession=accession,
        body=body,
        addenda=addenda,
        status=_status(order),
        sent_at=read_moment(request.value(22)) or read_moment(header.value(7)),
        exam_on=exam_on,
        is_date_unclear=exam_on is None and bool(written),
        modality=request.value(24) if is_imaging(request.value(24)) else "",
        exam=request.value(4, 2) or request.value(4),
        site=header.value(4),
    )


def _patient_id(patient: Segment) -> str:
    """Choose the medical record number (PID-3) among the ids; before 2.3 it may be in PID-2."""
    ids = [parts for parts in patient.repetitions(3) if parts[0]]
    for wanted in _TYPES_OF_PATIENT_ID:
        for parts in ids:
            if _type_of(parts) == wanted:
                return parts[0]
    others = (parts[0] for parts in ids if _type_of(parts) not in _NO_IDS_OF_PATIENTS)
    return next(others, "") or patient.value(2) or patient.value(4)


def _type_of(parts: Sequence[str]) -> str:
    return parts[4].upper() if len(parts) > 4 else ""  # noqa: PLR2004  CX.5


# --- text ----------------------------------------------------------------------------------------


def _pieces(order: _Order) -> Iterator[Piece]:
    """Give what the observations say, in order; notes only where these say nothing."""
    said = [
        Piece(part_of(one), text)
        for one in order.observations
        if _status_of(one) not in {"d", "w"} and (text := _text(one)) is not None
    ]
    if all(is_blank(piece.text) for piece in said):
        yield from (Piece(Part.BODY, note.text(3)) for note in order.notes)
    yield from said


def _text(observation: Segment) -> str | None:
    """Give what an observation says as text; ``None`` where it is of a type that is not read."""
    kind = observation.value(2).upper()
    if kind in TEXT_TYPES:
        return observation.text(5)
    if kind in CODED_TYPES:
        said = "; ".join(filter(None, map(_meaning, observation.repetitions(5))))
    elif kind in NUMERIC_TYPES:
        said = f"{observation.text(5).replace('^', '')} {observation.value(6)}".strip()
    else:
        return None
    name = observation.value(3, 2)
    is_named = name and said and part_of(observation) is Part.BODY
    return f"{name}: {said}" if is_named else said


def _meaning(parts: Sequence[str]) -> str:
    """Give what a coded value means: its text, else the original text, else its code."""
    text = parts[1] if len(parts) > 1 else ""
    original = parts[8] if len(parts) > 8 else ""  # noqa: PLR2004  CWE.9
    return text or original or parts[0]


def _why_empty(order: _Order) -> str:
    kinds = sorted({one.value(2).upper() for one in order.observations})
    read = TEXT_TYPES | CODED_TYPES | NUMERIC_TYPES
    others = [kind for kind in kinds if kind not in read and kind.isalpha() and len(kind) < 4]  # noqa: PLR2004
    if not order.observations:
        return "the result has no text: no observation (OBX)"
    if others:
        return f"the result has no text: observations of type {', '.join(others)} are not read"
    return "the result has no text: its observations (OBX) are empty"


# --- status --------------------------------------------------------------------------------------


def _status(order: _Order) -> Status | None:
    """Tell the status from that of the result (OBR-25), else from those of its observations."""
    stated = _STATUS_WORDS.get(_word(order.request.value(25)))
    if stated:
        return stated
    found = {_STATUS_WORDS.get(_status_of(one)) for one in order.observations} - {None}
    if len(found) > 1:
        found -= {Status.WITHDRAWN}
    return next((status for status in _LEAST_SETTLED_FIRST if status in found), None)


_LEAST_SETTLED_FIRST = (
    Status.PRELIMINARY,
    Status.CORRECTED,
    Status.ADDENDUM,
    Status.FINAL,
    Status.WITHDRAWN,
)


def _status_of(observation: Segment) -> str:
    return _word(observation.value(11))


def _word(written: str) -> str:
    return "".join(filter(str.isalpha, written.casefold()))
