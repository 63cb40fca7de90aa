"""Screen chunks of reports in one or more processes: chunks in, plain records out, in order.

Each process builds its screener once. A report that cannot be screened, or that brings its process
down, gives a `Failed` record and the rest goes on. What one report gives depends on that report
alone, so the records are the same whatever the number of workers.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import tempfile
import threading
import warnings
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, ClassVar, Protocol

from screener.answers import Answer, Failed
from screener.chunks import Chunk
from screener.collecting import CollectingSeldom
from screener.errors import RunError, TextError
from screener.report_columns import ReportColumns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from multiprocessing.context import BaseContext
    from types import TracebackType

    from screener.reports import Report
    from screener.screening import ScreenedReport

    Results = Sequence["Answer | Failed | None"]
    Build = Callable[[], "ScreensReports"]

__all__ = [
    "Chunk",
    "Failed",
    "ScreensReports",
    "place_of",
    "screen_all",
    "screen_chunks",
    "start_server",
]

CHUNKS_A_WORKER = 2  # one at work, one waiting; more would only fill memory
_IMPORTED_ONCE = ["screener.nlp.medspacy_parts", "screener.screening"]
"""Modules that workers share: one server imports them, and each worker is forked from it."""


class ScreensReports(Protocol):
    """What is built once in each process.

    It may also have a method `sift`, which is given the texts of a chunk and returns the places of
    those that need a look; the others say nothing.
    """

    def screen_report(self, report: Report) -> ScreenedReport:
        """Say what one report says; raise `TextError` where it cannot be analysed."""
        ...


def screen_chunks(
    chunks: Iterable[Chunk], build: Build, n_workers: int = 1
) -> Iterator[tuple[Chunk, Results]]:
    """Screen chunks of reports and give each with its results, in the order they came.

    Parameters
    ----------
    chunks
        Read as the workers need them: at most `CHUNKS_A_WORKER` a worker are under way.
    build
        Makes the screener; picklable where there is more than one worker.
    n_workers
        Processes; with 1 the work is done in this process.

    Raises
    ------
    RunError
        When a worker process cannot even be started.
    """
    if n_workers == 1:
        screener = build()
        for chunk in chunks:
            yield chunk, screen_all(screener, chunk.reports)
        return
    with _Workers(build, n_workers) as workers:
        yield from workers.screen(chunks)


def start_server() -> None:
    """Start what workers are forked from, so that it imports while this process does other work."""
    if _context().get_start_method() == "forkserver":
        from multiprocessing import forkserver, resource_tracker

        resource_tracker.ensure_running()  # which lets Ctrl-C through again as it starts
        with _interrupt_held():
            forkserver.ensure_running()


def place_of(fault: BaseException) -> str:
    """Name an exception's type and the place in our code it came through, never its message.

    >>> place_of(ValueError("the liver of Mr X"))
    'ValueError'
    """
    place = type(fault).__name__
    trace = fault.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] == "screener":
            place = f"{type(fault).__name__} at {module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


class _Workers:
    """A pool that outlives the death of its processes."""

    def __init__(self, build: Build, n_workers: int) -> None:
        self._build = build
        self._n_workers = n_workers
        self._pool = _new_pool(build, n_workers)
        self._lone: ProcessPoolExecutor | None = None

    def __enter__(self) -> _Workers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pool in (self._pool, self._lone):
            if pool is not None:
                pool.shutdown(wait=True, cancel_futures=True)

    def screen(self, chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Results]]:
        under_way: deque[tuple[Chunk, Future[Results] | None]] = deque()
        for chunk in chunks:
            under_way.append((chunk, self._submit(chunk)))
            if len(under_way) >= CHUNKS_A_WORKER * self._n_workers:
                yield self._result(*under_way.popleft())
        while under_way:
            yield self._result(*under_way.popleft())

    def _submit(self, chunk: Chunk) -> Future[Results] | None:
        try:
            return _submit(self._pool, chunk.reports)
        except BrokenProcessPool:
            self._pool.shutdown(wait=True)
            self._pool = _new_pool(self._build, self._n_workers)
            return None

    def _result(self, chunk: Chunk, future: Future[Results] | None) -> tuple[Chunk, Results]:
        """Give a chunk's results; where its pool died, screen it again, each report by itself."""
        try:
            if future is not None:
                return chunk, future.result()
        except BrokenProcessPool:
            pass
        return chunk, [self._screen_alone(report) for report in chunk.reports]

    def _screen_alone(self, report: Report) -> Answer | Failed | None:
        if self._lone is None:
            self._lone = self._lone_pool()
        try:
            return _submit(self._lone, ReportColumns.of((report,))).result()[0]
        except BrokenProcessPool:
            self._lone.shutdown(wait=True)
            self._lone = None
            return Failed("the process that screened this report died")

    def _lone_pool(self) -> ProcessPoolExecutor:
        pool = _new_pool(self._build, 1)
        try:
            _submit(pool, ReportColumns.of(())).result()
        except BrokenProcessPool:
            pool.shutdown(wait=True)
            raise RunError("The worker processes die as they start. Try --workers 1.") from None
        return pool


_LONGEST_FOLDER = 70
"""Characters of a temporary folder in which a server's socket has a name of at most 107."""


def _new_pool(build: Build, n_workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(n_workers, _context(), _prepare_process, (build,))


def _context() -> BaseContext:
    """Fork from a server without threads where there can be one: this process may have some."""
    has_server = "forkserver" in multiprocessing.get_all_start_methods()  # not on Windows
    if not has_server or len(tempfile.gettempdir()) > _LONGEST_FOLDER:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED_ONCE)
    return context


def _submit(pool: ProcessPoolExecutor, reports: ReportColumns) -> Future[Results]:
    with _interrupt_held():  # a submit may start a process, which inherits what is held
        return pool.submit(_screen_reports, reports)


@contextmanager
def _interrupt_held() -> Iterator[None]:
    """Hold Ctrl-C back for a moment: the processes started meanwhile never get it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Process:
    """What a worker process holds: how to build its screener and, once needed, the screener."""

    build: ClassVar[Build]
    screener: ClassVar[ScreensReports | None] = None
    collecting: ClassVar[CollectingSeldom]


def _prepare_process(build: Build) -> None:
    """Leave Ctrl-C to the parent, say nothing of any text, and end when the parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _Process.build = build
    _Process.collecting = CollectingSeldom()
    _Process.collecting.start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _screen_reports(reports: ReportColumns) -> Results:
    if _Process.screener is None:
        _Process.screener = _Process.build()
    results = screen_all(_Process.screener, reports)
    _Process.collecting.settle()
    return results


def screen_all(screener: ScreensReports, reports: ReportColumns) -> Results:
    """Screen some reports in this process; one that cannot be screened gives `Failed`."""
    results: list[Answer | Failed | None] = [None] * len(reports)
    sift = getattr(screener, "sift", None)
    for place in range(len(reports)) if sift is None else sift(reports.texts):
        results[place] = _screen_one(screener, reports.report(place))
    return results


def _screen_one(screener: ScreensReports, report: Report) -> Answer | Failed | None:
    try:
        return Answer.of(screener.screen_report(report))
    except TextError as error:
        return Failed(str(error))
    except Exception as fault:  # noqa: BLE001 - one bad report never stops a batch
        return Failed(f"the report could not be analysed: {place_of(fault)}")
