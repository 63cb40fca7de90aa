"""Where a reader's words stand in the reports of a case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from screener.candidates import CaseReport


@dataclass(frozen=True, slots=True)
class Hit:
    """Words that were searched for: in which report, and which characters of it, half-open."""

    place: int
    start: int
    end: int


def find_hits(reports: Sequence[CaseReport], words: str) -> tuple[Hit, ...]:
    r"""Return every place of some words in a case's reports, in order of time.

    Capitals make no difference, and a blank stands for any white space, a line's end too.

    Examples
    --------
    >>> find_hits([CaseReport(1, "R1", "Liver\n metastases in [liver]")], "LIVER M")
    (Hit(place=1, start=0, end=8),)
    """
    parts = [re.escape(part) for part in words.split()]
    if not parts:
        return ()
    pattern = re.compile(r"\s+".join(parts), re.IGNORECASE)
    return tuple(
        Hit(report.place, *found.span())
        for report in reports
        for found in pattern.finditer(report.text)
    )
