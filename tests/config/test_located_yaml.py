"""YAML with the place of every mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chipreel.config.located_yaml import MAX_BYTES, MAX_DEPTH, load_located, parse_located
from chipreel.errors import ConfigError


def _error(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse_located(text, "file.yaml")
    return caught.value


def test_values_are_plain_and_know_their_lines() -> None:
    """Texts, numbers, flags, nothing and dates come out as YAML says; a line is that of the key."""
    document = parse_located("名: 可灵\nlist:\n- 1\n- 2.5\n- true\n- null\n- 2024-02-16\n")
    assert document.value["名"] == "可灵"
    assert document.value["list"][:4] == [1, 2.5, True, None]
    assert str(document.value["list"][4]) == "2024-02-16"
    assert document.line_of("list") == 2
    assert document.line_of("list", 3) == 6
    assert document.line_of("list", 99) == 2, "what leads nowhere ends at the last thing on the way"
    assert str(document.error("is wrong", "list", 1, hint="2")) == "<text>:4: list: is wrong (2)"


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "no YAML"),
        ("a: 1\n\tb: 2\n", 2, "no YAML"),
        ("a: 1\nb: 2\na: 3\n", 3, "given twice"),
        ("甲: 1\n乙:\n  丙: 2\n  丙: 3\n", 4, "given twice"),
        ("a: 1\nb: !!python/object:os.system x\n", 2, "no meaning"),
        ("a: &x [1]\nb: *x\n", 1, "alias"),
        ("base: &b {a: 1}\nc:\n  <<: *b\n", 3, "merges nothing"),
        ("a: 1\n[1, 2]: 3\n", 2, "no key"),
        ("a: 1\nb: 2024-99-99\n", 2, "cannot be read"),
        ("a: 1\nb: " + "[" * (MAX_DEPTH + 1), 2, "deep"),
        ('a: 1\nb: "A\\e[31m"\n', 2, "b: holds the character U+001B"),
        ('甲:\n- 可灵\n- "可靈\\u202E"\n', 3, "甲: holds the character U+202E"),
        ("a: 1\nb: {c: [可靈\u2066]}\n", 2, "c: holds the character U+2066"),
        ('a: 1\n"b\\x9b": 2\n', 2, "U+009B"),
        ('a: "b\\r"\n', 1, "U+000D"),
        ("a: 1\n" + "- " * 5_000 + "1", 2, "deep"),
        ("a: 1\n" + "? " * 5_000 + "1", 2, "deep"),
    ],
)
def test_what_has_no_place_in_a_settings_file_is_refused_with_its_line(text: str, line: int, part: str) -> None:
    """Tags, aliases, merging, second keys and bottomless nesting are errors that say where."""
    error = _error(text)
    assert (error.path, error.line) == ("file.yaml", line)
    assert part in str(error)


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    """Nine levels of nine aliases would be a billion values."""
    lines = ["l0: &l0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 10)]
    assert "alias" in str(_error("\n".join(lines)))


def test_deep_indentation_is_an_error_and_no_crash() -> None:
    """Nesting by indentation is stopped too, before Python's stack ends."""
    deep = "\n".join(" " * depth + "a:" for depth in range(1_500))
    assert "deep" in str(_error(deep))


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    """Missing, not UTF-8, too long: each is one clear sentence; a byte order mark is none of them."""
    with pytest.raises(ConfigError, match="no such file"):
        load_located(tmp_path / "none.yaml")
    path = tmp_path / "file.yaml"
    path.write_bytes("a: 1\nb: 可灵\n".encode("gb18030"))
    with pytest.raises(ConfigError, match="not UTF-8") as caught:
        load_located(path)
    assert caught.value.line == 2
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(ConfigError, match="longer than"):
        load_located(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_located(tmp_path)
    path.write_bytes("\ufeff可灵: 2\n".encode())
    assert load_located(path).value == {"可灵": 2}
    path.write_bytes(b"")
    assert load_located(path).value is None


def test_what_only_looks_odd_is_text() -> None:
    """Line breaks, tabs, wide spaces, joiners of emoji and marks of direction that a language needs."""
    text = "輝達\u3000芯片\t👩\u200d🔬\u00a0\u200f\n"
    assert parse_located(f"a: {json.dumps(text, ensure_ascii=False)}\n").value == {"a": text}


def test_a_secret_in_a_wrong_place_is_not_repeated() -> None:
    """Where a character is refused, the text around it stays unsaid."""
    assert "hunter2" not in str(_error('password: "hunter2\\e"\n'))
