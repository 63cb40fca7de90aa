"""Liftings: a report decided again with one reason lifted for which words did not count.

Each is tried by itself: a cue that negates the words of a segment or puts them into the past, the
organ they were taken to be about, a benign reading, a higher section that says less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from screener.assessments import Decided, Weighed, decide, evidence_of, malignancy_named
from screener.findings import Content, Finding, Passage
from screener.narratives import make_statements
from screener.packs import RulePack
from screener.report_words import ReportWords
from screener.reports import Report
from screener.roles import Roles
from screener.statements import Statement

FLAGS = ("negated", "historical", "hypothetical", "family")
"""What a cue or a section can make of a finding that it suppresses."""
_LESIONS = frozenset({"malignant", "tumor", "unexplained", "primary"})
"""What, said of another organ, would be of interest in the pack's: not a diffuse anything."""
_MOST_READ = 20_000
"""Segments read again for one report at the most: some hundred lifts of a long report, so that a
text of a megabyte costs seconds and not hours."""


class Lifting(NamedTuple):
    """A report decided again.

    Attributes
    ----------
    reason, cue
        What was lifted, and the words that told so; see `screener.near_misses.NearMiss`.
    decided
        What is said of the organ then.
    """

    reason: str
    cue: str
    decided: Sequence[Decided]


class Liftings:
    """The report as it was decided, and what lifting one suppression would make of it.

    Parameters
    ----------
    report, passages, statements
        As `Screener.read` gives them.
    weighed
        What they come to.
    pack, roles
        The question, and its roles.
    """

    def __init__(
        self,
        report: Report,
        passages: Sequence[Passage],
        statements: Sequence[Statement],
        weighed: Weighed,
        *,
        pack: RulePack,
        roles: Roles,
    ) -> None:
        self.report = report
        self.passages = tuple(passages)
        self.statements = tuple(statements)
        self.pack = pack
        self.roles = roles
        self.malignancy, self.decided, self.chosen = weighed
        self.words = ReportWords(self.passages, pack)
        self.n_read = 0

    def __iter__(self) -> Iterator[Lifting]:
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

    def _without_flags(self) -> Iterator[Lifting]:
        """Lift what one cue, or the section, makes of the words of one segment."""
        for place, passage in enumerate(self.passages):
            if not passage.content.keep(tells_extent, self.pack):
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
                yield self._decided_again(statements, malignancy, reason, cue)

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

    def _not_outranked(self) -> Iterator[Lifting]:
        """Take each statement that would make a candidate by itself."""
        candidates = [d for d in self.decided if d.burden in self.pack.burden.candidate]
        if not candidates:
            return
        basis = self.chosen[3] if self.chosen else []
        leading = [d.statement for d in basis if d.statement.share] or [d.statement for d in basis]
        reason = "number" if basis and basis[0].statement.share else "outranked"
        cue = " | ".join(evidence_of(self.report.text, leading[:1])) or self._denial()
        for decided in candidates:
            yield Lifting(reason, cue, [decided])

    def _denial(self) -> str:
        """The words of the highest denial: its cue, or what denies in itself."""
        denials = [d for d in self.decided if d.rule == "denied"]
        if not denials:
            return ""
        first = max(denials, key=lambda d: d.rank).statement
        cues = [f.cue for f in first.findings if f.cue]
        return cues[0] if cues else " | ".join(evidence_of(self.report.text, [first]))

    def _elsewhere(self) -> Iterator[Lifting]:
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
                lifted = statement._replace(organ=self.pack.organ)
                yield from self._replaced(statement, lifted, reason, told)

    def _of_another_nature(self, decided: Decided) -> Iterator[Lifting]:
        """Lift a benign or primary reading, a part of the organ, a number, a word that denies."""
        said = decided.statement
        if not self.words.any_tells(said.findings):
            return
        if said.part == "minor":
            cue = self.words.of(said, "part", "minor") or self.words.of_report("part", "minor")
            yield from self._replaced(said, said._replace(part="whole"), "part", cue)
        if (said.share or said.count) and self.words.extents & set(said.extents):
            cue = " | ".join(f.text for f in said.findings if f.concept in ("share", "count"))
            yield from self._replaced(said, said._replace(share=None, count=None), "number", cue)
        if (
            said.lesion == "benign"
            and self.malignancy == "spreads"
            and self.words.tells_number(said)
        ):
            lifted = said._replace(lesion="malignant", is_uncertain=True)
            yield from self._replaced(said, lifted, "benign", self.words.benign(said))
        if said.lesion == "primary":
            cue = self.words.of(said, "nature", "primary") or (
                self.words.of_report("nature", "primary")
                or self.words.of_report("malignancy", "primary")
            )
            yield from self._replaced(said, said._replace(lesion="malignant"), "primary", cue)
        denying = [f.text for f in said.findings if self.words.attribute(f, "denies")]
        if said.is_denied and denying:
            lifted = said._replace(is_asserted=True, is_denied=False)
            yield from self._replaced(said, lifted, "negated", denying[0])

    def _with_malignancy(self) -> Iterator[Lifting]:
        """Take the report as that of a patient whose malignancy is known."""
        if self.malignancy != "unnamed":
            return
        cue = self.words.refusal()
        yield self._decided_again(self.statements, "spreads", "no_malignancy", cue)

    # --- deciding again --------------------------------------------------------------------------

    def _replaced(
        self, statement: Statement, lifted: Statement, reason: str, cue: str
    ) -> Iterator[Lifting]:
        if not self.may_lift():
            return
        statements = [lifted if _is_same(s, statement) else s for s in self.statements]
        yield self._decided_again(statements, self.malignancy, reason, cue)

    def _decided_again(
        self, statements: Iterable[Statement], malignancy: str, reason: str, cue: str
    ) -> Lifting:
        return Lifting(reason, cue, decide(statements, malignancy, self.pack))


def tells_extent(content: Content, pack: RulePack) -> bool:
    """Whether a segment holds words of an extent that can make a candidate."""
    return ReportWords((), pack).any_tells(content.findings)


def _is_same(statement: Statement, other: Statement) -> bool:
    """Whether both are put together from the same words; deciding may change the rest."""
    return statement.organ == other.organ and statement.findings == other.findings


def _lifted(finding: Finding, flag: str) -> Finding:
    return finding._replace(**{flag: False})  # type: ignore[arg-type]
