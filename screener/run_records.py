"""What a run was asked and what came of it, as ``run.json`` states it: never any report text."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from screener.errors import RunError

if TYPE_CHECKING:
    from datetime import datetime

LIBRARIES = ("screener", "medspacy", "spacy", "rapidfuzz", "pyarrow", "numpy")


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to run; recorded in ``run.json``.

    Attributes
    ----------
    n_workers
        Processes; the answers do not depend on it.
    table_format
        A name of `screener.exports.formats.FORMATS`.
    replace
        Whether an earlier run at the same place may be replaced.
    is_gated
        Whether reports that cannot be relevant are spared the pipeline; nor on this.
    is_journaled
        Whether to keep a journal beside the run while it is at work, so that it can go on after an
        interruption.
    resume
        Whether to go on from the journal that is there; implies nothing of the answers.
    scheduler
        Address of a Dask scheduler whose workers screen, in place of processes of this machine.
    more
        What else the caller wants recorded, such as the column map; plain JSON values.
    """

    n_workers: int = 1
    table_format: str = "csv"
    replace: bool = False
    is_gated: bool = True
    is_journaled: bool = False
    resume: bool = False
    scheduler: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the options under the names of the command line."""
        own = {
            "workers": self.n_workers,
            "format": self.table_format,
            "force": self.replace,
            "gate": self.is_gated,
            "scheduler": self.scheduler,
        }
        return {**own, **self.more}


@dataclass(slots=True)
class Counts:
    """What a run counts; the first seven add up."""

    n_read: int = 0
    n_screened: int = 0
    n_rejected: int = 0
    n_duplicate: int = 0
    n_superseded: int = 0
    n_joined: int = 0
    n_skipped: int = 0
    n_repeated_ids: int = 0
    n_undated: int = 0
    n_findings: int = 0
    n_candidate_reports: int = 0
    n_patients: int = 0
    n_candidate_patients: int = 0
    n_near_misses: int = 0

    def check(self) -> None:
        """Raise `RunError` where a row that was read is not accounted for."""
        n_reports = self.n_screened + self.n_rejected + self.n_duplicate
        n_others = self.n_superseded + self.n_joined + self.n_skipped
        if self.n_read != n_reports + n_others:
            raise RunError(
                f"The run does not add up: {self.n_read} rows were read, but {self.n_screened} were"
                f" screened, {self.n_rejected} rejected and {self.n_duplicate} duplicates, and"
                f" {n_others} were versions of others or no reports."
                " This is a fault of the program; please report it."
            )


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a run: its name as given, its bytes, and which column was taken for what.

    Of a feed of messages it also says how many were earlier versions of a report (superseded), how
    many were addenda put with theirs (joined), and how many were no report, by their kind.
    """

    name: str
    format: str
    sha256: str | None
    n_bytes: int
    columns: Mapping[str, list[str]]
    n_superseded: int = 0
    n_joined: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """All that ``run.json`` states."""

    pack: Mapping[str, str]
    inputs: tuple[Input, ...]
    options: RunOptions
    counts: Counts
    tiers: Mapping[str, int]
    started_at: datetime
    ended_at: datetime

    def to_json(self) -> bytes:
        """Return the record as indented JSON in UTF-8."""
        record = {
            "versions": _versions(),
            "pack": self.pack,
            "inputs": [asdict(one) for one in self.inputs],
            "options": self.options.to_dict(),
            "counts": asdict(self.counts),
            "tiers": self.tiers,
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "ended_at": self.ended_at.isoformat(timespec="seconds"),
        }
        return f"{json.dumps(record, indent=2, ensure_ascii=False)}\n".encode()


def version_of(library: str) -> str:
    """Return the version of an installed library; a mere checkout of this one has none."""
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"


def _versions() -> dict[str, str]:
    versions = {library: version_of(library) for library in LIBRARIES}
    return {"python": platform.python_version(), **versions}
