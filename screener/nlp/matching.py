"""medspaCy's target matcher and ConText over one segment, driven by the pack alone.

The words of a segment become a Doc of corrected words; white space, line wraps and case are gone from it,
and each word keeps its characters of the report beside it. The Doc never leaves this module.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from screener.findings import Finding, Passage
from screener.nlp.quantities import Quantity, find_quantities
from screener.nlp.segments import Segment
from screener.nlp.spelling import Spelling
from screener.nlp.wordings import WordingIndex
from screener.packs import Cue, RulePack
from screener.phrases import WORD, expand, plain_word

TARGETS = "targets"
_DIRECTIONS = {"forward": "FORWARD", "backward": "BACKWARD", "both": "BIDIRECTIONAL", "none": "PSEUDO"}
_RUN_ON = 11
"""Words from which a segment without punctuation is taken for several sentences."""
_PUNCTUATION = frozenset(",;.:-–()/")
_PREPOSITIONS = frozenset("in of to within the or and into involving".split())
_TRAILING = frozenset(".;|,")
END = "¶"
"""The word that stands for the end of a segment; cues name it."""
QUERY = "¿"
"""The word that a question mark before a word becomes; cues name it."""
_LAYERS = {
    "organ": 1, "part": 1, "lesion": 2, "malignancy": 3, "extent": 4, "link": 5, "relation": 5,
    "measure": 6, "quantity": 7,
}  # fmt: skip
"""Within a layer the longest wording wins; across layers wordings may overlap."""
_IN_CONTEXT = frozenset({"organ", "lesion", "malignancy", "extent", "quantity"})
_YIELDS = frozenset({"link", "relation", "measure"})
"""Roles whose words give way to a number that they are part of, as in "below 25%"."""


class Matcher:
    """Matches a pack's targets and cues in one segment at a time.

    Building one takes a second or so (medspaCy is imported here and nowhere else); matching keeps no
    state but a cache of spellings.
    """

    def __init__(self, pack: RulePack) -> None:
        self.pack = pack
        self._spelling = Spelling(pack)
        self._nlp = _blank_language()
        self._targets = _Targets(self._nlp, pack)
        self._context = _Context(self._nlp, pack)
        self._sections = pack.section

    def read(self, report_id: str, text: str, segment: Segment) -> Passage:
        """Return one segment of `text` with its words and findings."""
        spans, words = self._words(text, segment)
        findings: list[Finding] = []
        if self._targets.prepare(words):
            doc, matches = self._matches(words)
            assertions = _assertions(doc, text, spans, self._restarts(words, matches))
            for match in matches:
                if match.role == "quantity" or not self.pack.concept[match.concept].ignore:
                    assertion = assertions.get((match.first, match.last), _Assertion())
                    findings.append(
                        self._finding(text, segment, match, assertion, spans, report_id)
                    )
        return Passage(
            segment.start, segment.end, segment.section, segment.order, segment.organs,
            segment.paragraph, tuple(words), tuple(sorted(findings, key=lambda f: (f.first, f.last))),
        )  # fmt: skip

    def _restarts(self, words: Sequence[str], matches: Sequence[_Match]) -> list[int]:
        """Where run-on text without any punctuation turns to the pack's organ and a negation ends."""
        if len(words) < _RUN_ON or _PUNCTUATION & set(words):
            return []
        return [
            m.first
            for m in matches
            if m.role == "organ"
            and self.pack.concept[m.concept].organ == self.pack.organ
            and any(o.last <= m.first and o.role in ("organ", "lesion") for o in matches)
            and words[m.first - 1] not in _PREPOSITIONS
        ]

    def _words(self, text: str, segment: Segment) -> tuple[list[tuple[int, int]], list[str]]:
        spans, words = [], []
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
        return spans, words

    def _matches(self, words: Sequence[str]) -> tuple[Any, list[_Match]]:
        """The targets and numbers of a segment, and its Doc after ConText."""
        from spacy.tokens import Doc, Span

        starts = [True] + [False] * (len(words) - 1)
        doc = Doc(self._nlp.vocab, words=list(words), sent_starts=starts)
        matches = _with_numbers(self._targets(doc), find_quantities(words))
        in_context = {
            (m.first, m.last, m.role): Span(doc, m.first, m.last, label=m.role)
            for m in matches
            if m.role in _IN_CONTEXT
        }
        doc.spans[TARGETS] = list(in_context.values())
        self._context.prepare(words)
        return self._context(doc), matches

    def _finding(
        self,
        text: str,
        segment: Segment,
        match: _Match,
        assertion: _Assertion,
        spans: Sequence[tuple[int, int]],
        report_id: str,
    ) -> Finding:
        start, end = spans[match.first][0], spans[match.last - 1][1]
        number = match.quantity
        finding = Finding(
            report_id=report_id, start=start, end=end, text=text[start:end], concept=match.concept,
            section=segment.section, negated=assertion.negated, historical=assertion.historical,
            hypothetical=assertion.hypothetical, uncertain=assertion.uncertain,
            family=assertion.family, cue=assertion.cue, rule_id=match.rule_id,
            first=match.first, last=match.last,
            low=number.low if number else None, high=number.high if number else None,
        )  # fmt: skip
        if any(a <= start and end <= b for a, b in segment.quoted):
            finding = replace(finding, historical=True, cue=finding.cue or '"')
        kind = self._sections.get(segment.section)
        if kind is None or kind.assertion == "current":
            return finding
        return replace(
            finding,
            historical=finding.historical or kind.assertion == "historical",
            hypothetical=finding.hypothetical or kind.assertion == "hypothetical",
            cue=finding.cue or f"[{segment.section}]",
        )


