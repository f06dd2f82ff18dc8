"""How Datasette shows each table: title, description, facets, labels, and the queries that are ready."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chipreel.model.profile import SavedSearch

TITLE = "chipreel"
DESCRIPTION = "The AI-video and AI-chip race, in English and Chinese. AI 视频与 AI 芯片竞赛。"


def metadata(database: str, searches: Sequence[SavedSearch] = ()) -> dict[str, Any]:
    """Datasette's metadata for the database of that name; saved searches become ready queries."""
    hidden: dict[str, Any] = {name: {"hidden": True} for name in _HIDDEN}
    queries = _queries() | {f"saved-{one.name}": _saved(one) for one in searches}
    return {
        "title": TITLE,
        "description": DESCRIPTION,
        "databases": {database: {"tables": TABLES | hidden, "queries": queries}},
    }


_HIDDEN = (
    "meta",
    "sightings",
    "revisions",
    "tombstones",
    "fingerprints",
    "fixes",
    "digest_entries",
    "digest_articles",
    "deliveries",
    "_sqlite_migrations",
    "sqlite_sequence",
)
#: Table → what Datasette says of it and how it shows it.
TABLES: dict[str, dict[str, Any]] = {
    "articles": {
        "title": "Articles 文章",
        "description": "Every article and post. The search box takes Chinese and English.",
        "fts_table": "articles_fts",
        "fts_pk": "id",
        "label_column": "title",
        "facets": ["source", "lang", "role", "kind", {"array": "companies"}, {"array": "beats"}, {"array": "topics"}],
        "sort_desc": "first_seen",
        "size": 50,
        "columns": {
            "published": "What the publisher says (UTC)",
            "first_seen": "When chipreel first met it (UTC)",
            "updated": "When its content last changed (UTC)",
            "relevant": "1 = belongs in this tracker",
            "background": "1 = was there before its source was followed",
        },
    },
    "stories": {
        "title": "Stories 事件",
        "description": "One event, however many outlets tell it.",
        "label_column": "headline",
        "facets": [{"array": "companies"}, {"array": "beats"}, {"array": "languages"}],
        "sort_desc": "last_seen",
    },
    "sources": {
        "title": "Sources 来源",
        "description": "Where news comes from, and how each source is.",
        "label_column": "title",
        "facets": ["health", "role", "language", "kind"],
    },
    "companies": {
        "title": "Companies 公司",
        "description": "The organisations that are followed.",
        "label_column": "name",
        "facets": ["kind"],
    },
    "people": {"title": "People 人物", "description": "Who speaks for whom.", "label_column": "name"},
    "products": {"title": "Products 产品", "label_column": "name", "facets": ["company"]},
    "mentions": {
        "title": "Mentions 标签",
        "description": "Every company, person and product named in an article, with the places where it stands.",
        "facets": ["company", "is_primary"],
    },
    "quotes": {
        "title": "Quotes 引语",
        "description": "Who said what, word for word.",
        "label_column": "text",
        "facets": ["person", "kind"],
    },
    "money": {
        "title": "Money 金额",
        "description": "Every sum, with its currency, and in dollars at the rate of the day.",
        "label_column": "surface",
        "facets": ["role", "currency", "company"],
        "sort_desc": "usd",
    },
    "digests": {"title": "Digests 简报", "description": "What was delivered.", "sort_desc": "id"},
    "fetches": {
        "title": "Fetches 抓取",
        "description": "Every visit to a source.",
        "facets": ["outcome", "source"],
        "sort_desc": "id",
    },
}


def _saved(one: SavedSearch) -> dict[str, Any]:
    quoted = one.query.replace("'", "''")
    return {
        "title": one.title or one.name,
        "description": f"Saved search 已存搜索: {one.query}",
        "sql": _FOUND.replace(":query", f"'{quoted}'"),
    }


#: Articles that a query of the search language finds, best first.
_FOUND = """
    select a.id, a.title, chipreel_snippet(coalesce(a.text, a.title), :query) as snippet, a.source, a.published, a.url
    from json_each(chipreel_search(:query)) f join articles a on a.id = f.value order by f.key"""


def _queries() -> dict[str, Any]:
    return {
        "search": {
            "title": "Search 搜索",
            "description": "The whole search language: 芯片 company:nvidia since:7d. Chinese by any substring.",
            "params": ["query"],
            "sql": _FOUND,
        },
        "company": {
            "title": "What is new about a company 公司动态",
            "description": "Articles about a company, the newest first. Ids are in the table companies.",
            "params": ["company"],
            "sql": """
                select a.id, a.title, m.score, a.source, a.published, a.url
                from mentions m join articles a on a.id = m.article
                where m.company = :company and a.relevant = 1
                order by coalesce(a.published, a.first_seen) desc limit 200""",
        },
        "sums": {
            "title": "Largest sums 最大金额",
            "description": "Sums of a company, or of all for an empty one, the largest first.",
            "params": ["company"],
            "sql": """
                select m.surface, m.usd, m.role, m.company, m.person, a.title, a.published, a.url
                from money m join articles a on a.id = m.article
                where (:company = '' or m.company = :company) and m.usd is not null and a.relevant = 1
                order by m.usd desc limit 200""",
        },
        "said": {
            "title": "Who said what 谁说了什么",
            "description": "Quotes of a person, or of all for an empty one, the newest first.",
            "params": ["person"],
            "sql": """
                select q.text, q.speaker, q.person, a.title, a.source, a.published, a.url
                from quotes q join articles a on a.id = q.article
                where (:person = '' or q.person = :person) and q.speaker is not null and a.relevant = 1
                order by coalesce(a.published, a.first_seen) desc limit 200""",
        },
        "attention": {
            "title": "Sources that need attention 需要关注的来源",
            "sql": """
                select id, title, health, health_note, last_good, failures from sources
                where enabled = 1 and health not in ('ok', 'new') order by health, id""",
        },
    }
