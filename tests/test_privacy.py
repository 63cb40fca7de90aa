"""No word of a report reaches stderr, ``run.json``, a file name or a file outside the run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join(filter(None, [str(Path(__file__).parent.parent), *sys.path])),
}
TOKENS = [f"zqx{letter * 5}zqx" for letter in "abcdefg"]

TEXTS = [
    f"INDICATION: {TOKENS[0]}\nFINDINGS: Innumerable hepatic {TOKENS[1]} metastases.\n"
    f"IMPRESSION: {TOKENS[1]} progressive; metastases replace most of the liver. {TOKENS[0]}",
    f"{TOKENS[2]} " * 100_000,  # longer than any report: refused by the engine
    f"\x00{TOKENS[3]}\ud83d",  # half a character
    "",
    f"No {TOKENS[4]} liver metastastes. cannot exclude {TOKENS[4]}",
]


def planted() -> bytes:
    rows = [
        {"report_id": f"r{n}", "patient_id": f"p{n}", "exam_on": TOKENS[5], "text": text}
        for n, text in enumerate(TEXTS)
    ]
    lines = [json.dumps(row) for row in rows]
    lines += [f'{{"report_id": "r9", "text": "{TOKENS[6]}', f'["{TOKENS[6]}"]']
    return "\n".join(lines).encode()


@pytest.mark.parametrize("n_workers", ["1", "2"])
def test_planted_tokens_are_told_nowhere_but_in_the_tables(tmp_path: Path, n_workers: str) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    out = tmp_path / "run"
    done = subprocess.run(
        [*_command("screen", "-"), "--out", str(out), "--workers", n_workers, "--json"],
        input=planted(),
        capture_output=True,
        check=False,
        env={**ENVIRONMENT, "TMPDIR": str(temporary)},
    )
    assert done.returncode == 0, done.stderr.decode()
    names = "\n".join(path.name for path in tmp_path.rglob("*")).encode()
    told = [done.stdout, done.stderr, names]
    told += [(out / name).read_bytes() for name in ("run.json", "rejected.csv")]
    for place in told:
        assert [token for token in TOKENS if token.encode() in place] == []
    assert list(temporary.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "temporary"]


def test_the_message_of_an_unexpected_exception_is_withheld() -> None:
    code = (
        "import sys\n"
        "from screener.cli import diagnostics\n"
        "def fail():\n"
        f"    raise ValueError({TOKENS[0]!r})\n"
        "sys.exit(diagnostics.run(fail))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, env=ENVIRONMENT
    )
    assert done.returncode == 1
    assert b"ValueError" in done.stderr
    assert TOKENS[0].encode() not in done.stderr
    assert b"Traceback" not in done.stderr


def test_what_libraries_log_or_warn_of_is_not_told() -> None:
    code = (
        "import logging, sys, warnings\n"
        "from screener.cli import diagnostics\n"
        "def talk():\n"
        f"    logging.getLogger('library').error({TOKENS[0]!r})\n"
        f"    warnings.warn({TOKENS[0]!r})\n"
        "sys.exit(diagnostics.run(talk))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, env=ENVIRONMENT
    )
    assert (done.returncode, done.stderr) == (0, b"")


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "screener.cli.main", *arguments]


def test_workers_start_where_the_temporary_folder_has_a_long_name(tmp_path: Path) -> None:
    temporary = tmp_path / ("a_folder_with_a_long_name_" * 4)
    temporary.mkdir()
    done = subprocess.run(
        [*_command("screen", "-"), "--out", str(tmp_path / "run"), "--workers", "2", "--json"],
        input=planted(),
        capture_output=True,
        check=False,
        env={**ENVIRONMENT, "TMPDIR": str(temporary)},
    )
    assert done.returncode == 0, done.stderr.decode()
