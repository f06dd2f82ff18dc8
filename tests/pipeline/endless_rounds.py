"""Adds an article and publishes an edition, again and again, until it is killed. Run by test_editions_killed.py."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from chipreel.deliver.files import deliver_file
from chipreel.digest.frozen import freeze
from chipreel.model.delivery import Message
from chipreel.model.digest import Digest
from chipreel.pipeline.editions import Channel, publish

spec = importlib.util.spec_from_file_location("newsroom", Path(__file__).with_name("conftest.py"))
assert spec is not None
assert spec.loader is not None
newsroom = importlib.util.module_from_spec(spec)
sys.modules["newsroom"] = newsroom
spec.loader.exec_module(newsroom)


def channels(folder: Path) -> dict[str, Channel]:
    """A file for each edition, which may be written twice, and a log of two messages each, to which a line is added."""

    def one(digest: Digest, number: int) -> list[Message]:
        return [Message(f"{number}.json", "", freeze(digest))]

    def two(digest: Digest, number: int) -> list[Message]:
        told = " ".join(f"{entry.story}:{entry.state}" for entry in digest.entries)
        return [Message(f"{number}-{part}", "", f"{number} {part} {told}\n", part=part, parts=2) for part in (1, 2)]

    def to_log(message: Message) -> None:
        handle = os.open(folder / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.write(handle, message.body.encode())
        os.close(handle)

    def to_file(message: Message) -> None:
        deliver_file(folder / "editions", message.key, message.body)

    return {"file": Channel("file", one, to_file, is_idempotent=True), "log": Channel("log", two, to_log)}


def main() -> None:
    folder, rounds = Path(sys.argv[1]), int(sys.argv[2])
    for room in newsroom.make_newsroom(folder / "news.db"):
        room.profile = newsroom.Profile(channels=("file", "log"))
        print("ready", flush=True)
        while rounds:
            if rounds > 0:
                rounds -= 1
            if rounds != 0:
                room._count = room.db.execute("select coalesce(max(id), 0) from articles").fetchone()[0]
                room.article(f"Nvidia ships chip {room._count}", lang="zh" if room._count % 2 else "en")
            publish(room.db, room.wanted(), channels(folder))


if __name__ == "__main__":
    main()
