"""``screener screen`` and ``screener demo`` as a user meets them: whole processes, real files."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import screener
from demonstrations import Demo

from screener.cli.demo_story import Flagged, read_story

ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join(filter(None, [str(Path(__file__).parent.parent), *sys.path])),
}
COMMAND = [sys.executable, "-m", "screener.cli.main"]

REPORTS = [
    {
        "report_id": "r1",
        "patient_id": "p1",
        "exam_on": "2021-03-04",
        "text": "IMPRESSION: Innumerable hepatic metastases of a neuroendocrine tumour.",
    },
    {
        "report_id": "r2",
        "patient_id": "p2",
        "exam_on": "2021-03-05",
        "text": "IMPRESSION: No hepatic metastases. Neuroendocrine tumour of the pancreas.",
    },
    {
        "report_id": "r3",
        "patient_id": "p3",
        "exam_on": "2021-03-06",
        "text": "IMPRESSION: Solitary liver metastasis in segment VII.",
    },
]


def jsonl(records: list[dict[str, str]]) -> bytes:
    return "".join(f"{json.dumps(record)}\n" for record in records).encode()


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_table(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("exported") / "reports.csv"
    write_table(file, REPORTS)
    return file


@pytest.fixture(scope="module")
def screened(exported: Path) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """One screen of the exported reports: its run folder and what it said."""
    run = exported.parent / "run"
    return run, screener("screen", exported, "--out", run, "--json")


Screened = tuple[Path, "subprocess.CompletedProcess[str]"]


def tables_of(run: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in run.glob("*.csv")}


def test_a_screen_ranks_the_patient_whose_report_says_so_first(screened: Screened) -> None:
    run, done = screened
    assert done.returncode == 0
    first, *_, last = rows_of(run / "patients.csv")
    assert (first["rank"], first["patient_id"], first["tier"]) == ("1", "p1", "candidate")
    assert (first["top_report_id"], first["top_exam_on"]) == ("r1", "2021-03-04")
    assert "nnumerable" in first["evidence"]
    assert (last["patient_id"], last["tier"], last["certainty"]) == ("p2", "none", "")
    assert "3 rows read: 3 screened, 0 rejected, 0 exact duplicates." in done.stderr


def test_every_finding_is_a_span_of_the_exported_text(screened: Screened) -> None:
    texts = {report["report_id"]: report["text"] for report in REPORTS}
    findings = rows_of(screened[0] / "findings.csv")
    assert findings
    for found in findings:
        start, end = int(found["start"]), int(found["end"])
        assert texts[found["report_id"]][start:end] == found["text"]


def test_json_prints_the_counts_on_stdout(screened: Screened) -> None:
    summary = json.loads(screened[1].stdout)
    assert (summary["n_read"], summary["n_screened"], summary["n_patients"]) == (3, 3, 3)
    assert summary["tiers"] == {"candidate": 1, "limited": 1, "none": 1}


def test_the_record_names_the_input_with_its_hash_and_columns(
    screened: Screened, exported: Path
) -> None:
    (input_,) = json.loads((screened[0] / "run.json").read_text())["inputs"]
    assert input_["name"] == str(exported)
    assert input_["n_bytes"] == exported.stat().st_size
    assert input_["sha256"] == hashlib.sha256(exported.read_bytes()).hexdigest()
    assert input_["columns"]["text"] == ["text"]


def test_an_existing_run_is_refused_without_force_and_replaced_with_it(
    screened: Screened, exported: Path
) -> None:
    run, _ = screened
    refused = screener("screen", exported, "--out", run)
    assert refused.returncode == 3
    assert "already exists" in refused.stderr
    before = tables_of(run)
    assert screener("screen", exported, "--out", run, "--force").returncode == 0
    assert tables_of(run) == before


def test_jsonl_on_stdin_in_two_workers_gives_the_tables_of_the_file_in_one(
    screened: Screened, tmp_path: Path
) -> None:
    done = screener("screen", "-", "--out", tmp_path / "run", "--workers", 2, stdin=jsonl(REPORTS))
    assert (done.returncode, done.stdout) == (0, "")
    assert tables_of(tmp_path / "run") == tables_of(screened[0])


def test_bad_rows_are_listed_and_the_run_goes_on(tmp_path: Path) -> None:
    lines = [*jsonl(REPORTS).splitlines(), b'{"report_id": "r4", "patient_id": "p4", "text": ""}']
    lines += [b"{not json", b'{"report_id": "r5", "patient_id": "p5", "text": "half \\ud83d"}']
    done = screener("screen", "-", "--out", tmp_path / "run", stdin=b"\n".join(lines))
    assert done.returncode == 0
    assert [row["line"] for row in rows_of(tmp_path / "run" / "rejected.csv")] == ["4", "5", "6"]
    counts = json.loads((tmp_path / "run" / "run.json").read_text())["counts"]
    assert (counts["n_read"], counts["n_screened"], counts["n_rejected"]) == (6, 3, 3)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["screen", "absent.csv", "--out", "run"], 3, "absent.csv"),
        (["screen", "absent.csv", "--out", "run", "--pack", "livr"], 3, "No pack named 'livr'"),
        (["screen", "absent.csv"], 2, "--out"),
        (["screen", "absent.csv", "--out", "run", "--workers", "0"], 2, "--workers"),
        (["screen", "absent.csv", "--out", "run", "--map", "text"], 2, "--map"),
        (["screen", "absent.csv", "--out", "run", "--format", "xml"], 2, "--format"),
        (["scren"], 2, "scren"),
    ],
)
def test_what_cannot_be_done_is_said_in_words_with_its_exit_code(
    arguments: list[str], code: int, said: str, tmp_path: Path
) -> None:
    done = screener(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_behind_is_named(tmp_path: Path) -> None:
    (tmp_path / ".run.partial-abc").mkdir()
    done = screener("screen", "absent.csv", "--out", tmp_path / "run")
    assert f"{tmp_path / '.run.partial-abc'} is of a run" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_with_130_and_leaves_nothing(tmp_path: Path, number: int) -> None:
    command = [*COMMAND, "screen", "-", "--out", str(tmp_path / "run"), "--workers", "2"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        start_new_session=True,
    )
    assert process.stdin is not None
    process.stdin.write(jsonl([{**REPORTS[0], "report_id": str(n)} for n in range(400)]))
    process.stdin.flush()  # and never closed: the run waits for more
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".run.partial-*/reports.csv")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    os.killpg(process.pid, number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.decode().splitlines()[-1] == "Interrupted."
    assert b"Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_help_answers_without_the_heavy_imports() -> None:
    code = (
        "import sys\n"
        "from screener.cli.main import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = 'spacy medspacy pandas pyarrow pydantic rapidfuzz yaml rich'.split()\n"
        "heavy += ['screener.sources', 'screener.nlp', 'screener.packs', 'screener.runs']\n"
        "sys.exit(' '.join(sorted(set(heavy) & set(sys.modules))) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, env=ENVIRONMENT
    )
    assert done.stderr.decode() == ""
    assert b"screen " in done.stdout


def test_version_is_told() -> None:
    assert screener("--version").stdout.startswith("screener ")


def test_the_story_counts_search_and_screen_against_the_truth(tmp_path: Path) -> None:
    cohort, run = tmp_path / "cohort", tmp_path / "run"
    cohort.mkdir()
    run.mkdir()
    texts = {
        "p1": "Innumerable liver metastases.",
        "p2": "No innumerable liver metastasis.",
        "p3": "Too numerous to count hepatic deposits.",
        "p4": "Normal liver.",
    }
    ids = list(texts)
    write_table(
        cohort / "reports.csv",
        [{"report_id": f"r{p}", "patient_id": p, "site": "A", "text": texts[p]} for p in ids],
    )
    write_table(
        cohort / "labels.csv",
        [{"report_id": f"r{p}", "candidate": str(p in ("p1", "p3")).lower()} for p in ids],
    )
    write_table(
        cohort / "imaging_truth.csv",
        [{"patient_id": p, "exceeds_75": str(p == "p3").lower()} for p in ids],
    )
    write_table(
        run / "patients.csv",
        [{"patient_id": p, "n_candidate_reports": str(int(p == "p3"))} for p in ids],
    )
    story = read_story(cohort, run)
    assert story.search == Flagged(n_patients=2, n_said=1, n_exceeding=0, n_missed=1)
    assert story.screen == Flagged(n_patients=1, n_said=1, n_exceeding=1, n_missed=1)
    assert (story.n_patients, story.n_said, story.n_said_exceeding) == (4, 2, 1)


@pytest.mark.slow
def test_the_demo_tells_its_story_and_runs_again_over_itself(demo: Demo, tmp_path: Path) -> None:
    copy = shutil.copytree(demo.folder, tmp_path / "copy")
    again = screener("demo", cwd=copy)
    assert again.returncode == 0, again.stderr
    assert again.stdout == demo.told
    assert "371 patients at 3 sites" in demo.told
    assert (copy / "screener-demo" / "patients.csv").is_file()


def test_the_demo_leaves_alone_what_is_no_demo(screened: Screened) -> None:
    done = screener("demo", "--out", screened[0])
    assert done.returncode == 3
    assert "not a demonstration run" in done.stderr
