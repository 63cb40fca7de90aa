"""FHIR R4: what a report refers to is found in the other files of its folder or archive."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from fhir_resources import Resource, bundle, form, lines, observation, report

from screener.reports import Rejected, Report
from screener.sources import open_sources

OF_7 = {"subject": {"reference": "Patient/7"}}
CYST = observation("o1", "Findings", valueString="Cyst.", **OF_7)
ASKS = report(result=[{"reference": "https://ehr.example/r4/Observation/o1"}])
NOT_FOUND = "the report has no text: what it refers to (Observation) is not in the input, or not clearly"  # fmt: skip  # noqa: E501


def rows_of(path: Path) -> list[Report | Rejected]:
    (source,) = open_sources([str(path)], column_map={})
    return list(source.rows)


def said(rows: list[Report | Rejected]) -> list[str]:
    return [row.text if isinstance(row, Report) else row.reason for row in rows]


def folder_of(folder: Path, **files: bytes) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content)
    return folder


@pytest.mark.parametrize("is_zip", [False, True])
def test_results_are_found_in_another_file(tmp_path: Path, is_zip: bool) -> None:
    files = {
        "DiagnosticReport__ndjson": lines(ASKS),
        "Observation__ndjson": lines(observation("o2", "Findings", valueString="No."), CYST),
    }
    folder = folder_of(tmp_path / "in", **files)
    if is_zip:
        archive = tmp_path / "in.zip"
        with zipfile.ZipFile(archive, "w") as packed:
            for path in sorted(folder.iterdir()):
                packed.write(path, path.name)
        folder = archive
    assert said(rows_of(folder)) == ["Cyst."]


def test_a_presented_form_is_found_in_a_resource_of_its_own(tmp_path: Path) -> None:
    elsewhere = {"contentType": "text/html", "url": "https://ehr.example/r4/Binary/b1"}
    text = {"resourceType": "Binary", "id": "b1", **form("<p>No metastasis.</p>", "text/html")}
    asks = report(presentedForm=[elsewhere])
    assert said(
        rows_of(folder_of(tmp_path / "a", r__json=json.dumps(asks).encode(), b__ndjson=lines(text)))
    ) == ["No metastasis."]
    (tmp_path / "b.json").write_bytes(bundle(text, asks))
    assert said(rows_of(tmp_path / "b.json")) == ["No metastasis."]


def test_a_pdf_in_a_resource_of_its_own_is_said_to_be_one(tmp_path: Path) -> None:
    elsewhere = {"contentType": "application/pdf", "url": "Binary/b1"}
    pdf = {"resourceType": "Binary", "id": "b1", **form("%PDF", "application/pdf")}
    folder = folder_of(tmp_path / "in", a__ndjson=lines(report(presentedForm=[elsewhere]), pdf))
    assert said(rows_of(folder)) == [
        "the report has no text: its presented form is PDF, which is not read"
    ]


def test_the_own_file_counts_first(tmp_path: Path) -> None:
    other = observation("o1", "Findings", valueString="Not this.", **OF_7)
    folder = folder_of(tmp_path / "in", a__json=bundle(ASKS, CYST), b__ndjson=lines(other))
    assert said(rows_of(folder)) == ["Cyst."]


@pytest.mark.parametrize(
    "others",
    [
        pytest.param([CYST | {"subject": {"reference": "Patient/8"}}], id="of another patient"),
        pytest.param([CYST, CYST | {"valueString": "None."}], id="two that differ"),
    ],
)
def test_a_result_that_is_not_clear_is_not_taken(tmp_path: Path, others: list[Resource]) -> None:
    more = {f"o{number}__json": json.dumps(other).encode() for number, other in enumerate(others)}
    folder = folder_of(tmp_path / "in", a__json=json.dumps(ASKS).encode(), **more)
    assert said(rows_of(folder)) == [NOT_FOUND]


def test_the_same_result_in_two_files_is_clear(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path / "in",
        a__json=json.dumps(ASKS).encode(),
        b__ndjson=lines(CYST),
        c__ndjson=lines(CYST),
    )
    assert said(rows_of(folder)) == ["Cyst."]


def test_a_damaged_file_beside_it_is_told_once_and_changes_nothing(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path / "in",
        a__json=json.dumps(ASKS).encode(),
        b__ndjson=lines(CYST),
        c__json=b'{"resourceType": "Bundle", "entry": [',
    )
    rows = rows_of(folder)
    assert said(rows)[0] == "Cyst."
    assert [Path(row.source).name for row in rows if isinstance(row, Rejected)] == ["c.json"]


def test_columns_given_for_what_has_none_are_told(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "in", a__json=json.dumps(report(conclusion="Cyst.")).encode())
    (source,) = open_sources([str(folder)], column_map={"patient_id": "MRN"})
    told = "It has no columns: what was given by --map (patient_id) does not apply to it."
    assert told in source.notes
    assert [row.patient_id for row in source.rows if isinstance(row, Report)] == ["7"]
