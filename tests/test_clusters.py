"""A Dask cluster of two worker processes, one killed in mid-run, gives the bytes of one machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import screener

from screener.clusters import screen_on_cluster
from screener.errors import RunError
from screener.journals import journal_of
from screener.packs import RulePack
from screener.workers import Chunk

pytest.importorskip("distributed")
ROOT = Path(__file__).parents[1]
SCREEN = [sys.executable, "-m", "screener.cli.main", "screen"]
CLUSTER = """
import os, sys
from distributed import Client, LocalCluster
if __name__ == "__main__":
    cluster = LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
        worker_dashboard_address=None,
    )
    with Client(cluster) as client:
        pids = client.run(os.getpid)
        print(cluster.scheduler_address, *pids.values(), flush=True)
        sys.stdin.read()
    cluster.close()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(tmp_path: Path) -> None:
    archive, script = tmp_path / "archive.csv", tmp_path / "cluster.py"
    make = "from pathlib import Path; from benchmarks.mixes import write_mix; "
    make += f"write_mix(Path({str(archive)!r}), 'archive', 6_000)"
    subprocess.run([sys.executable, "-c", make], cwd=ROOT, check=True)
    script.write_text(CLUSTER, encoding="utf-8")
    here, there = tmp_path / "here", tmp_path / "there"
    assert screener("screen", archive, "--out", here).returncode == 0
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as cluster:
        assert cluster.stdout is not None
        address, victim, _ = cluster.stdout.readline().split()
        command = [*SCREEN, str(archive), "--out", str(there), "--engine", "dask"]
        run = subprocess.Popen(
            [*command, "--scheduler", address], stderr=subprocess.PIPE, text=True
        )
        deadline = time.monotonic() + 120
        while not _has_begun(there) and run.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        os.kill(int(victim), signal.SIGKILL)
        _, said = run.communicate(timeout=300)
        cluster.communicate("", timeout=60)
    assert run.returncode == 0, said
    names = sorted(path.name for path in here.glob("*.csv"))
    assert names == sorted(path.name for path in there.glob("*.csv"))
    assert [n for n in names if (here / n).read_bytes() != (there / n).read_bytes()] == []


def _has_begun(out: Path) -> bool:
    journal = journal_of(out)
    return journal.exists() and journal.stat().st_size > 0


def test_an_address_that_is_none_is_said_to_be_so(pack: RulePack) -> None:
    with pytest.raises(RunError, match="'nowhere://x' does not answer"):
        list(screen_on_cluster([Chunk.of(())], pack, "nowhere://x"))
