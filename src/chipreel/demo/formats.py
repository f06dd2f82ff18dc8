"""Writes the entries of a sample source as publishing software would: RSS, RDF, Atom, JSON Feed, HTML."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from email.utils import format_datetime
from html import escape as escape_html
from xml.sax.saxutils import escape, quoteattr

from chipreel.demo.world import Entry, SampleSource

Text = Callable[[str], str]


def render_feed(source: SampleSource, entries: tuple[Entry, ...]) -> bytes:
    """The feed of a source, in the bytes it is really written in."""
    if source.format == "json":
        return json.dumps(_json_feed(source, entries), ensure_ascii=False, indent=1).encode()
    body = {"rss2": _rss2, "posts": _rss2, "rdf": _rdf, "atom": _atom}[source.format](source, entries)
    declared = f'<?xml version="1.0" encoding="{source.encoding}"?>\n'
    return (declared + body).encode(source.bytes or source.encoding)


def content_type(source: SampleSource) -> str:
    """What the server says of it. Where the encoding is the point, the header leaves it to the declaration."""
    if source.format == "page":
        return "text/html; charset=utf-8"
    name = {"json": "application/feed+json", "rdf": "application/rdf+xml", "atom": "application/atom+xml"}.get(
        source.format, "application/rss+xml"
    )
    return name if source.encoding == "utf-8" else "text/xml"


def link(source: SampleSource, entry: Entry) -> str:
    """The address of an entry's own page."""
    return entry.id if "://" in entry.id else f"{source.site}{entry.published:%Y/%m}/{entry.id}"


def summary(entry: Entry) -> str:
    """Its first paragraph."""
    return entry.paragraphs[0]


def _paragraphs_html(entry: Entry) -> str:
    return "".join(f"<p>{escape_html(part, quote=False)}</p>" for part in entry.paragraphs)


def _escape_for(source: SampleSource) -> Text:
    """Escapes text for XML; a source with a bare ampersand forgets that one character, as hand-made feeds do."""
    if source.flaw == "bare-ampersand":
        return lambda text: text.replace("<", "&lt;").replace(">", "&gt;")
    return escape


def _rss_date(source: SampleSource, moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if source.dates == "zoneless" else format_datetime(moment)


def _rss2(source: SampleSource, entries: tuple[Entry, ...]) -> str:
    text = _escape_for(source)
    items = "".join(_rss2_item(source, entry, text) for entry in entries)
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>\n'
        f"<title>{text(source.title)}</title><link>{source.site}</link>"
        f"<description>{text(source.title)}</description><language>{source.language}</language>\n{items}</channel></rss>\n"
    )


def _rss2_item(source: SampleSource, entry: Entry, text: Text) -> str:
    parts = [f"<title>{text(entry.title)}</title>"] if entry.title else []
    parts += [f"<link>{link(source, entry)}</link>", f'<guid isPermaLink="false">{text(entry.id)}</guid>']
    parts += [f"<pubDate>{_rss_date(source, entry.published)}</pubDate>"]
    parts += [f"<dc:creator>{text(entry.author)}</dc:creator>"] if entry.author else []
    parts += [f"<category>{text(tag)}</category>" for tag in entry.tags]
    if source.body == "full":
        parts += [f"<description>{text(summary(entry))}</description>"]
        parts += [f"<content:encoded><![CDATA[{_paragraphs_html(entry)}]]></content:encoded>"]
    else:
        parts += [f"<description>{text(_description(source, entry))}</description>"]
    return "<item>" + "\n".join(parts) + "</item>\n"


def _description(source: SampleSource, entry: Entry) -> str:
    """HTML as a rule; plain text where the feed is careless anyway."""
    return entry.text if source.flaw else _paragraphs_html(entry)


def _rdf(source: SampleSource, entries: tuple[Entry, ...]) -> str:
    refs = "".join(f"<rdf:li rdf:resource={quoteattr(link(source, entry))}/>" for entry in entries)
    items = "".join(
        f"<item rdf:about={quoteattr(link(source, entry))}>"
        f"<title>{escape(entry.title or '')}</title><link>{escape(link(source, entry))}</link>\n"
        f"<description>{escape(summary(entry))}</description>\n"
        f"<content:encoded><![CDATA[{_paragraphs_html(entry)}]]></content:encoded>\n"
        f"<dc:creator>{escape(entry.author or '')}</dc:creator>"
        f"<dc:date>{entry.published.isoformat()}</dc:date></item>\n"
        for entry in entries
    )
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"<channel rdf:about={quoteattr(source.site)}><title>{escape(source.title)}</title><link>{source.site}</link>"
        f"<description>{escape(source.title)}</description><dc:language>{source.language}</dc:language>"
        f"<items><rdf:Seq>{refs}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def _atom(source: SampleSource, entries: tuple[Entry, ...]) -> str:
    items = "".join(_atom_entry(source, entry) for entry in entries)
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{source.language}">\n'
        f"<title>{escape(source.title)}</title><id>{source.site}</id><link href={quoteattr(source.site)}/>"
        f"<updated>{last_change(entries).isoformat()}</updated>\n{items}</feed>\n"
    )


