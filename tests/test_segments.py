"""Segments are spans of the text as exported, one a sentence, list item or field."""

from __future__ import annotations

import re
from itertools import accumulate

import pytest
from conftest import texts
from hypothesis import given
from hypothesis import strategies as st
from pack_texts import corpora

from screener.nlp.headings import Headings
from screener.nlp.segments import Segment, split_segments
from screener.nlp.sentences import sure_pieces
from screener.packs import RulePack

PLAIN = ["liver", "spleen", "normal", "nodule", "stable", "measuring", "effusion", "which", "seen"]


def pieces(text: str, headings: Headings) -> list[str]:
    return [text[s.start : s.end] for s in split_segments(text, headings)]


def sections(text: str, headings: Headings) -> dict[str, str]:
    """The kind of section in which each piece of a text stands."""
    return {text[s.start : s.end]: s.section for s in split_segments(text, headings)}


def holding(words: str, text: str, headings: Headings) -> Segment:
    """The one segment that holds these words."""
    (found,) = (s for s in split_segments(text, headings) if words in text[s.start : s.end])
    return found


@pytest.fixture(scope="module")
def kinds(pack: RulePack) -> frozenset[str]:
    return frozenset(pack.section)


# --- contract ------------------------------------------------------------------------------------


@given(text=texts())
def test_segments_are_ordered_disjoint_stripped_spans_of_any_text(
    headings: Headings, kinds: frozenset[str], text: str
) -> None:
    end = 0
    before = Segment(0, 0, "findings", 0, (), 0)
    for segment in split_segments(text, headings):
        piece = text[segment.start : segment.end]
        assert end <= segment.start < segment.end <= len(text)
        assert piece == piece.strip(" \t\r\n")
        assert any(character.isalnum() for character in piece)
        assert segment.section in kinds
        assert (segment.order, segment.paragraph) >= (before.order, before.paragraph)
        end, before = segment.end, segment


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\x1f", "\x0b", "\x0c"])
def test_no_space_of_any_kind_surrounds_a_segment(headings: Headings, space: str) -> None:
    assert pieces(f"FINDINGS:{space}Spleen is large.", headings) == ["Spleen is large."]


@given(
    words=st.lists(st.sampled_from(PLAIN), min_size=1, max_size=40),
    gaps=st.lists(
        st.sampled_from([" ", "\n", "\r\n", "\r", ". ", ".\n", "\n\n", "; "]), min_size=40
    ),
)
def test_no_word_is_lost(headings: Headings, words: list[str], gaps: list[str]) -> None:
    text = "".join(word + gap for word, gap in zip(words, gaps, strict=False))
    read = " ".join(pieces(text, headings)).replace(".", " ").replace(";", " ").split()
    assert read == words


@given(text=texts())
def test_the_same_text_gives_the_same_segments(headings: Headings, text: str) -> None:
    assert split_segments(text, headings) == split_segments(text, headings)


@pytest.mark.parametrize("text", ["", " ", "\n\r\n", "\0", "---", "...", "\ufeff", "* * *", ":::"])
def test_a_text_without_a_word_has_no_segments(headings: Headings, text: str) -> None:
    assert split_segments(text, headings) == ()


# --- headings ------------------------------------------------------------------------------------

REPORT = (
    "CLINICAL HISTORY: Neuroendocrine tumor.\n"
    "TECHNIQUE: CT with contrast.\n"
    "COMPARISON: CT of May.\n"
    "\n"
    "FINDINGS:\n"
    "The lungs are clear.\n"
    "\n"
    "IMPRESSION:\n"
    "1. Stable disease.\n"
    "2. No ascites.\n"
)
KINDS = {
    "Neuroendocrine tumor.": "indication",
    "CT with contrast.": "technique",
    "CT of May.": "comparison",
    "The lungs are clear.": "findings",
    "Stable disease.": "impression",
    "No ascites.": "impression",
}


