"""Pictures of the reading room in a dozen states, compared with those that are kept as SVG.

What is compared is what stands on each place of the screen, and which of it is bold, underlined,
struck or slanted. Colours are not, nor what is reversed, which a picture tells by colours alone:
versions of Textual differ in shades and in how they write a picture. To draw the kept ones anew,
after looking at what changed: ``SCREENER_DRAW=1 pytest -n 0 THIS_FILE``.
"""

from __future__ import annotations

import html
import os
import re
from pathlib import Path

import pytest
from rooms import LOCK, READ_YES, SMALL, WIDE, in_room, odd_run, odd_study
from small_studies import MakeStudy
from textual.pilot import Pilot

from screener.tui.app import DARK, LIGHT, ReadingRoom

__all__ = ["odd_run"]
KEPT = Path(__file__).parent / "pictures"
_TEXT = re.compile(r'<text class="([^"]*)" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>')
_RULE = re.compile(r"\.(\S+-r\d+) \{([^}]*)\}")
_LOOK = re.compile(r"bold|underline|line-through|italic")

STATES = {
    "worklist": ("", SMALL, DARK),
    "worklist-wide-light": ("", WIDE, LIGHT),
    "case": ("enter", SMALL, DARK),
    "case-wide": ("enter", WIDE, DARK),
    "case-light": ("enter", SMALL, LIGHT),
    "entered": (f"enter {READ_YES} v 1 6 0 0 enter 2 0 0 0 enter s 9 enter 3 enter", SMALL, DARK),
    "cannot-assess": ("enter 3 n o", SMALL, DARK),
    "missing": ("enter 1 enter", WIDE, DARK),
    "question": (f"enter {READ_YES} enter", SMALL, DARK),
    "search": ("enter / s p l e e n enter", SMALL, DARK),
    "help": ("enter ?", WIDE, DARK),
    "amendment": (f"enter {READ_YES} {LOCK} e", SMALL, DARK),
    "second-look": (f"enter {READ_YES} {LOCK} g", WIDE, DARK),
}


@pytest.fixture
def store_kind() -> str:
    return "sqlite"


def placed(picture: str) -> list[tuple[str, str, str, str]]:
    """What stands where, and how: words without times and receipts, which no two sessions share."""
    looks = {name: " ".join(_LOOK.findall(rule)) for name, rule in _RULE.findall(picture)}
    return [
        (x, y, unstamped(html.unescape(words)).strip("\u00a0 "), looks[name])
        for name, x, y, words in _TEXT.findall(picture)
        if words.strip()
    ]


def unstamped(words: str) -> str:
    words = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME", words.replace("\u00a0", " "))
    return re.sub(r"ada:\d+:[0-9a-f]+", "RECEIPT", words)


def compare(name: str, picture: str) -> None:
    kept = KEPT / f"{name}.svg"
    if os.environ.get("SCREENER_DRAW"):
        KEPT.mkdir(exist_ok=True)
        lines = "\n".join(unstamped(line).rstrip() for line in picture.splitlines())
        kept.write_text(lines + "\n", encoding="utf-8")
    assert placed(picture) == placed(kept.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", STATES)
def test_the_room_looks_as_it_did(make: MakeStudy, name: str) -> None:
    keys, size, theme = STATES[name]
    drawn: list[str] = []

    async def draw(room: ReadingRoom, pilot: Pilot[None]) -> None:
        room.clear_notifications()
        await pilot.pause()
        drawn.append(room.export_screenshot())

    in_room(make(), keys, draw, size=size, theme=theme)
    compare(name, drawn[0])


def test_an_odd_report_looks_as_it_did(tmp_path: Path, odd_run: Path) -> None:
    drawn: list[str] = []

    async def draw(room: ReadingRoom, _pilot: Pilot[None]) -> None:
        drawn.append(room.export_screenshot())

    in_room(odd_study(tmp_path / "odd", odd_run), "enter", draw)
    compare("odd", drawn[0])
