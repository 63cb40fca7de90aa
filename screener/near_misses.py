"""Near misses: reports that one suppression alone kept from being candidates.

A suppression is one reason for which words of extent did not count: a cue that negates them or puts
them into the past, the organ they were taken to be about, a benign reading, a higher section that
says less. Each is lifted by itself and the report is decided again; where it is a candidate then,
the report is a near miss. A denial that holds no words of extent never is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screener.assessments import Weighed, choose, evidence_of, score_of, weigh
from screener.findings import Passage
from screener.liftings import FLAGS, Lifting, Liftings, tells_extent
from screener.packs import RulePack
from screener.reports import Report
from screener.roles import Roles
from screener.statements import Statement

SUPPRESSIONS = (
    *FLAGS,
    "section",  # the section asserts nothing current, such as the comparison
    "outranked",  # a higher section, or a denial, says less
    "number",  # a stated share or count decides instead of the words
    "part",
    "other_organ",
    "no_organ",
    "benign",
    "primary",
    "no_malignancy",  # lesions of no stated nature, and no malignancy is named
)
"""What can suppress, in the order in which it is told where several do."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A report that is no candidate, and the one suppression that decided so.

    Attributes
    ----------
    report_id, patient_id
        Whose report.
    would_be_burden, points
        What the report would have come to without the suppression.
    suppressed_by
        One of `SUPPRESSIONS`.
    cue
        The words that suppress, as exported; in square brackets a section or organ that the report
        says by a heading, empty where it is the want of words.
    evidence
        The words that would have decided, as exported.
    section, rule_id
        Where they stand, and the row of the decision table that they would have met.
    """

    report_id: str
    patient_id: str
    would_be_burden: str
    points: float
    suppressed_by: str
    cue: str
    evidence: tuple[str, ...]
    section: str
    rule_id: str


def find_near_miss(
    report: Report,
    passages: Sequence[Passage],
    statements: Sequence[Statement],
    pack: RulePack,
    roles: Roles | None = None,
    *,
    weighed: Weighed | None = None,
) -> NearMiss | None:
    """Return why a report is only nearly a candidate, or ``None``.

    Parameters
    ----------
    report, passages, statements
        As `Screener.read` gives them.
    pack
        The question.
    roles
        Those of the pack, where they are at hand already.
    weighed
        What the statements come to, where it is at hand already.

    Returns
    -------
    NearMiss or None
        Of several suppressions the one that costs most points, then the first of `SUPPRESSIONS`,
        then the first in the text. ``None`` where the report is a candidate, or none alone decides.

    Examples
    --------
    >>> from screener.packs import load_pack
    >>> report = Report("r1", "p1", "Normal chest.")
    >>> find_near_miss(report, (), (), load_pack("liver_tumor_burden")) is None
    True
    """
    if not any(passage.content.keep(tells_extent, pack) for passage in passages):
        return None
    weighed = weighed or weigh(passages, statements, pack)
    if weighed.chosen is not None and weighed.chosen[0] in pack.burden.candidate:
        return None
    liftings = Liftings(
        report, passages, statements, weighed, pack=pack, roles=roles or Roles(pack)
    )
    found = (_near_miss(report, lifting, pack) for lifting in liftings)
    return min(
        (near_miss for near_miss in found if near_miss is not None),
        key=lambda n: (-n.points, SUPPRESSIONS.index(n.suppressed_by)),
        default=None,
    )


def _near_miss(report: Report, lifting: Lifting, pack: RulePack) -> NearMiss | None:
    """A report as a near miss, where it is a candidate once it is decided again."""
    chosen = choose(lifting.decided, pack)
    if chosen is None or chosen[0] not in pack.burden.candidate:
        return None
    burden, certainty, percent, basis = chosen
    return NearMiss(
        report_id=report.report_id,
        patient_id=report.patient_id,
        would_be_burden=burden,
        points=score_of(burden, certainty, percent, pack),
        suppressed_by=lifting.reason,
        cue=lifting.cue,
        evidence=evidence_of(report.text, [d.statement for d in basis]),
        section=basis[0].statement.section,
        rule_id=basis[0].rule,
    )
