"""Profiles, channels, mutes and searches of feeds.yaml: what is read, and what is refused loudly."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from chipreel.config.profiles import load_audiences
from chipreel.errors import ConfigError
from chipreel.model.profile import Audiences, ChannelSettings, Interest, Mute, Profile, SavedSearch

GOOD = """\
settings:
  language: en
  profiles:
    default: {hour: "07:30", channels: [file, mail]}
    chip-desk:
      lang: zh
      companies: [nvidia, softbank]
      beats: [chips]
      keywords: [芯片, HBM]
      languages: [zh]
      sources: [caijing]
      weights: {"company:nvidia": 2, "role:official": -1}
      hour: 18
      channels: [phone, stdout]
      empty: line
      searches: [hbm]
      top: 3
      minutes: 2.5
      cooldown_h: 12
  channels:
    mail: {kind: smtp, host: mail.example.org, from: a@example.org, to: b@example.org, password: SMTP_PASSWORD}
    phone: {kind: push, url: PUSH_URL, max_bytes: 2000}
    page: {kind: file, format: html, folder: site}
  mute:
    - keyword: 招聘
    - {source: caijing}
    - {company: nvidia, keyword: gaming}
  searches:
    hbm: HBM OR 高带宽内存
    suits: {query: "lawsuit", title: "In court"}
