"""YAML with line numbers: plain values, and for every key the line it stands on.

PyYAML's C `compose` keeps the marks and reads 6,700 lines in some 20 ms.
Only what a settings file needs is read: no tags, no anchors, no merging, no second key of the same name, and no
character that drives a terminal or turns the direction of writing around.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from chipreel.config.checks import find_unseen, unseen_name
from chipreel.errors import ConfigError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Bytes of a file: a lexicon of a thousand companies is half of this.
MAX_BYTES = 4_000_000
#: Levels of nesting. The C composer calls itself for each and breaks the process somewhere beyond 5,000.
MAX_DEPTH = 64
_BRACKET = re.compile(r"[\[\]{}]")
_INLINE = re.compile(rf"(?:[-?][ \t]+){{{MAX_DEPTH}}}")

_Scalar = Callable[[yaml.ScalarNode], Any]


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
    """Read a YAML file. Raises ConfigError: missing, too long, not UTF-8, no YAML, or a key given twice."""
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
        text = body.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError("there is no such file", path=str(path), hint="check the path") from error
    except UnicodeDecodeError as error:
        if len(body) > MAX_BYTES:
            raise _too_long(str(path)) from error
        line = body.count(b"\n", 0, error.start) + 1
        raise ConfigError("is not UTF-8", path=str(path), line=line, hint="save the file as UTF-8") from error
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", path=str(path), hint="check its rights") from error
    if len(body) > MAX_BYTES:
        raise _too_long(str(path))
    return parse_located(text, str(path))


def parse_located(text: str, path: str = "<text>") -> LocatedYaml:
    """YAML text as a document; `path` is only for messages."""
    if len(text) > MAX_BYTES:
        raise _too_long(path)
    _refuse_depth(text, path)
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        message = f"this is no YAML: {error.problem or error.context}"
        raise ConfigError(message, path=path, line=line, hint="check the indentation and the quotes") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(f"this is no YAML: {str(error).splitlines()[0]}", path=path) from error
    try:
        return LocatedYaml(path, None if root is None else _Reading(path).value_of(root), root)
    except RecursionError as error:
        raise ConfigError("is nested too deep", path=path, hint="check the indentation") from error


def _too_long(path: str) -> ConfigError:
    return ConfigError(f"is longer than {MAX_BYTES:,} bytes", path=path, hint="this is hardly the file you meant")


def _step(node: yaml.Node | None, key: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        child = node.value[key]
        return child, child.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key_node, child in node.value:
            if key_node.value == str(key):
                return child, key_node.start_mark.line + 1
    return None


def _refuse_depth(text: str, path: str) -> None:
    deep = _INLINE.search(text)
    place = deep.start() if deep else _first_too_deep(text)
    if place is not None:
        line = text.count("\n", 0, place) + 1
        raise ConfigError(f"is nested more than {MAX_DEPTH} deep", path=path, line=line, hint="close the brackets")


def _first_too_deep(text: str) -> int | None:
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth = max(0, depth + (1 if bracket[0] in "[{" else -1))
        if depth > MAX_DEPTH:
            return bracket.start()
    return None


class _Reading:
    """One walk over the composed nodes: values out, what has no place in a settings file refused."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._visited: set[int] = set()
        make = yaml.constructor.SafeConstructor()
        self._scalars: dict[str, _Scalar] = {
            "tag:yaml.org,2002:int": make.construct_yaml_int,
            "tag:yaml.org,2002:float": make.construct_yaml_float,
            "tag:yaml.org,2002:bool": make.construct_yaml_bool,
            "tag:yaml.org,2002:null": make.construct_yaml_null,
            "tag:yaml.org,2002:timestamp": make.construct_yaml_timestamp,
        }

    def value_of(self, node: yaml.Node, key: str | None = None) -> Any:
        """The value of a node that stands under `key`, which is only for messages."""
        if isinstance(node, yaml.ScalarNode):
            if not node.value.isprintable():
                self._refuse_unseen(node, key)
            return node.value if node.tag == "tag:yaml.org,2002:str" else self._scalar(node)
        if id(node) in self._visited:
            raise self._error(node, "an alias (*name) stands here", "write it out in full")
        self._visited.add(id(node))
        if isinstance(node, yaml.SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
            return [self.value_of(child, key) for child in node.value]
        if isinstance(node, yaml.MappingNode) and node.tag == "tag:yaml.org,2002:map":
            return self._mapping(node)
        raise self._error(node, f"the tag {node.tag} has no meaning here", "leave it out")

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, child in node.value:
            key = key_node.value
            if not isinstance(key_node, yaml.ScalarNode) or not key:
                raise self._error(key_node, "this is no key", "a key is a word followed by a colon")
            if key_node.tag == "tag:yaml.org,2002:merge":
                raise self._error(key_node, "`<<` merges nothing here", "write the keys out in full")
            if key in values:
                line = key_node.start_mark.line + 1
                raise ConfigError("is given twice", path=self._path, line=line, key=key, hint="keep one of them")
            if not key.isprintable():
                self._refuse_unseen(key_node, None)
            values[key] = self.value_of(child, key)
        return values

    def _refuse_unseen(self, node: yaml.ScalarNode, key: str | None) -> None:
        unseen = find_unseen(node.value)
        if unseen is not None:
            # The text is not repeated: it may be a secret in a wrong place.
            line, hint = node.start_mark.line + 1, "leave it out, or type the text anew"
            raise ConfigError(f"holds {unseen_name(unseen)}", path=self._path, line=line, key=key, hint=hint)

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        read = self._scalars.get(node.tag)
        if read is None:
            raise self._error(node, f"the tag {node.tag} has no meaning here", "leave it out or use quotes")
        try:
            return read(node)
        except (ValueError, OverflowError) as error:
            raise self._error(node, f"{node.value!r} cannot be read: {error}", "put it in quotes") from error

    def _error(self, node: yaml.Node, message: str, hint: str) -> ConfigError:
        return ConfigError(message, path=self._path, line=node.start_mark.line + 1, hint=hint)
