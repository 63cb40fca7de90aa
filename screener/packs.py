"""Rule packs: one screening question as data, read through one loader.

A pack is a folder of five files. ``pack.yaml`` names the question, the burden levels, the decision
table and the weights; ``targets.yaml`` the words that are looked for; ``context.yaml`` the cues
that change what they assert; ``sections.yaml`` the headings; ``cases.yaml`` texts with the
assessment that must come out.
"""

from __future__ import annotations

from pathlib import Path

from screener.errors import PackError
from screener.pack_checks import MAX_PHRASES
from screener.pack_files import PACK_FILES, read_pack
from screener.pack_models import (
    CONDITIONS,
    Assertion,
    Bound,
    BurdenScale,
    Category,
    Concept,
    Cue,
    Decision,
    Direction,
    Name,
    Nature,
    RankingWeights,
    Role,
    RulePack,
    SectionKind,
    Spelling,
)

__all__ = [
    "CASES_FILE",
    "CONDITIONS",
    "MAX_PHRASES",
    "PACK_FILES",
    "Assertion",
    "Bound",
    "BurdenScale",
    "Category",
    "Concept",
    "Cue",
    "Decision",
    "Direction",
    "Name",
    "Nature",
    "RankingWeights",
    "Role",
    "RulePack",
    "SectionKind",
    "Spelling",
    "known_packs",
    "load_pack",
    "packs_folders",
]

CASES_FILE = "cases.yaml"


def packs_folders() -> tuple[Path, ...]:
    """Return where shipped packs live: in the installed package, or in the checkout beside it."""
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
    return read_pack(folder)
