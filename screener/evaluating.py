"""The use case of an evaluation: a run's tables and a table of truth in, figures and errors out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from screener.accuracy import Judged, level_accuracy
from screener.errors import PackError, RunError, SourceError
from screener.evaluations import (
    KINDS,
    Cue,
    Evaluation,
    LabelAccuracy,
    Labelled,
    Level,
    Matching,
    Wrong,
)
from screener.exports.tables import FINDINGS, NEAR_MISSES, PATIENTS, REJECTED, REPORTS
from screener.judgements import label_accuracy, labelled, rank_order, wrong_report
from screener.packs import RulePack, load_pack
from screener.run_tables import has_table, read_record, read_table
from screener.sources.labels import read_labels
from screener.truths import COLUMNS, LabelRow, Truth, Truths, make_truths

if TYPE_CHECKING:
    from pathlib import Path

    from screener.run_tables import Record

N_ERRORS = 10
NO_REPORT_IDS = "the truth names patients only"
_FLAGS = ("negated", "historical", "hypothetical", "uncertain", "family")


def evaluate_run(
    run: Path, truth: Path, *, pack: str | None = None, n_errors: int = N_ERRORS
) -> Evaluation:
    """Hold a run against a truth.

    Parameters
    ----------
    run
        The run's folder.
    truth
        A table of labels of reports or of patients; see `screener.truths`.
    pack
        In place of the pack of the run; it orders the burden levels.
    n_errors
        How many errors of each kind to give; they are counted all the same.

    Raises
    ------
    RunError
        When `run` is not a run, or its pack is gone.
    SourceError
        When the truth cannot be read, or shares no id with the run.
    """
    record = read_record(run)
    question, notes = _question(run, record, pack)
    labels = read_labels(truth, COLUMNS)
    truths = make_truths(
        (LabelRow(line, cells) for line, cells in labels.rows),
        labels.columns,
        question.burden.levels,
        question.burden.candidate,
        str(truth),
    )
    found = _Evaluating(run, truths, question, n_errors)
    matching, reports, patients, right = found.by_level()
    if not matching.n_matched:
        raise SourceError(f"{truth}: none of its {len(truths.of)} ids is in the run at {run}.")
    return Evaluation(
        str(run),
        str(truth),
        truths.level,
        record["pack"],
        notes,
        matching,
        reports,
        patients,
        right,
    )


def _question(
    run: Path, record: Mapping[str, Any], pack: str | None
) -> tuple[RulePack, tuple[str, ...]]:
    """Load the pack of a run; note where it is not in the state that the run was made with."""
    recorded = record["pack"]
    name = pack or str(record["options"].get("pack") or recorded["name"])
    try:
        loaded = load_pack(name)
    except PackError as error:
        if error.problems:
            raise
        raise RunError(f"The pack {name!r} of {run} is not there. Name one by --pack.") from None
    if loaded.sha256 == recorded["sha256"]:
        return loaded, ()
    was = f"{recorded['name']} {recorded['version']}"
    return loaded, (f"the run was made with another state of the pack ({was})",)


@dataclass(slots=True)
class _Patient:
    """What the truth of reports says of one patient."""

    true_report_ids: list[str] = field(default_factory=list)
    is_labelled: bool = False
    is_known: bool = True

    def add(self, truth: Truth) -> None:
        self.is_labelled = True
        if truth.is_candidate:
            self.true_report_ids.append(truth.id)


class _Evaluating:
    """One evaluation under way."""

    def __init__(self, run: Path, truths: Truths, pack: RulePack, n_errors: int) -> None:
        self.run = run
        self.truths = truths
        self.pack = pack
        self.n_errors = n_errors
        self.n_run = 0
        self.n_other_patient = 0
        self.n_unknown = 0
        self.n_of_id: Counter[str] = Counter()

    def by_level(self) -> tuple[Matching, Level, Level, LabelAccuracy | None]:
        if self.truths.level == "patient":
            of_patient = {
                truth.id: _Patient([""] if truth.is_candidate else [], is_labelled=True)
                for truth in self.truths.of.values()
            }
            patients, matched = self._patients(of_patient)
            nothing = Level(None, NO_REPORT_IDS, {}, ())
            return self._matching(matched), nothing, patients, None
        rows, of_patient = self._labelled_reports()
        reports = self._reports(rows)
        matching = self._matching([_id(row) for row in rows])
        patients, _ = self._patients(of_patient)
        return (
            replace(matching, n_patients_unknown=self.n_unknown),
            reports,
            patients,
            self._right(rows),
        )

    # --- reports ---------------------------------------------------------------------------------

    def _labelled_reports(self) -> tuple[list[Record], dict[str, _Patient]]:
        """The run's reports that have a truth, in order of rank, and what is so of each patient."""
        rows: list[Record] = []
        of_patient: defaultdict[str, _Patient] = defaultdict(_Patient)
        self.n_of_id = Counter(_id(row) for row in read_table(self.run, REPORTS))
        self.n_run = self.n_of_id.total()
        for row in read_table(self.run, REPORTS):
            truth = self.truths.of.get(_id(row))
            patient = of_patient[str(row["patient_id"])]
            if truth is None or self.n_of_id[_id(row)] > 1:
                patient.is_known = False
                continue
            self.n_other_patient += truth.patient_id not in (None, row["patient_id"])
            rows.append(row)
            patient.add(truth)
        for truth in self.truths.of.values():
            if truth.patient_id is not None and truth.id not in self.n_of_id:
                of_patient[truth.patient_id].add(truth)
        return sorted(rows, key=rank_order), of_patient

    def _reports(self, rows: Sequence[Record]) -> Level:
        pairs = [(row, self.truths.of[_id(row)]) for row in rows]
        judged = [Judged(t.id, t.is_candidate, bool(row["candidate"])) for row, t in pairs]
        wrong = [one for row, truth in pairs if (one := wrong_report(row, truth)) is not None]
        return self._level(judged, wrong, "no report of the truth is in the run")

    def _right(self, rows: Sequence[Record]) -> LabelAccuracy:
        pairs = [(self.truths.of[_id(row)], labelled(row)) for row in rows]
        return label_accuracy(pairs, self.pack.burden.levels, self.truths.columns)

    # --- patients --------------------------------------------------------------------------------

    def _patients(self, of_patient: Mapping[str, _Patient]) -> tuple[Level, list[str]]:
        """Judge the run's patients in order of rank."""
        judged, wrong, matched = [], [], list[str]()
        is_of_patients = self.truths.level == "patient"
        for row in read_table(self.run, PATIENTS):
            self.n_run += is_of_patients
            patient_id = str(row["patient_id"])
            patient = of_patient.get(patient_id, _Patient())
            if not patient.is_labelled:
                continue
            is_true = bool(patient.true_report_ids)
            if not (is_true or patient.is_known):
                self.n_unknown += 1
                continue
            matched.append(patient_id)
            is_flagged = bool(row["n_candidate_reports"])
            judged.append(Judged(patient_id, is_true, is_flagged))
            if is_true != is_flagged:
                wrong.append(self._wrong_patient(row, patient, is_flagged=is_flagged))
        return self._level(judged, wrong, "no patient's truth is known"), matched

    def _wrong_patient(self, row: Record, patient: _Patient, *, is_flagged: bool) -> Wrong:
        patient_id, top = str(row["patient_id"]), str(row["top_report_id"])
        said = Labelled(is_flagged, str(row["burden"]), _text(row["certainty"]), None)
        true = Labelled(not is_flagged, None, None, None)
        of_reports = [one for one in patient.true_report_ids if one]
        if is_flagged or not of_reports:
            of_reports = [top]
        kind = "false_alarm" if is_flagged else "missed"
        words = str(row["evidence"] or "")
        return Wrong(kind, patient_id, patient_id, tuple(of_reports), true, said, "", words)

    # --- both ------------------------------------------------------------------------------------

    def _level(self, judged: Sequence[Judged], wrong: Sequence[Wrong], why: str) -> Level:
        if not judged:
            return Level(None, why, {}, ())
        by_kind = {kind: [one for one in wrong if one.kind == kind] for kind in KINDS}
        shown = [one for some in by_kind.values() for one in some[: self.n_errors]]
        counts = {kind: len(some) for kind, some in by_kind.items()}
        return Level(level_accuracy(judged), "", counts, tuple(self._with_cues(shown)))

    def _with_cues(self, errors: Sequence[Wrong]) -> list[Wrong]:
        ids = {report_id for error in errors for report_id in error.report_ids}
        cues: defaultdict[str, dict[Cue, None]] = defaultdict(dict)
        kept_back: dict[str, tuple[str, str]] = {}
        for row in read_table(self.run, FINDINGS) if ids else ():
            if _id(row) in ids and row["cue"]:
                flags = tuple(flag for flag in _FLAGS if row[flag])
                cues[_id(row)][Cue(flags, str(row["cue"]))] = None
        for row in read_table(self.run, NEAR_MISSES) if has_table(self.run, NEAR_MISSES) else ():
            if _id(row) in ids:
                kept_back[_id(row)] = (str(row["suppressed_by"]), str(row["cue"] or ""))
        return [_with(error, cues, kept_back) for error in errors]

    def _matching(self, matched: Sequence[str]) -> Matching:
        repeated = {one for one, n in self.n_of_id.items() if n > 1 and one in self.truths.of}
        missing = sorted(self.truths.of.keys() - set(matched) - repeated)
        n_left_out = sum(self.n_of_id[one] for one in repeated)
        if self.truths.level == "patient":
            rejected = 0
        else:
            gone = Counter(str(row["report_id"]) for row in read_table(self.run, REJECTED))
            rejected = sum(report_id in gone for report_id in missing)
        return Matching(
            n_truth=len(self.truths.of),
            n_run=self.n_run,
            n_matched=len(matched),
            truth_not_in_run=tuple(missing),
            n_true_not_in_run=sum(self.truths.of[one].is_candidate for one in missing),
            n_rejected=rejected,
            n_run_without_truth=self.n_run - len(matched) - n_left_out,
            n_repeated_ids=len(repeated),
            n_other_patient=self.n_other_patient,
            n_patients_unknown=0,
            n_unlabelled=self.truths.n_unlabelled,
            n_contradicting=self.truths.n_contradicting,
        )


def _id(row: Record) -> str:
    return str(row["report_id"])


def _text(cell: object) -> str | None:
    return str(cell) if cell else None


def _with(
    error: Wrong, cues: Mapping[str, Iterable[Cue]], kept_back: Mapping[str, tuple[str, str]]
) -> Wrong:
    own = dict.fromkeys(cue for one in error.report_ids for cue in cues.get(one, ()))
    pairs = [kept_back[one] for one in error.report_ids if one in kept_back]
    reason, words = pairs[0] if pairs and error.kind == "missed" else ("", "")
    return replace(error, cues=tuple(own), suppressed_by=reason, cue=words)
