"""Natures: what the lesions of a domain are, how many by grammar, and whether it denies them."""

from __future__ import annotations

from collections.abc import Sequence

from screener.domains import Domain
from screener.findings import Finding
from screener.packs import RulePack
from screener.roles import Roles

_DECIDING = ("malignant", "primary", "benign", "tumor")
"""Natures that outrank a lesion without one, the strongest first."""
_NATURES = ("malignant", "tumor", "unexplained", "primary", "benign", "texture")
"""Where nothing is asserted, the nature that is denied first."""
_SIDES = frozenset({"left", "right", "sided"})
"""Words of a side: what is denied of one side is not denied of the organ."""
NEW = frozenset("new additional further other fresh".split())
"""Words that deny more lesions and not those that are there."""
_JUST_BEFORE = 4
"""Words before the first one denied that such a word can stand in."""


def nature_of(heads: Sequence[Finding], roles: Roles) -> tuple[str, list[Finding]]:
    """Return the nature of the lesions, ``none`` without a lesion word, and the heads for it."""
    by_nature: dict[str, list[Finding]] = {}
    heads = [h for h in heads if not (h.negated and roles.denies(h))] or heads
    for head in _lesions(heads, roles):
        by_nature.setdefault(roles.nature(head), []).append(head)
    if not by_nature:
        return "none", list(heads)
    live = {n: fs for n, fs in by_nature.items() if any(f.is_asserted for f in fs)}
    for nature in _DECIDING:
        if nature in live:
            return nature, live[nature]
    if "unexplained" in live:
        is_refuted = any(f.negated for f in by_nature.get("malignant", ()))
        return ("benign" if is_refuted else "unexplained"), live["unexplained"]
    if any(f.negated for f in by_nature.get("malignant", ())):
        return "malignant", by_nature["malignant"]
    if "texture" in live:
        return "texture", live["texture"]
    first = next(n for n in _NATURES if n in by_nature)
    return first, by_nature[first]


def number_of(heads: Sequence[Finding], roles: Roles) -> str:
    """Return ``one`` or ``many``, by the grammar of the lesion words."""
    numbers = {roles.number(h) for h in heads}
    return "one" if "one" in numbers and "many" not in numbers else "many"


def denies_by_word(domain: Domain, roles: Roles) -> bool:
    """Whether a head of the domain is a denial in itself, of the whole organ."""
    denials = [h for h in domain.heads if roles.denies(h) and not h.negated]
    return bool(denials) and not _SIDES & set(domain.passage.words)


def denies_all(domain: Domain, key: Sequence[Finding], lesion: str, pack: RulePack) -> bool:
    """Whether a domain says that there are no lesions, and not only no new ones.

    Parameters
    ----------
    domain, lesion
        The domain, and the nature of its lesions.
    key
        The findings that must be negated.
    pack
        Says which sections amend: there, lesions without a nature are denied too.
    """
    section = pack.section.get(domain.passage.section)
    amends = section is not None and section.sticky
    natures = {"malignant", "tumor", *(("unexplained",) if amends else ())}
    if not all(f.negated for f in key) or lesion not in natures:
        return False
    first = min(f.first for f in key)
    return not NEW & set(domain.passage.words[max(0, first - _JUST_BEFORE) : first + 1])


def _lesions(heads: Sequence[Finding], roles: Roles) -> list[Finding]:
    """The lesion words among the heads, without adjectives of the next: "cystic metastases"."""
    lesions = roles.among(heads, "lesion")
    starts = {h.first for h in lesions}
    return [
        h
        for h in lesions
        if roles.number(h)
        or roles.nature(h) not in ("benign", "texture")
        or not starts & {h.last, h.last + 1}
    ]
