"""Rule packs: one screening question as data, read through one loader.

A pack is a folder of five files. ``pack.yaml`` names the question, the burden levels, the decision
table and the weights; ``targets.yaml`` the words that are looked for; ``context.yaml`` the cues that
change what they assert; ``sections.yaml`` the headings; ``cases.yaml`` texts with the assessment that
must come out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from screener.errors import PackError, Problem
from screener.phrases import Gap, PhraseError, expand, literals
from screener.yaml_lines import LinedYaml, YamlError

PACK_FILES = ("pack.yaml", "targets.yaml", "context.yaml", "sections.yaml")
CASES_FILE = "cases.yaml"
MAX_PHRASES = 20_000
"""Wordings a whole pack may stand for."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Role = Literal["organ", "lesion", "extent", "part", "malignancy", "link", "relation", "measure"]
Category = Literal[
    "negated", "historical", "hypothetical", "uncertain", "family", "resolved", "reported", "current",
    "end",
]
Direction = Literal["forward", "backward", "both", "none"]
Assertion = Literal["current", "historical", "hypothetical", "none"]


Nature = Literal["malignant", "tumor", "primary", "benign", "unexplained", "texture"]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Concept(_Data):
    """One thing that is looked for, and the wordings that name it.

    What a concept is to the question is its `role`, with the attribute that the role needs:
    `organ`, `part` (how much of the organ), `nature` and grammatical `number` of a lesion, whether an
    extent stands without a lesion word (`alone`), whether an organ before "metastases" names where
    they come from (`origin`), which kind of `malignancy` is named, what a `measure` measures, whether a
    link is `strong` enough to reach over a comma, whether a lesion word is itself `hedged`,
    `denies` that there is any, or, being benign, `explains` lesions named elsewhere. Words of a concept that is
    to `ignore` are taken out of the way of shorter ones.
    """

    name: Name
    role: Role
    phrases: list[str] = Field(min_length=1)
    nature: Nature | None = None
    organ: Name | None = None
    part: Literal["all", "major", "minor"] | None = None
    number: Literal["one", "many"] | None = None
    alone: bool = False
    counts: bool = False
    origin: bool = False
    strong: bool = False
    hedged: bool = False
    denies: bool = False
    explains: bool = False
    malignancy: Literal["spreads", "primary"] | None = None
    measure: Literal["share", "rest", "other", "count", "volume"] | None = None
    ignore: bool = False

    @model_validator(mode="after")
    def _role_has_its_attribute(self) -> Concept:
        needed = {"organ": "organ", "lesion": "nature", "part": "part", "measure": "measure"}
        attribute = needed.get(self.role)
        if attribute and getattr(self, attribute) is None:
            raise ValueError(f"a concept of role {self.role!r} needs {attribute!r}")
        return self


class Cue(_Data):
    """Words that change what the words around them assert (ConText).

    Attributes
    ----------
    direction
        Where its scope lies: after the words, before them, both, or nowhere (such words only keep shorter
        cues within them from acting).
    reach
        Words that the scope reaches at the most; without it, to the end of the segment.
    through
        Whether the scope goes on through the ends of clauses; only an end that is itself `through`
        stops it.
    roles
        The roles that it acts upon; all where none are given.
    """

    name: Name
    category: Category
    direction: Direction
    phrases: list[str] = Field(min_length=1)
    reach: int | None = Field(default=None, ge=1, le=60)
    through: bool = False
    roles: list[Role | Literal["quantity"]] | None = None


class SectionKind(_Data):
    """A kind of section: its headings, its rank, and what is asserted in it."""

    kind: Name
    headings: list[str] = Field(min_length=1)
    rank: int = 1
    assertion: Assertion = "current"
    one_paragraph: bool = False
    sticky: bool = False


class Decision(_Data):
    """One row of the decision table; the first row whose conditions hold decides."""

    rule: Name
    when: dict[str, list[str]] = Field(default_factory=dict)
    burden: str
    certainty: Literal["hedged"] | None = None
    vague: bool = False


class Bound(_Data):
    """A level for numbers up to `most` (inclusive), or below `below`; the last bound is open."""

    burden: str
    most: float | None = None
    below: float | None = None


class BurdenScale(_Data):
    """The burden levels, lowest first, and which make a candidate."""

    levels: list[str] = Field(min_length=2)
    candidate: list[str] = Field(min_length=1)
    by_count: list[Bound] = Field(min_length=1)
    by_share: list[Bound] = Field(min_length=1)

    @property
    def lowest(self) -> str:
        """The level that means that nothing current is asserted."""
        return self.levels[0]

    def rank(self, level: str) -> int:
        """Return the place of `level`, 0 for the lowest."""
        return self.levels.index(level)


class RankingWeights(_Data):
    """Points of a report and of a patient; see ``screener.ranking``.

    A report has ``burden[level]`` points, times `hedged` where the certainty is hedged, plus
    `percent` points for each percent of the organ stated (midpoint). A patient has the points of the
    best report plus `repeated` for each further report with a candidate burden, up to `repeated_max`
    such reports.
    """

    burden: dict[str, float]
    hedged: float = Field(ge=0, le=1)
    percent: float = Field(ge=0)
    repeated: float = Field(ge=0)
    repeated_max: int = Field(ge=0)


