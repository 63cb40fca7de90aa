"""Placements: the organ in which a domain's lesions are.

Of the organs that a domain names, drawn together where only list words stand between them, the
nearest to a head counts; not one that lesions only lie near or come from. The organ with which a
sentence begins is its subject, and near to all that is said of it; an organ after the head is the
place of lesions only after a word such as "in".
"""

from __future__ import annotations

from collections.abc import Sequence

from screener.domains import LISTED, Domain
from screener.findings import Finding, Passage
from screener.roles import Roles

_HOLDERS = frozenset(", with ( :".split())
"""Words that hold an organ off from a head."""
_HELD_OFF = 4
"""Words that one of them counts for, besides itself."""
_SUBJECT = 2
"""Words before the subject of a sentence at the most, and how far it counts as being."""
_INTO = frozenset("in of within to involving throughout into for : - affecting".split())
"""Words after which an organ is a place."""
_ASTRAY = 6
"""Words that an organ which none of them leads to counts as being farther off."""
GUESSES = frozenset("probable likely possible presumed suspected".split())
"""Words that may stand in a list of organs besides: "hepatic and probable pulmonary metastases"."""
_ASIDE = ("to", "a", "lesser")
"""Words that begin an aside within a list of organs."""
_CLAUSES = frozenset([",", ";"])
"""Signs before the subject of another clause."""
_HAS = frozenset(["with", "has", "have", "contains", "shows", "worse"])
"""Words between a subject and the lesions in it."""
_IN_LIST = LISTED | {"¶"}
"""Words of an item besides the organs that it lists."""
_BESIDE = 2
"""Words that may stand between a relation and the organ it relates to."""


def without_names(passage: Passage, roles: Roles) -> Passage:
    """Return the passage without the organ and tumour words inside names, as in "breast cancer"."""
    names = roles.among(passage.findings, "malignancy", "lesion")
    kept = tuple(
        f
        for f in passage.findings
        if not _is_in_name(f, names, roles) and not _is_of_another(f, passage, roles)
    )
    return passage if len(kept) == len(passage.findings) else passage.with_findings(kept)


def _is_of_another(part: Finding, passage: Passage, roles: Roles) -> bool:
    """Whether a part that does not name the organ is one of the organ spoken of: lobes of lungs."""
    words = passage.words[part.first : part.last]
    if roles.of(part) != "part" or roles.names_organ(words):
        return False
    before = [f for f in roles.among(passage.findings, "organ") if f.last <= part.first]
    places = [roles.place(f) for f in before if not roles.is_origin(f)] or list(passage.organs)
    return bool(places) and roles.organ not in places and "lung" in places


def heading_organ(passage: Passage, roles: Roles) -> str:
    """Return the organ that the heading above a passage names, the pack's before others."""
    if roles.organ in passage.organs:
        return roles.organ
    return passage.organs[0] if passage.organs else ""


def is_list_of_organs(passage: Passage) -> bool:
    """Whether a segment is an item that names findings and nothing else."""
    covered = {i for f in passage.findings for i in range(f.first, f.last)}
    rest = [w for i, w in enumerate(passage.words) if i not in covered and w not in _IN_LIST]
    return bool(passage.findings) and not rest


def places(domain: Domain, roles: Roles) -> bool:
    """Whether a domain says itself where its lesions are."""
    return bool(roles.among(domain.findings, "organ", "part"))


def is_measured_of(domain: Domain, roles: Roles) -> bool:
    """Whether a share is stated as one of the pack's organ: "70% of the liver"."""
    shares = [f.last for f in domain.findings if f.concept == "share"]
    measured = [f for f in roles.among(domain.findings, "measure") if f.first in shares]
    organs = roles.among(domain.findings, "organ")
    return any(
        f.first < o.last <= f.last and roles.place(o) == roles.organ
        for f in measured
        for o in organs
    )


def organ_of(domain: Domain, roles: Roles) -> str:
    """Return the organ that a domain names as the place of its lesions; empty where none is."""
    if is_measured_of(domain, roles):
        return roles.organ
    clusters = _clusters(domain.passage, _placing(domain, roles))
    if not clusters:
        return ""
    by_distance = sorted(clusters, key=lambda c: _remoteness(domain, c, roles))
    nearest = by_distance[0]
    only_origins = all(map(roles.is_origin, nearest))
    if only_origins and roles.organ not in map(roles.place, nearest):
        if len(clusters) == 1 and _names_it(domain, roles):
            return roles.organ
        nearest = by_distance[min(1, len(clusters) - 1)]
    words = domain.passage.words
    if all(roles.names_organ(words[f.first : f.last]) for f in nearest) and _names_it(
        domain, roles
    ):
        return roles.organ  # vessels or ducts of the organ, with what is left of it
    names = [roles.place(f) for f in nearest]
    return roles.organ if roles.organ in names else names[0]


