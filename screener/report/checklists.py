"""Reporting checklists, as data: what each item asks, in our words, and what the study knows of it.

GRRAS: Kottner J et al. (2011), J Clin Epidemiol 64:96-106. STARD 2015: Bossuyt PM et al. (2015),
BMJ 351:h5527. The items are paraphrased; use the originals for a submission.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from screener.report.tables import ReportTable

if TYPE_CHECKING:
    from collections.abc import Iterable

NOT_REPORTED = "not reported: the study does not record it"


@dataclass(frozen=True, slots=True)
class Checklist:
    """One checklist: its name, and rows of item, what it asks, and the name of the fact."""

    name: str
    title: str
    items: tuple[tuple[str, str, str], ...]

    def filled(self, facts: Mapping[str, str]) -> ReportTable:
        """Return it with what is known; what is not known is said to be."""
        rows = tuple((n, asks, facts.get(fact) or NOT_REPORTED) for n, asks, fact in self.items)
        n_told = sum(bool(facts.get(fact)) for _, _, fact in self.items)
        note = f"{n_told} of {len(self.items)} items are filled from the study's own records."
        return ReportTable(self.name, self.title, ("Item", "Asks", "In this study"), rows, note)


def read_checklists() -> Iterable[Checklist]:
    """Read the checklists that are shipped."""
    text = files("screener.report").joinpath("checklists.yaml").read_text(encoding="utf-8")
    for one in yaml.safe_load(text):
        yield Checklist(one["name"], one["title"], tuple(map(_item, one["items"])))


def _item(row: list[Any]) -> tuple[str, str, str]:
    number, asks, fact = row
    return str(number), str(asks), str(fact or "")
