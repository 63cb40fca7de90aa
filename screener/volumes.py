"""Volumes: those of the tumour and of the organ, and the share that they come to.

A report that gives both ("tumor 1,800 mL, liver 2,400 mL") states a share without printing it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screener.findings import Finding, Passage
from screener.roles import VOLUME, Roles

_IS = 1
"""Words from a volume to the word that says what is left of it."""
_OF = frozenset(
    (*of, *article)
    for of in (("of",), ("out", "of"), ("/",))
    for article in ((), ("a",), ("the",), ("a", "total"), ("a", "total", "of"), ("total",))
)
"""Words from a volume to that of the organ: "1,900 of 2,600 mL"."""
_OF_WHICH = (("of", "which"), (",", "of", "which"))
"""Words from a volume to that of a part of it."""
_BEFORE, _AFTER = 6, 4
"""Words before a volume, and after "of", in which the word stands that says of what it is one."""


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume in a report: of the ``tumor``, of the ``rest`` it leaves, or of the ``organ``."""

    finding: Finding
    measured: str

    @property
    def millilitres(self) -> float:
        """Its size; 0 where the number could not be read."""
        return self.finding.low or 0.0


def volumes_of(passage: Passage, roles: Roles) -> list[Volume]:
    """Return the volumes of a segment whose words say of what they are, in order."""
    found = []
    edge = 0
    for finding in (f for f in passage.findings if f.concept == VOLUME):
        measured = _measured(passage, finding, edge, roles)
        edge = finding.last
        if measured and finding.is_asserted:
            found.append(Volume(finding, measured))
    return found


def share_of_volumes(volumes: Sequence[Volume]) -> tuple[float, list[Finding]] | None:
    """Return the share of the organ that the tumour takes, in percent, and the volumes that say so.

    ``None`` where one of the two is missing, or the part exceeds the whole. The last counts.
    """
    last = {volume.measured: volume for volume in volumes}
    organ, tumor, rest = (last.get(name) for name in ("organ", "tumor", "rest"))
    part = tumor or rest
    if organ is None or part is None or not 0 < part.millilitres <= organ.millilitres:
        return None
    share = 100 * part.millilitres / organ.millilitres
    if part is rest:
        share = 100 - share
    return round(share, 1), [part.finding, organ.finding]


def _measured(passage: Passage, volume: Finding, edge: int, roles: Roles) -> str:
    """What a volume is one of; `edge` is where the volume before it ends."""
    said = _told_after(passage, volume, roles)
    before = passage.words[edge : volume.first]
    following = [f for f in passage.findings if 0 <= f.first - volume.last <= _IS]
    if said:
        return said
    if edge and before in _OF:
        return "organ"  # "240 mL out of 2,400 mL"
    if edge and before in _OF_WHICH and following:
        return _named(following, roles)  # "3,200 mL, of which 2,500 mL tumor"
    if any(f.first == volume.last and roles.of(f) == "organ" for f in following):
        return _named(following, roles)  # "a 2.4 L liver"
    if _is_of(passage, volume):
        near = [f for f in passage.findings if 0 < f.first - volume.last <= _AFTER]
        return _named(near, roles)
    near = [
        f for f in passage.findings if edge <= f.first and 0 <= volume.first - f.last <= _BEFORE
    ]
    return _named(near[::-1], roles)


def _told_after(passage: Passage, volume: Finding, roles: Roles) -> str:
    """What the verb after a volume says: "400 mL is uninvolved", "1.9 litres are tumor"."""
    later = [f for f in passage.findings if 0 < f.first - volume.last <= _IS]
    if any(roles.measure(f) == "rest" for f in later):
        return "rest"
    is_told = passage.words[volume.last : volume.last + 1] in (("is",), ("are",))
    return "tumor" if is_told and any(_is_tumor(f, roles) for f in later) else ""


def _is_of(passage: Passage, volume: Finding) -> bool:
    """Whether "of" after a volume tells what it is one of, and not the whole or a part of it."""
    others = [f.first for f in passage.findings if f.concept == VOLUME and f.first > volume.last]
    is_part = bool(others) and passage.words[volume.last : min(others)] in _OF
    words = passage.words[volume.last : volume.last + 2]
    return words[:1] == ("of",) and not is_part and words[1:] != ("which",)


def _is_tumor(finding: Finding, roles: Roles) -> bool:
    return roles.nature(finding) in ("malignant", "tumor", "unexplained")


def _named(near: Sequence[Finding], roles: Roles) -> str:
    """What the words near a volume name, the nearest first; a rest is one of the organ."""
    for finding in near:
        if roles.measure(finding) == "rest":
            return "rest"
        if _is_tumor(finding, roles):
            return "tumor"
        if roles.of(finding) == "organ":
            is_mine = roles.place(finding) == roles.organ
            rests = [f for f in near if roles.measure(f) == "rest"]
            is_rest = any(
                f.first - 1 <= finding.last and finding.first - 1 <= f.last for f in rests
            )
            return ("rest" if is_rest else "organ") if is_mine else ""
    return ""
