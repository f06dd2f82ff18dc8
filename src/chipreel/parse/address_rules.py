"""Which addresses of a list are items: `pattern` and `exclude` of a source."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from chipreel.errors import ParseError

#: Longer addresses are nobody's article.
MAX_LENGTH = 2_000


def address_rule(options: Mapping[str, Any]) -> Callable[[str], bool]:
    """Whether an absolute address is an item: `pattern` is found in it and `exclude` is not."""
    pattern, exclude = compiled(options, "pattern"), compiled(options, "exclude")

    def wanted(url: str) -> bool:
        if len(url) > MAX_LENGTH or (pattern and not pattern.search(url)):
            return False
        return not (exclude and exclude.search(url))

    return wanted


def compiled(options: Mapping[str, Any], key: str) -> re.Pattern[str] | None:
    """A regular expression among the options; ParseError when it is none."""
    value = options.get(key)
    if value is None:
        return None
    try:
        return re.compile(value)
    except (re.error, TypeError) as error:
        raise ParseError(f"the option {key} is no regular expression: {error}") from error
