"""The files of a rule pack, read and checked; every problem is told at once, with file and line.

What stands in one file is checked whatever is wrong with another: a file that is no YAML takes only
its own keys out of the check, and a value of the wrong kind only its own key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from screener.errors import PackError, Problem
from screener.pack_checks import Path_, check_parts, check_phrases
from screener.pack_models import RulePack
from screener.phrases import PhraseError, with_words
from screener.yaml_lines import LinedYaml, YamlError

PACK_FILES = ("pack.yaml", "targets.yaml", "context.yaml", "sections.yaml")
_HOMES = {
    "concepts": "targets.yaml",
    "spelling": "targets.yaml",
    "words": "targets.yaml",
    "cues": "context.yaml",
    "sections": "sections.yaml",
}
"""The file that a key of the pack stands in; all others stand in ``pack.yaml``."""
_PHRASES = {"concepts": "phrases", "cues": "phrases", "sections": "headings"}
"""The key under which the entries of a list hold their phrases."""
_DERIVED = frozenset({"sha256", "folder"})
"""Attributes of a pack that stand in no file."""


def read_pack(folder: Path) -> RulePack:
    """Read the pack in a folder.

    Raises
    ------
    PackError
        With every problem of it, in order of the files and lines.
    """
    return _Reading(folder).pack()


class _Reading:
    """One pass over a pack's files that gathers every problem before it raises."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.yaml: dict[str, LinedYaml] = {}
        self.content: dict[str, Any] = {}
        self.digest = hashlib.sha256()

    def pack(self) -> RulePack:
        """Return the pack, or raise what is wrong with it."""
        for file in PACK_FILES:
            self._read(file)
        self._name_words()
        for path, message in check_phrases(self._phrases()):
            self._tell(path, message)
        sound = self._sound()
        for path, message in check_parts(RulePack.model_construct(**sound), sound):
            self._tell(path, message)
        if self.problems:
            raise self._error()
        derived = {"sha256": self.digest.hexdigest(), "folder": str(self.folder)}
        return RulePack.model_validate({**self.content, **derived})

    def _read(self, file: str) -> None:
        try:
            raw = (self.folder / file).read_bytes()
            self.digest.update(file.encode() + b"\0" + raw + b"\0")
            read = LinedYaml(raw.decode("utf-8"))
        except OSError:
            self.problems.append(Problem(file, 1, f"the pack has no readable {file}"))
        except UnicodeDecodeError:
            self.problems.append(Problem(file, 1, "not UTF-8"))
        except YamlError as error:
            self.problems.append(Problem(file, error.line, str(error)))
        else:
            if isinstance(read.data, dict):
                self._take(file, read)
            else:
                self.problems.append(Problem(file, 1, "the file must be a mapping of keys"))

    def _take(self, file: str, read: LinedYaml) -> None:
        self.yaml[file] = read
        for key, value in read.data.items():
            if _home(key) == file:
                self.content[str(key)] = value
            else:
                problem = Problem(file, read.line((key,)), f"{key!r} does not belong here")
                self.problems.append(problem)

    def _name_words(self) -> None:
        """Put the words that a name in braces stands for into the phrases."""
        named = _named_words(self.content.get("words"))
        for (key, i, field, j), phrase in list(self._phrases()):
            try:
                self.content[key][i][field][j] = with_words(phrase, named)
            except PhraseError as error:
                self._tell((key, i, field, j), str(error))

    def _phrases(self) -> Iterator[tuple[tuple[str, int, str, int], str]]:
        for key, field in _PHRASES.items():
            for i, entry in enumerate(_list(self.content.get(key))):
                listed = entry.get(field) if isinstance(entry, dict) else None
                for j, phrase in enumerate(_list(listed)):
                    if isinstance(phrase, str):
                        yield (key, i, field, j), phrase

    def _sound(self) -> dict[str, Any]:
        """The values of the pack that are of the right kind; the others are problems."""
        sound: dict[str, Any] = {}
        for key in (key for key in self.content if key not in _ADAPTERS):
            self._tell((key,), f"{key}: Extra inputs are not permitted")
        for key, adapter in _ADAPTERS.items():
            if key in self.content:
                try:
                    sound[key] = adapter.validate_python(self.content[key])
                except ValidationError as error:
                    self._tell_all(key, error)
            elif RulePack.model_fields[key].is_required() and _home(key) in self.yaml:
                self._tell((key,), f"{key}: Field required")
        return sound

    def _tell_all(self, key: str, error: ValidationError) -> None:
        for detail in error.errors(include_url=False, include_input=False):
            path = (key, *detail["loc"])
            self._tell(path, f"{'.'.join(map(str, path))}: {detail['msg']}")

    def _tell(self, path: Path_, message: str) -> None:
        file = _home(path[0])
        line = self.yaml[file].line(path) if file in self.yaml else 1
        self.problems.append(Problem(file, line, message))

    def _error(self) -> PackError:
        unique = dict.fromkeys(self.problems)
        ordered = sorted(unique, key=lambda p: (PACK_FILES.index(p.file), p.line))
        message = f"The pack in {self.folder} has {len(ordered)} problem(s):"
        return PackError(message, tuple(ordered))


def _home(key: str | int) -> str:
    return _HOMES.get(str(key), "pack.yaml")


def _named_words(value: object) -> dict[str, list[str]]:
    """The named words of a pack that are of the right kind; what is not is told elsewhere."""
    if not isinstance(value, dict):
        return {}
    return {str(k): [w for w in _list(v) if isinstance(w, str)] for k, v in value.items()}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _adapter(key: str) -> TypeAdapter[Any]:
    """What validates one key of a pack by itself."""
    field = RulePack.model_fields[key]
    kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    is_plain = not field.metadata and hasattr(kind, "model_config")
    return TypeAdapter(kind, config=None if is_plain else ConfigDict(strict=True))


_ADAPTERS = {key: _adapter(key) for key in RulePack.model_fields if key not in _DERIVED}