sources: []
"""


def _load(tmp_path: Path, text: str) -> Audiences:
    path = tmp_path / "feeds.yaml"
    path.write_text(text, encoding="utf-8")
    return load_audiences(path, sources=["caijing"], companies=["nvidia", "softbank"])


def test_everything_that_may_be_said_is_read(tmp_path: Path) -> None:
    """Each key of each section."""
    found = _load(tmp_path, GOOD)

    first, desk = found.profiles
    assert (first.name, first.hour, first.channels, first.lang) == ("default", time(7, 30), ("file", "mail"), None)
    assert desk.interest == Interest(
        ("nvidia", "softbank"), ("chips",), keywords=("芯片", "HBM"), languages=("zh",), sources=("caijing",)
    )
    assert (desk.hour, desk.lang, desk.empty, desk.searches) == (time(18), "zh", "line", ("hbm",))
    assert (desk.limits.top, desk.limits.minutes, desk.limits.cooldown_h) == (3, 2.5, 12)
    assert desk.weights == {"company:nvidia": 2.0, "role:official": -1.0}
    mail, phone, page = found.channels
    assert (mail.sender, mail.to, mail.security) == ("a@example.org", ("b@example.org",), "starttls")
    assert phone == ChannelSettings("phone", "push", url_variable="PUSH_URL", max_bytes=2000)
    assert (page.format, page.folder) == ("html", "site")
    assert found.mutes == (Mute(keyword="招聘"), Mute(source="caijing"), Mute(company="nvidia", keyword="gaming"))
    assert found.searches == (SavedSearch("hbm", "HBM OR 高带宽内存"), SavedSearch("suits", "lawsuit", "In court"))


def test_nothing_said_means_one_profile_for_everybody(tmp_path: Path) -> None:
    """To a file and the screen."""
    assert _load(tmp_path, "sources: []\n") == Audiences((Profile(),))


def test_the_default_of_a_mail_is_html(tmp_path: Path) -> None:
    """A channel says otherwise with `format: text`."""
    assert _load(tmp_path, GOOD).channels[0].format != "text"


@pytest.mark.parametrize(
    ("section", "line", "key", "hint"),
    [
        ("profiles:\n    Desk: {hour: 7}", 3, "Desk", "lower-case"),
        ("profiles:\n    desk: {companies: [nvidea]}", 3, "companies", "nvidia"),
        ("profiles:\n    desk:\n      channels: [nowhere]", 4, "channels", "known: file, stdout"),
        ("profiles:\n    desk: {sources: [caijin]}", 3, "sources", "caijing"),
        ("profiles:\n    desk: {hour: 25}", 3, "hour", "07:30"),
        ("profiles:\n    desk: {hour: true}", 3, "hour", "07:30"),
        ("profiles:\n    desk: {beats: [audio]}", 3, "beats", "video"),
        ("profiles:\n    desk: {lang: de}", 3, "lang", "en, zh"),
        ("profiles:\n    desk: {empty: maybe}", 3, "empty", "nothing, line"),
        ("profiles:\n    desk: {weights: {nvidia: 2}}", 3, "weights", "company:openai"),
        ('profiles:\n    desk: {weights: {"company:nvidea": 2}}', 3, "weights", "check its id"),
        ('profiles:\n    desk: {weights: {"company:nvidia": 芯}}', 3, "weights", "number"),
        ("profiles:\n    desk: {minutes: .inf}", 3, "minutes", "number from"),
        ("profiles:\n    desk: {top: 2.5}", 3, "top", "whole number"),
        ("profiles:\n    desk: {searches: [x]}", 3, "searches", "none is declared"),
        ("profiles:\n    desk: {compnies: [nvidia]}", 3, "compnies", "companies"),
        ("profiles: [desk]", 2, "profiles", "a name, a colon"),
        ("profiles:\n    desk: 7", 3, "desk", "its keys below it"),
        ("channels:\n    mail: {kind: mail}", 3, "kind", "smtp"),
        ("channels:\n    mail: {host: x}", 3, "mail", "kind: smtp"),
        ("channels:\n    mail: {kind: smtp, host: x, from: a@b.c}", 3, "mail", "to:"),
        ("channels:\n    mail: {kind: smtp, host: x, from: nobody, to: a@b.c}", 3, "from", "you@example.org"),
        ("channels:\n    mail: {kind: smtp, host: x, from: a@b.c, to: []}", 3, "to", "you@example.org"),
        ("channels:\n    m: {kind: smtp, host: x, from: a@b.c, to: a@b.c, port: 0}", 3, "port", "65535"),
        (
            "channels:\n    m: {kind: smtp, host: x, from: a@b.c, to: a@b.c, user: ME, security: none}",
            3,
            "security",
            "starttls",
        ),
        ("channels:\n    p: {kind: push}", 3, "p", "PUSH_URL"),
        ("channels:\n    p: {kind: push, url: PUSH_URL, format: html}", 3, "format", "text, markdown"),
        ("channels:\n    f: {kind: file, format: pdf}", 3, "format", "atom"),
        ("mute: {keyword: x}", 2, "mute", "招聘"),
        ("mute:\n    - {}", 3, "mute", "source, keyword"),
        ("mute:\n    - {company: nvidia}", 3, "company", "add a keyword"),
        ("mute:\n    - {keyword: ok}\n    - {source: nobody}", 4, "source", "caijing"),
        ("mute:\n    - {keyword: ''}", 3, "keyword", "quotes"),
        ("mute:\n    - 招聘", 3, "mute", "its keys below it"),
        ("searches:\n    hbm: {title: x}", 3, "hbm", "query"),
        ("searches:\n    hbm: 7", 3, "hbm", "its keys below it"),
    ],
)
def test_what_cannot_work_is_refused(tmp_path: Path, section: str, line: int, key: str, hint: str) -> None:
    """File, line, key, and what to write instead."""
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, f"settings:\n  {section}\nsources: []\n")

    error = caught.value
    assert error.path == str(tmp_path / "feeds.yaml")
    assert error.line == line
    assert key in (error.key or "")
    assert hint in (error.hint or "")


@pytest.mark.parametrize("secret", ["hunter2", "tgram://123:abc/1", "p@ss WORD"])
@pytest.mark.parametrize(
    "entry",
    ["{kind: push, url: %r}", "{kind: smtp, host: x, from: a@b.c, to: a@b.c, password: %r}"],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, entry: str, secret: str) -> None:
    """It belongs into the environment or chipreel.env, and the message goes into a log."""
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, f"settings:\n  channels:\n    x: {entry % secret}\n")

    assert secret not in str(caught.value)
    assert "environment variable" in str(caught.value)


@pytest.mark.parametrize(
    ("written", "hour"), [('"07:30"', time(7, 30)), ("7", time(7)), ("7:30", time(7, 30)), ("23:59", time(23, 59))]
)
def test_hours(tmp_path: Path, written: str, hour: time) -> None:
    """A bare 7:30 is the number 450 to YAML."""
    assert _load(tmp_path, f"settings:\n  profiles:\n    a: {{hour: {written}}}\n").profiles[0].hour == hour


def test_the_file_that_ships_is_good(project: Path) -> None:
    """Whatever it declares."""
    from chipreel.config.feeds import load_feeds

    feeds = load_feeds(project / "feeds.yaml")
    assert load_audiences(project / "feeds.yaml", sources=[one.id for one in feeds.sources], companies=[]).profiles


def test_the_examples_of_the_file_that_ships_are_good(project: Path, tmp_path: Path) -> None:
    """With the marks taken away they are read, all four sections of them."""
    lines = (project / "feeds.yaml").read_text(encoding="utf-8").splitlines()
    start = lines.index("  # profiles:")
    block = [line for line in lines[start:] if line.startswith("  # ")][: lines[start:].index("")]
    text = "settings:\n" + "\n".join("  " + line.removeprefix("  # ") for line in block) + "\n"
    path = tmp_path / "feeds.yaml"
    path.write_text(text, encoding="utf-8")
    found = load_audiences(path, sources=[], companies=["nvidia", "softbank", "huawei"])

    assert [len(part) for part in (found.profiles, found.channels, found.mutes, found.searches)] == [2, 3, 2, 1]
