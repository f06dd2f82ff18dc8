"""The pages: what a person looks for stands there, in their language, and nothing of the web is markup."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chipreel.browse.words import WORDS
from chipreel.cli import main


@pytest.fixture(scope="module")
def client(site: str) -> Iterator[httpx.Client]:
    """A reader without a browser."""
    with httpx.Client(base_url=site, trust_env=False, headers={"accept-language": "en"}) as found:
        yield found


def _story(client: httpx.Client, word: str) -> str:
    rows = client.get("/reel/stories.json", params={"_shape": "array"}).json()
    return f"/story/s{next(row['id'] for row in rows if word in row['headline'])}"


def test_home_says_what_happened(client: httpx.Client) -> None:
    """Stories of the day, a chart of who is spoken about, sums with their owners, quotes with their speakers."""
    page = client.get("/").text

    for part in ("1000億美元", "<svg", "Share of voice", "SoftBank", "US$100bn", "Chips are the new oil", "sought"):
        assert part in page, part


def test_home_speaks_the_language_of_the_reader(site: str) -> None:
    """By what the browser asks for, and by choice, which is remembered."""
    with httpx.Client(base_url=site, trust_env=False, headers={"accept-language": "zh-CN,zh;q=0.9"}) as reader:
        assert "发生了什么" in reader.get("/").text
        assert "What happened" in reader.get("/?lang=en").text
        assert "What happened" in reader.get("/").text


def test_a_story_tells_who_reported_what_and_when(client: httpx.Client) -> None:
    """Both languages on one line of time, the first marked, with what was said and which sums."""
    page = client.get(_story(client, "軟銀")).text

    for part in (
        "SoftBank seeks $100 billion",
        "软银拟筹资1000亿美元",
        "軟銀孫正義",
        "first",
        "US$30bn",
        "芯片就是新的石油",
    ):
        assert part in page, part
    assert page.index("SoftBank seeks") < page.index("软银拟筹资1000亿美元成立")


def test_a_company_has_its_sums_quotes_and_trend(client: httpx.Client) -> None:
    """What SoftBank is said to spend on chips stands on its page."""
    page = client.get("/company/softbank").text

    for part in ("软银", "US$100bn", "US$30bn", "Masayoshi Son", "Chips are the new oil", "<svg"):
        assert part in page, part


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("芯片", "<mark>芯片</mark>"),
        ("晶片", "<mark>晶片</mark>"),
        ("软银", "US$100bn"),
        ("softbank chip", "<mark>"),
        ("company:英伟达", "Nvidia unveils"),
        ("has:cake", "write has:quote or has:money"),
        ('"*(', "Nothing here"),
        ("zzzz", "Nothing here"),
    ],
)
def test_the_search_page_finds_in_both_scripts(client: httpx.Client, query: str, part: str) -> None:
    """Words marked in their place, a company's sums at the top, a clear message for what has no sense."""
    assert part in client.get("/find", params={"q": query}).text


def test_every_page_answers_and_says_when_there_is_nothing(client: httpx.Client) -> None:
    """No address ends in an error of the server."""
    people = client.get("/reel/people.json?_shape=array").json()
    found = [
        "/stories",
        "/article/1",
        f"/person/{people[0]['id']}",
        "/source/harbour",
        "/reel",
        "/-/assets/chipreel.css",
    ]
    missing = [
        "/story/s999999",
        "/article/999999",
        "/person/x",
        "/company/x",
        "/source/x",
        "/digest/9",
        "/reel/x",
        "/x",
    ]

    assert {path: client.get(path).status_code for path in found} == dict.fromkeys(found, 200)
    assert {path: client.get(path).status_code for path in missing} == dict.fromkeys(missing, 404)


@pytest.mark.parametrize("path", ["/", "/find?q=Sora", "/stories", "/reel/articles", "/reel/stories"])
def test_titles_of_the_web_are_never_markup(client: httpx.Client, path: str) -> None:
    """A title with a script and a text with an image are shown as they are written."""
    page = client.get(path).text

    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_tables_have_labels_facets_and_pages_of_their_rows(client: httpx.Client) -> None:
    """A source by its title, facets to narrow by, and a row that leads to the page made for it."""
    page = client.get("/reel/articles").text
    row = client.get("/reel/companies/softbank")

    for facet in ("companies", "beats", "topics", "source", "role", "lang"):
        assert f'id="facet-{facet}"' in page, facet
    assert (row.status_code, row.headers["location"]) == (302, "/company/softbank")


def test_no_page_holds_a_script(client: httpx.Client) -> None:
    """And the policy would not run one."""
    for path in ("/", "/find?q=芯片", "/reel", "/reel/articles", "/reel/search?query=芯片", "/reel?sql=select+1"):
        answer = client.get(path)
        assert "<script" not in answer.text, path
        assert "script-src 'self';" in answer.headers["content-security-policy"]


def test_the_words_of_the_pages_are_there_in_both_languages() -> None:
    """The same labels with the same values."""
    assert WORDS["en"].keys() == WORDS["zh"].keys()
    holes = {lang: {key: text.count("{") for key, text in words.items()} for lang, words in WORDS.items()}
    assert holes["en"] == holes["zh"]


def test_saved_searches_are_links_and_ready_queries(reel: Path, tmp_path: Path) -> None:
    """What feeds.yaml names is a query of the database, in JSON too."""
    import asyncio

    from chipreel.browse.server import BrowseOptions, make_app
    from chipreel.model.profile import SavedSearch

    saved = SavedSearch("rivals", "芯片 company:softbank", "It's chips")
    app = make_app(BrowseOptions(reel, searches=(saved,)), 80)

    async def ask(path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path)

    async def both() -> tuple[httpx.Response, httpx.Response]:
        return await ask("/reel/saved-rivals.json?_shape=array"), await ask("/")

    found, home = asyncio.run(both())
    assert {row["source"] for row in found.json()} == {"chaoxin", "haixia"}
    assert "It&#39;s chips" in home.text


def test_a_question_that_names_nothing_finds_nothing(client: httpx.Client) -> None:
    """The ready query takes the whole search language, and nonsense without an error."""
    for query, many in (("芯片 lang:zh", True), ("since:someday", False), ("", False)):
        rows = client.get("/reel/search.json", params={"query": query, "_shape": "array"}).json()
        assert bool(rows) is many, query


def test_a_new_database_says_what_to_do(tmp_path: Path) -> None:
    """Before the first fetch the home page is no riddle."""
    import asyncio

    from chipreel.browse.server import BrowseOptions, make_app

    empty = tmp_path / "empty.jsonl"
    empty.write_text("", "utf-8")
    assert main(["import", str(empty), "--db", str(tmp_path / "new.db"), "--quiet"]) == 0
    app = make_app(BrowseOptions(tmp_path / "new.db"), 80)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
            return await client.get("/")

    assert "chipreel fetch" in asyncio.run(ask()).text
