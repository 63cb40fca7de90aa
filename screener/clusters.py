"""Screen chunks of reports on the workers of a Dask cluster, in order, by the same function.

Each worker process builds its screener once. Dask gives the work of a worker that dies to another;
what one report gives depends on that report alone, so the bytes are those of a run on one machine.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from screener.errors import RunError
from screener.screeners import OnDemand
from screener.workers import CHUNKS_A_WORKER, screen_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from screener.packs import RulePack
    from screener.report_columns import ReportColumns
    from screener.workers import Chunk, Results

CONNECT_SECONDS = 30


def screen_on_cluster(
    chunks: Iterable[Chunk], pack: RulePack, scheduler: str
) -> Iterator[tuple[Chunk, Results]]:
    """Screen chunks on a Dask cluster and give each with its results, in the order they came.

    Parameters
    ----------
    chunks
        Read as the workers need them.
    pack
        The question; sent to each worker once.
    scheduler
        Address of the cluster's scheduler, such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    RunError
        When Dask is not installed, the scheduler does not answer, or it gives up on a chunk.
    """
    client = _client(scheduler)
    try:
        yield from _screened(client, chunks, pack)
    finally:
        client.close()


def _client(scheduler: str) -> Any:  # noqa: ANN401 - Dask has no types here
    try:
        from distributed import Client
    except ImportError:
        raise RunError(
            "Dask is not installed. Install it with: pip install 'screener[dask]'."
        ) from None
    try:
        return Client(scheduler, timeout=CONNECT_SECONDS)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as fault:
        raise RunError(f"The Dask scheduler at {scheduler!r} does not answer.") from fault


def _screened(
    client: Any,  # noqa: ANN401
    chunks: Iterable[Chunk],
    pack: RulePack,
) -> Iterator[tuple[Chunk, Results]]:
    wanted = client.scatter(OnDemand.of(pack), broadcast=True)
    under_way: deque[tuple[Chunk, Any]] = deque()
    for chunk in chunks:
        future = client.submit(_screen_chunk, wanted, chunk.reports, pure=False)
        under_way.append((chunk, future))
        if len(under_way) >= CHUNKS_A_WORKER * max(1, sum(client.nthreads().values())):
            yield _result(*under_way.popleft())
    while under_way:
        yield _result(*under_way.popleft())


def _result(chunk: Chunk, future: Any) -> tuple[Chunk, Results]:  # noqa: ANN401
    try:
        results: Results = future.result()
    except Exception as fault:  # noqa: BLE001 - any that the cluster raised
        raise RunError(f"The Dask cluster gave up on a chunk: {type(fault).__name__}.") from None
    return chunk, results


def _screen_chunk(wanted: OnDemand, reports: ReportColumns) -> Results:
    return screen_all(wanted, reports)
