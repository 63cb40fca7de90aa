"""The use case of FHIR: a study as one Bundle in a file."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from screener.export_folders import Exported, write_file
from screener.exports.fhir import bundle_of
from screener.run_records import version_of

if TYPE_CHECKING:
    from pathlib import Path

    from screener.study_contents import StudyContents

_NO_RUN = "The study's run is not at hand, so that no report has an assessment: name it by --run."


def export_fhir(contents: StudyContents, out: Path, *, replace: bool = False) -> Exported:
    """Write the complete cases of a study as a FHIR R4 Bundle.

    Raises
    ------
    RunError
        When `out` exists and may not be replaced, or cannot be written.
    """
    bundle = bundle_of(contents, version_of("screener"))
    data = json.dumps(bundle, indent=1, ensure_ascii=False, allow_nan=False)
    write_file(out, f"{data}\n".encode(), replace=replace)
    counts = Counter(str(one["resource"]["resourceType"]) for one in bundle["entry"])
    n_open = len(contents.cases) - len(contents.complete)
    notes = [] if contents.assessments else [_NO_RUN]
    if n_open:
        notes.append(f"{n_open} of {len(contents.cases)} cases are not complete and left out.")
    return Exported("fhir", contents.is_deidentified, counts, tuple(notes))
