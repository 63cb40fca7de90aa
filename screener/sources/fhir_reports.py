"""Reports of radiology from resources of FHIR R4 (DiagnosticReport).

What is another resource, or a report of another service by its category, is left out and counted by
what it is. A report that says nothing of its category is taken as one of radiology, unless it has
numbers and no text. What it refers to is looked up in the input (see `fhir_references`); nothing is
fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from screener.sources.dates import read_date
from screener.sources.documents import Document, Skipped, Status, read_moment
from screener.sources.exchange import Item, Opener
from screener.sources.fhir_references import (
    References,
    contained_in,
    identifiers_of,
    local_reference,
    read_references,
    record_number,
    references,
    subject_of,
)
from screener.sources.fhir_streams import Resource, listed, read_resources
from screener.sources.fhir_texts import (
    FoundText,
    codes_of,
    concept_text,
    has_own_text,
    report_text,
    value_text,
)
from screener.sources.hl7_sections import IMAGING, OTHER_SERVICES
from screener.sources.rows import Fault, is_blank

IMAGING_CATEGORIES = IMAGING | {"LP29684-5", "394914008", "363679005", "IMAGING", "RADIOLOGY"}
"""Codes of categories that are of imaging: table 0074, LOINC, SNOMED CT, and plain words."""

OTHER_CATEGORIES = OTHER_SERVICES | {"LP29708-2", "LP7839-6", "LABORATORY", "CARDIOLOGY"}
"""Codes of categories of other services: also cardiology and pathology of LOINC."""

_STATUSES = {
    "registered": Status.PRELIMINARY,
    "partial": Status.PRELIMINARY,
    "preliminary": Status.PRELIMINARY,
    "final": Status.FINAL,
    "amended": Status.CORRECTED,
    "modified": Status.CORRECTED,
    "corrected": Status.CORRECTED,
    "appended": Status.ADDENDUM,
    "cancelled": Status.WITHDRAWN,
    "entered-in-error": Status.WITHDRAWN,
}
_ACCESSION_TYPES = ("ACSN", "FILL")


def read_fhir(
    open_: Opener, name: str = "", of_input: Callable[[], References] | None = None
) -> Iterator[Item]:
    """Give the reports of radiology in a file, and what else it holds.

    Parameters
    ----------
    open_
        Opens the file.
    name
        Of the file, where it is one of several.
    of_input
        Gives what reports in all files of the input refer to; without it, those of the file.
    """
    found = of_input() if of_input else read_references(lambda: iter([(name, open_)]))
    with open_() as stream:
        for item in read_resources(stream):
            if isinstance(item, Fault):
                yield item
            else:
                number, resource = item
                yield _item(number, resource, _InFile(found, name))


@dataclass(frozen=True, slots=True)
class _InFile:
    """What reports refer to, as looked up from one file."""

    found: References
    name: str

    def results(self, report: Resource) -> list[Resource]:
        """Return the results that a report names and that are at hand."""
        contained, patient = contained_in(report), subject_of(report)
        named = references(report.get("result"))
        some = (contained.get(r) or self.found.resource(r, self.name, patient) for r in named)
        return [one for one in some if one]


# --- reports -------------------------------------------------------------------------------------


def _item(number: int, resource: Resource, lookup: _InFile) -> Item:
    kind = resource["resourceType"]
    if kind != "DiagnosticReport":
        known = isinstance(kind, str) and kind.isascii() and kind.isalpha() and len(kind) < 40  # noqa: PLR2004
        return Skipped(kind if known else "resource of no known type")
    results = lookup.results(resource)
    service = _other_service(resource, results)
    if service:
        return Skipped(f"DiagnosticReport, {service}")
    text = report_text(lookup.found.with_texts(resource, lookup.name), results)
    status = _STATUSES.get(_string(resource.get("status")))
    if is_blank(text.body) and not text.addenda and status is not Status.WITHDRAWN:
        return Fault(number, f"the report has no text: {text.why_none}")
    return _document(number, resource, lookup, text, status)


def _document(
    number: int, resource: Resource, lookup: _InFile, text: FoundText, status: Status | None
) -> Document:
    contained = contained_in(resource)
    written = _effective(resource)
    exam_on = read_date(written)
    accession = _accession(resource, contained)
    return Document(
        line=number,
        report_id=_string(resource.get("id")) or accession or f"entry {number}",
        patient_id=_patient_id(resource, contained, lookup.found),
        accession=accession,
        body=text.body,
        addenda=text.addenda,
        status=status,
        is_whole=True,
        sent_at=_sent_at(resource),
        exam_on=exam_on,
        is_date_unclear=exam_on is None and bool(written),
        modality=_modality(resource, contained),
        exam=concept_text(resource.get("code")).strip(),
        site=_site(resource),
    )


def _sent_at(report: Resource) -> int:
    meta = report.get("meta")
    updated = _string(meta.get("lastUpdated")) if isinstance(meta, dict) else ""
    return read_moment(updated) or read_moment(_string(report.get("issued")))


def _other_service(report: Resource, results: list[Resource]) -> str:
    """Say of what service a report is, if it is not one of radiology; empty where it is."""
    categories = {code.upper() for one in listed(report.get("category")) for code in codes_of(one)}
    if categories & IMAGING_CATEGORIES:
        return ""
    others = sorted(categories & OTHER_CATEGORIES)
    if others:
        return f"category {others[0]}"
    is_bare = not (has_own_text(report) or _string(report.get("conclusion")).strip())
    if results and is_bare and all(map(_is_number, results)):
        return "numbers without a text"
    return ""


def _is_number(result: Resource) -> bool:
    has_number = any(key in result for key in ("valueQuantity", "valueInteger", "valueRange"))
    return has_number and not result.get("note") and bool(value_text(result))


def _effective(report: Resource) -> str:
    """Give the effective[x] of a report: a time, an instant, or the start of a period."""
    period = report.get("effectivePeriod")
    start = period.get("start") if isinstance(period, dict) else None
    found = (report.get("effectiveDateTime"), report.get("effectiveInstant"), start)
    return next(filter(None, map(_string, found)), "")


def _accession(report: Resource, contained: Mapping[str, Resource]) -> str:
    """Give the accession number among the identifiers of a report or of its imaging study."""
    studies = [one for one in contained.values() if one.get("resourceType") == "ImagingStudy"]
    for kind in _ACCESSION_TYPES:
        for holder in (report, *studies):
            for identifier in identifiers_of(holder):
                if kind in codes_of(identifier.get("type")):
                    return _string(identifier.get("value")).strip()
    first = next((_string(one.get("value")) for one in identifiers_of(report)), "")
    return first.strip()


def _patient_id(report: Resource, contained: Mapping[str, Resource], found: References) -> str:
    """Name the patient: by the server's id where there is one, else by the record number.

    Where what stands for the subject is no patient, the only patient contained in the report is it.
    """
    subject = report.get("subject")
    subject = subject if isinstance(subject, dict) else {}
    reference = local_reference(_string(subject.get("reference")))
    inner = [one for one in contained.values() if one.get("resourceType") == "Patient"]
    named = contained.get(reference)
    if reference.startswith("#") and named not in inner:
        named = inner[0] if len(inner) == 1 else None
    if named is not None:
        return record_number(named) or _string(named.get("id"))
    if reference.startswith("urn:"):
        return found.patient(reference) or reference.rpartition(":")[2]
    if reference and not reference.startswith("#"):
        return reference.removeprefix("Patient/")
    identifier = subject.get("identifier")
    return _string(identifier.get("value")).strip() if isinstance(identifier, dict) else ""


def _modality(report: Resource, contained: Mapping[str, Resource]) -> str:
    """Give the modality of the imaging study in a report, or the one that its category names."""
    for one in contained.values():
        for modality in listed(one.get("modality")):
            if isinstance(modality, dict) and _string(modality.get("code")):
                return _string(modality.get("code")).strip()
    codes = (code for one in listed(report.get("category")) for code in codes_of(one))
    return next((code for code in codes if code in IMAGING - {"RAD", "IMG"}), "")


def _site(report: Resource) -> str:
    for performer in listed(report.get("performer")):
        if isinstance(performer, dict):
            reference = local_reference(_string(performer.get("reference")))
            if reference.startswith("Organization/"):
                return (_string(performer.get("display")) or reference.partition("/")[2]).strip()
    return ""


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
