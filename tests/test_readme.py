"""The README keeps its word: its commands run, and they print what it shows.

A fenced block marked ``console`` is a session. A line that starts with ``$ `` is a command, which a
backslash at its end continues, and the lines below it are what it prints. All commands run in the
order of the README in one temporary folder, where ``corpora`` and ``rules`` are as in the checkout,
and each must succeed. Each shown line must be printed as a whole line, whatever its spacing; an
ellipsis (``...``) in it stands for anything. ``uv run screener`` is run as ``screener``; commands
that install or change the checkout (`FOR_THE_READER`) are not run. Blocks marked ``python`` run as
one script, those marked ``pycon`` as doctests.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from command_line import screener
from demonstrations import Demo

CHECKOUT = Path(__file__).resolve().parent.parent
README = CHECKOUT / "README.md"
DOCUMENTS = [README, CHECKOUT / "CONTRIBUTING.md", CHECKOUT / "CHANGELOG.md"]
FOR_THE_READER = {"cd", "git", "pip", "pytest", "uv", ".ci/run"}


@dataclass(frozen=True)
class Command:
    """A command and the lines that the README shows of its output."""

    line: str
    shown: tuple[str, ...]

    @property
    def script(self) -> str:
        """What to run: nothing for what is the reader's to do."""
        line = re.sub(r"^pip install uv && ", "", self.line)
        line = re.sub(r"\buv run (?=screener\b)", "", line)
        return "" if line.split()[0] in FOR_THE_READER else line


def fenced(text: str, kind: str) -> list[str]:
    """Return the fenced blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(text: str) -> list[Command]:
    """Return the commands of the console blocks, in order."""
    found = []
    for block in fenced(text, "console"):
        for session in re.split(r"^\$ ", block.replace("\\\n", ""), flags=re.MULTILINE)[1:]:
            line, *shown = session.splitlines()
            found.append(Command(line, tuple(filter(str.strip, shown))))
    return found


def not_printed(shown: tuple[str, ...], printed: str) -> list[str]:
    """Return the shown lines that no printed line is like."""
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    return [line for line in shown if not any(re.fullmatch(_like(line), real) for real in lines)]


def _like(shown: str) -> str:
    return ".*".join(map(re.escape, " ".join(shown.split()).replace("…", "...").split("...")))


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """Return a folder with copies of what the README's commands read."""
    for name in ("corpora", "rules"):
        shutil.copytree(CHECKOUT / name, tmp_path / name)
    return tmp_path


def run(script: str, workplace: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of shell as a reader would, with ``screener`` and ``python`` being these here.

    A plain command of ours needs no shell, and runs in this process.
    """
    if re.fullmatch(r"screener [^|<>&;$`\\]*", script):
        words = shlex.split(script)[1:]
        done = screener(*words, cwd=workplace, NO_COLOR="1", COLUMNS="100")
        both = done.stdout + done.stderr
        return subprocess.CompletedProcess(script, done.returncode, both)
    definitions = f'screener() {{ "{sys.executable}" -m screener.cli.main "$@"; }}\n'
    definitions += f'python() {{ "{sys.executable}" "$@"; }}\n'
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", definitions + script],
        cwd=workplace,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "NO_COLOR": "1", "COLUMNS": "100"},
    )


def made(demo: Demo, workplace: Path) -> subprocess.CompletedProcess[str]:
    """Bring here what ``screener demo`` made for all tests, and what it printed."""
    shutil.copytree(demo.folder, workplace, dirs_exist_ok=True)
    return subprocess.CompletedProcess("screener demo", 0, demo.told + demo.said)


def readme() -> str:
    return README.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_commands_of_the_readme_print_what_it_shows(workplace: Path, demo: Demo) -> None:
    scripts = [(command, command.script) for command in commands(readme()) if command.script]
    assert scripts, "README.md has no console block with a screener command"
    for command, script in scripts:
        done = made(demo, workplace) if script == "screener demo" else run(script, workplace)
        assert done.returncode == 0, f"$ {command.line}\n{done.stdout}"
        assert not not_printed(command.shown, done.stdout), f"$ {command.line}\n{done.stdout}"


@pytest.mark.slow
def test_the_python_of_the_readme_runs(workplace: Path) -> None:
    (workplace / "script.py").write_text("\n".join(fenced(readme(), "python")), encoding="utf-8")
    (workplace / "session.txt").write_text("\n".join(fenced(readme(), "pycon")), encoding="utf-8")
    for script in ("python script.py", "python -m doctest session.txt"):
        done = run(script, workplace)
        assert done.returncode == 0, done.stdout


def test_the_readme_starts_with_the_two_commands() -> None:
    lines = [command.line for command in commands(readme())]
    assert "pip install uv && uv run screener demo" in lines
    assert "uv run pytest" in lines


def test_continuous_integration_calls_the_test_command_of_the_readme() -> None:
    assert "\nuv run pytest" in (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_links_into_the_checkout_lead_somewhere(document: Path) -> None:
    linked = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert not [target for target in linked if not (document.parent / target).exists()]


def test_a_session_is_read_as_commands_and_what_they_show() -> None:
    text = "```console\n$ screener a \\\n    --b\n\n n  2\n$ uv run screener c | head -1\n```\n"
    first, second = commands(text)
    assert (first.script.split(), first.shown) == (["screener", "a", "--b"], (" n  2",))
    assert (second.script, second.shown) == ("screener c | head -1", ())


def test_a_number_that_does_not_come_out_is_found() -> None:
    printed = "15 of 22  patients\n371 patients in 9.1 s\n"
    assert not not_printed(("15 of 22 patients", "371 patients in ... s", "..."), printed)
    assert not_printed(("5 of 22 patients", "15 of 22", "37 patients in ... s"), printed) == [
        *("5 of 22 patients", "15 of 22", "37 patients in ... s")
    ]
