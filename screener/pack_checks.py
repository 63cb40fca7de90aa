"""Checks of a rule pack beyond the kinds of its values: what its parts say of one another.

A check names the parts of the pack that it reads and runs where these are sound, so that what is
wrong in one file does not hide what is wrong in another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, filterfalse

from screener.pack_models import CONDITIONS, Bound, RulePack
from screener.phrases import Gap, PhraseError, Wording, expand, literals

MAX_PHRASES = 20_000
"""Wordings a whole pack may stand for."""

Path_ = tuple[str | int, ...]
Told = tuple[Path_, str]
"""Where in the pack a problem stands, and what it is."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check, and the keys of the pack that it reads."""

    reads: frozenset[str]
    run: Callable[[RulePack], Iterable[Told]]


def check_parts(pack: RulePack, sound: Iterable[str]) -> Iterator[Told]:
    """Yield what is wrong between the parts of a pack.

    Parameters
    ----------
    pack
        The pack; keys that are not sound may be missing.
    sound
        The keys whose values are of the right kind.
    """
    keys = frozenset(sound)
    for check in CHECKS:
        if check.reads <= keys:
            yield from check.run(pack)


def check_phrases(phrases: Iterable[tuple[Path_, str]]) -> Iterator[Told]:
    """Yield what is wrong with the notation of phrases, and whether there are too many wordings.

    Parameters
    ----------
    phrases
        Every phrase of a pack, with its place.
    """
    total = 0
    for path, phrase in phrases:
        try:
            wordings = expand(phrase)
        except PhraseError as error:
            yield path, str(error)
            continue
        total += len(wordings)
        if path[0] == "sections" and any(map(_has_gap, wordings)):
            yield path, f"a heading has no gaps: {phrase!r}"
    if total > MAX_PHRASES:
        message = f"the pack stands for {total} wordings; at most {MAX_PHRASES} are allowed"
        yield ("concepts",), message


def _has_gap(wording: Wording) -> bool:
    return any(isinstance(item, Gap) for item in wording)


def _unique_concepts(pack: RulePack) -> Iterator[Told]:
    return _repeated("concepts", [concept.name for concept in pack.concepts])


def _unique_cues(pack: RulePack) -> Iterator[Told]:
    return _repeated("cues", [cue.name for cue in pack.cues])


def _unique_sections(pack: RulePack) -> Iterator[Told]:
    return _repeated("sections", [section.kind for section in pack.sections])


def _unique_rules(pack: RulePack) -> Iterator[Told]:
    return _repeated("decisions", [decision.rule for decision in pack.decisions])


def _repeated(key: str, names: Iterable[str]) -> Iterator[Told]:
    seen: set[str] = set()
    for i, name in enumerate(names):
        if name in seen:
            yield (key, i), f"the name {name!r} stands twice"
        seen.add(name)


def _levels_of_the_scale(pack: RulePack) -> Iterator[Told]:
    scale = pack.burden
    used = [("candidate", i, level) for i, level in enumerate(scale.candidate)]
    used += [("by_count", i, bound.burden) for i, bound in enumerate(scale.by_count)]
    used += [("by_share", i, bound.burden) for i, bound in enumerate(scale.by_share)]
    for key, i, level in used:
        yield from _unknown_level(pack, ("burden", key, i), level)


def _levels_of_the_table(pack: RulePack) -> Iterator[Told]:
    for i, decision in enumerate(pack.decisions):
        if decision.burden not in ("by_count", "by_share"):
            yield from _unknown_level(pack, ("decisions", i), decision.burden)


def _levels_of_the_weights(pack: RulePack) -> Iterator[Told]:
    for level in pack.ranking.burden:
        yield from _unknown_level(pack, ("ranking", "burden", level), level)
    for level in sorted(set(pack.burden.levels) - set(pack.ranking.burden)):
        yield ("ranking", "burden"), f"no weight for the burden level {level!r}"


def _unknown_level(pack: RulePack, path: Path_, level: str) -> Iterator[Told]:
    if level not in pack.burden.levels:
        yield path, f"no burden level {level!r}; known: {pack.burden.levels}"