class Spelling(_Data):
    """Spelling variants; target words whose misspellings are found; words near them to keep."""

    variants: dict[str, str] = Field(default_factory=dict)
    keep: list[str] = Field(default_factory=list)
    targets: list[str] = Field(default_factory=list)


class RulePack(_Data):
    """One screening question as data; made by :func:`load_pack`."""

    name: Name
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    question: str
    organ: Name
    burden: BurdenScale
    decisions: list[Decision] = Field(min_length=1)
    ranking: RankingWeights
    spelling: Spelling = Spelling()
    concepts: list[Concept] = Field(min_length=1)
    cues: list[Cue]
    sections: list[SectionKind]
    sha256: str = ""
    folder: str = Field(default="", repr=False)

    @cached_property
    def concept(self) -> Mapping[str, Concept]:
        """The concepts by name."""
        return {concept.name: concept for concept in self.concepts}

    @cached_property
    def section(self) -> Mapping[str, SectionKind]:
        """The kinds of section by name."""
        return {section.kind: section for section in self.sections}


def packs_folders() -> tuple[Path, ...]:
    """Return where shipped packs live: inside the installed package, or in the checkout beside it."""
    package = Path(__file__).resolve().parent
    return (package / "rules" / "screening", package.parent / "rules" / "screening")


def known_packs() -> dict[str, Path]:
    """Return the shipped packs by name."""
    found: dict[str, Path] = {}
    for folder in packs_folders():
        for file in sorted(folder.glob("*/pack.yaml")):
            found.setdefault(file.parent.name, file.parent)
    return found


def load_pack(name_or_folder: str | Path) -> RulePack:
    """Load a pack by the name of a shipped one, or from a folder.

    Raises
    ------
    PackError
        When there is no such pack, or with every problem of it at once.

    Examples
    --------
    >>> load_pack("liver_tumor_burden").organ
    'liver'
    """
    folder = known_packs().get(str(name_or_folder), Path(name_or_folder))
    if not folder.is_dir():
        known = ", ".join(map(repr, known_packs()))
        raise PackError(
            f"No pack named {str(name_or_folder)!r}. Known packs: {known}; or give a folder."
        )
    return _Loading(folder).pack()


