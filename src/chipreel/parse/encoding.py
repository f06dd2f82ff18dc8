"""Bytes → text: unpacked within bounds, decoded by what the bytes are and not only by what they are called."""

from __future__ import annotations

import codecs
import re
import zlib
from dataclasses import dataclass

from chipreel.errors import ParseError

#: Largest document after unpacking.
MAX_BYTES = 64_000_000
#: How much of a document is looked at when its encoding has to be guessed.
_SAMPLE = 200_000
#: Byte order marks, the longer before those that begin like them.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: How the first `<` or `{` looks in wide encodings without a mark.
_WIDE = (
    (re.compile(rb"[<{\[]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[<{\[]"), "utf-32-be"),
    (re.compile(rb"[<{\[]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[<{\[]\0[^\0]"), "utf-16-be"),
)
#: Names that publishers use for what is really a larger set.
_MEANT = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "euc-cn": "gb18030",
    "big5": "cp950",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "cp950",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "utf8": "utf-8",
    "unicode": "utf-8",
}
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']\s*([A-Za-z0-9._:-]{1,40})""")
_THREE_BYTES = re.compile("[\u0800-\U0010ffff]")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_SIMPLIFIED = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种"
    "面而方后多定行学法所民得经三之进着等部度家电力里如水化高自二理起小现实加量都两体制机当使点从业本去把"
    "性好应开它合因只其然前外天政四日那社事平形相全表间样与关各重新线内数正心反你明看原又利比或但质气第向"
    "道命此变条没结解问意建月公无系军很情者最立代想已通并提直题程展五果料象员革位入常文总次品式活设及管特"
    "件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据"
    "处理世车，。、：；“”《》！？"
)
_TRADITIONAL = (
    "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種"
    "面而方後多定行學法所民得經三之進著等部度家電力裡如水化高自二理起小現實加量都兩體制機當使點從業本去把"
    "性好應開它合因只其然前外天政四日那社事平形相全表間樣與關各重新線內數正心反你明看原又利比或但質氣第向"
    "道命此變條沒結解問意建月公無系軍很情者最立代想已通並提直題程展五果料象員革位入常文總次品式活設及管特"
    "件長求老頭基資邊流路級少圖山統接知較將組見計別她手角期根論運農指幾九區強放決西被幹做必戰先回則任取據"
    "處理世車，。、：；「」『』《》！？"
)
_KANA = (
    "のにはをがとでたしてるなれいっすものらこりまかくさあよんアイウエオンスルトリクラードシタジメーコロマ"
    "レテサ、。・「」日人年大"
)
_HANGUL = "이다의는에가을를하고은로도지기사한자대서인시어나해그일리정수있부보전국스라제여장것과으원만상아들위주오간게"
_CYRILLIC = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
_LATIN = "äöüßéèàçêâîôûïëñóíáúãõåøæ’‘“”–—…•·®™©°€£«»¿¡ÄÖÜÉ\xa0"
#: Encodings tried when nothing else holds, each with the characters that fill ordinary text written in it, and the
#: share of all its non-ASCII characters that these must reach. Chinese: the commonest in news, in both scripts.
_GUESSES = (
    ("gb18030", frozenset(_SIMPLIFIED), 0.35),
    ("cp950", frozenset(_TRADITIONAL), 0.35),
    ("cp932", frozenset(_KANA), 0.45),
    ("euc_jp", frozenset(_KANA), 0.45),
    ("cp949", frozenset(_HANGUL), 0.4),
    ("cp1251", frozenset(_CYRILLIC), 0.75),
    ("koi8_r", frozenset(_CYRILLIC), 0.75),
    ("cp1252", frozenset(_LATIN), 0.6),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a document."""

    text: str
    #: Python's name of the encoding.
    encoding: str
    #: True = not what the document or the server said, or not decodable without loss.
    doubtful: bool


def unpack(body: bytes) -> bytes:
    """The document inside gzip bytes (a truncated one as far as it goes), or `body`; ParseError beyond MAX_BYTES."""
    for _ in range(2):
        if body[:2] != b"\x1f\x8b":
            break
        unpacker = zlib.decompressobj(wbits=31)
        try:
            body = unpacker.decompress(body, MAX_BYTES + 1)
        except zlib.error as error:
            raise ParseError(f"the gzip bytes are damaged: {error}") from error
        if len(body) > MAX_BYTES:
            break
    if len(body) > MAX_BYTES:
        raise ParseError(f"the document is larger than {MAX_BYTES // 1_000_000} MB")
    return body


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Text by byte order mark, XML declaration, header, then by what the bytes look like. Never fails: the last resort
    replaces what cannot be decoded."""
    if marked := _marked(body):
        return marked
    for pattern, name in _WIDE:
        if pattern.match(body):
            return Decoded(body.decode(name, "replace"), name, doubtful=False)
    names = [name for name in (_declared(body), _of_header(content_type)) if name]
    if text := _if_utf8(body, names):
        return Decoded(text, "utf-8", doubtful=bool(names) and names[0] != "utf-8" and not body.isascii())
    for name in names:
        if name != "utf-8" and (text := _strictly(body, name)) is not None and _plausible(text, name):
            return Decoded(text, name, doubtful=False)
    return _guessed(body, names)


def _marked(body: bytes) -> Decoded | None:
    for mark, name in _MARKS:
        if body.startswith(mark):
            rest = body[len(mark) :]
            text = _strictly(rest, name)
            if text is None and name == "utf-8":
                return (
                    None
                    if _strictly(rest, "utf-8") is None and _is_mostly_wrong(rest)
                    else Decoded(rest.decode(name, "replace"), name, True)
                )
            return Decoded(rest.decode(name, "replace") if text is None else text, name, doubtful=text is None)
    return None


def _declared(body: bytes) -> str | None:
    match = _DECLARED.match(body[:400].lstrip(b"\xef\xbb\xbf \t\r\n"))
    return _known(match[1].decode("ascii")) if match else None


def _of_header(content_type: str | None) -> str | None:
    match = _CHARSET.search(content_type or "")
    return _known(match[1]) if match else None


def _known(name: str) -> str | None:
    """Python's name of an encoding of text, by what its label means in practice; None when there is none."""
    name = _MEANT.get(name.lower(), name.lower())
    try:
        codec = codecs.lookup(name)
        "".encode(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    return (
        codec.name
        if codec._is_text_encoding and not codec.name.startswith(("utf-7", "idna", "punycode", "raw_", "unicode_"))
        else None
    )


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeError, ValueError):
        return None


def _if_utf8(body: bytes, names: list[str]) -> str | None:
    """The text when the bytes are UTF-8, whatever they are said to be.

    Other text is hardly ever valid UTF-8 by accident; only a few pairs of GBK bytes are ("联通"), so a declared Chinese
    encoding is believed when all there is are two-byte sequences.
    """
    text = _strictly(body, "utf-8")
    if text is None or body.isascii() or not names or names[0] == "utf-8":
        return text
    multibyte = names[0] in ("gb18030", "cp950", "big5hkscs", "cp932", "euc_jp", "cp949")
    if multibyte and not _THREE_BYTES.search(text) and _strictly(body, names[0]) is not None:
        return None
    return None if names[0].startswith(("utf-16", "utf-32", "hz", "iso2022")) and "\x1b" in text else text


def _plausible(text: str, name: str) -> bool:
    """Whether a one-byte encoding, which decodes anything, gave text and not control characters."""
    return not name.startswith(("cp125", "iso8859", "latin")) or not re.search(
        "[\x80-\x84\x86-\x9f]{2}", text[:_SAMPLE]
    )


def _is_mostly_wrong(body: bytes) -> bool:
    sample = body[:_SAMPLE]
    high = len(sample) - len(sample.translate(None, bytes(range(128, 256))))
    return sample.decode("utf-8", "replace").count("\ufffd") * 12 > high


def _guessed(body: bytes, names: list[str]) -> Decoded:
    """The likeliest of the known encodings; UTF-8 with replacements when only few bytes contradict it."""
    if surrogates := _with_surrogates(body):
        return Decoded(surrogates, "utf-8", doubtful=True)
    if not _is_mostly_wrong(body):
        return Decoded(body.decode("utf-8", "replace"), "utf-8", doubtful=True)
    sample = body[:_SAMPLE]
    scored = [(score, name) for name, common, floor in _GUESSES if (score := _score(sample, name, common, floor)) >= 1]
    best = max(scored, default=(0.0, next((name for name in names if name != "utf-8"), "cp1252")))[1]
    return Decoded(body.decode(best, "replace"), best, doubtful=True)


def _with_surrogates(body: bytes) -> str | None:
    """The text of UTF-8 into which halves of UTF-16 pairs were written one by one; a lone half is replaced."""
    try:
        text = body.decode("utf-8", "surrogatepass")
    except UnicodeError:
        return None
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _score(sample: bytes, name: str, common: frozenset[str], floor: float) -> float:
    """How much a decoding looks like text: 1 and more when the common characters reach their share."""
    high = [char for char in sample.decode(name, "replace") if char > "\x7f"]
    if not high:
        return 0.0
    lost = high.count("\ufffd") / len(high)
    return 0.0 if lost > 0.02 else sum(char in common for char in high) / len(high) / floor - 5 * lost
