"""Entries of cron and timers of systemd that call `chipreel run`. Absolute paths, no secrets."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from chipreel.errors import ChipreelError, ConfigError

Manager = Literal["cron", "systemd"]
#: Minutes between two runs.
EVERY_MIN = 15


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be run."""

    #: Folder with feeds.yaml.
    home: Path
    feeds: Path
    db: Path
    #: The program, as an absolute path, with its arguments.
    program: tuple[str, ...]

    @property
    def command(self) -> tuple[str, ...]:
        """The whole command line."""
        return (*self.program, "--quiet", "--feeds", str(self.feeds), "--db", str(self.db), "run")

    @property
    def mark(self) -> str:
        """What tells this job's entry from all others, as a crontab has it."""
        return _cron_escaped(f"# chipreel {self.home}")


def this_program() -> tuple[str, ...]:
    """How to start the program that is running, whatever PATH cron has."""
    beside = Path(sys.executable).with_name("chipreel")
    return (str(beside),) if beside.is_file() else (sys.executable, "-m", "chipreel")


def cron_line(job: Job) -> str:
    """The entry of a crontab. Raises ConfigError where a path cannot stand in one line."""
    _refuse_controls(job)
    log = job.db.parent / "logs" / "run.log"
    command = " ".join(shlex.quote(part) for part in job.command)
    minutes = ",".join(str(minute) for minute in range(_offset(job), 60, EVERY_MIN))
    line = f"{minutes} * * * * cd {shlex.quote(str(job.home))} && {command} >> {shlex.quote(str(log))} 2>&1"
    return f"{_cron_escaped(line)} {job.mark}"


def timer_units(job: Job) -> dict[str, str]:
    """File name → content of the service and the timer. Raises ConfigError where a path cannot stand in one line."""
    _refuse_controls(job)
    command = " ".join(_systemd_quoted(part) for part in job.command)
    service = (
        f"[Unit]\nDescription=chipreel: fetch and deliver\n\n[Service]\nType=oneshot\n"
        f"{_working_directory(job)}\nExecStart={command}\n"
    )
    timer = (
        f"[Unit]\nDescription=chipreel every {EVERY_MIN} minutes\n\n[Timer]\nOnCalendar=*:0/{EVERY_MIN}\n"
        "RandomizedDelaySec=60\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
    )
    return {"chipreel.service": service, "chipreel.timer": timer}


def choose_manager(wanted: Manager | None) -> Manager:
    """The one asked for, else cron where there is one, else systemd. Raises ConfigError where there is neither."""
    have = {"cron": shutil.which("crontab"), "systemd": shutil.which("systemctl")}
    if wanted is not None and have[wanted]:
        return wanted
    found: Manager | None = "cron" if have["cron"] else "systemd" if have["systemd"] else None
    if wanted is not None or found is None:
        missing = {"cron": "crontab", "systemd": "systemctl"}[wanted or "cron"]
        raise ConfigError(f"there is no {missing} on this machine", key="--with", hint="install cron, or use systemd")
    return found


def install(job: Job, manager: Manager, units: Path) -> None:
    """Put the job into cron or systemd, replacing an earlier one of the same home. Raises ConfigError."""
    if manager == "cron":
        line = cron_line(job)
        _make_logs(job)
        _write_crontab([*_others(job), line])
        return
    contents = timer_units(job)
    _refuse_other_home(job, units)
    _make_logs(job)
    units.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (units / name).write_bytes(os.fsencode(content))
    _call("systemctl", "--user", "daemon-reload")
    _call("systemctl", "--user", "enable", "--now", "chipreel.timer")


def installed(job: Job, units: Path) -> list[str]:
    """The entries of this home that are there now, as text."""
    found = [line for line in _crontab() if _is_of(job, line)] if shutil.which("crontab") else []
    return found + ([str(units / "chipreel.timer")] if _is_timer_of(job, units) else [])


def remove(job: Job, units: Path) -> int:
    """Take every entry of this home away; returns how many there were."""
    count = len(installed(job, units))
    if shutil.which("crontab") and any(_is_of(job, line) for line in _crontab()):
        _write_crontab(_others(job))
    if _is_timer_of(job, units):
        _call("systemctl", "--user", "disable", "--now", "chipreel.timer")
        for name in timer_units(job):
            (units / name).unlink(missing_ok=True)
    return count


def _offset(job: Job) -> int:
    """Not everybody at the full hour: a minute that this home always has."""
    return sum(str(job.home).encode()) % EVERY_MIN


def _others(job: Job) -> list[str]:
    return [line for line in _crontab() if not _is_of(job, line)]


def _is_of(job: Job, line: str) -> bool:
    return line.endswith(job.mark)


def _is_timer_of(job: Job, units: Path) -> bool:
    return (units / "chipreel.timer").is_file() and _working_directory(job) in _service_lines(units)


def _service_lines(units: Path) -> list[str]:
    service = units / "chipreel.service"
    return _lines(service.read_bytes()) if service.is_file() else []


def _working_directory(job: Job) -> str:
    return f"WorkingDirectory={str(job.home).replace('%', '%%')}"


def _refuse_other_home(job: Job, units: Path) -> None:
    """The units have one name for all homes: those of a home that is still there stay."""
    for line in _service_lines(units):
        key, _, where = line.partition("=")
        home = Path(where.replace("%%", "%"))
        if key == "WorkingDirectory" and home != job.home and (home / "feeds.yaml").is_file():
            hint = f"`chipreel schedule remove` in {home} first, or --with cron, which holds an entry for each home"
            raise ConfigError(f"the timer of systemd is that of {home}", key="--with", hint=hint)


def _refuse_controls(job: Job) -> None:
    for part in (str(job.home), *job.command):
        if any(unicodedata.category(char) == "Cc" for char in part):
            message = "holds a line break or another control character, which no entry of cron or systemd can hold"
            raise ConfigError(message, path=repr(part), hint="rename the folder, and install from there")


def _make_logs(job: Job) -> None:
    (job.db.parent / "logs").mkdir(parents=True, exist_ok=True)


def _cron_escaped(text: str) -> str:
    """Cron ends a command at a bare percent sign. Of two backslashes before one, the first escapes the second, so
    quotes that hold nothing part a backslash of ours from cron's."""
    return text.replace(r"\%", r"\''%").replace("%", r"\%")


def _crontab() -> list[str]:
    found = _run("crontab", "-l")
    return _lines(found.stdout) if found.returncode == 0 else []


def _write_crontab(lines: list[str]) -> None:
    found = _run("crontab", "-", told="".join(f"{line}\n" for line in lines))
    if found.returncode:
        raise ChipreelError(f"crontab refused the entry: {os.fsdecode(found.stderr).strip()}")


def _lines(body: bytes) -> list[str]:
    """Lines as cron and systemd read them: what else Python takes for the end of a line is part of it."""
    return os.fsdecode(body).removesuffix("\n").split("\n") if body else []


def _run(*command: str, told: str = "") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, input=os.fsencode(told), capture_output=True, check=False)  # noqa: S603


def _call(*command: str) -> None:
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if found.returncode:
        raise ChipreelError(f"{' '.join(command)} failed: {found.stderr.strip()}")


def _systemd_quoted(part: str) -> str:
    escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'
