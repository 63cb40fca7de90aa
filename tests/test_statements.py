"""A statement says of which organ, how many and how much, and whether it is asserted."""

from __future__ import annotations

import pytest
from conftest import texts
from hypothesis import given

from screener.reports import Report
from screener.screening import Screener
from screener.statements import Statement

COUNTLESS = {"uncountable", "diffuse", "studded", "replaced", "confluent", "scant_rest"}


def statements(screener: Screener, text: str) -> tuple[Statement, ...]:
    return screener.read(Report("r1", "p1", text))[1]


def asserted(screener: Screener, text: str, organ: str = "liver") -> list[Statement]:
    return [s for s in statements(screener, text) if s.organ == organ and s.is_asserted]


def extents(screener: Screener, text: str, organ: str) -> set[str]:
    return {name for s in asserted(screener, text, organ) for name in s.extents}


@pytest.mark.parametrize(
    ("text", "organ", "other"),
    [
        ("Innumerable hepatic metastases.", "liver", "lung"),
        ("Innumerable metastases in the liver.", "liver", "lung"),
        ("Innumerable metastases are seen throughout the liver.", "liver", "lung"),
        ("The liver contains innumerable metastases.", "liver", "lung"),
        ("In the liver, there are innumerable metastases.", "liver", "lung"),
        ("Liver: innumerable metastases.", "liver", "lung"),
        ("LIVER\nInnumerable metastases.", "liver", "lung"),
        ("LIVER:\nInnumerable metastases.", "liver", "lung"),
        ("Liver - innumerable metastases", "liver", "lung"),
        ("Innumerable pulmonary metastases.", "lung", "liver"),
        ("Innumerable pulmonary nodules; solitary liver metastasis.", "lung", "liver"),
        ("Solitary liver metastasis and innumerable pulmonary nodules.", "lung", "liver"),
        ("Innumerable pulmonary nodules with a solitary liver metastasis.", "lung", "liver"),
        ("Innumerable bone metastases. The liver is normal.", "bone", "liver"),
        ("The liver is normal. Innumerable bone metastases.", "bone", "liver"),
        ("LUNGS: Innumerable metastases.\nLIVER: Normal.", "lung", "liver"),
        ("LUNGS:\nInnumerable metastases.\n\nLIVER:\nTwo metastases.", "lung", "liver"),
        ("Innumerable peritoneal deposits around the liver.", "peritoneum", "liver"),
        ("Innumerable splenic metastases adjacent to the liver.", "spleen", "liver"),
    ],
)
def test_an_extent_belongs_to_its_organ_and_to_no_other(
    screener: Screener, text: str, organ: str, other: str
) -> None:
    assert "uncountable" in extents(screener, text, organ)
    assert not COUNTLESS & extents(screener, text, other)


@pytest.mark.parametrize(
    "text",
    [
        "Innumerable metastases in the liver, lungs and bones.",
        "Innumerable hepatic and osseous metastases.",
        "Innumerable hepatic, pulmonary and osseous metastases.",
        "Innumerable metastases involving bones, lungs, and liver.",
    ],
)
def test_a_list_of_organs_shares_its_extent(screener: Screener, text: str) -> None:
    assert "uncountable" in extents(screener, text, "liver")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Innumerable metastases in the lungs, two in the liver.", (2, 2)),
        ("Three hepatic metastases and 12 pulmonary metastases.", (3, 3)),
        ("There are five metastases in the liver.", (5, 5)),
        ("Hepatic metastases, approximately 12 in number.", (12, 12)),
        ("Hepatic metastases. They number at least 40.", (40, 40)),
    ],
)
def test_a_count_belongs_to_the_lesions_it_counts(
    screener: Screener, text: str, count: tuple[float, float]
) -> None:
    assert count in {s.count for s in asserted(screener, text)}


