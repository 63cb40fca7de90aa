"""Consensus: what a charter's rule makes of the reads of one case, complete or not.

Contract: a read that is not there yet is ``None`` and never a vote. A result is given as soon as no
missing read can change it, and not before; what the rule leaves open when all have read is for the
adjudicator or a meeting, whose word is a record of its own and no change to a read. Partial reads
are treated as the truth table of ``tests/data/consensus_truth_table.json`` says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from screener.reads import CANNOT_ASSESS, NO, YES, Verdict

Rule = Literal["majority", "unanimous", "unanimous_else_meeting", "two_plus_one", "median_percent"]
Status = Literal["concordant", "discordant", "incomplete"]
Basis = Literal["reads", "adjudicator", "meeting", "open"]


@dataclass(frozen=True, slots=True)
class Opinion:
    """A verdict and, where it was given, the percent involved, in [0, 100]."""

    verdict: Verdict
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class Consensus:
    """What came of the reads of one case.

    Attributes
    ----------
    verdict
        ``None`` while it is open.
    status
        ``incomplete`` while a primary read is missing; then whether all verdicts are the same.
    basis
        What decided: the reads by the rule, the adjudicator, or a meeting.
    percent
        Median of the percents of the primary reads, or that of the adjudicator or the meeting if it
        decided and gave one; ``None`` where nobody gave one.
    why_open
        What is waited for; empty where it is settled.
    """

    verdict: Verdict | None
    status: Status
    basis: Basis
    percent: float | None
    why_open: str = ""


def settle_case(
    reads: Sequence[Opinion | None],
    rule: Rule,
    *,
    cut_percent: float = 75.0,
    adjudication: Opinion | None = None,
    meeting: Opinion | None = None,
) -> Consensus:
    """Apply a rule to the primary reads of a case.

    Parameters
    ----------
    reads
        One a primary reader, in the charter's order, at least one; ``None``: not read yet.
    rule
        ``majority``: more than half of all who are to read. ``unanimous``: yes only if every reader
        says yes; one no decides, also while others are missing. ``unanimous_else_meeting``: all
        equal, else a meeting. ``two_plus_one``: all primary readers equal, else the adjudicator.
        ``median_percent``: whether the median of the percents is above the cut.
    cut_percent
        Yes is above it.
    adjudication
        The adjudicator's read; counts only where the primary readers have read and differ.
    meeting
        What a meeting decided; counts only where all have read and the rule leaves the case open.

    Examples
    --------
    >>> yes, no = Opinion("yes", 80.0), Opinion("no", 20.0)
    >>> settle_case([yes, no, yes], "majority").verdict
    'yes'
    >>> settle_case([yes, no, None], "majority").verdict is None
    True
    """
    there = [read for read in reads if read is not None]
    status = _status(reads, there)
    percent = _median([read.percent for read in there])
    verdict = _RULES[rule](reads, there, cut_percent)
    if verdict is not None:
        return Consensus(verdict, status, "reads", percent)
    if status == "incomplete":
        why = f"{len(reads) - len(there)} of {len(reads)} reads are missing"
        return Consensus(None, status, "open", percent, why)
    if rule == "two_plus_one" and adjudication is not None:
        return _decided(adjudication, status, "adjudicator", percent)
    if meeting is not None:
        return _decided(meeting, status, "meeting", percent)
    who = "the adjudicator" if rule == "two_plus_one" else "a meeting"
    return Consensus(None, status, "open", percent, f"the readers differ; {who} decides")


def _decided(by: Opinion, status: Status, basis: Basis, percent: float | None) -> Consensus:
    return Consensus(by.verdict, status, basis, percent if by.percent is None else by.percent)


def _status(reads: Sequence[Opinion | None], there: Sequence[Opinion]) -> Status:
    if len(there) < len(reads) or not reads:
        return "incomplete"
    return "concordant" if len({read.verdict for read in there}) == 1 else "discordant"


def _majority(
    reads: Sequence[Opinion | None], there: Sequence[Opinion], _cut: float
) -> Verdict | None:
    counts = Counter(read.verdict for read in there).most_common(1)
    return counts[0][0] if counts and 2 * counts[0][1] > len(reads) else None


def _unanimous(
    reads: Sequence[Opinion | None], there: Sequence[Opinion], _cut: float
) -> Verdict | None:
    if any(read.verdict == NO for read in there):
        return NO
    if len(there) < len(reads) or not there:
        return None
    return YES if all(read.verdict == YES for read in there) else CANNOT_ASSESS


def _all_equal(
    reads: Sequence[Opinion | None], there: Sequence[Opinion], _cut: float
) -> Verdict | None:
    is_settled = len(there) == len(reads) and len({read.verdict for read in there}) == 1
    return there[0].verdict if is_settled else None


def _median_percent(
    reads: Sequence[Opinion | None], there: Sequence[Opinion], cut: float
) -> Verdict | None:
    """More than half above the cut puts any median above it; the same below for an odd number."""
    percents = [read.percent for read in there if read.percent is not None]
    n_above = sum(percent > cut for percent in percents)
    if 2 * n_above > len(reads):
        return YES
    if 2 * (len(percents) - n_above) > len(reads):
        return NO
    if len(there) < len(reads):
        return None
    if 2 * len(percents) <= len(reads):
        return CANNOT_ASSESS
    return YES if median(percents) > cut else NO


def _median(percents: Sequence[float | None]) -> float | None:
    known = [percent for percent in percents if percent is not None]
    return median(known) if known else None


_RULES = {
    "majority": _majority,
    "unanimous": _unanimous,
    "unanimous_else_meeting": _all_equal,
    "two_plus_one": _all_equal,
    "median_percent": _median_percent,
}
