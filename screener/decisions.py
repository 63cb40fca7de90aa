"""Decisions: the burden that the pack's table gives each statement about its organ.

A statement is first explained: lesions without a nature of their own get the one that the report
gives elsewhere. Then the first row of the table whose conditions hold decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from screener.decision_rows import row_of
from screener.findings import Content, Passage
from screener.natures import NEW
from screener.packs import Bound, Decision, RulePack
from screener.statements import Statement

_WHOLE = 100.0
"""The whole organ, in percent."""
_A_LITTLE = 0.01
"""Percent from a bound that is not reached to what lies within it."""
DENIED = "denied"
"""The rule of a statement that there are no lesions; no row of a table has this name."""
_MALIGNANCIES = ("primary", "spreads")
"""Kinds of malignancy, the first of those named being the patient's."""


class Decided(NamedTuple):
    """A statement with the burden that the decision table gives it.

    Attributes
    ----------
    statement
        The statement, its nature explained.
    burden, rule
        The level, and the row that gave it.
    is_hedged
        Whether the statement or its row is uncertain.
    is_vague
        Whether the row leaves to others how much there is.
    rank
        Rank of its section, and for an addendum which one it is.
    is_open
        Whether the row leaves it to others to say that there is more.
    is_weak
        Whether the statement itself gives its lesions no nature.
    """

    statement: Statement
    burden: str
    rule: str
    is_hedged: bool
    is_vague: bool
    rank: tuple[int, int]
    is_weak: bool = False
    is_open: bool = False

    @property
    def is_denial(self) -> bool:
        """Whether it says that there are no lesions."""
        return self.rule == DENIED


def malignancy_named(passages: Iterable[Passage], pack: RulePack) -> str:
    """Return which malignancy the report names for the patient: spreads, primary or unnamed.

    ``primary`` is a tumour that arises in the organ itself; metastases anywhere are ``spreads``.
    """
    kinds: set[str] = set()
    for passage in passages:
        kinds |= passage.content.keep(_malignancies, pack)
    return next((kind for kind in _MALIGNANCIES if kind in kinds), "unnamed")


def _malignancies(content: Content, pack: RulePack) -> frozenset[str]:
    """The kinds of malignancy that a segment names for the patient."""
    kinds: set[str] = set()
    asked = _asked_for(content, pack)
    for finding in content.findings:
        concept = pack.concept.get(finding.concept)
        if concept is None or concept.denies or finding.family:
            continue
        if finding.negated and NEW.isdisjoint((finding.cue or "").lower().split()):
            continue  # "no new metastasis" tells of old ones
        if concept.nature == "primary" and not finding.hypothetical:
            kinds.add("primary")
        elif (finding.first, finding.last) in asked:
            continue
        elif concept.nature == "malignant":
            kinds.add("spreads")
        elif concept.malignancy:
            kinds.add(concept.malignancy)
    return frozenset(kinds)


def _asked_for(content: Content, pack: RulePack) -> set[tuple[int, int]]:
    """Where a segment asks whether there is a malignancy, without a name: "?malignancy"."""
    return {
        (finding.first, finding.last)
        for finding in content.findings
        if finding.hypothetical
        and (concept := pack.concept.get(finding.concept)) is not None
        and concept.malignancy
        and concept.hedged
    }


def decide(statements: Iterable[Statement], malignancy: str, pack: RulePack) -> list[Decided]:
    """Return the statements about the pack's organ that assert or deny, with their burden.

    Parameters
    ----------
    statements
        Those of one report, in order.
    malignancy
        As `malignancy_named` gives it.
    pack
        The question.
    """
    everything = list(statements)
    mine = [s for s in everything if s.organ in (pack.organ, "")]
    if any(_is_metastatic(s, pack) for s in mine):
        malignancy = "spreads"
    decided = (_decided(s, mine, malignancy, pack) for s in everything if _bears(s, pack))
    return [d for d in decided if d is not None]


def _is_metastatic(statement: Statement, pack: RulePack) -> bool:
    """Whether a statement says that there are metastases in the pack's organ, primary or not."""
    is_told = statement.is_asserted and not statement.is_uncertain
    is_mine = statement.organ == pack.organ and is_told
    return is_mine and statement.lesion == "malignant"


def level_of_share(share: tuple[float, float], pack: RulePack) -> str:
    """Return the burden level of a stated share (percent): by its middle, or its one bound.

    "Over half" is just more than 50, "up to 90%" just less than 90.

    Examples
    --------
    >>> from screener.packs import load_pack
    >>> pack = load_pack("liver_tumor_burden")
    >>> [level_of_share(s, pack) for s in ((0, 25), (25, 25), (50, 50), (50, 100), (0, 90))]
    ['limited', 'multiple', 'multiple', 'extensive', 'extensive']
    """
    low, high = share
    if high == _WHOLE > low:
        value = low + _A_LITTLE
    elif low == 0 < high:
        value = high - _A_LITTLE
    else:
        value = (low + high) / 2
    return _level_of(value, pack.burden.by_share)


