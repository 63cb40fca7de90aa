"""What one report says: the burden it asserts, how surely, and the words that decide.

The pack's decision table gives each statement about the pack's organ a burden. Of these the report's is chosen so:
a later addendum outranks the impression, the impression the findings; within one rank the highest burden
counts. A statement that gives no extent of its own ("hepatic metastases, progressive") is vague:
it holds its rank, and a lower rank may say how much. A stated share outweighs words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from screener.findings import Passage
from screener.packs import Decision, RulePack
from screener.reports import Report
from screener.statements import Statement


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one report says about the pack's question.

    Attributes
    ----------
    report_id, patient_id
        Whose report.
    burden
        One of the pack's burden levels; the lowest means that nothing current is asserted.
    is_candidate
        Whether the burden is one that makes a candidate.
    certainty
        ``definite`` or ``hedged``; ``None`` where nothing is asserted.
    stated_percent
        Share of the organ that the report states, as (low, high) in percent, or ``None``.
    score
        Points of this report, from the pack's weights; 0 where nothing is asserted.
    evidence
        Verbatim words that decide, as exported, in order of the text.
    rule_id
        The row of the pack's decision table that decided; empty where none did.
    """

    report_id: str
    patient_id: str
    burden: str
    is_candidate: bool
    certainty: str | None
    stated_percent: tuple[float, float] | None
    score: float
    evidence: tuple[str, ...]
    rule_id: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A statement with the burden that the decision table gives it."""

    statement: Statement
    burden: str
    rule: str
    is_hedged: bool
    is_vague: bool
    rank: tuple[int, int]
    is_weak: bool = False


def assess(
    report: Report, passages: Sequence[Passage], statements: Iterable[Statement], pack: RulePack
) -> Assessment:
    """Decide what a report says from its statements.

    Examples
    --------
    A report without statements asserts nothing:

    >>> from screener.packs import load_pack
    >>> report = Report("r1", "p1", "Normal chest.")
    >>> assess(report, (), (), load_pack("liver_tumor_burden")).burden
    'none'
    """
    decided = decide(statements, malignancy_named(passages, pack), pack)
    chosen = choose(decided, pack)
    if chosen is None:
        return Assessment(
            report.report_id, report.patient_id, pack.burden.lowest, False, None, None, 0.0, ()
        )
    burden, certainty, percent, basis = chosen
    return Assessment(
        report_id=report.report_id,
        patient_id=report.patient_id,
        burden=burden,
        is_candidate=burden in pack.burden.candidate,
        certainty=certainty,
        stated_percent=percent,
        score=score_of(burden, certainty, percent, pack),
        evidence=evidence_of(report.text, [d.statement for d in basis]),
        rule_id=basis[0].rule,
    )


def malignancy_named(passages: Iterable[Passage], pack: RulePack) -> str:
    """Return which malignancy the report names for the patient: spreads, primary or unnamed.

    ``primary`` is a tumour that arises in the organ itself; metastases anywhere count as ``spreads``.
    """
    kinds = set()
    for finding in (f for passage in passages for f in passage.findings):
        concept = pack.concept.get(finding.concept)
        if concept is None or finding.negated or finding.family:
            continue
        if concept.nature == "primary" and not finding.hypothetical:
            kinds.add("primary")
        elif concept.nature == "malignant":
            kinds.add("spreads")
        elif concept.malignancy:
            kinds.add(concept.malignancy)
    return next((kind for kind in ("primary", "spreads") if kind in kinds), "unnamed")


def decide(statements: Iterable[Statement], malignancy: str, pack: RulePack) -> list[Decided]:
    """Return the statements about the pack's organ that assert or deny, with their burden."""
    everything = list(statements)
    mine = [s for s in everything if _bears(s, pack)]
    decided = []
    for said in mine:
        statement = _explained(said, mine, malignancy, pack)
        section = pack.section.get(statement.section)
        sticky = section is not None and section.sticky
        rank = (section.rank if section else 1, statement.order if sticky else 0)
        if statement.is_denied:
            decided.append(Decided(statement, pack.burden.lowest, "denied", False, False, rank))
            continue
        row = next((d for d in pack.decisions if _holds(d, statement, malignancy)), None)
        if row is not None:
            burden = _level(row, statement, pack)
            hedged = statement.is_uncertain or row.certainty == "hedged"
            weak = said.lesion == "unexplained"
            decided.append(Decided(statement, burden, row.rule, hedged, row.vague, rank, weak))
    return decided


