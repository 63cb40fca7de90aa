"""What kind of examination a report is of: PET and its tracer, CT, MR, contrast, the liver in it.

Columns are believed first, then the exam's title, then what the text says under its headings of
technique. Comparison and history are never read: they tell of other examinations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from screener.reports import Report

Tracer = Literal["somatostatin", "other", ""]
Told = Literal["exam", "text", ""]

_PET_CODES = frozenset(
    {"PT", "PET", "PETCT", "PET/CT", "PET-CT", "PT/CT", "PETMR", "PET/MR", "PT/MR"}
)
_CT_CODES = frozenset({"CT", "CTA", "CAT"})
_MR_CODES = frozenset({"MR", "MRI", "MRCP"})
_OTHER_CODES = frozenset("US CR DX DR RF XA XR MG NM IVUS ECG".split())
_I = re.IGNORECASE
_PET = re.compile(r"\bPET\b|\bPET[-/ ]?(?:CT|MRI?)\b|\bpositron emission\b", _I)
_CT = re.compile(r"\bCT[AU]?\b|\bcomputed tomograph|\bCAT scan\b|\bCECT\b", _I)
_MR = re.compile(r"\bMRI?\b|\bMRCP\b|\bmagnetic resonance\b", _I)
_SOMATOSTATIN = re.compile(
    r"dota[-\s]?(?:tate|toc|noc)\b|\bsstr\b|\bsomatostatin[-\s](?:receptor|analog)|\bnetspot\b|"
    r"\bdetectnet\b|\bsomakit\b|\bedotreotide\b|\boxodotreotide\b|\bcopper cu[- ]?64 dotatate\b|"
    r"\bsatoreotide\b",
    _I,
)
_OTHER_TRACER = re.compile(
    r"\bF-?DG\b|\bFDG\b|fluorodeoxyglucose|\bPSMA\b|\bpiflufolastat\b|\bDOPA\b|\bcholine\b|"
    r"\bfluciclovine\b|\baxumin\b|\bsodium fluoride\b|\bNaF\b|\bFES\b|\bFAPI\b|\bamyloid\b|"
    r"\bflorbeta\w+|\bexendin\b|\bMIBG\b",
    _I,
)
_WITH_AND_WITHOUT = re.compile(
    r"\bw(?:ith)?[\s./&+-]*(?:and|&|/)?[\s./&+-]*(?:w(?:ith)?[\s/-]?o(?:ut)?)\b|"
    r"\b(?:without|w/?o)\s*(?:and|&|/|\+)\s*(?:with|w/?)(?=\s|$)|\bWWO\b|\bpre[- ]and[- ]post\b",
    _I,
)
_WITHOUT = re.compile(
    r"\b(?:without|w/?o|no|not|never)\s+(?:\w+\s+){0,4}?(?:contrast|gadolinium|enhancement)\b|"
    r"\bnon[- ]?contrast\b|\bnon[- ]?enhanced\b|\bunenhanced\b|\boral contrast only\b|"
    r"\bcontrast\s*:?\s*(?:none|no|was not|not)\b|\bw/?o\s+(?:iv\s+)?con\b",
    _I,
)
_WITH = re.compile(
    r"\b(?:with|w/?|post|after|following|plus|\+)\s*(?:\w+\s+){0,5}?contrast\b|"
    r"\b(?:intravenous|iv|i\.v\.)\s+(?:\w+\s+){0,3}?(?:contrast|gadolinium)\b|"
    r"\bcontrast[- ]enhanced\b|\bCE[- ]?(?:CT|MRI?)\b|\bpost[- ]?contrast\b|\bdynamic contrast\b|"
    r"\b(?:dual|multi|tri|triple|two|three|four)[- ]?phas(?:e|ic)\b|\b(?:bi|tri|quadri)phasic\b|"
    r"\b(?:portal venous|arterial|hepatobiliary) phase|\bgadolinium\b|\bgad(?:o|a)\w{4,}\b|"
    r"\b(?:eovist|primovist|dotarem|clariscan|multihance|prohance|magnevist|omniscan|elucirem|"
    r"omnipaque|isovue|visipaque|ultravist|iohexol|iopamidol|iodixanol|iopromide|ioversol|"
    r"iomeprol|optiray)\b|\bcontrast\s*:\s*\d",
    _I,
)
_LIVER = re.compile(
    r"\babd(?:omen|ominal|omino\w*|om|o)?\b|\bliver\b|\bhepat\w*|\bhepatobiliary\b|\bMRCP\b|"
    r"\bpancrea\w*|\bwhole[- ]body\b|\bskull base to\b|\bvertex to\b|\bbody\b|\benterograph\w*|"
    r"\b(?:CAP|C/A/P|TAP|A/P)\b|\burogra\w*|\btorso\b",
    _I,
)
_ELSEWHERE_IN_BODY = re.compile(
    r"\b(?:spine|lumbar|thoracic|cervical|sacr\w+|chest|thorax|lungs?|brain|head|neck|sinus(?:es)?|"
    r"orbits?|pelvis|prostate|hips?|knees?|shoulders?|ankles?|wrists?|hands?|f(?:oo|ee)t|"
    r"extremit\w+|cardiac|heart|breasts?|pituitary|femur|humerus|temporal)\b",
    _I,
)
_HEADING = re.compile(r"^[ \t]*([A-Za-z][A-Za-z /&()-]{2,40}?)[ \t]*:", re.MULTILINE)
_TECHNICAL = re.compile(
    r"^(?:exam|examination|study|procedure|technique|technical\b.*|protocol|contrast\b.*|tracer|"
    r"radiopharmaceutical|radiotracer|type of exam\b.*|title|method|methods|imaging technique)$",
    _I,
)
_ELSEWHERE = re.compile(
    r"\b(?:compar\w+|previous|prior|history|indication|clinical|known|outside)\b", _I
)


@dataclass(frozen=True, slots=True)
class ExamKind:
    """What a report is of.

    Attributes
    ----------
    is_pet, is_ct, is_mr
        Kind of machine; a PET/CT or PET/MR is a PET.
    tracer
        Of a PET: a somatostatin ligand, another, or not told.
    has_contrast
        Whether intravenous contrast was given; ``None`` where it is not told.
    covers_liver
        Whether the liver is in the field; ``None`` where no region is told.
    contrast_from
        Where the contrast was read.
    """

    is_pet: bool
    is_ct: bool
    is_mr: bool
    tracer: Tracer
    has_contrast: bool | None
    covers_liver: bool | None
    contrast_from: Told = ""

    @property
    def is_somatostatin_pet(self) -> bool:
        """Whether it is a PET with a somatostatin ligand."""
        return self.is_pet and self.tracer == "somatostatin"

    @property
    def is_cross_sectional(self) -> bool:
        """Whether it is a CT or an MR of its own, not that of a PET."""
        return self.is_ct or self.is_mr


def recognise_exam(report: Report) -> ExamKind:
    """Tell what kind of examination a report is of.

    Examples
    --------
    >>> kind = recognise_exam(Report("r", "p", "", exam="NM PET/CT Ga-68 DOTATATE"))
    >>> kind.is_somatostatin_pet, kind.is_cross_sectional
    (True, False)
    >>> texts = ("TECHNIQUE: With IV contrast.", "COMPARISON: CT with IV contrast.")
    >>> [recognise_exam(Report("r", "p", t, exam="CT ABDOMEN")).has_contrast for t in texts]
    [True, None]
    """
    technical = technical_text(report.text)
    title = report.exam if report.exam.strip() else _first_line(report.text)
    is_pet, is_ct, is_mr = _machine(report.modality, title, technical)
    tracer = _tracer(title) or _tracer(technical) if is_pet else ""
    contrast, told = _contrast(title, technical)
    return ExamKind(is_pet, is_ct, is_mr, tracer, contrast, _covers_liver(title, technical), told)


def _machine(modality: str, title: str, technical: str) -> tuple[bool, bool, bool]:
    """Tell PET, CT and MR: by the column, but a PET by the title, too, and else by what is told."""
    code = modality.strip().upper().replace(" ", "")
    if code in _PET_CODES or _PET.search(title):
        return True, False, False
    if code in _CT_CODES | _MR_CODES | _OTHER_CODES:
        return False, code in _CT_CODES, code in _MR_CODES
    for text in (f"{modality} {title}", technical):
        found = tuple(bool(pattern.search(text)) for pattern in (_PET, _CT, _MR))
        if any(found):
            return found[0], found[1] and not found[0], found[2] and not found[0]
    return False, False, False


def technical_text(text: str) -> str:
    r"""Return the parts of a report under headings of technique, and nothing of another exam.

    Examples
    --------
    >>> technical_text("TECHNIQUE: MRI with gadolinium.\nCOMPARISON: CT without contrast.\n")
    'TECHNIQUE: MRI with gadolinium.\n'
    """
    headings = list(_HEADING.finditer(text))
    ends = [*(found.start() for found in headings[1:]), len(text)]
    parts = (
        text[found.start() : end]
        for found, end in zip(headings, ends, strict=False)  # no heading, no part
        if _TECHNICAL.match(found[1].strip())
    )
    sentences = re.split(r"(?<=[.;\n])", "".join(parts))
    return "".join(one for one in sentences if not _ELSEWHERE.search(one))


def _first_line(text: str) -> str:
    """The title of a report without one in its columns: its first line that says what it is of."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    heading, colon, rest = line.partition(":")
    if colon:
        return rest if _TECHNICAL.match(heading.strip()) else ""
    return line


def _tracer(text: str) -> Tracer:
    if _SOMATOSTATIN.search(text):
        return "somatostatin"
    return "other" if _OTHER_TRACER.search(text) else ""


def _contrast(title: str, technical: str) -> tuple[bool | None, Told]:
    sources: tuple[tuple[str, Told], ...] = ((title, "exam"), (technical, "text"))
    for text, told in sources:
        found = _contrast_in(text)
        if found is not None:
            return found, told
    return None, ""


def _contrast_in(text: str) -> bool | None:
    """Whether a text tells of contrast; with and without is with."""
    if _WITH_AND_WITHOUT.search(text):
        return True
    without = _WITHOUT.search(text)
    rest = _WITHOUT.sub(" ", text)
    if _WITH.search(rest):
        return True
    return False if without else None


def _covers_liver(title: str, technical: str) -> bool | None:
    if _LIVER.search(title):
        return True
    if _ELSEWHERE_IN_BODY.search(title):
        return False
    return True if _LIVER.search(technical) else None
