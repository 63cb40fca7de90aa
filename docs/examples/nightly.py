"""Screen the reports that came since the last run, and add what they say to a database.

    python nightly.py EXPORT.csv... --store registry.sqlite

Each file has one row a report. A report is known by its row and by the pack: a corrected report is
a new one, and another version of the pack reads everything again. Rows go in by batches, each in
one transaction: whoever kills the job loses at most a batch, and the next run takes it up. Where
nothing is new, no byte of the database changes.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from screener import Rejected, RulePack, ScreenedReport, load_pack, screen_records

PACK = "liver_tumor_burden"
BATCH_REPORTS = 200
TABLES = (
    "CREATE TABLE said (digest TEXT, pack TEXT, report_id TEXT, patient_id TEXT, exam_on TEXT,"
    " burden TEXT, candidate INTEGER, certainty TEXT, score REAL, evidence TEXT,"
    " PRIMARY KEY (digest, pack)) WITHOUT ROWID",
    "CREATE TABLE rejected (digest TEXT, pack TEXT, reason TEXT,"
    " PRIMARY KEY (digest, pack)) WITHOUT ROWID",
)
SEEN = "SELECT digest FROM said WHERE pack = ?1 UNION SELECT digest FROM rejected WHERE pack = ?1"

Row = dict[str, str]


def main() -> None:
    """Screen what is new, and tell how much that was."""
    parser = argparse.ArgumentParser(description="Screen the reports that are new.")
    parser.add_argument("exports", nargs="+", type=Path, metavar="EXPORT.csv")
    parser.add_argument("--store", required=True, type=Path)
    options = parser.parse_args()
    pack = load_pack(PACK)
    with closing(open_store(options.store)) as store:
        n_new = sum(add_new(store, file, pack) for file in options.exports)
    print(f"{n_new} reports were new.")


def open_store(file: Path) -> sqlite3.Connection:
    """Open the database, which only its owner may read; make its tables the first time."""
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    store = sqlite3.connect(file)
    if not store.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        with store:
            for table in TABLES:
                store.execute(table)
    return store


def add_new(store: sqlite3.Connection, file: Path, pack: RulePack) -> int:
    """Screen the rows of a file that the database does not know; return how many they were."""
    seen = {digest for (digest,) in store.execute(SEEN, [pack.sha256])}
    n_new = 0
    for batch in batches(new_rows(file, seen)):
        answers = list(screen_records([row for _, row in batch], pack))
        with store:  # all of the batch, or nothing
            for (digest, _), answer in zip(batch, answers, strict=True):
                add(store, digest, pack.sha256, answer)
        n_new += len(batch)
    return n_new


def new_rows(file: Path, seen: set[str]) -> Iterator[tuple[str, Row]]:
    """Give each row that was not seen, once, with its digest."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
            if digest not in seen:
                seen.add(digest)
                yield digest, row


def batches(rows: Iterator[tuple[str, Row]]) -> Iterator[list[tuple[str, Row]]]:
    """Give the rows by batches of a fixed length."""
    return iter(lambda: list(islice(rows, BATCH_REPORTS)), [])


def add(
    store: sqlite3.Connection, digest: str, pack: str, answer: ScreenedReport | Rejected
) -> None:
    """Add what came of a row; a rejected one is seen, too, and its reason is kept."""
    if isinstance(answer, Rejected):
        store.execute("INSERT INTO rejected VALUES (?, ?, ?)", (digest, pack, answer.reason))
        return
    said = answer.assessment
    exam_on = answer.exam_on.isoformat() if answer.exam_on else None
    whose = (digest, pack, said.report_id, said.patient_id, exam_on)
    what = (said.burden, said.is_candidate, said.certainty, said.score, json.dumps(said.evidence))
    store.execute("INSERT INTO said VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*whose, *what))


if __name__ == "__main__":
    main()
