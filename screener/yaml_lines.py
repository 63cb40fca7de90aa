"""YAML read with the line of every value, so that a problem can be told where it stands."""

from __future__ import annotations

import re
from collections.abc import Hashable
from contextlib import suppress
from typing import Any

import yaml

Path_ = tuple[str | int, ...]
_READ_OTHERWISE = re.compile(r"[\t\ufeff]|\?[^\n]")
"""What libyaml allows where Python's reader does not."""
_QUOTED_ITEM = re.compile(r'^ *(?:-|\w+:) \[?"(?:[^"\\\n\t\ufeff]|\\["\\])*"\]?$', re.MULTILINE)
"""A line that is one text in quotes, which both read alike."""


class YamlError(ValueError):
    """Text that is not YAML, or YAML with a repeated key."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class LinedYaml:
    """A YAML document as plain data, and the line on which each of its values begins.

    Attributes
    ----------
    data
        Dicts, lists and scalars; an empty document is an empty dict.

    Raises
    ------
    YamlError
        On syntax errors, repeated keys, aliases or tags that are not plain data.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[Path_, int] = {}
        self._constructor = yaml.SafeLoader("")
        try:
            node = _composed(text)
            self.data: Any = {} if node is None else self._plain(node, ())
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise YamlError(mark.line + 1 if mark else 1, error.problem or "not YAML") from None
        except yaml.YAMLError:
            raise YamlError(1, "not YAML: it holds characters that YAML does not allow") from None

    def line(self, path: Path_) -> int:
        """Return the line (1-based) of the value at `path`, or of its nearest parent."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _plain(self, node: yaml.Node, path: Path_) -> Any:  # noqa: ANN401 - plain data
        self._lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(child, (*path, i)) for i, child in enumerate(node.value)]
        return self._constructor.construct_object(node)

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[Hashable, Any]:
        result: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = self._plain(key_node, (*path, "?"))
            if not isinstance(key, Hashable) or key in result:
                raise YamlError(key_node.start_mark.line + 1, f"the key {key!r} stands twice")
            child = (*path, key if isinstance(key, int) else str(key))
            self._lines[child] = key_node.start_mark.line + 1
            result[key] = self._plain(value_node, child)
        return result


def _composed(text: str) -> yaml.Node | None:
    """Read with libyaml, which is far faster; what it refuses, Python's reader words better."""
    if not _READ_OTHERWISE.search(_QUOTED_ITEM.sub("-", text)):
        with suppress(AttributeError, ValueError, yaml.YAMLError):  # or there is no libyaml
            return yaml.compose(text, Loader=yaml.CSafeLoader)
    return yaml.compose(text, Loader=yaml.SafeLoader)
