"""What is measured: engines over a warm process, whole processes, growth, limits, start-up."""

from __future__ import annotations

import csv
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.watching import watched

if TYPE_CHECKING:
    from screener.packs import RulePack

MANY = 100_000
"""Reports from which a whole run is timed once."""
PACK = "liver_tumor_burden"
DEFAULT, SPLITTER = "medspaCy, default", "medspaCy, fast splitter"
GREP = "grep -ciF, the gate's literals"


class Figure(NamedTuple):
    """One line of the table.

    Megabytes are the most that one process of a run held, workers among them; 0 where not measured.
    """

    mix: str
    what: str
    n: int
    seconds: float
    megabytes: float = 0.0

    @property
    def rate(self) -> float:
        """Reports a second."""
        return self.n / self.seconds


def texts_of(path: Path) -> list[str]:
    with path.open(newline="", encoding="utf-8") as file:
        return [row["text"] for row in csv.DictReader(file)]


def in_process(mix: str, path: Path, n_medspacy: int, repeats: int) -> Iterator[Figure]:
    """Engines over the texts of a mix in this process, warmed by other texts of it."""
    texts = texts_of(path)
    some = texts[-n_medspacy:]
    for name, nlp in _medspacy_pipelines():
        yield Figure(mix, name, len(some), cpu_of(lambda nlp=nlp: [nlp(t) for t in some], repeats))
    for name, is_gated in (("this, gate off", False), ("this, gate on", True)):
        screen = screener_of(is_gated)
        screen(texts[:200])
        mine = texts if is_gated else texts[-max(n_medspacy, len(texts) // 10) :]
        for which in (name, f"{name}, once more"):
            yield Figure(mix, which, len(mine), cpu_of(lambda: screen(mine), 1))  # noqa: B023


def screener_of(is_gated: bool, pack: RulePack | None = None) -> Callable[[Sequence[str]], Any]:
    """A function that screens texts as a worker does, chunk by chunk."""
    from screener.chunks import CHUNK_ENTRIES
    from screener.packs import load_pack
    from screener.reports import Report
    from screener.screening import Screener
    from screener.workers import Chunk, screen_chunks

    screener = Screener(pack or load_pack(PACK), is_gated=is_gated)

    def screen(texts: Sequence[str]) -> int:
        reports = [Report(str(i), "p", text) for i, text in enumerate(texts)]
        steps = range(0, len(reports), CHUNK_ENTRIES)
        chunks = (Chunk.of(reports[i : i + CHUNK_ENTRIES]) for i in steps)
        return sum(len(results) for _, results in screen_chunks(chunks, lambda: screener))

    return screen


def _medspacy_pipelines() -> Iterator[tuple[str, Any]]:
    """MedspaCy as it comes, and with spaCy's rule for sentences in place of its own."""
    import loguru
    import medspacy
    from medspacy.ner import TargetRule

    loguru.logger.disable("PyRuSH")
    words = "innumerable", "liver", "hepatic", "metastases", "liver metastases", "lesions"
    rules = [TargetRule(word, "TARGET") for word in words]
    default = medspacy.load()
    default.get_pipe("medspacy_target_matcher").add(rules)
    fast = medspacy.load()
    fast.remove_pipe("medspacy_pyrush")
    fast.add_pipe("sentencizer", first=True)
    fast.get_pipe("medspacy_target_matcher").add(rules)
    yield DEFAULT, default
    yield SPLITTER, fast


def whole_runs(mix: str, path: Path, n: int, repeats: int) -> Iterator[Figure]:
    """Whole processes from their start: the command line with one worker and with two."""
    for workers in (1, 2):
        yield _run(mix, path, n, repeats, workers)


def growth(archives: Mapping[int, Path], repeats: int) -> Iterator[Figure]:
    """Whole runs over archives of growing size."""
    for n, path in archives.items():
        yield _run("archive", path, n, 1 if n > MANY else repeats, 1)


def limits(path: Path, n: int) -> Iterator[Figure]:
    """What no program can beat: a word search with the gate's words, and a bare read."""
    from screener.nlp.gating import Gate
    from screener.packs import load_pack

    words = sorted(Gate(load_pack(PACK)).words.places.anchors)
    terms = [part for word in words for part in ("-e", word)]
    grep = ["grep", "-ciF", *terms, str(path)]
    yield Figure("archive", GREP, n, _wall(lambda: _quietly(grep)))
    yield Figure("archive", "a bare read of the file", n, _wall(path.read_bytes))


def patterns(path: Path, repeats: int) -> Iterator[Figure]:
    """A cohort under packs of 60 and of 600 more wordings of its targets."""
    from screener.packs import load_pack

    texts, pack = texts_of(path)[:2_000], load_pack(PACK)
    for n in (60, 600):
        (first,) = (c for c in pack.concepts if c.name == "metastases")
        more = [
            f"{first.phrases[0].split('|')[1]} variety{'x' * (i % 7)}{_word(i)}" for i in range(n)
        ]
        concept = first.model_copy(update={"phrases": [*first.phrases, *more]})
        concepts = [concept if c.name == first.name else c for c in pack.concepts]
        screen = screener_of(True, pack.model_copy(update={"concepts": concepts}))
        screen(texts[:100])
        seconds = cpu_of(lambda screen=screen: screen(texts), repeats)
        yield Figure("cohort", f"this, {n} target patterns more", len(texts), seconds)


def start_up(repeats: int) -> Figure:
    """From the start of a process to the answer to a first report."""
    code = (
        "from screener.screening import Screener; "
        "from screener.packs import load_pack; from screener.reports import Report; "
        f"Screener(load_pack({PACK!r})).screen_report(Report('r', 'p', 'Many liver metastases.'))"
    )
    seconds = [_wall(lambda: _quietly([sys.executable, "-c", code])) for _ in range(repeats)]
    return Figure("-", "start-up to a first result", 1, statistics.median(seconds))


def _run(mix: str, path: Path, n: int, repeats: int, workers: int) -> Figure:
    what = f"whole run, {workers} worker{'s' if workers > 1 else ''}"
    out = path.parent / "run"
    command = [sys.executable, "-m", "screener.cli.main", "screen", str(path), "--out", str(out)]
    runs = []
    for _ in range(repeats):
        shutil.rmtree(out, ignore_errors=True)
        runs.append(watched([*command, "--workers", str(workers)]))
    seconds = statistics.median(run.seconds for run in runs)
    return Figure(mix, what, n, seconds, max(run.megabytes for run in runs))


def _quietly(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, env=dict(os.environ))


def _wall(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def cpu_of(work: Callable[[], object], repeats: int = 1) -> float:
    """Return the CPU seconds of some work in this process, the median of some repeats."""
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds)


def _word(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))
