"""The folder of a report: ``report.html``, the figures and the tables; whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screener.outcome_folders import new_outcome_folder, write_json
from screener.report.pages import report_page, table_page
from screener.report.sections import make_sections
from screener.run_folders import RUN_FILE, create_file

if TYPE_CHECKING:
    from pathlib import Path

    from screener.report.contents import Contents
    from screener.report.sections import Section

REPORT_FILE = "report.html"


def write_report(contents: Contents, out: Path, *, replace: bool = False) -> None:
    """Draw a report and write it to a new folder.

    Raises
    ------
    RunError
        When the folder is there already (and may not be replaced), or cannot be written.
    """
    sections = make_sections(contents)
    with new_outcome_folder(out, replace=replace) as folder:
        _write(folder / REPORT_FILE, report_page(contents, sections).encode())
        (folder / "figures").mkdir(mode=0o700)
        (folder / "tables").mkdir(mode=0o700)
        for section in sections:
            _write_parts(section, folder)
        kind = {"kind": "report", "manifest": [list(pair) for pair in contents.manifest]}
        write_json(folder / RUN_FILE, kind)


def _write_parts(section: Section, folder: Path) -> None:
    for chart in section.charts:
        for suffix, data in chart.files.items():
            _write(folder / "figures" / f"{chart.name}.{suffix}", data)
    for table in section.tables:
        _write(folder / "tables" / f"{table.name}.csv", table.to_csv().encode())
        _write(folder / "tables" / f"{table.name}.html", table_page(table).encode())


def _write(path: Path, data: bytes) -> None:
    with create_file(path) as file:
        file.write(data)
