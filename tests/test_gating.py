"""What the gate keeps back can say nothing: with it and without it, the same is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import texts
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_texts import CorpusTexts, PackTexts, corpora
from small_packs import TARGETS, write_pack

from screener.assessments import assess
from screener.cases import load_cases
from screener.gates import Requirement, gate_words
from screener.near_misses import find_near_miss
from screener.nlp.gating import Gate, gate_problems
from screener.nlp.sifting import as_array
from screener.packs import known_packs, load_pack
from screener.phrases import expand, options_of
from screener.relevance import Relevance
from screener.reports import Report
from screener.screening import Screener

N_FUZZED = 2_000
N_KEPT_BACK = 300
"""At most so many whole reports of the corpora for each pack; the fuzzed ones use all of them."""


@pytest.fixture(scope="module", params=sorted(known_packs()))
def both(request: pytest.FixtureRequest) -> tuple[Screener, Screener]:
    """A screener with the gate and one without, for each shipped pack."""
    pack = load_pack(request.param)
    return Screener(pack), Screener(pack, is_gated=False)


def report(text: str) -> Report:
    return Report("r1", "p1", text)


def says_the_same(both: tuple[Screener, Screener], text: str) -> bool:
    gated, ungated = both
    return gated.screen_report(report(text)) == ungated.screen_report(report(text))


def test_two_thousand_fuzzed_reports_say_the_same_with_the_gate_and_without(
    both: tuple[Screener, Screener],
) -> None:
    quarter = range(N_FUZZED // 4)  # of each kind, and as many for the other pack
    of_pack, of_corpora = PackTexts(both[0].pack, seed=4), CorpusTexts(seed=4)
    fuzzed = [draw.draw(8) for draw in (of_pack, of_corpora) for _ in quarter]
    assert [text for text in fuzzed if not says_the_same(both, text)] == []
    assert 0.1 < sum(map(both[0].gate.passes, fuzzed)) / len(fuzzed) < 0.9


@given(text=texts())
def test_any_text_says_the_same_with_the_gate_and_without(
    both: tuple[Screener, Screener], text: str
) -> None:
    assert says_the_same(both, text)


@settings(max_examples=200)
@given(seed=st.integers(0, 2**32))
def test_what_the_gate_keeps_back_is_not_relevant(
    both: tuple[Screener, Screener], seed: int
) -> None:
    gated, ungated = both
    text = PackTexts(gated.pack, seed).draw(4)
    if not gated.gate.passes(text):
        passages, _ = ungated.read(report(text))
        assert not gated.gate.relevance.holds(passages)


def test_the_corpora_say_the_same_with_the_gate_and_without(
    both: tuple[Screener, Screener],
) -> None:
    # What passes the gate goes the same way as without one: what is kept back could differ.
    kept_back = sorted({text for text in corpora() if not both[0].gate.passes(text)})
    assert len(kept_back) > 100
    some = kept_back[:: -(-len(kept_back) // N_KEPT_BACK)]  # from all parts, in a known order
    assert [text for text in some if not says_the_same(both, text)] == []


def test_a_report_that_is_not_relevant_has_neither_a_burden_nor_a_near_miss(
    both: tuple[Screener, Screener],
) -> None:
    _, ungated = both
    pack = ungated.pack
    for case in load_cases(pack):
        passages, statements = ungated.read(case.report)
        if not ungated.gate.relevance.holds(passages):
            said = assess(case.report, passages, statements, pack)
            assert said.burden == pack.burden.lowest, case.id
            assert find_near_miss(case.report, passages, statements, pack) is None, case.id


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("Innumerable hepatic metastases.", True),
        ("INNUMERABLE HEPATIC METASTASES", True),
        ("Hepatc metstases.", True),  # misspelt
        ("Livre mets.", True),  # a spelling variant of the pack
        ("12mm3liver mets", True),  # the word follows a figure
        ("Haemangioma. Liver normal.", False),
        ("The liver is normal. No focal lesion.", False),
        ("Lung metastases. No pleural effusion.", False),
        ("Liver: 80% abnormal.", True),  # a share that could make a near miss
        ("Delivered metastases.", False),
        ("", False),
    ],
)
def test_a_text_passes_by_its_words(text: str, passes: bool, screener: Screener) -> None:
    assert screener.gate.passes(text) is passes


def test_a_cut_of_endless_text_makes_no_word_that_the_gate_has_not_seen(
    screener: Screener,
) -> None:
    text = "x" * 1_500 + "liver metastases."
    assert not screener.gate.passes(text)
    assert not screener.gate.relevance.holds(screener.read(report(text))[0])


def test_a_pack_whose_words_have_no_letters_runs_without_the_gate_and_says_so(
    tmp_path: Path,
) -> None:
    odd = TARGETS.replace("[metastases]", "[metastases, '+ +']")
    pack = load_pack(write_pack(tmp_path / "odd", targets=odd))
    assert gate_problems(pack) == ("'+ +' can match without any word of letters",)
    assert Gate(pack).passes("anything at all")
    assert not Screener(pack).is_gated


def test_the_gate_of_a_pack_is_made_of_its_own_words(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path / "spleen"))
    words = gate_words(pack, Relevance(pack, {"%"}))
    assert words.places.anchors == {"spleen", "splenic"}
    assert words.matters.anchors == {"metastases", "innumerable", "numerous", "%"}
    assert words.matters.is_met(frozenset({"too", "numerous", "to", "count"}))
    assert not words.matters.is_met(frozenset({"numerous"}))


def test_a_wording_needs_a_word_of_each_of_its_items() -> None:
    needs = Requirement({"lobe": ((frozenset({"left", "right"}),),)})
    assert needs.is_met(frozenset({"lobe", "left"}))
    assert not needs.is_met(frozenset({"lobe", "middle"}))
    assert needs.sufficient == frozenset()


@given(seed=st.integers(0, 2**32))
def test_the_sieve_leaves_no_text_out_that_passes(
    both: tuple[Screener, Screener], seed: int
) -> None:
    drawn = PackTexts(both[0].pack, seed)
    some = [drawn.draw(4) for _ in range(8)]
    gate = both[0].gate
    assert {i for i, text in enumerate(some) if gate.passes(text)} <= set(gate.sift(some))


@given(some=st.lists(texts(), max_size=6))
def test_the_sieve_takes_any_text(both: tuple[Screener, Screener], some: list[str]) -> None:
    gate = both[0].gate
    assert {i for i, text in enumerate(some) if gate.passes(text)} <= set(gate.sift(some))


def test_a_text_that_is_no_utf8_is_left_in(screener: Screener) -> None:
    assert screener.gate.sift(["Normal chest.", "\ud800"]) == [0, 1]


def test_every_word_that_is_corrected_to_a_target_is_left_in(screener: Screener) -> None:
    gate = screener.gate
    spoilt = [
        target[:i] + slip + target[i + len_ :]
        for target in ("hepatic", "hepatomegaly", "segments")
        for i in range(1, len(target))
        for slip, len_ in (("", 1), ("e", 0), ("\u00e9", 1), (target[i : i + 2][::-1], 2))
    ]
    corrected = [w for w in spoilt if gate._spelling.correct(w) in gate.words.places.anchors]
    assert len(corrected) > 50
    written = as_array([f"({word.upper()})" for word in corrected])
    assert all(gate._sieve.may_meet(written).to_pylist())
    sufficient = gate.words.places.sufficient
    whole = [w for w in corrected if gate._spelling.correct(w) in sufficient]
    assert all(gate._sieve.may_name(as_array(whole)).to_pylist())


@pytest.mark.parametrize(
    ("text", "is_left"),
    [
        ("The left upper lobe is clear.", False),
        ("Left lobe.", True),
        ("LEFT\u00a0\n LOBE", True),
        ("Nodule of the left, lobe of the thyroid.", False),
        ("No embolism to the segmental level.", False),
        ("Ascites (none). The left upper lobe is clear.", True),  # may be a template in part
        ("six of eight of the segments", True),
        ("Lobe resected.", False),
    ],
)
def test_the_sieve_looks_for_neighbours(text: str, is_left: bool, screener: Screener) -> None:
    assert (screener.gate.sift([text]) == [0]) is is_left


def test_each_wording_of_a_place_is_left_in(both: tuple[Screener, Screener]) -> None:
    gate, pack = both[0].gate, both[0].pack
    spoken = [
        " ".join(options_of(item)[-1] if options_of(item) else "x y" for item in wording)
        for concept in pack.concepts
        if concept.name in gate.relevance.places
        for phrase in concept.phrases
        for wording in expand(phrase)
    ]
    assert gate.sift(spoken) == list(range(len(spoken)))
