"""Domains: a passage parted into one stretch around each head.

A head is a lesion word, or an extent that needs none (``replaced``). Two heads are one where
nothing but a link (``consistent with``) or no separator stands between; otherwise the separator
before the second head's own modifiers parts them. A list of organs under one head is parted into
its items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from screener.findings import Finding, Passage
from screener.roles import QUANTITY, Roles

LISTED = frozenset(", and & / or plus as well both the in of to nor".split())
"""Words that join the members of a list."""
_SEPARATORS = frozenset(
    ", and with plus & ( ) : - – — / but while whereas although however alongside besides beside "
    "or also then though yet nor versus vs | apart except together + = > including".split()
)
"""Words at which the domain of a second head can begin."""
_BREAKERS = frozenset("but while whereas although however though yet | >".split())
"""Separators that part whatever stands around them."""
_ADDERS = frozenset("and with plus & also".split())
"""Separators that add something new, before those that may only go on."""
_COPULAS = frozenset("are is were was represent represents be".split())
"""Words that say what the head before them is."""
_DASHES = frozenset("- – — :".split())
"""Separators after which an unexplained head is explained."""
_INSIDE = frozenset("- ( /".split())
"""Separators that a link reaches over."""
_ITEM_EDGES = frozenset(", and ) but with whereas while".split())
"""Words that begin an item of a list of organs."""
_THEY = frozenset(["they", "these", "those"])
"""Words for lesions named before."""
_RUN_ON = 25
"""Words from which a passage without punctuation is taken for several sentences."""
_PUNCTUATION = frozenset(",;.:-–()/")
_LEADING = frozenset(
    "in of to within the and or no without nor both involving into with from".split()
)
"""Words after which an organ begins no sentence of run-on text."""
_FAR = 8
"""Words from a head on from which an extent or part belongs to the next one."""


@dataclass(frozen=True, slots=True)
class Domain:
    """A stretch of a passage around one head.

    Attributes
    ----------
    passage
        The segment that it is part of.
    first, last
        Words of the passage, half-open.
    heads
        Words for the same lesions; empty where the passage has none.
    findings
        What stands in it, heads included, in order of the text.
    """

    passage: Passage
    first: int
    last: int
    heads: tuple[Finding, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What stands between two heads: the findings, the other words, and the separators of these."""

    words: tuple[str, ...]
    before: Finding
    after: Finding
    findings: tuple[Finding, ...]
    loose: tuple[int, ...]
    separators: tuple[int, ...]


def part_domains(passage: Passage, roles: Roles) -> list[Domain]:
    """Part a passage into its domains, in order; one without heads is one domain."""
    groups: list[list[Finding]] = []
    cuts = [_turn(passage, roles)]
    for head in filter(roles.is_head, passage.findings):
        cut = _cut(_between(passage, groups[-1][-1], head, roles), roles) if groups else 0
        if cut is None:
            groups[-1].append(head)
            continue
        if groups:
            cuts.append(cut)
        groups.append([head])
    rest = _pronoun(passage, groups[-1][-1], roles) if groups else None
    if rest is not None:
        cuts.append(rest)
        groups.append([])
    cuts.append(len(passage.words))
    if not groups:
        return [_domain(passage, 0, len(passage.words), ())]
    stretches = zip(pairwise(cuts), groups, strict=True)
    domains = [_domain(passage, *edges, heads) for edges, heads in stretches]
    return [item for domain in domains for item in _items(domain, roles)]


def _pronoun(passage: Passage, head: Finding, roles: Roles) -> int | None:
    """Where a passage goes on with "they" after its last head, and tells how many they are."""
    for i in range(head.last, len(passage.words) - 1):
        if passage.words[i] in _BREAKERS | {","} and _THEY & set(passage.words[i + 1 : i + 3]):
            after = [f for f in passage.findings if f.first > i]
            return i if any(map(roles.counts, after)) else None
    return None


