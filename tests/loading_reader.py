"""A reader's process for the load test: locks every open case, and says so once it is locked.

Usage: ``python loading_reader.py STUDY READER``; a line is a receipt and how long the lock took.
"""

from __future__ import annotations

import sys
import time

from screener.reading import open_reading
from screener.reads import ReadForm

FORM = ReadForm(verdict="yes", percent=80.0, confidence="high", modality="CT")


def main(study: str, reader: str) -> None:
    """Lock all that is open."""
    with open_reading(study, reader) as reading:
        for item in reading.worklist():
            if item.state == "locked":
                continue
            begun = time.perf_counter()
            receipt = reading.lock(item.case_id, FORM).receipt
            sys.stdout.write(f"{receipt} {time.perf_counter() - begun:.6f}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
