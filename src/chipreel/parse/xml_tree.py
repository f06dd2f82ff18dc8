"""Well-formed XML → tree, without a document type, entities of its own, or the network; and how to read the tree.

libxml2 reads 190 MB/s, feedparser 1.4: so whatever is wrong with a document in a way that can be mended without
guessing (a blank line before the declaration, `&nbsp;`, a bare `&`, a control character, an undeclared prefix) is
mended and parsed strictly again. Nothing is ever read with `recover`: that loses entries without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5

from lxml import etree

#: Namespaces by the prefix we call them; whatever is not listed here and not the document's own is not read.
_PREFIXES = {
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://video.search.yahoo.com/mrss/": "media",
    "http://video.search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/xml/1998/namespace": "xml",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.google.com/schemas/sitemap-image/1.1": "image",
    "http://www.youtube.com/xml/schemas/2015": "yt",
}
#: Namespaces that RSS documents give to RSS itself.
_RSS = re.compile(
    r"http://(?:purl\.org/rss/1\.0(?:/modules/rss091#?)?|my\.netscape\.com/(?:rdf/simple/0\.9|publish/formats/rss-0\.91\.dtd)|"
    r"channel\.netscape\.com/rdf/simple/0\.9|purl\.org/net/rss1\.1#|backend\.userland\.com/.*|blogs\.law\.harvard\.edu/tech/rss|"
    r"(?:www\.)?rssboard\.org.*|cyber\.law\.harvard\.edu/rss.*|purl\.org/rss/2\.0/?|my\.netscape\.com/.*)/?",
)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*+(?:\[(.*?)\]\s*+)?>", re.DOTALL | re.IGNORECASE)
_DEFINITION = re.compile(r"""<!ENTITY\s+([\w.-]{1,40})\s+["']((?:[^"'&<>%]|&#\w{1,7};){0,64})["']\s*>""")
_BARE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:amp|lt|gt|quot|apos);)(?:(#\d{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z]\w{0,40});)?",
    re.DOTALL,
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_PREFIX_IN_USE = re.compile(r"[<\s]/?([A-Za-z_][\w.-]{0,40}):[A-Za-z_]")
_ATOM = "{http://www.w3.org/2005/Atom}"
_ROOT_TAG = re.compile(r"<[A-Za-z_][^\s>/]*")
_END = re.compile(r"</\s*(?:rss|feed|(?:\w+:)?RDF|urlset|sitemapindex)\s*>", re.IGNORECASE)


def find_tree(text: str) -> tuple[etree._Element | None, str | None]:
    """The root of a well-formed document and what had to be mended; None when it is beyond safe mending."""
    text, entities = _without_doctype(_from_first_tag(text))
    root = _parsed(text)
    if root is not None:
        return root, None
    text = _NOT_XML.sub("", text)
    text = _BARE.sub(lambda match: _mended_reference(match, entities), text)
    if end := _last(_END, text):
        text = text[: end.end()]
    root = _parsed(text)
    if root is None:
        root = _parsed(_with_prefixes(text))
    return root, None if root is None else "mended"


def _parsed(text: str) -> etree._Element | None:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _from_first_tag(text: str) -> str:
    """Without what stands before the first `<`: blank lines, marks, a warning of PHP."""
    start = text.find("<")
    return text[start:] if 0 < start < 10_000 else text


def _without_doctype(text: str) -> tuple[str, dict[str, str]]:
    """Without its document type, and the harmless entities that it defined: short ones that name no other."""
    match = _DOCTYPE.search(text, 0, 200_000) if "<!DOCTYPE" in text[:5000] or "<!doctype" in text[:5000] else None
    if not match:
        return text, {}
    entities = {name: unescape(value) for name, value in _DEFINITION.findall(match[1] or "")[:200]}
    return text[: match.start()] + text[match.end() :], entities


def _mended_reference(match: re.Match[str], entities: dict[str, str]) -> str:
    if match[0].startswith("<"):
        return match[0]
    name = match[1]
    if not name:
        return "&amp;"
    if name.startswith("#"):
        char = unescape(f"&{name};")
        if char in ("", "\ufffd") or _NOT_XML.search(char):
            return ""
        return match[0] if char in "<&>" else char
    char = entities.get(name) or html5.get(f"{name};", "")
    if not char or char in "<>&":
        return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(char, f"&amp;{name};")
    return char


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last match in the last stretch of the text."""
    found = None
    for match in pattern.finditer(text, max(0, len(text) - 100_000)):
        found = match
    return found


