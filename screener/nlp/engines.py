"""medspaCy's two engines, its target matcher and ConText, with the rules of a pack.

Each wording is given to an engine when a text first holds it (`screener.nlp.wordings`), so that the
engines hold the wordings that texts use. No Doc or Span leaves ``nlp``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from screener.nlp.wordings import WordingIndex
from screener.packs import Concept, Cue, RulePack
from screener.phrases import expand

TARGETS = "targets"
"""The span group of a Doc that ConText reads."""
_DIRECTIONS = {
    "forward": "FORWARD", "backward": "BACKWARD", "both": "BIDIRECTIONAL", "none": "PSEUDO",
}  # fmt: skip
_NEVER = [{"ORTH": " "}]
"""A pattern that no word has; without any pattern spaCy's matcher warns on each text."""


def blank_language() -> Any:
    """Return a pipeline without components that takes words parted by spaces."""
    os.environ.setdefault("LOGURU_AUTOINIT", "False")
    from loguru import logger
    from spacy.lang.en import English
    from spacy.tokens import Doc

    logger.disable("PyRuSH")  # it would write every token it sees to stderr

    def by_spaces(nlp: Any) -> Callable[[str], Any]:
        return lambda text: Doc(nlp.vocab, words=text.split())

    return English(create_tokenizer=by_spaces)  # a blank one builds spaCy's tokenizer first


class Targets:
    """medspaCy's target matcher; a span's label is the pack's rule, ``concept:phrase``.

    Parameters
    ----------
    nlp
        As `blank_language` gives it.
    pack
        Its concepts are the targets.
    """

    def __init__(self, nlp: Any, pack: RulePack) -> None:
        from medspacy.target_matcher import TargetMatcher, TargetRule

        phrases = {
            f"{concept.name}:{i}": (concept, phrase)
            for concept in pack.concepts
            for i, phrase in enumerate(concept.phrases, start=1)
        }
        self._concepts = {rule_id: concept for rule_id, (concept, _) in phrases.items()}
        self._index = WordingIndex(
            (rule_id, wording)
            for rule_id, (_, phrase) in phrases.items()
            for wording in expand(phrase)
        )
        self._matcher = TargetMatcher(nlp, result_type=None, prune=False)
        self._matcher.add(TargetRule("never", "never", pattern=_NEVER))
        self._new_rule = TargetRule
        self._known: set[tuple[str, tuple[str, ...]]] = set()

    def prepare(self, words: Sequence[str]) -> bool:
        """Give the matcher the wordings of a segment; return whether there are any."""
        found = self._index.find(words)
        for first, last, rule_id in found:
            key = (rule_id, tuple(words[first:last]))
            if key not in self._known:
                self._known.add(key)
                self._matcher.add(self._new_rule(" ".join(key[1]), rule_id))
        return bool(found)

    def find(self, doc: Any) -> list[tuple[int, int, Concept, str]]:
        """Return (first, last, concept, rule) of every target of a Doc."""
        return [(s.start, s.end, self._concepts[s.label_], s.label_) for s in self._matcher(doc)]


class Context:
    """medspaCy's ConText; a modifier's category is that of the pack's cue.

    Parameters
    ----------
    nlp
        As `blank_language` gives it.
    pack
        Its cues are the modifiers.
    """

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
        self._context.add(ConTextRule("never", "never", direction="PSEUDO", pattern=_NEVER))
        self._new_rule = ConTextRule
        self._known: set[tuple[str, ...]] = set()

    def prepare(self, words: Sequence[str]) -> bool:
        """Give ConText the cues of a segment; return whether there are any.

        Of two cues in the same words the pack's first counts.
        """
        found = sorted(self._index.find(words), key=lambda f: self._order[f[2]])
        for first, last, name in found:
            key = tuple(words[first:last])
            if key not in self._known:
                self._known.add(key)
                self._context.add(self._rule(" ".join(key), self._cues[name]))
        return bool(found)

    def apply(self, doc: Any) -> Any:
        """Return the Doc with the modifiers of its targets."""
        return self._context(doc)

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
