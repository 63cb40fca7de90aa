"""The reading room in a real browser: what is typed there is in the store."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from small_studies import YES, MakeStudy

from screener.reading import open_reading
from screener.reads import ReadForm

PATIENCE = 60.0


@pytest.fixture
def store_kind() -> str:
    return "sqlite"


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@contextmanager
def served(study: Path) -> Iterator[str]:
    """The link that a room in a browser prints."""
    command = [sys.executable, "-m", "screener.cli.main", "read", str(study), "--reader", "ada"]
    with subprocess.Popen(
        [*command, "--web", "--port", str(free_port())], stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        try:
            yield server.stderr.readline().removeprefix("Open ").strip()
        finally:
            server.terminate()


@contextmanager
def opened(link: str) -> Iterator[Page]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "These tests need Debian's Chromium: apt-get install chromium."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        for _ in range(int(PATIENCE * 10)):  # it listens soon after it printed the link
            try:
                page.goto(link)
                break
            except Exception:  # noqa: BLE001 - playwright has one kind of error for all
                time.sleep(0.1)
        yield page
        browser.close()


def press_until(page: Page, key: str, is_done: Callable[[], bool]) -> None:
    """Press a key and wait for what it does; no key: only wait."""
    if key:
        page.keyboard.press(key)
    until = time.monotonic() + PATIENCE
    while not is_done():
        assert time.monotonic() < until, key
        time.sleep(0.05)


@pytest.mark.slow
def test_a_read_that_is_locked_in_a_browser_is_in_the_store(make: MakeStudy) -> None:
    study = make()
    with open_reading(study, "ada") as reading, served(study) as link, opened(link) as page:
        case_id = reading.worklist()[0].case_id
        page.wait_for_selector("body.-first-byte", timeout=PATIENCE * 1000)
        page.locator("textarea").first.focus()
        for _ in range(int(PATIENCE)):  # the room takes keys soon after its first byte
            page.keyboard.press("Enter")
            page.wait_for_timeout(500)
            if reading.last_case() == case_id:
                break
        press_until(page, "1", lambda: reading.draft(case_id) == ReadForm(verdict="yes"))
        for key in ("p", "8", "0", "Enter", "h", "d"):
            page.keyboard.press(key)
        press_until(page, "", lambda: reading.draft(case_id) == YES)
        for key in ("Enter", "y"):
            page.keyboard.press(key)
        press_until(page, "", lambda: bool(reading.reads(case_id)))
        (read,) = reading.reads(case_id)
        assert (read.kind, read.form) == ("first", YES)
