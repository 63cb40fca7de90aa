"""What reports of FHIR refer to: results and texts in resources of their own, and patients.

A reference is looked up in its own file first, then in the other files of the same folder or
archive; nothing is fetched. Ids are those of a server, and files may come from several: what stands
in another file counts only where no third one says otherwise, and it names no other patient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from screener.sources.exchange import DAMAGE, Opener
from screener.sources.fhir_streams import Resource, listed, read_resources
from screener.sources.fhir_texts import codes_of, has_own_text, is_read
from screener.sources.rows import Fault

_RECORD_NUMBER = "MR"
_KEPT = {
    "Observation": ("code", "bodySite", "note", "component"),
    "Binary": ("contentType", "data"),
}
"""What is kept of a resource that is referred to; of an Observation also its ``value[x]``."""

Files = Callable[[], Iterator[tuple[str, Opener]]]
"""Gives the names and contents of the files of an input, the same ones each time."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A resource that is referred to: its file, its patient, and what is kept of it."""

    file: str
    patient: str
    kept: Resource


@dataclass(frozen=True, slots=True)
class References:
    """What reports in some files refer to, by reference.

    Attributes
    ----------
    wanted
        Results and texts that reports without a text of their own refer to.
    """

    wanted: set[str] = field(default_factory=set)
    _found: dict[str, list[_Found]] = field(default_factory=dict)
    _patients: dict[str, str] = field(default_factory=dict)

    def resource(self, reference: str, file: str, patient: str) -> Resource | None:
        """Return what a report in a file, of a patient, refers to; ``None`` where it is unclear."""
        found = self._found.get(local_reference(reference), [])
        own = [one for one in found if one.file == file]
        if own:
            return own[-1].kept
        fitting = [one for one in found if not (patient and one.patient) or one.patient == patient]
        is_clear = fitting and all(one.kept == fitting[0].kept for one in fitting)
        return fitting[0].kept if is_clear else None

    def with_texts(self, report: Resource, file: str) -> Resource:
        """Return a report with the presented forms that stand in resources of their own."""
        forms = list(listed(report.get("presentedForm")))
        for place, reference in attachments(report).items():
            forms[place] = self.resource(reference, file, "") or forms[place]
        return {**report, "presentedForm": forms} if forms else report

    def patient(self, reference: str) -> str | None:
        """Return who is referred to by ``urn:uuid``, by the record number or the id."""
        return self._patients.get(reference)

    def want(self, resource: Resource) -> None:
        """Take note of what a report refers to, and of who a patient is."""
        if resource["resourceType"] == "DiagnosticReport" and not has_own_text(resource):
            named = (*references(resource.get("result")), *attachments(resource).values())
            self.wanted.update(map(local_reference, named))
        if resource["resourceType"] == "Patient":
            for name in filter(_is_urn, _names_of(resource)):
                self._patients[name] = record_number(resource) or _string(resource.get("id"))

    def keep(self, resource: Resource, file: str) -> None:
        """Keep a resource that is wanted."""
        fields = _KEPT.get(str(resource["resourceType"]))
        names = [name for name in _names_of(resource) if name in self.wanted] if fields else []
        for name in names:
            kept = {
                key: value
                for key, value in resource.items()
                if key in (fields or ()) or key.startswith("value")
            }
            if not is_read(kept.get("contentType")):
                kept.pop("data", None)
            found = _Found(file, subject_of(resource), kept)
            self._found.setdefault(name, []).append(found)


def read_references(files: Files) -> References:
    """Look through files for what the reports in them refer to.

    It is held in memory; the rest of the files is not. A file that is damaged is looked through as
    far as it goes: it is told where its reports are read.
    """
    found = References()
    for _, resource in _resources(files):
        found.want(resource)
    if found.wanted:
        for file, resource in _resources(files):
            found.keep(resource, file)
    return found


def _resources(files: Files) -> Iterator[tuple[str, Resource]]:
    for name, open_ in files():
        try:
            with open_() as stream:
                for item in read_resources(stream):
                    if not isinstance(item, Fault):
                        yield name, item[1]
        except DAMAGE:
            continue


def references(values: object) -> Iterator[str]:
    """Give the references in a list of them."""
    for value in listed(values):
        if isinstance(value, dict) and (reference := _string(value.get("reference"))):
            yield reference


def attachments(report: Resource) -> dict[int, str]:
    """Return where presented forms that are not in the report are, by their place in its list."""
    forms = enumerate(listed(report.get("presentedForm")))
    elsewhere = ((n, one) for n, one in forms if isinstance(one, dict) and "data" not in one)
    return {n: url for n, one in elsewhere if (url := _string(one.get("url")))}


def local_reference(reference: str) -> str:
    """Give a reference without its server and version: ``Observation/7``.

    Examples
    --------
    >>> local_reference("https://ehr.example/r4/Observation/7/_history/2")
    'Observation/7'
    >>> local_reference("urn:uuid:1-2")
    'urn:uuid:1-2'
    """
    if reference.startswith(("urn:", "#")):
        return reference
    return "/".join(reference.partition("/_history/")[0].split("/")[-2:])


def contained_in(report: Resource) -> Mapping[str, Resource]:
    """Return the resources within a report, by the reference to each."""
    inner = (one for one in listed(report.get("contained")) if isinstance(one, dict))
    return {f"#{_string(one.get('id'))}": one for one in inner}


def subject_of(resource: Resource) -> str:
    """Return the reference to the patient of a resource; empty where it is none of a server."""
    subject = resource.get("subject")
    written = _string(subject.get("reference")) if isinstance(subject, dict) else ""
    return "" if written.startswith("#") else local_reference(written)


def identifiers_of(holder: Resource) -> list[Resource]:
    """Return the identifiers of a resource that have a value."""
    found = [one for one in listed(holder.get("identifier")) if isinstance(one, dict)]
    return [one for one in found if _string(one.get("value")).strip()]


def record_number(patient: Resource) -> str:
    """Return the medical record number of a patient, or else the first of the identifiers."""
    identifiers = identifiers_of(patient)
    numbers = [one for one in identifiers if _RECORD_NUMBER in codes_of(one.get("type"))]
    return next((_string(one.get("value")).strip() for one in [*numbers, *identifiers]), "")


def _names_of(resource: Resource) -> Iterator[str]:
    name = f"{resource['resourceType']}/{_string(resource.get('id'))}"
    yield name
    url = local_reference(_string(resource.get("fullUrl")))
    if url and url != name:
        yield url


def _is_urn(name: str) -> bool:
    return name.startswith("urn:")


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
