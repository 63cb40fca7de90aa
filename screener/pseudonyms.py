"""Study ids in place of ids, and a constant shift of each patient's days, kept in a key file.

Contract: the same key file gives the same study ids and shifts, whatever else is added later. A
study id is drawn at random (HMAC-SHA256 of a secret in the key file) and so tells nothing of the id
or its order. No study id contains an id that it replaces, and no shifted day that is known when the
shift is drawn is a day of the original: shifts start within a year and widen until that holds.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from tempfile import mkstemp
from typing import Any, Literal

from screener.errors import RunError

Kind = Literal["patients", "reports", "cases", "readers"]
KINDS: tuple[Kind, ...] = ("patients", "reports", "cases", "readers")
LETTERS: dict[Kind, str] = {"patients": "S", "reports": "R", "cases": "C"}
DIGITS = 9
"""So that a study id is also a positive integer of 32 bits, as databases have it."""
SHORTEST_CONTAINED = 4
"""Ids shorter than this are in any number; longer ones are in no study id."""
YEAR_DAYS = 365
TRIES_A_WIDTH = 64
_KEY_BYTES = 32


@dataclass(slots=True)
class Pseudonyms:
    """Who is who. `read_key` reads and `write_key` writes it.

    Attributes
    ----------
    secret
        In hexadecimal.
    ids
        By kind and id the study id.
    shifts
        By patient the days that are added to each day, never 0.
    """

    secret: str
    ids: dict[Kind, dict[str, str]]
    shifts: dict[str, int]
    _known: frozenset[str] = field(default=frozenset())

    def learn(self, ids: dict[Kind, list[str]], days: dict[str, list[date]]) -> None:
        """Give a study id to each id that has none, and a shift to each patient.

        Parameters
        ----------
        ids
            By kind; readers are numbered in their order.
        days
            By patient all of the patient's days.
        """
        self._known = frozenset().union(*ids.values(), *self.ids.values())
        for kind in KINDS:
            taken = set(self.ids[kind].values())
            for one in ids.get(kind, []):
                if one not in self.ids[kind]:
                    made = (
                        self._reader(taken) if kind == "readers" else self._draw(kind, one, taken)
                    )
                    self.ids[kind][one] = made
                    taken.add(made)
        every = {day for own in days.values() for day in own}
        for patient_id in ids.get("patients", []):
            if patient_id not in self.shifts:
                own = days.get(patient_id, [])
                self.shifts[patient_id] = self._draw_shift(patient_id, own, every)

    def study_id(self, kind: Kind, id_: str) -> str:
        """Return the study id of an id that was learnt."""
        return self.ids[kind][id_]

    def shifted(self, patient_id: str, day: date | None) -> date | None:
        """Return a patient's day as it is given out; one that leaves the calendar is left out."""
        if day is None:
            return None
        try:
            return day + timedelta(days=self.shifts[patient_id])
        except OverflowError:
            return None

    def number(self, *of: str) -> int:
        """Return a number that only the secret tells, from 0."""
        said = "\x00".join(of).encode()
        digest = hmac.new(bytes.fromhex(self.secret), said, hashlib.sha256).digest()
        return int.from_bytes(digest[:8])

    def _reader(self, taken: set[str]) -> str:
        return next(name for n in count(1) if (name := f"reader_{n}") not in taken)

    def _draw(self, kind: Kind, id_: str, taken: set[str]) -> str:
        for attempt in count():
            number = self.number(kind, str(attempt), id_) % 10**DIGITS
            made = f"{LETTERS[kind]}{number:0{DIGITS}d}"
            if number and made not in taken and not self._tells(made):
                return made
        raise AssertionError

    def _tells(self, made: str) -> bool:
        """Whether a study id has an id in it."""
        ends = range(SHORTEST_CONTAINED, len(made) + 1)
        parts = (made[start:end] for end in ends for start in range(end - SHORTEST_CONTAINED + 1))
        return any(part in self._known for part in parts)

    def _draw_shift(self, patient_id: str, own: Iterable[date], every: Collection[date]) -> int:
        days = list(own)
        for attempt in count():
            width = YEAR_DAYS * (1 + attempt // TRIES_A_WIDTH)
            number = self.number("shift", str(attempt), patient_id) % (2 * width)
            shift = number - width if number < width else number - width + 1
            moved = (day.toordinal() + shift for day in days)
            ordinals = [one for one in moved if 0 < one <= date.max.toordinal()]
            if not any(date.fromordinal(one) in every for one in ordinals):
                return shift
        raise AssertionError


def number_of(study_id: str) -> int:
    """Return a study id as an integer.

    >>> number_of("S000000042")
    42
    """
    return int(study_id[1:])


def read_key(file: Path, out: Path) -> Pseudonyms:
    """Read a key file, or start a new one where there is none.

    Parameters
    ----------
    file
        The key.
    out
        What is about to be given out; the key may not be in it.

    Raises
    ------
    RunError
        When the key is within `out`, is no key, or others than its owner can read it.
    """
    inside, of = file.resolve(), out.resolve()
    if inside == of or of in inside.parents:
        raise RunError(
            f"The key {file} would be given out with {out}: it tells who is who."
            " Keep it elsewhere: --key FILE."
        )
    if not file.exists():
        return Pseudonyms(secrets.token_hex(_KEY_BYTES), {kind: {} for kind in KINDS}, {})
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise RunError(f"{file} can be read by others than its owner. Set its mode to 0600.")
    try:
        return _from_dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise RunError(f"{file} is no key file of screener. Name the right one.") from fault


def write_key(key: Pseudonyms, file: Path) -> None:
    """Write a key whole or not at all, in a file that only its owner may read.

    Raises
    ------
    RunError
        When it cannot be written.
    """
    data = f"{json.dumps(_to_dict(key), indent=1, ensure_ascii=False)}\n".encode()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, work = mkstemp(prefix=f".{file.name}.partial-", dir=file.parent)  # mode 0600
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(data)
                opened.flush()
                os.fsync(opened.fileno())
            Path(work).replace(file)
        finally:
            Path(work).unlink(missing_ok=True)
    except OSError as fault:
        raise RunError(f"{file} cannot be written: {fault.strerror}. Name another key.") from fault


def _to_dict(key: Pseudonyms) -> dict[str, Any]:
    ids = {str(kind): own for kind, own in key.ids.items()}
    return {"screener_key": 1, "secret": key.secret, **ids, "shift_days": key.shifts}


def _from_dict(told: dict[str, Any]) -> Pseudonyms:
    if told["screener_key"] != 1:
        raise ValueError
    bytes.fromhex(told["secret"])
    ids: dict[Kind, dict[str, str]] = {kind: dict(told[kind]) for kind in KINDS}
    shifts = {str(name): int(days) for name, days in told["shift_days"].items()}
    return Pseudonyms(told["secret"], ids, shifts)
