"""A small world in both languages, brought in by the real import, for every test of the pages."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chipreel.cli import main

#: source → (hours ago, title, text)
WORLD: dict[str, tuple[tuple[float, str, str], ...]] = {
    "harbour": (
        (
            5,
            "SoftBank seeks $100 billion for an AI chip venture",
            "SoftBank is seeking to raise $100 billion for a company that would make AI chips, people said. "
            "SoftBank itself would put in $30 billion. “Chips are the new oil,” said Masayoshi Son, chief executive of "
            "SoftBank. Nvidia, which dominates the market for AI chips, declined to comment.",
        ),
        (
            30,
            "Nvidia unveils a new GPU for training video models",
            "Nvidia unveiled a GPU for training. “Demand is surging worldwide,” said Jensen Huang, chief executive of "
            "Nvidia. Revenue rose to $22.1 billion.",
        ),
        (
            4,
            "Sora of OpenAI makes a minute of video <script>alert(1)</script>",
            "OpenAI showed Sora, a model that turns text into a minute of video. <img src=x onerror=alert(2)> Rivals "
            "such as Runway and Pika were quick to answer.",
        ),
    ),
    "chaoxin": (
        (
            3,
            "软银拟筹资1000亿美元成立AI芯片公司",
            "软银集团正寻求筹集1000亿美元，成立一家AI芯片公司，与英伟达竞争，其中软银自己出资300亿美元。"
            "软银首席执行官孙正义说：“芯片就是新的石油。”",
        ),
        (
            28,
            "英伟达发布新一代GPU 黄仁勋：需求激增",
            "英伟达发布了新一代用于训练的GPU芯片。英伟达首席执行官黄仁勋表示：“全球需求正在激增。”季度营收221亿美元。",
        ),
    ),
    "haixia": (
        (
            2,
            "軟銀孫正義擬籌1000億美元 打造AI晶片公司",
            "軟銀創辦人孫正義計畫籌措1000億美元打造AI晶片（芯片）公司，挑戰輝達。",
        ),
    ),
}


@pytest.fixture(scope="session")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the world in it."""
    folder = tmp_path_factory.mktemp("reel")
    now = datetime.now(UTC)
    for source, items in WORLD.items():
        rows = [
            {
                "id": f"{source}-{number}",
                "title": title,
                "text": text,
                "url": f"https://{source}.example/{number}",
                "published": (now - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
            for number, (hours, title, text) in enumerate(items)
        ]
        file = folder / f"{source}.jsonl"
        file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
        assert main(["import", str(file), "--source", source, "--db", str(folder / "reel.db"), "--quiet"]) == 0
    return folder / "reel.db"


@pytest.fixture(scope="session")
def site(reel: Path) -> Iterator[str]:
    """The address of `chipreel browse` on the world, in a process of its own."""
    command = [sys.executable, "-m", "chipreel", "browse", "--db", str(reel), "--port", "0", "--no-open"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=reel.parent)
    assert process.stderr is not None
    line = process.stderr.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found, line + process.stderr.read()
    yield found[0]
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) == 0
    process.stderr.close()
