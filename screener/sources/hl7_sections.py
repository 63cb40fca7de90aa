"""Which results of HL7 v2 are of radiology, and which of a laboratory or another service.

A result is none of radiology

* if its section (OBR-24) is a laboratory or another service that makes no images,
* or, where neither the section nor the name of an observation (OBX-3) tells: if it has a number
  and no text, or if a laboratory sent it (MSH-3, MSH-4).

A result that says nothing of any of this is taken as one of radiology: to screen a report too many
is a smaller fault than to lose one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from screener.sources.hl7_segments import Segment
from screener.sources.report_parts import Part, named_part

IMAGING = frozenset(
    "CT CTA CR DX DR XR RF XA MG MR MRI MRA NMR US IVUS NM NMS PT PET PETCT BMD DXA SC RG RX XRC "
    "RAD RUS OUS VUS CUS IMG ANG FL IR".split()
)
"""Values of OBR-24 that are of imaging: of table 0074, modalities of DICOM, and their kin."""

OTHER_SERVICES = frozenset(
    "AU BG BLB CG CH CP EC EN GE HM ICU IMM LAB MB MCB MYC NRS OSL PAR PAT PATH PF PHR RC SP SR TX "
    "URN VR".split()
)
"""Values of OBR-24, of table 0074, that are of a laboratory or of a service without images."""

TEXT_TYPES = frozenset({"ST", "TX", "FT"})
CODED_TYPES = frozenset({"CE", "CWE", "CNE", "CF"})
NUMERIC_TYPES = frozenset({"NM", "SN"})

_LABORATORY = re.compile(r"\b(?:LAB|LABORATORY|LIS|PATHOLOGY|MICROBIOLOGY)\b", re.IGNORECASE)


def is_imaging(section: str) -> bool:
    """Whether a section says that images were made.

    Examples
    --------
    >>> is_imaging("ct"), is_imaging("CH"), is_imaging("BED")
    (True, False, False)
    """
    return section.upper() in IMAGING


def other_service(header: Segment, order: Segment, observations: Sequence[Segment]) -> str:
    """Say of what service a result is, if it is not one of radiology; empty where it is.

    Parameters
    ----------
    header, order, observations
        MSH, OBR, and the OBX that belong to it.
    """
    section = order.value(24).upper()
    if section in OTHER_SERVICES:
        return f"section {section} (OBR-24)"
    if is_imaging(section) or any(part_of(one) is not Part.BODY for one in observations):
        return ""
    types = {one.value(2).upper() for one in observations}
    has_text = any(_is_prose(one) for one in observations)
    if types & NUMERIC_TYPES and not has_text:
        return "numbers without a text (OBX-2)"
    senders = f"{header.value(3)} {header.value(4)}".replace("_", " ")
    return "sent by a laboratory (MSH-3, MSH-4)" if _LABORATORY.search(senders) else ""


def part_of(observation: Segment) -> Part:
    """Tell what part of the report an observation is, from its name (OBX-3) or sub-id (OBX-4)."""
    names = next(observation.repetitions(3), ())
    codes = [piece for name in names for piece in reversed(name.split("&"))]
    return named_part((*codes, observation.value(4)))


def _is_prose(observation: Segment) -> bool:
    """Whether a value is text, and not the ``ST`` that laboratories write results as."""
    kind = observation.value(2).upper()
    is_measured = bool(observation.value(6) or observation.value(7))
    return kind in {"TX", "FT"} or (kind == "ST" and not is_measured)
