"""Entries of cron and timers of systemd that call `chipreel run`. Absolute paths, no secrets."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
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
        """What tells this job's entry from all others."""
        return f"# chipreel {self.home}"


def this_program() -> tuple[str, ...]:
    """How to start the program that is running, whatever PATH cron has."""
    beside = Path(sys.executable).with_name("chipreel")
    return (str(beside),) if beside.is_file() else (sys.executable, "-m", "chipreel")


def cron_line(job: Job) -> str:
    """The entry of a crontab: a percent sign would end the command there, so it is escaped."""
    log = job.db.parent / "logs" / "run.log"
    command = " ".join(shlex.quote(part) for part in job.command).replace("%", r"\%")
    where = shlex.quote(str(job.home)).replace("%", r"\%")
    minutes = ",".join(str(minute) for minute in range(_offset(job), 60, EVERY_MIN))
    return f"{minutes} * * * * cd {where} && {command} >> {shlex.quote(str(log))} 2>&1 {job.mark}"


def timer_units(job: Job) -> dict[str, str]:
    """File name → content of the service and the timer."""
    command = " ".join(_systemd_quoted(part) for part in job.command)
    service = (
        f"[Unit]\nDescription=chipreel: fetch and deliver\n\n[Service]\nType=oneshot\n"
        f"WorkingDirectory={str(job.home).replace('%', '%%')}\nExecStart={command}\n"
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
    """Put the job into cron or systemd, replacing an earlier one of the same home."""
    (job.db.parent / "logs").mkdir(parents=True, exist_ok=True)
    if manager == "cron":
        _write_crontab([*_others(job), cron_line(job)])
        return
    units.mkdir(parents=True, exist_ok=True)
    for name, content in timer_units(job).items():
        (units / name).write_text(content, encoding="utf-8")
    _call("systemctl", "--user", "daemon-reload")
    _call("systemctl", "--user", "enable", "--now", "chipreel.timer")


def installed(job: Job, units: Path) -> list[str]:
    """The entries of this home that are there now, as text."""
    found = [line for line in _crontab() if line.endswith(job.mark)] if shutil.which("crontab") else []
    timer = units / "chipreel.timer"
    return found + ([str(timer)] if timer.is_file() else [])


def remove(job: Job, units: Path) -> int:
    """Take every entry of this home away; returns how many there were."""
    count = len(installed(job, units))
    if shutil.which("crontab") and any(line.endswith(job.mark) for line in _crontab()):
        _write_crontab(_others(job))
    if (units / "chipreel.timer").is_file():
        _call("systemctl", "--user", "disable", "--now", "chipreel.timer")
        for name in timer_units(job):
            (units / name).unlink(missing_ok=True)
    return count


def _offset(job: Job) -> int:
    """Not everybody at the full hour: a minute that this home always has."""
    return sum(str(job.home).encode()) % EVERY_MIN


def _others(job: Job) -> list[str]:
    return [line for line in _crontab() if not line.endswith(job.mark)]


def _crontab() -> list[str]:
    found = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)  # noqa: S607
    return found.stdout.splitlines() if found.returncode == 0 else []


def _write_crontab(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n" if lines else ""
    found = subprocess.run(["crontab", "-"], input=text, capture_output=True, text=True, check=False)  # noqa: S607
    if found.returncode:
        raise ChipreelError(f"crontab refused the entry: {found.stderr.strip()}")


def _call(*command: str) -> None:
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if found.returncode:
        raise ChipreelError(f"{' '.join(command)} failed: {found.stderr.strip()}")


def _systemd_quoted(part: str) -> str:
    escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'
