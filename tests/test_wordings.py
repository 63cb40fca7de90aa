"""The index of wordings: what it finds depends on the words at hand alone."""

from __future__ import annotations

from screener.nlp.wordings import WordingIndex
from screener.phrases import expand


def index(**phrases: str) -> WordingIndex:
    return WordingIndex(
        (label, wording) for label, phrase in phrases.items() for wording in expand(phrase)
    )


def test_a_gap_that_fits_in_several_ways_is_found_in_each() -> None:
    found = index(few="few <0-2> lesions").find("few lesions or lesions".split())
    assert found == [(0, 2, "few"), (0, 4, "few")]


def test_a_gap_does_not_reach_over_the_end_of_a_clause() -> None:
    assert index(few="few <0-2> lesions").find("few , lesions".split()) == []


def test_the_rarest_word_finds_a_wording_from_its_middle() -> None:
    found = index(a="the <0-1> liver is", b="the <0-1> lung is").find("the whole liver is".split())
    assert found == [(0, 4, "a")]
