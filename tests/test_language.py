"""The screen as a spaCy component: spans and an assessment on the Doc, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import texts
from hypothesis import given

from screener import build_language
from screener.errors import PackError
from screener.reports import Report
from screener.screening import Screener

ROOT = Path(__file__).parent.parent
TEXT = "FINDINGS:\r\nNo liver-metastases in 2019.\r\nNow innumerable hepatic metastases."


@pytest.fixture(scope="module")
def nlp() -> Any:
    return build_language("liver_tumor_burden")


def test_a_doc_gets_what_the_screen_says(nlp: Any, screener: Screener) -> None:
    doc = nlp(TEXT)
    screened = screener.screen_report(Report("doc", "doc", TEXT))
    assert doc._.screener_assessment == screened.assessment
    assert [s._.screener_finding for s in doc.spans["screener"]] == list(screened.findings)
    assert doc._.screener_assessment.burden == "extensive"


def test_spans_are_findings_widened_to_tokens_and_labelled_with_the_concept(nlp: Any) -> None:
    doc = nlp(TEXT)
    assert doc.spans["screener"]
    for span in doc.spans["screener"]:
        finding = span._.screener_finding
        assert span.label_ == finding.concept
        assert TEXT[finding.start : finding.end] == finding.text
        assert finding.text in span.text


def test_two_findings_of_the_same_token_are_told_apart(nlp: Any) -> None:
    (token,) = (s for s in nlp("Panhepatic metastases.") if s.text == "Panhepatic")
    here = [s for s in token.doc.spans["screener"] if s.start == token.i]
    assert len(here) > 1
    assert all(s._.screener_finding.concept == s.label_ for s in here)


@given(text=texts())
def test_any_doc_is_read_as_its_text(nlp: Any, screener: Screener, text: str) -> None:
    doc = nlp(text)
    screened = screener.screen_report(Report("doc", "doc", doc.text))
    assert [s._.screener_finding for s in doc.spans["screener"]] == list(screened.findings)
    assert doc._.screener_assessment == screened.assessment


def test_nothing_else_on_the_doc_is_touched(nlp: Any) -> None:
    doc = nlp(TEXT)
    bare = nlp.make_doc(TEXT)
    assert doc.text == bare.text == TEXT
    assert [token.text for token in doc] == [token.text for token in bare]
    assert (len(doc.ents), list(doc.spans), list(doc.user_data)) == (0, ["screener"], ["screener"])
    assert not doc.has_annotation("SENT_START")


def test_a_doc_that_was_not_read_says_nothing(nlp: Any) -> None:
    doc = nlp.make_doc(TEXT)
    assert doc._.screener_assessment is None
    assert doc[0:1]._.screener_finding is None


def test_a_span_of_ones_own_has_no_finding(nlp: Any) -> None:
    doc = nlp(TEXT)
    assert doc[0:2]._.screener_finding is None
    assert doc.char_span(0, 8, label="liver", span_id="0")._.screener_finding is None


def test_a_doc_survives_being_stored(nlp: Any) -> None:
    from spacy.tokens import DocBin

    doc = nlp("Metastases replace 70-80% of the liver.")
    (stored,) = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    assert stored._.screener_assessment == doc._.screener_assessment
    assert stored._.screener_assessment.stated_percent == (70, 80)
    assert [s._.screener_finding for s in stored.spans["screener"]] == [
        s._.screener_finding for s in doc.spans["screener"]
    ]


def test_it_composes_with_other_components(nlp: Any) -> None:
    nlp.add_pipe("sentencizer", first=True)
    try:
        doc = nlp("The liver is large. Innumerable hepatic metastases.")
        assert len(list(doc.sents)) == 2
        assert doc._.screener_assessment.burden == "extensive"
    finally:
        nlp.remove_pipe("sentencizer")


def test_many_docs_are_read_in_order(nlp: Any) -> None:
    docs = nlp.pipe(["Innumerable hepatic metastases.", "Normal liver."] * 3)
    assert [doc._.screener_assessment.burden for doc in docs] == ["extensive", "none"] * 3


def test_the_pack_is_in_the_config(nlp: Any) -> None:
    assert nlp.config["components"]["screener"] == {
        "factory": "screener",
        "pack": "liver_tumor_burden",
    }


def test_a_pack_that_is_not_there_is_named() -> None:
    with pytest.raises(PackError, match="No pack named 'livr'"):
        build_language("livr")


def test_a_pipeline_can_be_saved(nlp: Any, tmp_path: Path) -> None:
    import spacy

    nlp.to_disk(tmp_path)
    doc = spacy.load(tmp_path)(TEXT)
    assert doc._.screener_assessment == nlp(TEXT)._.screener_assessment


def test_by_the_entry_point_it_needs_no_import_tells_nothing_and_runs_in_processes(
    tmp_path: Path,
) -> None:
    info = tmp_path / "screener_entry_point-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: screener-entry-point\nVersion: 0\n"
    )
    (info / "entry_points.txt").write_text(
        "[spacy_factories]\nscreener = screener.nlp.language:make_component\n"
    )
    code = (
        "import spacy\n"
        "nlp = spacy.blank('en')\n"
        "nlp.add_pipe('screener', config={'pack': 'liver_tumor_burden'})\n"
        "texts = ['No zqxname. Innumerable hepatic metastases. zqxname', 'zqxname'] * 2\n"
        "docs = [*nlp.pipe(texts), *nlp.pipe(texts, n_process=2, batch_size=1)]\n"
        "print(*(doc._.screener_assessment.burden for doc in docs))"
    )
    path = os.pathsep.join([str(tmp_path), str(ROOT), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.split() == ["extensive", "none"] * 4
