"""Near misses: reports that one suppression alone kept from being candidates.

A suppression is one reason for which words of extent did not count: a cue that negates them or puts
them into the past, the organ they were taken to be about, a benign reading, a higher section that
says less. Each is lifted by itself and the report is decided again; where it is a candidate then,
the report is a near miss. A denial that holds no words of extent never is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from screener.assessments import (
    Decided,
    choose,
    decide,
    evidence_of,
    malignancy_named,
    score_of,
)
from screener.findings import Content, Finding, Passage
from screener.narratives import make_statements
from screener.packs import RulePack
from screener.report_words import ReportWords
from screener.reports import Report
from screener.roles import Roles
from screener.statements import Statement

FLAGS = ("negated", "historical", "hypothetical", "family")
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
_LESIONS = frozenset({"malignant", "tumor", "unexplained", "primary"})
"""What, said of another organ, would be of interest in the pack's: not a diffuse anything."""


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
    if not any(passage.content.keep(_tells_extent, pack) for passage in passages):
        return None
    search = _Search(report, passages, statements, pack, roles or Roles(pack))
    if search.is_candidate:
        return None
    found = search.near_misses()
    return min(found, key=lambda n: (-n.points, SUPPRESSIONS.index(n.suppressed_by)), default=None)


def _tells_extent(content: Content, pack: RulePack) -> bool:
    return ReportWords((), pack).any_tells(content.findings)


_MOST_READ = 20_000
"""Segments read again for one report at the most: some hundred lifts of a long report, so that a
text of a megabyte costs seconds and not hours."""


