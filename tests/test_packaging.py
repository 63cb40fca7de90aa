"""What is installed is what is in the checkout, and it works away from it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parent.parent

# Where each shipped folder of the checkout is in the wheel.
SHIPPED = {
    "screener": "screener",
    "rules": "screener/rules",
    "corpora/synthetic_reports/cohort": "screener/demo_cohort",
}


def build(kind: str, checkout: Path, folder: Path) -> Path:
    """Build a wheel or an sdist with the build backend itself, which needs no network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    done = subprocess.run(command, cwd=checkout, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    (built,) = folder.iterdir()
    return built


def shipped_files() -> dict[str, bytes]:
    """Return what the wheel should hold beside its metadata, by path in the wheel."""
    return {
        f"{there}/{file.relative_to(CHECKOUT / here).as_posix()}": file.read_bytes()
        for here, there in SHIPPED.items()
        for file in (CHECKOUT / here).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def wheel_files(wheel: Path) -> dict[str, bytes]:
    """Return what a wheel holds beside its metadata, by path."""
    with zipfile.ZipFile(wheel) as opened:
        return {
            name: opened.read(name)
            for name in opened.namelist()
            if not name.split("/")[0].endswith(".dist-info")
        }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", CHECKOUT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a fresh environment and return its folder of programs.

    The libraries it needs are lent by the environment of the tests through a `.pth` file, which
    does not follow the `.pth` files there, so the checkout stays out of sight.
    """
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True, env=environment())
    (packages,) = folder.glob("lib/python*/site-packages")
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "lent.pth").write_text("\n".join(sorted(lent)), encoding="utf-8")
    return folder / "bin"


def environment() -> dict[str, str]:
    """Return an environment in which nothing points to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def project() -> dict[str, Any]:
    """Return what pyproject.toml says of the project."""
    text = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    return cast("dict[str, Any]", tomllib.loads(text)["project"])


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, check=False, text=True, env=environment()
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_holds_the_package_the_rules_and_the_cohort(wheel: Path) -> None:
    expected, found = shipped_files(), wheel_files(wheel)
    assert sorted(found) == sorted(expected)
    assert found == expected


def test_the_wheel_holds_what_is_read_by_name(wheel: Path) -> None:
    """Guards the comparison above against a folder that is empty in the checkout, too."""
    found = set(wheel_files(wheel))
    assert "screener/py.typed" in found
    assert "screener/demo_cohort/reports.csv" in found
    assert "screener/rules/screening/liver_tumor_burden/pack.yaml" in found
    assert "screener/rules/screening/liver_tumor_burden/cases.yaml" in found
    assert "screener/rules/toxicity/ctcae_v5.yaml" in found


def test_the_wheel_carries_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        (name,) = (name for name in opened.namelist() if name.endswith("/licenses/LICENSE"))
        assert opened.read(name) == (CHECKOUT / "LICENSE").read_bytes()


def test_a_source_distribution_builds_the_same_wheel(tmp_path: Path) -> None:
    source = build("sdist", CHECKOUT, tmp_path / "sdist")
    with tarfile.open(source) as opened:
        # Python before 3.11.4 has no filters, and 3.12 and later warn where none is chosen.
        opened.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
        opened.extractall(tmp_path / "source")  # noqa: S202
    (unpacked,) = (tmp_path / "source").iterdir()
    assert wheel_files(build("wheel", unpacked, tmp_path / "wheel")) == shipped_files()


def test_the_citation_is_of_this_version_and_licence() -> None:
    citation = yaml.safe_load((CHECKOUT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == project()["version"]
    assert citation["license"] == project()["license"]
    assert {"cff-version", "message", "title", "authors"} <= set(citation)


@pytest.mark.slow
def test_an_installed_wheel_finds_itself_and_not_the_checkout(
    installed: Path, tmp_path: Path
) -> None:
    code = "import screener; print(screener.__file__)"
    told = run([str(installed / "python"), "-c", code], tmp_path)
    assert Path(told.strip()).is_relative_to(installed.parent)
    told = run([str(installed / "screener"), "--version"], tmp_path)
    assert told == f"screener {project()['version']}\n"


@pytest.mark.slow
def test_an_installed_wheel_brings_its_packs(installed: Path, tmp_path: Path) -> None:
    assert "liver_tumor_burden" in run([str(installed / "screener"), "pack", "list"], tmp_path)


@pytest.mark.slow
def test_an_installed_wheel_runs_the_demonstration(installed: Path, tmp_path: Path) -> None:
    told = run([str(installed / "screener"), "demo"], tmp_path)
    assert "371" in told
    assert (tmp_path / "screener-demo" / "patients.csv").is_file()
