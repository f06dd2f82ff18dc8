"""Entries of cron and systemd: absolute, without secrets, and only ours are touched."""

import json
import os
import re
import stat
import subprocess
from pathlib import Path

import pytest

from chipreel import schedule
from chipreel.cli import main
from chipreel.config.secrets import load_environment
from chipreel.errors import ConfigError
from chipreel.schedule import Job
from chipreel.store.database import open_database

CRONTAB = """#!/bin/sh
if [ "$1" = "-l" ]; then [ -f "$TABLE" ] && cat "$TABLE" || exit 1; else cat > "$TABLE"; fi
"""


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A job in a folder whose name is awkward in every way."""
    home = tmp_path / "my 50% 芯片"
    home.mkdir()
    return Job(home, home / "feeds.yaml", home / "data" / "chipreel.db", ("/usr/bin/echo", "ran"))


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A crontab program that keeps its table in a file of this test; no other is on PATH."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "crontab").write_text(CRONTAB)
    (programs / "crontab").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("TABLE", str(tmp_path / "table"))
    return tmp_path / "table"


def test_installing_twice_leaves_one_entry_and_other_peoples(job: Job, table: Path, tmp_path: Path) -> None:
    """What was in the crontab before is in it afterwards, and after removing too."""
    table.write_text("0 1 * * * backup\n")
    for _ in range(2):
        schedule.install(job, "cron", tmp_path)

    assert table.read_text().splitlines() == ["0 1 * * * backup", schedule.cron_line(job)]
    assert schedule.installed(job, tmp_path) == [schedule.cron_line(job)]
    assert schedule.remove(job, tmp_path) == 1
    assert table.read_text() == "0 1 * * * backup\n"
    assert schedule.remove(job, tmp_path) == 0


def test_the_entry_runs_as_cron_would_run_it(job: Job) -> None:
    """Spaces, a percent sign and Chinese in the path survive cron's own unescaping and the shell."""
    (job.db.parent / "logs").mkdir(parents=True)
    minutes, command = schedule.cron_line(job).split(" * * * * ", 1)

    subprocess.run(["/bin/sh", "-c", by_cron(command)], check=True, env={"PATH": os.environ["PATH"]})

    log = (job.db.parent / "logs" / "run.log").read_text()
    assert log == f"ran --quiet --feeds {job.feeds} --db {job.db} run\n"
    assert len(minutes.split(",")) == 4


def by_cron(command: str) -> str:
    """What cron hands to the shell: all before the first bare percent sign, escaped ones without their backslash."""
    kept = re.match(r"(?:\\.|[^\\%])*", command)
    assert kept
    return kept[0].replace(r"\%", "%")


@pytest.mark.parametrize("name", ["p%q r", "100%", "芯片%影片", "輝達 5\\%", "it's % \\\\% \\"])
def test_a_percent_sign_anywhere_in_a_path_does_not_end_the_entry(name: str, tmp_path: Path, table: Path) -> None:
    """The folder, both files, the log and the mark are whole; the entry is found again and taken away."""
    home = tmp_path / name
    home.mkdir()
    job = Job(home, home / "feeds.yaml", home / "data" / "chipreel.db", ("/usr/bin/echo", "ran"))
    schedule.install(job, "cron", tmp_path)
    (line,) = table.read_text().splitlines()

    command = line.split(" * * * * ", 1)[1]
    assert not re.search(r"(?<!\\)%", command)
    subprocess.run(["/bin/sh", "-c", by_cron(command)], check=True, env={"PATH": os.environ["PATH"]})
    log = (home / "data" / "logs" / "run.log").read_text()
    assert log == f"ran --quiet --feeds {job.feeds} --db {job.db} run\n"
    assert schedule.installed(job, tmp_path) == [line]
    assert schedule.remove(job, tmp_path) == 1
    assert table.read_text() == ""


@pytest.mark.parametrize("name", ["two\nlines", "芯片\r", "esc\x1b[2J", "next\x85line"])
@pytest.mark.parametrize("manager", ["cron", "systemd"])
def test_a_folder_that_no_line_can_hold_is_refused(
    name: str, manager: schedule.Manager, tmp_path: Path, table: Path
) -> None:
    """What, where, and what to do instead; nothing is written, and nothing of it is sent to a terminal."""
    home = tmp_path / name
    job = Job(home, home / "feeds.yaml", home / "data" / "chipreel.db", ("/usr/bin/echo", "ran"))
    table.write_text("0 1 * * * backup\n")

    with pytest.raises(ConfigError, match=r"control character.*rename the folder") as caught:
        schedule.install(job, manager, tmp_path / "units")
    assert repr(str(home)) in str(caught.value)
    assert str(caught.value).isprintable()
    assert table.read_text() == "0 1 * * * backup\n"
    assert not (tmp_path / "units").exists()
    assert not home.exists()


