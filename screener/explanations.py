"""What ``screener explain`` shows of one report, as data: every step from words to the burden.

An :class:`Explanation` says which words the pack's rules marked, what suppressed those that do not
count, which statements they add up to, which row of the decision table each statement met, which
section outranked which, and the points of the score. It holds the report's text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from screener.assessments import Assessment, Decided, assess, choose, decide, malignancy_named
from screener.findings import Passage
from screener.marks import Mark, mark_findings
from screener.packs import Decision, RulePack
from screener.reports import Report
from screener.statements import Statement

DENIED = "denied"
SAID = ("burden", "certainty", "stated_percent", "score", "evidence", "rule_id")

Standing = Literal[
    "decides", "leaves_open", "yields_to_share", "asserts_nothing", "denies", "outranked"
]
"""What a rank of sections does: it decides, leaves the extent to a lower rank, yields it to a share
stated elsewhere, counts for nothing, denies it all, or is outranked by a higher one."""
Reason = Literal["other_organ", "organ_unknown", "suppressed", "no_row"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the pack's decision table; `number` counts from 1."""

    number: int
    rule: str
    when: dict[str, list[str]]
    burden: str


@dataclass(frozen=True, slots=True)
class ExplainedStatement:
    """A statement and what became of it.

    Attributes
    ----------
    section, organ, lesion, extents, part, number, share, count
        Of the statement, as the decision table saw it.
    is_asserted, is_uncertain, is_denied
        Of the statement.
    marks
        Places in `Explanation.marks` of what it was put together from.
    row
        The row of the decision table that it met; ``None`` where it met none.
    burden
        What the row gives, the lowest level where the statement denies; ``None`` where it does not
        come before the table.
    is_vague
        Whether its row says that it tells no extent of its own.
    decides
        Whether the report's burden or its stated share is taken from it.
    reason
        Why it has no burden; ``None`` where it has one.
    """

    section: str
    organ: str
    lesion: str
    extents: tuple[str, ...]
    part: str
    number: str
    share: tuple[float, float] | None
    count: tuple[float, float] | None
    is_asserted: bool
    is_uncertain: bool
    is_denied: bool
    marks: tuple[int, ...]
    row: Row | None
    burden: str | None
    is_vague: bool
    decides: bool
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class RankedSections:
    """Sections of one rank, highest rank first, and what they do to the burden.

    `burden` is the highest that their statements give.
    """

    rank: tuple[int, int]
    sections: tuple[str, ...]
    burden: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """The score: ``burden_points * certainty_factor + percent_points``."""

    burden_points: float
    certainty_factor: float
    percent_points: float
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that led from a report's text to its assessment.

    Attributes
    ----------
    report, assessment
        The report, and what it says.
    pack, version, organ
        The rule pack, and the organ that it is about.
    passages
        The segments as read, in order.
    marks
        Every finding, in order of the text.
    malignancy
        Which malignancy the report names: ``spreads``, ``primary`` or ``unnamed``.
    statements
        In order of the text, of every organ.
    ranks
        The sections that assert or deny something, highest rank first.
    score
        How the points come about.
    """

    report: Report
    assessment: Assessment
    pack: str
    version: str
    organ: str
    passages: tuple[Passage, ...]
    marks: tuple[Mark, ...]
    malignancy: str
    statements: tuple[ExplainedStatement, ...]
    ranks: tuple[RankedSections, ...]
    score: ScoreParts

    def organs_of(self, passage: Passage) -> tuple[str, ...]:
        """Return the organs spoken of in a passage: its statements', else its heading's."""
        organs = [
            statement.organ
            for statement in self.statements
            if statement.organ and self._begins_in(statement, passage)
        ]
        return tuple(dict.fromkeys(organs)) or passage.organs

    def _begins_in(self, statement: ExplainedStatement, passage: Passage) -> bool:
        starts = [self.marks[place].start for place in statement.marks]
        return bool(starts) and any(passage.start <= start < passage.end for start in starts)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; the report's text is part of it."""
        said = self.assessment
        return {
            "report_id": self.report.report_id,
            "patient_id": self.report.patient_id,
            "pack": {"name": self.pack, "version": self.version, "organ": self.organ},
            "text": self.report.text,
            "passages": [self._passage(passage) for passage in self.passages],
            "findings": [asdict(mark) for mark in self.marks],
            "malignancy": self.malignancy,
            "statements": [asdict(statement) for statement in self.statements],
            "ranks": [asdict(ranked) for ranked in self.ranks],
            "assessment": {
                **{name: getattr(said, name) for name in SAID},
                "candidate": said.is_candidate,
            },
            "score": asdict(self.score),
        }

    def _passage(self, passage: Passage) -> dict[str, Any]:
        return {
            "start": passage.start,
            "end": passage.end,
            "section": passage.section,
            "organs": self.organs_of(passage),
        }


