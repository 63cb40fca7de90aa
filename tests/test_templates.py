"""What a template leaves behind and nobody chose is not read; what was chosen is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import texts
from hypothesis import given

from screener.assessments import Assessment
from screener.nlp.templates import masked_spans


def read(text: str) -> str:
    """What is left to be read of a text."""
    kept, at = "", 0
    for start, end in masked_spans(text):
        kept += text[at:start] + " "
        at = end
    return " ".join((kept + text[at:]).split())


@given(texts())
def test_masked_spans_are_ordered_disjoint_and_inside_any_text(text: str) -> None:
    at = -1
    for start, end in masked_spans(text):
        assert at < start < end <= len(text)
        at = end


@pytest.mark.parametrize(
    ("text", "chosen", "left"),
    [
        ("[ ] none [x] few [ ] many", "few", ("none", "many")),
        ("[] none [X] few [] many", "few", ("none", "many")),
        ("( ) none (x) few ( ) many", "few", ("none", "many")),
        ("☐ none ☑ few ☐ many", "few", ("none", "many")),
        ("☐ none ☒ few ☐ many", "few", ("none", "many")),
        ("○ none ● few ○ many", "few", ("none", "many")),
        ("[ ] none\n[x] few\n[ ] many", "few", ("none", "many")),
        ("[ ] none\r\n[x] few\r\n[ ] many", "few", ("none", "many")),
    ],
)
def test_an_option_that_was_not_chosen_is_masked(
    text: str, chosen: str, left: tuple[str, ...]
) -> None:
    kept = read(text)
    assert chosen in kept
    assert not [word for word in left if word in kept]


@pytest.mark.parametrize(
    "text",
    [
        "Metastases: [none/few/innumerable]",
        "Metastases: {none, few, innumerable}",
        "Metastases: <none|few|innumerable>",
        "Metastases: (none/few/innumerable)",
        "Metastases: [select: none, few, innumerable]",
        "Metastases: (choose one of none, few, innumerable)",
    ],
)
def test_a_list_that_was_not_filled_is_masked(text: str) -> None:
    assert read(text) in ("Metastases:", "")  # a question without an answer may go with it


@pytest.mark.parametrize(
    "text",
    [
        "Innumerable metastases (see series 4).",
        "Metastases [arrow] in both lobes.",
        "Segments 2/3 hold a mass.",
        "Masses in segments (2/3).",
        "A mass of 3 x 2 cm (previously 2 x 2 cm).",
        "A > B, and C < D.",
        "Patient (x-ray of May) is well.",
    ],
)
def test_brackets_of_prose_are_read(text: str) -> None:
    assert read(text) == text


@pytest.mark.parametrize(
    ("text", "burden"),
    [
        ("LIVER METASTASES: [ ] none [ ] few [x] innumerable", "extensive"),
        ("Liver: [ ] Innumerable metastases [x] No metastases", "none"),
        ("Liver:\n( ) Innumerable metastases\n(x) Two metastases\n", "limited"),
        ("Hepatic metastases: [none/few/innumerable]\nLiver is normal.", "none"),
    ],
)
def test_only_what_was_chosen_is_asserted(
    assess: Callable[[str], Assessment], text: str, burden: str
) -> None:
    assert assess(text).burden == burden


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Number: {1 / 2-5 / *uncountable*}", "uncountable"),
        ("Share: [<25 / 25-50 / **>50**] %", ">50"),
        ("Burden: none / few / many <-- selected", "many"),
        ("Share: <25% / 25-50% / >50%\nSelected: 25-50%", "Selected: 25-50%"),
        ("Share (circle one): <25%   25-50%   [x] >50%", "[x] >50%"),
        ("Replaced: {approx 65%}", "approx 65%"),
        ("Liver: normal. Delete if not applicable: innumerable metastases.", "Liver: normal."),
    ],
)
def test_the_option_that_is_marked_is_what_is_left(text: str, left: str) -> None:
    assert left in read(text)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Number: {1 / 2-5 / *uncountable*}", "2-5"),
        ("Burden: none / few / many <-- selected", "few"),
        ("Share: <25% / 25-50% / >50%\nSelected: 25-50%", ">50%"),
        ("Share (circle one): <25%   25-50%   [x] >50%", "<25%"),
        ("Liver: {normal}{[#] metastases}{diffuse replacement}", "diffuse"),
        ("Metastases involve ___ % of it [ ] <25 [ ] >50", "Metastases"),
        ("Liver: normal. Delete if not applicable: innumerable metastases.", "innumerable"),
    ],
)
def test_what_is_not_marked_is_not_read(text: str, gone: str) -> None:
    assert gone not in read(text)