def _names_it(domain: Domain, roles: Roles) -> bool:
    """Whether an extent holds a word for the organ: "all parenchyma has given way to"."""
    words = domain.passage.words
    extents = roles.among(domain.findings, "extent")
    organs = [o for o in roles.among(domain.findings, "organ") if roles.place(o) != roles.organ]
    apart = (f for f in extents if not any(f.first < o.last and o.first < f.last for o in organs))
    return any(roles.names_organ(words[f.first : f.last]) for f in apart)


def _placing(domain: Domain, roles: Roles) -> list[Finding]:
    """The organs and parts of a domain that can be the place of its lesions."""
    organs = roles.among(domain.findings, "organ", "part")
    head = next((h for h in domain.heads if roles.of(h) == "lesion"), None)
    is_affirmed = any(not h.negated for h in domain.heads)
    return [
        f
        for f in organs
        if not _is_related(domain, f, roles)
        and not (f.negated and is_affirmed)
        and not (head and f.last == head.first and roles.is_origin(f) and len(organs) > 1)
    ]


def _is_in_name(finding: Finding, names: Sequence[Finding], roles: Roles) -> bool:
    is_elsewhere = roles.of(finding) == "organ" and roles.place(finding) != roles.organ
    if not is_elsewhere and roles.nature(finding) != "tumor":
        return False
    return any(
        o.first <= finding.first
        and finding.last <= o.last
        and o.last - o.first > finding.last - finding.first
        for o in names
    )


def _is_related(domain: Domain, organ: Finding, roles: Roles) -> bool:
    """Whether the organ is only what lesions lie near or come from."""
    relations = roles.among(domain.findings, "relation")
    return any(0 <= organ.first - f.last <= _BESIDE for f in relations)


def _clusters(passage: Passage, organs: Sequence[Finding]) -> list[list[Finding]]:
    clusters: list[list[Finding]] = []
    for organ in organs:
        gap = passage.words[clusters[-1][-1].last : organ.first] if clusters else ()
        if clusters and all(word in LISTED | GUESSES for word in _without_aside(gap)):
            clusters[-1].append(organ)
        else:
            clusters.append([organ])
    return clusters


def _without_aside(gap: Sequence[str]) -> Sequence[str]:
    """The words between two organs of a list, without "to a lesser extent"."""
    starts = (i for i in range(len(gap)) if tuple(gap[i : i + len(_ASIDE)]) == _ASIDE)
    at = next(starts, None)
    if at is None or gap[at + len(_ASIDE) : at + len(_ASIDE) + 1] not in (("extent",), ("degree",)):
        return gap
    return (*gap[:at], *gap[at + len(_ASIDE) + 1 :])


def _remoteness(domain: Domain, cluster: Sequence[Finding], roles: Roles) -> tuple[int, int]:
    """Words between a cluster and the nearest head; such as a comma between count for more."""
    heads = domain.heads or domain.findings
    weight = min(_weight_between(domain.passage, o, h) for h in heads for o in cluster)
    first = cluster[0].first
    is_first = first <= _SUBJECT and not any(h.first < first for h in domain.heads)
    last = cluster[-1].last
    if is_first and not (_turns_away(domain, last) or _has_other_subject(domain, last, roles)):
        weight = min(weight, _SUBJECT)
    elif all(h.last <= first for h in domain.heads) and weight and not _is_led_to(domain, first):
        weight += _ASTRAY
    return weight, first


def _turns_away(domain: Domain, last: int) -> bool:
    """Whether another clause begins after the subject: "although the lungs are clear, there is"."""
    heads = [h.first for h in domain.heads if h.first >= last]
    return bool(heads) and "there" in domain.passage.words[last : heads[0]]


def _has_other_subject(domain: Domain, last: int, roles: Roles) -> bool:
    """Whether an organ after a comma has the lesions: "lungs better, liver worse with many"."""
    words = domain.passage.words
    heads = [h.first for h in domain.heads if h.first >= last]
    organs = [f for f in roles.among(domain.findings, "organ") if last < f.first]
    return bool(heads) and any(
        words[f.first - 1] in _CLAUSES and not _HAS.isdisjoint(words[f.last : heads[0]])
        for f in organs
        if f.last <= heads[0]
    )


def _is_led_to(domain: Domain, first: int) -> bool:
    """Whether a word such as "in" stands before the organ at `first`."""
    return bool(_INTO & set(domain.passage.words[max(0, first - 4) : first]))


def _weight_between(passage: Passage, a: Finding, b: Finding) -> int:
    before, after = sorted(((a.first, a.last), (b.first, b.last)))
    gap = passage.words[before[1] : after[0]]
    return len(gap) + _HELD_OFF * sum(word in _HOLDERS for word in gap)
