"""The use case of REDCap: a study as an import and the dictionary that makes its project."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from screener.errors import RunError
from screener.export_folders import Exported, new_export
from screener.exports.formats import DATABASE_CSV
from screener.exports.redcap import (
    DICTIONARY,
    REPEATING,
    data_rows,
    data_table,
    dictionary_rows,
    forms_of,
    repeating_rows,
)
from screener.exports.redcap_fields import data_problems, dictionary_problems

if TYPE_CHECKING:
    from pathlib import Path

    from screener.exports.redcap_fields import Form
    from screener.study_contents import StudyContents

_SET_UP = (
    "In REDCap: make a project, upload data_dictionary.csv, make 'read' and 'consensus' repeating"
    " instruments, then import data.csv."
)


def export_redcap(contents: StudyContents, out: Path, *, replace: bool = False) -> Exported:
    """Write the complete cases of a study for REDCap: dictionary, repeats and data.

    Raises
    ------
    RunError
        When `out` exists and may not be replaced, or what was made breaks a rule of REDCap's.
    """
    forms = forms_of(contents)
    table = data_table(forms)
    n_open = len(contents.cases) - len(contents.complete)
    notes = [f"{n_open} of {len(contents.cases)} cases are not complete and left out."]
    with new_export(out, replace=replace) as folder:
        folder.write(DICTIONARY, dictionary_rows(forms), DATABASE_CSV)
        folder.write(REPEATING, repeating_rows(forms), DATABASE_CSV)
        folder.write(table, data_rows(contents, table), DATABASE_CSV)
        check_redcap(folder.path, forms)
        told = (*notes[: bool(n_open)], _SET_UP)
        return folder.finish(Exported("redcap", contents.is_deidentified, folder.counts, told))


def check_redcap(folder: Path, forms: tuple[Form, ...]) -> None:
    """Read an export for REDCap again and hold it to REDCap's rules.

    Raises
    ------
    RunError
        With all that REDCap would refuse.
    """
    problems = []
    for name in (DICTIONARY.name, "data"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines)
            found = dictionary_problems(rows) if name != "data" else data_problems(rows, forms)
            problems += [f"{name}.csv, {told}" for told in found]
    if problems:
        raise RunError("\n".join(["REDCap would refuse the export:", *problems]))
