"""What a report is made of: versions, hashes, seeds and options; no time of the clock."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from screener.run_records import version_of

if TYPE_CHECKING:
    from pathlib import Path

    from screener.agreement.estimates import Resampling
    from screener.studies import Charter

LIBRARIES = ("screener", "numpy", "matplotlib", "jinja2", "lifelines", "pint")
_UNTOLD = ("sources", "url")  # places on a machine; the inputs are told by their hashes

Manifest = tuple[tuple[str, str], ...]


def make_manifest(
    record: Mapping[str, Any], charter: Charter, files: Mapping[str, Path], resampling: Resampling
) -> Manifest:
    """Return pairs of a name and what is so, in order; the same inputs give the same pairs."""
    return (
        *_of_run(record),
        *_of_study(charter, resampling),
        *((f"--{name}", f"{path.name}, SHA-256 {_sha256(path)}") for name, path in files.items()),
        ("Python that reported", platform.python_version()),
        *((f"{library} that reported", version_of(library)) for library in LIBRARIES),
    )


def _of_run(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    pack = record["pack"]
    yield "Rule pack", f"{pack['name']} {pack['version']}, SHA-256 {pack['sha256']}"
    for one in record.get("inputs", ()):
        name = PurePath(str(one["name"])).name
        yield "Screened input", f"{name}, {one['n_bytes']:,} bytes, SHA-256 {one['sha256']}"
    kept = {name: said for name, said in record["options"].items() if name not in _UNTOLD}
    yield "Options of the screen", json.dumps(kept, sort_keys=True)
    yield "Screened at", f"{record['started_at']} to {record['ended_at']}"
    yield "Versions that screened", json.dumps(record["versions"], sort_keys=True)


def _of_study(charter: Charter, resampling: Resampling) -> Iterator[tuple[str, str]]:
    yield "Charter", f"SHA-256 {charter.sha256}"
    yield "Seed of the study", f"{charter.seed} (audit sample and all random orders)"
    percent = 100 * resampling.confidence
    yield (
        "Bootstrap",
        f"{resampling.n} resamples over cases, seed {resampling.seed}, {percent:g}% intervals",
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
