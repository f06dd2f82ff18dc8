"""Adding sources to the user's feeds.yaml changes nothing else in it."""

from __future__ import annotations

import pytest

from chipreel.config.feeds import parse_feeds
from chipreel.config.feeds_file import add_sources, entry_of, make_id
from chipreel.errors import ConfigError

TEXT = """\
# 我的来源
settings:
  language: zh   # 中文

sources:
  # the labs
  - id: openai-news
    title: "OpenAI  News"
    kind: feed
    url: https://openai.com/news/rss.xml
    language: en
    role: official
    note: >-
      A long
      note.

# the end
"""
NEW = {
    "id": "qbitai",
    "title": "量子位: AI",
    "kind": "feed",
    "url": "https://www.qbitai.com/feed",
    "language": "zh",
    "role": "press",
    "companies": ["openai"],
}


def test_a_new_source_stands_after_the_last_and_every_other_byte_stays():
    changed = add_sources(TEXT, [NEW])
    head, _, tail = changed.partition("\n  - id: qbitai\n")
    assert head + "\n# the end\n" == TEXT
    assert tail.endswith("\n\n# the end\n")
    assert "title: '量子位: AI'" in changed
    assert [source.id for source in parse_feeds(changed).sources] == ["openai-news", "qbitai"]
    assert parse_feeds(changed).sources[1].companies == ("openai",)


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("\n# the end\n", ""),
        TEXT.replace("\n# the end\n", "").rstrip("\n"),
        TEXT.replace("  - id", "- id").replace("\n    ", "\n  ").replace("\n      ", "\n    "),
        TEXT.replace("# the end", "settings2: x")
        .replace("settings:\n  language: zh   # 中文\n", "")
        .replace("settings2: x", "settings:\n  language: zh"),
        "\ufeff" + TEXT,
        TEXT.replace("\n", "\r\n"),
    ],
    ids=["no end", "no last newline", "flush left", "settings last", "byte order mark", "windows"],
)
def test_every_shape_of_file_takes_a_source(text):
    changed = add_sources(text, [NEW, {**NEW, "id": "another"}])
    assert [source.id for source in parse_feeds(changed.removeprefix("\ufeff")).sources] == [
        "openai-news",
        "qbitai",
        "another",
    ]


@pytest.mark.parametrize("entry", [{**NEW, "id": "openai-news"}, {**NEW, "kind": "wechat"}, {"id": "x"}])
def test_what_would_make_the_file_invalid_is_refused(entry):
    with pytest.raises(ConfigError):
        add_sources(TEXT, [entry])


@pytest.mark.parametrize("text", ["# mine\nsources: []\n", "sources: []", "sources: []\n# the end\n"])
def test_an_empty_list_takes_its_first_source(text):
    changed = add_sources(text, [NEW])
    assert [source.id for source in parse_feeds(changed).sources] == ["qbitai"]
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in changed.splitlines() if line.startswith("#")
    ]


@pytest.mark.parametrize("text", ["", "settings: {}\n", "sources: [{id: a}]\n"])
def test_a_file_without_a_list_is_refused_with_a_hint(text):
    with pytest.raises(ConfigError, match="no list of sources"):
        add_sources(text, [NEW])


@pytest.mark.parametrize(
    ("title", "url", "taken", "expected"),
    [
        ("量子位", "https://www.qbitai.com/feed", (), "qbitai"),
        ("Zvi", "https://thezvi.substack.com/feed", (), "thezvi-substack"),
        ("科技新報", "https://technews.tw/feed/", {"technews", "technews-2"}, "technews-3"),
        ("可灵", "https://例え.jp/", (), "source"),
        ("Some Blog", "https://blog.co/", (), "some-blog"),
    ],
)
def test_an_id_comes_from_the_host_and_is_free(title, url, taken, expected):
    assert make_id(title, url, taken) == expected


def test_a_source_is_written_as_it_was_read():
    rich = {
        **NEW,
        "interval": 900,
        "keep": "link",
        "enabled": False,
        "note": "不常更新",
        "timezone": "Asia/Shanghai",
        "site": "https://www.qbitai.com/",
        "paging": "wordpress",
        "all_relevant": True,
    }
    (source,) = parse_feeds(add_sources(TEXT, [rich])).sources[1:]
    assert entry_of(source) == rich