def _bears(statement: Statement, pack: RulePack) -> bool:
    """Whether a statement says or denies something of the pack's organ; a denial may name no organ."""
    if statement.organ == pack.organ:
        return statement.is_asserted or statement.is_denied
    section = pack.section.get(statement.section)
    outranks = section is not None and section.rank > 1
    return not statement.organ and statement.is_denied and outranks


def _explained(
    statement: Statement, others: Sequence[Statement], malignancy: str, pack: RulePack
) -> Statement:
    """A statement whose lesions have no nature of their own, with the one the report gives elsewhere.

    A tumour word means the tumour of the organ where one is named, and metastases otherwise.
    Unexplained lesions are what a statement that only names the nature says ("the hepatic
    findings are suspicious for metastases"); an extent without a lesion word is what its neighbours are.
    """
    if statement.lesion == "tumor":
        return replace(statement, lesion="primary" if malignancy == "primary" else "malignant")
    if statement.lesion not in ("unexplained", "none") or not statement.is_asserted:
        return statement
    named = [s for s in others if s.is_asserted and s.lesion in ("malignant", "tumor")]
    if statement.lesion == "unexplained":
        named = [s for s in named if not (s.extents or s.count or s.share)]
        named += [s for s in others if _was_there(s)]
        if not named and any(_explains(s, statement, pack) for s in others):
            return replace(statement, lesion="benign")
    if named and malignancy != "primary":
        hedged = all(s.is_uncertain for s in named)
        return replace(statement, lesion="malignant", is_uncertain=statement.is_uncertain or hedged)
    if malignancy == "primary":
        return replace(statement, lesion="primary")
    if statement.lesion == "none" and any(s.lesion == "benign" and s.is_asserted for s in others):
        return replace(statement, lesion="benign")
    if statement.lesion == "none" and malignancy == "spreads":
        return replace(statement, lesion="malignant")
    return replace(statement, lesion="unexplained")


def _was_there(statement: Statement) -> bool:
    """Whether metastases are told of the past, so that lesions that remain are theirs."""
    return (
        statement.lesion == "malignant"
        and not statement.is_asserted
        and any(
            f.historical and not (f.negated or f.family or f.hypothetical)
            for f in statement.findings
        )
    )


def _explains(other: Statement, statement: Statement, pack: RulePack) -> bool:
    """Whether a benign statement gives the nature of lesions that another leaves unexplained."""
    later = other.start > statement.start and other.section != statement.section
    return (
        later
        and other.lesion == "benign"
        and other.is_asserted
        and any(
            f.concept in pack.concept and pack.concept[f.concept].explains for f in other.findings
        )
    )


def choose(
    decided: Sequence[Decided], pack: RulePack
) -> tuple[str, str, tuple[float, float] | None, list[Decided]] | None:
    """Return burden, certainty, stated percent and the statements that decide, or ``None``."""
    lowest = pack.burden.lowest
    leading: Decided | None = None
    only_named = False
    for rank in sorted({d.rank for d in decided}, reverse=True):
        here = [d for d in decided if d.rank == rank]
        positive = [d for d in here if d.burden != lowest]
        denials = [d for d in here if d.rule == "denied"]
        if denials and all(d.is_weak for d in positive):
            if leading is None and any(d.statement.organ for d in denials):
                return None
            only_named = True
            continue
        if only_named:
            positive = [d for d in positive if not d.is_weak]
        if not positive:
            continue
        best = max(positive, key=lambda d: _weight(d, pack))
        if leading is None:
            leading = best
        elif not leading.is_vague:
            continue
        elif not best.is_vague:
            leading = _with_certainty(best, leading)
    if leading is None:
        return None
    return _settled(leading, decided, pack)


