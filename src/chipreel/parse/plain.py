"""HTML and escaped text → plain text: paragraphs apart, entities decoded, NFC, nothing a terminal would obey.

One regular expression splits the markup, the rest is joining strings: 90 % of the time of reading a feed is spent
here, and a tree of the HTML would cost ten times as much. Every expression is linear also on hostile input: quantifiers
are possessive, what never ends is taken to the end, and two tags cannot both scan the same stretch of attributes (the
states "outside", "in double" and "in single quotation marks" are permuted by every mark, so at most three scans that
began at different places are alive at any character).
"""

from __future__ import annotations

import re
from html import unescape
from unicodedata import combining, normalize

#: A tag with its name, or a declaration without; attributes may hold `<` and `>` inside quotation marks.
_TAG = re.compile(r"""<(/?[A-Za-z][A-Za-z0-9:_-]*+|[!?])(?:(?:[^<>"']++|"[^"]*+"|'[^']*+')*+>|[^<>]*+>)""")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
#: Elements whose content is not for reading.
_UNREAD = re.compile(
    r"<(script|style)\b[^<>]*+(?<!/)>.*?(?:</\1\s*+>|\Z)"
    r"|<(template|noscript|iframe|object|svg|math|select|textarea)\b[^<>]*+(?<!/)>(?:[^<]++|<(?!/?\2\b))*+</\2\s*+>",
    re.DOTALL | re.IGNORECASE,
)
_HAS_UNREAD = re.compile(r"<(?:script|style|template|noscript|iframe|object|svg|math|select|textarea)\b", re.IGNORECASE)
_PRE = re.compile(r"<pre\b[^<>]*+>.*?(?:</pre\s*+>|\Z)", re.DOTALL | re.IGNORECASE)
_BLOCKS = (
    "p div section article header footer aside main nav h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre figure "
    "figcaption hr form fieldset address center details summary thead tbody tfoot body head html title video audio"
).split()
_LINES = "br li dt dd tr caption option".split()
_ITEMS = frozenset("li dt dd".split())
_SPACES = "td th img input button".split()
_INLINE = (
    "a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr o:p "
    "applet base embed frame frameset link meta object param track"
).split()


class _Betweens(dict[str, str]):
    """What stands for a tag, by its name as written; other spellings are looked up once."""

    def __missing__(self, written: str) -> str:
        name = written.lower().removeprefix("/").removeprefix("xhtml:").removeprefix("html:")
        # The end of a line's element adds nothing: `<li>a</li><li>b</li>` is two lines, not four.
        between = "" if written.startswith("/") and name in _ITEMS else self.get(name, "")
        if len(self) < 2000:  # names come from outside
            self[written] = between
        return between


_BETWEEN = _Betweens()
for _names, _mark in ((_BLOCKS, "\n\n"), (_LINES, "\n"), (_SPACES, " "), (_INLINE, "")):
    _BETWEEN.update(dict.fromkeys(_names, _mark))
_KNOWN = frozenset(_BETWEEN)
_HAS_BLOCK = re.compile(rf"</?(?:{'|'.join(_BLOCKS + _LINES)})\b", re.IGNORECASE)
#: Element names by which escaped markup is told from a text about markup.
_MARKUP = re.compile(r"</?(?:p|br|a|div|span|b|i|em|strong|img|ul|ol|li|blockquote|h[1-6])\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|middot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});"
)
#: Control characters, lone surrogates, noncharacters, invisible and direction-changing characters. ZWJ and ZWNJ stay:
#: emoji and several scripts are spelled with them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
#: White space other than the space and the line break: the rare kinds, looked for together with what is unwanted …
_RARE_SPACES = re.compile("[\x0b\x0c\x85\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]")
#: … and the common.
_COMMON_SPACES = "\t\xa0\u3000"
#: Code points normalised at a time.
_NFC_PIECE = 1024
#: Bytes of Windows-1252 that were taken for Latin-1: U+0092 is an apostrophe; and the way back.
_C1 = {code: char for code in range(0x80, 0xA0) if (char := bytes([code]).decode("cp1252", "ignore"))}
_AS_BYTES = {ord(char): code for code, char in _C1.items()}
#: A byte from 0x80 to 0xBF as either of the two reads it.
_TAIL = f"[\x80-\xbf{''.join(_C1.values())}]"
#: What an accented letter and a typographic mark look like when their UTF-8 was encoded twice; and two Han characters.
_TWICE = re.compile(f"[\xc2\xc3][\x80-\xbf\u0178\u0152\u0160\u017d\u2013]|\xe2[\x80\u20ac]{_TAIL}")
_TWICE_HAN = re.compile(f"(?:[\xe3-\xe9]{_TAIL}{{2}}){{2}}")
#: What these begin with; looking for single characters first is ten times as quick.
_TWICE_LEADS, _TWICE_HAN_LEADS = "\xc2\xc3\xe2", "\xe3\xe4\xe5\xe6\xe7\xe8\xe9"
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HAN_BREAK = re.compile(r"\n(?<=[\u3001-\u9fff\uff01-\uff60]\n)[ \t\r\n]*+(?=[\u3001-\u9fff\uff01-\uff60])")


