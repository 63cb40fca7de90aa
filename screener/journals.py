"""The journal of a run: what each chunk came to, so that a run can go on after any end.

A run that goes on reads its inputs anew and makes all tables anew, but takes from the journal what
was screened already; so its tables hold the bytes that they would have held. A chunk is known by a
digest of its reports and of the pack: where inputs or rules have changed since, the journal ends.
The last line may be torn by the end of the process, and is then left out. The journal holds words
of reports; only its owner may read it, and a run that ends well deletes it.
"""

from __future__ import annotations

import json
import os
from dataclasses import fields
from hashlib import blake2b
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from screener.assessments import Assessment, nothing_said
from screener.findings import Finding
from screener.near_misses import NearMiss
from screener.report_digests import digest_report
from screener.run_records import version_of
from screener.workers import Failed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

    from screener.packs import RulePack
    from screener.reports import Report
    from screener.screening import ScreenedReport
    from screener.workers import Chunk, Results

    Screened = Iterator[tuple[Chunk, Results]]

# The fields' values as they are: `dataclasses.astuple` copies each, and is slow.
_of_finding, _of_said, _of_near = (
    attrgetter(*(field.name for field in fields(kind))) for kind in (Finding, Assessment, NearMiss)
)


def journal_of(out: Path) -> Path:
    """Return where the journal of a run at `out` stands: beside it."""
    out = out.resolve()
    return out.parent / f".{out.name}.journal"


class Journal:
    """What the chunks of one run came to; a context manager.

    When the block ends well, or by an error that would come again, the file is deleted; when it is
    interrupted the file stays.

    Parameters
    ----------
    path
        The file.
    pack
        The question.
    resume
        Whether to go on from the file that is there, if there is one.
    """

    def __init__(self, path: Path, pack: RulePack, *, resume: bool) -> None:
        self.n_known = 0
        self._path = path
        self._pack = pack
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | (0 if resume else os.O_TRUNC)
        self._file = os.fdopen(os.open(path, flags, 0o600), "r+b")

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        is_empty = self._file.seek(0, os.SEEK_END) == 0
        self._file.close()
        if kind is None or is_empty or issubclass(kind, Exception):
            self._path.unlink(missing_ok=True)

    def screen(
        self, chunks: Iterator[Chunk], go_on: Callable[[Iterable[Chunk]], Screened]
    ) -> Screened:
        """Give chunks with their results: those that are known, then those that `go_on` screens."""
        for chunk in chunks:
            known = self._take(chunk)
            if known is None:
                for screened in go_on(chain((chunk,), chunks)):
                    self._note(*screened)
                    yield screened
                return
            self.n_known += len(known)
            yield chunk, known

    def _take(self, chunk: Chunk) -> Results | None:
        """What the next line tells of a chunk; where it tells nothing, the file ends there."""
        place = self._file.tell()
        line = self._file.readline()
        try:
            digest, told = json.loads(line) if line.endswith(b"\n") else ("", {})
        except ValueError:
            digest, told = "", {}
        if digest != self._digest(chunk):
            self._file.seek(place)
            self._file.truncate()
            return None
        reports = enumerate(chunk.reports)
        return tuple(self._result(report, told.get(str(place))) for place, report in reports)

    def _note(self, chunk: Chunk, results: Results) -> None:
        told = {
            place: _told(result)
            for place, (report, result) in enumerate(zip(chunk.reports, results, strict=True))
            if not self._says_nothing(report, result)
        }
        line = json.dumps([self._digest(chunk), told], separators=(",", ":"))
        self._file.write(f"{line}\n".encode())
        self._file.flush()

    def _says_nothing(self, report: Report, result: ScreenedReport | Failed) -> bool:
        if isinstance(result, Failed) or result.findings or result.near_miss is not None:
            return False
        return result.assessment == nothing_said(report, self._pack)

    def _digest(self, chunk: Chunk) -> str:
        digest = blake2b(f"{self._pack.sha256} {version_of('screener')}".encode(), digest_size=16)
        for report in chunk.reports:
            digest.update(digest_report(report))
        return digest.hexdigest()

    def _result(self, report: Report, told: dict[str, Any] | None) -> ScreenedReport | Failed:
        from screener.screening import ScreenedReport

        if told is not None and "failed" in told:
            return Failed(told["failed"])
        said, near_miss = nothing_said(report, self._pack), None
        findings: tuple[Finding, ...] = ()
        if told is not None:
            said = Assessment(*map(_tupled, told["said"]))
            findings = tuple(Finding(*values) for values in told["findings"])
            near_miss = NearMiss(*map(_tupled, told["near"])) if told["near"] else None
        return ScreenedReport(
            report.report_id, report.patient_id, report.exam_on, said, findings, near_miss
        )


def _told(result: ScreenedReport | Failed) -> dict[str, Any]:
    if isinstance(result, Failed):
        return {"failed": result.reason}
    near_miss = result.near_miss
    return {
        "said": _of_said(result.assessment),
        "findings": [_of_finding(finding) for finding in result.findings],
        "near": None if near_miss is None else _of_near(near_miss),
    }


def _tupled(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    return tuple(value) if isinstance(value, list) else value
