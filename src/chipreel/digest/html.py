"""An edition as HTML: one file or mail, styles in place, dark where the reader's is, nothing fetched, nothing run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from chipreel.digest.html_template import STYLES, TEMPLATE
from chipreel.digest.plain import line
from chipreel.digest.view import view
from chipreel.model.digest import Digest
from chipreel.text.addresses import is_web_url

if TYPE_CHECKING:
    from jinja2 import Template

#: Size of a sparkline, in pixels.
_CHART = (84, 18)


def render_html(digest: Digest) -> str:
    """The edition as a whole HTML document."""
    page = view(digest)
    return _template().render(page=page, label=page.label, s=STYLES) + "\n"


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"line": line, "points": chart_points}
    environment.tests["web_url"] = is_web_url
    return environment.from_string(TEMPLATE)


def chart_points(values: Sequence[int]) -> str:
    """The points of a line through the values, in a box of 84 by 18 pixels; empty for less than two."""
    if len(values) < 2:
        return ""
    width, height = _CHART
    top = max(values) or 1
    step = (width - 4) / (len(values) - 1)
    return " ".join(
        f"{2 + place * step:.1f},{height - 2 - value / top * (height - 4):.1f}" for place, value in enumerate(values)
    )