def _turn(passage: Passage, roles: Roles) -> int:
    """Where a passage turns to another organ before its first head."""
    head = next(filter(roles.is_head, passage.findings), None)
    first = head.first if head else 0
    if _is_run_on(passage):
        organs = [f for f in roles.among(passage.findings, "organ") if f.first < first]
        return max(_subjects(passage, organs), default=0)
    breakers = [i for i in range(first) if passage.words[i] in _BREAKERS]
    if not breakers:
        return 0
    ahead = [f for f in passage.findings if f.first < breakers[-1]]
    after = [f for f in passage.findings if breakers[-1] < f.first < first]
    turns = roles.among(ahead, "organ") and roles.among(after, "organ")
    return breakers[-1] if turns and not roles.among(ahead, "extent", QUANTITY) else 0


def _domain(passage: Passage, first: int, last: int, heads: Sequence[Finding]) -> Domain:
    inside = tuple(f for f in passage.findings if first <= f.first < last)
    return Domain(passage, first, last, tuple(heads), inside)


def _between(passage: Passage, before: Finding, after: Finding, roles: Roles) -> _Stretch:
    findings = [f for f in passage.findings if before.last <= f.first and f.last <= after.first]
    covered = {i for f in findings for i in range(f.first, f.last)}
    loose = [i for i in range(before.last, after.first) if i not in covered]
    separators = [i for i in loose if passage.words[i] in _SEPARATORS]
    if _is_run_on(passage):
        separators = _subjects(passage, roles.among(findings, "organ"))
    return _Stretch(passage.words, before, after, tuple(findings), tuple(loose), tuple(separators))


def _is_run_on(passage: Passage) -> bool:
    return len(passage.words) >= _RUN_ON and not _PUNCTUATION & set(passage.words)


def _subjects(passage: Passage, organs: Sequence[Finding]) -> list[int]:
    """Where run-on text turns to another organ."""
    return [f.first for f in organs if f.first and passage.words[f.first - 1] not in _LEADING]


def _cut(between: _Stretch, roles: Roles) -> int | None:
    """Where the domain of the second head begins, or ``None`` where both are one."""
    words, separators = between.words, between.separators
    beside = _beside(between, roles)
    if beside is not None:
        return beside
    if not separators or _is_equated(between, roles) or _is_listed(between, roles):
        return None
    if all(words[i] not in _SEPARATORS for i in separators):
        return separators[0]
    breakers = [i for i in separators if words[i] in _BREAKERS]
    if breakers:
        return breakers[-1]
    at = _before_modifier(between, roles)
    return at or next((i for i in separators if words[i] in _ADDERS), separators[0])


def _before_modifier(between: _Stretch, roles: Roles) -> int | None:
    """Where what the first extent or number between two heads tells of the second begins."""
    for modifier in roles.among(between.findings, "extent", QUANTITY):
        if _ends_before(modifier, between, roles):
            return modifier.last
        ahead = [i for i in between.separators if i < modifier.first]
        if ahead:
            return ahead[-1]
    return None


def _ends_before(modifier: Finding, between: _Stretch, roles: Roles) -> bool:
    """Whether a modifier ends what is said of the first head: "are innumerable, those in lung"."""
    after = [i for i in between.separators if i >= modifier.last]
    organs = [f for f in roles.among(between.findings, "organ") if f.first > modifier.last]
    return after[:1] == [modifier.last] and bool(organs)


def _beside(between: _Stretch, roles: Roles) -> int | None:
    """Where a benign thing beside metastases begins: "metastasis with perfusion change"."""
    natures = (roles.nature(between.before), roles.nature(between.after))
    if natures[0] != "malignant" or natures[1] not in ("benign", "texture"):
        return None
    ahead = range(between.before.last, between.after.first)
    return next((i for i in ahead if between.words[i] == "with"), None)


def _is_listed(between: _Stretch, roles: Roles) -> bool:
    """Whether two heads are members of one list: "masses and nodules"."""
    only_links = all(roles.of(f) == "link" for f in between.findings)
    return only_links and all(between.words[i] in LISTED for i in between.loose)


