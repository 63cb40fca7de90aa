"""The scale that readers used: its level, its categories in order, and where each of them lies."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite


class Level(StrEnum):
    """The level of measurement: what may be said of two reads that differ.

    References
    ----------
    Stevens SS (1946), Science 103:677-680.
    """

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


METRIC = frozenset({Level.INTERVAL, Level.RATIO})
"""Levels at which a read is a number and differences have a size."""

PAIRS = (
    ("no", "yes"),
    ("n", "y"),
    ("false", "true"),
    ("f", "t"),
    ("negative", "positive"),
    ("neg", "pos"),
    ("-", "+"),
    ("absent", "present"),
    ("normal", "abnormal"),
    ("benign", "malignant"),
    ("0", "1"),
)
"""Words for a finding that is not there and one that is."""

_NUMERAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Scale:
    """What a read may be.

    Attributes
    ----------
    level
        The level of measurement.
    labels
        The categories in their order; at interval and ratio level the distinct numbers that were
        read, from low to high.
    values
        Where each category lies: its number, or its place in the order.
    positive
        The category that counts as positive, where there are at most two; else empty.
    is_declared
        Whether the categories were given, not gathered from the reads.
    """

    level: Level
    labels: tuple[str, ...]
    values: tuple[float, ...]
    positive: str = ""
    is_declared: bool = False

    @property
    def is_metric(self) -> bool:
        """Whether reads are numbers whose differences have a size."""
        return self.level in METRIC

    @property
    def n_categories(self) -> int:
        """How many categories there were to choose from: at least two, or it was no choice."""
        return max(2, len(self.labels))


def numeral(text: str) -> float | None:
    """Return the finite number that a text writes, or ``None``.

    Examples
    --------
    >>> [numeral(text) for text in ("1", "1.0", "-.5", "2e1", "1,5", "inf", "75%")]
    [1.0, 1.0, -0.5, 20.0, None, None, None]
    """
    if not _NUMERAL.fullmatch(text):
        return None
    number = float(text)
    return number + 0.0 if isfinite(number) else None


def number_label(number: float) -> str:
    """Return a number as a label, whole ones without a point.

    Examples
    --------
    >>> number_label(1.0), number_label(0.25)
    ('1', '0.25')
    """
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)  # noqa: PLR2004


def canonical(label: str) -> str:
    """Return one spelling for one number, and any other label as it is.

    Tables with blanks are often exported with ``1.0`` for ``1``.

    Examples
    --------
    >>> canonical("1.0"), canonical("yes")
    ('1', 'yes')
    """
    number = numeral(label)
    return label if number is None else number_label(number)


def in_order(labels: Collection[str]) -> tuple[str, ...] | None:
    """Return categories from low to high, or ``None`` where nothing tells their order.

    Numbers have an order, and so have the words of `PAIRS`.

    Examples
    --------
    >>> in_order({"10", "9"}), in_order({"Yes", "No"}), in_order({"few", "many"})
    (('9', '10'), ('No', 'Yes'), None)
    """
    numbers = {label: numeral(label) for label in labels}
    if all(number is not None for number in numbers.values()):
        return tuple(sorted(labels, key=lambda label: numbers[label] or 0.0))
    pair = pair_of(labels)
    if pair is None:
        return None
    return tuple(sorted(labels, key=lambda label: pair.index(label.casefold())))


def pair_of(labels: Iterable[str]) -> tuple[str, str] | None:
    """Return the pair of `PAIRS` whose words these are, or ``None``."""
    words = {label.casefold() for label in labels}
    return next((pair for pair in PAIRS if words and words <= set(pair)), None)


def positive_of(labels: Sequence[str]) -> str:
    """Return which of at most two categories, given in order, is the positive one; else nothing.

    Examples
    --------
    >>> positive_of(["no", "yes"]), positive_of(["No"]), positive_of(["a", "b", "c"])
    ('yes', '', '')
    """
    if len(labels) == 1:
        pair = pair_of(labels)
        return labels[0] if pair and labels[0].casefold() == pair[1] else ""
    return labels[-1] if len(labels) == 2 else ""  # noqa: PLR2004  two categories
