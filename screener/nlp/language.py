"""The screen as a spaCy pipeline component, for those who compose their own pipelines.

Importing this module registers the factory ``screener``. A component reads ``doc.text`` and nothing
else of the Doc, whatever its tokens, and gives

* ``doc.spans["screener"]``: the findings, labelled with their concept, widened to whole tokens;
* ``span._.screener_finding``: the `Finding`, with its exact characters;
* ``doc._.screener_assessment``: the `Assessment`.

What it keeps on the Doc is plain data, so that a Doc can be stored and sent to another process.
"""

# No `from __future__ import annotations`: spaCy reads the annotations of a factory as they stand.

from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy import blank
from spacy.language import Language
from spacy.tokens import Doc, Span

import screener.nlp.medspacy_parts  # noqa: F401 - before anything imports all of spaCy
from screener.assessments import Assessment
from screener.findings import Finding
from screener.packs import RulePack, load_pack
from screener.reports import Report

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "screener"
DEFAULT_PACK = "liver_tumor_burden"


class ScreenerComponent:
    """Screens the text of a Doc and writes what it says onto the Doc.

    Parameters
    ----------
    pack
        The question.
    """

    def __init__(self, pack: RulePack) -> None:
        from screener.screening import Screener

        self.pack = pack
        self._screener = Screener(pack)

    def __call__(self, doc: Doc) -> Doc:
        """Return `doc` with its findings and assessment.

        Raises
        ------
        TextError
            When the text is too long for a report.
        """
        screened = self._screener.screen_report(Report("doc", "doc", doc.text))
        doc.spans[NAME] = [
            doc.char_span(
                finding.start, finding.end, finding.concept, alignment_mode="expand", span_id=str(i)
            )
            for i, finding in enumerate(screened.findings)
        ]
        # Lists, because medspaCy takes any stored mapping with a key "section" for one of its own.
        findings = [list(finding) for finding in screened.findings]
        doc.user_data[NAME] = [list(astuple(screened.assessment)), findings]
        return doc

    def __reduce__(self) -> "tuple[Callable[[RulePack], ScreenerComponent], tuple[RulePack]]":
        """Send the pack to another process and build anew there."""
        return ScreenerComponent, (self.pack,)


def make_component(nlp: Language, name: str, pack: str) -> ScreenerComponent:
    """Make the component of a pipeline; the factory that spaCy calls.

    Parameters
    ----------
    nlp, name
        The pipeline and the component's name in it; neither is read.
    pack
        The question: a pack's name or its folder.

    Raises
    ------
    PackError
        If there is no such pack, or it is wrong.
    """
    del nlp, name
    return ScreenerComponent(load_pack(pack))


def build_language(pack: str | Path = DEFAULT_PACK) -> Language:
    """Return a pipeline of a plain English tokenizer and the screener.

    Parameters
    ----------
    pack
        The question: a pack's name or its folder.

    Raises
    ------
    PackError
        If there is no such pack, or it is wrong.

    Examples
    --------
    >>> nlp = build_language()
    >>> doc = nlp("Innumerable hepatic metastases. No ascites.")
    >>> [(span.text, span.label_) for span in doc.spans["screener"]]
    [('Innumerable', 'uncountable'), ('hepatic', 'liver'), ('metastases', 'metastases')]
    >>> doc._.screener_assessment.burden
    'extensive'
    """
    nlp = blank("en")
    nlp.add_pipe(NAME, config={"pack": str(pack)})
    return nlp


def assessment_of(doc: Doc) -> Assessment | None:
    """Return what a Doc's text says, or ``None`` where the screener has not read it."""
    said, _ = doc.user_data.get(NAME, (None, ()))
    if said is None:
        return None
    # a Doc that was stored holds lists where there were tuples
    values: list[Any] = [tuple(v) if isinstance(v, list) else v for v in said]
    return Assessment(*values)


def finding_of(span: Span) -> Finding | None:
    """Return the finding of a span of ``doc.spans["screener"]``; ``None`` for other spans."""
    _, findings = span.doc.user_data.get(NAME, (None, ()))
    place = int(span.id_) if span.id_.isdecimal() else len(findings)
    if place >= len(findings):
        return None
    finding = Finding(*findings[place])
    is_in = span.start_char <= finding.start and finding.end <= span.end_char
    return finding if is_in and span.label_ == finding.concept else None


Language.factory(NAME, default_config={"pack": DEFAULT_PACK}, func=make_component)
Doc.set_extension("screener_assessment", getter=assessment_of, force=True)
Span.set_extension("screener_finding", getter=finding_of, force=True)
