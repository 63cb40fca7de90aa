"""How right a screen is: proportions with intervals, and how early in the ranking the true stand.

What cannot be computed has no value and a reason; nothing is ever NaN. The intervals take reports
(or patients) as independent of one another: reports of one patient are not quite, so intervals at
report level are somewhat too narrow where patients have many reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054
"""The standard normal quantile of 0.975."""
RANKS = (10, 22, 50, 100)
"""Where recall is told; 22 candidates is what the search of Gococo-Benore et al. 2023 gave."""
PERCENT_TOLERANCE = 1.0
"""A stated percent is right where both its bounds are within so many points."""
NO_INTERVAL = "no interval: an average over ranks is not a proportion"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with the counts behind it.

    Attributes
    ----------
    value, low, high
        The value and its 95% interval; shares in [0, 1]. ``None`` where undefined; `high` is also
        ``None`` where the interval is open.
    n, of
        The counts of which it is the quotient, or ``None`` where it is none.
    why
        Why the value, or its interval, is not there; empty where both are.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    of: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One report or patient with its truth, and whether the screen flags it."""

    id: str
    is_true: bool
    is_flagged: bool


@dataclass(frozen=True, slots=True)
class LevelAccuracy:
    """All figures of one level, reports or patients.

    Attributes
    ----------
    n_true_positive, n_false_positive, n_false_negative, n_true_negative
        The fourfold table.
    sensitivity, ppv, f1, specificity, npv, number_needed_to_read
        Its figures.
    average_precision
        Of the ranking.
    recall_at
        Recall among the first k, by k.
    """

    n_true_positive: int
    n_false_positive: int
    n_false_negative: int
    n_true_negative: int
    sensitivity: Figure
    ppv: Figure
    f1: Figure
    specificity: Figure
    npv: Figure
    number_needed_to_read: Figure
    average_precision: Figure
    recall_at: dict[int, Figure]


def wilson(n: int, of: int, z: float = Z_95) -> tuple[float, float]:
    """Return the score interval of a proportion.

    Parameters
    ----------
    n, of
        Successes and trials; 0 <= n <= of, and at least one trial.
    z
        Standard normal quantile of the wanted confidence.

    Raises
    ------
    ValueError
        Where there are no trials, or more successes than trials.

    References
    ----------
    Wilson EB (1927), J Am Stat Assoc 22:209-212. The examples are method 3 of table I of
    Newcombe RG (1998), Stat Med 17:857-872.

    Examples
    --------
    >>> for n, of in ((81, 263), (15, 148), (0, 20), (1, 29)):
    ...     low, high = wilson(n, of)
    ...     print(f"{n}/{of}: {low:.4f} to {high:.4f}")
    81/263: 0.2553 to 0.3662
    15/148: 0.0624 to 0.1605
    0/20: 0.0000 to 0.1611
    1/29: 0.0061 to 0.1718
    """
    if not 0 <= n <= of or of == 0:
        raise ValueError(f"{n} of {of} is no proportion.")
    share, z2 = n / of, z * z
    centre = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = z / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return (0.0 if n == 0 else centre - half), (1.0 if n == of else centre + half)


def proportion(n: int, of: int, why_not: str) -> Figure:
    """Return a proportion with its Wilson interval, or why it is undefined.

    Examples
    --------
    >>> proportion(0, 0, "nothing is flagged").why
    'nothing is flagged'
    """
    if of == 0:
        return Figure(None, n=0, of=0, why=why_not)
    low, high = wilson(n, of)
    return Figure(n / of, low, high, n, of)


def f1_score(n_true_positive: int, n_wrong: int, why_not: str = "") -> Figure:
    """Return the F1 score with an interval.

    With ``q = TP / (TP + FP + FN)`` it is ``2q / (1 + q)``, which rises with q. Given their sum, TP
    is binomial, so the Wilson bounds of q give bounds of F1; a bootstrap, whose interval has no
    width where nothing is wrong, is not needed.

    Parameters
    ----------
    n_true_positive, n_wrong
        TP, and FP + FN.
    why_not
        Said where both are 0.

    Examples
    --------
    >>> figure = f1_score(81, 182)
    >>> [round(x, 4) for x in (figure.value, figure.low, figure.high)]
    [0.4709, 0.4067, 0.5361]
    """
    if n_true_positive + n_wrong == 0:
        return Figure(None, n=0, of=0, why=why_not)
    low, high = wilson(n_true_positive, n_true_positive + n_wrong)
    twice = 2 * n_true_positive
    bounds = (2 * low / (1 + low), 2 * high / (1 + high))
    return Figure(twice / (twice + n_wrong), *bounds, twice, twice + n_wrong)