def _asks(text: str, mark: re.Match[str], *, opens: bool) -> bool:
    """Whether a question mark stands before what it asks, as in "?metastases"."""
    after = text[mark.end() : mark.end() + 1]
    return after.isalpha() or (opens and bool(text[mark.end() : mark.end() + 2].strip()))


@dataclass(frozen=True, slots=True)
class _Match:
    """A target or number at some words of a segment."""

    first: int
    last: int
    role: str
    concept: str
    rule_id: str
    quantity: Quantity | None = None


def _with_numbers(matches: list[_Match], numbers: Iterable[Quantity]) -> list[_Match]:
    """The matches with the numbers that no word of a target holds."""
    for number in numbers:
        over = [m for m in matches if m.first < number.last and number.first < m.last]
        if all(m.role in _YIELDS for m in over):
            rule_id = f"quantity:{number.kind}"
            match = _Match(number.first, number.last, "quantity", number.kind, rule_id, number)
            matches = [*(m for m in matches if m not in over), match]
    return matches


def _longest(matches: Iterable[_Match]) -> list[_Match]:
    """Of overlapping matches of one layer, the longest; then the first."""
    kept: list[_Match] = []
    for match in sorted(matches, key=lambda m: (m.first - m.last, m.first, m.rule_id)):
        layer = _LAYERS[match.role]
        if not any(
            _LAYERS[k.role] == layer and k.first < match.last and match.first < k.last for k in kept
        ):
            kept.append(match)
    return sorted(kept, key=lambda m: (m.first, m.last, m.role))


@dataclass(frozen=True, slots=True)
class _Assertion:
    negated: bool = False
    historical: bool = False
    hypothetical: bool = False
    uncertain: bool = False
    family: bool = False
    cue: str = ""


_DECISIVE = (
    "family", "negated", "resolved", "reported", "historical", "hypothetical", "uncertain",
)  # fmt: skip


def _assertions(
    doc: Any, text: str, spans: Sequence[tuple[int, int]], restarts: Sequence[int]
) -> dict[tuple[int, int], _Assertion]:
    """What the ConText modifiers make of each target; ``current`` outweighs ``historical``."""
    targets = doc.spans[TARGETS]
    extents = [(s.start, s.end) for s in targets if s.label_ == "extent"]
    found: dict[tuple[int, int], _Assertion] = {}
    for target in targets:
        cues: dict[str, tuple[int, int]] = {}
        for modifier in sorted(target._.modifiers, key=lambda m: m.modifier_span):
            first, last = modifier.modifier_span
            if not any(a <= first and last <= b for a, b in extents):
                cues.setdefault(modifier.category.lower(), (first, last))
        for category, span in _reaching(doc, target):
            cues.setdefault(category, span)
        if "current" in cues and not _lies_between(cues, target):
            cues.pop("historical", None)
        if "negated" in cues and any(cues["negated"][1] <= at <= target.start for at in restarts):
            cues.pop("negated")
        found[target.start, target.end] = _assertion(cues, text, spans)
    return found


def _lies_between(cues: dict[str, tuple[int, int]], target: Any) -> bool:
    """Whether a cue of the past stands between one of the present and the target: "formerly"."""
    past, present = cues.get("historical"), cues["current"]
    if past is None:
        return False
    return present[1] <= past[0] < target.start or target.end <= past[0] < present[0]


def _reaching(doc: Any, target: Any) -> Iterable[tuple[str, tuple[int, int]]]:
    """The cues that reach a target where medspaCy's scope does not.

    A cue that goes through the ends of clauses reaches all that follows it; a cue that looks back is
    not stopped by the beginning of a list item, which only ends what was said before it.
    """
    modifiers = doc._.context_graph.modifiers
    ends = [m for m in modifiers if m.category == "END" and not m.rule.metadata["soft"]]
    through_ends = [m.modifier_span[0] for m in ends if m.rule.metadata["through"]]
    for modifier in modifiers:
        first, last = modifier.modifier_span
        if modifier.category == "END" or not modifier.allows(target.label_.upper()):
            continue
        if modifier.rule.metadata["through"] and last <= target.start:
            if not any(last <= end <= target.start for end in through_ends):
                yield modifier.category.lower(), (first, last)
        elif modifier.direction == "BACKWARD" and target.end <= first:
            near = first - target.end < (modifier.rule.max_scope or len(doc))
            if near and not any(target.end <= m.modifier_span[0] < first for m in ends):
                yield modifier.category.lower(), (first, last)


