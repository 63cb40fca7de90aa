"""What one report says: the burden it asserts, how surely, and the words that decide."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one report says about the pack's question.

    Attributes
    ----------
    report_id, patient_id
        Whose report.
    burden
        One of the pack's burden levels; the first level means that nothing current is asserted.
    is_candidate
        Whether the burden is one that makes a candidate.
    certainty
        ``definite`` or ``hedged``; ``None`` where nothing is asserted.
    stated_percent
        Share of the organ that the report states, as (low, high) in percent, or ``None``.
    score
        Points of this report, from the pack's weights; 0 where nothing is asserted.
    evidence
        Verbatim words that decide, as exported, in order of the text.
    rule_id
        The rule of the pack that decided the burden; empty where none fired.
    """

    report_id: str
    patient_id: str
    burden: str
    is_candidate: bool
    certainty: str | None
    stated_percent: tuple[float, float] | None
    score: float
    evidence: tuple[str, ...]
    rule_id: str = ""