def number_needed_to_read(n_true_positive: int, n_flagged: int) -> Figure:
    """Return how many flagged ones are read for each true one: the inverse of the PPV.

    Examples
    --------
    22 candidates of whom 15 were confirmed:

    >>> round(number_needed_to_read(15, 22).value, 2)
    1.47
    """
    if n_flagged == 0:
        return Figure(None, n=0, of=0, why="nothing is flagged")
    low, high = wilson(n_true_positive, n_flagged)
    if n_true_positive == 0:
        why = f"none of the {n_flagged} flagged is true; the interval has no upper end"
        return Figure(None, 1 / high, None, n_flagged, 0, why)
    return Figure(n_flagged / n_true_positive, 1 / high, 1 / low, n_flagged, n_true_positive)


def average_precision(is_true: Sequence[bool]) -> Figure:
    """Return the mean, over the true ones, of the precision at the rank of each.

    Parameters
    ----------
    is_true
        In order of rank, all of them.

    References
    ----------
    Manning CD, Raghavan P, Schuetze H (2008), Introduction to Information Retrieval, section 8.4.

    Examples
    --------
    True ones at ranks 1, 3 and 4: the mean of 1/1, 2/3 and 3/4.

    >>> round(average_precision([True, False, True, True, False]).value, 4)
    0.8056
    """
    places = [rank for rank, is_one in enumerate(is_true, start=1) if is_one]
    if not places:
        return Figure(None, why="none is true")
    precisions = [found / rank for found, rank in enumerate(places, start=1)]
    return Figure(sum(precisions) / len(places), why=NO_INTERVAL)


def recall_at(is_true: Sequence[bool], k: int) -> Figure:
    """Return the share of the true ones that are among the first k.

    Examples
    --------
    >>> figure = recall_at([True, False, True, True], 2)
    >>> figure.n, figure.of
    (1, 3)
    """
    return proportion(sum(is_true[:k]), sum(is_true), "none is true")


def level_accuracy(ranked: Sequence[Judged]) -> LevelAccuracy:
    """Return the figures of one level.

    Parameters
    ----------
    ranked
        In order of rank, all that have a truth.

    Examples
    --------
    >>> ranked = [Judged("a", True, True), Judged("b", False, True), Judged("c", False, False)]
    >>> figures = level_accuracy(ranked)
    >>> figures.sensitivity.value, figures.ppv.value, figures.specificity.value
    (1.0, 0.5, 0.5)
    """
    truth = [one.is_true for one in ranked]
    tp = sum(one.is_true and one.is_flagged for one in ranked)
    fp = sum(one.is_flagged and not one.is_true for one in ranked)
    fn = sum(one.is_true and not one.is_flagged for one in ranked)
    tn = len(ranked) - tp - fp - fn
    return LevelAccuracy(
        n_true_positive=tp,
        n_false_positive=fp,
        n_false_negative=fn,
        n_true_negative=tn,
        sensitivity=proportion(tp, tp + fn, "none is true"),
        ppv=proportion(tp, tp + fp, "nothing is flagged"),
        f1=f1_score(tp, fp + fn, "none is true and nothing is flagged"),
        specificity=proportion(tn, tn + fp, "all are true"),
        npv=proportion(tn, tn + fn, "all are flagged"),
        number_needed_to_read=number_needed_to_read(tp, tp + fp),
        average_precision=average_precision(truth),
        recall_at={k: recall_at(truth, k) for k in sorted({*RANKS, tp + fn} - {0})},
    )


def confusion_table(
    pairs: Iterable[tuple[str, str]], levels: Sequence[str]
) -> tuple[tuple[int, ...], ...]:
    """Return how often each level (row: truth) was said to be each level (column: screen).

    Examples
    --------
    >>> confusion_table([("none", "none"), ("many", "none")], ["none", "many"])
    ((1, 0), (1, 0))
    """
    counts = {(true, said): 0 for true in levels for said in levels}
    for pair in pairs:
        counts[pair] += 1
    return tuple(tuple(counts[true, said] for said in levels) for true in levels)


def is_percent_right(
    said: tuple[float, float] | None,
    true: tuple[float, float],
    tolerance: float = PERCENT_TOLERANCE,
) -> bool:
    """Whether a stated percent was read right: both bounds within the tolerance.

    Examples
    --------
    >>> is_percent_right((69, 80), (70, 80)), is_percent_right((75, 100), (75, 75))
    (True, False)
    """
    return said is not None and all(
        abs(a - b) <= tolerance for a, b in zip(said, true, strict=True)
    )
