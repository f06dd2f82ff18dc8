"""Why each story stands where it stands: the parts of its score."""

from __future__ import annotations

from collections.abc import Iterator

from chipreel.digest.labels import label
from chipreel.digest.plain import line
from chipreel.digest.view import reason
from chipreel.model.digest import Digest


def render_scores(digest: Digest) -> str:
    """A line for each story, with its points, what they are made of, and why it is here or was left out."""
    return "\n".join(_rows(digest)) + "\n"


def render_left_out(digest: Digest) -> str:
    """The stories that were left out, and why."""
    lang = digest.lang
    rows = [
        f"{one.score:6.2f}  {one.story}  {line(one.headline)}  [{label(lang, f'left.{one.why}')}]"
        for one in digest.left
    ]
    return "\n".join([label(lang, "left_out.title"), *rows]) + "\n"


def _rows(digest: Digest) -> Iterator[str]:
    lang = digest.lang
    for place, entry in enumerate(digest.entries, 1):
        yield f"{place:3d}. {entry.score:6.2f}  {entry.story}  {line(entry.headline)}"
        yield "     " + _parts(lang, entry.score_parts)
        why = line(" · ".join(reason(digest, *one) for one in entry.reasons))
        if why:
            yield f"     {label(lang, 'why')}{why}"
    if digest.left:
        yield ""
        yield f"{label(lang, 'left_out.title')}:"
    for one in digest.left:
        yield f"     {one.score:6.2f}  {one.story}  {line(one.headline)}  [{label(lang, f'left.{one.why}')}]"
        yield "             " + _parts(lang, one.score_parts)


def _parts(lang: str, parts: tuple[tuple[str, float], ...]) -> str:
    return " + ".join(f"{label(lang, f'part.{name}')} {value:.2f}" for name, value in parts if value)
