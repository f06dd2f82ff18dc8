"""Hugging Face: new models of an organisation, variants of one model as one item; and the papers of the day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chipreel.errors import ParseError
from chipreel.model import Item
from chipreel.parse.context import Context
from chipreel.parse.identity import identified
from chipreel.parse.json_values import JsonObject, listed, object_at, objects, shape_of, string, whole
from chipreel.parse.parsed import ParsedFeed
from chipreel.parse.plain import line_of_text, text_to_text

_SITE = "https://huggingface.co/"
_NAME = re.compile(r"[\w.-]{1,100}/[\w.-]{1,200}", re.ASCII)
#: Parts of a model's name that say in which size, precision or file format it comes, not which model it is.
_VARIANT = re.compile(
    r"(?:[-_.](?:A?\d+(?:\.\d+)?[BM]|A\d+B|fp\d+|bf16|f16|int[48]|[48]bit|nvfp4|mxfp4|w\d+a\d+|awq|gptq|gguf|ggml|mlx|onnx|"
    r"exl[23]|bnb|q\d(?:_\w+)?|diffusers|comfyui|safetensors|hf|quant\w*|distill\w*|\d{3,4}p))+(?=$|[-_])",
    re.IGNORECASE,
)


def read_huggingface(document: Any, options: Mapping[str, Any], context: Context) -> ParsedFeed:
    """Models, or papers where the answer holds papers."""
    del options
    if not isinstance(document, list):
        told = string(document.get("error")) if isinstance(document, Mapping) else None
        raise ParseError(f"the answer is no list of models or papers: {told or shape_of(document)}")
    entries = objects(document)
    if entries and "paper" in entries[0]:
        return ParsedFeed(identified(_paper(entry, context) for entry in entries), "huggingface papers")
    families: dict[str, list[JsonObject]] = {}
    for entry in entries:
        name = string(entry.get("id")) or string(entry.get("modelId")) or ""
        if _NAME.fullmatch(name) and not entry.get("private"):
            families.setdefault(family_of(name), []).append({**entry, "id": name})
    return ParsedFeed(
        identified(_family(name, members, context) for name, members in families.items()), "huggingface models"
    )


def family_of(name: str) -> str:
    """The model a repository holds a variant of.

    >>> family_of("Wan-AI/Wan2.2-T2V-A14B-Diffusers")
    'Wan-AI/Wan2.2-T2V'
    """
    owner, _, model = name.partition("/")
    return f"{owner}/{_VARIANT.sub('', model) or model}"


def _family(name: str, members: list[JsonObject], context: Context) -> Item:
    """The variants of one model: its date and address are those of the first that was published."""
    dated = sorted(((context.date(string(member.get("createdAt"))), member) for member in members), key=_when)
    published, note = dated[0][0]
    tasks = dict.fromkeys(filter(None, (line_of_text(string(member.get("pipeline_tag"))) for member in members)))
    names = [string(member["id"]) or "" for _, member in dated]
    text = [f"Task: {', '.join(tasks)}"] if tasks else []
    text += [f"Variants: {', '.join(names)}"] if len(names) > 1 else []
    return Item(
        id=name,
        title=name if len(members) > 1 else names[0],
        url=_SITE + names[0],
        author=name.partition("/")[0],
        published=published,
        text="\n\n".join(text) or None,
        categories=tuple(tasks),
        points=max((whole(member.get("likes")) or 0 for member in members), default=None),
        date_note=note,
    )


def _when(dated: tuple[tuple[Any, str | None], JsonObject]) -> tuple[float, str]:
    (moment, _), member = dated
    return (moment.timestamp() if moment else float("inf"), str(member["id"]))


def _paper(entry: JsonObject, context: Context) -> Item:
    paper = object_at(entry, "paper")
    number = line_of_text(string(paper.get("id"))) or ""
    published, note = context.date(string(entry.get("publishedAt")), string(paper.get("publishedAt")))
    authors = [line_of_text(string(author.get("name"))) for author in objects(paper.get("authors"))]
    return Item(
        id=number,
        title=line_of_text(string(paper.get("title")) or string(entry.get("title"))),
        url=f"{_SITE}papers/{number}" if number else None,
        author=", ".join(filter(None, authors))[:500] or None,
        published=published,
        text=text_to_text(string(paper.get("summary")) or string(entry.get("summary"))),
        categories=tuple(filter(None, (line_of_text(string(word)) for word in listed(paper.get("ai_keywords")))))[:20],
        points=whole(paper.get("upvotes")),
        comments=whole(entry.get("numComments")),
        date_note=note,
    )
