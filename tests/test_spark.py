"""The recipe of docs/scale.md: one partition of a Spark frame, screened by the same function."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
DOCS = Path(__file__).parents[1] / "docs" / "scale.md"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java")
def test_the_recipe_of_the_documentation_runs(tmp_path: Path) -> None:
    recipe = DOCS.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    script = tmp_path / "recipe.py"
    script.write_text(recipe, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == ["r1", "extensive", "r2", "none"]