def _with_certainty(best: Decided, leading: Decided) -> Decided:
    return Decided(best.statement, best.burden, best.rule, leading.is_hedged, False, best.rank)


def _settled(
    leading: Decided, decided: Sequence[Decided], pack: RulePack
) -> tuple[str, str, tuple[float, float] | None, list[Decided]]:
    burden, basis = leading.burden, [leading]
    stated = [d for d in decided if d.statement.share and d.burden != pack.burden.lowest]
    share = leading.statement.share
    if share is None and stated and leading.statement.count is None:
        first = max(stated, key=lambda d: d.rank)
        if first.statement.part == "whole" and first.rank >= leading.rank or not _is_top(leading, decided):
            share, burden, basis = first.statement.share, first.burden, [first, leading]
    certainty = "hedged" if leading.is_hedged else "definite"
    return burden, certainty, share, basis


def _is_top(leading: Decided, decided: Sequence[Decided]) -> bool:
    return leading.rank == max(d.rank for d in decided) and leading.rank[1] > 0


def _weight(decided: Decided, pack: RulePack) -> tuple[bool, bool, int, bool]:
    statement = decided.statement
    return (
        not decided.is_vague,
        statement.share is not None,
        pack.burden.rank(decided.burden),
        not decided.is_hedged,
    )


def _holds(row: Decision, statement: Statement, malignancy: str) -> bool:
    states = {"share": statement.share is not None, "count": statement.count is not None}
    facts: dict[str, set[str]] = {
        "lesion": {statement.lesion},
        "extent": set(statement.extents) or {"none"},
        "part": {statement.part},
        "number": {statement.number},
        "states": {k for k, v in states.items() if v} or {"none"},
        "malignancy": {malignancy},
    }
    return all(facts[key] & set(values) for key, values in row.when.items())


def _level(row: Decision, statement: Statement, pack: RulePack) -> str:
    if row.burden == "by_share" and statement.share is not None:
        return level_of_share(statement.share, pack)
    if row.burden == "by_count" and statement.count is not None:
        middle = sum(statement.count) / 2
        return next(b.burden for b in pack.burden.by_count if b.most is None or middle <= b.most)
    return row.burden


def level_of_share(share: tuple[float, float], pack: RulePack) -> str:
    """Return the burden level of a stated share (percent): by its middle, or its bound where open.

    Examples
    --------
    >>> from screener.packs import load_pack
    >>> pack = load_pack("liver_tumor_burden")
    >>> [level_of_share(s, pack) for s in ((0, 25), (25, 25), (50, 50), (50, 100), (70, 80))]
    ['limited', 'multiple', 'multiple', 'extensive', 'extensive']
    """
    low, high = share
    value = low + 0.01 if high == 100 > low else (low + high) / 2
    for bound in pack.burden.by_share:
        if bound.below is not None and value < bound.below:
            return bound.burden
        if bound.most is not None and value <= bound.most:
            return bound.burden
    return pack.burden.by_share[-1].burden


def score_of(
    burden: str, certainty: str, percent: tuple[float, float] | None, pack: RulePack
) -> float:
    """Return a report's points: see ``RankingWeights``."""
    weights = pack.ranking
    points = weights.burden.get(burden, 0.0)
    if certainty == "hedged":
        points *= weights.hedged
    if percent is not None:
        points += weights.percent * sum(percent) / 2
    return round(points, 3)


def evidence_of(text: str, statements: Iterable[Statement]) -> tuple[str, ...]:
    """Return the words of the statements as exported: one stretch a segment, in order."""
    spans: list[tuple[int, int]] = []
    for statement in statements:
        live = [f for f in statement.findings if f.is_asserted] or list(statement.findings)
        for finding in sorted(live, key=lambda f: f.start):
            near = bool(spans) and spans[-1][0] <= finding.start <= spans[-1][1] + 60
            if near and not any(c in text[spans[-1][1] : finding.start] for c in ".;\n"):
                spans[-1] = (spans[-1][0], max(spans[-1][1], finding.end))
            else:
                spans.append((finding.start, finding.end))
    return tuple(text[start:end] for start, end in sorted(set(spans)))
