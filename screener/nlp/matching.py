"""The targets and cues of a pack matched in one segment, which makes it a passage of findings.

The words of a segment become a Doc of corrected words; white space, line wraps and case are gone
from it, and each word keeps its characters of the report beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from screener.findings import Finding, Passage
from screener.nlp.assertions import Assertion, assertions_of
from screener.nlp.engines import TARGETS, Context, Targets, blank_language
from screener.nlp.quantities import Quantity, find_quantities
from screener.nlp.segments import Segment
from screener.nlp.spelling import Spelling
from screener.packs import RulePack
from screener.phrases import WORD, plain_word

END = "¶"
"""The word that stands for the end of a segment; cues name it."""
QUERY = "¿"
"""The word that a question mark before a word becomes; cues name it."""
_RUN_ON = 11
"""Words from which a segment without punctuation is taken for several sentences."""
_PUNCTUATION = frozenset(",;.:-–()/")
"""Signs of which one shows that a segment is punctuated."""
_DENIALS = frozenset("no without nor nil".split())
_GOES_ON = frozenset(
    "in of to within the or and into involving suggest indicate represent for from any new other "
    "with "
    "suspicious active focal current a further known".split()
)
"""Words after which an organ goes on with what was said and begins nothing."""
_BETWEEN = frozenset(["between", "among", "amid"])
"""Words that put lesions beside what is left of the organ."""
_OF = frozenset(["of", "from", "without", "not"])
"""Words after which lesions are what is missing: "free from tumor"."""
_TRAILING = frozenset(".;|,")
"""Signs at the end of a segment that say nothing."""
_LAYERS = {
    "organ": 1, "part": 1, "lesion": 2, "malignancy": 3, "extent": 4, "link": 5, "relation": 5,
    "measure": 6, "quantity": 7,
}  # fmt: skip
"""Within a layer the longest wording wins; across layers wordings may overlap."""
_IN_CONTEXT = frozenset({"organ", "lesion", "malignancy", "extent", "quantity"})
"""Roles that cues act upon."""
_YIELDS = frozenset({"link", "relation", "measure"})
"""Roles whose words give way to a number that they are part of, as in "below 25%"."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a segment as they are compared, and the characters of each in the report."""

    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def covered(self, first: int, last: int) -> tuple[int, int]:
        """Characters of some words, half-open like the words."""
        return self.spans[first][0], self.spans[last - 1][1]


@dataclass(frozen=True, slots=True)
class _Match:
    """A target or number at some words of a segment."""

    first: int
    last: int
    role: str
    concept: str
    rule_id: str
    quantity: Quantity | None = None