def _is_equated(between: _Stretch, roles: Roles) -> bool:
    """Whether the second head says what the first one is, by a link, a copula or a dash."""
    words, findings, separators = between.words, between.findings, between.separators
    far = [f for f in findings if f.first > between.before.last + _FAR]
    if roles.among(far, "extent", QUANTITY, "part"):
        return False
    links = roles.among(findings, "link")
    strong = next(filter(roles.is_strong, links), None)
    if strong is not None and _adds(between, strong, roles):
        return False
    if strong is not None:
        breaks = [i for i in separators if words[i] in _BREAKERS | {"and"} and i > strong.last]
        return not breaks
    nature = roles.nature(between.before)
    if _COPULAS & set(words[max(0, between.after.first - 3) : between.after.first]):
        return nature in ("unexplained", "tumor")
    if nature == "unexplained" and words[separators[-1]] in _DASHES:
        said = (roles.of(f) for f in findings if f.first > separators[-1])
        return all(role in ("link", "measure", "organ") for role in said)
    return bool(links) and all(words[i] in _INSIDE for i in separators)


def _adds(between: _Stretch, link: Finding, roles: Roles) -> bool:
    """Whether a link only begins what is added: "liver metastases and probable lung metastases"."""
    is_added = between.words[link.first - 1] in _ADDERS
    return is_added and roles.nature(between.before) == "malignant"


def _items(domain: Domain, roles: Roles) -> list[Domain]:
    """Part a list such as "many in the lung, two in the liver: metastases" into its items."""
    apart = _without_modifier(domain, roles)
    if apart:
        return apart
    organs = roles.among(domain.findings, "organ")
    parts = roles.among(domain.findings, "part")
    extents = [
        f
        for f in roles.among(domain.findings, "extent", QUANTITY)
        if not roles.is_head(f) and not any(f.first <= p.first and p.last <= f.last for p in parts)
    ]
    if min(len({f.concept for f in organs}), len(extents)) <= 1:
        return [domain]
    pieces: list[list[Finding]] = []
    for inside in _pieces(domain):
        if pieces and not (_has(inside, organs) and _has(inside, extents)):
            pieces[-1].extend(inside)
        else:
            pieces.append(inside)
    full = [p for p in pieces if _has(p, organs) and _has(p, extents)]
    return [_with_heads(domain, piece) for piece in full] if len(full) > 1 else [domain]


def _without_modifier(domain: Domain, roles: Roles) -> list[Domain]:
    """The two items of "hepatic and extensive skeletal metastases": the first has no extent."""
    words = domain.passage.words
    organs = roles.among(domain.findings, "organ")
    heads = [h.first for h in domain.heads]
    for extent in roles.among(domain.findings, "extent", QUANTITY):
        joint = extent.first - 1
        first = [f for f in organs if f.last == joint]
        second = [f for f in organs if extent.first < f.first <= extent.last]
        is_before = bool(heads) and all(f.last <= heads[0] for f in second)
        if words[joint : joint + 1] == ("and",) and first and second and is_before:
            cut = [f for f in domain.findings if f.first < joint]
            rest = [f for f in domain.findings if f.first > joint and f not in domain.heads]
            return [_with_heads(domain, cut), _with_heads(domain, rest)]
    return []


def _pieces(domain: Domain) -> list[list[Finding]]:
    """The findings of a domain between the words that may part its items."""
    words = domain.passage.words
    inner = [i for i in range(domain.first, domain.last) if words[i] in _ITEM_EDGES]
    edges = [domain.first, *inner, domain.last]
    return [
        [f for f in domain.findings if first <= f.first < last] for first, last in pairwise(edges)
    ]


def _has(inside: Sequence[Finding], wanted: Sequence[Finding]) -> bool:
    return any(f in wanted for f in inside)


def _with_heads(domain: Domain, piece: Sequence[Finding]) -> Domain:
    findings = {id(f): f for f in (*piece, *domain.heads)}
    return replace(domain, findings=tuple(sorted(findings.values(), key=lambda f: f.first)))
