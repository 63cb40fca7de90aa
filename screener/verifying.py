"""The use case that proves a study's records: nothing changed, removed, added or reordered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from screener.chains import STUDY_CHAIN, Head, Link, chain_problems
from screener.errors import StudyError
from screener.studies import CHARTER_FILE, read_charter
from screener.study_folders import find_study

if TYPE_CHECKING:
    from pathlib import Path

    from screener.store.offices import Office
    from screener.study_folders import StudyPlace

_RECEIPT_PARTS = 3
_RECEIPT_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of looking a study through.

    Attributes
    ----------
    problems
        Empty where all is as it was written.
    heads
        Where each chain ends; keep them elsewhere, and hold the study against them later.
    n_unsigned
        Records by chain that came from sessions without the key, and are signed now.
    """

    problems: tuple[str, ...]
    heads: tuple[Head, ...]
    n_unsigned: Mapping[str, int]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def to_dict(self) -> dict[str, object]:
        """Return what ``verify --json`` prints."""
        return {
            "is_whole": self.is_whole,
            "problems": list(self.problems),
            "heads": [asdict(head) for head in self.heads],
            "n_unsigned": dict(self.n_unsigned),
        }


def verify_study(
    where: str | Path,
    *,
    receipts: Sequence[str] = (),
    against: Sequence[Mapping[str, object]] = (),
) -> Verification:
    """Look a study through; where all is well, sign what was not signed yet.

    Parameters
    ----------
    where
        The study.
    receipts
        As readers were given them: ``READER:POSITION:HASH``.
    against
        Heads of an earlier verification; each chain must go on from there.

    Raises
    ------
    StudyError
        When there is no study, or a receipt is none.
    """
    from screener.store.offices import Office

    place = find_study(where)
    office = Office(place.open(), place.key)
    try:
        heads, links = office.chains()
        problems = [
            *_chain_problems(office, place, heads, links),
            *_held_against(links, against),
            *(problem for receipt in receipts for problem in _receipt_problems(links, receipt)),
        ]
        problems += [] if problems else _content_problems(office, place)
        unsigned = {head.chain: head.n - head.n_signed for head in heads if head.n > head.n_signed}
        if not problems:
            office.sign_heads(heads)
    finally:
        office.close()
    return Verification(tuple(problems), heads, unsigned)


def _chain_problems(
    office: Office, place: StudyPlace, heads: Sequence[Head], links: Mapping[str, Sequence[Link]]
) -> list[str]:
    study = office.study()
    try:
        known = {STUDY_CHAIN, *read_charter(study.charter).everybody}
    except StudyError:
        return ["the charter in the store was changed: it is none"]
    there = {head.chain for head in heads}
    problems = [f"{_told(chain)}: its head is gone" for chain in sorted(known - there)]
    problems += [f"{_told(chain)}: records of nobody" for chain in sorted(links.keys() - there)]
    problems += [] if place.key else ["the study's key is not at hand: signatures cannot be held"]
    for head in heads:
        own = links.get(head.chain, [])
        found = chain_problems(study.study_id, head, own, place.key)
        problems += [f"{_told(head.chain)}: {problem}" for problem in found]
        if place.url.startswith("sqlite") and head.n_signed < head.n:
            problems.append(f"{_told(head.chain)}: its end is not signed")
    return problems


def _held_against(
    links: Mapping[str, Sequence[Link]], against: Sequence[Mapping[str, object]]
) -> list[str]:
    problems = []
    for earlier in against:
        chain, n, hash_ = str(earlier["chain"]), int(str(earlier["n"])), earlier["hash"]
        own = links.get(chain, [])
        if n and not any(link.position == n and link.hash == hash_ for link in own):
            problems.append(f"{_told(chain)}: does not go on from the earlier head at record {n}")
    return problems


def _receipt_problems(links: Mapping[str, Sequence[Link]], receipt: str) -> list[str]:
    parts = receipt.rsplit(":", _RECEIPT_PARTS - 1)
    if len(parts) != _RECEIPT_PARTS or not parts[1].isdigit() or len(parts[2]) < _RECEIPT_LENGTH:
        raise StudyError(f"{receipt!r} is not a receipt. One looks like ada:12:35f2ac129ca6.")
    reader, position, hash_ = parts[0], int(parts[1]), parts[2]
    is_there = any(
        link.position == position and link.hash.startswith(hash_) for link in links.get(reader, [])
    )
    return [] if is_there else [f"{_told(reader)}: the record of receipt {receipt} is not there"]


def _content_problems(office: Office, place: StudyPlace) -> list[str]:
    """Hold the charter and the cases against the log, and the reads against the cases."""
    study, log = office.study(), office.log()
    charter = read_charter(study.charter)
    problems = []
    logged = [str(one.detail["charter_sha256"]) for one in log if one.act in ("init", "charter")]
    if charter.sha256 != study.charter_sha256 or logged[-1:] != [charter.sha256]:
        problems.append("the charter in the store is not the one that the log names")
    if place.folder is not None:
        text = (place.folder / CHARTER_FILE).read_text(encoding="utf-8")
        if office.rounds() and read_charter(text).sha256 != charter.sha256:
            problems.append(f"{CHARTER_FILE} is not the charter under which cases were drawn")
    draws = [one.detail for one in log if one.act == "draw"]
    problems += [
        f"the cases of draw {said['draw']} are not what was drawn"
        for said in draws
        if office.contents(int(said["draw"])) != said["contents_sha256"]
    ]
    if {row.draw for row in office.origins()} - {int(said["draw"]) for said in draws}:
        problems.append("there are cases that no draw in the log added")
    assigned = {(one.reader, one.case_id) for one in office.assignments()}
    return problems + [
        f"{_told(read.reader)}: record {read.position} is of no case of theirs"
        for read in office.all_reads()
        if (read.reader, read.case_id) not in assigned
    ]


def _told(chain: str) -> str:
    return f"the reads of {chain}" if chain else "the log of the study"