def level_of_count(count: tuple[float, float], pack: RulePack) -> str:
    """Return the burden level of a stated count of lesions, by its middle.

    Examples
    --------
    >>> from screener.packs import load_pack
    >>> pack = load_pack("liver_tumor_burden")
    >>> [level_of_count(c, pack) for c in ((2, 2), (5, 15), (24, 99), (100, 999))]
    ['limited', 'limited', 'multiple', 'extensive']
    """
    return _level_of(sum(count) / 2, pack.burden.by_count)


def _level_of(value: float, bounds: Sequence[Bound]) -> str:
    return next((b.burden for b in bounds if b.holds(value)), bounds[-1].burden)


def _decided(
    said: Statement, others: Sequence[Statement], malignancy: str, pack: RulePack
) -> Decided | None:
    statement = _explained(said, others, malignancy, pack)
    section = pack.section.get(statement.section)
    is_sticky = section is not None and section.sticky
    rank = (section.rank if section else 1, statement.order if is_sticky else 0)
    if statement.is_denied:
        lowest = pack.burden.lowest
        return Decided(statement, lowest, DENIED, is_hedged=False, is_vague=False, rank=rank)
    row = row_of(statement, malignancy, pack)
    if row is None:
        return None
    return Decided(
        statement,
        burden=_burden(row, statement, pack),
        rule=row.rule,
        is_hedged=statement.is_uncertain or row.certainty == "hedged",
        is_vague=row.vague,
        rank=rank,
        is_weak=said.lesion == "unexplained",
        is_open=row.open,
    )


def _bears(statement: Statement, pack: RulePack) -> bool:
    """Whether a statement says or denies something of the pack's organ; a denial may name none."""
    if statement.organ == pack.organ:
        return statement.is_asserted or statement.is_denied
    section = pack.section.get(statement.section)
    outranks = section is not None and section.rank > 1
    return not statement.organ and statement.is_denied and outranks


def _burden(row: Decision, statement: Statement, pack: RulePack) -> str:
    if row.burden == "by_share" and statement.share is not None:
        return level_of_share(statement.share, pack)
    if row.burden == "by_count" and statement.count is not None:
        return level_of_count(statement.count, pack)
    return row.burden


# --- lesions without a nature of their own -------------------------------------------------------


def _explained(
    statement: Statement, others: Sequence[Statement], malignancy: str, pack: RulePack
) -> Statement:
    """The statement, its lesions with the nature that the report gives elsewhere.

    A tumour word means the tumour of the organ where one is named, and metastases otherwise.
    Unexplained lesions are what a statement that only names the nature says ("the hepatic
    findings are suspicious for metastases"); an extent without a lesion word is what its neighbours
    are.
    """
    if statement.lesion == "tumor":
        return statement._replace(lesion="primary" if malignancy == "primary" else "malignant")
    if statement.lesion not in ("unexplained", "none") or not statement.is_asserted:
        return statement
    named = _naming(statement, others, malignancy)
    is_bare = statement.lesion == "unexplained" and not any(s.is_asserted for s in named)
    if is_bare and any(_explains(s, statement, pack) for s in others):
        return statement._replace(lesion="benign")
    if named and malignancy != "primary":
        is_hedged = statement.is_uncertain or all(s.is_uncertain for s in named)
        return statement._replace(lesion="malignant", is_uncertain=is_hedged)
    return statement._replace(lesion=_by_neighbours(statement, others, malignancy))


def _naming(statement: Statement, others: Sequence[Statement], malignancy: str) -> list[Statement]:
    """The statements that may say that lesions of no nature are metastases.

    A word such as "disease" names them where a malignancy is named.
    """
    natures = ("malignant",) if malignancy == "unnamed" else ("malignant", "tumor")
    named = [s for s in others if s.is_asserted and s.lesion in natures]
    if statement.lesion == "none":
        return named
    return named + [s for s in others if _was_there(s)]


def _by_neighbours(statement: Statement, others: Sequence[Statement], malignancy: str) -> str:
    if malignancy == "primary":
        return "primary"
    if statement.lesion == "none":
        if any(s.lesion == "benign" and s.is_asserted for s in others):
            return "benign"
        if malignancy == "spreads":
            return "malignant"
    return "unexplained"


def _was_there(statement: Statement) -> bool:
    """Whether metastases are told of the past, so that lesions that remain are theirs."""
    if statement.lesion != "malignant" or statement.is_asserted:
        return False
    return any(
        f.historical and not (f.negated or f.family or f.hypothetical) for f in statement.findings
    )


def _explains(other: Statement, statement: Statement, pack: RulePack) -> bool:
    """Whether a later benign statement gives the nature of lesions left unexplained."""
    is_same = other.section == statement.section
    if other.start <= statement.start or (is_same and other.is_measured):
        return False
    if other.lesion != "benign" or not other.is_asserted:
        return False
    concepts = [(f, pack.concept.get(f.concept)) for f in other.findings]
    is_refuted = any(c is not None and c.nature == "malignant" and f.negated for f, c in concepts)
    return is_refuted or any(c is not None and c.explains for _, c in concepts)
