"""Trends over years: what is counted where, and what nobody looked at."""

from datetime import UTC, datetime

from chipreel.cli.history import month_line
from chipreel.model import Annotation, Evidence, Item, Mention, Source
from chipreel.model.lexicon import Company, Lexicon
from chipreel.store.annotations import save_annotation
from chipreel.store.articles import NewArticle, save_article
from chipreel.store.backfills import Backfill, find_backfill, save_backfill
from chipreel.store.database import open_database, transaction
from chipreel.store.lexicon import sync_lexicon
from chipreel.store.months import load_months
from chipreel.store.sources import Visit, save_source, save_visits

NOW = datetime(2025, 2, 10, tzinfo=UTC)


def day(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def put(db, name, published, *, source="wire"):
    found = Annotation("en", (Mention("nvidia", 0.9, (Evidence("title", 0, 1, "x"),), primary=True),), relevant=True)
    item = Item(name, name, f"https://{source}.example/{name}", published=day(published))
    article = save_article(db, NewArticle(item, source, "1x", item.url, None, True, "en"), NOW)
    save_annotation(db, article, found, day=NOW.date(), to_usd=lambda a, c, d: a, version="1")


def test_a_month_nobody_looked_at_is_a_gap_and_a_silent_one_is_a_zero(tmp_path):
    """The past was walked for spring and for autumn; visits began in February: between them nothing is known."""
    with open_database(tmp_path / "x.db") as db, transaction(db):
        sync_lexicon(db, Lexicon("1", (Company("nvidia", "Nvidia", "英伟达", "chip", ()),), ()))
        save_source(db, Source("wire", "Wire", "feed", "https://wire.example/feed"))
        for since, until, reached in (
            ("2024-02-01", "2024-04-30", "2024-02-01"),
            ("2024-06-01", "2024-10-31", "2024-08-15"),
        ):
            walk = Backfill("wire", day(since), day(until), NOW, "paged", reached=day(reached))
            save_backfill(db, walk, NOW)
            save_backfill(db, walk, NOW)
        save_visits(db, [Visit("wire", NOW, "new", 5)])
        save_visits(db, [Visit("wire", day("2024-12-05"), "failed", 5)])
        for number, published in enumerate(("2024-02-03", "2024-02-20", "2024-04-01", "2024-09-09", "2025-02-01")):
            put(db, f"n{number}", published)
        found = load_months(db, day("2024-02-01"), NOW)

        assert found.months[0] == "2024-02"
        assert found.months[-1] == "2025-02"
        (nvidia,) = found.companies
        assert nvidia.counts == (2, 0, 1, None, None, None, 0, 1, 0, None, None, None, 1)
        assert found.sources == (1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1)
        assert found.gaps == (("wire", ("2024-05", "2024-06", "2024-07", "2024-11", "2024-12", "2025-01")),)
        assert month_line(nvidia.counts) == "█▁▅···▁▅▁···▅"
        assert db.execute("select count(*) from backfills").fetchone()[0] == 2


def test_an_imported_archive_reaches_the_months_it_has_articles_of(tmp_path):
    """Where else it looked nobody knows."""
    with open_database(tmp_path / "x.db") as db, transaction(db):
        sync_lexicon(db, Lexicon("1", (Company("nvidia", "Nvidia", "英伟达", "chip", ()),), ()))
        save_source(db, Source("old", "Old", "import", ""))
        for number, published in enumerate(("2024-02-03", "2024-05-20")):
            put(db, f"n{number}", published, source="old")
        found = load_months(db, day("2024-02-01"), day("2024-06-01"))
        assert found.companies[0].counts == (1, None, None, 1, None)


def test_a_finished_walk_that_went_as_far_serves_again(tmp_path):
    """What was walked back to January need not be walked to March; a walk further back is a new one."""
    with open_database(tmp_path / "x.db") as db, transaction(db):
        save_source(db, Source("wire", "Wire", "feed", "https://wire.example/feed"))
        walk = Backfill("wire", day("2024-01-01"), day("2024-12-01"), NOW, state="done", place={"ahead": []})
        save_backfill(db, walk, NOW)
        assert find_backfill(db, "wire", day("2024-03-01")) == walk
        assert find_backfill(db, "wire", day("2023-03-01")) is None
        assert find_backfill(db, "wire", day("2024-01-01"), day("2024-12-01")) == walk
        assert find_backfill(db, "wire", day("2024-01-01"), day("2024-11-01")) is None