class _Loading:
    """One pass over a pack's files that gathers every problem before it raises."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.yaml: dict[str, LinedYaml] = {}
        self.digest = hashlib.sha256()

    def pack(self) -> RulePack:
        for file in PACK_FILES:
            self._read(file)
        if self.problems:
            raise self._error()
        content = self._content()
        self._check_phrases()
        try:
            pack = RulePack.model_validate(
                {**content, "sha256": self.digest.hexdigest(), "folder": str(self.folder)}
            )
        except ValidationError as error:
            self._tell(error)
            raise self._error() from None
        if not self.problems:
            self._check_names(pack)
        if self.problems:
            raise self._error()
        return pack

    def _read(self, file: str) -> None:
        path = self.folder / file
        try:
            raw = path.read_bytes()
            self.digest.update(file.encode() + b"\0" + raw + b"\0")
            self.yaml[file] = LinedYaml(raw.decode("utf-8"))
        except OSError:
            self.problems.append(Problem(file, 1, f"the pack has no readable {file}"))
        except UnicodeDecodeError:
            self.problems.append(Problem(file, 1, "not UTF-8"))
        except YamlError as error:
            self.problems.append(Problem(file, error.line, str(error)))
        else:
            if not isinstance(self.yaml[file].data, dict):
                self.problems.append(Problem(file, 1, "the file must be a mapping of keys"))

    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for file in PACK_FILES:
            for key, value in self.yaml[file].data.items():
                if _HOME.get(key, "pack.yaml") != file:
                    line = self.yaml[file].line((key,))
                    self.problems.append(Problem(file, line, f"{key!r} does not belong here"))
                content[str(key)] = value
        return content

    def _check_phrases(self) -> None:
        total = 0
        for file, path, phrase in self._phrases():
            try:
                total += len(expand(phrase))
            except PhraseError as error:
                self.problems.append(Problem(file, self.yaml[file].line(path), str(error)))
        if total > MAX_PHRASES:
            message = f"the pack stands for {total} wordings; at most {MAX_PHRASES} are allowed"
            self.problems.append(Problem("targets.yaml", 1, message))

    def _phrases(self) -> Iterable[tuple[str, tuple[str | int, ...], str]]:
        for key, file in _PHRASE_LISTS:
            field = "headings" if key == "sections" else "phrases"
            for i, entry in enumerate(_list(self.yaml[file].data.get(key))):
                for j, phrase in enumerate(_list(entry.get(field) if isinstance(entry, dict) else 0)):
                    if isinstance(phrase, str):
                        yield file, (key, i, field, j), phrase

    def _tell(self, error: ValidationError) -> None:
        for detail in error.errors(include_url=False, include_input=False):
            path = detail["loc"]
            file = _HOME.get(str(path[0]), "pack.yaml") if path else "pack.yaml"
            where = ".".join(map(str, path))
            message = f"{where}: {detail['msg']}"
            self.problems.append(Problem(file, self.yaml[file].line(path), message))

    def _check_names(self, pack: RulePack) -> None:
        for check in _CHECKS:
            for file, path, message in check(pack):
                self.problems.append(Problem(file, self.yaml[file].line(path), message))

    def _error(self) -> PackError:
        ordered = sorted(set(self.problems), key=lambda p: (PACK_FILES.index(p.file), p.line))
        return PackError(f"The pack in {self.folder} has {len(ordered)} problem(s):", tuple(ordered))


_HOME = {
    "concepts": "targets.yaml",
    "spelling": "targets.yaml",
    "cues": "context.yaml",
    "sections": "sections.yaml",
}
_PHRASE_LISTS = (
    ("concepts", "targets.yaml"),
    ("cues", "context.yaml"),
    ("sections", "sections.yaml"),
)
_Told = Iterable[tuple[str, tuple[str | int, ...], str]]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _unique_names(pack: RulePack) -> _Told:
    for key, names in (
        ("concepts", [c.name for c in pack.concepts]),
        ("cues", [c.name for c in pack.cues]),
        ("sections", [s.kind for s in pack.sections]),
        ("decisions", [d.rule for d in pack.decisions]),
    ):
        seen: set[str] = set()
        for i, name in enumerate(names):
            if name in seen:
                yield _HOME.get(key, "pack.yaml"), (key, i), f"the name {name!r} stands twice"
            seen.add(name)


def _levels_are_known(pack: RulePack) -> _Told:
    levels = set(pack.burden.levels)
    used: list[tuple[tuple[str | int, ...], str]] = [
        (("burden", "candidate", i), level) for i, level in enumerate(pack.burden.candidate)
    ]
    used += [(("burden", "by_count", i), b.burden) for i, b in enumerate(pack.burden.by_count)]
    used += [(("burden", "by_share", i), b.burden) for i, b in enumerate(pack.burden.by_share)]
    used += [(("ranking", "burden", level), level) for level in pack.ranking.burden]
    used += [
        (("decisions", i), d.burden)
        for i, d in enumerate(pack.decisions)
        if d.burden not in ("by_count", "by_share")
    ]
    for path, level in used:
        if level not in levels:
            yield "pack.yaml", path, f"no burden level {level!r}; known: {pack.burden.levels}"
    for level in sorted(levels - set(pack.ranking.burden)):
        yield "pack.yaml", ("ranking", "burden"), f"no weight for the burden level {level!r}"


def _organ_is_known(pack: RulePack) -> _Told:
    if pack.organ not in {c.organ for c in pack.concepts}:
        yield "pack.yaml", ("organ",), f"no concept in targets.yaml has organ {pack.organ!r}"


def _conditions_are_known(pack: RulePack) -> _Told:
    extents = {c.name for c in pack.concepts if c.role == "extent"}
    allowed = {**CONDITIONS, "extent": CONDITIONS["extent"] | extents}
    for i, decision in enumerate(pack.decisions):
        for key, values in decision.when.items():
            path = ("decisions", i, "when", key)
            if key not in allowed:
                known = ", ".join(sorted(allowed))
                yield "pack.yaml", path, f"no condition {key!r}; known: {known}"
                continue
            for value in values:
                if value not in allowed[key]:
                    yield "pack.yaml", path, f"{key} is never {value!r}; known: {sorted(allowed[key])}"


CONDITIONS: Mapping[str, frozenset[str]] = {
    "lesion": frozenset({*get_args(Nature), "none"}),
    "extent": frozenset({"none"}),
    "part": frozenset({"all", "whole", "major", "minor"}),
    "number": frozenset({"one", "many"}),
    "states": frozenset({"share", "count", "none"}),
    "malignancy": frozenset({"spreads", "primary", "unnamed"}),
}
"""What a row of the decision table may ask, and the answers there are."""

def _cues_do_not_collide(pack: RulePack) -> _Told:
    """The same words in two cues: only one of the two would ever act."""
    seen: dict[tuple[str, ...], str] = {}
    for i, cue in enumerate(pack.cues):
        for j, phrase in enumerate(cue.phrases):
            for wording in expand(phrase):
                if any(isinstance(item, Gap) for item in wording):
                    continue
                for words in literals(wording):
                    other = seen.setdefault(words, cue.name)
                    if other != cue.name:
                        message = f"{' '.join(words)!r} also stands in the cue {other!r}"
                        yield "context.yaml", ("cues", i, "phrases", j), message


_CHECKS: tuple[Callable[[RulePack], _Told], ...] = (
    _unique_names,
    _levels_are_known,
    _organ_is_known,
    _conditions_are_known,
    _cues_do_not_collide,
)
