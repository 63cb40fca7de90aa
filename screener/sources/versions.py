"""Which version of a report counts: the latest, with the addenda that came on their own.

All inputs of a run are read through once before its first report, and of each version no more is
kept than a few numbers, so that memory does not grow with the texts. When they are read again, each
version is given, held for an addendum still to come, or left out. What is held at a time is only
reports with an addendum in a message of its own.

A final version supersedes a preliminary one whenever that came; of two of a kind the later one
counts, by the time that they state and then by their order in the input. Versions are of one report
if both patient and accession are the same.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import blake2b
from typing import TYPE_CHECKING

from screener.sources.documents import Document, Status, full_text, holds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Fate(IntEnum):
    """What becomes of one version."""

    SUPERSEDED = 0
    GIVEN = 1
    """It is the report."""
    JOINED = 2
    """It is a part of the report that is given with the last of its parts."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A report made of one or more versions: the one that counts, and its whole text."""

    document: Document
    text: str
    n_joined: int = 0
    """Versions beside the document that the text holds."""


class Versions:
    """All versions in the inputs of one run; first each is added, then each is taken."""

    def __init__(self) -> None:
        self._keys = array("Q")
        self._ranks = array("B")
        self._times = array("Q")
        self._withdrawn: set[int] = set()
        self._fates: bytearray | None = None
        self._groups: dict[int, tuple[int, ...]] = {}
        self._held: dict[int, Document] = {}

    def __len__(self) -> int:
        return len(self._ranks)

    def add(self, document: Document) -> None:
        """Remember a version on the first reading."""
        if document.is_withdrawn:
            self._withdrawn.add(len(self))
        self._keys.extend(_key(document, len(self)))
        self._ranks.append(_rank(document))
        self._times.append(document.sent_at)

    def is_same(self, place: int, document: Document) -> bool:
        """Whether the version at a place is what was there on the first reading."""
        seen = place < len(self) and tuple(self._keys[2 * place : 2 * place + 2])
        return seen == _key(document, place)

    def take(self, place: int, document: Document) -> Resolved | Fate:
        """Give the report that a version completes, or what else becomes of it."""
        if self._fates is None:
            self._fates = self._settled()
        fate = Fate(self._fates[place])
        if fate is not Fate.JOINED:
            return Resolved(document, _own_text(document)) if fate is Fate.GIVEN else fate
        group = self._groups[place]
        if place != max(group):
            self._held[place] = document
            return fate
        return _joined([document if one == place else self._held.pop(one) for one in group])

    def _settled(self) -> bytearray:
        """Decide on each version, once all are known."""
        fates = bytearray([Fate.GIVEN]) * len(self)
        for group in self._shared():
            for place in group:
                fates[place] = Fate.SUPERSEDED
            parts = self._parts(group)
            for place in parts:
                fates[place] = Fate.GIVEN if len(parts) == 1 else Fate.JOINED
                if len(parts) > 1:
                    self._groups[place] = parts
        return fates

    def _shared(self) -> Iterator[list[int]]:
        """Give the places of the versions of each report that has several, worst first."""
        import numpy as np

        if not len(self):
            return
        keys: NDArray[np.uint64] = np.frombuffer(self._keys, dtype=np.uint64).reshape(-1, 2)
        times = np.frombuffer(self._times, dtype=np.uint64)
        ranks = np.frombuffer(self._ranks, dtype=np.uint8)
        order = np.lexsort((times, ranks, keys[:, 1], keys[:, 0]))  # stable: input order decides
        is_new = np.any(keys[order][1:] != keys[order][:-1], axis=1)
        starts = np.concatenate(([0], np.flatnonzero(is_new) + 1, [len(order)]))
        for which in np.flatnonzero(np.diff(starts) > 1):
            yield order[starts[which] : starts[which + 1]].tolist()

    def _parts(self, group: Sequence[int]) -> tuple[int, ...]:
        """Of all versions of a report, give the one that counts and then its additions."""
        whole = [place for place in group if self._ranks[place] > _ADDITION]
        added = [place for place in group if self._ranks[place] == _ADDITION]
        if whole and whole[-1] in self._withdrawn:
            return (whole[-1],)
        return (*whole[-1:], *added)


_ADDITION, _UNFINISHED, _FINISHED = range(3)


def _rank(document: Document) -> int:
    if document.is_addition:
        return _ADDITION
    return _UNFINISHED if document.status is Status.PRELIMINARY else _FINISHED


def _key(document: Document, place: int) -> tuple[int, int]:
    """Two numbers that only versions of one report share."""
    digest = blake2b(digest_size=16)
    name = document.report_id if document.is_whole else document.accession
    if document.patient_id and name:
        digest.update(f"{document.patient_id}\0{name}".encode(errors="replace"))
    else:
        digest.update(f"\0{place}".encode())
    raw = digest.digest()
    return int.from_bytes(raw[:8]), int.from_bytes(raw[8:])


def _own_text(document: Document) -> str:
    if document.is_addition and not document.addenda:
        return document.body  # it may be all of the report, so no heading is put above it
    return full_text(document.body, document.addenda)


def _joined(documents: Sequence[Document]) -> Resolved:
    """Put additions, in order of time, to the version that counts."""
    main, *additions = documents
    body, addenda = main.body, list(main.addenda)
    for text in (text for addition in additions for text in addition.added):
        so_far = full_text(body, addenda)
        if so_far and holds(text, so_far):
            body, addenda = text, []  # it is the whole report once more
        elif not holds(so_far, text):
            addenda.append(text)
    return Resolved(main, full_text(body, addenda), len(additions))
