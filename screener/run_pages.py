"""The page of a run: its funnel and its first patients with the words that put them there.

It is written beside the tables and, as they do, holds words of reports. The same tables give the
same bytes. It reads the first rows of one table, whatever the size of the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from screener.exports.tables import EVIDENCE_SEPARATOR, PATIENTS
from screener.run_folders import create_file
from screener.run_tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from screener.packs import RulePack
    from screener.run_records import Counts
    from screener.run_tables import Record

PAGE_FILE = "screen.html"
N_TOP = 50


@dataclass(frozen=True, slots=True)
class TopPatient:
    """A patient as the page shows one; `evidence` are the words of the reports."""

    rank: int
    patient_id: str
    tier: str
    score: str
    n_reports: int
    top_exam_on: str
    evidence: tuple[str, ...]


def write_run_page(folder: Path, pack: RulePack, counts: Counts, tiers: Mapping[str, int]) -> None:
    """Write the page into the folder of a run whose tables are there."""
    from screener.report.pages import run_page

    rows = islice(read_table(folder, PATIENTS), N_TOP)
    page = run_page(pack, _funnel(counts), tiers, tuple(map(_top_patient, rows)))
    with create_file(folder / PAGE_FILE) as file:
        file.write(page.encode())


def _funnel(counts: Counts) -> tuple[tuple[str, int, str], ...]:
    """Steps of the run, each with how many are left and who is not."""
    left = {
        "exact duplicates": counts.n_duplicate,
        "rejected": counts.n_rejected,
        "earlier versions": counts.n_superseded,
        "addenda joined": counts.n_joined,
        "no reports": counts.n_skipped,
    }
    told = ", ".join(f"{n:,} {why}" for why, n in left.items() if n)
    return (
        ("Rows read", counts.n_read, ""),
        ("Reports screened", counts.n_screened, told),
        ("Candidate reports", counts.n_candidate_reports, ""),
        ("Patients", counts.n_patients, ""),
        ("Candidate patients", counts.n_candidate_patients, ""),
    )


def _top_patient(row: Record) -> TopPatient:
    words = str(row["evidence"] or "").split(EVIDENCE_SEPARATOR)
    return TopPatient(
        int(str(row["rank"])),
        str(row["patient_id"]),
        str(row["tier"]),
        f"{float(str(row['score'])):g}",
        int(str(row["n_reports"])),
        str(row["top_exam_on"] or ""),
        tuple(word for word in words if word),
    )
