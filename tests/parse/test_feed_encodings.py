"""Bytes are decoded by what they are, in whatever they claim to be."""

from __future__ import annotations

import codecs

import pytest

from chipreel.parse import parse_feed
from chipreel.parse.encoding import decode

SIMPLIFIED = "英伟达发布新一代人工智能芯片，可灵视频模型已经开放，这是我们第一次看到这样的产品。"
TRADITIONAL = "輝達發布新一代人工智慧晶片，可靈影片模型已經開放，這是我們第一次看到這樣的產品。"
JAPANESE = "ソフトバンクはエヌビディアの半導体を使った新しいデータセンターを発表しました。"
KOREAN = "삼성전자는 엔비디아의 새로운 인공지능 반도체를 생산하는 것으로 알려졌다."
RUSSIAN = "Компания объявила о создании нового ускорителя для искусственного интеллекта."
FRENCH = "Le géant américain a dévoilé un modèle qui crée des vidéos, déjà testé à l’étranger."


def feed(text: str, declared: str | None) -> str:
    encoding = f' encoding="{declared}"' if declared else ""
    return (
        f'<?xml version="1.0"{encoding}?><rss version="2.0"><channel><item><title>{text}</title></item></channel></rss>'
    )


@pytest.mark.parametrize(
    ("text", "actual", "declared"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8", None),
        (SIMPLIFIED, "utf-8", "gb2312"),  # a lie
        (SIMPLIFIED, "utf-8", "iso-8859-1"),  # a lie
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED + "镕喆㐂", "gb18030", "gb2312"),  # gb2312 has none of the last three
        (SIMPLIFIED, "gbk", "GBK"),
        (SIMPLIFIED, "gbk", None),
        (SIMPLIFIED, "gbk", "utf-8"),  # a lie
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "cp950", None),
        (TRADITIONAL, "cp950", "utf-8"),  # a lie
        (JAPANESE, "shift_jis", "Shift_JIS"),
        (JAPANESE, "euc_jp", "euc-jp"),
        (JAPANESE, "shift_jis", None),
        (KOREAN, "euc_kr", "euc-kr"),
        (KOREAN, "cp949", "utf-8"),  # a lie
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "koi8_r", None),
        (FRENCH, "cp1252", "iso-8859-1"),
        (FRENCH, "cp1252", "utf-8"),  # a lie
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-16-le", "utf-16"),
        (SIMPLIFIED, "utf-16-be", None),
        (TRADITIONAL, "utf-32", "utf-32"),
        (SIMPLIFIED, "utf-8", "no-such-encoding"),
        (SIMPLIFIED, "utf-8", "zip"),
        (SIMPLIFIED, "utf-8", "idna"),
    ],
)
def test_the_title_survives(text: str, actual: str, declared: str | None) -> None:
    """Declared rightly, wrongly or not at all, the same title comes out."""
    assert parse_feed(feed(text, declared).encode(actual)).items[0].title == text


def test_a_mark_outranks_the_declaration() -> None:
    """A byte order mark is the strongest sign."""
    body = codecs.BOM_UTF8 + feed(SIMPLIFIED, "gb2312").encode()
    assert parse_feed(body).items[0].title == SIMPLIFIED


def test_the_header_speaks_when_the_document_is_silent() -> None:
    """Content-Type names the encoding of a document that does not."""
    body = feed("可灵", None).encode("gbk")
    assert parse_feed(body, content_type="text/xml; charset=GB2312").items[0].title == "可灵"


def test_short_gbk_that_happens_to_be_utf8_is_believed() -> None:
    """联通 in GBK is valid UTF-8; where GBK is declared, it is GBK."""
    assert parse_feed(feed("联通", "gbk").encode("gbk")).items[0].title == "联通"


def test_a_few_broken_bytes_do_not_change_the_encoding() -> None:
    """UTF-8 cut in the middle of a character is UTF-8 with a hole."""
    body = feed(SIMPLIFIED * 4 + "#", "utf-8").encode().replace(b"#", b"\xe4\xb8")
    parsed = parse_feed(body)
    assert parsed.items[0].title == SIMPLIFIED * 4 + "\ufffd"
    assert parsed.note == "decoded as utf-8"


def test_a_lie_is_noted() -> None:
    """How a document had to be read is told."""
    assert parse_feed(feed(SIMPLIFIED, "utf-8").encode("gbk")).note == "decoded as gb18030"
    assert parse_feed(feed(SIMPLIFIED, "gb2312").encode("gbk")).note is None


def test_decoding_never_fails() -> None:
    """Every pair of bytes decodes to something."""
    for first in range(256):
        for second in range(0, 256, 5):
            assert isinstance(decode(bytes([first, second])).text, str)
