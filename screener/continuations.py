"""Continuations: which statement goes on with an earlier one, and what the two add up to.

A sentence without a head of its own ("These are too numerous to count.") goes on with the statement
before; one that names what the lesions are ("These are metastases.") explains it.
"""

from __future__ import annotations

from collections.abc import Sequence

from screener.findings import Passage
from screener.roles import Roles
from screener.statements import Statement, is_short

_CONTINUES = frozenset(
    "these they this those them it its which such all most many some their appearances findings "
    "appearance pattern the both several consistent compatible likely suspicious highly "
    "in probably presumably concerning keeping given favor favored together overall".split()
)
"""Words that begin a sentence which goes on with the lesions of the one before."""
_COUNTS = frozenset(["there", "only", "just", "now"])
"""Words that begin a count of such lesions."""
_THEY = frozenset(["they", "these", "those", "all"])
"""Words for more than one lesion."""
_NAMED = ("malignant", "benign", "primary")
"""Natures that explain lesions."""
_OPENING = 2
"""Words that may stand before a withdrawal: "today these have gone"."""
_EXCEPTING = frozenset("except but save bar barring apart aside besides leaving one two".split())
"""Words after a withdrawal that take it back for some lesions."""
_OPEN = ("unexplained", "texture", "none")
"""What a later sentence can explain."""
_PARTS = ("minor", "major")
"""Parts of the organ that are not all of it."""


def antecedent_of(
    statement: Statement, done: Sequence[Statement], passage: Passage, roles: Roles
) -> int | None:
    """Return which of the statements before one goes on with; ``None`` where it begins anew.

    Parameters
    ----------
    statement, done
        The statement, and those of the report before it, in order.
    passage, roles
        The segment that it stands in, and what its findings are.
    """
    if not done or not _goes_on(done[-1], statement, passage, roles):
        return None
    return _antecedent(done, statement, passage)


def withdraws(passage: Passage, roles: Roles) -> bool:
    """Whether a segment says that what was told before it is there no longer."""
    finding = next(iter(roles.among(passage.findings, "withdrawal")), None)
    if finding is None:
        return False
    before, rest = passage.words[: finding.first], passage.words[finding.last :]
    is_of_all = len(before) <= _OPENING and "of" not in before
    return is_of_all and _EXCEPTING.isdisjoint(rest)


def withdrawn(done: Sequence[Statement], passage: Passage, topic: str) -> list[Statement]:
    """Return the statements of a report, those that a segment withdraws as denied.

    These are those of its paragraph in the organ of the last, if that is still spoken of: after
    "innumerable liver metastases; previous pulmonary emboli" it is the emboli that have resolved.
    """
    if not done or topic not in ("", done[-1].organ):
        return list(done)
    place = (passage.order, passage.paragraph, done[-1].organ)
    return [
        s._replace(is_asserted=False, is_denied=True)
        if (s.order, s.paragraph, s.organ) == place
        else s
        for s in done
    ]


def merged(before: Statement, after: Statement) -> Statement:
    """Return the statement before, with what the one after adds."""
    lesion = before.lesion
    if after.lesion in _NAMED and lesion in _OPEN:
        if after.is_asserted:
            lesion = after.lesion
        elif any(f.negated for f in after.findings):
            lesion = "benign"
    return before._replace(
        lesion=lesion,
        extents=tuple(dict.fromkeys((*before.extents, *after.extents))),
        share=after.share if _is_wider(before, after) else before.share or after.share,
        count=after.count or before.count,
        is_uncertain=before.is_uncertain
        or (after.is_uncertain and after.is_asserted and after.lesion != "unexplained"),
        part=after.part if _narrows(before, after) or _is_wider(before, after) else before.part,
        findings=(*before.findings, *after.findings),
    )


def _antecedent(done: Sequence[Statement], statement: Statement, passage: Passage) -> int:
    """Which statement a later one goes on with: "they" are not the one lesion measured last."""
    at = len(done) - 1
    before = done[at - 1] if at else done[at]
    is_plural = passage.words[0] in _THEY and done[at].number == "one"
    is_open = before.order == statement.order and before.organ == done[at].organ
    return at - 1 if is_plural and is_open and before.number == "many" else at


def _goes_on(before: Statement, statement: Statement, passage: Passage, roles: Roles) -> bool:
    """Whether a statement says more of the lesions of the one before."""
    if before.order != statement.order or statement.organ not in (before.organ, ""):
        return False
    if before.findings[-1].start >= passage.start or before.is_denied or statement.is_denied:
        return False
    opens = bool(passage.words) and passage.words[0] in _CONTINUES
    if not any(map(roles.is_head, statement.findings)):
        is_open = before.lesion not in ("benign", "texture")
        if statement.is_asserted and not before.is_asserted:
            return False  # what is left now is none of what was there
        counts = statement.count is not None and passage.words[0] in _COUNTS
        return statement.is_measured and is_open and (opens or counts or is_short(passage))
    if statement.is_measured or roles.among(statement.findings, "organ"):
        return False
    return _tells_what(before, statement, roles, opens=opens)


def _tells_what(before: Statement, statement: Statement, roles: Roles, *, opens: bool) -> bool:
    """Whether a statement that measures nothing says what the lesions of the one before are."""
    if statement.lesion == "benign" and not opens and not _explains(statement, roles):
        return False
    if before.lesion in ("unexplained", "texture"):
        is_told = statement.is_asserted or statement.lesion == "malignant"
        is_near = opens or before.paragraph == statement.paragraph
        return is_told and statement.lesion in _NAMED and is_near
    return opens and statement.lesion == "unexplained"


def _explains(statement: Statement, roles: Roles) -> bool:
    """Whether a benign lesion can be what lesions named before are: cysts, and not stones."""
    concepts = map(roles.concept, statement.findings)
    return any(concept is not None and concept.explains for concept in concepts)


def _is_wider(before: Statement, after: Statement) -> bool:
    """Whether a later share is one of the whole organ, after one of a part."""
    return after.share is not None and after.part in ("whole", "all") and before.part in _PARTS


def _narrows(before: Statement, after: Statement) -> bool:
    """Whether a later statement says in which part lesions are that were of the whole organ."""
    return before.part == "whole" and not before.share and after.number != "one"
