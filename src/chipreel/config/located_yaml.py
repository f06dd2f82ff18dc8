"""YAML with line numbers: plain values, and for every key the line it stands on.

PyYAML's C `compose` keeps the marks and reads 6,700 lines in some 20 ms; ruamel.yaml is for files that are edited.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from chipreel.errors import ConfigError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class LocatedYaml:
    """One document. `value` is made of dict, list, str, int, float, bool, None and dates, as YAML says."""

    path: str
    value: Any
    _root: yaml.Node | None

    def line_of(self, *keys: str | int) -> int:
        """1-based line of what `keys` lead to; where they lead nowhere, of the last thing on the way."""
        node, line = self._root, 1
        for key in keys:
            found = _step(node, key)
            if found is None:
                break
            node, line = found
        return line

    def error(self, message: str, *keys: str | int, hint: str | None = None) -> ConfigError:
        """A ConfigError that names the file, the line and the key."""
        name = ".".join(str(key) for key in keys if isinstance(key, str))
        return ConfigError(message, path=self.path, line=self.line_of(*keys), key=name or None, hint=hint)


def load_located(path: Path) -> LocatedYaml:
    """Read a YAML file. Raises ConfigError: missing, not UTF-8, no YAML, or a key given twice."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError("there is no such file", path=str(path), hint="check the path") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", path=str(path), hint="save it as UTF-8") from error
    return parse_located(text, str(path))


def parse_located(text: str, path: str = "<text>") -> LocatedYaml:
    """YAML text as a document; `path` is only for messages."""
    try:
        root = yaml.compose(text, Loader=_LOADER)
        _refuse_doubles(root, path)
        value = yaml.load(text, Loader=_LOADER)  # noqa: S506 (a safe loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        message = f"this is no YAML: {error.problem or error.context}"
        raise ConfigError(message, path=path, line=line, hint="check the indentation and the quotes") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(f"this is no YAML: {str(error).splitlines()[0]}", path=path) from error
    return LocatedYaml(path, value, root)


def _step(node: yaml.Node | None, key: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        child = node.value[key]
        return child, child.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key_node, child in node.value:
            if key_node.value == str(key):
                return child, key_node.start_mark.line + 1
    return None


def _refuse_doubles(root: yaml.Node | None, path: str) -> None:
    """YAML lets a second `url:` win silently; here it is an error."""
    todo, visited = [root], set()
    while todo:
        node = todo.pop()
        if node is None or id(node) in visited:
            continue
        visited.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            todo += node.value
        elif isinstance(node, yaml.MappingNode):
            _refuse_double_keys(node, path)
            todo += [child for _, child in node.value]


def _refuse_double_keys(node: yaml.MappingNode, path: str) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        if key.value in seen:
            line = key.start_mark.line + 1
            raise ConfigError("is given twice", path=path, line=line, key=key.value, hint="keep one of them")
        seen.add(key.value)
