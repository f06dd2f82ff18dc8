"""Share of voice: weeks end with the newest article, what is usual is the median of the weeks before."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from chipreel.decide import content_hash
from chipreel.model import Annotation, Evidence, Item, Mention, Source
from chipreel.model.lexicon import Company, Lexicon
from chipreel.store import articles
from chipreel.store.annotations import save_annotation
from chipreel.store.database import open_database, transaction
from chipreel.store.lexicon import sync_lexicon
from chipreel.store.sources import save_source
from chipreel.store.trends import latest, load_trends

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
#: company → articles about it, by weeks ago
COUNTS = {"nvidia": {0: 6, 1: 2, 2: 2, 3: 4, 5: 2}, "kuaishou": {0: 2}}


def test_a_company_is_measured_against_its_own_past(tmp_path: Path) -> None:
    """Six this week where two is usual; a newcomer has nothing usual but zero."""
    companies = (
        Company("nvidia", "Nvidia", "英伟达", "chip", ()),
        Company("kuaishou", "Kuaishou", "快手", "video", ()),
    )
    with open_database(tmp_path / "a.db") as db:
        with transaction(db):
            sync_lexicon(db, Lexicon("1", companies, ()))
            save_source(db, Source("alpha", "Alpha", "feed", "https://alpha.example/feed"))
            for company, weeks in COUNTS.items():
                for week, number in weeks.items():
                    for one in range(number):
                        when = NOW - timedelta(days=7 * week, hours=one)
                        item = Item(f"{company}{week}{one}", "T", published=when)
                        new = articles.NewArticle(item, "alpha", content_hash(item), None, None, False, "en")
                        article = articles.save_article(db, new, when)
                        mention = Mention(company, 0.9, (Evidence("title", 0, 1, "T"),), primary=True)
                        found = Annotation("en", (mention,), relevant=True)
                        save_annotation(db, article, found, day=when.date(), to_usd=lambda *_: None, version="1")

        assert latest(db, NOW + timedelta(days=30)) == NOW
        trends = load_trends(db, NOW, weeks=6)

    nvidia, kuaishou = trends.companies
    assert nvidia.weeks == (2, 0, 4, 2, 2, 6)
    assert nvidia.usual == 2
    assert (nvidia.now, nvidia.share) == (6, 0.75)
    assert (kuaishou.weeks[-1], kuaishou.usual) == (2, 0)
    assert trends.ends[-1] == NOW.date()
