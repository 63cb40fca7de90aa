"""What one report says, by the annotation guideline: its burden, how surely, and on which words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import texts
from hypothesis import example, given

from screener.assessments import Assessment, level_of_share, score_of
from screener.packs import RulePack

Assess = Callable[[str], Assessment]
KNOWN = "INDICATION: Neuroendocrine tumor.\n"


@pytest.mark.parametrize(
    "text",
    [
        "Innumerable hepatic metastases.",
        "Hepatic metastases too numerous to count.",
        "Countless liver metastases.",
        "A myriad of hepatic metastases.",
        "Uncountable hepatic metastases.",
        "Hundreds of hepatic metastases.",
        "There are 150 hepatic metastases.",
        "Diffuse hepatic metastatic disease.",
        "Widespread metastases throughout the liver.",
        "Miliary hepatic metastases.",
        "Confluent metastatic disease throughout the liver.",
        "The liver is studded with metastases.",
        "The liver is packed with metastases.",
        "The liver is carpeted with metastases.",
        "Near-complete replacement of the liver by metastases.",
        "Most of the liver is replaced by metastatic disease.",
        "The majority of the hepatic parenchyma is replaced by metastases.",
        "The bulk of the liver is replaced by metastases.",
        "Subtotal replacement of the liver by metastatic tumor.",
        "Hepatic metastases, with little normal parenchyma remaining.",
        "Metastases replace over 50% of the liver.",
        "Metastases replace 51% of the liver.",
        "Innumerable metastases in the right hepatic lobe.",
        "The right hepatic lobe is replaced by metastases.",
        "Decreased but still innumerable hepatic metastases.",
        "No change in innumerable hepatic metastases.",
    ],
)
def test_what_is_uncountable_diffuse_or_replacing_is_extensive(assess: Assess, text: str) -> None:
    said = assess(text)
    assert (said.burden, said.is_candidate, said.certainty) == ("extensive", True, "definite")


@pytest.mark.parametrize(
    "text",
    [
        "Multiple hepatic metastases.",
        "Several liver metastases.",
        "Numerous hepatic metastases.",
        "Scattered hepatic metastases.",
        "Bilobar hepatic metastases.",
        "Metastases replace 25% of the liver.",
        "Metastases replace 50% of the liver.",
        "Metastases replace half of the liver.",
        "There are 11 hepatic metastases.",
        "There are 99 hepatic metastases.",
        "Segment 4 is replaced by metastases.",
        "Innumerable metastases in the left hepatic lobe.",
        "Innumerable metastases confined to segment 4 of the liver.",
    ],
)
def test_what_is_many_and_not_more_is_multiple(assess: Assess, text: str) -> None:
    said = assess(text)
    assert (said.burden, said.is_candidate) == ("multiple", False)


@pytest.mark.parametrize(
    "text",
    [
        "Solitary hepatic metastasis.",
        "A hepatic metastasis in segment 7.",
        "Two hepatic metastases.",
        "A few hepatic metastases.",
        "Ten hepatic metastases.",
        "Metastases replace 20% of the liver.",
        "Metastases replace less than 25% of the liver.",
        "Innumerable pulmonary nodules; solitary liver metastasis.",
        "Previously innumerable hepatic metastases; now only three metastases remain in the liver.",
    ],
)
def test_what_is_few_is_limited(assess: Assess, text: str) -> None:
    said = assess(text)
    assert (said.burden, said.is_candidate) == ("limited", False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Normal liver.",
        "The chest is clear.",
        "No hepatic metastases.",
        "No innumerable hepatic metastases.",
        "Innumerable hepatic cysts.",
        "Innumerable hepatic hemangiomas.",
        "Innumerable biliary hamartomas in the liver.",
        "Innumerable liver lesions.",
        "Multifocal hepatocellular carcinoma replacing most of the liver.",
        "Hepatocellular carcinoma with innumerable satellite nodules in the liver.",
        "Intrahepatic cholangiocarcinoma.",
        "Previously seen innumerable hepatic metastases have resolved.",
        "INDICATION: Innumerable hepatic metastases.\nFINDINGS: Normal chest.",
        "COMPARISON: CT with innumerable hepatic metastases.\nFINDINGS: Normal liver.",
        "PRIOR REPORT: Innumerable hepatic metastases.\nIMPRESSION: Normal liver.",
        "Status post resection of hepatic metastases.",
        "Innumerable hepatic metastases cannot be excluded.",
        "Evaluate for hepatic metastases.",
        "Innumerable hepatic metastases are unlikely.",
        "Her mother had innumerable hepatic metastases.",
        "Innumerable pulmonary metastases.",
        "Innumerable metastases on the liver surface.",
        "Innumerable perihepatic metastases.",
    ],
)
def test_what_is_not_asserted_of_this_liver_now_is_none(assess: Assess, text: str) -> None:
    said = assess(text)
    assert (said.burden, said.is_candidate) == ("none", False)
    assert said.certainty is None
    assert said.stated_percent is None
    assert said.score == 0


# --- certainty -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["suspicious for", "concerning for", "likely", "probably", "presumed", "suggestive of",
     "worrisome for"],
)  # fmt: skip
def test_a_hedge_hedges(assess: Assess, words: str) -> None:
    said = assess(f"Innumerable liver lesions, {words} metastases.")
    assert (said.burden, said.certainty) == ("extensive", "hedged")


@pytest.mark.parametrize(
    "words", ["consistent with", "compatible with", "in keeping with", "diagnostic of"]
)
def test_words_of_agreement_are_definite(assess: Assess, words: str) -> None:
    said = assess(f"Innumerable liver lesions, {words} metastases.")
    assert (said.burden, said.certainty) == ("extensive", "definite")


def test_lesions_without_a_nature_are_hedged_where_a_malignancy_is_named(assess: Assess) -> None:
    said = assess(f"{KNOWN}FINDINGS: Innumerable liver lesions.")
    assert (said.burden, said.certainty) == ("extensive", "hedged")


@pytest.mark.parametrize("word", ["metastatic", "malignant", "suspicious"])
def test_lesions_called_so_need_no_named_malignancy(assess: Assess, word: str) -> None:
    assert assess(f"Innumerable {word} liver lesions.").burden == "extensive"


@pytest.mark.parametrize(
    "word", ["tumor deposits", "DOTATATE-avid lesions", "somatostatin-avid lesions"]
)
def test_tumor_words_are_metastases_where_a_malignancy_is_named(assess: Assess, word: str) -> None:
    said = assess(f"{KNOWN}FINDINGS: Innumerable {word} in the liver.")
    assert (said.burden, said.certainty) == ("extensive", "definite")


# --- which statement counts ----------------------------------------------------------------------


def report(findings: str, impression: str, addendum: str = "") -> str:
    text = f"FINDINGS:\n{findings}\n\nIMPRESSION:\n{impression}\n"
    return f"{text}\nADDENDUM:\n{addendum}\n" if addendum else text


INNUMERABLE, TWO, NO = (
    "Innumerable hepatic metastases.",
    "Two hepatic metastases.",
    "No hepatic metastases.",
)


@pytest.mark.parametrize(
    ("text", "burden"),
    [
        (report(INNUMERABLE, TWO), "limited"),
        (report(TWO, INNUMERABLE), "extensive"),
        (report(INNUMERABLE, NO), "none"),
        (report(NO, INNUMERABLE), "extensive"),
        (f"IMPRESSION:\n{TWO}\n\nFINDINGS:\n{INNUMERABLE}\n", "limited"),
    ],
)
def test_the_impression_outranks_the_findings(assess: Assess, text: str, burden: str) -> None:
    assert assess(text).burden == burden


@pytest.mark.parametrize(
    ("text", "burden"),
    [
        (report(INNUMERABLE, INNUMERABLE, TWO), "limited"),
        (report(TWO, TWO, INNUMERABLE), "extensive"),
        (report(INNUMERABLE, INNUMERABLE, NO), "none"),
        (report(NO, NO, INNUMERABLE), "extensive"),
        (report(TWO, NO, f"{TWO}\n\nADDENDUM:\n{INNUMERABLE}"), "extensive"),
        (report(TWO, NO, f"{INNUMERABLE}\n\nADDENDUM:\n{TWO}"), "limited"),
        (f"ADDENDUM:\n{INNUMERABLE}\n\nFINDINGS:\n{TWO}\n\nIMPRESSION:\n{TWO}\n", "extensive"),
    ],
)
def test_a_later_addendum_outranks_both(assess: Assess, text: str, burden: str) -> None:
    assert assess(text).burden == burden


@pytest.mark.parametrize(
    "silent",
    [
        "No ascites.",
        "Stable disease in the chest.",
        "Clinical correlation is advised.",
        "As above.",
    ],
)
def test_an_impression_that_is_silent_on_the_liver_changes_nothing(
    assess: Assess, silent: str
) -> None:
    assert assess(report(INNUMERABLE, silent)).burden == "extensive"


@pytest.mark.parametrize(
    "vague",
    ["Hepatic metastases.", "Progressive hepatic metastases.", "Stable hepatic metastases."],
)
@pytest.mark.parametrize(("findings", "burden"), [(INNUMERABLE, "extensive"), (TWO, "limited")])
def test_a_vague_impression_leaves_the_extent_to_the_findings(
    assess: Assess, vague: str, findings: str, burden: str
) -> None:
    assert assess(report(findings, vague)).burden == burden


def test_a_hedge_of_the_impression_hedges_what_the_findings_describe(assess: Assess) -> None:
    said = assess(report("Innumerable liver lesions.", "Liver lesions suspicious for metastases."))
    assert (said.burden, said.certainty) == ("extensive", "hedged")


@pytest.mark.parametrize(
    ("text", "burden", "percent"),
    [
        ("Innumerable hepatic metastases replacing 20% of the liver.", "limited", (20, 20)),
        ("Innumerable hepatic metastases replacing 40% of the liver.", "multiple", (40, 40)),
        ("Multiple hepatic metastases replacing 80% of the liver.", "extensive", (80, 80)),
        ("Multiple hepatic metastases replacing >75% of the liver.", "extensive", (75, 100)),
        ("A few hepatic metastases replacing 70-80% of the liver.", "extensive", (70, 80)),
        ("Numerous hepatic metastases replacing <25% of the liver.", "limited", (0, 25)),
        ("Metastases replacing three quarters of the liver.", "extensive", (75, 75)),
        ("Metastases replacing over half of the liver.", "extensive", (50, 100)),
    ],
)
def test_a_stated_share_outweighs_words(
    assess: Assess, text: str, burden: str, percent: tuple[float, float]
) -> None:
    said = assess(text)
    assert (said.burden, said.stated_percent) == (burden, percent)


@pytest.mark.parametrize("text", ["Most of the liver is replaced by metastases.", INNUMERABLE])
def test_words_state_no_percent(assess: Assess, text: str) -> None:
    assert assess(text).stated_percent is None


# --- whatever the text ---------------------------------------------------------------------------


@given(text=texts())
@example(text="İ" * 50 + "Innumerable hepatic metastases replacing > 75 % of the liver.")
@example(text="FINDINGS:\rInnumerable\0hepatic metastases\rIMPRESSION:\r")
def test_an_assessment_holds_together_whatever_the_text(assess: Assess, text: str) -> None:
    said = assess(text)
    assert said.burden in ("none", "limited", "multiple", "extensive")
    assert said.is_candidate == (said.burden == "extensive")
    assert (said.certainty is None) == (said.burden == "none")
    assert all(words and words in text for words in said.evidence)
    assert said.burden == "none" or said.evidence
    if said.stated_percent is not None:
        assert said.burden != "none"
        assert 0 <= said.stated_percent[0] <= said.stated_percent[1] <= 100


@given(text=texts())
def test_the_same_text_says_the_same(assess: Assess, text: str) -> None:
    assert assess(text) == assess(text)


WHOLE = (
    "CLINICAL HISTORY: Neuroendocrine tumor, evaluate for metastases.\n\n"
    "FINDINGS:\nLungs: Innumerable nodules.\n"
    "Liver: Innumerable metastases throughout both lobes, replacing approximately\n"
    "80% of the parenchyma.\nSpleen: Normal.\n\n"
    "IMPRESSION:\n1. Extensive hepatic metastases, progressive.\n2. Pulmonary nodules.\n"
)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text, id="as it is"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: text.replace("\n", "\r"), id="CR"),
        pytest.param(str.upper, id="capitals"),
        pytest.param(str.lower, id="small letters"),
        pytest.param(lambda text: text.replace(" ", "  "), id="two spaces"),
        pytest.param(lambda text: text.replace("\n", "\n    "), id="indented"),
        pytest.param(lambda text: f"\ufeff{text}\n\n\0", id="marks around it"),
    ],
)
def test_layout_does_not_change_what_a_report_says(
    assess: Assess, change: Callable[[str], str]
) -> None:
    said = assess(change(WHOLE))
    assert (said.burden, said.certainty, said.stated_percent) == ("extensive", "definite", (80, 80))


# --- points --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "burden"),
    [
        ((0, 10), "limited"),
        ((0, 25), "limited"),
        ((24, 24), "limited"),
        ((25, 25), "multiple"),
        ((30, 40), "multiple"),
        ((50, 50), "multiple"),
        ((51, 51), "extensive"),
        ((50, 100), "extensive"),
        ((75, 100), "extensive"),
        ((100, 100), "extensive"),
    ],
)
def test_a_share_has_its_level(pack: RulePack, share: tuple[float, float], burden: str) -> None:
    assert level_of_share(share, pack) == burden


def test_points_rise_with_burden_certainty_and_share(pack: RulePack) -> None:
    levels = [score_of(level, "definite", None, pack) for level in pack.burden.levels]
    assert levels == sorted(set(levels))
    definite = score_of("extensive", "definite", None, pack)
    assert score_of("multiple", "definite", None, pack) < score_of(
        "extensive", "hedged", None, pack
    )
    assert score_of("extensive", "hedged", None, pack) < definite
    assert definite < score_of("extensive", "definite", (60, 60), pack)
    assert score_of("extensive", "definite", (60, 60), pack) < score_of(
        "extensive", "definite", (90, 90), pack
    )
