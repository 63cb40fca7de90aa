"""What the pipeline finds in a report: spans of its text with their assertion.

A :class:`Finding` knows its characters and, for putting findings together, the words that it covers
in its segment. A :class:`Passage` is one segment as it was read: where it stands, its words, its
findings.
"""

from __future__ import annotations

from dataclasses import dataclass

Bounds = tuple[float, float]
"""The least and the most that a number says, inclusive."""


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
        Its assertion. `historical` is also true of what the report says has resolved.
    cue
        The words that decided the assertion, as exported; empty where there are none.
    rule_id
        The rule of the pack that matched the span.
    first, last
        Words of its segment that it covers, half-open.
    low, high
        For a number: its bounds (percent for shares); ``None`` for words.
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
    first: int = 0
    last: int = 0
    low: float | None = None
    high: float | None = None

    @property
    def is_asserted(self) -> bool:
        """Whether the report says that it is there, now, in this patient, if only as likely."""
        return not (self.negated or self.historical or self.hypothetical or self.family)


@dataclass(frozen=True, slots=True)
class Passage:
    """One segment of a report as it was read.

    Attributes
    ----------
    start, end
        Characters of the text as exported, half-open.
    section, order
        Kind of its section, and the number of that section within the report.
    organs
        Organs of the heading above it; empty where there is none.
    paragraph
        Number of its paragraph within the report.
    words
        Its words as they were compared: lower case, spelling corrected.
    findings
        In order of the text.
    """

    start: int
    end: int
    section: str
    order: int
    organs: tuple[str, ...]
    paragraph: int
    words: tuple[str, ...]
    findings: tuple[Finding, ...]