def _with_prefixes(text: str) -> str:
    """Every prefix that is used but not declared, declared on the root by the name it usually stands for."""
    root = _ROOT_TAG.search(text)
    if not root:
        return text
    known = {prefix: uri for uri, prefix in reversed(_PREFIXES.items()) if prefix}
    used = {match[1] for match in _PREFIX_IN_USE.finditer(text)} - {"xml", "xmlns", "http", "https"}
    head = text[: text.find(">", root.end()) + 1]
    missing = sorted(prefix for prefix in used if f"xmlns:{prefix}" not in head)[:50]
    declared = "".join(f' xmlns:{prefix}="{known.get(prefix, "urn:undeclared:" + prefix)}"' for prefix in missing)
    return text[: root.end()] + declared + text[root.end() :]


_keys: dict[str, str] = {}


def key_of(tag: object) -> str:
    """Our name of an element: `title`, `dc:date`, `atom:link`; `?:name` in an unknown namespace, "" for no element."""
    if not isinstance(tag, str):
        return ""
    key = _keys.get(tag)
    if key is None:
        key = _key_of(tag)
        if len(_keys) < 5000:  # names come from outside
            _keys[tag] = key
    return key


def _key_of(tag: str) -> str:
    if not tag.startswith("{"):
        return tag.lower()
    namespace, _, name = tag[1:].partition("}")
    prefix = _PREFIXES.get(namespace.lower())
    if prefix is None:
        prefix = (
            ""
            if _RSS.fullmatch(namespace.lower())
            else namespace[15:]
            if namespace.startswith("urn:undeclared:")
            else "?"
        )
    return f"{prefix}:{name}".lower().lstrip(":")


def children_of(element: etree._Element) -> dict[str, list[etree._Element]]:
    """The element's children by our names."""
    found: dict[str, list[etree._Element]] = {}
    for child in element:
        tag = child.tag
        key = _keys.get(tag) or key_of(tag)
        if key in found:
            found[key].append(child)
        else:
            found[key] = [child]
    return found


def iter_elements(root: etree._Element, name: str, *keys: str) -> Iterator[etree._Element]:
    """Every element of that local name that goes by one of `keys` (by default, the name alone), in document order."""
    for element in root.iter(f"{{*}}{name}"):
        if key_of(element.tag) in (keys or (name,)):
            yield element


def text_of(element: etree._Element | None) -> str | None:
    """All text in an element, None when there is none."""
    if element is None:
        return None
    text = element.text if not len(element) else "".join(map(str, element.itertext(with_tail=True)))
    return text.strip() or None if text else None


def markup_of(element: etree._Element) -> str | None:
    """What an element holds, as markup: its text, or its children serialised when it has any.

    Some feeds put real elements beside escaped ones; then all of it is taken for markup.
    """
    if not len(element):
        return element.text
    inner = "".join(etree.tostring(child, encoding="unicode", with_tail=True) for child in element)
    text = element.text or ""
    if "<" in text or any("</" in (child.tail or "") for child in element):
        return text + unescape(inner)
    return text.replace("&", "&amp;") + inner


def as_atom(root: etree._Element) -> None:
    """Give a `feed` in a namespace of somebody's invention, or in none, the namespace of Atom."""
    namespace = root.tag[1:].partition("}")[0] if root.tag.startswith("{") else ""
    for element in root.iter(f"{{{namespace}}}*"):
        element.tag = _ATOM + element.tag.rpartition("}")[2]
