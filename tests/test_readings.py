"""Readings that are kept are those that would be made anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pack_texts import PackTexts

from screener.nlp.assertions import Assertion, assertions_of
from screener.nlp.matching import Matcher
from screener.nlp.quantities import find_quantities
from screener.nlp.readings import Kept, Reading
from screener.nlp.segments import Segment
from screener.packs import RulePack
from screener.phrases import WORD, plain_word


@pytest.fixture(scope="module")
def matcher(pack: RulePack) -> Matcher:
    return Matcher(pack)


def afresh(matcher: Matcher, words: tuple[str, ...]) -> Reading:
    """What the two engines make of the very words, with ConText run whatever they hold."""
    numbers = {(q.first, q.last, q.kind): q for q in find_quantities(words)}
    if not matcher._targets.prepare(words) and not numbers:
        return ()
    doc, matches = matcher._matches(words, tuple(numbers))
    matcher._context.prepare(words)
    said = assertions_of(matcher._context.apply(doc), matcher._restarts(words, matches))
    told = sorted((m for m in matches if not matcher._is_ignored(m)), key=lambda m: m.first)
    return tuple((m, said.get((m.first, m.last), Assertion())) for m in told)


@given(seed=st.integers(0, 2**32))
def test_words_that_no_rule_knows_change_no_reading(matcher: Matcher, seed: int) -> None:
    text = PackTexts(matcher.pack, seed).draw(6)
    words = tuple(plain_word(word) for word in WORD.findall(text))
    kept = matcher._readings[words]
    made = afresh(matcher, words)
    assert [(m.first, m.last, m.rule_id, said) for m, said in sorted(kept, key=str)] == [
        (m.first, m.last, m.rule_id, said) for m, said in sorted(made, key=_without_number)
    ]


def _without_number(item: tuple[object, Assertion]) -> str:
    return str(item)


def test_a_sentence_that_differs_in_a_name_or_a_size_is_read_once(pack: RulePack) -> None:
    matcher = Matcher(pack)
    for text in ("Seen by Dr Smith.", "Seen by Dr Jones.", "Cyst of 12 mm.", "Cyst of 14 mm."):
        matcher.read("r1", text, Segment(0, len(text), "findings", 0, (), 0))
    assert matcher._readings.n_made == 4
    assert matcher._alike.n_made == 2


def test_no_more_readings_are_kept_than_allowed() -> None:
    lengths: Kept[str, int] = Kept(len, 4)
    assert [lengths["x" * n] for n in range(20)] == list(range(20))
    assert len(lengths._values) <= 4
