"""Extents: how much there is in words, as it binds to the head of a domain."""

from __future__ import annotations

from itertools import pairwise

from screener.domains import Domain
from screener.findings import Finding, Passage
from screener.roles import QUANTITY, Roles

SHORT = 8
"""A field or remark of up to this many words can say how much without naming what."""
_ONE_OF = frozenset("largest larger biggest bigger bulkiest".split())
"""Words that name one lesion of several, as "index" does before one."""
_LESIONS = frozenset("lesion deposit metastasis mass nodule tumor".split())
_NEXT = 2
_NEAR_ONE = 4
"""Words before an extent in which such a word makes it that lesion's."""
_REMARK = frozenset(
    "the a an is are was in of to and or both very now still more than before again today all with "
    "at by on it its this these they that there yes positive present abnormal affected diseased "
    "heterogeneous markedly severely extensively grossly new bilaterally right left".split()
)
"""Words of a remark that name nothing else."""


_OF_BODY = frozenset([("widespread",), ("disseminated",), ("generalized",)])
"""Extents that may be those of the whole body."""
_MANY_ORGANS = 3
"""Organs after the lesions, from which such an extent is none of each of them."""


def extents_of(domain: Domain, roles: Roles) -> list[Finding]:
    """Return the extents of a domain, without one of the next organ or of one lesion of several.

    Such as "and minimal ascites", or "the largest replaces most of segment 4".
    """
    return [
        f
        for f in roles.among(domain.findings, "extent")
        if not _is_elsewhere(domain, f, roles)
        and not is_of_example(domain.passage, f)
        and not _has_changed(domain, f, roles)
        and not _is_of_body(domain, f, roles)
    ]


def is_of_example(passage: Passage, extent: Finding) -> bool:
    """Whether an extent is that of one lesion of several, such as the largest."""
    before = passage.words[max(0, extent.first - _NEAR_ONE) : extent.first]
    is_index = any(a == "index" and b in _LESIONS for a, b in pairwise(before))
    return is_index or not _ONE_OF.isdisjoint(before)


def says_only(passage: Passage) -> bool:
    """Whether a remark names findings only: "diffuse", but not "diffuse colitis"."""
    covered = {i for f in passage.findings for i in range(f.first, f.last)}
    begin = passage.words.index(":") + 1 if ":" in passage.words else 0
    loose = {w for i, w in enumerate(passage.words) if i >= begin and i not in covered}
    return not {w for w in loose - _REMARK if w.isalpha()}


def _has_changed(domain: Domain, extent: Finding, roles: Roles) -> bool:
    """Whether an extent was so, as in "from too numerous to count to four"."""
    words = domain.passage.words
    if words[extent.first - 1 : extent.first] != ("from",) or words[extent.last] != "to":
        return False
    ahead = roles.among(domain.findings, "extent", QUANTITY)
    return any(0 < f.first - extent.last <= _NEXT for f in ahead)


def _is_of_body(domain: Domain, extent: Finding, roles: Roles) -> bool:
    """Whether an extent is over a list of organs: "widespread melanoma with nodal, hepatic ..."."""
    words = domain.passage.words[extent.first : extent.last]
    if words not in _OF_BODY or not domain.heads:
        return False
    head = domain.heads[0]
    places = {roles.place(f) for f in roles.among(domain.findings, "organ") if f.first > head.last}
    return extent.last <= head.first and len(places) >= _MANY_ORGANS


def _is_elsewhere(domain: Domain, extent: Finding, roles: Roles) -> bool:
    has_head = any(h.first < extent.first for h in domain.heads)
    after = [f for f in roles.among(domain.findings, "organ") if f.first == extent.last]
    return has_head and bool(after) and all(roles.place(f) != roles.organ for f in after)