@pytest.mark.parametrize("end_of_line", ["\n", "\r\n", "\r", "\n\n"])
def test_sections_are_told_whatever_ends_the_lines(headings: Headings, end_of_line: str) -> None:
    assert sections(REPORT.replace("\n", end_of_line), headings) == KINDS


def test_sections_are_told_where_the_report_is_one_line(headings: Headings) -> None:
    text = " ".join(REPORT.split())
    for words, kind in KINDS.items():
        assert holding(words, text, headings).section == kind


@pytest.mark.parametrize(
    "heading",
    ["IMPRESSION:", "Impression:", "impression:", "IMPRESSION", "CONCLUSION:", "**IMPRESSION**",
     "Impression :", "Opinion:", "SUMMARY", "===IMPRESSION===", "IMPRESSION -"],
)  # fmt: skip
def test_an_impression_has_many_headings(headings: Headings, heading: str) -> None:
    text = f"FINDINGS:\nSpleen is large.\n\n{heading}\nLarge spleen.\n"
    assert sections(text, headings) == {
        "Spleen is large.": "findings",
        "Large spleen.": "impression",
    }


@pytest.mark.parametrize(
    "text",
    [
        "The findings are stable.",
        "My impression is that the spleen is large.",
        "In comparison with May, the spleen is larger.",
        "Recommend clinical correlation with history of trauma.",
    ],
)
def test_a_heading_word_in_mid_sentence_is_no_heading(headings: Headings, text: str) -> None:
    assert sections(text, headings) == {text: "findings"}


def test_a_heading_of_an_organ_holds_for_the_lines_below_it(headings: Headings) -> None:
    text = "FINDINGS:\nLIVER\nMany masses.\nLargest is 4 cm.\n\nSPLEEN\nNot enlarged.\n"
    assert holding("Many masses", text, headings).organs == ("liver",)
    assert holding("Largest is 4 cm", text, headings).organs == ("liver",)
    assert holding("Not enlarged", text, headings).organs == ("spleen",)


def test_an_organ_before_a_colon_holds_for_its_own_line(headings: Headings) -> None:
    text = "Lungs: Many nodules.\nLiver: Two masses.\nSpleen: Normal.\n"
    assert holding("Many nodules", text, headings).organs == ("lung",)
    assert holding("Two masses", text, headings).organs == ("liver",)
    assert holding("Normal", text, headings).organs == ("spleen",)


def test_a_section_heading_ends_the_organ_heading_before_it(headings: Headings) -> None:
    text = "LIVER\nMany masses.\nIMPRESSION:\nStable.\n"
    assert holding("Stable", text, headings).organs == ()


def test_a_later_addendum_has_a_later_order(headings: Headings) -> None:
    text = "IMPRESSION: A mass.\n\nADDENDUM: Two masses.\n\nADDENDUM: Three masses.\n"
    read = split_segments(text, headings)
    assert [s.section for s in read] == ["impression", "addendum", "addendum"]
    assert len({s.order for s in read}) == 3


# --- sentences -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The spleen is large. The liver is not.", ["The spleen is large.", "The liver is not."]),
        ("Spleen large; liver normal", ["Spleen large;", "liver normal"]),
        ("SPLEEN IS LARGE. LIVER IS NOT.", ["SPLEEN IS LARGE.", "LIVER IS NOT."]),
        ("The spleen is large.The liver is not.", ["The spleen is large.", "The liver is not."]),
        ("Is it large? It is!", ["Is it large?", "It is!"]),
        ("A mass of 2.3 cm is seen.", ["A mass of 2.3 cm is seen."]),
        ("Seen by Dr. Smith today.", ["Seen by Dr. Smith today."]),
        ("Approx. 3 masses vs. cysts are seen.", ["Approx. 3 masses vs. cysts are seen."]),
        ("Masses, e.g. in segment 4, are seen.", ["Masses, e.g. in segment 4, are seen."]),
        ("See series 4, im. 32 for the mass.", ["See series 4, im. 32 for the mass."]),
        ("- A mass\n- A cyst", ["A mass", "A cyst"]),
        ("1. A mass\n2. A cyst", ["A mass", "A cyst"]),
        ("1) A mass\r\n2) A cyst", ["A mass", "A cyst"]),
        ("a. A mass\nb. A cyst", ["A mass", "A cyst"]),
        ("• A mass\r• A cyst", ["A mass", "A cyst"]),
        ("No ascites\nNo effusion\nNo nodes", ["No ascites", "No effusion", "No nodes"]),
    ],
)
def test_sentences_and_items_are_told_apart(
    headings: Headings, text: str, expected: list[str]
) -> None:
    assert pieces(text, headings) == expected