def test_other_peoples_lines_stay_as_they_are_in_whatever_encoding(job: Job, table: Path, tmp_path: Path) -> None:
    """Bytes that are no UTF-8, and characters that Python takes for the end of a line."""
    theirs = "0 1 * * * echo 漢\u2028字\x0c\x85\n\n# ".encode() + b"\xff\xfe\n"
    table.write_bytes(theirs)
    schedule.install(job, "cron", tmp_path)
    assert table.read_bytes() == theirs + os.fsencode(schedule.cron_line(job)) + b"\n"
    assert schedule.remove(job, tmp_path) == 1
    assert table.read_bytes() == theirs


def test_a_timer_of_another_home_is_not_ours(job: Job, table: Path, tmp_path: Path) -> None:
    """It is not shown as installed, not taken away, and not overwritten while its home is there."""
    other = tmp_path / "別處 100%"
    other.mkdir()
    (other / "feeds.yaml").write_text("sources: []\n")
    theirs = Job(other, other / "feeds.yaml", other / "data" / "chipreel.db", ("/usr/bin/echo", "ran"))
    systemctl = table.parent / "bin" / "systemctl"
    systemctl.write_text("#!/bin/sh\nexit 0\n")
    systemctl.chmod(0o755)
    units = tmp_path / "units"
    schedule.install(theirs, "systemd", units)

    assert schedule.installed(job, units) == []
    assert schedule.remove(job, units) == 0
    with pytest.raises(ConfigError, match=r"別處 100%.*--with cron"):
        schedule.install(job, "systemd", units)
    assert schedule.installed(theirs, units) == [str(units / "chipreel.timer")]

    (other / "feeds.yaml").unlink()
    schedule.install(job, "systemd", units)
    assert schedule.installed(job, units) == [str(units / "chipreel.timer")]
    assert schedule.remove(job, units) == 1
    assert not list(units.iterdir())


def test_units_of_systemd_quote_what_systemd_would_expand(job: Job) -> None:
    """A percent sign in a path is no specifier."""
    units = schedule.timer_units(job)

    assert "50%% 芯片" in units["chipreel.service"]
    assert "Persistent=true" in units["chipreel.timer"]


def test_the_doctor_sees_whether_anything_fetches_by_itself(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A warning until the entry is there, and again when somebody takes it away."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "feeds.yaml").write_text("sources: []\n")
    with open_database(tmp_path / "data/chipreel.db"):
        pass
    told = []
    for command in (["schedule", "show"], ["schedule", "install", "--with", "cron"], ["schedule", "remove"]):
        assert main(command) == 0
        capsys.readouterr()
        assert main(["doctor", "--json"]) == 0
        rows = {row["check"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
        told.append((rows["schedule"]["state"], rows["schedule"]["message"]))

    assert [state for state, _ in told] == ["warning", "ok", "warning"]
    assert "chipreel schedule install" in told[0][1]
    assert str(tmp_path) in told[1][1]


def test_a_missing_manager_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no crontab, asking for it is an error that names the way out."""
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(ConfigError, match="no crontab"):
        schedule.choose_manager("cron")


def test_secrets_are_read_only_from_a_file_that_is_ours_alone(tmp_path: Path) -> None:
    """Mode 0600 is read, anything wider is refused; the real environment wins."""
    path = tmp_path / "chipreel.env"
    path.write_text("# mail\nexport SMTP_PASSWORD='s3 cret'\nTOKEN=abc\n")
    path.chmod(0o640)
    with pytest.raises(ConfigError, match="others can read"):
        load_environment(tmp_path, {})

    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert load_environment(tmp_path, {"TOKEN": "own"}) == {"SMTP_PASSWORD": "s3 cret", "TOKEN": "own"}


def test_a_broken_line_of_secrets_is_named_but_not_shown(tmp_path: Path) -> None:
    """The message has the line's number and nothing of its content."""
    path = tmp_path / "chipreel.env"
    path.write_text("A=1\nhunter2\n")
    path.chmod(0o600)

    with pytest.raises(ConfigError) as caught:
        load_environment(tmp_path, {})
    assert "chipreel.env:2" in str(caught.value)
    assert "hunter2" not in str(caught.value)
