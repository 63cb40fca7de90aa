"""How much work a screen does, counted and not timed: a guard against becoming slow."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from screener.assessments import Decided, decide
from screener.nlp.sentences import _within_piece
from screener.packs import RulePack
from screener.reports import Report
from screener.screening import ScreenedReport, Screener
from screener.workers import Chunk, screen_chunks

ROOT = Path(__file__).parents[1]
N_REPORTS = 1_000


@pytest.fixture(scope="module")
def archive() -> list[Report]:
    code = (
        "from benchmarks.mixes import rows; import json, sys; "
        f"json.dump([r['text'] for r in rows('archive', {N_REPORTS})], sys.stdout)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    import json

    return [Report(str(i), "p1", text) for i, text in enumerate(json.loads(done.stdout))]


class Counting:
    """A screener that counts what goes through the pipeline."""

    def __init__(self, pack: RulePack) -> None:
        self.screener = Screener(pack)
        self.n_looked_at = 0

    def sift(self, texts: Sequence[str]) -> list[int]:
        return self.screener.sift(texts)

    def screen_report(self, report: Report) -> ScreenedReport:
        self.n_looked_at += 1
        return self.screener.screen_report(report)


def test_few_reports_of_an_archive_go_through_the_pipeline(
    archive: list[Report], pack: RulePack
) -> None:
    counting, n_built = Counting(pack), 0

    def build() -> Counting:
        nonlocal n_built
        n_built += 1
        return counting

    ((_, results),) = screen_chunks([Chunk.of(archive)], build)
    assert len(results) == N_REPORTS
    assert n_built == 1
    assert counting.n_looked_at < 0.2 * N_REPORTS  # the sieve, by wordings of a place alone
    passed = [r for r in archive if counting.screener.gate.passes(r.text)]
    assert len(passed) < 0.04 * N_REPORTS  # the gate
    matcher = counting.screener._matcher
    assert matcher._of_text.n_made < 8 * len(passed)  # sentences split into words
    assert matcher._alike.n_made < 5 * len(passed)  # sentences given to medspaCy
    assert matcher._alike.n_made < matcher._readings.n_made <= matcher._of_text.n_made


def test_sentences_that_differ_in_their_figures_are_split_and_looked_at_once(
    pack: RulePack,
) -> None:
    screener = Screener(pack)
    _within_piece.cache_clear()
    for n in range(11, 99):
        text = f"Cyst of {n} mm. Liver metastases, up to {n} mm. Kidney {n} cm. Node of {n % 9} mm."
        screener.screen_report(Report(str(n), "p1", text))
    assert _within_piece.cache_info().misses <= 8
    assert screener.gate._alike.n_made <= 40  # figures that the pack names
    assert screener._matcher._alike.n_made <= 45


def test_a_report_is_decided_once_for_its_answer_and_its_near_miss(
    pack: RulePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    from screener import assessments

    n_decided = 0

    def counting(*given: object) -> list[Decided]:
        nonlocal n_decided
        n_decided += 1
        return decide(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(assessments, "decide", counting)
    Screener(pack).screen_report(Report("r1", "p1", "No innumerable liver metastases."))
    assert n_decided == 1


def test_a_report_without_a_place_builds_no_engine(pack: RulePack) -> None:
    screener = Screener(pack)
    screener.screen_report(Report("r1", "p1", "Lung metastases. Clear otherwise."))
    assert "_matcher" not in vars(screener)