WRAPPED = (
    "There are masses throughout both lobes of the",
    "liver, the largest of which measures four centimeters and lies",
    "beside the gallbladder.",
)


@pytest.mark.parametrize("wrap", ["\n", "\r\n", "\r", "\n    "])
def test_a_line_wrap_does_not_end_a_sentence(headings: Headings, wrap: str) -> None:
    text = wrap.join(WRAPPED)
    assert pieces(text, headings) == [text]


def test_a_wrapped_item_is_one_segment(headings: Headings) -> None:
    text = "1. There are masses throughout both lobes of the\n   liver.\n2. No ascites."
    assert [" ".join(p.split()) for p in pieces(text, headings)] == [
        "There are masses throughout both lobes of the liver.",
        "No ascites.",
    ]


def test_a_wrapped_text_in_capitals_is_one_sentence(headings: Headings) -> None:
    text = "\n".join(WRAPPED).upper()
    assert pieces(text, headings) == [text]


def test_a_blank_line_ends_a_paragraph(headings: Headings) -> None:
    first, second = split_segments("Spleen is large.\n\nKidneys are small.", headings)
    assert first.paragraph < second.paragraph


@pytest.mark.parametrize("letter", ["\u0130", "\u0131"])
def test_a_heading_in_turkish_capitals_is_none_and_does_no_harm(
    headings: Headings, letter: str
) -> None:
    text = f"{letter}NDICATION: Pain.\nFINDINGS: Normal."
    assert sections(text, headings)["Normal."] == "findings"


@given(text=texts())
def test_no_segment_goes_over_an_end_that_is_sure(headings: Headings, text: str) -> None:
    check_sure_ends(text, headings)


@pytest.mark.slow
def test_no_segment_of_the_corpora_goes_over_an_end_that_is_sure(headings: Headings) -> None:
    for text in corpora():
        check_sure_ends(text, headings)


@pytest.mark.parametrize(
    "text",
    [
        "Approx. 3 masses",
        "approx. 3 masses",
        "APPROX. 3 masses",
        "cysts vs. metastases",
        "susp. mets",
    ],
)
def test_no_end_is_sure_after_an_abbreviation(headings: Headings, text: str) -> None:
    assert sure_pieces(text) == [text]
    assert pieces(f"{text}. Spleen normal.", headings) == [f"{text}.", "Spleen normal."]


@pytest.mark.parametrize("figure", ["1", "4", "7", "70", "2.5", "1,5"])
@pytest.mark.parametrize(
    "text", ["{} cysts. Spleen normal.", "Cyst of {} mm. Level {}. End.", "A {}. B"]
)
def test_one_figure_is_as_good_as_another_for_splitting(
    headings: Headings, text: str, figure: str
) -> None:
    zeros = re.sub("[1-9]", "0", figure)
    read = [(s.start, s.end) for s in split_segments(text.format(figure, figure), headings)]
    assert read == [(s.start, s.end) for s in split_segments(text.format(zeros, zeros), headings)]


def check_sure_ends(text: str, headings: Headings) -> None:
    ends = list(accumulate(len(piece) + 1 for piece in sure_pieces(text)))
    for segment in split_segments(text, headings):
        assert not any(segment.start < end < segment.end for end in ends)
