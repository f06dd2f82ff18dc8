"""feeds.yaml: what it may say, and how it is told what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from chipreel.config.feeds import find_strangers, load_feeds
from chipreel.errors import ConfigError

ONE = """\
sources:
  - id: nvidia-blog
    title: 英伟达博客
    kind: feed
    url: https://blogs.nvidia.com/feed/
    language: en
    role: official
"""


@pytest.fixture
def load(tmp_path: Path):
    def load(text: str):
        path = tmp_path / "feeds.yaml"
        path.write_text(text, encoding="utf-8")
        return load_feeds(path)

    return load


def test_a_source_and_its_defaults(load):
    feeds = load(ONE)
    (source,) = feeds.sources
    assert (source.id, source.title, source.kind, source.line) == ("nvidia-blog", "英伟达博客", "feed", 2)
    assert (source.enabled, source.keep, source.text, source.interval_s) == (True, "summary", "feed", None)
    assert (feeds.settings.min_delay_s, feeds.settings.connections_per_host) == (1, 1)
    assert feeds.settings.allow_private_addresses is False


def test_settings_are_read_and_the_sections_of_others_are_passed_on(load):
    feeds = load(
        "settings:\n  timezone: Asia/Shanghai\n  language: zh\n  min_delay_s: 0\n  workers: 4\n"
        "  contact: desk@example.org\n  mute: [广告]\n  profiles: {desk: {hour: 7}}\n" + ONE
    )
    settings = feeds.settings
    assert (settings.timezone, settings.language, settings.min_delay_s, settings.workers) == (
        "Asia/Shanghai",
        "zh",
        0,
        4,
    )
    assert settings.zone.key == "Asia/Shanghai"
    assert settings.sections == {"mute": ["广告"], "profiles": {"desk": {"hour": 7}}}


def test_a_kind_whose_items_are_pages_takes_few_of_them_unless_told(load):
    page = ONE.replace("kind: feed", "kind: page") + "    pattern: /news/\n"
    assert load(ONE).sources[0].max_items == 200
    assert load(page).sources[0].max_items == 30
    assert load(page + "    max_items: 5\n").sources[0].max_items == 5


def test_the_zone_is_the_systems_when_none_is_given(load, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert load(ONE).settings.timezone == "Asia/Tokyo"


def test_everything_a_source_may_say(load):
    text = ONE + (
        "    companies: [nvidia]\n    interval: 15m\n    timezone: Asia/Taipei\n    text: page\n    keep: link\n"
        "    max_items: 50\n    publisher: nvidia\n    site: https://blogs.nvidia.com/\n    note: 说明\n"
        "    allow_private_addresses: true\n    proxy: http://127.0.0.1:7890\n    all_relevant: true\n"
        "    enabled: false\n    paging: wordpress\n    secret_headers: {Authorization: DESK_TOKEN}\n"
    )
    (source,) = load(text).sources
    assert (source.companies, source.interval_s, source.keep, source.proxy) == (
        ("nvidia",),
        900,
        "link",
        "http://127.0.0.1:7890",
    )
    assert source.options == {"paging": "wordpress", "secret_headers": {"Authorization": "DESK_TOKEN"}}


@pytest.mark.parametrize(
    ("change", "line", "key", "part"),
    [
        (("    kind: feed\n", "    kind: wechat\n"), 4, "sources.kind", "there is no kind 'wechat'"),
        (("    role: official\n", "    role: 官方\n"), 7, "sources.role", "'官方' is not known"),
        (("    language: en\n", "    language: no\n"), 6, "sources.language", "False is no language"),
        (("    url: https://blogs.nvidia.com/feed/\n", "    url: blogs.nvidia.com/feed\n"), 5, "sources.url", "no web"),
        (("    url: https://", "    url: https://me:secret@"), 5, "sources.url", "user name or password"),
        (("    title: 英伟达博客\n", ""), 2, "sources", "source 'nvidia-blog' has no title"),
        (("id: nvidia-blog", "id: 英伟达"), 2, "sources.id", "'英伟达' is no id"),
        (("    role: official\n", "    role: official\n    patern: x\n"), 8, "sources.patern", "is not a key"),
        (("    role: official\n", "    role: official\n    interval: soon\n"), 8, "sources.interval", "no span"),
        (("    role: official\n", "    role: official\n    interval: 5s\n"), 8, "sources.interval", "out of range"),
        (("    role: official\n", "    role: official\n    enabled: maybe\n"), 8, "sources.enabled", "neither true"),
        (("    role: official\n", "    role: official\n    companies: nvidia\n"), 8, "sources.companies", "a list"),
        (("    role: official\n", "    role: official\n    max_items: 1.5\n"), 8, "sources.max_items", "whole"),
        (("    role: official\n", "    role: official\n    proxy: socks5://x:1\n"), 8, "sources.proxy", "HTTP proxy"),
        (
            ("    role: official\n", "    role: official\n    proxy: http://me:secret@x:1\n"),
            8,
            "sources.proxy",
            "user name or password",
        ),
        (("    role: official\n", "    role: official\n    timezone: Peking\n"), 8, "sources.timezone", "IANA"),
        (("    role: official\n", "    role: official\n    title: twice\n"), 8, "title", "given twice"),
        (
            ("    role: official\n", "    role: official\n    secret_headers: {X: abc def}\n"),
            8,
            "sources.secret_headers",
            "environment variables",
        ),
        (("sources:\n", "settings:\n  min_delay: 1\nsources:\n"), 2, "settings.min_delay", "is not a key here"),
        (("sources:\n", "settings:\n  workers: 0\nsources:\n"), 2, "settings.workers", "out of range"),
        (("sources:\n", "settings:\n  language: de\nsources:\n"), 2, "settings.language", "'de' is not known"),
        (("sources:\n", "feeds: []\nsources:\n"), 1, "feeds", "is not a key here"),
        (("sources:\n", 'settings:\n  contact: "a\\r\\nX: y"\nsources:\n'), 2, "contact", "U+000D"),
        (("sources:\n", 'settings:\n  contact: "a\\nX: y"\nsources:\n'), 2, "settings.contact", "one line"),
        (("sources:\n", "settings:\n  contact: 編輯部\nsources:\n"), 2, "settings.contact", "told in a header"),
        (("sources:\n", 'settings:\n  proxy: "http://a b"\nsources:\n'), 2, "settings.proxy", "'http://a b' is no"),
        (("sources:\n", "settings:\n  proxy: http://a<b>:1\nsources:\n"), 2, "settings.proxy", "HTTP proxy"),
        (("title: 英伟达博客", 'title: "A\\e[31m"'), 3, "title", "U+001B"),
        (("title: 英伟达博客", 'title: "輝達\\u009b"'), 3, "title", "U+009B"),
        (("title: 英伟达博客", "title: 輝達\u202e部落格"), 3, "title", "U+202E"),
        (("title: 英伟达博客", 'title: "英伟达\\n博客"'), 3, "sources.title", "one line"),
    ],
)
def test_a_mistake_is_named_by_line_and_key_with_what_to_write_instead(load, tmp_path, change, line, key, part):
    with pytest.raises(ConfigError) as caught:
        load(ONE.replace(*change))
    error = caught.value
    assert (error.path, error.line, error.key) == (str(tmp_path / "feeds.yaml"), line, key)
    assert part in error.message
    assert error.hint
    assert str(error).startswith(f"{tmp_path / 'feeds.yaml'}:{line}: {key}: ")


def test_the_rules_of_a_kind_are_told_with_their_place(load):
    text = ONE.replace("kind: feed", "kind: page") + "    pattern: '('\n"
    with pytest.raises(ConfigError, match="nvidia-blog: is no regular expression") as caught:
        load(text)
    assert (caught.value.line, caught.value.key) == (8, "sources.pattern")


def test_two_sources_of_one_id_are_refused_with_both_lines(load):
    with pytest.raises(ConfigError, match="also the id of the source in line 2") as caught:
        load(ONE + ONE.removeprefix("sources:\n"))
    assert caught.value.line == 8


@pytest.mark.parametrize(
    "text",
    ["", "[]", "sources: x", "sources:\n- 芯片", "sources:\n  - id: [", "\x00", "a: &a [*a]\nsources: *a", "- " * 3000],
)
def test_whatever_the_file_holds_the_answer_is_one_clear_error(load, text):
    with pytest.raises(ConfigError):
        load(text)


def test_a_missing_file_and_a_file_in_another_encoding_are_named(load, tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        load_feeds(tmp_path / "nowhere.yaml")
    path = tmp_path / "gbk.yaml"
    path.write_bytes(ONE.encode("gb18030"))
    with pytest.raises(ConfigError, match="is not UTF-8") as caught:
        load_feeds(path)
    assert caught.value.line == 3


@pytest.mark.parametrize(
    "proxy", ["http://127.0.0.1:7890", "http://[::1]:8080", "http://代理.example:1", "env:MY_PROXY"]
)
def test_addresses_of_proxies_are_taken(load, proxy):
    assert load(f"settings:\n  proxy: {proxy}\n{ONE}").settings.proxy == proxy


def test_a_company_that_nobody_knows_is_named_with_its_line_and_the_likeliest(load, tmp_path):
    load(ONE + "    companies: [nvidia, nvidja]\n")
    ((source, error),) = find_strangers(tmp_path / "feeds.yaml", {"nvidia", "openai"})
    assert source == "nvidia-blog"
    assert (error.line, error.key, error.hint) == (8, "sources.companies", "perhaps nvidia")
    assert "nvidia-blog: there is no company 'nvidja'" in str(error)
    load(ONE)
    assert find_strangers(tmp_path / "feeds.yaml", {"nvidia"}) == []