def _bounds_end_open(pack: RulePack) -> Iterator[Told]:
    """Every number has a level, and none of the bounds is out of reach."""
    lists: tuple[tuple[str, list[Bound]], ...] = (
        ("by_count", pack.burden.by_count),
        ("by_share", pack.burden.by_share),
    )
    for key, bounds in lists:
        for i, bound in enumerate(bounds[:-1]):
            if bound.is_open:
                yield (
                    ("burden", key, i),
                    f"only the last bound of {key} is open: give this one 'most'",
                )
        if not bounds[-1].is_open:
            message = f"the last bound of {key} must be open, without 'most' and 'below'"
            yield ("burden", key, len(bounds) - 1), message


def _organ_is_known(pack: RulePack) -> Iterator[Told]:
    if pack.organ not in {concept.organ for concept in pack.concepts}:
        yield ("organ",), f"no concept in targets.yaml has organ {pack.organ!r}"


def _conditions_are_known(pack: RulePack) -> Iterator[Told]:
    for i, decision in enumerate(pack.decisions):
        for key, values in decision.when.items():
            path = ("decisions", i, "when", key)
            if key not in CONDITIONS:
                yield path, f"no condition {key!r}; known: {', '.join(sorted(CONDITIONS))}"
            elif key != "extent":
                yield from _unknown_answers(path, key, values, CONDITIONS[key])


def _extents_are_known(pack: RulePack) -> Iterator[Told]:
    extents = {concept.name for concept in pack.concepts if concept.role == "extent"}
    known = CONDITIONS["extent"] | extents
    for i, decision in enumerate(pack.decisions):
        values = decision.when.get("extent", [])
        yield from _unknown_answers(("decisions", i, "when", "extent"), "extent", values, known)


def _unknown_answers(
    path: Path_, key: str, values: Iterable[str], known: frozenset[str]
) -> Iterator[Told]:
    for value in values:
        if value not in known:
            yield path, f"{key} is never {value!r}; known: {sorted(known)}"


def _cues_do_not_collide(pack: RulePack) -> Iterator[Told]:
    """The same words in two cues: only one of the two would ever act."""
    seen: dict[tuple[str, ...], str] = {}
    for i, cue in enumerate(pack.cues):
        each = [dict.fromkeys(_literals(phrase), cue.name) for phrase in cue.phrases]
        for j, own in enumerate(each):
            if not seen.keys().isdisjoint(own):
                for words in (w for w in own if seen.get(w, cue.name) != cue.name):
                    message = f"{' '.join(words)!r} also stands in the cue {seen[words]!r}"
                    yield ("cues", i, "phrases", j), message
        for own in each:
            is_new = seen.keys().isdisjoint(own)
            seen.update(own if is_new else {w: name for w, name in own.items() if w not in seen})


def _literals(phrase: str) -> Iterator[tuple[str, ...]]:
    """The wordings of a phrase without gaps; none where the phrase is against the notation."""
    try:
        wordings = expand(phrase)
    except PhraseError:
        return iter(())
    return chain.from_iterable(map(literals, filterfalse(_has_gap, wordings)))


CHECKS = (
    Check(frozenset({"concepts"}), _unique_concepts),
    Check(frozenset({"cues"}), _unique_cues),
    Check(frozenset({"sections"}), _unique_sections),
    Check(frozenset({"decisions"}), _unique_rules),
    Check(frozenset({"burden"}), _levels_of_the_scale),
    Check(frozenset({"burden"}), _bounds_end_open),
    Check(frozenset({"burden", "decisions"}), _levels_of_the_table),
    Check(frozenset({"burden", "ranking"}), _levels_of_the_weights),
    Check(frozenset({"organ", "concepts"}), _organ_is_known),
    Check(frozenset({"decisions"}), _conditions_are_known),
    Check(frozenset({"decisions", "concepts"}), _extents_are_known),
    Check(frozenset({"cues"}), _cues_do_not_collide),
)
