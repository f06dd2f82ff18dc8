"""List pages, sitemaps and declared JSON, from a server to the database through a whole run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chipreel.config.places import Places, find_default
from chipreel.pipeline.harvest import Order, fetch_due
from chipreel.pipeline.rooms import Rooms
from chipreel.store.database import open_database

LIST = "<html><a href=/news/1>摩尔线程发布新款GPU</a><a href=/news/2>Second</a><a href=/about>x</a></html>"
ARTICLE = """<!doctype html><html><head><title>{0}</title><meta property="og:title" content="{0}">
<meta property="article:published_time" content="2024-02-20"></head><body><article><h1>{0}</h1>
<p>{0}。摩尔线程今天在北京发布了新一代GPU，用于训练和推理大模型。公司表示，产品将于下个月交付给首批客户。</p>
<p>新产品的显存和带宽都有明显提升，软件栈也兼容现有的开发工具，便于开发者迁移已有的程序。</p></article></body></html>"""
FEEDS = """\
settings: {{allow_private_addresses: true, min_delay_s: 0, timezone: Asia/Shanghai}}
sources:
  - id: list
    title: 摩尔线程新闻
    kind: {kind}
    url: {url}
    language: zh
    role: official
    companies: [moorethreads]
    timezone: Asia/Shanghai
    {rest}
"""


@pytest.fixture
def visit(world, reply, tmp_path):
    """Run over one source; returns (title, published) of everything stored, and the last visit's note."""

    def go(now, kind="page", path="/news", rest="{pattern}", url=None):
        feeds = tmp_path / "feeds.yaml"
        rest = rest.replace("{pattern}", f"pattern: '^{world.url('/news/')}\\d+$'\n    text: page")
        feeds.write_text(FEEDS.format(kind=kind, url=world.url(path), rest=rest), encoding="utf-8")
        places = Places(feeds, find_default("data/companies.yaml"), tmp_path / "chipreel.db", tmp_path)
        with open_database(places.db) as db:
            fetch_due(db, Rooms(places), Order(now, everything=True), environ={})
            rows = db.execute("select title, published from articles order by id").fetchall()
            note = db.execute("select note from fetches order by id desc limit 1").fetchone()[0]
            return [tuple(row) for row in rows], note

    return go


def article(reply, title):
    return reply(body=ARTICLE.format(title).encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def test_articles_of_a_list_page_come_with_their_own_titles_and_dates(world, reply, visit, now):
    world.routes = {
        "/news": reply(body=LIST.encode(), headers={"ETag": '"l"'}),
        "/news/1": article(reply, "摩尔线程发布新款GPU"),
        "/news/2": article(reply, "摩尔线程第二条新闻"),
    }
    rows, _ = visit(now)
    midnight_in_shanghai = "2024-02-19T16:00:00Z"
    assert rows == [("摩尔线程发布新款GPU", midnight_in_shanghai), ("摩尔线程第二条新闻", midnight_in_shanghai)]


def test_an_article_that_could_not_be_had_comes_with_the_next_run_though_the_list_has_not_changed(
    world, reply, visit, now
):
    def listed(seen):
        if seen.headers.get("if-none-match") == '"l"':
            return reply(304)
        return reply(body=LIST.encode(), headers={"ETag": '"l"'})

    world.routes = {
        "/news": listed,
        "/news/1": article(reply, "摩尔线程发布新款GPU"),
        "/news/2": reply(500, b""),
    }
    first, _ = visit(now)
    world.routes["/news/2"] = article(reply, "摩尔线程第二条新闻")
    second, _ = visit(now + timedelta(hours=4))
    world.seen.clear()
    third, _ = visit(now + timedelta(hours=8))
    assert [title for title, _ in first] == ["摩尔线程发布新款GPU"]
    assert [title for title, _ in second] == ["摩尔线程发布新款GPU", "摩尔线程第二条新闻"]
    assert third == second
    assert [seen.path for seen in world.seen] == ["/news"], "then the list alone, and that answers 304"


def test_a_wall_instead_of_a_list_is_named_in_the_row_of_the_visit(world, reply, visit, now):
    wall = b"<!doctype html><title>Just a moment...</title>"
    world.routes = {"/news": reply(403, wall, {"Cf-Mitigated": "challenge"})}
    assert visit(now) == ([], "blocked: Cloudflare challenge")


def test_declared_json_needs_no_pages(world, reply, visit, now):
    body = '{"data": {"list": [{"id": 7, "t": "摩尔线程公告", "at": 1708390800000}]}}'
    world.routes = {"/api": reply(body=body.encode(), headers={"Content-Type": "application/json"})}
    rest = "items: data.list\n    fields: {title: t, url: 'https://example.cn/{id}', published: at}"
    rows, _ = visit(now, "json", "/api", rest)
    assert rows == [("摩尔线程公告", "2024-02-20T01:00:00Z")]
