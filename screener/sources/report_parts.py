"""The parts of a report that exchange formats name, and the headings that text gets for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType

from screener.sources.fields import key_of


class Part(Enum):
    """What a piece of text is of its report; the value is the heading that says so."""

    BODY = ""
    HISTORY = "INDICATION"
    TECHNIQUE = "TECHNIQUE"
    COMPARISON = "COMPARISON"
    FINDINGS = "FINDINGS"
    IMPRESSION = "IMPRESSION"
    RECOMMENDATION = "RECOMMENDATION"
    ADDENDUM = "ADDENDUM"


_NAMES = {
    Part.IMPRESSION: "imp impression impressions conclusion conclusions opinion summary "
    "diagnosticimpression radiologyimpression reportimpression 190058 551103 121073 121072 121077 "
    "121076",
    Part.ADDENDUM: "adn add addendum addenda addendumnote reportaddendum radiologyaddendum 551077",
    Part.FINDINGS: "gdt findings finding grossdescription generaldescription description "
    "reportfindings radiologyfindings 597765 187821 121070 121071",
    Part.HISTORY: "history clinicalhistory indication indications reasonforexam reasonforstudy "
    "reasonforvisit clinicalinformation 113290 187856 552772 121060 121109",
    Part.TECHNIQUE: "technique procedure prc 551111",
    Part.COMPARISON: "comparison comparisons 188342",
    Part.RECOMMENDATION: "rec recommendation recommendations 187830 121074 121075",
}
NAMED_PARTS = MappingProxyType(
    {name: part for part, names in _NAMES.items() for name in names.split()}
)
"""Parts by the key of their name: suffixes of HL7 v2 (chapter 7, observation identifiers), plain
words, LOINC codes without their hyphen, and codes of DICOM (PS3.16)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a report, and the part that they are of."""

    part: Part
    text: str


@lru_cache(maxsize=2048)
def named_part(names: tuple[str, ...]) -> Part:
    """Tell a part from the names and codes that a piece of text has; the first known one counts.

    Examples
    --------
    >>> named_part(("2345", "&IMP")), named_part(("Radiology report",))
    (<Part.IMPRESSION: 'IMPRESSION'>, <Part.BODY: ''>)
    """
    found = (NAMED_PARTS.get(key_of(name)) for name in names)
    return next((part for part in found if part), Part.BODY)


def parted(pieces: Iterable[Piece]) -> tuple[str, tuple[str, ...]]:
    """Put the pieces of a report together, its addenda apart.

    Pieces stay in order. Each run of pieces of one part gets the heading of the part, unless it
    begins with a heading of its own.

    Returns
    -------
    The report without its addenda, and the addenda.
    """
    runs = [
        (part, "\n".join(piece.text for piece in run))
        for part, run in groupby(pieces, key=lambda piece: piece.part)
    ]
    addenda = tuple(text for part, text in runs if part is Part.ADDENDUM and text.strip())
    body = [(part, text) for part, text in runs if part is not Part.ADDENDUM]
    lines = [_headed(part, text, is_first=not at) for at, (part, text) in enumerate(body)]
    return "\n".join(lines), addenda


def _headed(part: Part, text: str, *, is_first: bool) -> str:
    needs_none = part is Part.BODY or (part is Part.FINDINGS and is_first)
    if needs_none or not text.strip() or _names_a_part(text):
        return text
    return f"{part.value}:\n{text}"


def _names_a_part(text: str) -> bool:
    """Whether a text begins with the heading of a part, such as ``CONCLUSION:``."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    heading, colon, _ = first.partition(":")
    return bool(colon or first.isupper()) and key_of(heading) in NAMED_PARTS
