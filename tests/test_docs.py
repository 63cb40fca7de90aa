"""The documentation keeps its word: its Python runs, its commands exist, its job does as told."""

from __future__ import annotations

import csv
import os
import re
import runpy
import shlex
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from test_readme import CHECKOUT, fenced

from screener.cli.main import app

DOCS = sorted((CHECKOUT / "docs").glob("*.md"))
NIGHTLY = CHECKOUT / "docs" / "examples" / "nightly.py"
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(CHECKOUT), *sys.path])}
N_REPORTS = 450


def run_here(script: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    """Run a script in this process, which has an engine already."""
    monkeypatch.setattr(sys, "argv", [str(script), *arguments])
    runpy.run_path(str(script), run_name="__main__")


RUN_HERE = [
    page
    for page in DOCS
    if "```python" in (text := page.read_text("utf-8")) and "pyspark" not in text
]
"""Pages with Python; what needs Spark is run by test_spark.py."""


@pytest.mark.parametrize("page", RUN_HERE, ids=lambda p: p.stem)
def test_the_python_of_a_page_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "script.py"
    script.write_text("\n".join(fenced(page.read_text("utf-8"), "python")), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run_here(script, monkeypatch)


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.stem)
def test_the_commands_of_a_page_exist_with_their_options(page: Path) -> None:
    told = "\n".join(fenced(page.read_text("utf-8"), "console")).replace("\\\n", "")
    for line in told.splitlines():
        if re.match(r"(?:\$ )?screener ", line):
            words = shlex.split(line.removeprefix("$ "), comments=True)[1:]
            assert not unknown(words), line


def unknown(words: list[str]) -> list[str]:
    """The options of a command line that the command does not have."""
    command = typer.main.get_command(app)
    while (inner := getattr(command, "commands", {})) and words:
        assert words[0] in inner, words
        command, words = inner[words[0]], words[1:]
    known = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
    before_pipe = words[: words.index("|")] if "|" in words else words
    asked = {word.partition("=")[0] for word in before_pipe if word.startswith("-") and word != "-"}
    return sorted(asked - known - {"--help", "-h"})


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.stem)
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    linked = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert not [target for target in linked if not (page.parent / target).exists()]


# --- the nightly job -----------------------------------------------------------------------------


def write_exports(folder: Path) -> list[str]:
    """Two files of reports, the second of which has one of the first, one corrected, one empty."""
    said = ["No liver metastasis.", "Innumerable hepatic metastases."]
    rows = [[f"r{n}", f"p{n // 2}", "2021-02-03", said[n % 2]] for n in range(N_REPORTS)]
    more = [rows[0], [*rows[1][:3], said[0]], ["r9999", "p1", "2021-03-04", ""]]
    names = []
    for name, some in (("one.csv", rows), ("two.csv", more)):
        with (folder / name).open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([["report_id", "patient_id", "exam_on", "text"], *some])
        names.append(str(folder / name))
    return names


def rows_of(store: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(store) as opened:
        said = opened.execute("SELECT * FROM said ORDER BY digest").fetchall()
        return [*said, *opened.execute("SELECT * FROM rejected").fetchall()]


def test_the_nightly_job_takes_what_is_new_and_repeats_safely(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = write_exports(tmp_path)
    store = tmp_path / "registry.sqlite"
    for files, n_new in (([first], N_REPORTS), ([first, second], 2)):
        run_here(NIGHTLY, monkeypatch, *files, "--store", str(store))
        assert capsys.readouterr().out == f"{n_new} reports were new.\n"
    before = store.read_bytes()
    run_here(NIGHTLY, monkeypatch, first, second, "--store", str(store))
    assert capsys.readouterr().out == "0 reports were new.\n"
    assert store.read_bytes() == before
    assert rows_of(store)[-1][-1] == "text is empty"
    assert store.stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_the_nightly_job_killed_in_the_middle_ends_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write_exports(tmp_path)
    whole, store = tmp_path / "whole.sqlite", tmp_path / "killed.sqlite"
    run_here(NIGHTLY, monkeypatch, *files, "--store", str(whole))
    arguments = [sys.executable, str(NIGHTLY), *files, "--store", str(store)]
    job = subprocess.Popen(arguments, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    while job.poll() is None and not n_said(store):
        time.sleep(0.01)
    job.kill()
    job.wait()
    assert n_said(store) in {200, 400, N_REPORTS, N_REPORTS + 1}  # whole batches
    run_here(NIGHTLY, monkeypatch, *files, "--store", str(store))
    assert rows_of(store) == rows_of(whole)


def n_said(store: Path) -> int:
    """How many reports are in, as another process sees it."""
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=5) as opened:
            return int(opened.execute("SELECT count(*) FROM said").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("mkdocstrings")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=CHECKOUT,
        capture_output=True,
        check=False,
        text=True,
        env=ENVIRONMENT,
    )
    assert done.returncode == 0, done.stderr
    api = (tmp_path / "site" / "api" / "index.html").read_text(encoding="utf-8")
    assert "screen_partition" in api
