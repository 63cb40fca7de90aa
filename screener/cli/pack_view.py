"""A rule pack as lines for a person, and as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from screener.phrases import expand

if TYPE_CHECKING:
    from screener.packs import Bound, Decision, RulePack


def counts_of(pack: RulePack) -> dict[str, int]:
    """Count what a pack holds; wordings are what its phrases stand for."""
    lists = [concept.phrases for concept in pack.concepts] + [cue.phrases for cue in pack.cues]
    phrases = [phrase for of_one in lists for phrase in of_one]
    return {
        "concepts": len(pack.concepts),
        "cues": len(pack.cues),
        "phrases": len(phrases),
        "wordings": sum(len(expand(phrase)) for phrase in phrases),
        "sections": len(pack.sections),
        "decisions": len(pack.decisions),
    }


def to_dict(pack: RulePack) -> dict[str, Any]:
    """Return what `pack_text` tells as plain values."""
    return {
        **pack.model_dump(include={"name", "version", "question", "organ", "sha256"}),
        "burden": pack.burden.model_dump(),
        "decisions": [row.model_dump() for row in pack.decisions],
        "ranking": pack.ranking.model_dump(),
        "counts": counts_of(pack),
        "concepts": [
            {"name": c.name, "role": c.role, "phrases": len(c.phrases)} for c in pack.concepts
        ],
        "cues": [
            {"name": c.name, "category": c.category, "phrases": len(c.phrases)} for c in pack.cues
        ],
        "sections": [s.model_dump(exclude={"headings"}) for s in pack.sections],
    }


def pack_text(pack: RulePack) -> str:
    """Tell a pack in lines."""
    return "\n".join(_lines(pack))


def _lines(pack: RulePack) -> Iterator[str]:
    scale, counts = pack.burden, counts_of(pack)
    yield f"{pack.name} {pack.version} (sha256 {pack.sha256[:12]})"
    yield pack.question
    yield f"Organ: {pack.organ}"
    levels = (f"{level}*" if level in scale.candidate else level for level in scale.levels)
    yield f"Burden: {' < '.join(levels)}  (* makes a candidate)"
    yield f"  by count: {', '.join(map(_bound, scale.by_count))}"
    yield f"  by share: {', '.join(map(_bound, scale.by_share))}  (percent)"
    yield ""
    yield "Decision table: the first row whose conditions all hold decides a statement"
    for number, row in enumerate(pack.decisions, start=1):
        yield f"{number:>4}  {row.rule}: {_decision(row)}"
    yield ""
    yield ", ".join(f"{n:,} {what}" for what, n in counts.items())
    for heading, entries in _groups(pack).items():
        yield f"  {heading}: {', '.join(entries)}"
    yield ""
    yield "Sections: a higher rank outranks a lower one"
    for section in sorted(pack.sections, key=lambda s: -s.rank):
        yield f"  rank {section.rank}  {section.kind}, asserted as {section.assertion}"


def _bound(bound: Bound) -> str:
    if bound.below is not None:
        return f"{bound.burden} below {bound.below:g}"
    if bound.most is not None:
        return f"{bound.burden} up to {bound.most:g}"
    return f"{bound.burden} above"


def _decision(row: Decision) -> str:
    conditions = [f"{key} is {' or '.join(values)}" for key, values in row.when.items()]
    certainty = f", {row.certainty}" if row.certainty else ""
    vague = ", tells no extent of its own" if row.vague else ""
    return f"{' and '.join(conditions) or 'always'} -> {row.burden}{certainty}{vague}"


def _groups(pack: RulePack) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for concept in pack.concepts:
        groups.setdefault(concept.role, []).append(concept.name)
    for cue in pack.cues:
        groups.setdefault(f"cue {cue.category}", []).append(cue.name)
    return groups
