"""Shares: how much of the organ a domain says in numbers that lesions take or leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screener.domains import Domain
from screener.extents import SHORT
from screener.findings import Bounds, Finding, Passage
from screener.roles import Roles

_FIELD = SHORT + 2
"""Words of a field with its value."""
_IS_SIZED = frozenset(
    "is are was measures comprises constitutes represents makes up accounts for about around "
    "approximately estimated at ~".split()
)
"""Words between a part of the organ and the share of the organ that it is."""
_ITEM = frozenset(["field", "item", "parameter", "question"])
"""Words that stand, with a colon, before the label of a field."""
_NEAR = 8
"""Words between a share and the word that says of what it is one."""
_PERCENT = 100.0
"""The whole, in percent."""


@dataclass(frozen=True, slots=True)
class Share:
    """A stated share of the organ; `is_rest` where it is what lesions leave of it."""

    finding: Finding
    is_rest: bool

    @property
    def bounds(self) -> Bounds | None:
        """The share that lesions take, in percent."""
        low, high = self.finding.low, self.finding.high
        sign = self.finding.text[0] if self.finding.concept == "count" else ""
        if sign and sign in ">≥" and low is not None:  # a bound without its sign of percent
            low, high = low - (sign == ">"), _PERCENT
        if sign and sign in "<≤":
            low = 0.0
        if low is None or high is None:
            return None
        return (_PERCENT - high, _PERCENT - low) if self.is_rest else (low, high)


def shares_of(domain: Domain, roles: Roles, *, is_awaited: bool) -> list[Share]:
    """Return the shares of the organ that a domain asserts.

    Parameters
    ----------
    domain, roles
        The domain, and what its findings are.
    is_awaited
        Whether the segment before is the label of a field that wants a share.
    """
    found = []
    for share in domain.findings:
        is_bare = is_awaited and _is_bare(domain.passage, share)
        is_share = share.concept == "share" or is_bare or is_unmarked(domain, share, roles)
        if share.is_asserted and is_share:
            measured = _measured(domain, share, roles, is_awaited=is_awaited)
            if measured in ("share", "rest"):
                found.append(Share(share, measured == "rest"))
    return found


def _is_bare(passage: Passage, count: Finding) -> bool:
    """Whether a number is all that a chosen option says: "[X] >75"."""
    is_short = len(passage.words) <= SHORT
    return count.concept == "count" and is_short and (count.high or 0.0) <= _PERCENT


def sharpest(bounds: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """Return the first share, or a narrower one that lies within it: "under a quarter (15-20%)".

    A bound from below and one from above make one: "over half, but under 70%". ``None`` for none.

    Examples
    --------
    >>> sharpest([(0.0, 25.0), (15.0, 20.0)])
    (15.0, 20.0)
    >>> sharpest([(50.0, 100.0), (0.0, 70.0)])
    (50.0, 70.0)
    """
    if not bounds:
        return None
    low, high = bounds[0]
    most = min((b[1] for b in bounds if b[0] == 0 and low < b[1] < high), default=None)
    if high == _PERCENT and most is not None:
        return low, most
    within = [b for b in bounds if low <= b[0] and b[1] <= high]
    return min(within, key=lambda b: b[1] - b[0])


_NUMBER = frozenset("number count no many tally".split())
"""Words of a label that wants a count."""


def asks_for_share(passage: Passage, roles: Roles) -> bool:
    """Whether a segment is the label of a field that wants a share of the organ."""
    measures = roles.among(passage.findings, "measure")
    wants = [f.last for f in measures if roles.measure(f) == "share"]
    if not wants or any(f.concept in ("share", "count") for f in passage.findings):
        return False
    told = roles.among(passage.findings, "part", "extent")
    if ":" not in passage.words and any(f.first >= wants[0] for f in told):
        return False  # "metastases fill the right lobe" is no label
    after = passage.words[wants[-1] : -1]
    is_answered = ":" in after and any(map(str.isalnum, after[after.index(":") :]))
    before = passage.words[: wants[-1]]
    is_answered |= ":" in before and before[0] not in _ITEM
    return not is_answered and len(passage.words) <= SHORT


def is_unmarked(domain: Domain, count: Finding, roles: Roles) -> bool:
    """Whether a range or bound without a sign of percent is the value of a field for a share."""
    words = domain.passage.words
    if count.concept != "count" or ":" not in words[: count.first] or len(words) > 2 * _FIELD:
        return False
    end = words.index(":")
    label = [f for f in domain.passage.findings if f.first < end]
    if not _NUMBER.isdisjoint(words[:end]):
        return False
    wants = any(roles.measure(f) == "share" for f in label)
    low, high = count.low or 0.0, count.high or 0.0
    return wants and (low < high or count.text[0] in "<>≤≥") and high <= _PERCENT


def _measured(domain: Domain, share: Finding, roles: Roles, *, is_awaited: bool) -> str:
    """What a percent is a percent of, by the nearest word that says so."""
    if domain.passage.words[share.last - 1] in ("1", "one") and share.last - share.first > 1:
        return "share"  # a ratio of tumor to the rest
    rests = (f for f in roles.among(domain.findings, "extent") if roles.measure(f) == "rest")
    if any(f.first < share.first for f in rests):
        return "rest"
    measures = roles.among(domain.passage.findings, "measure")
    near = _nearest(domain.passage, measures, share)
    is_size = not domain.heads and _is_size_of_part(domain, share, roles)
    kinds = [roles.measure(f) for f in near if not _is_told_after(domain.passage, f, share, roles)]
    if is_size or any(roles.is_strong(f) for f in measures if f.last <= share.first):
        return "other"
    if kinds:
        return "rest" if kinds[0] == "share" and "rest" in kinds else kinds[0]
    is_only = is_awaited and len(domain.passage.words) <= SHORT and not measures
    if is_only or _is_value(domain.passage, share, measures, roles):
        return "share"
    wholes = [f for f in roles.among(domain.findings, "part") if roles.part(f) == "all"]
    has_organ = bool(roles.among(domain.findings, "organ") or wholes)
    is_field = len(domain.passage.words) <= _FIELD
    return "share" if has_organ and (domain.heads or is_field) else "none"


def _is_value(passage: Passage, share: Finding, measures: Sequence[Finding], roles: Roles) -> bool:
    """Whether a share is all that a field holds whose label wants one: "load in liver, %: 25"."""
    words = passage.words[: share.first]
    if ":" not in words:
        return False
    end = words.index(":")
    is_alone = not any(map(str.isalpha, "".join(words[end:])))
    return is_alone and any(f.first < end and roles.measure(f) == "share" for f in measures)


def _is_size_of_part(domain: Domain, share: Finding, roles: Roles) -> bool:
    """Whether a share is how large a part of the organ is: "segments 2 and 3 are 22% of it"."""
    parts = [f for f in roles.among(domain.findings, "part") if f.last < share.first]
    return bool(parts) and set(domain.passage.words[parts[-1].last : share.first]) <= _IS_SIZED


def _nearest(passage: Passage, measures: Sequence[Finding], share: Finding) -> list[Finding]:
    """The measures near a share and in its clause, the nearest first; of two, the one after it."""
    near = [f for f in measures if _distance(f, share) <= _NEAR and not _apart(passage, f, share)]
    return sorted(near, key=lambda f: (_distance(f, share), f.first < share.first))


def _is_told_after(passage: Passage, measure: Finding, share: Finding, roles: Roles) -> bool:
    """Whether a share is none of a rest before it: "not spared: two thirds"."""
    between = passage.words[measure.last : share.first]
    is_verb = passage.words[measure.first : measure.last] in (("remains",), ("remain",))
    is_parted = ":" in between[:-1] or (is_verb and measure.last <= share.first)
    return roles.measure(measure) == "rest" and is_parted


def _distance(a: Finding, b: Finding) -> int:
    return max(a.first - b.last, b.first - a.last, 0)


def _apart(passage: Passage, a: Finding, b: Finding) -> bool:
    before, after = sorted(((a.first, a.last), (b.first, b.last)))
    return bool({",", ";", "and", "but"} & set(passage.words[before[1] : after[0]]))
