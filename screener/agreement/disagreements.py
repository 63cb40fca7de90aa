"""How far two categories are apart: 0 where they are one, 1 where they are farthest.

Gwet (2014) and irrCAC weigh agreement; the weight is 1 minus what stands here. Disagreement is
the better to compute with: where all reads are one category, it is exactly 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from screener.agreement.patterns import Array
from screener.agreement.scales import Level, Scale


class Weights(StrEnum):
    """Ways to weigh disagreement.

    References
    ----------
    Cohen J (1968), Psychol Bull 70:213-220 (linear, quadratic). Gwet KL (2014), Handbook of
    Inter-Rater Reliability, 4th ed., chapter 3 (ordinal, ratio).
    """

    IDENTITY = "identity"
    LINEAR = "linear"
    QUADRATIC = "quadratic"
    ORDINAL = "ordinal"
    RATIO = "ratio"


WEIGHTS_OF = {
    Level.NOMINAL: Weights.IDENTITY,
    Level.ORDINAL: Weights.QUADRATIC,
    Level.INTERVAL: Weights.QUADRATIC,
    Level.RATIO: Weights.RATIO,
}
"""The weights of each level where none are asked for."""


def disagreements(weights: Weights, scale: Scale) -> Array:
    """Return the disagreement of each category with each, in [0, 1].

    Parameters
    ----------
    weights
        How to weigh.
    scale
        Its categories and where they lie. One category alone is taken as the first of two.

    Examples
    --------
    >>> scale = Scale(Level.ORDINAL, ("1", "2", "3"), (1.0, 2.0, 3.0))
    >>> disagreements(Weights.LINEAR, scale)[0].tolist()
    [0.0, 0.5, 1.0]
    >>> disagreements(Weights.QUADRATIC, scale)[0].tolist()
    [0.0, 0.25, 1.0]
    """
    if len(scale.labels) < 2:  # noqa: PLR2004  no choice: any second category is as far as can be
        return 1.0 - np.eye(scale.n_categories)
    values = np.array(scale.values)
    gaps = np.abs(values[:, None] - values[None, :])
    match weights:
        case Weights.IDENTITY:
            return 1.0 - np.eye(len(values))
        case Weights.LINEAR:
            return np.asarray(gaps / gaps.max())
        case Weights.QUADRATIC:
            return np.asarray((gaps / gaps.max()) ** 2)
        case Weights.ORDINAL:
            ranks = np.arange(len(values))
            steps = np.abs(ranks[:, None] - ranks[None, :])
            return np.asarray((steps + 1) * steps / (len(values) * (len(values) - 1)))
        case Weights.RATIO:
            widest = ratio_gaps([values.min(), values.max()]).max()
            return np.asarray(ratio_gaps(scale.values) / widest)


def ratio_gaps(values: Sequence[float]) -> Array:
    """Return ``((a - b) / (a + b)) ** 2`` of each number with each; 0 and 0 do not differ.

    Parameters
    ----------
    values
        Numbers of a ratio scale, none below 0.

    References
    ----------
    Krippendorff K (2011), Computing Krippendorff's Alpha-Reliability, ratio metric difference.

    Examples
    --------
    >>> ratio_gaps([0.0, 1.0, 3.0]).tolist()
    [[0.0, 1.0, 1.0], [1.0, 0.0, 0.25], [1.0, 0.25, 0.0]]
    """
    numbers = np.array(values)
    sums = numbers[:, None] + numbers[None, :]
    gaps = numbers[:, None] - numbers[None, :]
    return np.asarray(np.divide(gaps, sums, out=np.zeros_like(gaps), where=sums > 0) ** 2)
