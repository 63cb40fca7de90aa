"""The use case of comparing two packs over the same reports: who is gained and lost, and why.

Gained is what pack B makes a candidate and pack A does not. Nothing is kept of a report that both
decide alike but its patient's id, and no text is kept beyond evidence and cues.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, astuple, dataclass, field
from functools import partial
from hashlib import blake2b
from itertools import islice, tee
from typing import TYPE_CHECKING, Any

from screener.answers import Failed, screened_report
from screener.reports import Rejected, Report
from screener.screeners import OnDemand
from screener.workers import Chunk, screen_chunks

if TYPE_CHECKING:
    from screener.answers import Answer
    from screener.packs import RulePack
    from screener.screening import ScreenedReport
    from screener.sources import Source

CHUNK_REPORTS = 64
MAX_CUES = 5


@dataclass(frozen=True, slots=True)
class Side:
    """What one pack makes of a report.

    Attributes
    ----------
    burden, certainty, rule_id, evidence
        Of its assessment.
    suppressed_by, cue
        Where it is no candidate and one suppression alone decided so: which, and its words.
    cues
        Where it is no candidate: the words that keep findings from counting, each once; first those
        of words by which the other pack decides.
    """

    burden: str
    certainty: str | None
    rule_id: str
    evidence: tuple[str, ...]
    suppressed_by: str = ""
    cue: str = ""
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangedReport:
    """A report that is a candidate by one pack only."""

    report_id: str
    patient_id: str
    a: Side
    b: Side


@dataclass(frozen=True, slots=True)
class ChangedPatient:
    """A patient whom only one pack makes a candidate, with the reports that do it."""

    patient_id: str
    reports: tuple[ChangedReport, ...]


@dataclass(frozen=True, slots=True)
class PackDiff:
    """Two packs over the same reports.

    Attributes
    ----------
    pack_a, pack_b
        Name, version and hash of each.
    n_reports, n_patients
        Compared; exact duplicates count once.
    n_rejected, n_duplicate
        Rows that could not be read or screened by either pack, and exact duplicates.
    n_candidate_reports, n_candidate_patients
        By pack A and by pack B.
    burden_changes
        Reports by burden in A and in B, where they differ, in order of A's and B's levels.
    reports_gained, reports_lost
        In order of the input.
    patients_gained, patients_lost
        By patient_id.
    """

    pack_a: Mapping[str, str]
    pack_b: Mapping[str, str]
    n_reports: int
    n_patients: int
    n_rejected: int
    n_duplicate: int
    n_candidate_reports: tuple[int, int]
    n_candidate_patients: tuple[int, int]
    burden_changes: tuple[tuple[str, str, int], ...]
    reports_gained: tuple[ChangedReport, ...]
    reports_lost: tuple[ChangedReport, ...]
    patients_gained: tuple[ChangedPatient, ...]
    patients_lost: tuple[ChangedPatient, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        told = asdict(self)
        told["burden_changes"] = [{"a": a, "b": b, "n": n} for a, b, n in self.burden_changes]
        for name in ("n_candidate_reports", "n_candidate_patients"):
            told[name] = dict(zip(("a", "b"), told[name], strict=True))
        return told


def diff_packs(
    sources: Iterable[Source], pack_a: RulePack, pack_b: RulePack, *, workers: int = 1
) -> PackDiff:
    """Screen reports by two packs and tell where they differ.

    Parameters
    ----------
    sources
        Opened one after the other and read once.
    pack_a, pack_b
        The old pack and the new, or any two.
    workers
        Processes of each pack; the answer does not depend on it.

    Raises
    ------
    RunError
        When the worker processes cannot be started.
    """
    comparing = _Comparing(pack_a, pack_b)
    chunks_a, chunks_b = tee(comparing.chunks(sources))
    screened_a = screen_chunks(chunks_a, partial(OnDemand.of, pack_a), workers)
    screened_b = screen_chunks(chunks_b, partial(OnDemand.of, pack_b), workers)
    for (chunk, results_a), (_, results_b) in zip(screened_a, screened_b, strict=True):
        for report, a, b in zip(chunk.reports, results_a, results_b, strict=True):
            comparing.take(report, a, b)
    return comparing.diff()


@dataclass(slots=True)
class _Patient:
    """Whether any report makes a patient a candidate, by A and by B."""

    by_a: bool = False
    by_b: bool = False
    changed: list[ChangedReport] = field(default_factory=list)


class _Comparing:
    """What was found so far."""

    def __init__(self, pack_a: RulePack, pack_b: RulePack) -> None:
        self.pack_a = pack_a
        self.pack_b = pack_b
        self.patients: dict[str, _Patient] = {}
        self.changed: list[ChangedReport] = []
        self.burdens: Counter[tuple[str, str]] = Counter()
        self.n_candidates = [0, 0]
        self.n_rejected = 0
        self.n_duplicate = 0
        self._seen: set[bytes] = set()

    def chunks(self, sources: Iterable[Source]) -> Iterator[Chunk]:
        """Read the sources; count and leave out rejected rows and exact duplicates."""
        reports = (r for source in sources for r in self._reports(source.rows))
        while some := tuple(islice(reports, CHUNK_REPORTS)):
            yield Chunk.of(some)

    def _reports(self, rows: Iterable[Report | Rejected]) -> Iterator[Report]:
        for row in rows:
            if isinstance(row, Rejected):
                self.n_rejected += 1
                continue
            digest = blake2b(repr(astuple(row)).encode(), digest_size=16).digest()
            if digest in self._seen:
                self.n_duplicate += 1
                continue
            self._seen.add(digest)
            yield row

    def take(
        self, report: Report, by_a: Answer | Failed | None, by_b: Answer | Failed | None
    ) -> None:
        """Compare what came of one report."""
        if isinstance(by_a, Failed) or isinstance(by_b, Failed):
            self.n_rejected += 1
            return
        a = screened_report(report, by_a, self.pack_a)
        b = screened_report(report, by_b, self.pack_b)
        self._compare(report, a, b)

    def _compare(self, report: Report, a: ScreenedReport, b: ScreenedReport) -> None:
        self.burdens[a.assessment.burden, b.assessment.burden] += 1
        by_a, by_b = a.assessment.is_candidate, b.assessment.is_candidate
        self.n_candidates[0] += by_a
        self.n_candidates[1] += by_b
        patient = self.patients.setdefault(report.patient_id, _Patient())
        patient.by_a, patient.by_b = patient.by_a or by_a, patient.by_b or by_b
        if by_a != by_b:
            sides = _side(a, b), _side(b, a)
            changed = ChangedReport(report.report_id, report.patient_id, *sides)
            patient.changed.append(changed)
            self.changed.append(changed)

    def diff(self) -> PackDiff:
        patients = [self.patients[one] for one in sorted(self.patients)]
        return PackDiff(
            pack_a=_told(self.pack_a),
            pack_b=_told(self.pack_b),
            n_reports=self.burdens.total(),
            n_patients=len(patients),
            n_rejected=self.n_rejected,
            n_duplicate=self.n_duplicate,
            n_candidate_reports=(self.n_candidates[0], self.n_candidates[1]),
            n_candidate_patients=(sum(p.by_a for p in patients), sum(p.by_b for p in patients)),
            burden_changes=tuple(self._burden_changes()),
            reports_gained=tuple(r for r in self.changed if self._is_gained(r)),
            reports_lost=tuple(r for r in self.changed if not self._is_gained(r)),
            patients_gained=tuple(_changed(p) for p in patients if p.by_b and not p.by_a),
            patients_lost=tuple(_changed(p) for p in patients if p.by_a and not p.by_b),
        )

    def _is_gained(self, report: ChangedReport) -> bool:
        return report.b.burden in self.pack_b.burden.candidate

    def _burden_changes(self) -> Iterator[tuple[str, str, int]]:
        for a in self.pack_a.burden.levels:
            for b in self.pack_b.burden.levels:
                if a != b and self.burdens[a, b]:
                    yield a, b, self.burdens[a, b]


def _side(screened: ScreenedReport, other: ScreenedReport) -> Side:
    """What one pack makes of a report; cues of the words that decide by the other come first."""
    said, near = screened.assessment, screened.near_miss
    if said.is_candidate:
        return Side(said.burden, said.certainty, said.rule_id, said.evidence)
    kept_back = [f for f in screened.findings if f.cue and not f.is_asserted]
    words = " ".join(other.assessment.evidence)
    cues = dict.fromkeys(f.cue for f in sorted(kept_back, key=lambda f: f.text not in words))
    return Side(
        burden=said.burden,
        certainty=said.certainty,
        rule_id=said.rule_id,
        evidence=said.evidence,
        suppressed_by=near.suppressed_by if near else "",
        cue=near.cue if near else "",
        cues=tuple(cues)[:MAX_CUES],
    )


def _changed(patient: _Patient) -> ChangedPatient:
    return ChangedPatient(patient.changed[0].patient_id, tuple(patient.changed))


def _told(pack: RulePack) -> dict[str, str]:
    return {"name": pack.name, "version": pack.version, "sha256": pack.sha256}