class _Search:
    """The report as it was decided, and what lifting one suppression would make of it."""

    def __init__(
        self,
        report: Report,
        passages: Sequence[Passage],
        statements: Sequence[Statement],
        pack: RulePack,
        roles: Roles,
    ) -> None:
        self.report = report
        self.passages = tuple(passages)
        self.statements = tuple(statements)
        self.pack = pack
        self.roles = roles
        self.malignancy = malignancy_named(passages, pack)
        self.decided = decide(statements, self.malignancy, pack)
        self.chosen = choose(self.decided, pack)
        self.words = ReportWords(self.passages, pack)
        self.n_read = 0

    @property
    def is_candidate(self) -> bool:
        return self.chosen is not None and self.chosen[0] in self.pack.burden.candidate

    def near_misses(self) -> Iterator[NearMiss]:
        yield from self._without_flags()
        yield from self._not_outranked()
        yield from self._elsewhere()
        for decided in self.decided:
            if decided.burden not in self.pack.burden.candidate:
                yield from self._of_another_nature(decided)
        yield from self._with_malignancy()

    def may_lift(self) -> bool:
        """Whether the report may be put together once more; a very long one soon may not."""
        self.n_read += len(self.passages)
        return self.n_read <= _MOST_READ

    # --- one reason lifted at a time -------------------------------------------------------------

    def _without_flags(self) -> Iterator[NearMiss]:
        """Lift what one cue, or the section, makes of the words of one segment."""
        for place, passage in enumerate(self.passages):
            if not self.words.any_tells(passage.findings):
                continue
            for flag, cue, findings in self._suppressed(passage):
                if not self.may_lift():
                    return
                lifted = tuple(_lifted(f, flag) if f in findings else f for f in passage.findings)
                passages = list(self.passages)
                passages[place] = passage.with_findings(lifted)
                reason = "section" if cue == f"[{passage.section}]" else flag
                statements = make_statements(passages, self.pack, self.roles)
                malignancy = malignancy_named(passages, self.pack)
                yield from self._decided_again(statements, malignancy, reason, cue)

    def _suppressed(self, passage: Passage) -> Iterator[tuple[str, str, list[Finding]]]:
        kind = self.pack.section.get(passage.section)
        groups: dict[tuple[str, str], list[Finding]] = {}
        for finding in passage.findings:
            for flag in FLAGS:
                if getattr(finding, flag):
                    by_section = kind is not None and kind.assertion == flag
                    cue = f"[{passage.section}]" if by_section else finding.cue
                    groups.setdefault((flag, cue), []).append(finding)
        for (flag, cue), findings in groups.items():
            yield flag, cue, findings

    def _not_outranked(self) -> Iterator[NearMiss]:
        """Take each statement that would make a candidate by itself."""
        basis = self.chosen[3] if self.chosen else []
        leading = [d.statement for d in basis if d.statement.share] or [d.statement for d in basis]
        reason = "number" if basis and basis[0].statement.share else "outranked"
        cue = " | ".join(evidence_of(self.report.text, leading[:1])) or self._denial()
        for decided in self.decided:
            if decided.burden in self.pack.burden.candidate:
                yield from self._near_miss([decided], reason, cue)

    def _denial(self) -> str:
        """The words of the highest denial: its cue, or what denies in itself."""
        denials = [d for d in self.decided if d.rule == "denied"]
        if not denials:
            return ""
        first = max(denials, key=lambda d: d.rank).statement
        cues = [f.cue for f in first.findings if f.cue]
        return cues[0] if cues else " | ".join(evidence_of(self.report.text, [first]))

    def _elsewhere(self) -> Iterator[NearMiss]:
        """Take what is said of another organ, or of none, as said of the pack's."""
        if not self.words.name_organ():
            return
        for statement in self.statements:
            if statement.organ == self.pack.organ or not self.words.any_tells(statement.findings):
                continue
            of_lesions = not statement.organ or statement.lesion in _LESIONS
            if statement.is_asserted and of_lesions:
                reason = "other_organ" if statement.organ else "no_organ"
                cue = self.words.of(statement, "organ", statement.organ)
                told = cue or (f"[{statement.organ}]" if statement.organ else "")
                lifted = replace(statement, organ=self.pack.organ)
                yield from self._replaced(statement, lifted, reason, told)

    def _of_another_nature(self, decided: Decided) -> Iterator[NearMiss]:
        """Lift a benign or primary reading, a part of the organ, a number, a word that denies."""
        said = decided.statement
        if not self.words.any_tells(said.findings):
            return
        if said.part == "minor":
            cue = self.words.of(said, "part", "minor") or self.words.of_report("part", "minor")
            yield from self._replaced(said, replace(said, part="whole"), "part", cue)
        if (said.share or said.count) and self.words.extents & set(said.extents):
            cue = " | ".join(f.text for f in said.findings if f.concept in ("share", "count"))
            yield from self._replaced(said, replace(said, share=None, count=None), "number", cue)
        if (
            said.lesion == "benign"
            and self.malignancy == "spreads"
            and self.words.tells_number(said)
        ):
            lifted = replace(said, lesion="malignant", is_uncertain=True)
            yield from self._replaced(said, lifted, "benign", self.words.benign(said))
        if said.lesion == "primary":
            cue = self.words.of(said, "nature", "primary") or (
                self.words.of_report("nature", "primary")
                or self.words.of_report("malignancy", "primary")
            )
            yield from self._replaced(said, replace(said, lesion="malignant"), "primary", cue)
        denying = [f.text for f in said.findings if self.words.attribute(f, "denies")]
        if said.is_denied and denying:
            lifted = replace(said, is_asserted=True, is_denied=False)
            yield from self._replaced(said, lifted, "negated", denying[0])

    def _with_malignancy(self) -> Iterator[NearMiss]:
        """Take the report as that of a patient whose malignancy is known."""
        if self.malignancy != "unnamed":
            return
        cue = self.words.refusal()
        yield from self._decided_again(self.statements, "spreads", "no_malignancy", cue)

    # --- deciding again --------------------------------------------------------------------------

    def _replaced(
        self, statement: Statement, lifted: Statement, reason: str, cue: str
    ) -> Iterator[NearMiss]:
        if not self.may_lift():
            return
        statements = [lifted if _is_same(s, statement) else s for s in self.statements]
        yield from self._decided_again(statements, self.malignancy, reason, cue)

    def _decided_again(
        self, statements: Iterable[Statement], malignancy: str, reason: str, cue: str
    ) -> Iterator[NearMiss]:
        yield from self._near_miss(decide(statements, malignancy, self.pack), reason, cue)

    def _near_miss(self, decided: Sequence[Decided], reason: str, cue: str) -> Iterator[NearMiss]:
        chosen = choose(decided, self.pack)
        if chosen is None or chosen[0] not in self.pack.burden.candidate:
            return
        burden, certainty, percent, basis = chosen
        yield NearMiss(
            report_id=self.report.report_id,
            patient_id=self.report.patient_id,
            would_be_burden=burden,
            points=score_of(burden, certainty, percent, self.pack),
            suppressed_by=reason,
            cue=cue,
            evidence=evidence_of(self.report.text, [d.statement for d in basis]),
            section=basis[0].statement.section,
            rule_id=basis[0].rule,
        )


def _is_same(statement: Statement, other: Statement) -> bool:
    """Whether both are put together from the same words; deciding may change the rest."""
    return statement.organ == other.organ and statement.findings == other.findings


def _lifted(finding: Finding, flag: str) -> Finding:
    return replace(finding, **{flag: False})  # type: ignore[arg-type]
