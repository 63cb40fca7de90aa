"""The capacity model of docs/scale.md, and a simulation of the queue of chunks that checks it.

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
from dataclasses import dataclass

CHUNK = 512
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