def _atom_entry(source: SampleSource, entry: Entry) -> str:
    html = escape(_paragraphs_html(entry))
    body = f'<content type="html">{html}</content>'
    if source.body == "summary":
        body = f'<summary type="html">{html}</summary>'
    author = f"<author><name>{escape(entry.author)}</name></author>" if entry.author else ""
    tags = "".join(f"<category term={quoteattr(tag)}/>" for tag in entry.tags)
    return (
        f"<entry><title>{escape(entry.title or '')}</title><id>tag:{source.id}.example,2024:{escape(entry.id)}</id>"
        f"<link href={quoteattr(link(source, entry))}/><published>{entry.published.isoformat()}</published>"
        f"<updated>{(entry.updated or entry.published).isoformat()}</updated>{author}{tags}\n{body}</entry>\n"
    )


def _json_feed(source: SampleSource, entries: tuple[Entry, ...]) -> dict[str, object]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": source.title,
        "home_page_url": source.site,
        "language": source.language,
        "items": [_json_item(source, entry) for entry in entries],
    }


def _json_item(source: SampleSource, entry: Entry) -> dict[str, object]:
    item: dict[str, object] = {
        "id": entry.id,
        "url": link(source, entry),
        "title": entry.title,
        "summary": summary(entry),
        "content_html": _paragraphs_html(entry),
        "date_published": entry.published.isoformat(),
    }
    if entry.author:
        item["authors"] = [{"name": entry.author}]
    if entry.updated:
        item["date_modified"] = entry.updated.isoformat()
    return item


def last_change(entries: Iterable[Entry]) -> datetime:
    """When the newest of them appeared or changed; the beginning of the sample's year where there is none."""
    moments = [entry.updated or entry.published for entry in entries]
    return max(moments, default=datetime.fromisoformat("2024-01-01T00:00:00+00:00"))


def article_path(source: SampleSource, entry: Entry) -> str:
    """Where the server has the page of an entry."""
    return f"/{source.id}/articles/{entry.id}.html"


def render_list_page(source: SampleSource, entries: tuple[Entry, ...]) -> bytes:
    """The front page of a paper without a feed: a menu, the articles with their times, a footer."""
    rows = "".join(
        f'<li><a href="{article_path(source, entry)}">{escape_html(entry.title or "")}</a>'
        f' <time datetime="{entry.published.isoformat()}">{entry.published:%m-%d %H:%M}</time></li>\n'
        for entry in entries
    )
    return _page(source, source.title, f'<h1>{source.title}</h1><ul class="news">\n{rows}</ul>')


def render_article_page(source: SampleSource, entry: Entry) -> bytes:
    """The page of one article, with the metadata a newspaper puts there."""
    title, when = escape_html(entry.title or ""), entry.published
    head = (
        f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{when.isoformat()}">'
        f'<meta name="author" content="{escape_html(entry.author or "")}">'
    )
    date = f"{when.year}年{when.month}月{when.day}日 {when:%H:%M}"
    body = (
        f'<article><h1>{title}</h1><p class="byline">{escape_html(entry.author or "")} <time>{date}</time></p>'
        f'<div class="content">{_paragraphs_html(entry)}</div></article>'
    )
    return _page(source, f"{title} - {source.title}", body, head)


def _page(source: SampleSource, title: str, body: str, head: str = "") -> bytes:
    menu = "".join(f'<a href="/{source.id}/{path}">{name}</a> ' for path, name in (("", "首页"), ("about", "关于我们")))
    return (
        f'<!doctype html><html lang="{source.language}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><nav>{menu}</nav><main>{body}</main><footer>© {source.title}</footer></body></html>\n"
    ).encode()


def render_moved_page(source: SampleSource) -> bytes:
    """What a site answers that has changed its design and forgotten its feed."""
    return (
        f"<!doctype html><html><head><title>{source.title}</title></head><body><h1>Welcome to our new site</h1>"
        "<p>The page you were looking for has found a new home.</p></body></html>\n"
    ).encode()
