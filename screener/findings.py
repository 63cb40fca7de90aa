"""What the pipeline finds in a report: spans of its text with their assertion."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A span of a report that a rule of the pack matched.

    Attributes
    ----------
    report_id
        The report it was found in.
    start, end
        Characters of ``Report.text`` as exported, half-open: ``text[start:end] == Finding.text``.
    text
        The words as exported.
    concept
        Name of the pack's concept, such as ``uncountable`` or ``metastasis``.
    section
        Kind of the section it stands in, such as ``impression``.
    negated, historical, hypothetical, uncertain, family
        Its assertion.
    cue
        The words that decided the assertion, as exported; empty where there are none.
    rule_id
        The rule of the pack that matched the span.
    """

    report_id: str
    start: int
    end: int
    text: str
    concept: str
    section: str
    negated: bool
    historical: bool
    hypothetical: bool
    uncertain: bool
    family: bool
    cue: str
    rule_id: str
