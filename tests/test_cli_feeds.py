"""``screener screen`` on feeds: everything that was read is accounted for, and can be explained."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import command_line
import pytest
from hl7_feeds import MSH, PID, joined, obr, obx, oru, report

EXTENSIVE = "IMPRESSION: Innumerable liver metastases replace 80% of the liver."


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    folder = tmp_path / "feed"
    folder.mkdir()
    adt = joined(
        [MSH.format(sent="2024", control="1", version="2.5").replace("ORU^R01", "ADT^A08")]
    )
    contents = {
        "1.hl7": adt + report("No liver metastasis.", status="P", sent="20240301"),
        "2.hl7": report(EXTENSIVE, sent="20240302") + oru(obr("A2")),
        "3.log": oru(obr(), obx("Discussed by telephone.", "&ADN"), sent="20240305"),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


def screener(*arguments: object) -> tuple[str, str]:
    """Run a command to its good end; give what it wrote to standard output and error."""
    done = command_line.screener(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.slow
def test_all_that_was_read_of_a_feed_is_accounted_for_and_explained(
    feed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    _, told = screener("screen", feed, "--out", out)
    assert f"{feed}: left out as no reports of radiology: 1 ADT^A08." in told
    assert "5 rows read: 1 screened, 1 rejected, 0 exact duplicates." in told
    assert "Also read: 1 superseded versions, 1 addenda put with their reports, 1 mess" in told
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    counts = record["counts"]
    assert counts["n_read"] == 5
    assert (counts["n_superseded"], counts["n_joined"], counts["n_skipped"]) == (1, 1, 1)
    (recorded,) = record["inputs"]
    assert recorded["format"] == "folder"
    assert recorded["skipped"] == {"ADT^A08": 1}
    (rejected,) = rows_of(out / "rejected.csv")
    assert (rejected["source"], rejected["line"]) == (f"{feed}/2.hl7", "5")
    (screened,) = rows_of(out / "reports.csv")
    assert (screened["report_id"], screened["burden"]) == ("A1", "extensive")

    explained, told = screener("explain", "--run", out, "--report", "A1")
    assert "Burden: extensive" in explained
    assert "Discussed by telephone" in explained
    assert "changed since" not in told


def test_an_addendum_takes_a_finding_back_and_nothing_that_a_message_says_is_told(
    feed: Path, tmp_path: Path
) -> None:
    addendum = obx("On review these are cysts. There are no liver metastases.", "&ADN")
    (feed / "4.hl7").write_bytes(oru(obr(), addendum, sent="20240306"))
    header = MSH.format(sent="2024", control="1", version="2.5").replace("ORU^R01", "DOE^SECRET")
    (feed / "5.hl7").write_bytes(joined([header, PID.format(patient="P9")]))
    (feed / "6.hl7").write_bytes(oru(obr("A7", section="SECRET"), obx("SECRET", kind="SECRET")))
    _, told = screener("screen", feed, "--out", tmp_path / "run")
    (screened,) = rows_of(tmp_path / "run" / "reports.csv")
    assert screened["burden"] == "none"
    assert "SECRET" not in told
    assert "SECRET" not in (tmp_path / "run" / "rejected.csv").read_text(encoding="utf-8")
    assert "SECRET" not in (tmp_path / "run" / "run.json").read_text(encoding="utf-8")
