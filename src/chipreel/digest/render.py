"""The formats by name, for one edition."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chipreel.model.digest import Digest


def render(digest: Digest, form: str) -> str:
    """One edition in one of the formats: markdown, text, html, json, atom, atom-stories. Raises KeyError."""
    return RENDERERS[form](digest)


def _markdown(digest: Digest) -> str:
    from chipreel.digest.markdown import render_markdown

    return render_markdown(digest)


def _text(digest: Digest) -> str:
    from chipreel.digest.plain import render_plain

    return render_plain(digest)


def _html(digest: Digest) -> str:
    from chipreel.digest.html import render_html

    return render_html(digest)


def _json(digest: Digest) -> str:
    from chipreel.digest.frozen import freeze

    return freeze(digest) + "\n"


def _atom(digest: Digest) -> str:
    from chipreel.digest.atom import render_atom

    return render_atom([(0, digest)])


def _story_atom(digest: Digest) -> str:
    from chipreel.digest.atom import render_story_atom

    return render_story_atom([(0, digest)])


RENDERERS: Mapping[str, Callable[[Digest], str]] = {
    "markdown": _markdown,
    "text": _text,
    "html": _html,
    "json": _json,
    "atom": _atom,
    "atom-stories": _story_atom,
}
#: Format → what the name of its file ends with.
ENDINGS: Mapping[str, str] = {
    "markdown": "md",
    "text": "txt",
    "html": "html",
    "json": "json",
    "atom": "xml",
    "atom-stories": "xml",
}
