"""Draw the picture of the reading room, from the study of ``screener demo``.

usage: python docs/images/reading_room.py STUDY

It reads a copy: the study stays as it is.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from screener.reading import open_reading
from screener.tui.app import ReadingRoom

READER = "simulated-c"
KEYS = ("1", "p", "8", "5", "enter", "h", "d", "v", *"1700", "enter", *"2000", "enter")
SIZE = (118, 32)


async def draw(study: Path) -> str:
    """Return the picture of the case that the reader has begun."""
    with open_reading(study, READER) as reading:
        room = ReadingRoom(reading)
        async with room.run_test(size=SIZE) as pilot:
            await pilot.pause()
            for key in KEYS:
                await pilot.press(key)
            await pilot.pause()
            return room.export_screenshot(title="screener read")


def main() -> None:
    """Write the picture beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(sys.argv[1], Path(folder) / "study"))
        picture = asyncio.run(draw(copy))
    lines = "\n".join(line.rstrip() for line in picture.splitlines())
    Path(__file__).with_suffix(".svg").write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
