"""The targets and cues of a pack matched in one segment, which makes it a passage of findings.

The words of a segment become a Doc of corrected words; white space, line wraps and case are gone
from it, and each word keeps its characters of the report beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from screener.findings import Content, Finding, Passage
from screener.nlp.assertions import Assertion, assertions_of
from screener.nlp.engines import TARGETS, Context, Targets, blank_language
from screener.nlp.matches import Match, Number, longest, overlaps, place_of, with_numbers
from screener.nlp.quantities import find_quantities
from screener.nlp.readings import Kept, Reading, alike
from screener.nlp.segments import Segment
from screener.nlp.spelling import Spelling
from screener.nlp.wordings import CLAUSE_ENDS
from screener.packs import RulePack
from screener.phrases import WORD, plain_word, vocabulary

Span = tuple[int, int]
_Setting = tuple[str, tuple[str, ...], tuple[Span, ...]]
"""Of a segment: kind of its section, organs of its heading, and what of it is quoted."""
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
_OF = frozenset(["of", "from", "without", "not", "escaped", "escapes", "escape", "evaded"])
"""Words after which lesions are what is missing: "free from tumor"."""
_NOT = frozenset(["not", "without", "non", "-"])
"""Words in a rest after which lesions are what it has none of: "hardly any that is not tumor"."""
_SHARE_OF = frozenset("of the this her his its total whole".split())
"""Words between a share and the organ that it is one of."""
_ONE = ("not", "one")
"""A number that denies."""
_TRAILING = frozenset(".;|,")
"""Signs at the end of a segment that say nothing."""
_IN_CONTEXT = frozenset({"organ", "lesion", "malignancy", "extent", "quantity"})
"""Roles that cues act upon."""
_PLAIN = Assertion()
_CONTENTS = 20_000
"""Segments that are kept with all that was found out of them, some kilobytes each."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a segment as they are compared, and the characters of each in its text."""

    text: str
    words: tuple[str, ...]
    spans: tuple[Span, ...]

    def covered(self, first: int, last: int) -> Span:
        """Characters of some words, half-open like the words."""
        return self.spans[first][0], self.spans[last - 1][1]


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
        self._known = _known_words(pack)
        self._readings = Kept(self._reading)
        self._alike = Kept(self._reading_of_alike)
        self._plain = Kept(self._plain_word)
        self._of_text = Kept(self._split_whole, _CONTENTS)
        self._contents = Kept(self._content, _CONTENTS)

    def read(self, report_id: str, text: str, segment: Segment) -> Passage:
        """Return one segment of `text` with its words and findings."""
        start, end, section, order, organs, paragraph, masked, quoted = segment
        own = text[start:end]
        if masked or quoted or "?" in own:
            content = self._content_of(text, segment)
        else:
            content = self._contents[own, (section, organs, ())]
        return Passage(start, end, order, paragraph, report_id, content)

    def _content_of(self, text: str, segment: Segment) -> Content:
        """The content of a segment that depends on more than its text and setting, or may."""
        start, own = segment.start, text[segment.start : segment.end]
        quoted = tuple((a - start, b - start) for a, b in segment.quoted)
        setting = (segment.section, segment.organs, quoted)
        words, spans = self._split(text, start, segment.end, segment.masked)
        moved = tuple((a - start, b - start) for a, b in spans)
        return self._made(_Words(own, words, moved), setting)

    def _content(self, key: tuple[str, _Setting]) -> Content:
        text, setting = key
        return self._made(_Words(text, *self._of_text[text]), setting)

    def _made(self, words: _Words, setting: _Setting) -> Content:
        section, organs, _ = setting
        reading = self._readings[words.words]
        findings = tuple(self._finding(words, setting, match, said) for match, said in reading)
        return Content(section, organs, words.words, findings)

    def _split_whole(self, text: str) -> tuple[tuple[str, ...], tuple[Span, ...]]:
        return self._split(text, 0, len(text), ())

    def _split(
        self, text: str, start: int, end: int, masked: Sequence[Span]
    ) -> tuple[tuple[str, ...], tuple[Span, ...]]:
        """The words between two places of a text, and where each stands."""
        spans: list[Span] = []
        words: list[str] = []
        for match in WORD.finditer(text, start, end):
            if any(first <= match.start() < last for first, last in masked):
                continue
            word = self._plain[match.group()]
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
        return tuple(words), tuple(spans)

    def _plain_word(self, word: str) -> str:
        return self._spelling.correct(plain_word(word))

    def _reading(self, words: tuple[str, ...]) -> Reading:
        """What the words of a segment are read as."""
        numbers = {(q.first, q.last): q for q in find_quantities(words)}
        spans = tuple((*span, q.kind) for span, q in numbers.items())
        return tuple(
            (replace(m, quantity=numbers[m.first, m.last]) if m.role == "quantity" else m, said)
            for m, said in self._alike[alike(words, self._known), spans]
        )

    def _reading_of_alike(self, key: tuple[tuple[str, ...], tuple[Number, ...]]) -> Reading:
        """What words are read as that have numbers at some places, whatever the numbers."""
        words, numbers = key
        if not self._targets.prepare(words) and not numbers:
            return ()
        doc, matches = self._matches(words, numbers)
        said: dict[Span, Assertion] = {}
        if self._context.prepare(words):
            said = assertions_of(self._context.apply(doc), self._restarts(words, matches))
        told = sorted((m for m in matches if not self._is_ignored(m)), key=place_of)
        return tuple((m, said.get((m.first, m.last), _PLAIN)) for m in told)

    def _matches(self, words: Sequence[str], numbers: Sequence[Number]) -> tuple[Any, list[Match]]:
        """The targets and numbers of a segment, and its Doc with those that ConText reads."""
        from spacy.tokens import Doc, Span

        starts = [True] + [False] * (len(words) - 1)
        doc = Doc(self._nlp.vocab, words=list(words), sent_starts=starts)
        targets = longest(
            Match(first, last, concept.role, concept.name, rule_id)
            for first, last, concept, rule_id in self._targets.find(doc)
        )
        matches = with_numbers(self._apart(words, targets, numbers), numbers)
        in_context = {
            (m.first, m.last, m.role): Span(doc, m.first, m.last, label=m.role)
            for m in matches
            if m.role in _IN_CONTEXT
        }
        doc.spans[TARGETS] = list(in_context.values())
        return doc, matches

    def _apart(
        self, words: Sequence[str], matches: Sequence[Match], numbers: Sequence[Number]
    ) -> list[Match]:
        """The matches without rests that hold lesions: "only three remain"."""
        rests = [m for m in matches if m.role == "extent" and self._measure(m) == "rest"]
        matches = [
            m
            for m in matches
            if not (self._denies(m) and (overlaps(m, rests) or _is_of_share(m, words, numbers)))
        ]
        lesions = [m for m in matches if m.role == "lesion"]
        counted = [(m.first, m.last) for m in lesions if words[m.first - 1] not in _NOT]
        counted += [n[:2] for n in numbers if words[n[0] - 1 : n[1]] != _ONE]
        return [
            m
            for m in matches
            if m.role not in ("extent", "measure")
            or self._measure(m) != "rest"
            or _BETWEEN & set(words[m.first : m.last])
            or not (
                any(m.first < first and last <= m.last for first, last in counted)
                or (words[m.last - 1] not in _OF and any(m.last == o.first for o in lesions))
            )
        ]

    def _measure(self, match: Match) -> str | None:
        concept = self.pack.concept.get(match.concept)
        return concept.measure if concept else None

    def _denies(self, match: Match) -> bool:
        concept = self.pack.concept.get(match.concept)
        return concept is not None and concept.denies

    def _restarts(self, words: Sequence[str], matches: Sequence[Match]) -> list[int]:
        """Where run-on text without punctuation turns to an organ and a negation ends."""
        if len(words) < _RUN_ON or _PUNCTUATION & set(words):
            return []
        organs = [m for m in matches if m.role == "organ"]
        return [m.first for m in organs if _begins_anew(words, m, matches)]

    def _is_ignored(self, match: Match) -> bool:
        return match.role != "quantity" and self.pack.concept[match.concept].ignore

    def _finding(self, words: _Words, setting: _Setting, match: Match, said: Assertion) -> Finding:
        section, _, quoted = setting
        start, end = words.covered(match.first, match.last)
        cue = words.text[slice(*words.covered(*said.cue))] if said.cue else ""
        is_quoted = any(a <= start and end <= b for a, b in quoted)
        kind = self.pack.section.get(section)
        by_section = kind.assertion if kind is not None else "current"
        cue = cue or ('"' if is_quoted else "")
        cue = cue or (f"[{section}]" if by_section != "current" else "")
        return Finding(
            report_id="",
            start=start,
            end=end,
            text=words.text[start:end],
            concept=match.concept,
            section=section,
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


def _begins_anew(words: Sequence[str], organ: Match, matches: Sequence[Match]) -> bool:
    """Whether an organ, after another or after lesions, begins a sentence of run-on text."""
    has_article = words[organ.first - 1] == "the"
    edge = organ.first - (not has_article)
    before = words[organ.first - 1 - has_article]
    is_after = any(o.last < edge and o.role in ("organ", "lesion") for o in matches)
    return is_after and before not in _DENIALS and before not in _GOES_ON


def _is_of_share(match: Match, words: Sequence[str], numbers: Sequence[Number]) -> bool:
    """Whether what is free of disease is a share of the organ: "20% of the liver is normal"."""
    shares = (last for _, last, kind in numbers if kind == "share" and last < match.first)
    return any(set(words[last : match.first]) <= _SHARE_OF for last in shares)


def _asks(text: str, mark: re.Match[str], *, opens: bool) -> bool:
    """Whether a question mark stands before what it asks, as in "?metastases"."""
    after = text[mark.end() : mark.end() + 1]
    return after.isalpha() or (opens and bool(text[mark.end() : mark.end() + 2].strip()))


def _known_words(pack: RulePack) -> frozenset[str]:
    """Every word on which a reading can depend, besides signs and numbers."""
    own = {END, QUERY, *CLAUSE_ENDS, *_PUNCTUATION, *_DENIALS, *_GOES_ON, *_BETWEEN, *_OF, *_ONE}
    phrases = [p for concept in pack.concepts for p in concept.phrases]
    phrases += [p for cue in pack.cues for p in cue.phrases]
    return frozenset(own | set(vocabulary(phrases)))
