"""Screen exported radiology reports for a research question and rank the patients.

>>> from screener import Report, screen_records
>>> report = Report("r1", "p1", "Innumerable hepatic metastases. No ascites.")
>>> [answer.assessment.burden for answer in screen_records([report])]
['extensive']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screener.assessments import Assessment
    from screener.errors import PackError, RunError, ScreenerError, SourceError, TextError
    from screener.findings import Finding
    from screener.library import screen, screen_partition, screen_records, screener_of
    from screener.nlp.language import build_language
    from screener.packs import RulePack, known_packs, load_pack
    from screener.ranking import PatientRanking, rank_patients
    from screener.reports import Rejected, Report
    from screener.screening import ScreenedReport, Screener
    from screener.screenings import Screening

__all__ = [
    "Assessment",
    "Finding",
    "PackError",
    "PatientRanking",
    "Rejected",
    "Report",
    "RulePack",
    "RunError",
    "ScreenedReport",
    "Screener",
    "ScreenerError",
    "Screening",
    "SourceError",
    "TextError",
    "build_language",
    "known_packs",
    "load_pack",
    "rank_patients",
    "screen",
    "screen_partition",
    "screen_records",
    "screener_of",
]

_HOMES = {
    "screener.assessments": ("Assessment",),
    "screener.errors": ("PackError", "RunError", "ScreenerError", "SourceError", "TextError"),
    "screener.findings": ("Finding",),
    "screener.library": ("screen", "screen_partition", "screen_records", "screener_of"),
    "screener.nlp.language": ("build_language",),
    "screener.packs": ("RulePack", "known_packs", "load_pack"),
    "screener.ranking": ("PatientRanking", "rank_patients"),
    "screener.reports": ("Rejected", "Report"),
    "screener.screening": ("ScreenedReport", "Screener"),
    "screener.screenings": ("Screening",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for; importing the package costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
