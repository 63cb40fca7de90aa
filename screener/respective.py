"""Respective lists: "liver and lungs: two and countless metastases, respectively".

So do "the former" and "the latter" stand for the first and the second of two organs.
"""

from __future__ import annotations

from screener.findings import Finding, Passage
from screener.roles import QUANTITY, Roles

RESPECTIVELY = "respectively"
"""The word that shares out a list."""
_OF_TWO = {"former": 0, "latter": 1}
"""Words for the first and the second of two organs named before them."""
_FEWEST = 2
"""Organs that share out a list."""


def only_mine(passage: Passage, roles: Roles) -> Passage:
    """Return a segment with what a respective list gives to the pack's organ, and no other.

    A segment without such a list, or with lists of unequal length, is returned as it is.
    """
    if RESPECTIVELY not in passage.words:
        return passage
    organs = _apart(roles.among(passage.findings, "organ"))
    told = _apart(roles.among(passage.findings, "extent", QUANTITY))
    places = [roles.place(f) for f in organs]
    is_shared_out = len(organs) == len(told) >= _FEWEST and places.count(roles.organ) == 1
    if not is_shared_out:
        return passage
    at = places.index(roles.organ)
    others = [finding for i, finding in enumerate(told) if i != at]
    kept = tuple(f for f in passage.findings if not any(_shares_words(f, o) for o in others))
    return passage.with_findings(kept)


def with_organs_of_two(passage: Passage, roles: Roles) -> Passage:
    """Return a segment with the organs that "former" and "latter" stand for, of two named."""
    if _OF_TWO.keys().isdisjoint(passage.words):
        return passage
    added = []
    for at, word in enumerate(passage.words):
        if word in _OF_TWO:
            before = _apart([f for f in roles.among(passage.findings, "organ") if f.last <= at])
            if len(before) == _FEWEST:
                named = before[_OF_TWO[word]]
                added.append(named._replace(first=at, last=at + 1))
    found = sorted((*passage.findings, *added), key=lambda f: (f.first, f.last))
    return passage.with_findings(found)


def _apart(findings: list[Finding]) -> list[Finding]:
    """Findings in order, of those that overlap the first."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (f.first, -f.last)):
        if not kept or finding.first >= kept[-1].last:
            kept.append(finding)
    return kept


def _shares_words(a: Finding, b: Finding) -> bool:
    return a.first < b.last and b.first < a.last
