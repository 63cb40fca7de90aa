"""Resources of FHIR R4 for tests, written by hand; patients and texts are invented."""

from __future__ import annotations

import base64
import json
from typing import Any

Resource = dict[str, Any]

RADIOLOGY = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "RAD"}]}


def form(text: str, kind: str = "text/plain", codec: str = "utf-8") -> Resource:
    """A presented form."""
    return {"contentType": kind, "data": base64.b64encode(text.encode(codec)).decode()}


def report(identity: str = "r1", **more: Any) -> Resource:
    """A final CT report of patient 7."""
    return {
        "resourceType": "DiagnosticReport",
        "id": identity,
        "status": "final",
        "category": [RADIOLOGY],
        "code": {"text": "CT abdomen"},
        "subject": {"reference": "Patient/7"},
        "effectiveDateTime": "2024-03-02T10:15:00Z",
        **more,
    }


def observation(identity: str, name: str, **more: Any) -> Resource:
    """An observation with a name."""
    return {"resourceType": "Observation", "id": identity, "code": {"text": name}, **more}


def bundle(*resources: Resource) -> bytes:
    """A Bundle of resources, over several lines."""
    entries = [{"fullUrl": f"urn:uuid:{r.get('id')}", "resource": r} for r in resources]
    whole = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(whole, indent=1).encode()


def lines(*resources: object) -> bytes:
    """Resources, one a line."""
    return "".join(f"{json.dumps(resource)}\n" for resource in resources).encode()
