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
from itertools import chain
from typing import TYPE_CHECKING, Any

from screener.answers import Answer, Failed
from screener.report_digests import digest_reports
from screener.run_records import version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

    from screener.packs import RulePack
    from screener.workers import Chunk, Results

    Screened = Iterator[tuple[Chunk, Results]]


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
        self._made_by = f"{pack.sha256} {version_of('screener')}"
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
        places = map(str, range(len(chunk.reports)))
        return [_result(told[place]) if place in told else None for place in places]

    def _note(self, chunk: Chunk, results: Results) -> None:
        told = {place: _told(result) for place, result in enumerate(results) if result is not None}
        line = json.dumps([self._digest(chunk), told], separators=(",", ":"))
        self._file.write(f"{line}\n".encode())
        self._file.flush()

    def _digest(self, chunk: Chunk) -> str:
        return digest_reports(chunk.reports, self._made_by)


def _told(result: Answer | Failed) -> Any:  # noqa: ANN401 - a JSON value
    return {"failed": result.reason} if isinstance(result, Failed) else result


def _result(told: Any) -> Answer | Failed:  # noqa: ANN401 - a JSON value
    return Failed(told["failed"]) if isinstance(told, dict) else Answer.from_json(told)
