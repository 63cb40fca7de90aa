"""A reader's process for the fault tests: locks cases until the store fails, and says how.

Usage: ``python failing_reader.py STUDY READER [BYTES]``; BYTES is the largest file that may be
written. A line is a receipt; the last one begins with ``fault:``.
"""

from __future__ import annotations

import resource
import sys

from loading_reader import FORM

from screener.errors import StoreError
from screener.reading import open_reading


def main(study: str, reader: str, n_bytes: str = "") -> None:
    """Lock until it fails; then see that the session still answers."""
    with open_reading(study, reader) as reading:
        if n_bytes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(n_bytes), resource.RLIM_INFINITY))
        for item in reading.worklist():
            try:
                for _ in range(50):
                    reading.save_draft(item.case_id, FORM)
                sys.stdout.write(f"{reading.lock(item.case_id, FORM).receipt}\n")
            except StoreError as error:
                sys.stdout.write(f"fault: {error}\n")
                sys.stdout.write(f"locked: {reading.progress().n_locked}\n")
                return


if __name__ == "__main__":
    main(*sys.argv[1:])
