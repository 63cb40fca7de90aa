"""``screener demo``: the shipped cohort screened, and its story told in numbers of the run."""

from __future__ import annotations


def demo() -> None:
    """Screen the shipped synthetic cohort and tell what came of it."""
