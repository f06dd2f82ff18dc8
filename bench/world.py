"""Feeds of a made-up world, in both scripts, and a fast static server for them in a process of its own.

    python -m bench.world PORT_FILE --feeds 500 --entries 30

The server keeps connections open, answers conditional requests, switches Nagle's algorithm off (asyncio does), counts
what it is asked, and changes one feed in ten when `/-/news` is asked for.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from itertools import accumulate
from pathlib import Path

#: UTF-8 bytes of text in an entry.
TEXT_BYTES = 1500
_EN = """
the market plant order supply demand growth report quarter year analysts investors customers memory
wafer cooling power grid budget export rule license delay launch latency
studio creator license court filing judge lawsuit settlement merger stake
partner startup founder engineer researcher campus factory desert harbour island bridge river winter
summer morning evening paper magazine radio station editor reader station train railway ticket
museum garden kitchen bread coffee orange silver copper lithium battery sensor robot drone satellite
antenna signal cable router server cluster rack switch fibre laser mirror lens camera screen display
tablet phone watch wallet payment bank credit bond share index fund pension tax tariff treaty summit
minister mayor council school teacher student exam degree hospital nurse doctor vaccine trial result
study survey sample average record"""
_ZH = """
市场 工厂 订单 供应 需求 增长 报告 季度 分析师 投资者 客户 散热 电力 电网 预算
出口 规定 许可 推迟 发布 延迟 画面 创作者 法院 文件 法官
诉讼 和解 合并 股份 伙伴 创业公司 创始人 工程师 研究员 园区 沙漠 港口 岛屿 桥梁 河流 冬天
夏天 早晨 晚上 报纸 杂志 电台 编辑 读者 车站 铁路 车票 博物馆 花园 厨房 面包 咖啡 橙子
白银 铜 锂 电池 传感器 机器人 无人机 卫星 天线 信号 电缆 路由器 服务器 集群 机柜 交换机
光纤 激光 镜子 相机 屏幕 显示器 平板 手机 手表 钱包 支付 银行 信贷 债券 指数 基金 养老金
税收 关税 条约 峰会 部长 市长 议会 学校 老师 学生 考试 学位 医院 护士 医生 疫苗 试验
结果 研究 调查 样本 平均 记录"""
#: Made-up words beside the real ones: real text has a long tail of rare words.
_RARE = 4000
_NAMES = (
    ("Nvidia", "英伟达"),
    ("OpenAI", "OpenAI"),
    ("SoftBank", "软银"),
    ("Huawei", "华为"),
    ("TSMC", "台积电"),
    ("Runway", "Runway"),
    ("Kuaishou", "快手"),
    ("Samsung", "三星"),
    ("AMD", "AMD"),
    ("ByteDance", "字节跳动"),
)


def make_words() -> tuple[list[str], list[str]]:
    """The words of both languages, common ones first."""
    chance = random.Random(7)
    parts = "ba ke lo mi nu ra se ti vo wen dor gal hin jas kel mun pos ric sol tar ven zor".split()
    characters = sorted({char for word in _ZH.split() for char in word})
    english = ["".join(chance.choices(parts, k=chance.randint(2, 4))) for _ in range(_RARE)]
    chinese = ["".join(chance.choices(characters, k=2)) for _ in range(_RARE)]
    return _EN.split() + english, _ZH.split() + chinese


_WORDS = make_words()
#: Zipf: the word of rank n is used in proportion to 1/n.
_WEIGHTS = tuple(list(accumulate(1 / (rank + 8) for rank in range(len(words)))) for words in _WORDS)


def make_entry(chance: random.Random, number: str) -> tuple[str, str]:
    """Title and text of an entry; every third names companies, quotes somebody and tells a sum."""
    chinese = chance.random() < 0.5
    words, weights = _WORDS[chinese], _WEIGHTS[chinese]
    name = chance.choice(_NAMES)[chinese]
    told = chance.random() < 0.34
    sentences: list[str] = []
    while len("".join(sentences).encode()) < TEXT_BYTES:
        some = chance.choices(words, cum_weights=weights, k=12)
        if chinese:
            sentences.append("".join(some) + "。")
        else:
            sentences.append(" ".join(some).capitalize() + ". ")
    if told:
        amount = chance.randint(2, 900)
        says = (
            f"{name}首席执行官表示：“我们将投入{amount}亿美元。”"
            if chinese
            else f'"We will spend ${amount} million," said the chief executive of {name}. '
        )
        sentences.insert(1, says)
    head = chance.choices(words, cum_weights=weights, k=5)
    title = ("".join(head) if chinese else " ".join(head)) + f" {number}"
    return (f"{name} {title}" if told else title), "".join(sentences)


def to_html(text: str, number: int) -> str:
    """The text as publishers send it: a picture, paragraphs of three sentences that begin with a link or an emphasis.

    Of real entries as long as these nearly all are HTML, with some ten tags for each KB.
    """
    end = "。" if "。" in text else ". "
    sentences = [sentence + end for sentence in text.removesuffix(end).split(end)]
    parts = [f'<p><img src="http://pictures.example/{number}.jpg" alt="" width="640"/></p>']
    for low in range(0, len(sentences), 3):
        words = "".join(sentences[low : low + 3])
        before, after = (f'<a href="http://links.example/{low}">', "</a>") if low % 2 else ("<em>", "</em>")
        parts.append(f"<p>{before}{words[:12]}{after}{words[12:]}</p>")
    return "\n".join(parts)


def make_feed(feed: int, entries: int, fresh: int = 0) -> bytes:
    """A feed, every fourth Atom, the others RSS; `fresh` more entries stand above the old ones, which stay the same."""
    now = datetime.now(UTC).replace(microsecond=0, second=0, minute=0)
    make = _atom_entry if feed % 4 == 3 else _rss_item
    items = []
    for entry in range(entries + fresh):
        title, text = make_entry(random.Random(feed * 100_003 + entry), f"{feed}-{entry}")
        items.append(make(feed, entry, title, to_html(text, entry), now - timedelta(minutes=entry % entries)))
    head = _ATOM if feed % 4 == 3 else _RSS
    return (head[0].format(feed=feed) + "".join(reversed(items)) + head[1]).encode()


_RSS = (
    "<?xml version='1.0' encoding='utf-8'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
    "<channel><title>feed {feed}</title><link>http://f{feed}.example/</link><description>news</description>",
    "</channel></rss>",
)
_ATOM = (
    "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'><title>feed {feed}</title>"
    "<link href='http://f{feed}.example/'/><id>http://f{feed}.example/</id><updated>2024-02-21T10:00:00Z</updated>",
    "</feed>",
)


def _rss_item(feed: int, entry: int, title: str, html: str, when: datetime) -> str:
    return (
        f"<item><guid isPermaLink='false'>{feed}-{entry}</guid><title>{title}</title>"
        f"<link>http://f{feed}.example/{entry}</link><pubDate>{format_datetime(when)}</pubDate>"
        f"<content:encoded><![CDATA[{html}]]></content:encoded></item>\n"
    )


def _atom_entry(feed: int, entry: int, title: str, html: str, when: datetime) -> str:
    return (
        f"<entry><id>{feed}-{entry}</id><title>{title}</title><link href='http://f{feed}.example/{entry}'/>"
        f"<updated>{when:%Y-%m-%dT%H:%M:%SZ}</updated><content type='html'>{escape(html)}</content></entry>\n"
    )


class World:
    """Bodies with their validators, and what was asked."""

    def __init__(self, feeds: int, entries: int) -> None:
        self._feeds, self._entries = feeds, entries
        self.answers: dict[bytes, tuple[bytes, bytes, bytes]] = {}
        self.counts = {"200": 0, "304": 0, "other": 0}
        self._rounds = 0
        #: Entries that each feed has told of so far.
        self._told = [0] * feeds
        for feed in range(feeds):
            self._lay(feed, 0)

    def news(self) -> None:
        """Two more entries in one feed of ten."""
        self._rounds += 1
        for feed in range(0, self._feeds, 10):
            self._lay(feed, 2 * self._rounds)

    def answer(self, request: bytes) -> bytes:
        """The whole answer to a whole request."""
        path = request.split(b" ", 2)[1]
        if path == b"/-/news":
            self.news()
            return _text(b"done")
        if path == b"/-/entries":
            return _text(b"%d" % sum(self._told))
        if path == b"/-/counts":
            told = b"%(200)d %(304)d %(other)d" % {k.encode(): v for k, v in self.counts.items()}
            self.counts = dict.fromkeys(self.counts, 0)
            return _text(told)
        found = self.answers.get(path)
        if found is None:
            self.counts["other"] += 1
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        tag, whole, same = found
        known = b"if-none-match: " + tag in request.lower()
        self.counts["304" if known else "200"] += 1
        return same if known else whole

    def _lay(self, feed: int, fresh: int) -> None:
        body = make_feed(feed, self._entries, fresh)
        self._told[feed] = self._entries + fresh
        tag = b'"' + hashlib.sha256(body).hexdigest()[:16].encode() + b'"'
        common = (
            b"ETag: "
            + tag
            + b"\r\nLast-Modified: Wed, 21 Feb 2024 10:00:00 GMT\r\nContent-Type: application/rss+xml\r\n"
        )
        whole = b"HTTP/1.1 200 OK\r\n" + common + b"Content-Length: %d\r\n\r\n" % len(body) + body
        same = b"HTTP/1.1 304 Not Modified\r\n" + common + b"\r\n"
        self.answers[b"/%d.xml" % feed] = (tag, whole, same)


def _text(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


async def serve(world: World, port_file: Path) -> None:
    """Answer until killed; the port is written to `port_file` when the world is ready."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                writer.write(world.answer(request))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, backlog=512)
    part = port_file.with_suffix(".part")
    part.write_text(str(server.sockets[0].getsockname()[1]))
    os.replace(part, port_file)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port_file", type=Path)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--entries", type=int, default=30)
    given = parser.parse_args()
    asyncio.run(serve(World(given.feeds, given.entries), given.port_file))
