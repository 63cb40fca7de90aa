"""Units of laboratory values, converted by pint; a unit that is not known is never guessed.

Pint is given numbers as decimals. A factor is rounded to 18 significant digits, so that powers of
ten are exact.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from screener.outcomes.criteria import Analyte, Criteria, unit_key

if TYPE_CHECKING:
    from pint import UnitRegistry

_ROUNDED = Context(prec=18)
_PLAIN = re.compile(r"[A-Za-zµμ]{1,8}(?:/[A-Za-zµμ]{1,8})?")
_EXPRESSIONS = {"ratio": "dimensionless", "mL/min/1.73m2": "mL/min/standard_body_surface"}
"""How pint is told of units that it cannot spell."""


class UnitUnknownError(ValueError):
    """A unit that is not known, or that measures something else; the message says which."""


class Units:
    """Converts what laboratories write for units into the unit of each analyte.

    Examples
    --------
    >>> from screener.outcomes.criteria import load_criteria
    >>> criteria = load_criteria()
    >>> units = Units(criteria)
    >>> str(units.factor(criteria.analytes["PLT"], "/mm3"))
    '0.001'
    >>> round(units.factor(criteria.analytes["TBIL"], "umol/L") * 20, 3)
    Decimal('1.169')
    """

    def __init__(self, criteria: Criteria) -> None:
        self._spellings = criteria.spellings
        self._known: dict[tuple[str, str], Decimal | UnitUnknownError] = {}

    def name(self, analyte: Analyte, written: str) -> str:
        """Return the unit that is meant, as it is called here; as written where it is not known."""
        key = unit_key(written)
        return analyte.also.get(key) or self._spellings.get(key) or written.strip()

    def factor(self, analyte: Analyte, written: str) -> Decimal:
        """Return what a value in a unit is multiplied by to be in the analyte's own.

        Raises
        ------
        UnitUnknownError
            When the unit is not known or does not measure the analyte.
        """
        key = (analyte.id, written)
        if key not in self._known:
            try:
                self._known[key] = self._factor(analyte, written)
            except UnitUnknownError as error:
                self._known[key] = error
        known = self._known[key]
        if isinstance(known, UnitUnknownError):
            raise known
        return known

    def _factor(self, analyte: Analyte, written: str) -> Decimal:
        unit = self.name(analyte, written)
        if unit == analyte.unit:
            return Decimal(1)
        if not written.strip():
            raise UnitUnknownError(f"is empty: {analyte.id} needs one, such as {analyte.unit}")
        if unit not in self._spellings.values() and not _PLAIN.fullmatch(unit):
            raise UnitUnknownError("is not known")
        return _ROUNDED.plus(_convert(unit, analyte))


def _convert(unit: str, analyte: Analyte) -> Decimal:
    import pint

    registry = _registry()
    try:
        one, own = _parsed(unit), _parsed(analyte.unit)
        with registry.context("chemistry", mw=_molar_mass(analyte)):
            converted = one.to(own.units)
    except pint.DimensionalityError:
        told = f"does not measure {analyte.id}, which is in {analyte.unit} or what converts to it"
        raise UnitUnknownError(told) from None
    except (pint.PintError, AttributeError, TypeError, ValueError, ArithmeticError):
        raise UnitUnknownError("is not known") from None
    return Decimal(converted.magnitude) / Decimal(own.magnitude)


def _molar_mass(analyte: Analyte) -> Any:  # noqa: ANN401  pint's quantities are not typed
    """Return the molar mass; nothing that can be converted with where there is none."""
    if analyte.molar_mass is None:
        return _registry().Quantity(Decimal(1), "dimensionless")
    return _registry().Quantity(analyte.molar_mass, "g/mol")


@cache
def _registry() -> UnitRegistry[Any]:
    import pint

    registry: UnitRegistry[Any] = pint.UnitRegistry(non_int_type=Decimal)
    registry.define("standard_body_surface = [standard_body_surface]")  # 1.73 m2, a norm
    return registry


@cache
def _parsed(unit: str) -> Any:  # noqa: ANN401  pint's quantities are not typed
    registry = _registry()
    return registry.Quantity(Decimal(1)) * registry.parse_expression(_EXPRESSIONS.get(unit, unit))
