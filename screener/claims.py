"""What a draft claims of counts, ``n/N (p%)``, recomputed, and by which rounding it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

Rounding = Literal["half_up", "half_even", "truncation"]
ROUNDINGS: tuple[Rounding, ...] = get_args(Rounding)
USUAL: tuple[Rounding, ...] = ("half_up", "half_even")

Verdict = Literal["holds", "wrong", "other_rounding", "impossible", "unchecked"]

_NAMES = {"half_up": "half up", "half_even": "half even", "truncation": "truncation"}
_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Claim:
    """A count, what it is of, and the percent that is stated for it.

    Attributes
    ----------
    n, of
        The counts; `of` is ``None`` where it is not stated beside them.
    percent
        The percent in tenths of its last digit: 267 and one digit for 26.7%.
    n_digits
        Digits after the point.
    bound
        ``<`` or ``>`` where the percent is one, or empty.
    """

    n: int
    of: int | None
    percent: int
    n_digits: int
    bound: str = ""

    @property
    def stated(self) -> str:
        """The percent as it is stated."""
        scale = 10**self.n_digits
        whole, rest = divmod(self.percent, scale)
        digits = f".{rest:0{self.n_digits}d}" if self.n_digits else ""
        return f"{self.bound}{whole}{digits}%"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a claim holds, of which number it was taken to be, and why."""

    verdict: Verdict
    why: str
    of: int | None = None
    roundings: tuple[Rounding, ...] = ()


def rounded(share: Fraction, n_digits: int, rounding: Rounding) -> int:
    """Return a share as a percent in units of its last digit.

    Examples
    --------
    1 of 15 is 6.67%, 1 of 40 is 2.5%:

    >>> [rounded(Fraction(1, 15), 0, rule) for rule in ("half_up", "truncation")]
    [7, 6]
    >>> [rounded(Fraction(1, 40), 0, rule) for rule in ("half_up", "half_even", "truncation")]
    [3, 2, 2]
    """
    exact = share * 100 * 10**n_digits
    whole: int = exact.numerator // exact.denominator
    rest = exact - whole
    if rounding == "truncation" or rest < _HALF:
        return whole
    if rest > _HALF or rounding == "half_up":
        return whole + 1
    return whole + whole % 2


def judge(
    claim: Claim, denominators: Sequence[int] = (), rounding: Rounding | None = None
) -> Judgement:
    """Recompute a claim.

    Parameters
    ----------
    claim
        What is stated.
    denominators
        What a count without a stated denominator may be of; it holds if it does for one of them.
    rounding
        The rule that must hold; half up and half even both do where there is none.

    Examples
    --------
    >>> judge(Claim(3, 15, 33, 0)).why
    '3/15 is 20.0%; 33% is 5/15'
    >>> judge(Claim(1, 15, 6, 0)).why
    '1/15 is 6.7%, which rounds to 7%; 6% is truncated'
    >>> judge(Claim(15, None, 40, 1), [371]).verdict
    'holds'
    """
    if claim.of is not None:
        return _judge_of(claim, claim.of, rounding)
    if not denominators:
        return Judgement("unchecked", f"{claim.n} of how many is not stated: tell it by --of")
    judged = [_judge_of(claim, of, rounding) for of in denominators]
    order = ("holds", "other_rounding", "wrong", "impossible")
    best = min(judged, key=lambda one: order.index(one.verdict))
    if best.verdict in ("holds", "other_rounding") or len(judged) == 1:
        return best
    return Judgement(best.verdict, "; ".join(one.why for one in judged))


def _judge_of(claim: Claim, of: int, rounding: Rounding | None) -> Judgement:
    share_text = f"{claim.n}/{of}"
    if of == 0 or claim.n > of:
        why = "is of none" if of == 0 else "is more than all"
        return Judgement("impossible", f"{share_text} {why}", of)
    share = Fraction(claim.n, of)
    exact = f"{share_text} is {_decimal(share, claim.n_digits + 1)}%"
    if claim.bound:
        return _judge_bound(claim, share, exact, of)
    fitting = tuple(r for r in ROUNDINGS if rounded(share, claim.n_digits, r) == claim.percent)
    allowed = USUAL if rounding is None else (rounding,)
    if set(fitting) & set(allowed):
        is_either = set(USUAL) <= set(fitting)
        how = "" if is_either else f", by {_told([r for r in fitting if r in allowed])} only"
        return Judgement("holds", f"{exact}{how}", of, fitting)
    right = Claim(claim.n, of, rounded(share, claim.n_digits, allowed[0]), claim.n_digits).stated
    if fitting:
        how = "is truncated" if fitting == ("truncation",) else f"is rounded {_told(fitting)}"
        return Judgement(
            "other_rounding",
            f"{exact}, which {_verb(allowed[0])} to {right}; {claim.stated} {how}",
            of,
            fitting,
        )
    return Judgement("wrong", f"{exact}; {_explain(claim, of)}", of)


def _judge_bound(claim: Claim, share: Fraction, exact: str, of: int) -> Judgement:
    bound = Fraction(claim.percent, 100 * 10**claim.n_digits)
    holds = share < bound if claim.bound == "<" else share > bound
    return Judgement("holds" if holds else "wrong", exact, of)


def _verb(rounding: Rounding) -> str:
    return "truncates" if rounding == "truncation" else "rounds"


def _told(roundings: Sequence[Rounding]) -> str:
    return " or ".join(_NAMES[rounding] for rounding in roundings)


def _explain(claim: Claim, of: int) -> str:
    """Say which count the stated percent would be of, if any."""
    near = claim.percent * of // (100 * 10**claim.n_digits)
    for n in (near, near + 1):
        if n <= of and rounded(Fraction(n, of), claim.n_digits, "half_up") == claim.percent:
            return f"{claim.stated} is {n}/{of}"
    return f"no count of {of} is {claim.stated}"


def _decimal(share: Fraction, n_digits: int) -> str:
    return Claim(0, None, rounded(share, n_digits, "half_up"), n_digits).stated.removesuffix("%")
