"""The text of a DiagnosticReport of FHIR R4, from the parts that may hold it.

The presented form counts first, in the best of its formats. Without one the text is made of what is
observed (results) and noted; the conclusion is put after either, as the impression, unless it is
there already. The narrative (`text.div`) counts where nothing else has text, or adds to it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screener.sources.documents import holds
from screener.sources.fhir_streams import Resource, listed
from screener.sources.markup import text_of_html, text_of_rtf
from screener.sources.report_parts import Part, Piece, named_part, parted

_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_PLAIN, _HTML, _RTF = range(3)
_FORMATS: Mapping[str, int] = {
    "text/plain": _PLAIN,
    "text/markdown": _PLAIN,
    "text": _PLAIN,
    "": _PLAIN,
    "text/html": _HTML,
    "application/xhtml": _HTML,
    "application/xhtml+xml": _HTML,
    "text/xhtml": _HTML,
    "text/xml": _HTML,
    "application/rtf": _RTF,
    "text/rtf": _RTF,
    "application/x-rtf": _RTF,
}
_READERS: Mapping[int, Callable[[str], str]] = {
    _PLAIN: lambda text: text,
    _HTML: text_of_html,
    _RTF: text_of_rtf,
}


@dataclass(frozen=True, slots=True)
class FoundText:
    """The text of a report and its addenda; where there is none, why."""

    body: str
    addenda: tuple[str, ...] = ()
    why_none: str = ""


def report_text(report: Resource, results: Sequence[Resource]) -> FoundText:
    """Put the text of a report together.

    Parameters
    ----------
    report
        A DiagnosticReport.
    results
        The Observations that it names and that are at hand, in order.
    """
    presented, problem = _presented(report)
    pieces = [Piece(Part.BODY, presented)] if presented else list(_observed(results))
    said = "\n".join(piece.text for piece in pieces)
    conclusion = _string(report.get("conclusion"))
    if conclusion.strip() and not holds(said, conclusion):
        pieces.append(Piece(Part.IMPRESSION, conclusion))
    narrative = _narrative(report, has_text=bool(pieces))
    if narrative:
        pieces.insert(0, Piece(Part.BODY, narrative))
    body, addenda = parted(pieces)
    return FoundText(body, addenda, problem or _why_none(report))


def is_read(content_type: object) -> bool:
    """Whether a presented form of a type is read."""
    return _content_type({"contentType": content_type}) in _FORMATS


def has_own_text(report: Resource) -> bool:
    """Whether a report has a presented form with text in it."""
    return bool(_presented(report)[0])


# --- presented form ------------------------------------------------------------------------------


def _presented(report: Resource) -> tuple[str, str]:
    """Give the presented form as text, and what is wrong with what cannot be read of it."""
    found: dict[int, list[str]] = {}
    problem = ""
    for attachment in listed(report.get("presentedForm")):
        if not isinstance(attachment, dict):
            continue
        kind = _FORMATS.get(_content_type(attachment))
        if kind is None or "data" not in attachment:
            continue
        try:
            text = _READERS[kind](_decoded(_string(attachment["data"])))
        except (ValueError, binascii.Error):
            problem = "its presented form is not the base64 or RTF that it should be"
            continue
        if text.strip() and text not in found.setdefault(kind, []):
            found[kind].append(text)
    best = min(found, default=None)
    return ("\n".join(found[best]) if best is not None else ""), problem


def _content_type(attachment: Resource) -> str:
    return _string(attachment.get("contentType")).partition(";")[0].strip().lower()


def _decoded(data: str) -> str:
    raw = base64.b64decode("".join(data.split()), validate=True)
    for codec in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


# --- observations --------------------------------------------------------------------------------


def _observed(results: Sequence[Resource]) -> Iterator[Piece]:
    for result in results:
        coded = result.get("code")
        part = named_part((*codes_of(coded), concept_text(coded)))
        for text in filter(None, (_value(result, coded, part), _notes(result))):
            yield Piece(part, text)


def _value(result: Resource, coded: object, part: Part) -> str:
    """Give what an observation says: its value under its name, and those of its components."""
    said = value_text(result)
    name = "" if part is not Part.BODY else concept_text(coded)
    site = concept_text(result.get("bodySite"))
    named = f"{name} ({site})" if name and site else name
    lines = [": ".join(filter(None, (named, said)))]
    parts = (one for one in listed(result.get("component")) if isinstance(one, dict))
    lines.extend(
        f"{concept_text(one.get('code'))}: {value}"
        for one in parts
        if (value := value_text(one)) and not _names_an_image(one)
    )
    return "\n".join(filter(None, lines))


def value_text(holder: Resource) -> str:
    """Give the ``value[x]`` of an observation or a component as text.

    Examples
    --------
    >>> value_text({"valueQuantity": {"value": 5, "unit": "mm"}})
    '5 mm'
    """
    found = next((v for k, v in holder.items() if k.startswith("value") and v is not None), "")
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, dict):
        unit = _string(found.get("unit")) or _string(found.get("code"))
        measured = f"{found['value']} {unit}".strip() if _is_plain(found.get("value")) else ""
        return measured or concept_text(found)
    return str(found) if _is_plain(found) else ""


def _names_an_image(component: Resource) -> bool:
    """Whether a component is the number of a series or an image, and no finding."""
    coded = component.get("code")
    codings = listed(coded.get("coding")) if isinstance(coded, dict) else []
    is_dicom = any(isinstance(one, dict) and one.get("system") == _DICOM for one in codings)
    return is_dicom and "valueQuantity" not in component


def _notes(result: Resource) -> str:
    notes = (n.get("text") for n in listed(result.get("note")) if isinstance(n, dict))
    return "\n".join(filter(None, map(_string, notes)))


def concept_text(concept: object) -> str:
    """Give the text of a CodeableConcept, or the display or code of its first coding."""
    if isinstance(concept, list):
        return "; ".join(filter(None, map(concept_text, concept)))
    if not isinstance(concept, dict):
        return ""
    codings = [one for one in listed(concept.get("coding")) if isinstance(one, dict)]
    shown = (_string(one.get(key)) for key in ("display", "code") for one in codings)
    return _string(concept.get("text")) or next(filter(None, shown), "")


def codes_of(concept: object) -> tuple[str, ...]:
    """Give the codes of a CodeableConcept."""
    codings = listed(concept.get("coding")) if isinstance(concept, dict) else []
    return tuple(_string(one.get("code")) for one in codings if isinstance(one, dict))


# --- narrative -----------------------------------------------------------------------------------


def _narrative(report: Resource, *, has_text: bool) -> str:
    narrative = report.get("text")
    if not isinstance(narrative, dict):
        return ""
    status = _string(narrative.get("status"))
    if status == "empty" or (has_text and status != "additional"):
        return ""
    return text_of_html(_string(narrative.get("div")))


def _why_none(report: Resource) -> str:
    forms = [one for one in listed(report.get("presentedForm")) if isinstance(one, dict)]
    if any("url" in one and "data" not in one for one in forms):
        return "its presented form is elsewhere (a URL): not in the input, and not fetched"
    if any(_content_type(one) == "application/pdf" for one in forms):
        return "its presented form is PDF, which is not read"
    if listed(report.get("result")):
        return "what it refers to (Observation) is not in the input, or not clearly"
    return "it has no presented form, conclusion, observation or narrative"


def _string(value: Any) -> str:  # noqa: ANN401
    return value if isinstance(value, str) else ""


def _is_plain(value: object) -> bool:
    return isinstance(value, (str, int, float)) or type(value).__name__ == "Decimal"
