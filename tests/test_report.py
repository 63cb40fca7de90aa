"""``screener report`` on the demonstration's study, looked at in a real browser."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from command_line import screener
from demonstrations import Demo
from playwright.sync_api import Browser, Page, sync_playwright

COHORT = Path(__file__).parent.parent / "corpora" / "synthetic_reports" / "cohort"
WIDTHS = (1280, 390)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "These tests need Debian's Chromium: apt-get install chromium."
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@dataclass
class Seen:
    """A page, what it asked for, and what its console said."""

    page: Page
    requests: list[str]
    console: list[str]


def look(browser: Browser, file: Path, width: int) -> Seen:
    page = browser.new_page(viewport={"width": width, "height": 900})
    seen = Seen(page, [], [])
    page.on("request", lambda one: seen.requests.append(one.url))
    page.on("console", lambda one: seen.console.append(one.text))
    page.on("pageerror", lambda one: seen.console.append(str(one)))
    page.goto(file.as_uri())
    return seen


def report_of(study: Path, out: Path, *more: str) -> CompletedProcess[str]:
    return screener("report", str(study), "--out", str(out), "--resamples", "0", *more)


# --- in a browser --------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
def test_the_report_asks_for_nothing_and_never_scrolls_sideways(
    demo: Demo, browser: Browser, width: int
) -> None:
    file = demo.report / "report.html"
    seen = look(browser, file, width)
    assert seen.requests == [file.as_uri()]
    assert seen.console == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    found: dict[str, Any] = Axe().run(seen.page).response
    assert [one["id"] for one in found["violations"]] == []
    assert len(found["passes"]) > 20
    seen.page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_of_a_run_asks_for_nothing_and_never_scrolls_sideways(
    demo: Demo, browser: Browser, width: int
) -> None:
    file = demo.run / "screen.html"
    seen = look(browser, file, width)
    assert (seen.requests, seen.console) == ([file.as_uri()], [])
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert [one["id"] for one in Axe().run(seen.page).response["violations"]] == []
    assert seen.page.locator("mark").count() > 20
    seen.page.close()


def test_every_figure_has_a_name_and_what_it_shows_in_words(demo: Demo, browser: Browser) -> None:
    seen = look(browser, demo.report / "report.html", 1280)
    svgs = seen.page.locator("svg[role=img]")
    names = {path.stem for path in (demo.report / "figures").iterdir()}
    assert names == {
        *("flow", "forest", "estimates", "bland_altman", "shifts", "limit", "survival"),
    }
    assert svgs.count() == len(names)
    for place in range(svgs.count()):
        assert svgs.nth(place).locator("title").first.text_content()
        assert svgs.nth(place).locator("desc").first.text_content()
    ids = seen.page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    seen.page.close()


# --- what it tells -------------------------------------------------------------------------------


def test_the_demonstration_tells_the_whole_study(demo: Demo) -> None:
    """371 treated, 22 who say so among those flagged, 15 above 75% (README of the cohort)."""
    for told in ("371 treated", "15 confirmed", "at most", "Gwet's AC1", "grade 2 or more"):
        assert told in demo.told
    assert f"{demo.report.name}/report.html" in demo.told


def test_the_flow_in_the_report_adds_up(demo: Demo) -> None:
    with (demo.report / "tables" / "flow.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    left = [sum(map(int, re.findall(r"(\d+): ", row["Left out before"]))) for row in rows]
    n = [int(row["n"]) for row in rows]
    assert n[0] == 371
    assert n[-1] == 15
    assert [before - after for before, after in pairwise(n)] == left[1:]


def test_the_report_holds_no_patient_unless_asked_to(demo: Demo, tmp_path: Path) -> None:
    assert not re.search(r"\bP0\d{3}\b|\bR0\d{4}\b", demo.html)
    assert "Innumerable" not in demo.html
    done = report_of(demo.study, tmp_path / "named", "--with-evidence")
    assert done.returncode == 0, done.stderr
    assert re.search(r"\bP0174\b", (tmp_path / "named" / "report.html").read_text("utf-8"))


def test_the_same_inputs_give_the_same_bytes(demo: Demo, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert report_of(demo.study, tmp_path / name).returncode == 0
    for file in sorted((tmp_path / "a").rglob("*")):
        if file.is_file():
            assert (
                file.read_bytes()
                == (tmp_path / "b" / file.relative_to(tmp_path / "a")).read_bytes()
            )


def test_every_percent_of_the_tables_stands_beside_its_counts(demo: Demo) -> None:
    for file in (demo.report / "tables").glob("*.csv"):
        if file.stem in ("grras", "stard", "manifest"):
            continue
        with file.open(encoding="utf-8", newline="") as lines:
            cells = [cell for row in list(csv.reader(lines))[1:] for cell in row[1:]]
        for cell in cells:
            assert "%" not in cell or re.search(r"\d+/\d+ \(\d", cell), (file.stem, cell)


def test_a_section_without_its_inputs_says_how_to_give_them(demo: Demo, tmp_path: Path) -> None:
    done = report_of(demo.study, tmp_path / "bare", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["is_complete"] is True
    assert told["outcomes"] is None
    html = (tmp_path / "bare" / "report.html").read_text(encoding="utf-8")
    for option in ("--truth", "--treatments", "--labs", "--follow-up", "--eligible"):
        assert option in html


def test_an_existing_folder_is_left_alone_without_force(demo: Demo) -> None:
    done = report_of(demo.study, demo.report)
    assert done.returncode == 3
    assert "--force" in done.stderr


def test_table_1_takes_any_columns_and_counts_what_is_missing(demo: Demo, tmp_path: Path) -> None:
    with (COHORT / "imaging_truth.csv").open(encoding="utf-8", newline="") as lines:
        ids = [row["patient_id"] for row in csv.DictReader(lines) if float(row["percent"]) > 75]
    rows = [f"{p},{'NET' if n else ''},{20 + n},{n},Name {n}" for n, p in enumerate(ids)]
    again = f"{ids[1]},other,21,1,Name 1"
    patients = tmp_path / "patients.csv"
    patients.write_text("\n".join(["mrn,primary,BMI,room,name", *rows, again]), encoding="utf-8")
    treatments = ("--treatments", str(COHORT / "treatments.csv"))
    asked = (*treatments, "--patients", str(patients))
    done = report_of(demo.study, tmp_path / "out", *asked)
    assert done.returncode == 0, done.stderr
    assert f"patients.csv:{len(rows) + 2}: an earlier row says otherwise" in done.stderr
    with (tmp_path / "out" / "tables" / "table_1.csv").open(encoding="utf-8") as lines:
        table = dict(csv.reader(lines))
    n = int(table["Patients"])
    assert table["BMI: median (range)"].endswith(f", of {n}")
    assert table["primary: NET"].startswith(f"{n - 1}/{n} (")
    assert table["primary: not told"].startswith(f"1/{n} (")
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Name 1" not in html
    assert "Left out, as days or texts of single patients: name." in html
    assert "first cycles from" in html


def test_laboratory_values_without_treatments_are_a_mistake(demo: Demo, tmp_path: Path) -> None:
    done = report_of(demo.study, tmp_path / "x", "--labs", str(COHORT / "labs.csv"))
    assert done.returncode == 2
    assert "--treatments" in done.stderr


@pytest.mark.parametrize(
    ("option", "needed"),
    [("--patients", "--treatments"), ("--limits", "--labs"), ("--responses", "--follow-up")],
)
def test_a_table_that_needs_another_is_never_passed_over(option: str, needed: str) -> None:
    done = screener("report", "study", "--out", "out", option, "table.csv")
    assert done.returncode == 2
    assert f"needs {needed}" in done.stderr
