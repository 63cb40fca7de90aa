"""The capacity model of docs/scale.md, and a simulation of the queue of chunks that checks it.

`python -m benchmarks.capacity` measures the costs of both mixes, CPU seconds of this process.

>>> model = Costs(row=20e-6, gate=100e-6, pipe=2e-3, sifted=0.4, passed=0.03)
>>> round(model.of_a_report * 1e6)
120
>>> round(model.workers_to_saturate)
5
>>> near = simulate(model, 20_000, 2) / (20_000 * model.seconds_a_report(2))
>>> 0.95 < near < 1.1
True
"""

from __future__ import annotations

import heapq
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measures import PACK, cpu_of, texts_of
from benchmarks.mixes import write_mix

if TYPE_CHECKING:
    from screener.packs import RulePack
    from screener.reports import Report
    from screener.screening import ScreenedReport, Screener

CHUNK = 512
REPORTS = 20_000
WINDOW = 2
"""Chunks under way a worker."""


@dataclass(frozen=True)
class Costs:
    """Seconds of a core a report, and the shares that go on."""

    row: float
    gate: float
    pipe: float
    sifted: float
    passed: float

    @property
    def of_work(self) -> float:
        """Seconds a report that workers share."""
        return self.sifted * self.gate + self.passed * self.pipe

    @property
    def of_a_report(self) -> float:
        """Seconds of one core a report."""
        return self.row + self.of_work

    @property
    def workers_to_saturate(self) -> float:
        """Workers that keep the process which reads and writes busy."""
        return self.of_work / self.row

    def seconds_a_report(self, workers: int) -> float:
        """Seconds a report with so many workers beside the process that reads and writes."""
        return max(self.row, self.of_work / workers)


def simulate(costs: Costs, n: int, workers: int, seed: int = 1) -> float:
    """Return the seconds of a run: chunks in order, a bounded number under way."""
    dice = random.Random(seed)  # noqa: S311
    free = [0.0] * workers
    ends: list[float] = []
    clock = 0.0
    for _ in range(0, n, CHUNK):
        clock += CHUNK * costs.row
        if len(ends) >= WINDOW * workers:
            clock = max(clock, ends.pop(0))
        n_passed = sum(dice.random() < costs.passed for _ in range(CHUNK))
        work = CHUNK * costs.sifted * costs.gate + n_passed * costs.pipe
        start = max(clock, heapq.heappop(free))
        heapq.heappush(free, start + work)
        ends.append(start + work)
    return max([clock, *ends])


def measured(path: Path, pack_name: str = PACK) -> Costs:
    """Measure the costs of a mix that stands in a file, each part once its caches are filled."""
    from screener.packs import load_pack
    from screener.reports import Report
    from screener.screening import Screener

    pack, texts = load_pack(pack_name), texts_of(path)
    screener = Screener(pack)
    left = [texts[place] for place in screener.sift(texts)]
    passed = [
        Report(str(i), "p", text) for i, text in enumerate(left) if screener.gate.passes(text)
    ]
    gate = cpu_of(lambda: [screener.gate.passes(text) for text in left])
    for report in passed[: len(passed) // 2]:
        screener.screen_report(report)
    rest = passed[len(passed) // 2 :]
    pipe = cpu_of(lambda: [screener.screen_report(report) for report in rest])
    row = _cost_of_rows(path, pack, screener)
    return Costs(
        row=row / len(texts),
        gate=gate / len(left),
        pipe=pipe / len(rest) - gate / len(left),
        sifted=len(left) / len(texts),
        passed=len(passed) / len(texts),
    )


def _cost_of_rows(path: Path, pack: RulePack, screener: Screener) -> float:
    """A whole run in which the sieve looks at each report, and nothing else does."""
    from screener.run_records import RunOptions
    from screener.runs import screen_sources
    from screener.sources import open_sources

    class Sieve:
        def sift(self, texts: Sequence[str]) -> list[int]:
            screener.sift(texts)
            return []

        def screen_report(self, report: Report) -> ScreenedReport:
            return screener.irrelevant(report)

    options = RunOptions(is_journaled=True)
    with tempfile.TemporaryDirectory() as folder:
        sources = open_sources([str(path)], column_map={})
        out = Path(folder) / "run"
        return cpu_of(lambda: screen_sources(sources, pack, out, options=options, build=Sieve))


def main() -> None:
    for mix in ("archive", "cohort"):
        with tempfile.TemporaryDirectory() as folder:
            costs = measured(write_mix(Path(folder) / "mix.csv", mix, REPORTS))
        print(f"{mix}: row {costs.row * 1e6:.0f} µs, gate {costs.gate * 1e6:.0f} µs, ", end="")
        print(f"pipe {costs.pipe * 1e6:.0f} µs, s {costs.sifted:.3f}, p {costs.passed:.3f}")
        print(
            f"  a report {costs.of_a_report * 1e6:.0f} µs, {1 / costs.of_a_report:,.0f} a second, "
        )
        print(f"  a hundred million {costs.of_a_report * 1e8 / 3600:.1f} core hours, ", end="")
        print(f"workers to saturate {costs.workers_to_saturate:.1f}")
        for workers in (1, 2, 4, 8, 16):
            ratio = simulate(costs, 200_000, workers) / (200_000 * costs.seconds_a_report(workers))
            print(f"  {workers} workers: simulated over model {ratio:.3f}")


if __name__ == "__main__":
    main()
