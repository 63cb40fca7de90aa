"""Heavy libraries are imported when they are needed and where they belong, not before."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import screener

PACKAGE = Path(screener.__file__).parent
HEAVY = (
    *("spacy", "medspacy", "pandas", "pyarrow", "numpy", "openpyxl", "rapidfuzz", "rich"),
    *("sqlalchemy", "alembic", "psycopg"),
    *("pint", "lifelines", "scipy", "matplotlib"),
    *("textual", "textual_serve"),
)
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join(filter(None, [str(PACKAGE.parent), *sys.path])),
}


def imported(code: str) -> set[str]:
    """The heavy libraries that a fresh interpreter has imported after some code."""
    told = f"{code}\nprint('modules:', *{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{told}"],
        capture_output=True,
        text=True,
        check=True,
        env=ENVIRONMENT,
    )
    return set(done.stdout.rpartition("modules:")[2].split()) & set(HEAVY)


@pytest.mark.parametrize(
    "code",
    [
        "import screener",
        "import screener; dir(screener); screener.__all__",
        "from screener import Report, Rejected, Finding, Assessment, ScreenerError",
        "from screener import load_pack; load_pack('liver_tumor_burden')",
    ],
)
def test_importing_the_package_imports_nothing_heavy(code: str) -> None:
    assert imported(code) == set()


def test_help_imports_nothing_heavy() -> None:
    code = (
        "sys.argv = ['screener', '--help']\n"
        "from screener.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit as done:\n    assert not done.code"
    )
    assert imported(code) == set()


def test_importing_what_screens_builds_no_pipeline() -> None:
    names = "screen, screen_records, screen_partition, Screener, Screening"
    assert not imported(f"from screener import {names}") & {"spacy", "medspacy", "pandas"}


@pytest.mark.parametrize("library", ["spacy", "medspacy"])
def test_spacy_is_imported_in_nlp_only(library: str) -> None:
    importers = {
        file.relative_to(PACKAGE).parts[0]
        for file in PACKAGE.rglob("*.py")
        if library in _imports(file)
    }
    assert importers == {"nlp"}


def _imports(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


def test_every_public_name_is_there_and_listed() -> None:
    assert sorted(screener.__all__) == screener.__all__
    assert set(screener.__all__) <= set(dir(screener))
    for name in screener.__all__:
        assert getattr(screener, name).__name__ == name


def test_every_public_name_is_told_to_type_checkers() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    (guarded,) = (node for node in tree.body if isinstance(node, ast.If))
    told = {
        alias.name
        for node in guarded.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert told == set(screener.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'screne'"):
        _ = screener.screne


def test_the_package_says_that_it_is_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()


def test_a_screen_does_without_the_parts_of_medspacy_that_it_does_not_use() -> None:
    code = (
        "from screener import Report, screen_records\n"
        "list(screen_records([Report('r1', 'p1', 'Innumerable hepatic metastases.')]))\n"
        "import medspacy.context\n"
        "assert not {'nltk', 'quickumls'} & sys.modules.keys()"
    )
    assert "medspacy" in imported(code)
    assert "scipy" not in imported(code)
