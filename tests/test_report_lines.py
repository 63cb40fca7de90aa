"""A report's text on lines: nothing left out, nothing too wide, nothing that steers a terminal."""

from __future__ import annotations

import re

from conftest import texts
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from screener.candidates import CaseReport
from screener.tui.report_lines import lay_out, line_of, shown_text
from screener.tui.searches import find_hits

BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"


@given(texts(), st.integers(2, 90))
def test_lines_and_their_breaks_are_the_whole_text(text: str, width: int) -> None:
    place = 0
    for line in lay_out(text, width):
        assert set(text[place : line.start]) <= set(BREAKS)
        assert not set(text[line.start : line.end]) & set(BREAKS)
        assert line.start <= line.end
        place = line.end
    assert place == len(text)


@given(texts(), st.integers(8, 90))
def test_no_line_is_wider_than_the_screen_but_for_blanks_at_its_end(text: str, width: int) -> None:
    for line in lay_out(text, width):
        shown, _ = shown_text(text[line.start : line.end])
        assert sum(map(cell_len, shown.rstrip(" "))) <= width


@given(texts())
def test_what_is_shown_steers_no_terminal_and_keeps_its_places(text: str) -> None:
    shown, places = shown_text(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert len(places) == len(text) + 1
    assert places == tuple(sorted(places))
    for place, character in enumerate(text):
        if character.isalnum():
            assert shown[places[place] : places[place + 1]] == character


@given(texts(), st.integers(2, 40), st.data())
def test_a_character_is_on_the_line_that_is_told(
    text: str, width: int, data: st.DataObject
) -> None:
    if text:
        place = data.draw(st.integers(0, len(text) - 1))
        lines = lay_out(text, width)
        row = line_of(lines, place)
        assert lines[row].start <= place
        assert row + 1 == len(lines) or place < lines[row + 1].start


def test_words_are_not_broken_where_they_fit() -> None:
    text = "Innumerable liver metastases are seen."
    lines = [text[line.start : line.end] for line in lay_out(text, 17)]
    assert lines == ["Innumerable liver ", "metastases are ", "seen."]


def test_wide_characters_count_twice() -> None:
    text = "肝转移瘤肝转移瘤"
    assert [text[line.start : line.end] for line in lay_out(text, 9)] == ["肝转移瘤", "肝转移瘤"]


def test_a_search_finds_words_over_a_line_break_and_brackets_as_they_are() -> None:
    report = CaseReport(1, "R1", "a [liver]\r\nmetastasis. LIVER METASTASIS")
    assert len(find_hits([report], "[liver] metastasis")) == 1
    assert len(find_hits([report], "metastasis")) == 2
    assert find_hits([report], "  ") == ()
