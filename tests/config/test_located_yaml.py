"""YAML with the place of every key."""

from __future__ import annotations

import pytest

from chipreel.config.located_yaml import parse_located
from chipreel.errors import ConfigError

TEXT = """\
# 注释
settings:
  language: zh

sources:
  - id: a
    title: 可灵
  - id: b
    fields: {title: t, url: u}
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ((), 1),
        (("settings",), 2),
        (("settings", "language"), 3),
        (("sources", 0), 6),
        (("sources", 0, "title"), 7),
        (("sources", 1, "fields", "url"), 9),
        (("sources", 0, "missing"), 6),
        (("sources", 7, "id"), 5),
        (("nothing", "at", "all"), 1),
    ],
)
def test_a_key_is_found_on_its_line_and_a_missing_one_where_it_would_be(keys, line):
    assert parse_located(TEXT).line_of(*keys) == line


def test_the_value_is_plain():
    assert parse_located(TEXT).value["sources"][0] == {"id": "a", "title": "可灵"}


def test_an_error_names_file_line_and_key():
    error = parse_located(TEXT, "feeds.yaml").error("is wrong", "sources", 0, "title", hint="Kling")
    assert str(error) == "feeds.yaml:7: sources.title: is wrong (Kling)"


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "x:\n  - {可灵: 1, 可灵: 2}\n"])
def test_a_key_given_twice_is_refused(text):
    with pytest.raises(ConfigError, match="is given twice"):
        parse_located(text)


@pytest.mark.parametrize("text", ["a: [", "a: 'x", "\tb: 1", "a: !!python/object:os.system x", "a: \x07"])
def test_what_is_no_yaml_is_a_config_error(text):
    with pytest.raises(ConfigError, match=r"no YAML|has no meaning here"):
        parse_located(text)


def test_depth_aliases_and_merges_have_no_place_in_a_settings_file():
    for text, said in (("- " * 3000, "nested"), ("a: &x [1]\nb: *x", "alias"), ("a: &x {b: 1}\nc: {<<: *x}", "merges")):
        with pytest.raises(ConfigError, match=said):
            parse_located(text)
