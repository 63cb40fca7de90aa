"""What is used of medspaCy, imported without QuickUMLS and without spaCy's command line.

medspaCy imports QuickUMLS as it starts, and with it NLTK and all of SciPy's statistics: more than
half of its start-up, for a component that is used nowhere here. A process that uses QuickUMLS too
imports ``quickumls`` first, and then has it. spaCy imports its command line for one function, and
with it what downloads models; ``spacy.cli`` is there all the same when it is asked for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

UNUSED = "quickumls", "spacy.cli", "spacy.cli.info"


@contextmanager
def _left_out(names: Sequence[str]) -> Iterator[None]:
    """Let imports of some modules find empty ones meanwhile, unless the real ones are there."""
    if "spacy" in sys.modules:
        names = [name for name in names if not name.startswith("spacy.")]
    empty = {name: _empty(name) for name in names if name not in sys.modules}
    sys.modules.update(empty)
    try:
        yield
    finally:
        for name in empty:
            del sys.modules[name]


def _empty(name: str) -> ModuleType:
    empty = ModuleType(name)
    empty.__path__ = []
    empty.spacy_component = None  # type: ignore[attr-defined]  # what medspaCy takes of QuickUMLS
    empty.info = _info  # type: ignore[attr-defined]  # and spaCy of its command line
    return empty


def _info(*args: Any, **options: Any) -> Any:  # noqa: ANN401
    """Do what ``spacy.info`` does."""
    from spacy.cli.info import info

    return info(*args, **options)


os.environ.setdefault("LOGURU_AUTOINIT", "False")  # PyRuSH would write texts to stderr
with _left_out(UNUSED):
    import medspacy.context
    import medspacy.target_matcher

__all__ = ["medspacy"]
