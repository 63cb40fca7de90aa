"""The notation of phrases: what a phrase stands for, and that nothing in it can run away."""

from __future__ import annotations

import pytest
from conftest import texts
from hypothesis import given
from hypothesis import strategies as st

from screener.phrases import (
    MAX_GAP,
    MAX_WORDINGS,
    WORD,
    Choice,
    Gap,
    PhraseError,
    expand,
    literals,
    plain_word,
    vocabulary,
    words_of,
)


def wordings(phrase: str) -> set[str]:
    """Every sequence of words a phrase without gaps stands for."""
    return {" ".join(words) for wording in expand(phrase) for words in literals(wording)}


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("liver", {"liver"}),
        ("Liver Mets", {"liver mets"}),
        ("(liver|hepatic) metastases", {"liver metastases", "hepatic metastases"}),
        ("(a|b c|) load", {"a load", "b c load", "load"}),
        ("[tumor] load", {"tumor load", "load"}),
        ("(a|) load", {"a load", "load"}),
        ("near-total", {"near - total", "near total", "neartotal"}),
        ("((a|b) c|d)", {"a c", "b c", "d"}),
        ("[[very] large] mass", {"mass", "large mass", "very large mass"}),
        ("liver's", {"liver"}),
        ("too numerous to count", {"too numerous to count"}),
    ],
)
def test_a_phrase_stands_for_its_wordings(phrase: str, expected: set[str]) -> None:
    assert wordings(phrase) == expected


def test_a_gap_stands_between_two_words() -> None:
    assert expand("no <0-2> liver") == (("no", Gap(0, 2), "liver"),)


def test_single_words_of_a_bracket_stay_one_choice() -> None:
    assert expand("(liver|hepatic) load") == ((Choice(("liver", "hepatic")), "load"),)


def test_no_wording_is_given_twice() -> None:
    found = expand("(a b|a b|a [b])")
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    "phrase",
    ["", " ", "(a", "a)", "[a", "a]", "(a]", "[a)", "a|b", "(|)", "[a]", "<0-2> a", "a <0-2>",
     "a <2-0> b", "a <0-0> b", f"a <0-{MAX_GAP + 1}> b", "a < b", "a > b"],
)  # fmt: skip
def test_a_phrase_that_is_wrong_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        expand(phrase)


def test_a_phrase_of_too_many_wordings_is_refused_at_once() -> None:
    with pytest.raises(PhraseError, match=str(MAX_WORDINGS)):
        expand(" ".join(["(a b|c d)"] * 40))


@given(st.text("ab ()[]|<>-0123", max_size=30))
def test_a_phrase_is_bounded_or_refused(phrase: str) -> None:
    try:
        found = expand(phrase)
    except PhraseError:
        return
    assert 0 < len(found) <= MAX_WORDINGS
    assert all(found)


def test_the_vocabulary_of_phrases_is_their_words() -> None:
    assert set(vocabulary(["(liver|hepatic) <0-2> load", "near-total"])) == {
        *("liver", "hepatic", "load", "near", "-", "total", "neartotal"),
    }


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Near-total; the liver's 80%", ["near", "-", "total", ";", "the", "liver", "80", "%"]),
        ("2.3 x 1,5 cm", ["2.3", "x", "1,5", "cm"]),
        ("T10 and 5mm", ["t10", "and", "5mm"]),
        ("68Ga-DOTATATE", ["68ga", "-", "dotatate"]),
        ("patient’s", ["patient"]),
        ("a/b", ["a", "/", "b"]),
        (">75%", [">", "75", "%"]),
        ("70–80", ["70", "–", "80"]),
        ("métastases HÉPATIQUES", ["métastases", "hépatiques"]),
        (" \t\r\n", []),
    ],
)
def test_words_are_told_apart(text: str, expected: list[str]) -> None:
    assert words_of(text) == expected


@given(texts())
def test_every_sign_but_white_space_is_in_a_word(text: str) -> None:
    """Combining signs apart, which belong to the letter before them."""
    covered = {i for match in WORD.finditer(text) for i in range(*match.span())}
    missed = {text[i] for i in range(len(text)) if i not in covered}
    assert not {sign for sign in missed if sign.isalpha() or (sign.isascii() and sign.isdigit())}


@given(texts())
def test_a_plain_word_stays_plain(text: str) -> None:
    for word in words_of(text):
        assert plain_word(word) in (word, word.removesuffix("'s"), word.lower())
