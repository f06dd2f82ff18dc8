"""The HTML in a real browser: it fits a phone and a desk, turns dark, and asks for nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chipreel.digest.html import render_html
from chipreel.model.digest import Digest

_BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(_BROWSER is None, reason="no Chromium on this machine")]


@pytest.fixture
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=_BROWSER, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Callable[..., Any]:
    """Opens an edition in a window of some width; yields the page and every address it asked for."""

    def opened(digest: Digest, width: int, scheme: str = "light") -> tuple[Any, list[str]]:
        path = tmp_path / "digest.html"
        path.write_text(render_html(digest), encoding="utf-8")
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        return page, asked

    return opened


@pytest.mark.parametrize("width", [340, 390, 1280])
def test_it_fits_and_asks_for_nothing(digest: Digest, open_page: Any, width: int) -> None:
    """No scrolling sideways, also with a headline that has no space in it; no request but for the page itself."""
    first = digest.entries[0]
    long = replace(first, headline="芯" * 90 + "x" * 120, lines=("Aword" * 60, "视频" * 80))
    page, asked = open_page(replace(digest, entries=(long, *digest.entries[1:])), width)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [page.url]
    assert page.locator("h3").first.bounding_box()["width"] <= 680


def test_it_is_dark_where_the_reader_is(digest: Digest, open_page: Any) -> None:
    """The text stays readable: far from its ground in both schemes."""
    for scheme in ("light", "dark"):
        page, _ = open_page(digest, 800, scheme)
        for selector in ("p.quiet", "a.link", "h2.section", ".page"):
            colours = page.eval_on_selector(
                selector,
                "e => [getComputedStyle(e).color, getComputedStyle(document.querySelector('.page')).backgroundColor]",
            )
            assert _contrast(*map(_luminance, colours)) >= 4.5, (scheme, selector, colours)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.strip("rgb()").split(",")[:3]]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
