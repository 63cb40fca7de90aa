"""What one report says: the burden it asserts, how surely, and the words that decide.

The pack's decision table gives each statement about the pack's organ a burden
(`screener.decisions`). Of these the report's is chosen so: a later addendum outranks the
impression, the impression the findings; within one rank the highest burden counts. A statement that
gives no extent of its own ("hepatic metastases, progressive") is vague: it holds its rank, and a
lower rank may say how much. A stated share outweighs words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from screener.decisions import (
    Decided,
    decide,
    level_of_count,
    level_of_share,
    malignancy_named,
)
from screener.findings import Passage
from screener.packs import RulePack
from screener.reports import Report
from screener.statements import Statement

__all__ = [
    "Assessment",
    "Decided",
    "Weighed",
    "assess",
    "choose",
    "decide",
    "evidence_of",
    "level_of_count",
    "level_of_share",
    "malignancy_named",
    "nothing_said",
    "score_of",
    "weigh",
]

Chosen = tuple[str, str, tuple[float, float] | None, list[Decided]]
"""Burden, certainty, stated percent, and the statements that decide."""
_JOINED = 60
"""Characters between two findings of one stretch of evidence."""


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


class Weighed(NamedTuple):
    """What the statements of a report come to.

    Attributes
    ----------
    malignancy
        As `malignancy_named` gives it.
    decided
        As `decide` gives them.
    chosen
        As `choose` gives it.
    """

    malignancy: str
    decided: list[Decided]
    chosen: Chosen | None


def weigh(passages: Sequence[Passage], statements: Iterable[Statement], pack: RulePack) -> Weighed:
    """Return what the statements of a report come to."""
    malignancy = malignancy_named(passages, pack)
    decided = decide(statements, malignancy, pack)
    return Weighed(malignancy, decided, choose(decided, pack))


def assess(
    report: Report,
    passages: Sequence[Passage],
    statements: Iterable[Statement],
    pack: RulePack,
    weighed: Weighed | None = None,
) -> Assessment:
    """Decide what a report says from its statements.

    Parameters
    ----------
    report, passages, statements
        As `Screener.read` gives them.
    pack
        The question.
    weighed
        What they come to, where it is at hand already.

    Examples
    --------
    A report without statements asserts nothing:

    >>> from screener.packs import load_pack
    >>> report = Report("r1", "p1", "Normal chest.")
    >>> assess(report, (), (), load_pack("liver_tumor_burden")).burden
    'none'
    """
    chosen = (weighed or weigh(passages, statements, pack)).chosen
    if chosen is None:
        return nothing_said(report, pack)
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


def nothing_said(report: Report, pack: RulePack) -> Assessment:
    """Return the assessment of a report that asserts nothing of the pack's question."""
    return Assessment(
        report.report_id, report.patient_id, pack.burden.lowest, False, None, None, 0.0, ()
    )


def choose(decided: Sequence[Decided], pack: RulePack) -> Chosen | None:
    """Return burden, certainty, stated percent and the statements that decide, or ``None``."""
    if not decided:
        return None
    leading: Decided | None = None
    are_denied = False
    for rank in sorted({d.rank for d in decided}, reverse=True):
        here = [d for d in decided if d.rank == rank]
        positive = [d for d in here if d.burden != pack.burden.lowest]
        denials = [d for d in here if d.is_denial]
        if denials and all(d.is_weak for d in positive):
            if leading is None and any(d.statement.organ for d in denials):
                return None
            are_denied = True
            continue
        if are_denied:
            positive = [d for d in positive if not d.is_weak]
        if positive:
            leading = _followed(leading, max(positive, key=lambda d: _weight(d, pack)), pack)
    return _settled(leading, decided, pack) if leading else None


def _followed(leading: Decided | None, best: Decided, pack: RulePack) -> Decided:
    """What leads after a lower rank: one that says how much, where the higher rank leaves it."""
    if leading is None:
        return best
    levels = (pack.burden.rank(best.burden), pack.burden.rank(leading.burden))
    is_more = leading.is_open and not leading.rank[1] and levels[0] > levels[1]
    if best.is_vague or not (leading.is_vague or is_more):
        return leading
    return best._replace(is_hedged=leading.is_hedged, is_weak=False)


def _weight(decided: Decided, pack: RulePack) -> tuple[bool, bool, int, bool]:
    return (
        not decided.is_vague,
        _share_of_whole(decided) is not None,
        pack.burden.rank(decided.burden),
        not decided.is_hedged,
    )


def _settled(leading: Decided, decided: Sequence[Decided], pack: RulePack) -> Chosen:
    """The leading statement, with the share that another states where it gives no number itself."""
    certainty = "hedged" if leading.is_hedged else "definite"
    own = leading.statement
    shares = [d for d in decided if d.statement.share and d.statement.part != "minor"]
    stated = [d for d in shares if d.burden != pack.burden.lowest]
    if own.share is None and own.count is None and stated:
        first = max(stated, key=lambda d: d.rank)
        is_of_all = first.statement.part == "whole" and first.rank >= leading.rank
        if is_of_all or not _is_last_addendum(leading, decided):
            return first.burden, certainty, _share_of_whole(first), [first, leading]
    percent = _sharper(_share_of_whole(leading), stated) or _agreeing(leading, stated)
    return leading.burden, certainty, percent, [leading]


def _agreeing(leading: Decided, stated: Sequence[Decided]) -> tuple[float, float] | None:
    """The share that another statement gives, where it comes to the level of a count."""
    of_all = [d for d in stated if d.burden == leading.burden and _share_of_whole(d)]
    if leading.statement.count is None or not of_all:
        return None
    return _share_of_whole(max(of_all, key=lambda d: d.rank))


def _sharper(
    share: tuple[float, float] | None, stated: Sequence[Decided]
) -> tuple[float, float] | None:
    """A share, or a narrower one within it that another statement gives: 51-75% of over half."""
    if share is None:
        return None
    others = [
        s for s in map(_share_of_whole, stated) if s and share[0] <= s[0] and s[1] <= share[1]
    ]
    return min([share, *others], key=lambda s: s[1] - s[0])


def _share_of_whole(decided: Decided) -> tuple[float, float] | None:
    """The share that a statement gives of the organ, and not of a part of it."""
    return decided.statement.share if decided.statement.part in ("whole", "all") else None


def _is_last_addendum(leading: Decided, decided: Sequence[Decided]) -> bool:
    return leading.rank == max(d.rank for d in decided) and leading.rank[1] > 0


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
            near = bool(spans) and spans[-1][0] <= finding.start <= spans[-1][1] + _JOINED
            if near and not any(c in text[spans[-1][1] : finding.start] for c in ".;\n"):
                spans[-1] = (spans[-1][0], max(spans[-1][1], finding.end))
            else:
                spans.append((finding.start, finding.end))
    return tuple(text[start:end] for start, end in sorted(set(spans)))
