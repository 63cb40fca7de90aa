"""The cases of a study with all that is known of them, for the coordinator's use cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screener.consensus import Consensus, Opinion, settle_case
from screener.errors import StudyError
from screener.reads import Read, current_reads, first_reads
from screener.settlements import OpenCase, SettledCase

if TYPE_CHECKING:
    from screener.store.offices import Office
    from screener.studies import Charter


class Casebook:
    """The cases of a study as the store knows them now; read once for one answer."""

    def __init__(self, office: Office, charter: Charter) -> None:
        self._charter = charter
        self.rounds = office.rounds()
        self.origins = {row.case_id: row for row in office.origins()}
        self.reads = office.all_reads()
        self._locked = {key for key, read in first_reads(self.reads).items()}
        self._standing = current_reads(self.reads)
        self._meetings = {
            str(record.detail["case_id"]): record.detail
            for record in office.log()
            if record.act == "meeting"
        }

    def cases(self, round_: str) -> list[str]:
        """Return the cases of a round, in order."""
        return sorted(case_id for case_id, one in self.rounds.items() if one == round_)

    def check(self, case_id: str) -> None:
        """Raise `StudyError` where there is no such case."""
        if case_id not in self.rounds:
            raise StudyError(f"No case {case_id!r} in this study.")

    def is_complete(self, case_id: str) -> bool:
        """Whether all primary readers have locked a case."""
        return all((reader, case_id) in self._locked for reader in self._charter.primaries)

    def n_reads(self, case_id: str) -> int:
        """Return how many primary readers have locked a case."""
        return sum((reader, case_id) in self._locked for reader in self._charter.primaries)

    def consensus(self, case_id: str) -> Consensus:
        """Return what the rule of the charter makes of a case as it stands."""
        charter = self._charter
        said = self._meetings.get(case_id)
        return settle_case(
            [self._of(reader, case_id) for reader in charter.primaries],
            charter.consensus.rule,
            cut_percent=charter.cut_percent,
            adjudication=self._of(charter.adjudicator, case_id),
            meeting=None if said is None else Opinion(said["verdict"], said["percent"]),
        )

    def settled(self, case_id: str, one: Consensus) -> SettledCase:
        """Return a settled case as a line of the list."""
        if one.verdict is None:
            raise ValueError
        row = self.origins[case_id]
        result = (one.verdict, one.percent, one.status, one.basis)
        return SettledCase(case_id, row.patient_id, row.origin, *result, self.n_reads(case_id))

    def open(self, case_id: str, one: Consensus) -> OpenCase:
        """Return an open case as a line of the list."""
        n_reads = self.n_reads(case_id)
        n_missing = len(self._charter.primaries) - n_reads
        why = f"{n_missing} reads are missing" if n_missing else one.why_open
        return OpenCase(case_id, n_reads, n_missing, why)

    def _of(self, reader: str, case_id: str) -> Opinion | None:
        read = self._standing.get((reader, case_id))
        return None if read is None else opinion_of(read)


def opinion_of(read: Read) -> Opinion:
    """Return what a locked read says."""
    if read.form.verdict is None:
        raise ValueError
    return Opinion(read.form.verdict, read.form.involved_percent)
