"""FHIR R4: reports out of Bundles and bulk exports, wherever their text stands."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from fhir_resources import Resource, bundle, form, lines, observation, report

from screener.errors import SourceError
from screener.reports import Rejected, Report
from screener.sources import Source, open_sources

RTF = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 FINDINGS:\par Gr\'f6\'dfe 3 mm.\par}"


def opened(folder: Path, content: bytes, name: str = "export.json") -> Source:
    path = folder / name
    path.write_bytes(content)
    (source,) = open_sources([str(path)], column_map={})
    return source


def texts_of(folder: Path, *resources: Resource) -> list[str]:
    rows = opened(folder, bundle(*resources)).rows
    return [row.text for row in rows if isinstance(row, Report)]


def reasons_of(folder: Path, *resources: Resource) -> list[str]:
    rows = opened(folder, bundle(*resources)).rows
    return [row.reason for row in rows if isinstance(row, Rejected)]


@pytest.mark.parametrize("name", ["export.json", "export.ndjson", "export.jsonl"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_report_is_read_out_of_each_kind_of_file(tmp_path: Path, name: str, mark: bytes) -> None:
    one = report(presentedForm=[form("Liver: clear.")])
    wanted = Report("r1", "7", "Liver: clear.", date(2024, 3, 2), exam="CT abdomen", status="final")
    contents = [lines(one, {"resourceType": "Patient", "id": "7"})]
    if name == "export.json":
        array = json.dumps([one], indent=1).encode()
        pages = json.dumps([json.loads(bundle(one))], indent=1).encode()
        whole = json.dumps(one, indent=2).encode()
        contents += [whole, array, pages, bundle(one), json.dumps(json.loads(bundle(one))).encode()]
    for content in contents:
        assert list(opened(tmp_path, mark + content, name).rows) == [wanted]


def test_a_table_in_json_lines_stays_a_table(tmp_path: Path) -> None:
    content = lines({"id": 1, "mrn": 2, "text": 'Says "resourceType": "DiagnosticReport".'})
    assert opened(tmp_path, content, "export.ndjson").format == "jsonl"


# --- text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("forms", "text"),
    [
        ([form("Größe 3 mm.", codec="cp1252")], "Größe 3 mm."),
        ([form("<p>Liver:<br/>clear &lt; 3</p>", "text/html")], "Liver:\nclear < 3"),
        ([form("<div xmlns='x'><b>No</b> change</div>", "application/xhtml+xml")], "No change"),
        ([form("<p>One</p>", "application/xhtml; charset=utf-8")], "One"),
        ([form(RTF, "application/rtf")], "FINDINGS:\nGröße 3 mm."),
        ([form("<p>Same</p>", "text/html"), form("Plain")], "Plain"),
        ([form("One"), form("Two"), form("One")], "One\nTwo"),
        ([{"contentType": "application/pdf", "data": "JVBERi0="}, form("Plain")], "Plain"),
    ],
)
def test_the_presented_form_is_read_in_its_best_format(
    tmp_path: Path, forms: list[Resource], text: str
) -> None:
    assert texts_of(tmp_path, report(presentedForm=forms)) == [text]


def test_the_conclusion_is_the_impression_unless_it_is_there_already(tmp_path: Path) -> None:
    presented = [form("FINDINGS: Cyst.\nIMPRESSION: No  METASTASIS.")]
    reports = [
        report("r1", presentedForm=presented, conclusion="No metastasis."),
        report("r2", presentedForm=[form("FINDINGS: Cyst.")], conclusion="CT: no metastasis."),
        report("r3", conclusion="IMPRESSION: none."),
    ]
    assert texts_of(tmp_path, *reports) == [
        "FINDINGS: Cyst.\nIMPRESSION: No  METASTASIS.",
        "FINDINGS: Cyst.\nIMPRESSION:\nCT: no metastasis.",
        "IMPRESSION: none.",
    ]


def test_observations_are_the_text_of_a_report_without_one(tmp_path: Path) -> None:
    inner = observation("o1", "Nodule", note=[{"text": "Solid."}], bodySite={"text": "Liver"})
    size = {"code": {"text": "Size"}, "valueQuantity": {"value": 12.5, "unit": "mm"}}
    resources = [
        observation("o2", "Findings", valueString="No ascites."),
        report(
            contained=[inner | {"component": [size]}],
            result=[
                {"reference": "#o1"},
                {"reference": "https://ehr.example/r4/Observation/o2/_history/3"},
                {"reference": "urn:uuid:o3"},
                {"reference": "Observation/elsewhere"},
            ],
            conclusion="Benign.",
        ),
        observation("o3", "Ascites", valueCodeableConcept={"coding": [{"display": "Absent"}]}),
    ]
    assert texts_of(tmp_path, *resources) == [
        "Nodule (Liver)\nSize: 12.5 mm\nSolid.\nFINDINGS:\nNo ascites.\nAscites: Absent\n"
        "IMPRESSION:\nBenign."
    ]


def test_the_narrative_counts_where_nothing_else_has_text_or_where_it_adds(tmp_path: Path) -> None:
    narrative = {"status": "generated", "div": "<div>Told <i>only</i> here.</div>"}
    reports = [
        report("r1", text=narrative),
        report("r2", text=narrative, conclusion="None."),
        report("r3", text=narrative | {"status": "additional"}, conclusion="None."),
    ]
    assert texts_of(tmp_path, *reports) == [
        "Told only here.",
        "IMPRESSION:\nNone.",
        "Told only here.\nIMPRESSION:\nNone.",
    ]


# --- fields ---------------------------------------------------------------------------------------

STUDY = {
    "resourceType": "ImagingStudy",
    "id": "s",
    "identifier": [{"type": {"coding": [{"code": "ACSN"}]}, "value": "A9"}],
    "modality": [{"code": "MR"}],
}
PATIENT = {
    "resourceType": "Patient",
    "id": "p",
    "identifier": [{"value": "x"}, {"type": {"coding": [{"code": "MR"}]}, "value": "M1"}],
}


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ({"effectiveDateTime": "2024-05"}, "exam_on", None),
        (
            {"effectiveDateTime": None, "effectivePeriod": {"start": "2023-01-02"}},
            "exam_on",
            date(2023, 1, 2),
        ),
        ({"contained": [STUDY]}, "accession", "A9"),
        ({"contained": [STUDY]}, "modality", "MR"),
        ({"identifier": [{"value": "F1"}]}, "accession", "F1"),
        ({"code": {"coding": [{"code": "1-2", "display": "CT liver"}]}}, "exam", "CT liver"),
        ({"status": "amended"}, "status", "corrected"),
        ({"status": "appended"}, "status", "addendum"),
        ({"subject": {"reference": "http://x/r4/Patient/9"}}, "patient_id", "9"),
        ({"subject": {"reference": "#p"}, "contained": [PATIENT]}, "patient_id", "M1"),
        ({"subject": {"reference": "urn:uuid:p"}}, "patient_id", "M1"),
        ({"subject": {"identifier": {"value": "M3"}}}, "patient_id", "M3"),
        ({"performer": [{"reference": "Organization/4", "display": "North"}]}, "site", "North"),
    ],
)
def test_fields_are_found(tmp_path: Path, more: Resource, field: str, value: object) -> None:
    (row,) = opened(tmp_path, bundle(report(conclusion="None.", **more), PATIENT)).rows
    assert getattr(row, field) == value


def test_the_latest_version_of_a_resource_counts(tmp_path: Path) -> None:
    def version(status: str, updated: str, text: str) -> Resource:
        meta = {"lastUpdated": updated}
        return report(status=status, meta=meta, presentedForm=[form(text)])

    source = opened(
        tmp_path,
        lines(
            version("final", "2024-03-02T10:00:00Z", "Second."),
            version("appended", "2024-03-03T10:00:00+02:00", "Second.\nADDENDUM: third."),
            version("preliminary", "2024-03-01T10:00:00Z", "First."),
        ),
        "export.ndjson",
    )
    assert [row.text for row in source.rows if isinstance(row, Report)] == [
        "Second.\nADDENDUM: third."
    ]
    assert source.tally.n_superseded == 2


def test_what_is_no_report_of_radiology_is_counted_by_its_kind(tmp_path: Path) -> None:
    glucose = observation("o1", "Glucose", valueQuantity={"value": 5, "unit": "mmol/L"})
    category = {"coding": [{"code": "LAB"}]}
    resources = [
        glucose,
        PATIENT,
        report("r1", category=[category], conclusion="High."),
        report("r2", category=[], result=[{"reference": "Observation/o1"}]),
        report("r3", category=[category, {"coding": [{"code": "CT"}]}], conclusion="Kept."),
        {"resourceType": "DOE, JANE"},
    ]
    source = opened(tmp_path, bundle(*resources))
    assert [row.text for row in source.rows if isinstance(row, Report)] == ["IMPRESSION:\nKept."]
    assert source.tally.skipped == {
        "Observation": 1,
        "Patient": 1,
        "DiagnosticReport, category LAB": 1,
        "DiagnosticReport, numbers without a text": 1,
        "resource of no known type": 1,
    }


# --- what cannot be read --------------------------------------------------------------------------


def test_a_report_without_a_text_that_can_be_read_says_why(tmp_path: Path) -> None:
    reports = [
        report("r1"),
        report("r2", presentedForm=[{"contentType": "text/plain", "url": "Binary/1"}]),
        report("r3", presentedForm=[form("%PDF", "application/pdf")]),
        report("r4", presentedForm=[{"contentType": "text/plain", "data": "no base64!"}]),
        report("r5", presentedForm=[form("no rtf", "text/rtf")]),
        report("r6", result=[{"reference": "Observation/1"}]),
        report("r7", status="entered-in-error", conclusion="None."),
        report("r8", subject=None, conclusion="None."),
    ]
    no_text = "the report has no text: "
    assert reasons_of(tmp_path, *reports) == [
        f"{no_text}it has no presented form, conclusion, observation or narrative",
        f"{no_text}its presented form is elsewhere (a URL): not in the input, and not fetched",
        f"{no_text}its presented form is PDF, which is not read",
        f"{no_text}its presented form is not the base64 or RTF that it should be",
        f"{no_text}its presented form is not the base64 or RTF that it should be",
        f"{no_text}what it refers to (Observation) is not in the input, or not clearly",
        "the report was withdrawn",
        "patient_id is empty: the report cannot be tied to a patient",
    ]


def test_a_damaged_line_touches_no_other(tmp_path: Path) -> None:
    good = lines(report(conclusion="None."))
    content = b"".join([good[:40], b"\n", b"[1]\n", b'{"a": 1}\n', b'{"\xff": 1}\n', good])
    rows = list(opened(tmp_path, content, "export.ndjson").rows)
    assert isinstance(rows[-1], Report)
    assert [(row.line, row.reason) for row in rows if isinstance(row, Rejected)] == [
        (1, "the resource is not JSON, or breaks off"),
        (2, "the JSON is no FHIR resource: it has no resourceType"),
        (3, "the JSON is no FHIR resource: it has no resourceType"),
        (4, "the line is not UTF-8"),
    ]


def test_a_bundle_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = bundle(*(report(f"r{n}", conclusion=f"Text {n}.") for n in range(3)))
    *reports, broken = opened(tmp_path, whole[: whole.index(b'"r2"')]).rows
    assert [row.report_id for row in reports if isinstance(row, Report)] == ["r0", "r1"]
    reason = "the resource is not JSON, or breaks off"
    assert broken == Rejected(str(tmp_path / "export.json"), 3, reason)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_an_error(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceError, match=r"export.json: holds no FHIR resource"):
        opened(tmp_path, content)


# --- hostile --------------------------------------------------------------------------------------
