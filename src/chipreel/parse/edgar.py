"""Filings at the SEC: Atom whose titles name neither the company nor, sometimes, anything but a form."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree

from chipreel.model import Item
from chipreel.parse.atom import read_atom
from chipreel.parse.context import Context
from chipreel.parse.parsed import ParsedFeed
from chipreel.parse.plain import line_of_text
from chipreel.parse.xml_tree import iter_elements, text_of

_NUMBER = re.compile(r"\s*\(\d{7,10}\)(?:\s*\((?:Filer|Subject|Reporting|Issuer)\))?\s*$")
#: Of a filing's summary: what was filed, not its number and size.
_NOISE = re.compile(r"(?:Filed|AccNo|Size):\s*\S+(?:\s*[KM]B)?")


def read_edgar(root: etree._Element, context: Context, url: str | None) -> ParsedFeed:
    """Filings, each titled with company, form and the form's name: "NVIDIA CORP: 8-K, Current report"."""
    parsed = read_atom(root, context, url)
    named = next((text_of(element) for element in iter_elements(root, "conformed-name", "atom:conformed-name")), None)
    company = line_of_text(named) or (
        _NUMBER.sub("", parsed.title) if parsed.title and _NUMBER.search(parsed.title) else None
    )
    return replace(parsed, items=tuple(_with_company(item, company) for item in parsed.items), format="edgar")


def _with_company(item: Item, company: str | None) -> Item:
    form, _, name = (part.strip() for part in (item.title or "").partition(" - "))
    if _NUMBER.search(name):  # the list of all filers: "8-K - NVIDIA CORP (0001045810) (Filer)"
        company, name = _NUMBER.sub("", name), ""
    title = f"{company}: {form}" if company and company not in form else form
    bodies = [body for body in (item.summary, item.text) if body and ("Filed:" in body or "Item " in body)]
    text = " ".join(_NOISE.sub("", bodies[0]).split()) if bodies else None
    return replace(item, title=f"{title}, {name}" if name else title, text=text or None, summary=None)
