"""A study as a FHIR R4 Bundle: patients, reports, assessments, reads, results, who was confirmed.

The Bundle is a transaction of updates (PUT) under ids that follow from the study: sent twice, it
changes nothing. An assessment is an Observation derived from the report's DocumentReference; a read
is derived from the reports that the reader saw and, as readers are blind to the screen, from no
assessment; a result is derived from the reads. No report's text is in it, only the words that
decided an assessment and what readers wrote.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, UUID, uuid5

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from screener.assessments import Assessment
    from screener.candidates import CaseReport
    from screener.reads import Read, ReadForm
    from screener.study_contents import CaseContents, StudyContents

Resource = dict[str, Any]
TERMS = "http://terminology.hl7.org/CodeSystem"
UCUM = "http://unitsofmeasure.org"
_VERDICTS = {"yes": ("Y", "Yes"), "no": ("N", "No")}
_MEASURES = {
    "involved_percent": ("Percent involved", "%", "%"),
    "tumor_volume_ml": ("Tumour volume", "mL", "mL"),
    "liver_volume_ml": ("Liver volume", "mL", "mL"),
    "suvmax_tumor": ("SUVmax of the tumour", "SUV", ""),
    "suvmax_liver": ("SUVmax of normal liver", "SUV", ""),
    "suv_ratio": ("SUVmax of the tumour over that of normal liver", "ratio", ""),
}
_NO_STRING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def bundle_of(contents: StudyContents, version: str) -> Resource:
    """Return the Bundle of a study's complete cases; `version` is that of this program."""
    made = _Making(contents, version)
    entries = [
        {
            "fullUrl": f"urn:uuid:{one['id']}",
            "resource": one,
            "request": {"method": "PUT", "url": f"{one['resourceType']}/{one['id']}"},
        }
        for one in made.resources()
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


class _Making:
    """The resources of one study; ids follow from what they are of."""

    def __init__(self, contents: StudyContents, version: str) -> None:
        self.contents = contents
        self.version = version
        self.space = uuid5(NAMESPACE_OID, contents.study_id)

    def resources(self) -> Iterator[Resource]:
        yield self._device()
        for reader in self.contents.readers:
            yield {**self._of("Practitioner", reader), "name": [{"text": reader}]}
        for case in self.contents.complete:
            yield self._patient(case)
            for report in case.file.reports:
                yield self._document(report, case)
                if said := self.contents.assessments.get(report.report_id):
                    yield self._assessment(said, report, case)
            yield from (self._read(read, case) for read in case.reads)
            if case.verdict is not None:
                yield self._result(case)
        yield self._group()

    # --- who and what ----------------------------------------------------------------------------

    def _device(self) -> Resource:
        return {
            **self._of("Device", "screener"),
            "deviceName": [{"name": "screener", "type": "other"}],
            "version": [{"value": self.version}, {"value": self.contents.pack}],
        }

    def _patient(self, case: CaseContents) -> Resource:
        named = {"system": f"urn:uuid:{self._id('system', 'patients')}", "value": case.patient_id}
        return {**self._of("Patient", case.patient_id), "identifier": [named]}

    def _document(self, report: CaseReport, case: CaseContents) -> Resource:
        day = report.exam_on.isoformat() if report.exam_on else None
        system = f"urn:uuid:{self._id('system', 'reports')}"
        made = {
            **self._of("DocumentReference", report.report_id),
            "masterIdentifier": {"system": system, "value": report.report_id},
            "status": "current",
            "type": {"text": "Radiology report"},
            "subject": self._to("Patient", case.patient_id),
            "description": _string(" ".join(filter(None, [report.modality, report.exam]))),
            "content": [{"attachment": {"contentType": "text/plain", "title": report.report_id}}],
            "context": {"period": {"start": day, "end": day}} if day else None,
        }
        return _filled(made)

    def _group(self) -> Resource:
        members = [
            {"entity": self._to("Patient", case.patient_id)} for case in self.contents.confirmed
        ]
        made = {
            **self._of("Group", "confirmed"),
            "type": "person",
            "actual": True,
            "code": {"text": "Settled as yes"},
            "name": _string(f"{self.contents.name}: settled as yes"),
            "quantity": len(members),
            "member": members,
        }
        return _filled(made)

    # --- observations ----------------------------------------------------------------------------

    def _assessment(self, said: Assessment, report: CaseReport, case: CaseContents) -> Resource:
        components = [
            _component("Certainty", valueString=_string(said.certainty or "")),
            _component("Score", valueQuantity={"value": said.score}),
        ]
        for name, share in zip(("from", "to"), said.stated_percent or (), strict=False):
            components.append(_component(f"Stated share, {name}", valueQuantity=_percent(share)))
        components += [_component("Evidence", valueString=_string(one)) for one in said.evidence]
        return self._observation(
            "assessment",
            said.report_id,
            case,
            code={"text": "Tumour burden that the report asserts, by the screen"},
            effectiveDateTime=report.exam_on.isoformat() if report.exam_on else None,
            performer=[{"display": f"screener {self.version}, {self.contents.pack}"}],
            device=self._to("Device", "screener"),
            valueCodeableConcept={"text": said.burden},
            derivedFrom=[self._to("DocumentReference", said.report_id)],
            component=[one for one in components if one],
        )

    def _read(self, read: Read, case: CaseContents) -> Resource:
        seen = [self._to("DocumentReference", one.report_id) for one in case.file.reports]
        if read.amends is not None:
            seen.append(self._to("Observation", _key(read.reader, read.amends), "read"))
        issued = None if self.contents.is_deidentified else read.locked_at.isoformat()
        notes = [_string(text) for text in (read.form.comment, read.amendment_reason)]
        return self._observation(
            "read",
            _key(read.reader, read.position),
            case,
            status="amended" if read.kind == "amendment" else "final",
            code={"text": _string(self.contents.question)},
            method={"text": read.kind.replace("_", " ")},
            issued=issued,
            performer=[self._to("Practitioner", read.reader)],
            **_value(read.form.verdict, read.form.reason),
            note=[{"text": text} for text in notes if text],
            derivedFrom=seen,
            component=_measured(read.form),
        )

    def _result(self, case: CaseContents) -> Resource:
        result = case.result
        if result is None:
            raise ValueError
        reads = [
            self._to("Observation", _key(read.reader, read.position), "read")
            for read in case.standing.values()
        ]
        percent = [] if result.percent is None else [_percent(result.percent)]
        return self._observation(
            "result",
            case.case_id,
            case,
            code={"text": _string(self.contents.question)},
            method={"text": f"consensus by the rule {self.contents.rule}: {result.basis}"},
            performer=[self._to("Practitioner", name) for name in case.standing],
            **_value(result.verdict, ""),
            derivedFrom=reads,
            component=[_component("Percent involved", valueQuantity=one) for one in percent],
        )

    def _observation(self, kind: str, key: str, case: CaseContents, **more: object) -> Resource:
        day = case.left_on.isoformat() if case.left_on else None
        imaging = {"system": f"{TERMS}/observation-category", "code": "imaging"}
        made = {
            **self._of("Observation", key, kind),
            "status": "final",
            "category": [{"coding": [imaging]}],
            "subject": self._to("Patient", case.patient_id),
            "effectiveDateTime": day,
            **more,
        }
        return _filled(made)

    # --- ids -------------------------------------------------------------------------------------

    def _of(self, type_: str, key: str, kind: str = "") -> Resource:
        return {"resourceType": type_, "id": str(self._id(type_, key, kind))}

    def _to(self, type_: str, key: str, kind: str = "") -> Resource:
        return {"reference": f"urn:uuid:{self._id(type_, key, kind)}", "type": type_}

    def _id(self, type_: str, key: str, kind: str = "") -> UUID:
        return uuid5(self.space, "\x1f".join([type_, kind, key]))


def _key(reader: str, position: int) -> str:
    return f"{reader}\x1f{position}"


def _value(verdict: str | None, reason: str) -> Resource:
    """The verdict as a value; what cannot be assessed has none, and says why."""
    if verdict in _VERDICTS:
        code, display = _VERDICTS[verdict]
        coding = {"system": f"{TERMS}/v2-0136", "code": code, "display": display}
        return {"valueCodeableConcept": {"coding": [coding], "text": verdict}}
    coding = {"system": f"{TERMS}/data-absent-reason", "code": "unknown", "display": "Unknown"}
    text = _string(f"Cannot assess. {reason}")
    return {"dataAbsentReason": {"coding": [coding], "text": text}}


def _measured(form: ReadForm) -> list[Resource]:
    made = [
        _component("Confidence", valueString=_string(form.confidence or "")),
        _component("Modality reviewed", valueString=_string(form.modality)),
    ]
    for name, (label, unit, code) in _MEASURES.items():
        value = getattr(form, name)
        if value is not None:
            coded = {"system": UCUM, "code": code} if code else {}
            made.append(_component(label, valueQuantity={"value": value, "unit": unit, **coded}))
    return [one for one in made if one]


def _component(label: str, **value: object) -> Resource:
    """A component, or nothing where it has no value."""
    return {"code": {"text": label}, **value} if all(value.values()) else {}


def _percent(value: float) -> Resource:
    return {"value": value, "unit": "%", "system": UCUM, "code": "%"}


def _string(text: str) -> str:
    """A text as FHIR takes one: without control characters, and not blank."""
    return _NO_STRING.sub(" ", text).strip()


def _filled(resource: Mapping[str, Any]) -> Resource:
    """FHIR has no empty values."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}