class Matcher:
    """Matches a pack's targets and cues in one segment at a time.

    Building one imports medspaCy, which takes a second or two. What a segment is read as depends on
    the segment and the pack alone; spellings and wordings once met are kept.
    """

    def __init__(self, pack: RulePack) -> None:
        self.pack = pack
        self._spelling = Spelling(pack)
        self._nlp = blank_language()
        self._targets = Targets(self._nlp, pack)
        self._context = Context(self._nlp, pack)

    def read(self, report_id: str, text: str, segment: Segment) -> Passage:
        """Return one segment of `text` with its words and findings."""
        words = self._words(text, segment)
        findings: list[Finding] = []
        numbers = find_quantities(words.words)
        if self._targets.prepare(words.words) or numbers:
            doc, matches = self._matches(words.words, numbers)
            assertions = assertions_of(doc, self._restarts(words.words, matches))
            for match in (m for m in matches if not self._is_ignored(m)):
                assertion = assertions.get((match.first, match.last), Assertion())
                findings.append(self._finding(report_id, segment, words, match, assertion))
        return Passage(
            start=segment.start,
            end=segment.end,
            section=segment.section,
            order=segment.order,
            organs=segment.organs,
            paragraph=segment.paragraph,
            words=words.words,
            findings=tuple(sorted(findings, key=lambda f: (f.first, f.last))),
        )

    def _words(self, text: str, segment: Segment) -> _Words:
        spans: list[tuple[int, int]] = []
        words: list[str] = []
        for match in WORD.finditer(text, segment.start, segment.end):
            if any(first <= match.start() < last for first, last in segment.masked):
                continue
            word = self._spelling.correct(plain_word(match.group()))
            if word == "?" and _asks(text, match, opens=not words):
                word = QUERY
            spans.append(match.span())
            words.append(word)
        while words and words[-1] in _TRAILING:
            spans.pop()
            words.pop()
        if words:
            spans.append((spans[-1][1], spans[-1][1]))
            words.append(END)
        return _Words(text, tuple(words), tuple(spans))

    def _matches(
        self, words: Sequence[str], numbers: Sequence[Quantity]
    ) -> tuple[Any, list[_Match]]:
        """The targets and numbers of a segment, and its Doc after ConText."""
        from spacy.tokens import Doc, Span

        starts = [True] + [False] * (len(words) - 1)
        doc = Doc(self._nlp.vocab, words=list(words), sent_starts=starts)
        targets = _longest(
            _Match(first, last, concept.role, concept.name, rule_id)
            for first, last, concept, rule_id in self._targets.find(doc)
        )
        matches = _with_numbers(self._apart(words, targets, numbers), numbers)
        in_context = {
            (m.first, m.last, m.role): Span(doc, m.first, m.last, label=m.role)
            for m in matches
            if m.role in _IN_CONTEXT
        }
        doc.spans[TARGETS] = list(in_context.values())
        self._context.prepare(words)
        return self._context.apply(doc), matches

    def _apart(
        self, words: Sequence[str], matches: Sequence[_Match], numbers: Sequence[Quantity]
    ) -> list[_Match]:
        """The matches without rests that hold lesions: "only three remain"."""
        rests = [m for m in matches if m.role == "extent" and self._measure(m) == "rest"]
        matches = [m for m in matches if not (self._denies(m) and _overlaps(m, rests))]
        lesions = [m for m in matches if m.role == "lesion"]
        counted: list[_Match | Quantity] = [*lesions]
        counted += [n for n in numbers if words[n.first - 1 : n.last] != ("not", "one")]
        return [
            m
            for m in matches
            if m.role not in ("extent", "measure")
            or self._measure(m) != "rest"
            or _BETWEEN & set(words[m.first : m.last])
            or not (
                any(m.first < o.first and o.last <= m.last for o in counted)
                or (words[m.last - 1] not in _OF and any(m.last == o.first for o in lesions))
            )
        ]

    def _measure(self, match: _Match) -> str | None:
        concept = self.pack.concept.get(match.concept)
        return concept.measure if concept else None

    def _denies(self, match: _Match) -> bool:
        concept = self.pack.concept.get(match.concept)
        return concept is not None and concept.denies

    def _restarts(self, words: Sequence[str], matches: Sequence[_Match]) -> list[int]:
        """Where run-on text without punctuation turns to an organ and a negation ends."""
        if len(words) < _RUN_ON or _PUNCTUATION & set(words):
            return []
        return [
            m.first
            for m in matches
            if m.role == "organ"
            and any(o.last < m.first - 1 and o.role in ("organ", "lesion") for o in matches)
            and words[m.first - 1] not in _DENIALS
            and words[m.first - 1] not in _GOES_ON
        ]

    def _is_ignored(self, match: _Match) -> bool:
        return match.role != "quantity" and self.pack.concept[match.concept].ignore

    def _finding(
        self, report_id: str, segment: Segment, words: _Words, match: _Match, said: Assertion
    ) -> Finding:
        start, end = words.covered(match.first, match.last)
        cue = words.text[slice(*words.covered(*said.cue))] if said.cue else ""
        is_quoted = any(a <= start and end <= b for a, b in segment.quoted)
        kind = self.pack.section.get(segment.section)
        by_section = kind.assertion if kind is not None else "current"
        cue = cue or ('"' if is_quoted else "")
        cue = cue or (f"[{segment.section}]" if by_section != "current" else "")
        return Finding(
            report_id=report_id,
            start=start,
            end=end,
            text=words.text[start:end],
            concept=match.concept,
            section=segment.section,
            negated=said.negated,
            historical=said.historical or is_quoted or by_section == "historical",
            hypothetical=said.hypothetical or by_section == "hypothetical",
            uncertain=said.uncertain,
            family=said.family,
            cue=cue,
            rule_id=match.rule_id,
            first=match.first,
            last=match.last,
            low=match.quantity.low if match.quantity else None,
            high=match.quantity.high if match.quantity else None,
        )


def _overlaps(match: _Match, others: Iterable[_Match]) -> bool:
    return any(match.first < o.last and o.first < match.last for o in others)


def _asks(text: str, mark: re.Match[str], *, opens: bool) -> bool:
    """Whether a question mark stands before what it asks, as in "?metastases"."""
    after = text[mark.end() : mark.end() + 1]
    return after.isalpha() or (opens and bool(text[mark.end() : mark.end() + 2].strip()))


def _with_numbers(matches: list[_Match], numbers: Iterable[Quantity]) -> list[_Match]:
    """The matches with the numbers that no word of a target holds."""
    for number in numbers:
        over = [m for m in matches if m.first < number.last and number.first < m.last]
        if all(m.role in _YIELDS or _spans_share(m, number) for m in over):
            rule_id = f"quantity:{number.kind}"
            match = _Match(number.first, number.last, "quantity", number.kind, rule_id, number)
            matches = [*(m for m in matches if m.role not in _YIELDS or m not in over), match]
    return matches


def _spans_share(match: _Match, number: Quantity) -> bool:
    """Whether a share stands in a gap of an extent: "the liver is 80% replaced by tumor"."""
    is_within = match.first < number.first and number.last < match.last
    return match.role == "extent" and number.kind == "share" and is_within


def _longest(matches: Iterable[_Match]) -> list[_Match]:
    """Of overlapping matches of one layer, the longest; then the first."""
    kept: list[_Match] = []
    for match in sorted(matches, key=lambda m: (m.first - m.last, m.first, m.rule_id)):
        layer = [k for k in kept if _LAYERS[k.role] == _LAYERS[match.role]]
        if not any(k.first < match.last and match.first < k.last for k in layer):
            kept.append(match)
    return sorted(kept, key=lambda m: (m.first, m.last, m.role))
