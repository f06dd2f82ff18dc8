"""The sample world: what it holds, what each step changes, and that what is served is what it claims to be."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import httpx
import pytest
import yaml
from lxml import etree

from chipreel.config.feeds import load_feeds
from chipreel.demo.server import SampleServer
from chipreel.demo.world import SampleSource, SampleWorld
from chipreel.errors import ConfigError


@pytest.fixture(scope="module")
def world() -> SampleWorld:
    """The world that ships with the program."""
    return SampleWorld(Path(__file__).resolve().parents[2] / "data" / "sample")


@pytest.fixture
def server(world: SampleWorld) -> Iterator[SampleServer]:
    """The world at its first step, running."""
    with world.serve(1) as running:
        yield running


@pytest.fixture
def client(server: SampleServer) -> Iterator[httpx.Client]:
    """A client of the running world that keeps its connection."""
    with httpx.Client(base_url=server.base_url, trust_env=False) as client:
        yield client


def _source(world: SampleWorld, source_id: str) -> SampleSource:
    return next(source for source in world.sources if source.id == source_id)


def _feeds(world: SampleWorld) -> list[SampleSource]:
    return [source for source in world.sources if source.format != "page" and source.answer is None]


def _as_feedparser_reads(body: bytes, content_type: str) -> Any:
    return feedparser.parse(body, response_headers={"content-type": content_type}, sanitize_html=False)


# What it holds


def test_the_sample_is_large_and_half_in_each_language(world: SampleWorld) -> None:
    """At least 14 sources bring something, 75 items in all, and neither language has less than 40 % of them."""
    items = Counter[str]()
    for source in world.sources:
        items[source.language] += len(source.items)

    assert sum(bool(source.items) for source in world.sources) >= 14
    assert items.total() >= 75
    assert set(items) == {"en", "zh"}
    assert min(items.values()) >= 0.4 * items.total()


def test_ids_are_unique_within_a_source(world: SampleWorld) -> None:
    """No two items of a source share an id."""
    for source in world.sources:
        ids = [item.first.id for item in source.items]

        assert len(ids) == len(set(ids)), source.id


def test_every_item_has_a_lead_and_all_but_posts_a_title(world: SampleWorld) -> None:
    """A reader finds something to read in each of them."""
    for source in world.sources:
        for item in source.items:
            assert (item.first.title is None) == (source.format == "posts"), item.first.id
            assert len(item.first.text.encode()) >= 80, item.first.id


def test_nothing_is_published_after_the_clock_of_its_step(world: SampleWorld) -> None:
    """At each step the world knows only what had happened by then, and what is new at step 2 was not out at step 1."""
    for source in world.sources:
        for item in source.items:
            assert item.first.published <= world.clock(item.step), item.first.id
            assert item.step == 1 or item.first.published > world.clock(item.step - 1), item.first.id
            if item.revised is not None and item.revised.updated is not None:
                assert world.clock(item.step) < item.revised.updated <= world.clock(item.step + 1), item.first.id


def test_the_second_step_has_new_revised_gone_and_unchanged_items(world: SampleWorld) -> None:
    """A second run meets every case: new, revised, unchanged, and fallen out of its feed."""
    cases: Counter[str] = Counter()
    for source in world.sources:
        before = {entry.id: entry for entry in source.entries(1)}
        after = {entry.id: entry for entry in source.entries(2)}
        cases["gone"] += len(before.keys() - after.keys())
        cases["new"] += len(after.keys() - before.keys())
        for entry_id in before.keys() & after.keys():
            cases["unchanged" if before[entry_id] == after[entry_id] else "revised"] += 1

    assert cases["new"] >= 40
    assert cases["revised"] >= 5
    assert cases["unchanged"] >= 60
    assert cases["gone"] >= 1


def test_most_of_the_first_step_is_inside_the_first_window_and_some_is_background(world: SampleWorld) -> None:
    """The first digest is neither empty nor everything there is."""
    hours = yaml.safe_load(world.feeds_yaml("http://127.0.0.1"))["settings"]["first_window_h"]
    ages = [(world.clock(1) - entry.published).total_seconds() / 3600 for s in world.sources for entry in s.entries(1)]

    inside = sum(age <= hours for age in ages)

    assert 0.6 * len(ages) < inside < len(ages) - 5


def test_one_copy_is_repeated_verbatim_at_two_outlets_and_a_column_keeps_its_title(world: SampleWorld) -> None:
    """The two traps of grouping are there: the same words under two names, other words under one name."""
    wire = {entry.text for entry in _source(world, "harbour-wire").entries(1)}
    copied = [entry for entry in _source(world, "tidewater-ledger").entries(1) if entry.text in wire]
    columns = {
        title: len({entry.text for entry in _source(world, source_id).entries(2) if entry.title == title})
        for source_id, title in (("lattice-notes", "The week in wafers"), ("guangnian", "光影周记"))
    }

    assert len(copied) == 2
    assert columns == {"The week in wafers": 3, "光影周记": 2}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("$7 trillion", "7万亿美元"),
        ("$1.78 trillion", "1.78万亿美元"),
        ("$1.8 trillion", "1.8万亿美元"),
        ("$100 billion", "1000亿美元"),
        ("$25 billion", "250亿美元"),
        ("$6 billion", "60亿美元"),
        ("$10 billion", "100亿美元"),
    ],
)
def test_the_great_sums_of_the_race_are_told_in_both_languages(world: SampleWorld, english: str, chinese: str) -> None:
    """Each sum stands in the text of at least one item of each language."""
    texts = {
        lang: "\n".join(item.first.text for source in world.sources if source.language == lang for item in source.items)
        for lang in ("en", "zh")
    }

    assert english in texts["en"]
    assert chinese in texts["zh"]


# What is served


def test_every_feed_is_read_whole_by_another_parser(world: SampleWorld, client: httpx.Client) -> None:
    """feedparser finds every entry of every XML feed, with its title, its date and its words."""
    for source in _feeds(world):
        if source.format == "json":
            continue
        answer = client.get(source.path)
        parsed = _as_feedparser_reads(answer.content, answer.headers["content-type"])
        wanted = source.entries(1)

        assert answer.status_code == 200
        assert [entry.get("title") for entry in parsed.entries] == [entry.title for entry in wanted], source.id
        for found, entry in zip(parsed.entries, wanted, strict=True):
            words = found["content"][0]["value"] if "content" in found else found["summary"]
            assert found.get("published") or found.get("updated"), entry.id
            assert entry.paragraphs[-1][-12:] in words.replace("&amp;", "&"), entry.id


def test_a_json_feed_holds_every_entry(world: SampleWorld, client: httpx.Client) -> None:
    """JSON Feeds say their version, and each entry its identity, title, time and paragraphs."""
    for source in (source for source in _feeds(world) if source.format == "json"):
        feed = client.get(source.path).json()
        wanted = source.entries(1)

        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert [(i["id"], i["title"], i["date_published"]) for i in feed["items"]] == [
            (entry.id, entry.title, entry.published.isoformat()) for entry in wanted
        ]
        assert all(
            i["content_html"].count("<p>") == len(e.paragraphs) for i, e in zip(feed["items"], wanted, strict=True)
        )


def test_the_formats_are_all_there(world: SampleWorld, client: httpx.Client) -> None:
    """RSS 2.0, RSS 1.0 and Atom in both languages, JSON Feed, and one list page."""
    seen = set()
    for source in _feeds(world):
        answer = client.get(source.path)
        seen.add((_as_feedparser_reads(answer.content, answer.headers["content-type"]).version, source.language))

    assert seen >= {(version, lang) for version in ("rss20", "rss10", "atom10") for lang in ("en", "zh")}
    assert {source.id for source in world.sources if source.format == "json"} == {"meta-sample", "lattice-notes"}
    assert [source.id for source in world.sources if source.format == "page"] == ["dengta"]


def test_only_the_feed_with_a_bare_ampersand_is_not_well_formed(world: SampleWorld, client: httpx.Client) -> None:
    """A strict XML parser reads all of them but one."""
    broken = []
    for source in _feeds(world):
        body = client.get(source.path).content
        if source.format == "json":
            continue
        try:
            etree.fromstring(body.replace(b'encoding="gb2312"', b'encoding="gb18030"'))
        except etree.XMLSyntaxError:
            broken.append(source.id)

    assert broken == ["morning-parade"]


def test_gb2312_is_declared_and_gb18030_is_sent(world: SampleWorld, client: httpx.Client) -> None:
    """The feed that says gb2312 holds characters that gb2312 lacks, as such feeds do."""
    answer = client.get(_source(world, "chaoxin").path)

    assert answer.content.startswith(b'<?xml version="1.0" encoding="gb2312"?>')
    assert "charset" not in answer.headers["content-type"]
    assert "陈喆" in answer.content.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("gb2312")
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("utf-8")


def test_big5_is_declared_and_sent(world: SampleWorld, client: httpx.Client) -> None:
    """The Traditional feed is Big5 to the last byte."""
    body = client.get(_source(world, "haixia").path).content

    assert body.startswith(b'<?xml version="1.0" encoding="big5"?>')
    assert "阿里山櫻花季提前登場" in body.decode("big5")


def test_the_list_page_leads_to_article_pages(world: SampleWorld, client: httpx.Client) -> None:
    """Each article of the paper without a feed has a page with its words and its metadata."""
    source = _source(world, "dengta")
    listed = etree.HTML(client.get(source.path).text).xpath('//ul[@class="news"]//a/@href')

    assert len(listed) == len(source.entries(1))
    for path, entry in zip(listed, source.entries(1), strict=True):
        page = etree.HTML(client.get(path).text)
        assert page.xpath('string(//meta[@property="og:title"]/@content)') == entry.title
        published = page.xpath('string(//meta[@property="article:published_time"]/@content)')
        assert published == entry.published.isoformat()
        assert "\n\n".join(page.xpath('//div[@class="content"]/p/text()')) == entry.text


def test_three_sources_go_wrong_each_in_its_own_way(world: SampleWorld, client: httpx.Client) -> None:
    """One answers 500, one a page instead of a feed, one a feed without entries."""
    failing, page, empty = (
        client.get(_source(world, i).path) for i in ("lighthouse-labs", "old-mill-review", "quiet-corner")
    )

    assert failing.status_code == 500
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert empty.status_code == 200
    assert _as_feedparser_reads(empty.content, "application/rss+xml").entries == []


def test_an_unknown_path_is_404_and_robots_are_welcome(client: httpx.Client) -> None:
    """A crawler that asks is told that it may."""
    assert client.get("/nobody/feed.xml").status_code == 404
    assert client.get("/robots.txt").text == "User-agent: *\nAllow: /\n"


@pytest.mark.parametrize(("header", "validator"), [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")])
def test_what_is_known_is_not_sent_again(client: httpx.Client, header: str, validator: str) -> None:
    """Either validator brings 304 without a body, on a connection that goes on."""
    first = client.get("/jiangwan/feed.xml")
    second = client.get("/jiangwan/feed.xml", headers={header: first.headers[validator]})

    assert second.status_code == 304
    assert second.content == b""
    assert second.headers["ETag"] == first.headers["ETag"]
    assert client.get("/jiangwan/feed.xml").content == first.content


def test_a_step_changes_the_feeds_that_have_news_and_no_others(
    world: SampleWorld, server: SampleServer, client: httpx.Client
) -> None:
    """With the validators of step 1, step 2 sends what changed and answers 304 for the rest."""
    tags = {source.id: client.get(source.path).headers["ETag"] for source in _feeds(world)}
    server.step = 2

    answers = {s.id: client.get(s.path, headers={"If-None-Match": tags[s.id]}).status_code for s in _feeds(world)}

    assert answers == {s.id: 200 if s.entries(1) != s.entries(2) else 304 for s in _feeds(world)}
    assert sorted(source_id for source_id, status in answers.items() if status == 304) == [
        "meta-sample",
        "preprint-shelf",
    ]


def test_gzip_is_sent_only_when_asked_for(client: httpx.Client) -> None:
    """Packed or not, the same bytes arrive."""
    packed = client.get("/chaoxin/feed.xml", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/chaoxin/feed.xml", headers={"Accept-Encoding": "identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content


def test_the_port_is_given_back(world: SampleWorld) -> None:
    """After the `with` block nobody answers."""
    with world.serve() as server:
        url = f"{server.base_url}/robots.txt"

    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def test_a_step_that_does_not_exist_is_refused(world: SampleWorld, server: SampleServer) -> None:
    """There is no third step, and asking for it changes nothing."""
    with pytest.raises(ValueError, match="no step 3"):
        server.step = 3

    assert server.step == 1


# feeds.yaml and the folder


def test_the_feeds_yaml_lists_every_source_on_the_server(world: SampleWorld) -> None:
    """Sources keep their ids, roles and languages; settings make a quick loopback world possible."""
    feeds = yaml.safe_load(world.feeds_yaml("http://127.0.0.1:8123", language="zh"))

    assert [source["id"] for source in feeds["sources"]] == [source.id for source in world.sources]
    assert all(source["url"].startswith("http://127.0.0.1:8123/") for source in feeds["sources"])
    assert Counter(source["kind"] for source in feeds["sources"]) == {"feed": 20, "mastodon": 2, "page": 1}
    assert feeds["settings"]["allow_private_addresses"] is True
    assert feeds["settings"]["min_delay_s"] == 0
    assert feeds["settings"]["language"] == "zh"


def test_the_feeds_yaml_is_one_that_chipreel_accepts(world: SampleWorld, tmp_path: Path) -> None:
    """It passes the check of every user's feeds.yaml, kinds' own rules included."""
    path = tmp_path / "feeds.yaml"
    path.write_text(world.feeds_yaml("http://127.0.0.1:8123"), encoding="utf-8")

    feeds = load_feeds(path)

    assert feeds.settings.allow_private_addresses
    assert [source.id for source in feeds.sources] == [source.id for source in world.sources]


def test_a_damaged_sample_is_a_config_error_that_names_the_file(world: SampleWorld, tmp_path: Path) -> None:
    """A missing items file and an item without a date are told with their place."""
    folder = tmp_path / "sample"
    shutil.copytree(world.folder, folder)
    (folder / "items" / "nanhu.yaml").write_text('- {id: "1", step: 1, title: 快讯, text: 无日期}\n', encoding="utf-8")

    with pytest.raises(ConfigError, match=r"nanhu\.yaml: 1: item lacks or mistakes 'at'"):
        SampleWorld(folder)

    (folder / "items" / "nanhu.yaml").unlink()
    with pytest.raises(ConfigError, match=r"nanhu\.yaml: cannot be read"):
        SampleWorld(folder)


# What it tells


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """The sums and quotes of the sample, noted by hand."""
    return yaml.safe_load((Path(__file__).parent / "told.yaml").read_text(encoding="utf-8"))


def _wordings(world: SampleWorld) -> dict[str, str]:
    """source/id → title and text in the last version."""
    return {
        f"{source.id}/{item.first.id}": f"{entry.title or ''}\n\n{entry.text}"
        for source in world.sources
        for item in source.items
        for entry in [item.revised or item.first]
    }


def test_the_notes_name_only_what_stands_in_the_sample(world: SampleWorld, told: dict[str, Any]) -> None:
    """Every noted sum and quote is found, word for word, in its item."""
    wordings = _wordings(world)
    noted = [(key, row[0]) for part in ("sums", "quotes") for key, rows in told[part].items() for row in rows]
    noted += [(key, words) for key, rows in told["not_speech"].items() for words in rows]

    assert [(key, words) for key, words in noted if words not in wordings[key]] == []


def test_the_notes_miss_no_quotation_marks_and_no_sign_of_money(world: SampleWorld, told: dict[str, Any]) -> None:
    """Whatever stands between quotation marks, or beside a currency, is noted one way or the other."""
    missing = []
    for key, wording in _wordings(world).items():
        spoken = {row[0] for row in told["quotes"].get(key, [])} | set(told["not_speech"].get(key, []))
        sums = [row[0] for row in told["sums"].get(key, [])]
        marked = re.findall(r'[“「"]([^”」"]+)[”」"]', wording)
        missing += [(key, words) for words in marked if words not in spoken]
        without = wording
        for surface in sorted(sums, key=len, reverse=True):
            without = without.replace(surface, "")
        missing += [
            (key, sign) for sign in re.findall(r"[$€£]|\byuan\b|(?:美|欧|日)元|[\d百千万亿]元|dollars", without)
        ]

    assert missing == []


def test_the_sums_that_the_race_is_known_by_have_their_owner_and_role(told: dict[str, Any]) -> None:
    """In each language the notes hold the seven great sums with the same company and role."""
    great = [
        (7e12, "openai", "seeking"),
        (1.78e12, "nvidia", "market-value"),
        (1.8e12, "google", "market-value"),
        (1e11, "softbank", "seeking"),
        (2.5e10, None, "valued"),
        (6e9, None, "raised"),
        (1e10, "openai", "seeking"),
    ]
    rows = [(row[0].isascii(), row[1], row[3], row[4]) for rows in told["sums"].values() for row in rows]

    for amount, owner, role in great:
        assert (True, amount, owner, role) in rows
        assert (False, amount, owner, role) in rows


def test_the_noted_events_are_reported_in_both_languages(world: SampleWorld) -> None:
    """At least fifteen events bring several outlets together, each noted item exists and stands in one event only."""
    path = Path(__file__).parent / "told_events.yaml"
    events = yaml.safe_load(path.read_text(encoding="utf-8"))
    languages = {f"{source.id}/{item.first.id}": source.language for source in world.sources for item in source.items}
    noted = [key for keys in events.values() for key in keys]

    assert len(events) >= 15
    assert set(noted) <= set(languages)
    assert len(noted) == len(set(noted))
    assert all({languages[key] for key in keys} == {"en", "zh"} for keys in events.values())
