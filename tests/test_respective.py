"""A respective list gives each organ what stands at its place."""

from __future__ import annotations

import pytest

from screener.library import screen_records
from screener.screening import ScreenedReport


def burden(text: str) -> str:
    record = {"report_id": "r", "patient_id": "p", "text": f"Known melanoma. {text}"}
    (screened,) = screen_records([record])
    assert isinstance(screened, ScreenedReport)
    return screened.assessment.burden


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Metastases in the liver and lungs, two and innumerable respectively.", "limited"),
        ("Metastases in the lungs and liver, two and innumerable respectively.", "extensive"),
        ("Innumerable and two metastases in lungs and liver, respectively.", "limited"),
        ("Innumerable and two metastases in liver and lungs, respectively.", "extensive"),
    ],
)
def test_the_liver_has_what_stands_at_its_place(text: str, expected: str) -> None:
    assert burden(text) == expected


def test_lists_of_unequal_length_are_read_as_they_stand() -> None:
    assert burden("Innumerable metastases in liver, lungs and bone, respectively.") == "extensive"
