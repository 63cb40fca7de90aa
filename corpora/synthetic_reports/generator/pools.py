"""The hand-written prose: passages about the liver with their labels, and all that stands beside them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "pools"
BURDENS = ("none", "limited", "multiple", "extensive")
LIVER_KINDS = ("dotatate", "fdg", "ct", "mr", "us")


@dataclass(frozen=True)
class Passage:
    """One authored statement about the liver and the label that it carries.

    Attributes
    ----------
    burden, certainty, percent, traps
        The gold label, written together with the words.
    findings, impression, addendum
        The words, with slots in braces.
    on, trend, at, truth, n, max_n, themes, lungs, bones, malignancy, site, weight
        Where the passage may stand; see the heads of the files in ``pools``.
    """

    burden: str
    findings: str
    impression: str
    addendum: str = ""
    certainty: str = ""
    percent: tuple[float, float] | None = None
    traps: tuple[str, ...] = ()
    on: tuple[str, ...] = LIVER_KINDS
    trend: str = ""
    at: str = ""
    truth: tuple[float, float] = (0, 100)
    n: int | str | None = None
    max_n: int = 99
    themes: tuple[str, ...] = ()
    lungs: str = ""
    bones: str = ""
    malignancy: str = ""
    site: str = ""
    weight: float = 1

    @property
    def words(self) -> str:
        """All its words, lower case."""
        return f"{self.findings} {self.impression} {self.addendum}".lower()


@dataclass(frozen=True)
class Pools:
    """Everything that was written by hand.

    Attributes
    ----------
    passages
        Liver passages of each burden.
    organs, indications, exams, phrases, plan
        The other files of ``pools`` as read.
    """

    passages: dict[str, list[Passage]]
    organs: dict[str, Any]
    indications: dict[str, list[str]]
    exams: dict[str, Any]
    phrases: dict[str, Any]
    plan: dict[str, Any] = field(default_factory=dict)


def read_pools() -> Pools:
    """Read the files of ``pools``."""
    return Pools(
        passages={burden: _read_passages(burden) for burden in BURDENS},
        organs=_read("organs"),
        indications=_read("indications"),
        exams=_read("other_exams"),
        phrases=_read("phrases"),
        plan=_read("cohort"),
    )


def _read(name: str) -> dict[str, Any]:
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _read_passages(burden: str) -> list[Passage]:
    return [_passage(burden, entry) for entry in _read(f"liver_{burden}")["passage"]]


def _passage(burden: str, entry: dict[str, Any]) -> Passage:
    values = dict(entry)
    values["traps"] = tuple(values.pop("traps", "").split())
    values["themes"] = tuple(values.pop("theme", "").split())
    values["on"] = tuple(values.pop("on", " ".join(LIVER_KINDS)).split())
    if "percent" in values:
        values["percent"] = tuple(values["percent"])
    if "truth" in values:
        values["truth"] = tuple(values["truth"])
    if burden != "none":
        values.setdefault("certainty", "definite")
    return Passage(burden=burden, **values)
