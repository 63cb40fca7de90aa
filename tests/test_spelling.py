"""Misspelt target words are read as meant; other words of the trade are left as they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screener.assessments import Assessment
from screener.nlp.spelling import Spelling
from screener.packs import RulePack


@pytest.fixture(scope="module")
def spelling(pack: RulePack) -> Spelling:
    return Spelling(pack)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("inumerable", "innumerable"),
        ("innumberable", "innumerable"),
        ("innumerble", "innumerable"),
        ("innummerable", "innumerable"),
        ("metastatses", "metastases"),
        ("metastses", "metastases"),
        ("metastaes", "metastases"),
        ("metasteses", "metastases"),
        ("metstatic", "metastatic"),
        ("metatstatic", "metastatic"),
        ("hepatc", "hepatic"),
        ("heptic", "hepatic"),
        ("hepaitc", "hepatic"),
        ("diffues", "diffuse"),
        ("difuse", "diffuse"),
        ("confluant", "confluent"),
        ("parenchmya", "parenchyma"),
        ("parenchema", "parenchyma"),
        ("numerus", "numerous"),
        ("mutliple", "multiple"),
        ("lesoins", "lesions"),
        ("leisons", "lesions"),
        ("thorughout", "throughout"),
        ("replacment", "replacement"),
        ("hemangoima", "hemangioma"),
        ("haemangioma", "hemangioma"),
        ("tumour", "tumor"),
        ("tumours", "tumors"),
        ("livr", "liver"),
    ],
)
def test_a_misspelt_target_word_is_read_as_meant(spelling: Spelling, word: str, meant: str) -> None:
    assert spelling.correct(word) == meant


@pytest.mark.parametrize(
    "word",
    [
        *("biliary", "miliary", "hematoma", "hepatoma", "hepatitis", "melanoma", "myeloma"),
        *("lymphoma", "hemangioma", "hemangiomas", "nodular", "nodule", "lesion", "segmental"),
        *("metastasis", "metastases", "metastatic", "metaplastic", "metatarsal", "metaphyseal"),
        *("secondary", "resolving", "resolve", "stenosis", "steatosis", "cirrhotic", "perineal"),
        *("peroneal", "peritoneal", "peritoneum", "pancreatitis", "pulmonary", "present"),
        *("percent", "recent", "minority", "majority", "visually", "virtually", "severe"),
        *("deposit", "infiltrate", "filtration", "reduced", "displaced", "sediment", "solid"),
        *("diffusion", "perfusion", "suspicion", "countable", "enumerable", "numeral"),
        *("persistent", "inconsistent", "evident", "coarse", "thorough", "through"),
        *("parotid", "carotid", "ovaries", "ureteral", "vertebrae", "malignancies"),
        *("hyperdense", "isodense", "hypodensity", "unremarkable", "comparison", "completed"),
    ],
)
def test_a_word_of_the_trade_is_no_misspelling(spelling: Spelling, word: str) -> None:
    assert spelling.correct(word) == word


@pytest.mark.parametrize(
    "word", ["shattered", "confident", "congruent", "consistency", "coexistent"]
)
def test_a_real_word_near_a_target_is_no_misspelling(spelling: Spelling, word: str) -> None:
    assert spelling.correct(word) == word


def test_every_target_is_spelt_right(spelling: Spelling, pack: RulePack) -> None:
    assert [w for w in pack.spelling.targets if spelling.correct(w) != w] == []


def test_every_word_that_is_to_be_kept_is_kept(spelling: Spelling, pack: RulePack) -> None:
    assert [w for w in pack.spelling.keep if spelling.correct(w) != w] == []


@given(st.text(max_size=15))
def test_the_answer_is_the_same_each_time_and_needs_no_second_correction(
    spelling: Spelling, word: str
) -> None:
    once = spelling.correct(word)
    assert spelling.correct(word) == once
    assert spelling.correct(once) == once


@given(st.text("0123456789.,%-/ ", max_size=8))
def test_a_figure_is_never_corrected(spelling: Spelling, figure: str) -> None:
    assert spelling.correct(figure) == figure


@pytest.mark.parametrize(
    ("text", "burden"),
    [
        ("There are inumerable hepatic metastatses.", "extensive"),
        ("Innumberable liver metastses throughout.", "extensive"),
        ("Difuse hepatc metastases.", "extensive"),
        ("No hepatc metastatses.", "none"),
        ("Inumerable hepatic hemangoimas.", "none"),
        ("Mutliple hepatic metasteses.", "multiple"),
    ],
)
def test_a_misspelt_report_says_what_it_means(
    assess: Callable[[str], Assessment], text: str, burden: str
) -> None:
    assert assess(text).burden == burden
