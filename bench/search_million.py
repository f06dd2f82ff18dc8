"""How fast search answers on a million articles, beside a bare index query and a plain LIKE.

    python bench/search_million.py --articles 1000000

Articles are generated: words of both languages with the frequencies of real text (Zipf), names from the lexicon, a
title and some sentences each, half of them Chinese. Times are of this machine; the ratios travel.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import tempfile
import time
from bisect import bisect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from chipreel.config.lexicon import load_lexicon
from chipreel.config.places import find_default
from chipreel.model import Source
from chipreel.store.database import open_database, transaction
from chipreel.store.index import add_to_index, mark_current, optimise_index
from chipreel.store.lexicon import sync_lexicon
from chipreel.store.search import SearchOptions, search
from chipreel.store.sources import save_source
from chipreel.text.query import match_expression, parse_query

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SOURCES = 40
_ZH_COMMON = (
    "的 了 在 是 和 公司 表示 将 与 为 对 人工智能 模型 市场 技术 产品 发布 芯片 视频 生成 投资 亿美元 数据中心 算力"
    "用户 股价 分析师 认为 目前 今年 去年 消息 记者 报道 业务 增长 企业 全球 中国 美国 出口管制 训练 推理 工厂 晶圆 "
    "光刻机 产能 显卡 服务器 供应链 "
    "首席执行官 创始人 融资 估值 季度 营收 利润 竞争 对手 电影 导演 画面 镜头 文生视频 大模型 开源 平台 内容 版权 "
    "监管 政策"
).split()
_EN_COMMON = (
    "the of to and in a for on is that with as it its from by at said has will are was new more company chip chips "
    "video model models ai data center billion market technology product investors analysts year quarter revenue "
    "growth demand supply export controls training inference factory capacity wafer server startup funding valuation "
    "shares rose fell report launch release generation film director studio copyright regulators policy rival"
).split()
_SYLLABLES = "an ar ben cor dan el fer gan hor in jo kel lan mor nor ol per quin ros sen tor ul ver wen yor zel".split()


class Words:
    """A vocabulary with Zipf's frequencies."""

    def __init__(self, common: list[str], rare: list[str], rng: random.Random) -> None:
        self.words = list(dict.fromkeys(common + rare))
        self._sums = list(accumulate(1 / (n + 3) for n in range(len(self.words))))
        self._rng = rng

    def some(self, count: int) -> list[str]:
        total = self._sums[-1]
        return [self.words[bisect(self._sums, self._rng.random() * total)] for _ in range(count)]


def vocabularies(rng: random.Random) -> tuple[Words, Words]:
    """Chinese words of two and three characters out of 2,500, and English-looking ones."""
    chars = [chr(code) for code in rng.sample(range(0x4E00, 0x8FA5), 2500)]
    weights = list(accumulate(1 / (n + 20) for n in range(len(chars))))
    zh = ["".join(rng.choices(chars, cum_weights=weights, k=rng.choice((2, 2, 2, 3)))) for _ in range(30_000)]
    en = ["".join(rng.choices(_SYLLABLES, k=rng.choice((1, 2, 2, 3)))) for _ in range(40_000)]
    return Words(_ZH_COMMON, zh, rng), Words(_EN_COMMON, en, rng)


