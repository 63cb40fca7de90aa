"""The coordinator's use cases: how far a study is, what is settled, and what was unblinded.

Contract: of a case that is not complete a coordinator gets counts and nothing else. A case is
complete when all its primary readers have locked it. `unblind` gives more, and writes that into the
log of the study before it gives it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from screener.candidates import CALIBRATION, MAIN
from screener.casebooks import Casebook, opinion_of
from screener.consensus import Consensus, Opinion
from screener.errors import BlindingError, StudyError
from screener.reads import first_reads
from screener.settlements import Ratings, ReaderStatus, Settlement, StudyStatus, Unblinded
from screener.studies import Charter, read_charter
from screener.study_folders import find_study

if TYPE_CHECKING:
    from pathlib import Path

    from screener.reads import Read, Verdict
    from screener.store.offices import Office


class Study:
    """A coordinator's session on a study; made by `open_study`."""

    def __init__(self, office: Office, charter: Charter) -> None:
        self.office = office
        self.charter = charter

    # --- counts ----------------------------------------------------------------------------------

    def status(self) -> StudyStatus:
        """Return how far the study is."""
        known = Casebook(self.office, self.charter)
        origins = Counter(known.origins[case_id].origin for case_id in known.cases(MAIN))
        acts = Counter(record.act for record in self.office.log())
        n_complete = sum(map(known.is_complete, known.cases(MAIN)))
        return StudyStatus(
            name=self.charter.name,
            question=self.charter.question,
            rule=self.charter.consensus.rule,
            n_cases=len(known.cases(MAIN)),
            n_calibration=len(known.cases(CALIBRATION)),
            n_flagged=origins["flagged"],
            n_audit=origins["audit"],
            n_unflagged=self._n_unflagged(),
            n_complete=n_complete,
            n_unblindings=acts["unblind"],
            readers=tuple(self._reader_statuses(known)),
        )

    def _reader_statuses(self, known: Casebook) -> Iterator[ReaderStatus]:
        assigned = Counter(one.reader for one in self.office.assignments())
        drafts, out = self.office.n_drafts(), self.office.out_in_packets()
        kinds = Counter((read.reader, read.kind) for read in known.reads)
        for reader in self.charter.everybody:
            n_locked = kinds[reader, "first"] + kinds[reader, "adjudication"]
            n_amendments = kinds[reader, "amendment"]
            counts = (assigned[reader], n_locked, drafts.get(reader, 0), n_amendments)
            yield ReaderStatus(reader, *counts, is_out=reader in out)

    def _n_unflagged(self) -> int:
        """Patients not flagged at the first draw of the main round, of whom the sample is."""
        draws = [record.detail for record in self.office.log() if record.act == "draw"]
        return next((int(said["n_unflagged"]) for said in draws if said["round"] == MAIN), 0)

    # --- consensus -------------------------------------------------------------------------------

    def settle(self, *, early: bool = False, by: str = "coordinator") -> Settlement:
        """Apply the charter's rule to the main round, and send on what readers differ about.

        Parameters
        ----------
        early
            Also give the results that missing reads cannot change. That tells what readers said
            before all have read, so it is logged as unblinding.
        by
            Who asks, for the log.
        """
        known = Casebook(self.office, self.charter)
        found = {case_id: known.consensus(case_id) for case_id in known.cases(MAIN)}
        decided_early = [
            case_id
            for case_id, one in found.items()
            if one.verdict is not None and not known.is_complete(case_id)
        ]
        hidden = set() if early else set(decided_early)
        if early and decided_early:
            self._log(by, "unblind", {"cases": decided_early, "reason": "results before complete"})
        settled = [
            known.settled(case_id, one)
            for case_id, one in found.items()
            if one.verdict is not None and case_id not in hidden
        ]
        given = {one.case_id for one in settled}
        still = [known.open(case_id, found[case_id]) for case_id in found if case_id not in given]
        n_sent_on = self._send_on(found)
        verdicts = {one.case_id: one.verdict for one in settled}
        self._log(by, "settle", {"settled": verdicts, "n_open": len(still)})
        return Settlement(tuple(settled), tuple(still), n_sent_on)

    def _send_on(self, found: Mapping[str, Consensus]) -> int:
        """Put complete cases on which the readers differ on the adjudicator's worklist."""
        from screener.store.records import Assignment

        adjudicator = self.charter.adjudicator
        if not adjudicator:
            return 0
        theirs = [one for one in self.office.assignments() if one.reader == adjudicator]
        there = {one.case_id for one in theirs}
        due = [
            case_id
            for case_id, one in found.items()
            if one.status == "discordant" and case_id not in there
        ]
        first = len(theirs) + 1
        new = [
            Assignment(adjudicator, case_id, place, "adjudication")
            for place, case_id in enumerate(due, start=first)
        ]
        if new:
            self.office.assign(new)
        return len(new)

    def record_meeting(self, case_id: str, outcome: Opinion, *, by: str, reason: str) -> None:
        """Record what a consensus meeting decided on a case that the rule leaves open.

        Raises
        ------
        StudyError
            When there is no such case, it is settled, or reads of it are missing.
        """
        known = Casebook(self.office, self.charter)
        known.check(case_id)
        if not known.is_complete(case_id):
            raise StudyError(
                f"{case_id} is not complete: a meeting comes after all have locked it."
            )
        if known.consensus(case_id).verdict is not None:
            raise StudyError(f"{case_id} is settled already.")
        said = {"case_id": case_id, "verdict": outcome.verdict, "percent": outcome.percent}
        self._log(by, "meeting", {**said, "reason": reason})

    # --- what is not blind -----------------------------------------------------------------------

    def unblind(self, case_ids: Sequence[str], *, by: str, reason: str) -> tuple[Unblinded, ...]:
        """Give all that is known of some cases, after writing into the log that it was given.

        Raises
        ------
        BlindingError
            When nobody or no reason is named.
        StudyError
            When there is no such case.
        """
        if not by.strip() or not reason.strip():
            raise BlindingError("Unblinding needs who asks for it, and a reason.")
        known = Casebook(self.office, self.charter)
        for case_id in case_ids:
            known.check(case_id)
        open_ = [case_id for case_id in case_ids if not known.is_complete(case_id)]
        said = {"cases": list(case_ids), "not_complete": open_, "reason": reason.strip()}
        self._log(by.strip(), "unblind", said)
        return tuple(
            Unblinded(
                known.origins[case_id],
                known.is_complete(case_id),
                tuple(read for read in known.reads if read.case_id == case_id),
            )
            for case_id in case_ids
        )

    def complete_reads(self) -> tuple[Read, ...]:
        """Return every record of the complete cases, by case and reader."""
        known = Casebook(self.office, self.charter)
        shown = [read for read in known.reads if known.is_complete(read.case_id)]
        return tuple(sorted(shown, key=lambda one: (one.case_id, one.reader, one.position)))

    def ratings(self) -> Ratings:
        """Return the first locked reads of the complete cases of the main round."""
        known = Casebook(self.office, self.charter)
        first = first_reads(known.reads)
        complete = [case_id for case_id in known.cases(MAIN) if known.is_complete(case_id)]
        return Ratings(
            readers=self.charter.primaries,
            opinions={
                case_id: tuple(opinion_of(first[name, case_id]) for name in self.charter.primaries)
                for case_id in complete
            },
            origins={case_id: known.origins[case_id].origin for case_id in complete},
            n_unflagged=self._n_unflagged(),
        )

    def results(self) -> dict[str, Verdict | None]:
        """Return the result of each complete case of the main round; ``None`` where it is open."""
        known = Casebook(self.office, self.charter)
        complete = [case_id for case_id in known.cases(MAIN) if known.is_complete(case_id)]
        return {case_id: known.consensus(case_id).verdict for case_id in complete}

    def case_ids(self) -> tuple[str, ...]:
        """Return all cases."""
        return tuple(sorted(self.office.rounds()))

    def _log(self, by: str, act: str, detail: Mapping[str, Any]) -> None:
        self.office.record(by, act, detail)


@contextmanager
def open_study(where: str | Path) -> Iterator[Study]:
    """Open a coordinator's session.

    Raises
    ------
    StudyError
        When there is no study, or it is a reader's packet.
    """
    from screener.store.offices import Office

    place = find_study(where)
    if place.is_packet:
        raise StudyError(f"{where} is a reader's packet. Name the study's folder.")
    office = Office(place.open(), place.key)
    try:
        yield Study(office, read_charter(office.study().charter))
    finally:
        office.close()
