"""The list that ships: a static check of every source, without asking anybody."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from chipreel.config.feeds import load_feeds
from chipreel.config.lexicon import load_lexicon
from chipreel.fetch.kinds import kind_names
from chipreel.model import Feeds
from chipreel.model.source import ROLES

#: Addresses that other lists hand on and that are dead, frozen, empty or somebody else's: host and path.
DEAD = frozenset(
    """
    semianalysis.com/feed jiqizhixin.com/rss www.jiqizhixin.com/rss zhidx.com/feed aiera.com.cn/feed
    www.aiera.com.cn/feed www.huxiu.com/rss/0.xml 36kr.com/feed www.36kr.com/feed pingwest.com/feed
    www.pingwest.com/feed latepost.com/rss www.latepost.com/rss xiaohu.ai/feed geekpark.net/feed
    www.geekpark.net/feed stability.ai/news stability.ai/news/rss.xml stability.ai/news/rss runwayml.com/news/rss
    pika.art/blog/rss.xml cerebras.ai/blog/rss.xml www.cerebras.ai/blog/rss.xml ai.meta.com/blog/rss
    groq.com/feed blogs.microsoft.com/ai/feed news.microsoft.com/feed qwenlm.github.io/blog/index.xml
    trendforce.com/news/feed www.trendforce.com/news/feed ir.amd.com/rss/press-releases.xml
    amd.com/en/newsroom.rss tencent.com/rss.xml www.tencent.com/rss.xml alibabagroup.com/en-us/rss.xml
    bytedance.com/feed.xml huawei.com/en/rss-feeds/news www.huawei.com/en/rss-feeds/news
    rsshub.app/deepseek/news jensenhuang.substack.com/feed venturebeat.com/category/ai/feed
    www.asianometry.com/feed anandtech.com/feed www.anandtech.com/feed
    """.split()
)
#: Names under which nobody trustworthy writes, and ids that are wrong.
NOBODY = (
    "ylecun.bsky.social",
    "sama.bsky.social",
    "jensenhuang.substack",
    "UC1LpSxNMgBDgmMCDNABnbdA",
    "nitter",
    "//x.com",
)


@pytest.fixture(scope="module")
def feeds(project: Path) -> Feeds:
    return load_feeds(project / "feeds.yaml")


def test_the_list_is_as_rich_as_it_promises(feeds):
    on = [source for source in feeds.sources if source.enabled]
    languages = Counter(source.language for source in feeds.sources)
    assert len(feeds.sources) >= 160
    assert languages["zh"] >= 45
    assert 85 <= len(on) <= 110
    assert sum(source.language == "zh" for source in on) >= 20
    assert {source.role for source in on} == set(ROLES)
    assert {source.kind for source in feeds.sources} == set(kind_names())


def test_no_address_is_dead_or_somebody_elses(feeds):
    for source in feeds.sources:
        parts = urlsplit(source.url)
        place = f"{parts.hostname}{parts.path.rstrip('/')}".lower()
        assert place not in DEAD or "format=rss" in parts.query, source.id
        assert not any(name in f"{source.url} {source.options}" for name in NOBODY), source.id
        assert not re.search(r"anthropic\.com/.*rss", source.url), source.id


def test_no_two_sources_ask_the_same(feeds):
    asked = Counter((source.kind, source.url, str(sorted(source.options.items()))) for source in feeds.sources)
    assert [key for key, count in asked.items() if count > 1] == []


def test_what_is_off_says_why(feeds):
    assert [source.id for source in feeds.sources if not source.enabled and not source.note] == []


def test_what_terms_or_robots_do_not_welcome_is_off_or_kept_as_a_link(feeds):
    unwelcome = {"googlenews", "reddit"}
    assert not [source.id for source in feeds.sources if source.kind in unwelcome and source.enabled]
    for source in feeds.sources:
        if source.note and re.search(r"[Tt]erms (limit|exclude)", source.note):
            assert source.keep == "link", source.id


def test_zoneless_dates_of_chinese_sources_have_a_zone(feeds):
    chinese = [
        source for source in feeds.sources if source.language == "zh" and source.kind in ("feed", "page", "json")
    ]
    assert [source.id for source in chinese if source.timezone is None] == []


def test_pages_and_sitemaps_read_the_article_for_title_and_date(feeds):
    lists = [source for source in feeds.sources if source.kind in ("page", "sitemap")]
    assert [source.id for source in lists if source.text != "page"] == []


def test_patterns_do_not_match_the_list_itself(feeds):
    for source in feeds.sources:
        if source.kind == "page":
            assert not re.search(source.options["pattern"], source.url), source.id


def test_companies_are_those_of_the_lexicon(feeds, project):
    lexicon = load_lexicon(project / "data" / "companies.yaml")
    named = {company for source in feeds.sources for company in source.companies}
    assert named - {company.id for company in lexicon.companies} == set()
    assert len(named) >= 60


def test_no_secret_and_no_address_of_a_person_is_in_it(project):
    text = (project / "feeds.yaml").read_text(encoding="utf-8")
    assert not re.search(r"(token|key|cookie|password)=\w", text, re.IGNORECASE)
    assert set(re.findall(r"[\w.]+@[\w.]+\.\w+", text)) <= {"you@example.org"}
