"""What is used of medspaCy, imported without QuickUMLS.

medspaCy imports QuickUMLS as it starts, and with it NLTK and all of SciPy's statistics: more than
half of its start-up, for a component that is used nowhere here. A process that uses QuickUMLS too
imports ``quickumls`` first, and then has it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

UNUSED = "quickumls"


@contextmanager
def _left_out(name: str) -> Iterator[None]:
    """Let an import of a module find an empty one meanwhile, unless the real one is there."""
    if name in sys.modules:
        yield
        return
    empty = ModuleType(name)
    empty.spacy_component = None  # type: ignore[attr-defined]  # what medspaCy takes of it
    sys.modules[name] = empty
    try:
        yield
    finally:
        del sys.modules[name]


os.environ.setdefault("LOGURU_AUTOINIT", "False")  # PyRuSH would write texts to stderr
with _left_out(UNUSED):
    import medspacy.context
    import medspacy.target_matcher

__all__ = ["medspacy"]
