"""The synthetic cohort keeps what its README and the annotation guideline promise."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent / "corpora" / "synthetic_reports"
COHORT = FOLDER / "cohort"
POOLS = FOLDER / "generator" / "pools"
TRAPS = {
    *("negated", "historical", "resolved", "other_organ", "benign", "primary_liver"),
    *("indication_only", "hypothetical", "hedged", "relative", "prior_report_quoted", "addendum"),
    *("misspelling", "abbreviation", "structured_field", "percent", "segment_only"),
    *("split_sentence", "not_imaged", "implicit", "contradiction", "none_of_these"),
}
LIVER = re.compile(r"liver|hepat|\blob(e|ar)\b|\bsegment", re.IGNORECASE)

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (COHORT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def reports() -> list[Row]:
    return rows("reports.csv")


@pytest.fixture(scope="module")
def labels() -> list[Row]:
    return rows("labels.csv")


@pytest.fixture(scope="module")
def truth() -> dict[str, Row]:
    return {row["patient_id"]: row for row in rows("imaging_truth.csv")}


@pytest.fixture(scope="module")
def candidates(reports: list[Row], labels: list[Row]) -> set[str]:
    says = {row["report_id"] for row in labels if row["candidate"] == "true"}
    return {row["patient_id"] for row in reports if row["report_id"] in says}


def passages(burden: str) -> list[dict[str, Any]]:
    with (POOLS / f"liver_{burden}.toml").open("rb") as file:
        read: list[dict[str, Any]] = tomllib.load(file)["passage"]
    return read


def run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def test_regenerating_gives_the_committed_bytes(tmp_path: Path) -> None:
    run(str(FOLDER / "generate.py"), "--out", str(tmp_path), "--seed", "2023")
    for name in ("reports.csv", "labels.csv", "imaging_truth.csv"):
        assert (tmp_path / name).read_bytes() == (COHORT / name).read_bytes(), name


def test_making_the_outcomes_again_gives_the_committed_bytes(tmp_path: Path) -> None:
    run(str(FOLDER / "outcomes.py"), "--out", str(tmp_path), "--seed", "2023")
    for name in ("treatments", "labs", "follow_up", "responses", "exams"):
        committed = COHORT / f"{name}.csv"
        assert (tmp_path / committed.name).read_bytes() == committed.read_bytes(), name


def test_another_seed_gives_another_cohort_with_the_same_story(tmp_path: Path) -> None:
    run(str(FOLDER / "generate.py"), "--out", str(tmp_path), "--seed", "7")
    assert (tmp_path / "reports.csv").read_bytes() != (COHORT / "reports.csv").read_bytes()
    for name, column, number in (("imaging_truth", "exceeds_75", 15), ("labels", "candidate", 60)):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert sum(row[column] == "true" for row in csv.DictReader(file)) >= number, name


def test_the_cohort_has_371_patients_at_three_sites(
    reports: list[Row], truth: dict[str, Row]
) -> None:
    sites = defaultdict(set)
    for row in reports:
        sites[row["patient_id"]].add(row["site"])
    assert len(sites) == 371
    assert sites.keys() == truth.keys()
    assert {len(of_patient) for of_patient in sites.values()} == {1}
    assert set.union(*sites.values()) == {"North", "South", "West"}


def test_every_patient_has_one_to_six_reports(reports: list[Row]) -> None:
    assert set(Counter(row["patient_id"] for row in reports).values()) == {1, 2, 3, 4, 5, 6}


def test_report_ids_and_accessions_are_unique_and_dates_are_iso(reports: list[Row]) -> None:
    for column in ("report_id", "accession"):
        assert len({row[column] for row in reports}) == len(reports)
    assert all(re.fullmatch(r"20[12]\d-\d\d-\d\d", row["exam_on"]) for row in reports)


def test_22_patients_have_a_candidate_report_and_15_of_them_exceed_75_percent(
    candidates: set[str], truth: dict[str, Row]
) -> None:
    percents = {patient: float(row["percent"]) for patient, row in truth.items()}
    assert len(candidates) == 22
    assert sum(percents[patient] > 75 for patient in candidates) == 15
    assert all(percents[patient] >= 30 for patient in candidates)
    assert max(percents[patient] for patient in truth.keys() - candidates) <= 75


def test_exceeds_75_means_more_than_75_percent(truth: dict[str, Row]) -> None:
    for row in truth.values():
        assert (row["exceeds_75"] == "true") == (float(row["percent"]) > 75)
    assert {row["exceeds_75"] for row in truth.values() if row["percent"] == "75.0"} == {"false"}


def test_every_report_has_one_label(reports: list[Row], labels: list[Row]) -> None:
    assert [row["report_id"] for row in reports] == [row["report_id"] for row in labels]


def test_a_label_is_a_candidate_exactly_where_the_burden_is_extensive(labels: list[Row]) -> None:
    assert {row["burden"] for row in labels} == {"none", "limited", "multiple", "extensive"}
    for row in labels:
        assert row["candidate"] == str(row["burden"] == "extensive").lower(), row["report_id"]


def test_certainty_and_percent_are_empty_where_nothing_is_asserted(labels: list[Row]) -> None:
    for row in labels:
        if row["burden"] == "none":
            assert (row["certainty"], row["stated_percent_low"]) == ("", ""), row["report_id"]
        else:
            assert row["certainty"] in {"definite", "hedged"}, row["report_id"]


def test_a_stated_percent_decides_the_burden(labels: list[Row]) -> None:
    bounds = {"limited": (0, 25), "multiple": (25, 50), "extensive": (50, 100)}
    stated = [row for row in labels if row["stated_percent_low"]]
    assert stated
    for row in stated:
        low, high = float(row["stated_percent_low"]), float(row["stated_percent_high"])
        least, most = bounds[row["burden"]]
        assert least <= low <= high <= most, row["report_id"]
        assert "percent" in row["traps"].split(";")


def test_traps_are_those_of_the_guideline_and_none_stands_alone(labels: list[Row]) -> None:
    found = [set(row["traps"].split(";")) for row in labels]
    assert set.union(*found) == TRAPS
    assert all(traps == {"none_of_these"} for traps in found if "none_of_these" in traps)
    for row, traps in zip(labels, found, strict=True):
        assert ("hedged" in traps) == (row["certainty"] == "hedged"), row["report_id"]


def test_the_plain_search_figures_are_those_of_the_readme() -> None:
    told = run(str(FOLDER / "naive_search.py"), str(COHORT))
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert f"```\n{told}```" in readme


def test_the_counts_are_those_of_the_readme(
    reports: list[Row], labels: list[Row], truth: dict[str, Row], candidates: set[str]
) -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    burdens = Counter(row["burden"] for row in labels)
    told = ", ".join(f"{name} {burdens[name]}" for name in ("none", "limited", "multiple"))
    highest = max(float(truth[patient]["percent"]) for patient in truth.keys() - candidates)
    assert f"| reports | {len(reports)} (" in readme
    assert f"{told}, extensive {burdens['extensive']} |" in readme
    assert f"none above 75% (highest {highest:.1f}%)" in readme


def test_the_plain_search_finds_many_false_patients_and_misses_many_true_ones(
    reports: list[Row], candidates: set[str]
) -> None:
    literal, loose = set(), set()
    for row in reports:
        text = row["text"].lower()
        if "innumerable liver metastasis" in text:
            literal.add(row["patient_id"])
        if "innumerable" in text and re.search("liver|hepatic", text) and "metasta" in text:
            loose.add(row["patient_id"])
    assert len(literal & candidates) <= 2
    assert len(loose - candidates) > 3 * len(candidates)
    assert len(candidates - loose) >= len(candidates) // 3


def test_no_text_stands_in_the_reports_of_two_patients(reports: list[Row]) -> None:
    patients = defaultdict(set)
    for row in reports:
        patients[" ".join(row["text"].split())].add(row["patient_id"])
    assert {len(of_text) for of_text in patients.values()} == {1}


def test_every_slot_is_filled_and_every_report_has_a_text(reports: list[Row]) -> None:
    for row in reports:
        assert len(row["text"]) > 150, row["report_id"]
        assert not set("{}@") & set(row["text"]), row["report_id"]


def test_reports_look_like_those_of_their_site(reports: list[Row]) -> None:
    old = [row for row in reports if row["site"] == "North" and row["exam_on"] < "2016"]
    assert old
    assert all(row["text"] == row["text"].upper() for row in old)
    assert {row["site"] for row in reports if "\r\n" in row["text"]} == {"South"}
    assert {row["site"] for row in reports if "tumour" in row["text"]} == {"South"}


def test_status_tells_of_an_addendum(reports: list[Row]) -> None:
    for row in reports:
        assert ("addendum" in row["text"].lower()) == (row["status"] == "addendum")


def test_a_report_without_the_liver_is_labelled_not_imaged(
    reports: list[Row], labels: list[Row]
) -> None:
    traps = {row["report_id"]: row["traps"].split(";") for row in labels}
    silent = [row for row in reports if not re.search("liver|hepat", row["text"], re.IGNORECASE)]
    assert silent
    assert all("not_imaged" in traps[row["report_id"]] for row in silent)


def test_the_pools_hold_as_many_distinct_passages_as_promised() -> None:
    least = {"extensive": 60, "multiple": 60, "limited": 60, "none": 120}
    for burden, number in least.items():
        words = [(p["findings"], p["impression"]) for p in passages(burden)]
        assert len(words) == len(set(words)) >= number, burden


def test_every_passage_carries_a_label_that_the_guideline_allows() -> None:
    bounds = {"limited": (0, 25), "multiple": (25, 50), "extensive": (50, 100)}
    for burden in ("extensive", "multiple", "limited", "none"):
        for passage in passages(burden):
            traps = set(passage.get("traps", "").split())
            assert traps <= TRAPS, passage
            assert ("hedged" in traps) == (passage.get("certainty") == "hedged"), passage
            assert ("percent" in traps) == ("percent" in passage), passage
            if "percent" in passage:
                least, most = bounds[burden]
                assert least <= passage["percent"][0] <= passage["percent"][1] <= most, passage


def test_nothing_beside_the_liver_passage_speaks_of_the_liver() -> None:
    for name in ("organs", "other_exams"):
        with (POOLS / f"{name}.toml").open("rb") as file:
            for text in _strings(tomllib.load(file)):
                said = re.sub("right middle lobe|(upper|lower) lobes?", "", text)
                assert not LIVER.search(said), text


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in _strings(part)]
    return [text for part in value for text in _strings(part)] if isinstance(value, list) else []
