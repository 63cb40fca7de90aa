"""Options of templates: alternatives assert nothing, the chosen one does."""

from __future__ import annotations

import pytest

from screener.nlp.options import option_lists
from screener.nlp.templates import masked_spans


def left_of(text: str) -> str:
    """What of a text is read."""
    kept, at = [], 0
    for start, end in masked_spans(text):
        kept.append(text[at:start])
        at = end
    return " ".join(" ".join([*kept, text[at:]]).split())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Number (0, 1-5, 6-10, >10): 1-5", "Number : 1-5"),
        ("Extent: none / few / many [many]", "Extent: [many]"),
        ("Extent: none / few / many - few", "Extent: - few"),
        ("Burden: <25 / 25-50 / >50 % involved = 25-50", "Burden: % involved = 25-50"),
        ("Load, %: 0 | <25 | *25-50* | >50", "Load, %: 25-50"),
        ("Burden (select): <25% / 25-50% / >50%\nSelected: >50%", "Burden : Selected: >50%"),
        ("Extent {none | few | many}:\nfew lesions", "Extent : few lesions"),
    ],
)
def test_a_list_with_an_answer_leaves_its_answer(text: str, left: str) -> None:
    assert left_of(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Metastases present: yes/no",
        "Extent (none, few, innumerable):",
        "Share of liver replaced: <25% / 25-50% / >50%",
        "Liver metastases: none / 1-3 / 4-10 / >10 / diffuse ..........",
        "Number: ____ ",
        "Replacement: ___%",
    ],
)
def test_a_field_that_is_not_filled_in_is_not_read(text: str) -> None:
    assert left_of(text).strip(" .:") == ""


@pytest.mark.parametrize(
    "text",
    [
        "Liver metastases (multiple, bilobar, confluent).",
        "No focal hepatic lesion or biliary dilatation.",
        "Ascites: none/minimal.",
        "CT of 5/12/2024, segments 5/6/7.",
        "Innumerable/uncountable hepatic metastases.",
        "Metastases of 12 mm, 15 mm and 22 mm.",
        "Disease in 3/8 segments.",
    ],
)
def test_prose_is_no_list_of_options(text: str) -> None:
    assert option_lists(text) == []


def test_of_several_fields_on_lines_each_has_its_own_options() -> None:
    text = "Liver: none / few / many -> many\nLung: none / few / many\nSpleen: normal"
    assert left_of(text) == "Liver: -> many Spleen: normal"


@pytest.mark.parametrize(
    "text",
    [
        "Liver: " + "none / " * 3_000,
        "(few" + ", few" * 5_000,
        "<25% " * 5_000 + "x",
        "Liver: 5" + " " * 5_000 + "/ none" + " " * 5_000 + "/ few",
        "1 " * 8_000 + "/",
    ],
)
def test_a_long_list_is_read_in_time_that_grows_with_its_length(text: str) -> None:
    assert len(option_lists(text)) <= 1
