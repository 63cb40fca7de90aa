"""What explain says of a report, as data: what counts, what suppressed the rest, what decided.

The pack is a small one of its own, so that its rows and cues can be named here.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from small_packs import write_pack

from screener.explanations import Explanation, explain
from screener.packs import load_pack
from screener.reports import Report
from screener.screening import Screener


@pytest.fixture(scope="module")
def spleen(tmp_path_factory: pytest.TempPathFactory) -> Screener:
    return Screener(load_pack(write_pack(tmp_path_factory.mktemp("spleen_burden"))))


def explained(screener: Screener, text: str) -> Explanation:
    report = Report("r1", "p1", text)
    return explain(report, *screener.read(report), screener.pack)


def as_json(screener: Screener, text: str) -> dict[str, Any]:
    """The explanation as it comes back from JSON."""
    told = json.loads(json.dumps(explained(screener, text).to_dict()))
    assert isinstance(told, dict)
    return told


def finding(told: dict[str, Any], text: str) -> dict[str, Any]:
    (found,) = [found for found in told["findings"] if found["text"] == text]
    assert told["text"][found["start"] : found["end"]] == text
    return dict(found)


def only_statement(told: dict[str, Any]) -> dict[str, Any]:
    (statement,) = told["statements"]
    return dict(statement)


def test_an_asserted_statement_names_its_words_its_row_and_that_it_decides(
    spleen: Screener,
) -> None:
    told = as_json(spleen, "FINDINGS: Innumerable splenic metastases.")
    statement = only_statement(told)
    words = [told["findings"][place]["text"] for place in statement["marks"]]
    assert words == ["Innumerable", "splenic", "metastases"]
    assert (statement["organ"], statement["lesion"], statement["extents"]) == (
        "spleen",
        "malignant",
        ["uncountable"],
    )
    assert statement["row"] == {
        "number": 1,
        "rule": "uncountable",
        "when": {"extent": ["uncountable"], "lesion": ["malignant"]},
        "burden": "full",
    }
    assert (statement["burden"], statement["decides"], statement["reason"]) == ("full", True, None)
    assert told["assessment"]["burden"] == "full"
    assert told["assessment"]["candidate"] is True
    assert told["assessment"]["evidence"] == ["Innumerable splenic metastases"]


def test_a_negated_finding_names_the_cue_its_place_and_its_rule(spleen: Screener) -> None:
    text = "No effusion. There is no evidence of splenic metastases."
    told = as_json(spleen, text)
    found = finding(told, "metastases")
    assert (found["assertion"], found["is_asserted"]) == (["negated"], False)
    start = text.index("no evidence of")
    assert found["cue"] == {
        "text": "no evidence of",
        "start": start,
        "end": start + len("no evidence of"),
        "rule": "denial",
    }
    statement = only_statement(told)
    assert (statement["is_denied"], statement["row"], statement["burden"]) == (True, None, "none")
    assert [ranked["standing"] for ranked in told["ranks"]] == ["denies"]
    assert told["assessment"]["certainty"] is None


def test_the_cue_is_placed_where_it_stands_nearest_to_the_finding(spleen: Screener) -> None:
    text = "No cyst but there are no splenic metastases; no"
    found = finding(as_json(spleen, text), "metastases")
    assert found["cue"]["start"] == text.index("no splenic")


def test_a_historical_finding_names_its_cue_or_its_section(spleen: Screener) -> None:
    text = "INDICATION: Splenic metastases.\nFINDINGS: Previously innumerable splenic metastases."
    told = as_json(spleen, text)
    first, second = (f for f in told["findings"] if f["text"].lower() == "metastases")
    assert first["assertion"] == second["assertion"] == ["historical"]
    assert first["cue"] == {"text": "[indication]", "start": None, "end": None, "rule": ""}
    assert (second["cue"]["text"], second["cue"]["rule"]) == ("Previously", "past")
    assert told["assessment"]["burden"] == "none"


def test_what_has_resolved_names_the_cue_after_it(spleen: Screener) -> None:
    told = as_json(spleen, "Innumerable splenic metastases have since resolved.")
    found = finding(told, "metastases")
    assert found["assertion"] == ["historical"]
    assert (found["cue"]["text"], found["cue"]["rule"]) == ("have since resolved", "gone")


def test_a_relatives_finding_is_suppressed_by_naming_the_relative(spleen: Screener) -> None:
    told = as_json(spleen, "Her mother had innumerable splenic metastases.")
    found = finding(told, "metastases")
    assert found["assertion"] == ["family"]
    assert (found["cue"]["text"], found["cue"]["rule"]) == ("mother", "kin")
    statement = only_statement(told)
    assert (statement["burden"], statement["reason"]) == (None, "suppressed")
    assert (told["ranks"], told["assessment"]["burden"]) == ([], "none")


def test_another_organs_statement_counts_for_nothing(spleen: Screener) -> None:
    told = as_json(spleen, "Innumerable pulmonary metastases.\nSplenic metastases.")
    lung, own = told["statements"]
    assert (lung["organ"], lung["extents"]) == ("lung", ["uncountable"])
    assert (lung["row"], lung["burden"], lung["reason"]) == (None, None, "other_organ")
    assert (own["row"]["rule"], own["row"]["number"]) == ("any_metastases", 2)
    assert own["decides"]
    assert told["assessment"]["burden"] == "some"
    assert [passage["organs"] for passage in told["passages"]] == [["lung"], ["spleen"]]


def test_an_addendum_outranks_what_stands_above_it(spleen: Screener) -> None:
    told = as_json(
        spleen,
        "FINDINGS: Splenic metastases.\n"
        "IMPRESSION: Splenic metastases.\n"
        "ADDENDUM: Innumerable splenic metastases.",
    )
    assert [
        (ranked["sections"], ranked["burden"], ranked["standing"]) for ranked in told["ranks"]
    ] == [
        (["addendum"], "full", "decides"),
        (["impression"], "some", "outranked"),
        (["findings"], "some", "outranked"),
    ]
    assert [statement["decides"] for statement in told["statements"]] == [False, False, True]


def test_an_addendum_that_denies_leaves_nothing_below_to_count(spleen: Screener) -> None:
    told = as_json(
        spleen, "IMPRESSION: Innumerable splenic metastases.\nADDENDUM: No splenic metastases."
    )
    assert [(ranked["sections"], ranked["standing"]) for ranked in told["ranks"]] == [
        (["addendum"], "denies"),
        (["impression"], "outranked"),
    ]
    assert told["assessment"]["burden"] == "none"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Innumerable splenic metastases.", (100, 1, 0, 100)),
        ("Likely innumerable splenic metastases.", (100, 0.5, 0, 50)),
        ("No splenic metastases.", (0, 1, 0, 0)),
    ],
)
def test_the_parts_of_the_score_make_the_score(
    spleen: Screener, text: str, parts: tuple[float, ...]
) -> None:
    score = explained(spleen, text).score
    assert (
        score.burden_points,
        score.certainty_factor,
        score.percent_points,
        score.score,
    ) == parts


def test_a_stated_share_gives_points_of_its_own(screener: Screener) -> None:
    text = "Metastases replace 70-80% of the liver."
    explanation = explained(screener, text)
    score = explanation.score
    assert explanation.assessment.stated_percent == (70, 80)
    assert score.percent_points == pytest.approx(75 * screener.pack.ranking.percent)
    assert score.score == pytest.approx(score.burden_points + score.percent_points)


def test_a_section_without_an_extent_leaves_it_to_the_one_below(screener: Screener) -> None:
    explanation = explained(
        screener,
        "FINDINGS: Innumerable hepatic metastases.\nIMPRESSION: Hepatic metastases, progressive.",
    )
    assert [ranked.standing for ranked in explanation.ranks] == ["leaves_open", "decides"]


def test_the_explanation_says_what_the_screen_says(screener: Screener) -> None:
    text = (
        "INDICATION: NET. FINDINGS: Innumerable lung nodules. Liver lesions, likely metastases.\n"
        "IMPRESSION: Metastases occupy over half of the liver."
    )
    report = Report("r1", "p1", text)
    explanation = explained(screener, text)
    assert explanation.assessment == screener.screen_report(report).assessment


def test_a_report_without_words_of_the_pack_is_explained_as_empty(spleen: Screener) -> None:
    told = as_json(spleen, "Normal chest.")
    assert (told["findings"], told["statements"], told["ranks"]) == ([], [], [])
    assert told["score"]["score"] == 0
