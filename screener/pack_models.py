"""The parts of a rule pack, as they stand in its files.

Every model refuses keys that it does not know and values of another type than is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Role = Literal[
    "organ", "lesion", "extent", "part", "malignancy", "link", "relation", "measure", "withdrawal"
]
Category = Literal[
    "negated", "historical", "hypothetical", "uncertain", "family",
    "resolved", "reported", "current", "end",
]  # fmt: skip
Direction = Literal["forward", "backward", "both", "none"]
Assertion = Literal["current", "historical", "hypothetical", "none"]
Nature = Literal["malignant", "tumor", "primary", "benign", "unexplained", "texture"]

CONDITIONS: Mapping[str, frozenset[str]] = {
    "lesion": frozenset({*get_args(Nature), "none"}),
    "extent": frozenset({"none"}),
    "part": frozenset({"all", "whole", "major", "minor"}),
    "number": frozenset({"one", "many"}),
    "states": frozenset({"share", "count", "none"}),
    "malignancy": frozenset({"spreads", "primary", "unnamed"}),
}
"""What a row of the decision table may ask, and the answers there are."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Concept(_Data):
    """One thing that is looked for, and the wordings that name it.

    What a concept is to the question is its `role`; the other attributes say more of one role.

    Attributes
    ----------
    organ, part
        The organ that is named; how much of the pack's organ a part word names.
    nature, number
        Nature and grammatical number of a lesion.
    hedged, denies, explains
        Whether a lesion word is itself a guess, denies that there is any lesion, or, being benign,
        explains lesions that are named elsewhere.
    alone, counts
        Whether an extent stands without a lesion word; whether it tells of separate lesions.
    leaves
        Whether an extent names what lesions leave, so that parts named after it are what is left.
    origin
        Whether the organ, before "metastases", names where they come from.
    strong
        Whether a link reaches over a comma.
    malignancy
        Which kind of malignancy is named.
    measure
        What a percent near the word is a percent of: the share of the organ that lesions take, the
        rest that they leave, or something other.
    ignore
        Whether its words only take those of shorter concepts out of the way.
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
    leaves: bool = False
    origin: bool = False
    strong: bool = False
    hedged: bool = False
    denies: bool = False
    explains: bool = False
    malignancy: Literal["spreads", "primary"] | None = None
    measure: Literal["share", "rest", "other"] | None = None
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
        Where its scope lies: after the words, before them, both, or nowhere (such words only keep
        shorter cues within them from acting).
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
    """One row of the decision table; the first row whose conditions hold decides.

    Attributes
    ----------
    vague
        Whether the row leaves to sections of lower rank how much there is.
    open
        Whether sections of lower rank may say that there is more, and not less.
    """

    rule: Name
    when: dict[str, list[str]] = Field(default_factory=dict)
    burden: str
    certainty: Literal["hedged"] | None = None
    vague: bool = False
    open: bool = False


class Bound(_Data):
    """A level for numbers up to `most` (inclusive), or below `below`; the last bound is open."""

    burden: str
    most: float | None = None
    below: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether it holds for every number."""
        return self.most is None and self.below is None

    def holds(self, value: float) -> bool:
        """Whether a number is within the bound."""
        is_within = self.most is not None and value <= self.most
        return self.is_open or is_within or (self.below is not None and value < self.below)


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
    `percent` points for each percent of the organ stated (midpoint). A patient has the points of
    the best report plus `repeated` for each further report with a candidate burden, up to
    `repeated_max` such reports.
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
    """One screening question as data; made by :func:`load_pack`.

    ``words`` names lists of words; ``{name}`` in a phrase stands for any one of a list.
    """

    name: Name
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    question: str
    organ: Name
    burden: BurdenScale
    decisions: list[Decision] = Field(min_length=1)
    ranking: RankingWeights
    spelling: Spelling = Spelling()
    words: dict[Name, list[str]] = Field(default_factory=dict)
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
