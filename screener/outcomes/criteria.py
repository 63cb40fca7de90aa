"""The criteria of toxicity and what laboratories call their analytes, as data."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from screener.errors import OutcomeError

Direction = Literal["high", "low"]
Condition = Literal["abnormal", "anticoagulated", "also", ""]
Comparison = Literal["above", "from", "below"]

LLN = "LLN"
_UNIT_CHARACTERS = str.maketrans({"\u00b5": "u", "\u03bc": "u", "\u00d7": "x"})
_POWER = re.compile(r"^x?10(?:\^|\*\*|\*|e|exp|\()\(?(\d)\)?(?=/)")
_SPECIMENS = frozenset(
    "serum plasma blood level ser plas venous s p b result value the in of or".split()
)


@dataclass(frozen=True, slots=True)
class Step:
    """A grade and the bound that gives it.

    Attributes
    ----------
    grade
        1 to 4.
    comparison
        ``above`` and ``below`` leave the bound out, ``from`` takes it in.
    bound
        A multiple (of the ULN or of the baseline) or an amount; ``None`` is the LLN.
    """

    grade: int
    comparison: Comparison
    bound: Decimal | None


@dataclass(frozen=True, slots=True)
class Term:
    """One adverse event of the criteria.

    Attributes
    ----------
    id, term, meddra, soc
        Short name; name, MedDRA code and system organ class as published.
    analyte
        Short name of what is measured; empty for a clinical term.
    direction
        Whether high or low values are the worse ones.
    of_uln, of_baseline, fixed
        Steps in multiples of the ULN, in multiples of the baseline, and as amounts in `unit`.
    fixed_in
        Steps as amounts in another unit, where they are not conversions of one another.
    baseline_when
        When `of_baseline` counts: ``abnormal`` baseline, patient ``anticoagulated``, ``also``
        (always, and the worse of both counts), or never.
    clinical_grades
        Grades that can be given by what is seen of a patient.
    """

    id: str
    term: str
    meddra: str
    soc: str
    analyte: str = ""
    direction: Direction = "high"
    unit: str = ""
    of_uln: tuple[Step, ...] = ()
    of_baseline: tuple[Step, ...] = ()
    fixed: tuple[Step, ...] = ()
    fixed_in: dict[str, tuple[Step, ...]] = field(default_factory=dict)
    baseline_when: Condition = ""
    clinical_grades: tuple[int, ...] = ()

    @property
    def top_grade(self) -> int:
        """The highest grade that a value can have."""
        return max(step.grade for step in (*self.of_uln, *self.of_baseline, *self.fixed))


@dataclass(frozen=True, slots=True)
class Analyte:
    """What is measured.

    Attributes
    ----------
    id, name
        Short and full name.
    unit
        The unit that others are converted into.
    molar_mass
        In g/mol, where amounts of substance may be converted into masses.
    also
        Spellings of units that mean something else with this analyte.
    """

    id: str
    name: str
    unit: str
    molar_mass: Decimal | None = None
    also: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Criteria:
    """All that is shipped of toxicity.

    Attributes
    ----------
    name, version
        Of the criteria.
    terms, groups
        By short name; a group lists terms.
    analytes
        By short name.
    names
        Short name of an analyte by `name_key` of each of its names and by each LOINC code.
    spellings
        Unit by each of its spellings.
    """

    name: str
    version: str
    terms: dict[str, Term]
    groups: dict[str, tuple[str, ...]]
    analytes: dict[str, Analyte]
    names: dict[str, str]
    spellings: dict[str, str]

    def analyte(self, written: str) -> Analyte | None:
        """Return the analyte that a name or a LOINC code means.

        Examples
        --------
        >>> from screener.outcomes.criteria import load_criteria
        >>> criteria = load_criteria()
        >>> [criteria.analyte(name).id for name in ("SGPT", "1975-2", "Bilirubin, total (serum)")]
        ['ALT', 'TBIL', 'TBIL']
        >>> criteria.analyte("bilirubin, direct") is None
        True
        """
        return self.analytes.get(self.names.get(name_key(written), ""))

    def clinical_term(self, written: str) -> Term | None:
        """Return the clinical term of a name; ``None`` where it is none."""
        key = name_key(written)
        fitting = (t for t in self.terms.values() if key in (name_key(t.id), name_key(t.term)))
        return next((term for term in fitting if term.clinical_grades), None)

    @property
    def laboratory_terms(self) -> tuple[Term, ...]:
        """The terms that are measured, in order."""
        return tuple(term for term in self.terms.values() if term.analyte)


def name_key(written: str) -> str:
    """Reduce a name to what it is compared by: letters and digits, specimens left out.

    Examples
    --------
    >>> name_key("Serum ALT"), name_key("Alanine-aminotransferase"), name_key("1742-6")
    ('alt', 'alanineaminotransferase', '17426')
    """
    words = re.findall(r"[^\W_]+", written.casefold())
    telling = [word for word in words if word not in _SPECIMENS]
    return "".join(telling or words)


def unit_key(written: str) -> str:
    """Reduce a unit to what it is compared by.

    Examples
    --------
    >>> [unit_key(unit) for unit in ("x 10*3/\u00b5L", "10\u2079/L", "10E9/L", "1.73 m\u00b2")]
    ['10^3/ul', '10^9/l', '10^9/l', '1.73m^2']
    """
    plain = re.sub(r"\s+", "", written).lower().translate(_UNIT_CHARACTERS)
    raised = re.sub(r"[\u2070-\u2079\u00b2\u00b3]+", lambda found: _raised(found[0]), plain)
    return _POWER.sub(r"10^\1", raised)


def _raised(digits: str) -> str:
    return "^" + unicodedata.normalize("NFKC", digits)


@cache
def load_criteria() -> Criteria:
    """Load the shipped criteria (CTCAE v5.0) and analytes.

    Raises
    ------
    OutcomeError
        When their files are not in the installation.
    """
    ctcae, analytes = _read("ctcae_v5.yaml"), _read("analytes.yaml")
    terms = [_term(entry) for entry in ctcae["terms"]]
    known = [_analyte(entry) for entry in analytes["analytes"]]
    return Criteria(
        name=ctcae["name"],
        version=ctcae["version"],
        terms={term.id: term for term in terms},
        groups={name: tuple(ids) for name, ids in ctcae["groups"].items()},
        analytes={analyte.id: analyte for analyte in known},
        names={key: e["id"] for e in analytes["analytes"] for key in _keys(e)},
        spellings={unit_key(s): unit for unit, some in analytes["units"].items() for s in some},
    )


def toxicity_folder() -> Path:
    """Return where the shipped criteria are: in the installed package, or in the checkout."""
    package = Path(__file__).resolve().parent.parent
    folders = (package / "rules" / "toxicity", package.parent / "rules" / "toxicity")
    return next((folder for folder in folders if folder.is_dir()), folders[0])


def _read(file: str) -> dict[str, Any]:
    import yaml

    path = toxicity_folder() / file
    try:
        data: dict[str, Any] = yaml.safe_load(path.read_bytes())
    except (OSError, yaml.YAMLError) as error:
        raise OutcomeError(f"{path} cannot be read. Install the package again.") from error
    return data


def _term(entry: dict[str, Any]) -> Term:
    read: dict[str, Any] = dict(entry)
    for key in ("of_uln", "of_baseline", "fixed"):
        read[key] = _steps(entry.get(key, ()))
    read["fixed_in"] = {unit: _steps(some) for unit, some in entry.get("fixed_in", {}).items()}
    read["clinical_grades"] = tuple(entry.get("clinical_grades", ()))
    return Term(**read)


def _steps(entries: list[dict[str, Any]] | tuple[()]) -> tuple[Step, ...]:
    return tuple(_step(dict(entry)) for entry in entries)


def _step(entry: dict[str, Any]) -> Step:
    comparison: Comparison
    for comparison in get_args(Comparison):
        if comparison in entry:
            bound = entry[comparison]
            return Step(entry["grade"], comparison, None if bound == LLN else Decimal(bound))
    raise OutcomeError(f"A step of the criteria has no bound: {sorted(entry)}.")


def _analyte(entry: dict[str, Any]) -> Analyte:
    mass = entry.get("molar_mass")
    also = {unit_key(spelling): unit for spelling, unit in entry.get("also", {}).items()}
    return Analyte(entry["id"], entry["name"], entry["unit"], mass and Decimal(mass), also)


def _keys(entry: dict[str, Any]) -> list[str]:
    names = (entry["id"], entry["name"], *entry["names"], *entry["loinc"])
    return [name_key(str(name)) for name in names]
