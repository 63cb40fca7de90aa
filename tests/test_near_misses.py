"""A near miss is what one suppression alone kept from being a candidate."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import texts
from hypothesis import given, settings

from screener.near_misses import SUPPRESSIONS, NearMiss
from screener.packs import RulePack
from screener.reports import Report
from screener.run_records import RunOptions
from screener.runs import screen_sources
from screener.screening import Screener
from screener.sources import Source, Tally

Find = Callable[[str], NearMiss | None]


@pytest.fixture(scope="session")
def find(screener: Screener) -> Find:
    return lambda text: screener.screen_report(Report("r1", "p1", text)).near_miss


NEAR = [
    ("No innumerable hepatic metastases.", "negated", "No"),
    ("Mother had innumerable liver metastases.", "family", "Mother"),
    ("Evaluate for innumerable liver metastases.", "hypothetical", "Evaluate for"),
    ("Previously innumerable liver metastases have resolved.", "historical", "have resolved"),
    (
        "COMPARISON: Innumerable hepatic metastases.\nIMPRESSION: Colon cancer. Normal spleen.",
        "section",
        "[comparison]",
    ),
    (
        "FINDINGS: Innumerable hepatic metastases.\nIMPRESSION: No hepatic metastases.",
        "outranked",
        "No",
    ),
    (
        "FINDINGS: Innumerable hepatic metastases.\nIMPRESSION: Three hepatic metastases.",
        "outranked",
        "Three hepatic metastases",
    ),
    ("Innumerable hepatic metastases replacing 20% of the liver.", "number", "20%"),
    ("Innumerable metastases in the left hepatic lobe.", "part", "left hepatic lobe"),
    ("Innumerable pulmonary metastases. Solitary liver metastasis.", "other_organ", "pulmonary"),
    ("Colon cancer. Innumerable hepatic cysts.", "benign", "cysts"),
    (
        "Innumerable foci of hepatocellular carcinoma in the liver.",
        "primary",
        "hepatocellular carcinoma",
    ),
    ("Innumerable hepatic lesions.", "no_malignancy", ""),
]


@pytest.mark.parametrize(("text", "suppressed_by", "cue"), NEAR)
def test_a_near_miss_tells_what_suppressed_it_and_its_words(
    find: Find, text: str, suppressed_by: str, cue: str
) -> None:
    near = find(text)
    assert near is not None
    assert (near.suppressed_by, near.cue) == (suppressed_by, cue)
    assert near.would_be_burden == "extensive"
    assert any("nnumerable" in words for words in near.evidence)
    assert all(words in text for words in near.evidence)


@pytest.mark.parametrize(
    "text",
    [
        "No liver metastases.",
        "Innumerable hepatic metastases.",  # a candidate
        "Three hepatic metastases.",
        "Normal chest.",
        "Innumerable pulmonary metastases.",  # nothing is said of a liver
        "Breast cancer. Diffuse fatty infiltration of the liver.",
        "Mother had no innumerable liver metastases.",  # two reasons
        "Breast cancer. Normal liver. Diffuse idiopathic skeletal hyperostosis.",
    ],
)
def test_what_is_a_candidate_or_holds_no_single_suppression_is_no_near_miss(
    find: Find, text: str
) -> None:
    assert find(text) is None


def test_the_points_are_those_that_the_report_would_have_had(find: Find) -> None:
    plain = find("No innumerable hepatic metastases.")
    stated = find("INDICATION: Liver is 80% replaced by metastases.\nFINDINGS: Postoperative.")
    hedged = find("Innumerable hepatic lesions.")
    assert plain is not None
    assert stated is not None
    assert hedged is not None
    # the pack's weights: 100 for extensive, 0.2 a percent, times 0.8 where hedged
    assert (plain.points, stated.points, hedged.points) == (100.0, 116.0, 80.0)


@settings(max_examples=60)
@given(texts())
def test_any_text_is_a_near_miss_or_none_and_never_beside_a_candidate(
    screener: Screener, text: str
) -> None:
    screened = screener.screen_report(Report("r1", "p1", text))
    near = screened.near_miss
    if near is not None:
        assert not screened.assessment.is_candidate
        assert near.suppressed_by in SUPPRESSIONS
        assert near.points > 0
        assert all(words in text for words in near.evidence)


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def run(pack: RulePack, out: Path, n_workers: int) -> Path:
    told = [text for text, *_ in NEAR] + ["No liver metastases.", "Innumerable liver metastases."]
    reports = [Report(f"r{99 - i}", f"p{i}", text) for i, text in enumerate(told)]
    source = Source("made", "made", iter(reports), None, (), Tally())
    return screen_sources([source], pack, out, options=RunOptions(n_workers)).out


def test_a_run_ranks_its_near_misses_by_points_then_report_id_whatever_the_workers(
    pack: RulePack, tmp_path: Path
) -> None:
    one = run(pack, tmp_path / "one", 1) / "near_misses.csv"
    two = run(pack, tmp_path / "two", 2) / "near_misses.csv"
    assert one.read_bytes() == two.read_bytes()
    rows = rows_of(one)
    assert list(rows[0]) == [
        *("rank", "report_id", "patient_id", "would_be_burden", "points", "suppressed_by", "cue"),
        *("evidence", "section", "rule_id"),
    ]
    assert [row["rank"] for row in rows] == [str(n) for n in range(1, len(NEAR) + 1)]
    keys = [(-float(row["points"]), row["report_id"]) for row in rows]
    assert keys == sorted(keys)
    assert {"r86", "r85"}.isdisjoint(row["report_id"] for row in rows)
