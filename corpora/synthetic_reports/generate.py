"""Write the synthetic cohort: ``python corpora/synthetic_reports/generate.py --out DIR --seed 2023``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from generator.cohort import make_cohort
from generator.pools import read_pools
from generator.tables import write_tables


def main() -> int:
    """Read the command line, make the cohort, write its tables."""
    parser = argparse.ArgumentParser(description="Write the synthetic cohort of radiology reports.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument(
        "--seed", type=int, default=2023, help="same seed, same bytes (default 2023)"
    )
    options = parser.parse_args()
    patients, entries = make_cohort(read_pools(), options.seed)
    write_tables(options.out, patients, entries)
    sys.stderr.write(f"{len(patients)} patients, {len(entries)} reports: {options.out}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