def articles(count: int, rng: random.Random) -> Iterator[tuple[tuple[object, ...], list[str]]]:
    """Rows of articles, oldest first, and the companies that each names."""
    lexicon = load_lexicon(find_default("data/companies.yaml"))
    zh, en = vocabularies(rng)
    weights = list(accumulate(1 / (n + 1) for n in range(len(lexicon.companies))))
    for number in range(count):
        is_zh = rng.random() < 0.5
        named = rng.choices(lexicon.companies, cum_weights=weights, k=rng.choice((0, 1, 1, 2)))
        names = [one.name_zh if is_zh else one.name for one in named]
        length = max(12, min(600, int(rng.lognormvariate(4.6 if is_zh else 4.3, 0.5))))
        if is_zh:
            title = "".join([*names[:1], *zh.some(7)])
            text = "，".join("".join([*zh.some(8), *names]) for _ in range(length // 8)) + "。"
        else:
            title = " ".join([*names[:1], *en.some(8)])
            text = ". ".join(" ".join([*en.some(11), *names]) for _ in range(max(1, length // 11))) + "."
        seen = NOW - timedelta(days=1100 * (1 - number / count), seconds=rng.randint(0, 3600))
        published = seen - timedelta(minutes=rng.randint(0, 600))
        ids = list(dict.fromkeys(one.id for one in named))
        yield (
            (
                number + 1,
                title,
                f"https://s{number % SOURCES}.example/{number}",
                f"{published:%Y-%m-%dT%H:%M:%SZ}",
                f"{seen:%Y-%m-%dT%H:%M:%SZ}",
                "zh" if is_zh else "en",
                f"s{number % SOURCES}",
                json.dumps(ids),
                '["chips"]' if rng.random() < 0.6 else '["video"]',
                text,
                str(number),
            ),
            ids,
        )


def build(path: Path, count: int) -> int:
    """Fill a database; returns the bytes of text in it."""
    rng, size = random.Random(7), 0
    with open_database(path) as db:
        db.execute("pragma synchronous = off")
        with transaction(db):
            sync_lexicon(db, load_lexicon(find_default("data/companies.yaml")))
            for number in range(SOURCES):
                save_source(db, Source(f"s{number}", f"Source {number}", "feed", f"https://s{number}.example/feed"))
        rows = articles(count, rng)
        for low in range(0, count, 5000):
            with transaction(db):
                for row, companies in (next(rows) for _ in range(min(5000, count - low))):
                    size += len(str(row[1]).encode()) + len(str(row[9]).encode())
                    db.execute(
                        """insert into articles (id, title, url, published, first_seen, lang, source, companies, beats,
                             text, content_hash, relevant) values (?,?,?,?,?,?,?,?,?,?,?,1)""",
                        row,
                    )
                    add_to_index(db, int(str(row[0])), str(row[1]), str(row[9]))
                    db.executemany(
                        "insert into mentions (article, company, score, is_primary, surface, evidence)"
                        " values (?,?,0.5,1,'','[]')",
                        [(row[0], company) for company in companies],
                    )
        mark_current(db)
        optimise_index(db)
        # What every run does at its end: tables that were read are counted, so that plans know them.
        db.execute("pragma optimize")
    return size


def queries(db: sqlite3.Connection, count: int) -> dict[str, list[str]]:
    """Queries as people would type them, taken from the articles."""
    rng = random.Random(11)
    top = db.execute("select max(id) from articles").fetchone()[0]
    zh, en = [], []
    while min(len(zh), len(en)) < 400:
        row = db.execute("select lang, text from articles where id = ?", (rng.randint(1, top),)).fetchone()
        (zh if row["lang"] == "zh" else en).append(row["text"])

    def cut(length: int) -> str:
        while True:
            run = max(rng.choice(zh).split("，"), key=len)
            run = "".join(char for char in run if ord(char) > 0x4E00)
            if len(run) >= length:
                at = rng.randint(0, len(run) - length)
                return run[at : at + length]

    def word() -> str:
        return rng.choice([one for one in rng.choice(en).replace(".", "").split() if len(one) > 2])

    companies = ["openai", "nvidia", "huawei", "softbank", "runway", "kuaishou", "amd", "tsmc"]
    some = range(count)
    return {
        "zh 1": [cut(1) for _ in some],
        "zh 2": [cut(2) for _ in some],
        "zh 3": [cut(3) for _ in some],
        "zh 4": [cut(4) for _ in some],
        "mixed": [f"{word()} {cut(2)}" if n % 2 else f"OpenAI {cut(2)}" for n in some],
        "en 1": [word() for _ in some],
        "en 2": [f"{word()} {word()}" for _ in some],
        "zh 2 company": [f"{cut(2)} company:{rng.choice(companies)}" for _ in some],
        "zh 2 since 7d": [f"{cut(2)} since:7d" for _ in some],
        "en lang source": [f"{word()} lang:en source:s{rng.randint(0, SOURCES - 1)}" for _ in some],
        "company alone": [f"company:{rng.choice(companies)}" for _ in some],
        "company since": [f"company:{rng.choice(companies)} since:30d" for _ in some],
    }


def measure(run: Callable[[str], object], asked: list[str]) -> tuple[float, float]:
    """(median, 95th percentile) in milliseconds, the second of two times each."""
    times = []
    for query in asked:
        run(query)
        start = time.perf_counter()
        run(query)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    return statistics.median(times), times[int(len(times) * 0.95)]


def report(path: Path, size: int, count: int) -> None:
    """Print the table."""
    with open_database(path, write=False) as db:
        index = db.execute("select sum(pgsize) from dbstat where name like 'articles_fts%'").fetchone()[0]
        print(f"text {size / 1e6:.0f} MB, index {index / 1e6:.0f} MB = {index / size:.2f} x text")
        options = SearchOptions(now=NOW, zone=UTC)

        def ours(query: str) -> object:
            return search(db, parse_query(query), options)

        def bare(query: str) -> object:
            return db.execute(
                """select a.id, a.title, a.text from articles a where id in (
                     select rowid from articles_fts where articles_fts match ? order by rank limit 20)""",
                (match_expression(parse_query(query)),),
            ).fetchall()

        def like(query: str) -> object:
            sql = "select id from articles where text like ? or title like ? order by first_seen desc"
            return db.execute(sql, (f"%{query}%", f"%{query}%")).fetchmany(20)

        for name, asked in queries(db, count).items():
            own = measure(ours, asked)
            line = f"{name:16} p50 {own[0]:7.2f}  p95 {own[1]:7.2f} ms"
            if ":" not in asked[0] and not name.startswith("company"):
                other = measure(bare, asked)
                line += f"   bare index {other[0]:7.2f} {other[1]:7.2f}  ratio {own[0] / max(other[0], 0.01):.2f}"
            if name in ("zh 2", "en 1"):
                plain = measure(like, asked[:2])
                line += f"   LIKE {plain[0]:.0f} ms"
            print(line, flush=True)


def main() -> None:
    """Build and measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=1_000_000)
    options.add_argument("--queries", type=int, default=60)
    options.add_argument("--db", type=Path, help="Keep the database here, and use it again.")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="chipreel-bench-") as folder:
        path = given.db or Path(folder) / "million.db"
        if path.exists():
            with open_database(path, write=False) as db:
                size = db.execute(
                    "select sum(length(cast(title as blob)) + length(cast(text as blob))) from articles"
                ).fetchone()[0]
        else:
            start = time.perf_counter()
            size = build(path, given.articles)
            print(f"built {given.articles} articles in {time.perf_counter() - start:.0f} s")
        report(path, size, given.queries)


if __name__ == "__main__":
    main()
