"""What a run brings of the user's files into the database, and when it need not."""

from __future__ import annotations

from pathlib import Path

from chipreel.config.places import Places, find_default
from chipreel.pipeline.harvest import bring_sources
from chipreel.pipeline.rooms import Rooms
from chipreel.store.database import open_database
from chipreel.store.sources import list_ids

SOURCES = """
sources:
  - {id: harbour, title: Harbour Wire, kind: feed, url: "https://harbour.example/feed", language: en, role: press}
  - {id: chaoxin, title: 潮信, kind: feed, url: "https://chaoxin.example/feed", language: zh, role: press}
"""


def test_a_source_whose_row_was_deleted_comes_back_with_the_next_run(tmp_path: Path) -> None:
    """Although feeds.yaml has not changed: its visit must have a row to be noted at."""
    feeds = tmp_path / "feeds.yaml"
    feeds.write_text(SOURCES, encoding="utf-8")
    places = Places(feeds, find_default("data/companies.yaml"), tmp_path / "a.db", tmp_path)
    with open_database(places.db) as db:
        bring_sources(db, Rooms(places))
        assert list_ids(db) == {"harbour", "chaoxin"}
        changes = db.total_changes
        bring_sources(db, Rooms(places))
        assert db.total_changes == changes
        db.execute("delete from sources where id = 'chaoxin'")
        bring_sources(db, Rooms(places))
        assert list_ids(db) == {"harbour", "chaoxin"}