def html_to_text(markup: str | None) -> str | None:
    """Plain text of an HTML fragment (or of text that only may be one); None when nothing readable is left.

    Text escaped twice is decoded twice: feeds often hold `&amp;lt;p&amp;gt;`.
    """
    if not markup:
        return None
    text, had_tags = _stripped(markup)
    if "&" in text:
        text = unescape(text)
        if "&" in text and _ENTITY.search(text):
            text = unescape(text)
        if not had_tags and "<" in text and _MARKUP.search(text):
            text = unescape(_stripped(text)[0])
    return _tidy(clean(text))


def text_to_text(text: str | None) -> str | None:
    """Text that is declared to be plain, tidied: no markup is looked for, entities stay as they are."""
    return _tidy(clean(text)) if text else None


def line_of_html(markup: str | None) -> str | None:
    """A title, name or label: one line, known elements removed, `<Suspense>` and `a < b` kept."""
    if not markup:
        return None
    text = markup
    for _ in range(2):
        if "<" in text:
            text = _TAG.sub(_unless_unknown, _without_unread(text))
        if "&" not in text:
            break
        text = unescape(text)
    if "<" in text:
        text = _TAG.sub(_unless_unknown, text)
    return line_of_text(text)


def line_of_text(text: str | None) -> str | None:
    """Declared plain text as one line."""
    return " ".join(clean(text).split()) or None if text else None


def clean(text: str) -> str:
    """NFC without control characters and lone surrogates; pairs of surrogates become the character they mean."""
    if text.isascii() and text.isprintable():
        return text
    if not text.isascii():
        text = _encoded_once(text)
    if _UNWANTED.search(text):
        text = _SURROGATE_PAIR.sub(_joined, text)
        text = text.translate(_C1)
        text = _UNWANTED.sub("", _RARE_SPACES.sub(" ", text))
    return _nfc(text)


def _encoded_once(text: str) -> str:
    """UTF-8 that somebody took for Latin-1 or Windows-1252 and encoded again, undone: niÃ±os → niños.

    The whole text where it is all of that kind, else the sequences that are nothing but that mistake.
    """
    if not (
        (any(lead in text for lead in _TWICE_LEADS) and _TWICE.search(text))
        or (any(lead in text for lead in _TWICE_HAN_LEADS) and _TWICE_HAN.search(text))
    ):
        return text
    try:
        return text.translate(_AS_BYTES).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return _TWICE.sub(lambda m: m[0].translate(_AS_BYTES).encode("latin-1").decode("utf-8", "ignore") or m[0], text)


def _nfc(text: str) -> str:
    """NFC in pieces of bounded length: sorting a run of combining marks takes the square of its length."""
    if len(text) <= _NFC_PIECE:
        return normalize("NFC", text)
    pieces, start = [], 0
    while start < len(text):
        end = min(start + _NFC_PIECE, len(text))
        last = min(end + 64, len(text))
        while end < last and not _starts_afresh(text[end]):
            end += 1
        pieces.append(normalize("NFC", text[start:end]))
        start = end
    return "".join(pieces)


def _starts_afresh(char: str) -> bool:
    """Whether nothing before `char` can combine with it: no mark, no vowel or final of a Korean syllable."""
    return not combining(char) and not "\u1160" <= char <= "\u11ff"


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _stripped(markup: str) -> tuple[str, bool]:
    """Markup without tags, block elements written as line breaks, and whether it had any tag."""
    if "<" not in markup:
        return markup, False
    markup = _without_unread(markup)
    if "<pre" in markup or "<PRE" in markup:
        markup = _PRE.sub(lambda m: m[0].replace("\n", "<br>"), markup)
    if _HAS_BLOCK.search(markup):
        markup = _one_line(markup)
    pieces = _TAG.split(markup)
    if len(pieces) == 1:
        return markup, False
    pieces[1::2] = map(_BETWEEN.__getitem__, pieces[1::2])
    return "".join(pieces), True


def _one_line(markup: str) -> str:
    """Line breaks of the source are white space; between two Han characters they are nothing."""
    if "\n" in markup and not markup.isascii():
        markup = _HAN_BREAK.sub("", markup)
    return markup.replace("\r", " ").replace("\n", " ")


def _without_unread(markup: str) -> str:
    if "<!" in markup:
        markup = _CDATA.sub(r"\1", _COMMENT.sub("", markup))
    return _UNREAD.sub(" ", markup) if _HAS_UNREAD.search(markup) else markup


_split_paragraphs = re.compile(r"\n\s*\n").split


def _unless_unknown(tag: re.Match[str]) -> str:
    name = tag[1].lower().removeprefix("/")
    if name.isalnum() and name not in _KNOWN:
        return tag[0]
    return " " if _BETWEEN[tag[1]] else ""


def _tidy(text: str) -> str | None:
    """White space in order: one space between words, one blank line between paragraphs."""
    if "\n" not in text and "\r" not in text:
        return " ".join(text.split()) or None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for space in _COMMON_SPACES:
        if space in text:
            text = text.replace(space, " ")
    paragraphs = map(_tidy_lines, _split_paragraphs(text))
    return "\n\n".join([paragraph for paragraph in paragraphs if paragraph]) or None


def _tidy_lines(paragraph: str) -> str:
    lines = [line.strip() if "  " not in line else " ".join(line.split()) for line in paragraph.split("\n")]
    return "\n".join([line for line in lines if line])
