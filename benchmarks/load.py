"""Three readers lock 1,000 cases each at once, one is killed: `python -m benchmarks.load`.

The test of the suite, `tests/test_load.py`, with more cases: on SQLite and on PostgreSQL, nothing
that was acknowledged is lost, and no reader waits a second for the others.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000, help="cases that each reader locks")
    chosen = parser.parse_args()
    command = [sys.executable, "-m", "pytest", "-n", "0", "--durations=5", TESTS / "test_load.py"]
    environment = {**os.environ, "LOAD_CASES": str(chosen.cases)}
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
