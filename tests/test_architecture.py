"""The architecture as promises: the contracts hold, and each of them bites when it is broken."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent

# One broken import for each contract: contract, module, what it must not say.
BREACHES = [
    ("flow", "findings.py", "from screener.assessments import Assessment"),
    ("pure", "reports.py", "import pandas"),
    ("pure", "statements.py", "from screener.sources import Source"),
    ("statistics", "agreement/kappas.py", "import scipy"),
    ("edges", "sources/dates.py", "from screener.exports.formats import FORMATS"),
    ("use-cases", "exports/tables.py", "from screener.screening import ScreenedReport"),
    ("blinding", "reading.py", "from screener.store.origins import ORIGINS"),
    ("store", "drawing.py", "import sqlalchemy"),
    ("medspacy", "screening.py", "import spacy"),
    ("terminal", "runs.py", "from rich.progress import Progress"),
    ("commands", "tui/app.py", "import typer"),
    ("room", "cli/read.py", "import textual"),
    ("blinding", "tui/sittings.py", "import screener.ranking"),
    ("outcomes", "outcomes/grading.py", "from screener.sources import read_date"),
    ("survival", "outcomes/grading.py", "import lifelines"),
    ("units", "outcomes/grading.py", "import pint"),
    ("figures", "runs.py", "import matplotlib"),
    ("report", "report/__init__.py", "from screener.study_reports import __doc__"),
    ("front", "runs.py", "from screener.cli.progress import counting"),
]


def lint_imports(folder: Path) -> str:
    """Return what import-linter says of the package in `folder`, by the checkout's contracts."""
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"),
            *("--config", str(CHECKOUT / "pyproject.toml"), "--no-logo", "--no-cache"),
        ],
        cwd=folder,
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200", "NO_COLOR": "1"},
    )
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    return done.stdout


def contract_names() -> dict[str, str]:
    """Return the sentences of the contracts by their id, as pyproject.toml has them."""
    text = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    return dict(re.findall(r'^id = "(.+)"\nname = "(.+)"$', text, re.MULTILINE))


def test_every_contract_holds() -> None:
    verdict = lint_imports(CHECKOUT)
    assert "0 broken." in verdict, verdict


def test_every_contract_has_a_breach_that_is_tried() -> None:
    assert set(contract_names()) == {contract for contract, _, _ in BREACHES}


@pytest.mark.parametrize(("contract", "module", "breach"), BREACHES)
def test_a_contract_fails_when_it_is_broken(
    tmp_path: Path, contract: str, module: str, breach: str
) -> None:
    shutil.copytree(
        CHECKOUT / "screener", tmp_path / "screener", ignore=shutil.ignore_patterns("__pycache__")
    )
    with (tmp_path / "screener" / module).open("a", encoding="utf-8") as source:
        source.write(f"\n{breach}\n")
    verdict = lint_imports(tmp_path)
    assert f"{contract_names()[contract]} BROKEN" in verdict, verdict


def test_no_module_is_named_for_being_handy() -> None:
    handy = {"utils", "util", "common", "helpers", "manager", "base", "misc"}
    named = {file.stem for file in (CHECKOUT / "screener").rglob("*.py")}
    assert not handy & named


def test_no_module_is_a_link() -> None:
    """A link leaves the wheel empty without a word."""
    folders = [CHECKOUT / "screener", CHECKOUT / "rules"]
    assert not [file for folder in folders for file in folder.rglob("*") if file.is_symlink()]
