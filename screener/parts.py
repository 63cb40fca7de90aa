"""Parts: how much of the organ a domain speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from screener.domains import LISTED, Domain
from screener.findings import Finding
from screener.roles import Roles

_EXCEPTING = frozenset(
    "only sparing spared spares spare except but save apart aside outside besides exception "
    "excepting excluding barring bar rind rim sliver crescent island islands strip wedge corner "
    "patch tip just".split()
)
"""Words before a part of the organ that lesions leave free."""
_LEFT = frozenset(
    "spared spares retaining retains remains remain free clear uninvolved normal unaffected "
    "escapes escaped preserved survives survive still untouched intact unremarkable sound healthy "
    "spotless clean".split()
)
"""Words after such a part."""
_EXAMPLE = frozenset(
    "largest larger biggest bigger ones some dominant index conglomerate reference including "
    "example e.g bulkiest target for".split()
)
"""Words between the lesions and the part in which only one of them is."""
_LISTED_WITHIN = 7
"""Words from one part that lesions leave to the next of the list."""
_AROUND = 5
"""Words around a part that such a word can stand in."""
_TO = frozenset(["to", "through"])
_SPARING = frozenset(["sparing", "spares", "leaving", "leaves"])
_SPARED_AFTER = 9
"""Words after a verb of sparing, within which a part is what is spared."""


def part_of(domain: Domain, roles: Roles) -> str:
    """Return what part of the organ is spoken of: ``all``, ``major``, ``minor`` or ``whole``.

    A share "of the liver" is one of the whole, whatever part is named beside it.
    """
    shares = [f.last for f in domain.findings if f.concept == "share"]
    measured = [f for f in roles.among(domain.findings, "measure") if f.first in shares]
    if any(
        f.last >= o.last > f.first for f in measured for o in roles.among(domain.findings, "organ")
    ):
        return "whole"
    left = min(
        (f.first for f in domain.findings if roles.leaves(f)), default=len(domain.passage.words)
    )
    named = [
        f
        for f in roles.among(domain.findings, "part")
        if f.first < left and not (roles.part(f) == "minor" and _is_within(f, domain, roles))
    ]
    parts = {
        roles.part(f)
        for f in named
        if not (_is_spared(domain, f, named) or _is_of_rest(domain, f, roles))
    }
    return next((part for part in ("all", "major", "minor") if part in parts), "whole")


def _is_within(part: Finding, domain: Domain, roles: Roles) -> bool:
    """Whether a part is named inside an extent: "not one segment has been spared"."""
    extents = roles.among(domain.findings, "extent")
    return any(f.first <= part.first and part.last < f.last for f in extents)


def _is_of_rest(domain: Domain, part: Finding, roles: Roles) -> bool:
    """Whether a part is where the rest of the organ is: "residual parenchyma in segment 4"."""
    measures = roles.among(domain.findings, "measure")
    rests = [f.last for f in measures if roles.measure(f) == "rest" and f.last <= part.first]
    heads = [h.first for h in domain.heads if h.last <= part.first]
    rest = max(rests, default=-1)
    return part.first - rest <= _LISTED_WITHIN and rest > max(heads, default=0)


def _is_spared(domain: Domain, part: Finding, named: Sequence[Finding]) -> bool:
    """Whether a part of the organ is one that the lesions leave, an example, or where they end."""
    words = domain.passage.words
    before_it = [f for f in named if f.last <= part.first]
    if before_it and {"and", ","} & set(words[before_it[-1].last : before_it[-1].last + 1]):
        is_near = part.first - before_it[-1].last <= _LISTED_WITHIN
        if is_near and _is_spared(domain, before_it[-1], named):
            return True
    head = max((h.last for h in domain.heads if h.last <= part.first), default=0)
    begin = max((h.first for h in domain.heads if h.last == head), default=head)
    if _EXAMPLE & {*words[max(0, begin - 1) : begin], *words[head : part.first]}:
        return True
    before = set(words[max(0, part.first - _AROUND) : part.first])
    after = set(words[part.last : min(part.last + _AROUND, _next_part(words, part, named))])
    if words[part.first - 1] in _TO and "from" in words[max(0, part.first - _AROUND) : part.first]:
        return True  # "riddled from the dome to segment 6"
    is_object = _SPARING & set(words[max(head, part.first - _SPARED_AFTER) : part.first])
    return bool(is_object or before & _EXCEPTING or after & _LEFT)


def _next_part(words: Sequence[str], part: Finding, named: Sequence[Finding]) -> int:
    """Where the next part begins that is not of one list with this one."""
    later = [f for f in named if f.first >= part.last]
    apart = (f.first for f in later if not set(words[part.last : f.first]) <= LISTED)
    return min(apart, default=len(words))
