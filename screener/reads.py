"""Reads: one reader's verdict on one case, first as a form, then locked for good.

A form may be incomplete and change with every keystroke. A read is a form that was locked: it is
never changed again, only superseded by an amendment, which is a read of its own with a reason.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal, get_args

Verdict = Literal["yes", "no", "cannot_assess"]
Confidence = Literal["low", "moderate", "high"]
Kind = Literal["first", "amendment", "second_look", "adjudication"]
DraftKind = Literal["first", "amendment", "second_look"]
"""What a draft is to become; ``first`` is also that of an adjudicator."""
PercentRule = Literal["off", "asked", "required"]

YES: Verdict = "yes"
NO: Verdict = "no"
CANNOT_ASSESS: Verdict = "cannot_assess"
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)
DECIDING: tuple[Kind, ...] = ("first", "adjudication")
"""Kinds that give a verdict on a case anew; an amendment changes one of these."""
AVID_ABOVE = 2.0
"""SUVmax of the tumour over that of normal liver; Gococo-Benore et al., J Nucl Med 2023;64:880."""
MEASURES = ("tumor_volume_ml", "liver_volume_ml", "suvmax_tumor", "suvmax_liver")


@dataclass(frozen=True, slots=True)
class ReadForm:
    """What a reader enters; every field may still be empty.

    Attributes
    ----------
    verdict
        On the charter's question.
    reason
        Why the case cannot be assessed.
    percent
        Of the organ involved, in [0, 100].
    confidence
        In the verdict.
    modality
        Reviewed.
    tumor_volume_ml, liver_volume_ml
        Measured, in mL; the percent of `volume_percent` follows.
    suvmax_tumor, suvmax_liver
        Highest standardised uptake of the tumour and of normal liver.
    comment
        Anything else.
    """

    verdict: Verdict | None = None
    reason: str = ""
    percent: float | None = None
    confidence: Confidence | None = None
    modality: str = ""
    tumor_volume_ml: float | None = None
    liver_volume_ml: float | None = None
    suvmax_tumor: float | None = None
    suvmax_liver: float | None = None
    comment: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered yet."""
        return self == ReadForm()

    @property
    def volume_percent(self) -> float | None:
        """Tumour volume in percent of liver volume, or ``None`` where one is not measured."""
        ratio = _ratio(self.tumor_volume_ml, self.liver_volume_ml)
        return None if ratio is None else 100.0 * ratio

    @property
    def involved_percent(self) -> float | None:
        """The percent as entered, else that of the volumes."""
        return self.volume_percent if self.percent is None else self.percent

    @property
    def suv_ratio(self) -> float | None:
        """SUVmax of the tumour over that of normal liver.

        >>> ReadForm(suvmax_tumor=12.0, suvmax_liver=4.0).suv_ratio
        3.0
        """
        return _ratio(self.suvmax_tumor, self.suvmax_liver)

    @property
    def is_avid(self) -> bool | None:
        """Whether the ratio is above 2.0, or ``None`` where it is not known."""
        return None if self.suv_ratio is None else self.suv_ratio > AVID_ABOVE

    def to_json(self) -> str:
        """Return the form as JSON."""
        return json.dumps(asdict(self), allow_nan=False)


def form_from_json(text: str) -> ReadForm:
    """Return the form that `ReadForm.to_json` wrote."""
    known = {field.name for field in fields(ReadForm)}
    return ReadForm(**{name: value for name, value in json.loads(text).items() if name in known})


@dataclass(frozen=True, slots=True)
class Read:
    """One locked read.

    Attributes
    ----------
    reader, position
        Whose, and which of this reader's records, from 1.
    case_id
        Of which case.
    kind
        ``first``; ``amendment`` of another; ``second_look`` after the screen's highlights were
        shown; ``adjudication`` where the readers differed.
    form
        What was entered.
    opened_at, locked_at
        UTC: when the reader first opened the case, and when the read was locked.
    tool_version, pack_sha256, charter_sha256
        Of what it was made with.
    amends
        Position of the read that it supersedes; ``None`` but for amendments.
    amendment_reason
        Why; empty but for amendments.
    previous, hash
        See `screener.chains`.
    """

    reader: str
    position: int
    case_id: str
    kind: Kind
    form: ReadForm
    opened_at: datetime
    locked_at: datetime
    tool_version: str
    pack_sha256: str
    charter_sha256: str
    amends: int | None = None
    amendment_reason: str = ""
    previous: str = ""
    hash: str = ""


def read_body(read: Read) -> dict[str, object]:
    """Return what the hash of a read is taken of: all of it but the hashes."""
    body = asdict(replace(read, form=ReadForm()))
    del body["previous"], body["hash"]
    body["form"] = asdict(read.form)
    body["opened_at"] = read.opened_at.isoformat()
    body["locked_at"] = read.locked_at.isoformat()
    return body


def normalized(form: ReadForm) -> ReadForm:
    """Return a form as it is kept: numbers as floats, texts without surrounding white space."""
    changes: dict[str, Any] = {
        name: None if (value := getattr(form, name)) is None else float(value)
        for name in ("percent", *MEASURES)
    }
    changes |= {name: getattr(form, name).strip() for name in ("reason", "modality", "comment")}
    return replace(form, **changes)


def current_reads(reads: Sequence[Read]) -> dict[tuple[str, str], Read]:
    """Return by reader and case what stands: the deciding read, or its latest amendment.

    Parameters
    ----------
    reads
        Any reads, in each reader's order.
    """
    standing: dict[tuple[str, str], Read] = {}
    for read in reads:
        key = (read.reader, read.case_id)
        if read.kind in DECIDING or (read.kind == "amendment" and key in standing):
            standing[key] = read
    return standing


def first_reads(reads: Sequence[Read]) -> dict[tuple[str, str], Read]:
    """Return by reader and case the first locked reads, before any amendment or second look."""
    return {(read.reader, read.case_id): read for read in reads if read.kind == "first"}


def _ratio(above: float | None, below: float | None) -> float | None:
    return None if above is None or not below else above / below
