"""The kinds of source: what to ask for, what the options may say, which parser reads the answer.

One module per kind, named like the kind with `_` for `-`; each holds one `KIND`. A new kind is one new file here.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from chipreel.errors import ConfigError
from chipreel.fetch.kinds._kind import Kind, Past, Request, Seek

__all__ = ["Kind", "Past", "Request", "Seek", "get_kind", "kind_names"]


@cache
def kind_names() -> tuple[str, ...]:
    """Names of all kinds, sorted."""
    return tuple(sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_")))


@cache
def get_kind(name: str) -> Kind:
    """The kind of that name; ConfigError with the known names when there is none."""
    if name not in kind_names():
        raise ConfigError(f"there is no kind {name!r}", key="kind", hint=f"one of {', '.join(kind_names())}")
    kind: Kind = import_module(f"{__name__}.{name}").KIND
    return kind