def explain(
    report: Report, passages: Sequence[Passage], statements: Sequence[Statement], pack: RulePack
) -> Explanation:
    """Explain what a report says from what `Screener.read` gives.

    Examples
    --------
    >>> from screener.packs import load_pack
    >>> report = Report("r1", "p1", "Normal chest.")
    >>> explain(report, (), (), load_pack("liver_tumor_burden")).score.score
    0.0
    """
    malignancy = malignancy_named(passages, pack)
    decided = decide(statements, malignancy, pack)
    chosen = choose(decided, pack)
    basis = chosen[3] if chosen else []
    marks = mark_findings(report.text, passages, pack)
    assessment = assess(report, passages, statements, pack)
    return Explanation(
        report=report,
        assessment=assessment,
        pack=pack.name,
        version=pack.version,
        organ=pack.organ,
        passages=tuple(passages),
        marks=marks,
        malignancy=malignancy,
        statements=tuple(_explained(s, decided, basis, marks, pack) for s in statements),
        ranks=_ranks(decided, basis, pack),
        score=score_parts(assessment, pack),
    )


def score_parts(assessment: Assessment, pack: RulePack) -> ScoreParts:
    """Return how a report's points come about, from the pack's weights.

    Examples
    --------
    >>> from screener.packs import load_pack
    >>> said = Assessment("r", "p", "extensive", True, "hedged", (70.0, 80.0), 95.0, ())
    >>> score_parts(said, load_pack("liver_tumor_burden"))
    ScoreParts(burden_points=100.0, certainty_factor=0.8, percent_points=15.0, score=95.0)
    """
    weights, percent = pack.ranking, assessment.stated_percent
    return ScoreParts(
        burden_points=weights.burden.get(assessment.burden, 0.0),
        certainty_factor=weights.hedged if assessment.certainty == "hedged" else 1.0,
        percent_points=round(weights.percent * sum(percent) / 2, 3) if percent else 0.0,
        score=assessment.score,
    )


def _explained(
    statement: Statement,
    decided: Sequence[Decided],
    basis: Sequence[Decided],
    marks: Sequence[Mark],
    pack: RulePack,
) -> ExplainedStatement:
    mine = next((d for d in decided if _is_same(d.statement, statement)), None)
    seen = mine.statement if mine else statement
    keys = {(f.start, f.end, f.rule_id) for f in statement.findings}
    return ExplainedStatement(
        section=seen.section,
        organ=seen.organ,
        lesion=seen.lesion,
        extents=seen.extents,
        part=seen.part,
        number=seen.number,
        share=seen.share,
        count=seen.count,
        is_asserted=seen.is_asserted,
        is_uncertain=mine.is_hedged if mine else seen.is_uncertain,
        is_denied=seen.is_denied,
        marks=tuple(i for i, m in enumerate(marks) if (m.start, m.end, m.rule_id) in keys),
        row=_row(mine.rule, pack.decisions) if mine else None,
        burden=mine.burden if mine else None,
        is_vague=mine.is_vague if mine else False,
        decides=any(_is_same(d.statement, statement) for d in basis),
        reason=None if mine else _reason(statement, pack),
    )


def _is_same(statement: Statement, other: Statement) -> bool:
    """Whether both are put together from the same words; deciding may change the rest."""
    return statement.organ == other.organ and statement.findings == other.findings


def _reason(statement: Statement, pack: RulePack) -> Reason:
    if not statement.organ:
        return "organ_unknown"
    if statement.organ != pack.organ:
        return "other_organ"
    return "no_row" if statement.is_asserted else "suppressed"


def _row(rule: str, decisions: Sequence[Decision]) -> Row | None:
    for number, row in enumerate(decisions, start=1):
        if row.rule == rule:
            return Row(number, row.rule, dict(row.when), row.burden)
    return None


def _ranks(
    decided: Sequence[Decided], basis: Sequence[Decided], pack: RulePack
) -> tuple[RankedSections, ...]:
    made: list[RankedSections] = []
    is_over = False
    for rank in sorted({d.rank for d in decided}, reverse=True):
        here = [d for d in decided if d.rank == rank]
        standing: Standing = "outranked" if is_over else _standing(here, basis)
        is_over = is_over or standing in ("decides", "denies")
        sections = tuple(dict.fromkeys(d.statement.section for d in here))
        burden = max((d.burden for d in here), key=pack.burden.rank)
        made.append(RankedSections(rank, sections, burden, standing))
    return tuple(made)


def _standing(here: Sequence[Decided], basis: Sequence[Decided]) -> Standing:
    """What a rank does that no higher one has settled before it."""
    words = [d.statement.findings for d in here]
    if basis and basis[0].statement.findings in words:
        return "decides"
    if any(d.is_vague for d in here):
        return "leaves_open"
    if any(b.statement.findings in words for b in basis[1:]):
        return "yields_to_share"
    if not basis and any(d.rule == DENIED for d in here):
        return "denies"
    return "asserts_nothing"
