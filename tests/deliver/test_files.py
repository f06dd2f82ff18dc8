"""A digest as a file: whole or not at all, and inside its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from chipreel.deliver.files import deliver_file, safe_name
from chipreel.errors import DeliveryError


def test_delivering_twice_leaves_one_file(tmp_path: Path) -> None:
    """The same content replaces itself, and nothing half-written stays behind."""
    for _ in range(2):
        path = deliver_file(tmp_path / "digests", "2024-02-16-default-1.md", "# 芯片\n")

    assert path.read_text(encoding="utf-8") == "# 芯片\n"
    assert [one.name for one in (tmp_path / "digests").iterdir()] == ["2024-02-16-default-1.md"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..", "a/b\\c", "芯片\x00.md", ""])
def test_a_name_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    """Whatever it is made from."""
    path = deliver_file(tmp_path, name, "x")

    assert path.parent == tmp_path
    assert path.name == safe_name(name)


def test_a_folder_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    """One that says where."""
    (tmp_path / "digests").write_text("x")

    with pytest.raises(DeliveryError, match="digests"):
        deliver_file(tmp_path / "digests", "a.md", "x")
