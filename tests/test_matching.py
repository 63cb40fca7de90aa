"""Findings are spans of the text as exported, and ConText says what is asserted of them.

The expectation stands in the text: ``No <negated>metastases</negated>.``
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from conftest import texts
from hypothesis import example, given

from screener.findings import Finding
from screener.packs import RulePack
from screener.reports import Report
from screener.screening import Screener

FLAGS = ("negated", "historical", "hypothetical", "uncertain", "family")
_TAG = re.compile(r"<(/?)(asserted|unasserted|" + "|".join(FLAGS) + ")>")


@dataclass(frozen=True)
class Marked:
    """A stretch of a text and what is to be said of the lesion words in it."""

    start: int
    end: int
    expected: str


def marked(text: str) -> tuple[str, list[Marked]]:
    """Take the marks out of a text."""
    plain, at, opened = "", 0, 0
    marks: list[Marked] = []
    for tag in _TAG.finditer(text):
        plain += text[at : tag.start()]
        at = tag.end()
        if tag.group(1):
            marks.append(Marked(opened, len(plain), tag.group(2)))
        opened = len(plain)
    return plain + text[at:], marks


def findings(screener: Screener, text: str) -> list[Finding]:
    """All findings of a text, of every organ and role."""
    passages, _ = screener.read(Report("r1", "p1", text))
    return [finding for passage in passages for finding in passage.findings]


def holds(expected: str, finding: Finding) -> bool:
    if expected == "asserted":
        return finding.is_asserted and not finding.uncertain
    if expected == "unasserted":
        return not finding.is_asserted
    if expected == "uncertain":
        return finding.is_asserted and finding.uncertain
    return bool(getattr(finding, expected)) and not finding.is_asserted


def check(screener: Screener, pack: RulePack, text: str) -> None:
    plain, marks = marked(text)
    assert marks
    found = findings(screener, plain)
    for mark in marks:
        here = [f for f in found if f.start < mark.end and mark.start < f.end]
        lesions = [
            f
            for f in here
            if f.concept in pack.concept and pack.concept[f.concept].role == "lesion"
        ]
        assert lesions, f"no lesion word found in {plain[mark.start : mark.end]!r}"
        for finding in lesions:
            assert holds(mark.expected, finding), (
                f"{finding.text!r} is not {mark.expected}: {finding}"
            )


@pytest.mark.parametrize(
    "text",
    [
        "No <negated>metastases</negated>.",
        "No hepatic <negated>metastases</negated>.",
        "There are no liver <negated>metastases</negated>.",
        "No evidence of hepatic <negated>metastases</negated>.",
        "No CT evidence of hepatic <negated>metastatic disease</negated>.",
        "Without hepatic <negated>metastases</negated>.",
        "Liver is free of <negated>metastases</negated>.",
        "Negative for hepatic <negated>metastases</negated>.",
        "Hepatic <negated>metastases</negated> are not seen.",
        "Hepatic <negated>metastases</negated>: none.",
        "Hepatic <negated>metastases</negated> are absent.",
        "The liver does not show <negated>metastases</negated>.",
        "No innumerable liver <negated>metastases</negated>.",
        "Neither hepatic nor pulmonary <negated>metastases</negated>.",
        "NO LIVER <negated>METASTASES</negated>.",
        "No evidence of hepatic\n<negated>metastases</negated>.",
        "No suspicious hepatic <negated>lesions</negated>.",
        "The liver is negative for <negated>metastases</negated>.",
        "No pulmonary, hepatic or osseous <negated>metastases</negated>.",
        "No evidence of lung, hepatic, or bone <negated>metastases</negated>.",
        "No new hepatic <unasserted>metastases</unasserted>.",
        "No definite hepatic <unasserted>metastases</unasserted>.",
        "Hepatic <unasserted>metastases</unasserted> are unlikely.",
    ],
)
def test_what_is_denied_is_negated(screener: Screener, pack: RulePack, text: str) -> None:
    check(screener, pack, text)


@pytest.mark.parametrize(
    "text",
    [
        "No change in innumerable liver <asserted>metastases</asserted>.",
        "No significant interval change in the hepatic <asserted>metastases</asserted>.",
        "No interval decrease in hepatic <asserted>metastases</asserted>.",
        "Hepatic <asserted>metastases</asserted> are not significantly changed.",
        "Hepatic <asserted>metastases</asserted>, not decreased.",
        "The hepatic <asserted>metastases</asserted> have not resolved.",
        "Innumerable hepatic <asserted>metastases</asserted>, no ascites.",
        "No ascites; innumerable hepatic <asserted>metastases</asserted>.",
        "No ascites. Innumerable hepatic <asserted>metastases</asserted>.",
        "No ascites, but innumerable hepatic <asserted>metastases</asserted>.",
        "There is no ascites and there are innumerable hepatic <asserted>metastases</asserted>.",
        "No ascites\nInnumerable hepatic <asserted>metastases</asserted>",
        "No lung <negated>metastases</negated>, many liver <asserted>metastases</asserted>.",
        "Many liver <asserted>metastases</asserted> without lung <negated>metastases</negated>.",
        "Hepatic <asserted>metastases</asserted> which cannot be counted.",
        "Hepatic <asserted>metastases</asserted> with no normal parenchyma remaining.",
        "No doubt these are hepatic <asserted>metastases</asserted>.",
    ],
)
def test_a_negation_reaches_what_it_denies_and_no_further(
    screener: Screener, pack: RulePack, text: str
) -> None:
    check(screener, pack, text)


@pytest.mark.parametrize(
    "text",
    [
        "History of hepatic <historical>metastases</historical>.",
        "Previously seen hepatic <historical>metastases</historical> have resolved.",
        "Hepatic <historical>metastases</historical> have resolved.",
        "Hepatic <unasserted>metastases</unasserted> are no longer seen.",
        "Status post resection of hepatic <historical>metastases</historical>.",
        "Resolution of hepatic <historical>metastases</historical>.",
        "COMPARISON: CT showing hepatic <historical>metastases</historical>.",
        "INDICATION: Hepatic <historical>metastases</historical>.\nFINDINGS: Normal.",
        "Previously described hepatic <historical>metastases</historical> are no longer visible.",
        "Hepatic <historical>metastases</historical> were resected.",
    ],
)
def test_what_was_is_historical(screener: Screener, pack: RulePack, text: str) -> None:
    check(screener, pack, text)


@pytest.mark.parametrize(
    "text",
    [
        "Hepatic <asserted>metastases</asserted> are again seen.",
        "Redemonstrated hepatic <asserted>metastases</asserted>.",
        "Unchanged hepatic <asserted>metastases</asserted>.",
        "Stable hepatic <asserted>metastases</asserted>.",
        "Known hepatic <asserted>metastases</asserted>.",
        "Persistent hepatic <asserted>metastases</asserted>.",
        "Hepatic <asserted>metastases</asserted> have increased since the prior study.",
        "Hepatic <asserted>metastases</asserted> have decreased but are still innumerable.",
        "Hepatic <asserted>metastases</asserted> are unchanged compared with the prior CT.",
        "Compared with the prior CT, the hepatic <asserted>metastases</asserted> are larger.",
    ],
)
def test_what_is_still_there_is_current(screener: Screener, pack: RulePack, text: str) -> None:
    check(screener, pack, text)


@pytest.mark.parametrize(
    "text",
    [
        "Evaluate for hepatic <hypothetical>metastases</hypothetical>.",
        "Rule out hepatic <hypothetical>metastases</hypothetical>.",
        "Hepatic <hypothetical>metastases</hypothetical> cannot be excluded.",
        "Cannot exclude hepatic <hypothetical>metastases</hypothetical>.",
        "Question of hepatic <hypothetical>metastases</hypothetical>.",
        "If hepatic <hypothetical>metastases</hypothetical> are suspected, MRI is advised.",
        "Should there be hepatic <hypothetical>metastases</hypothetical>, biopsy is advised.",
        "RECOMMENDATION: MRI for hepatic <hypothetical>metastases</hypothetical>.",
        "Hepatic <hypothetical>metastases</hypothetical>?",
    ],
)
def test_what_is_asked_is_hypothetical(screener: Screener, pack: RulePack, text: str) -> None:
    check(screener, pack, text)


@pytest.mark.parametrize(
    "text",
    [
        "Suspicious for hepatic <uncertain>metastases</uncertain>.",
        "Liver lesions concerning for <uncertain>metastases</uncertain>.",
        "Likely hepatic <uncertain>metastases</uncertain>.",
        "Probable hepatic <uncertain>metastases</uncertain>.",
        "Presumed hepatic <uncertain>metastases</uncertain>.",
        "Suggestive of hepatic <uncertain>metastases</uncertain>.",
        "Worrisome for hepatic <uncertain>metastases</uncertain>.",
        "Hepatic <uncertain>metastases</uncertain> are favored.",
        "Liver lesions consistent with <asserted>metastases</asserted>.",
        "Liver lesions compatible with <asserted>metastases</asserted>.",
        "Liver lesions in keeping with <asserted>metastases</asserted>.",
        "Liver lesions diagnostic of <asserted>metastases</asserted>.",
    ],
)
def test_what_is_hedged_is_uncertain_and_asserted(
    screener: Screener, pack: RulePack, text: str
) -> None:
    check(screener, pack, text)


@pytest.mark.parametrize(
    "text",
    [
        "Mother had liver <family>metastases</family>.",
        "Family history of liver <family>metastases</family>.",
        "FAMILY HISTORY: Father with innumerable liver <family>metastases</family>.",
        "Her sister died of hepatic <family>metastases</family>.",
        "The donor had hepatic <family>metastases</family>.",
    ],
)
def test_what_a_relative_has_is_of_the_family(
    screener: Screener, pack: RulePack, text: str
) -> None:
    check(screener, pack, text)


@pytest.mark.parametrize(
    "text",
    [
        "Liver: No <negated>metastases</negated>.",
        "Liver: no hepatic <negated>metastases</negated>.",
        "Liver - no <negated>metastases</negated>",
        "Liver: [ ] many [x] No <negated>metastases</negated>",
    ],
)
def test_a_denial_may_begin_what_stands_after_a_colon(
    screener: Screener, pack: RulePack, text: str
) -> None:
    check(screener, pack, text)


# --- spans ---------------------------------------------------------------------------------------


@given(text=texts())
@example(text="İnnumerable İ hepatic metastases İ")
@example(text="Innumerable\0hepatic\r\nmetastases\rin the liver")
@example(text="\ufeffInnumerable  hepatic\u00a0metastases\u2028replacing\u2028½ of the liver")
@example(text="metastases " * 400)
def test_every_finding_is_a_span_of_any_text(screener: Screener, text: str) -> None:
    for finding in findings(screener, text):
        assert 0 <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.text
        assert finding.cue in text or finding.cue == f"[{finding.section}]"


@given(text=texts())
def test_a_cue_is_named_where_something_is_not_plainly_asserted(
    screener: Screener, text: str
) -> None:
    for finding in findings(screener, text):
        assert bool(finding.cue) == any(getattr(finding, flag) for flag in FLAGS)


@given(text=texts())
def test_reading_leaves_no_trace_in_the_screener(screener: Screener, text: str) -> None:
    before = findings(screener, "No hepatic metastases. Innumerable liver lesions.")
    findings(screener, text)
    assert findings(screener, "No hepatic metastases. Innumerable liver lesions.") == before


def test_the_longest_wording_of_a_kind_counts_once(screener: Screener) -> None:
    found = [
        f.text for f in findings(screener, "Hepatic metastatic disease too numerous to count.")
    ]
    assert found.count("metastatic disease") == 1
    assert found.count("too numerous to count") == 1
    assert "too numerous" not in found


def test_the_cue_is_told_as_exported(screener: Screener) -> None:
    (finding,) = (f for f in findings(screener, "NO  Evidence of METASTASES") if f.negated)
    assert finding.text == "METASTASES"
    assert finding.cue.startswith("NO")
