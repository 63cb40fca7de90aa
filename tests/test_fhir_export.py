"""The Bundle of a study is FHIR R4 by a kept library, and whole: no reference leads nowhere."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import screener
from export_studies import N_CASES, N_OPEN, ReadStudy, read_study
from fhir.resources.R4B.bundle import Bundle
from small_studies import READERS, YES

from screener.reading import open_reading

__all__ = ["read_study"]

pytestmark = pytest.mark.parametrize("store_kind", ["sqlite"])


def exported(study: Path, *more: str) -> dict[str, Any]:
    out = study.parent / "bundle.json"
    done = screener("export", "fhir", str(study), "--out", str(out), "--force", *more)
    assert done.returncode == 0, done.stderr
    made: dict[str, Any] = json.loads(out.read_bytes())
    return made


def resources(bundle: dict[str, Any], type_: str) -> list[dict[str, Any]]:
    every = [entry["resource"] for entry in bundle["entry"]]
    return [one for one in every if one["resourceType"] == type_]


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


@pytest.mark.parametrize("more", [(), ("--deidentify",)], ids=["named", "deidentified"])
def test_the_bundle_is_valid_by_a_kept_library(
    read_study: ReadStudy, more: tuple[str, ...]
) -> None:
    study = read_study()
    with open_reading(study, "ada") as reading:
        reading.amend("C0001", YES, "looked\x00 again")
    bundle = exported(study, *more)
    Bundle.model_validate(bundle)
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(urls)) == len(urls)
    assert set(references(bundle)) <= set(urls)


def test_there_is_an_observation_a_read_an_assessment_and_a_result(read_study: ReadStudy) -> None:
    bundle = exported(read_study())
    n_complete = N_CASES - N_OPEN
    counts = Counter(entry["resource"]["resourceType"] for entry in bundle["entry"])
    n_reports = 2 * n_complete
    assert counts["DocumentReference"] == n_reports
    assert counts["Practitioner"] == len(READERS)
    assert counts["Patient"] == n_complete
    n_reads = n_complete * len(READERS)
    n_results = n_complete
    assert counts["Observation"] == n_reads + n_reports + n_results
    for one in resources(bundle, "Observation"):
        assert one["performer"]
        assert one["derivedFrom"]
    evidence = [
        part["valueString"]
        for one in resources(bundle, "Observation")
        for part in one.get("component", [])
        if part["code"]["text"] == "Evidence"
    ]
    assert any("metastases" in words for words in evidence)


def test_the_group_is_who_was_settled_as_yes(read_study: ReadStudy) -> None:
    study = read_study()
    bundle = exported(study)
    (group,) = resources(bundle, "Group")
    settled = json.loads(screener("study", "settle", str(study), "--json").stdout)["settled"]
    yes = {one["patient_id"] for one in settled if one["verdict"] == "yes"}
    of = {f"urn:uuid:{one['id']}": one for one in resources(bundle, "Patient")}
    members = [of[one["entity"]["reference"]] for one in group["member"]]
    assert {one["identifier"][0]["value"] for one in members} == yes
    assert group["quantity"] == len(yes) > 0


def test_sent_twice_it_is_the_same(read_study: ReadStudy) -> None:
    study = read_study()
    first, again = exported(study), exported(study)
    assert first == again
    for entry in first["entry"]:
        one = entry["resource"]
        assert entry["request"] == {"method": "PUT", "url": f"{one['resourceType']}/{one['id']}"}


def test_without_the_run_there_are_no_assessments_and_that_is_told(
    read_study: ReadStudy, small_run: Path, tmp_path: Path
) -> None:
    study = read_study()
    charter = study / "study.toml"
    lines = charter.read_text(encoding="utf-8").splitlines()
    gone = ['run = "gone"' if line.startswith("run = ") else line for line in lines]
    charter.write_text("\n".join(gone), encoding="utf-8")
    out = tmp_path / "other.json"
    done = screener("export", "fhir", str(study), "--out", str(out))
    assert done.returncode == 0
    assert "name it by --run" in done.stderr
    assert all(
        "device" not in one for one in resources(json.loads(out.read_bytes()), "Observation")
    )
    with_run = exported(study, "--run", str(small_run))
    n_assessed = sum("device" in one for one in resources(with_run, "Observation"))
    assert n_assessed == 2 * (N_CASES - N_OPEN)
