"""Statements: what a stretch of a report says of lesions in one organ, put together from findings.

A finding is a word; a statement is what the words of a domain add up to: these lesions, in this
organ, to this extent, asserted so. Extents, counts, shares and parts of the organ bind to the head
of their domain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from screener.counts import bounds_of_counts, counts_of
from screener.domains import LISTED, Domain
from screener.extents import SHORT, extents_of, says_only
from screener.findings import Finding, Passage
from screener.natures import denies_all, denies_by_word, nature_of, number_of
from screener.packs import RulePack
from screener.parts import part_of
from screener.placements import GUESSES
from screener.roles import Roles
from screener.shares import Share, shares_of, sharpest

_BEARINGS = ("link", "relation", "malignancy", "measure")
"""Roles of words that help to read a statement and are no part of it."""


class Statement(NamedTuple):
    """What a stretch of a report says of lesions in one organ; a tuple, for speed (see `Finding`).

    Attributes
    ----------
    section, order, paragraph
        Where it stands.
    organ
        The organ; empty where none is known.
    lesion
        Nature of the lesions; ``none`` where an extent stands without a lesion word.
    extents
        Names of the extent concepts that are asserted.
    part
        How much of the organ is spoken of: ``all`` of it in so many words, a ``major`` or ``minor``
        part, or ``whole`` where no part is named.
    number
        ``one`` or ``many`` lesions, by the grammar of the lesion word.
    share, count
        Bounds of a stated share of the organ (percent) or count of lesions.
    is_asserted
        Whether the report says so of this patient, now.
    is_uncertain
        Whether it says so as likely only.
    is_denied
        Whether the report says that there are none.
    findings
        What it was put together from, in order of the text.
    """

    section: str
    order: int
    paragraph: int
    organ: str
    lesion: str
    extents: tuple[str, ...]
    part: str
    number: str
    share: tuple[float, float] | None
    count: tuple[float, float] | None  # type: ignore[assignment] # and no tuple.count
    is_asserted: bool
    is_uncertain: bool
    is_denied: bool
    findings: tuple[Finding, ...]

    @property
    def start(self) -> int:
        """First character of the statement in the report."""
        return min(finding.start for finding in self.findings)

    @property
    def is_measured(self) -> bool:
        """Whether it says how much or how many."""
        return bool(self.extents or self.count or self.share)

    def placed(self, order: int, paragraph: int, findings: tuple[Finding, ...]) -> Statement:
        """Return the statement as it stands at another place, with its findings there."""
        section, _, _, *said, _ = self
        return Statement._make((section, order, paragraph, *said, findings))


@dataclass(frozen=True, slots=True)
class _Told:
    """What a domain tells of lesions besides their nature."""

    extents: list[Finding]
    shares: list[Share]
    counts: list[Finding]

    def measures(self, domain: Domain) -> list[Finding]:
        """What is asserted or denied where no lesion word is: extents and shares, else counts."""
        measures = [*self.extents, *(share.finding for share in self.shares)]
        return [f for f in domain.findings if f in measures] or self.counts


def statement_of(
    domain: Domain, organ: str, pack: RulePack, roles: Roles, *, is_awaited: bool
) -> Statement | None:
    """Return what a domain says; ``None`` where it says nothing of lesions.

    Parameters
    ----------
    domain, organ
        The domain, and the organ that it speaks of; empty where that is not known.
    pack, roles
        Say which role each concept has.
    is_awaited
        Whether the segment before is the label of a field that wants a share.
    """
    told = _Told(
        extents_of(domain, roles),
        shares_of(domain, roles, is_awaited=is_awaited),
        counts_of(domain, roles),
    )
    if not _says_something(domain, told, roles):
        return None
    passage = domain.passage
    lesion, key = nature_of(domain.heads, roles)
    key = key or told.measures(domain)
    is_told = any(f.is_asserted for f in key) or any(share.is_rest for share in told.shares)
    denies = is_told and _denies(domain, told, roles)
    is_asserted = is_told and not denies and not _is_label(passage)
    live = [f for f in told.extents if f.is_asserted]
    return Statement(
        section=passage.section,
        order=passage.order,
        paragraph=passage.paragraph,
        organ=organ,
        lesion=lesion,
        extents=tuple(dict.fromkeys(f.concept for f in live)),
        part=part_of(domain, roles),
        number=number_of(domain.heads, roles),
        share=sharpest([share.bounds for share in told.shares if share.bounds]),
        count=bounds_of_counts(told.counts),
        is_asserted=is_asserted,
        is_uncertain=_is_hedged(domain, (*key, *live), roles),
        is_denied=denies or (not is_asserted and denies_all(domain, key, lesion, pack)),
        findings=tuple(f for f in domain.findings if roles.of(f) not in _BEARINGS),
    )


def is_short(passage: Passage) -> bool:
    """Whether a segment is a field or remark that can say how much without naming what."""
    return len(passage.words) <= SHORT


def _says_something(domain: Domain, told: _Told, roles: Roles) -> bool:
    """Whether a domain has lesions, a number, or an extent that stands for itself."""
    if domain.heads or told.shares or told.counts or any(map(roles.counts, told.extents)):
        return True
    return bool(told.extents) and is_short(domain.passage) and says_only(domain.passage)


def _denies(domain: Domain, told: _Told, roles: Roles) -> bool:
    """Whether what is asserted is that there are none: "zero metastases", "tumor-free"."""
    return bounds_of_counts(told.counts) == (0.0, 0.0) or denies_by_word(domain, roles)


def _is_hedged(domain: Domain, told: Sequence[Finding], roles: Roles) -> bool:
    is_guess = any(f.uncertain or roles.is_hedged(f) for f in told)
    return is_guess and not _is_sure_of_mine(domain, roles)


def _is_sure_of_mine(domain: Domain, roles: Roles) -> bool:
    """Whether a hedge is of another organ of a list: "hepatic and probable lung metastases"."""
    organs = roles.among(domain.findings, "organ")
    mine = [f for f in organs if roles.place(f) == roles.organ]
    others = [f for f in organs if roles.place(f) != roles.organ]
    if not mine or any(f.uncertain for f in mine):
        return False
    words, last = domain.passage.words, mine[-1].last
    listed = [f for f in others if set(words[last : f.first]) <= LISTED | GUESSES]
    return any(f.uncertain and f.first > last for f in listed)


def _is_label(passage: Passage) -> bool:
    """Whether a segment is a field's label without its value."""
    return is_short(passage) and passage.words[-2:-1] == (":",)