@pytest.mark.parametrize(
    "text",
    [
        "Hepatic metastases in 3 segments.",
        "Hepatic metastases, the largest 4 cm.",
        "Hepatic metastasis in segment 7.",
        "Hepatic metastases in both lobes, compared with 12 May.",
    ],
)
def test_a_number_of_something_else_counts_no_lesions(screener: Screener, text: str) -> None:
    assert {s.count for s in asserted(screener, text)} == {None}


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Metastases replace 80% of the liver.", (80, 80)),
        ("Approximately 70-80% of the liver is replaced by metastases.", (70, 80)),
        ("Hepatic metastases with a tumor burden of >75%.", (75, 100)),
        ("Over half of the liver is replaced by metastatic disease.", (50, 100)),
        ("Metastases occupy two thirds of the hepatic parenchyma.", (66.7, 66.7)),
        ("Metastases leave only 20% of the liver uninvolved.", (80, 80)),
    ],
)
def test_a_share_is_of_the_liver_that_is_replaced(
    screener: Screener, text: str, share: tuple[float, float]
) -> None:
    found = [s.share for s in asserted(screener, text) if s.share]
    assert [pytest.approx(one, abs=0.1) for one in found] == [share]


@pytest.mark.parametrize(
    "text",
    [
        "Hepatic metastases have decreased by 80%.",
        "Hepatic metastases with an 80% response.",
        "Hepatic metastases and 80% stenosis of the celiac artery.",
        "Hepatic metastases; ejection fraction is 60%.",
        "Hepatic metastases which are 90% necrotic.",
    ],
)
def test_a_percent_of_something_else_is_no_share(screener: Screener, text: str) -> None:
    assert {s.share for s in asserted(screener, text)} == {None}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Innumerable metastases in the right lobe of the liver.", "major"),
        ("Innumerable metastases in the left hepatic lobe.", "minor"),
        ("Innumerable metastases in segment 4 of the liver.", "minor"),
        ("Innumerable metastases in both lobes of the liver.", "all"),
        ("Innumerable metastases in the liver.", "whole"),
    ],
)
def test_a_part_of_the_liver_is_told(screener: Screener, text: str, part: str) -> None:
    assert part in {s.part for s in asserted(screener, text)}


@pytest.mark.parametrize(
    "text",
    [
        "There are hepatic metastases. These are too numerous to count.",
        "There are hepatic metastases.\nThey are innumerable.",
        "Metastases are seen in the liver, which are innumerable.",
        "The liver is enlarged. Innumerable metastases are seen.",
    ],
)
def test_a_sentence_goes_on_with_the_one_before(screener: Screener, text: str) -> None:
    assert "uncountable" in extents(screener, text, "liver")


@pytest.mark.parametrize(
    ("text", "lesion"),
    [
        ("Innumerable hepatic metastases.", "malignant"),
        ("Innumerable hepatic cysts.", "benign"),
        ("Innumerable hepatic lesions.", "unexplained"),
        ("Innumerable hepatic lesions consistent with metastases.", "malignant"),
        ("Innumerable hepatic lesions consistent with cysts.", "benign"),
        ("Multifocal hepatocellular carcinoma in the liver.", "primary"),
        ("Innumerable satellite nodules in the liver.", "primary"),
    ],
)
def test_the_nature_of_the_lesions_is_told(screener: Screener, text: str, lesion: str) -> None:
    assert [s.lesion for s in asserted(screener, text)] == [lesion]


@pytest.mark.parametrize("text", ["No hepatic metastases.", "No evidence of liver metastases."])
def test_a_denial_denies(screener: Screener, text: str) -> None:
    (statement,) = (s for s in statements(screener, text) if s.organ == "liver")
    assert statement.is_denied
    assert not statement.is_asserted


def test_to_deny_new_ones_denies_nothing_that_is_there(screener: Screener) -> None:
    text = "Innumerable hepatic metastases. No new hepatic metastases."
    assert "uncountable" in extents(screener, text, "liver")
    assert not any(s.is_denied for s in statements(screener, text))


@given(text=texts())
def test_statements_hold_only_findings_of_the_report_and_never_both_assert_and_deny(
    screener: Screener, text: str
) -> None:
    for statement in statements(screener, text):
        assert statement.findings
        assert all(text[f.start : f.end] == f.text for f in statement.findings)
        assert not (statement.is_asserted and statement.is_denied)
        assert statement.share is None or 0 <= statement.share[0] <= statement.share[1] <= 100
