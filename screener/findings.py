"""What the pipeline finds in a report: spans of its text with their assertion.

A :class:`Finding` knows its characters and, for putting findings together, the words that it covers
in its segment. A :class:`Passage` is one segment as it was read: where it stands, and its
:class:`Content`, the words and findings. Hospitals repeat sentences, so contents are shared, and
what follows from a content alone is kept with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

Kept = TypeVar("Kept")
Bounds = tuple[float, float]
"""The least and the most that a number says, inclusive."""


class Finding(NamedTuple):
    """A span of a report that a rule of the pack matched.

    A tuple, since many are made for each report: it takes a third of the time of a frozen
    dataclass.

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

    def moved(self, report_id: str, by: int) -> Finding:
        """Return the finding in a report, so many characters further on."""
        if not by and report_id == self.report_id:
            return self
        return Finding._make((report_id, self.start + by, self.end + by, *self[_UNMOVED:]))


_UNMOVED = 3
"""Place of the first field of a finding that is the same wherever it stands."""


@dataclass(frozen=True, eq=False)
class Content:
    """What a segment says wherever it stands; segments of one content share it.

    Attributes
    ----------
    section, organs
        As those of `Passage`.
    words
        Its words as they were compared: lower case, spelling corrected.
    findings
        In order; their characters count from the start of the segment, and they are of no report.
    """

    section: str
    organs: tuple[str, ...]
    words: tuple[str, ...]
    findings: tuple[Finding, ...]

    @cached_property
    def passage(self) -> Passage:
        """The content as a passage of its own, at the start of no report."""
        return Passage(0, 0, 0, 0, "", self)

    @cached_property
    def _kept(self) -> dict[Callable[..., object], Any]:
        return {}

    def keep(self, make: Callable[..., Kept], *context: object) -> Kept:
        """Return what a function makes of this content, made once.

        Parameters
        ----------
        make
            Is given the content, and what it needs besides.
        context
            The same each time: a content was read with one pack, and so is what is kept of it.
        """
        found: Kept
        try:
            found = self._kept[make]
        except KeyError:
            found = self._kept[make] = make(self, *context)
        return found


class _Place(NamedTuple):
    """What a passage is made of."""

    start: int
    end: int
    order: int
    paragraph: int
    report_id: str
    content: Content


class Passage(_Place):
    """One segment of a report as it was read.

    Attributes
    ----------
    start, end
        Characters of the text as exported, half-open.
    order
        Number of its section within the report.
    paragraph
        Number of its paragraph within the report.
    report_id
        The report it stands in.
    content
        What it says.
    """

    @property
    def section(self) -> str:
        """Kind of its section."""
        return self.content.section

    @property
    def organs(self) -> tuple[str, ...]:
        """Organs of the heading above it; empty where there is none."""
        return self.content.organs

    @property
    def words(self) -> tuple[str, ...]:
        """Its words as they were compared: lower case, spelling corrected."""
        return self.content.words

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Its findings, in order of the text."""
        if not self.start and not self.report_id:
            return self.content.findings
        return tuple(f.moved(self.report_id, self.start) for f in self.content.findings)

    def finding(self, place: int) -> Finding:
        """Return one finding by its number; the others need not be made for it."""
        return self.content.findings[place].moved(self.report_id, self.start)

    def with_findings(self, findings: Iterable[Finding]) -> Passage:
        """Return the passage with other findings of it."""
        moved = tuple(f.moved("", -self.start) for f in findings)
        return self._replace(content=replace(self.content, findings=moved))
