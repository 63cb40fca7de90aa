"""A sentence can say that what was told before it is there no longer."""

from __future__ import annotations

import pytest

from screener.library import screen_records
from screener.screening import ScreenedReport

TOLD = "Colon cancer. Innumerable liver metastases were seen in May."


def is_candidate(text: str) -> bool:
    (screened,) = screen_records([{"report_id": "r", "patient_id": "p", "text": text}])
    assert isinstance(screened, ScreenedReport)
    return screened.assessment.is_candidate


@pytest.mark.parametrize(
    "after",
    [
        "These have resolved.",
        "They have all disappeared.",
        "All have gone.",
        "All of these have now cleared.",
        "None of these is visible today.",
        "They are no longer seen.",
    ],
)
def test_what_was_told_is_withdrawn(after: str) -> None:
    assert not is_candidate(f"{TOLD} {after}")


@pytest.mark.parametrize(
    "after",
    [
        "These have not resolved.",
        "These have grown.",
        "The lung nodules have resolved.",
        "None of these has been biopsied.",
        "They are no longer countable.",
        "Two of these have resolved.",
    ],
)
def test_what_denies_something_else_withdraws_nothing(after: str) -> None:
    assert is_candidate(f"Colon cancer. Innumerable liver metastases. {after}")


@pytest.mark.parametrize(
    "after",
    [
        " Previously seen pulmonary emboli. These have resolved.",
        "\n\nPLEURA: Small effusions. These have resolved.",
    ],
)
def test_what_was_spoken_of_since_is_what_has_resolved(after: str) -> None:
    assert is_candidate(f"Colon cancer. Innumerable liver metastases.{after}")


def test_a_withdrawal_reaches_no_other_section() -> None:
    told = "FINDINGS: Innumerable metastases of the colon cancer in the liver."
    assert is_candidate(f"{told}\nIMPRESSION: All have resolved.")
