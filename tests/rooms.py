"""Sessions in the reading room: keystrokes on a real study, and what the screen says then."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot

from screener.drawing import DrawOptions, draw_cases
from screener.draws import Cut
from screener.packs import load_pack
from screener.reading import open_reading
from screener.run_records import RunOptions
from screener.runs import screen_sources
from screener.sources import open_sources
from screener.study_making import StudyOptions, make_study
from screener.tui.app import DARK, ReadingRoom

SMALL, WIDE = (80, 24), (160, 45)
READ_YES = "1 p 8 0 enter h d"  # verdict, percent, confidence, modality
LOCK = "enter y"
NAMES = {
    "/": "slash",
    "?": "question_mark",
    "<": "less_than_sign",
    ">": "greater_than_sign",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
}

ODD_TEXT = (
    "FINDINGS:\r\nLiver [bold]not markup[/bold] [@click=app.quit]here[/]\tafter a tab.\r\n"
    "肝转移瘤 を認める 😀 e\u0301. \x1b[31mred\x1b[0m\n"
    "IMPRESSION: Innumerable liver metastases replacing the liver. " + "Unchanged. " * 60
)

Act = Callable[[ReadingRoom, Pilot[None]], Awaitable[None]]


async def type_keys(pilot: Pilot[None], keys: str | Sequence[str]) -> None:
    """Press keys one after the other, each when the one before has had its effect."""
    for key in keys.split() if isinstance(keys, str) else keys:
        await pilot.press(NAMES.get(key, key))
    await pilot.pause()


def in_room(
    study: Path,
    keys: str | Sequence[str] = "",
    act: Act | None = None,
    *,
    reader: str = "ada",
    size: tuple[int, int] = SMALL,
    theme: str = DARK,
) -> str:
    """Run a session, and return its last screen as text."""

    async def session() -> str:
        with open_reading(study, reader) as reading:
            room = ReadingRoom(reading, theme)
            async with room.run_test(size=size) as pilot:
                await pilot.pause()
                await type_keys(pilot, keys)
                if act is not None:
                    await act(room, pilot)
                await pilot.pause()
                return screen_text(room)

    return asyncio.run(session())


def screens(
    study: Path,
    *steps: str,
    start: str = "",
    reader: str = "ada",
    size: tuple[int, int] = SMALL,
) -> list[str]:
    """Run one session, and return the screen after each of its steps."""
    seen: list[str] = []

    async def walk(room: ReadingRoom, pilot: Pilot[None]) -> None:
        for keys in steps:
            await type_keys(pilot, keys)
            seen.append(screen_text(room))

    in_room(study, start, walk, reader=reader, size=size)
    return seen


def screen_text(room: ReadingRoom) -> str:
    """Return what stands on the screen, a line a line."""
    strips = room.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


@pytest.fixture(scope="session")
def odd_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of one patient whose report has all that breaks screens, and of one without."""
    folder = tmp_path_factory.mktemp("odd")
    with (folder / "reports.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["report_id", "patient_id", "accession", "exam_on", "modality", "text"])
        writer.writerow(["R1", "P[b]1", "ACC[1]", "2021-01-03", "CT", ODD_TEXT])
        writer.writerow(["R2", "P2", "ACC2", "2021-01-03", "CT", "IMPRESSION: Normal liver."])
    opened = open_sources([str(folder / "reports.csv")], column_map={})
    screen_sources(opened, load_pack("liver_tumor_burden"), folder / "run", options=RunOptions())
    return folder / "run"


def odd_study(folder: Path, odd_run: Path, **options: object) -> Path:
    """Make a study of the odd patient alone."""
    given = {"name": "odd [b]study[/b]", "readers": ("ada",), "seed": 1, **options}
    make_study(folder, odd_run, StudyOptions(**given))  # type: ignore[arg-type]
    draw_cases(folder, DrawOptions(Cut()))
    return folder
