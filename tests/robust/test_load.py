"""Many sources at once, some of which hang, while somebody reads."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml


@pytest.mark.slow
def test_two_thousand_sources_of_which_fifty_hang_under_a_reader(world: Any, tmp_path: Path, chipreel: Any) -> None:
    """The run ends, no query of Datasette fails, and 95 in 100 take less than 200 ms."""
    world.lay(1950, 2)
    home = world.write_home(tmp_path / "home")
    with socket.create_server(("127.0.0.1", 0), backlog=200) as silent:
        feeds = yaml.safe_load((home / "feeds.yaml").read_text("utf-8"))
        feeds["settings"] |= {"timeout_s": 3, "workers": 16}
        base = f"http://127.0.0.1:{silent.getsockname()[1]}"
        feeds["sources"] += [dict(feeds["sources"][0], id=f"hangs-{n}", url=f"{base}/{n}") for n in range(50)]
        (home / "feeds.yaml").write_text(yaml.safe_dump(feeds, allow_unicode=True), encoding="utf-8")
        chipreel("fetch", "s0", cwd=home)
        program = [sys.executable, "-m", "chipreel"]
        browse = [*program, "browse", "--port", "0", "--no-open"]
        with subprocess.Popen(browse, cwd=home, stderr=subprocess.PIPE, text=True) as reader:
            assert reader.stderr is not None
            address = next(word for word in reader.stderr.readline().split() if word.startswith("http"))
            run = subprocess.Popen([*program, "--quiet", "fetch", "--all"], cwd=home, stderr=subprocess.PIPE, text=True)
            took, statuses = ask_while(run, f"{address}chipreel/articles.json?_search=nvidia")
            told = run.communicate()[1]
            reader.terminate()

    assert run.returncode == 0, told[-1000:]
    assert sum(line.startswith("hangs-") for line in told.splitlines()) == 50
    assert set(statuses) == {200}
    assert len(took) > 20
    assert sorted(took)[int(len(took) * 0.95)] < 0.2, sorted(took)[-10:]


def ask_while(run: subprocess.Popen[str], address: str) -> tuple[list[float], list[int]]:
    """How long each question took while a run was at work, and how it was answered."""
    took, statuses = [], []
    with httpx.Client(trust_env=False, timeout=30) as client:
        while run.poll() is None:
            started = time.monotonic()
            statuses.append(client.get(address).status_code)
            took.append(time.monotonic() - started)
            time.sleep(0.1)
    return took, statuses