def _assertion(
    cues: dict[str, tuple[int, int]], text: str, spans: Sequence[tuple[int, int]]
) -> _Assertion:
    decisive = next((cues[category] for category in _DECISIVE if category in cues), None)
    cue = text[spans[decisive[0]][0] : spans[decisive[1] - 1][1]] if decisive else ""
    return _Assertion(
        negated="negated" in cues,
        historical=bool({"historical", "resolved", "reported"} & cues.keys()),
        hypothetical="hypothetical" in cues,
        uncertain="uncertain" in cues,
        family="family" in cues,
        cue=cue,
    )


def _blank_language() -> Any:
    os.environ.setdefault("LOGURU_AUTOINIT", "False")
    import spacy
    from loguru import logger
    from spacy.tokens import Doc

    logger.disable("PyRuSH")  # it would write every token it sees to stderr
    nlp = spacy.blank("en")
    vocab = nlp.vocab

    def tokenise(text: str) -> Doc:
        return Doc(vocab, words=text.split())

    nlp.tokenizer = tokenise
    return nlp


class _Targets:
    """medspaCy's target matcher, given each wording when a text first holds it.

    A span's label is the pack's rule: ``concept:phrase``.
    """

    def __init__(self, nlp: Any, pack: RulePack) -> None:
        from medspacy.target_matcher import TargetMatcher, TargetRule

        self.rules = {
            f"{concept.name}:{i + 1}": concept
            for concept in pack.concepts
            for i in range(len(concept.phrases))
        }
        self._index = WordingIndex(
            (f"{concept.name}:{i + 1}", wording)
            for concept in pack.concepts
            for i, phrase in enumerate(concept.phrases)
            for wording in expand(phrase)
        )
        self._matcher = TargetMatcher(nlp, result_type=None, prune=False)
        self._new_rule = TargetRule
        self._known: set[tuple[str, tuple[str, ...]]] = set()

    def prepare(self, words: Sequence[str]) -> bool:
        """Give the matcher the wordings of a segment; return whether there are any."""
        found = self._index.find(words)
        for first, last, label in found:
            key = (label, tuple(words[first:last]))
            if key not in self._known:
                self._known.add(key)
                self._matcher.add(self._new_rule(" ".join(key[1]), label))
        return bool(found)

    def __call__(self, doc: Any) -> list[_Match]:
        """Return the targets of a Doc: of overlapping ones of a layer, the longest."""
        return _longest(
            _Match(s.start, s.end, self.rules[s.label_].role, self.rules[s.label_].name, s.label_)
            for s in self._matcher(doc)
        )


class _Context:
    """medspaCy's ConText with the pack's cues, each wording given when a text first holds it."""

    def __init__(self, nlp: Any, pack: RulePack) -> None:
        from medspacy.context import ConText, ConTextRule

        self._cues = {cue.name: cue for cue in pack.cues}
        self._order = {cue.name: i for i, cue in enumerate(pack.cues)}
        self._index = WordingIndex(
            (cue.name, wording)
            for cue in pack.cues
            for phrase in cue.phrases
            for wording in expand(phrase)
        )
        self._context = ConText(
            nlp, rules=None, span_attrs=None, input_span_type="group", span_group_name=TARGETS
        )
        self._new_rule = ConTextRule
        self._known: set[tuple[str, ...]] = set()

    def prepare(self, words: Sequence[str]) -> None:
        """Give ConText the cues of a segment; of two cues in the same words, the pack's first."""
        found = sorted(self._index.find(words), key=lambda f: self._order[f[2]])
        for first, last, name in found:
            key = tuple(words[first:last])
            if key not in self._known:
                self._known.add(key)
                self._context.add(self._rule(" ".join(key), self._cues[name]))

    def _rule(self, literal: str, cue: Cue) -> Any:
        is_end = cue.category == "end"
        return self._new_rule(
            literal,
            cue.category,
            direction="TERMINATE" if is_end else _DIRECTIONS[cue.direction],
            max_scope=cue.reach,
            allowed_types={role.upper() for role in cue.roles} if cue.roles else None,
            metadata={"through": cue.through, "soft": is_end and cue.direction == "forward"},
        )

    def __call__(self, doc: Any) -> Any:
        """Return the Doc with the modifiers of its targets."""
        return self._context(doc)
