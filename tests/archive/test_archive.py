# ruff: noqa: E501
"""Archives of pages: what belongs is kept, as the same Parquet everywhere; what is broken is named with its place."""

import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chipreel.archive.first_look import FirstLook, Signs
from chipreel.archive.records import ItemRecord, PageRecord, Passed, Trouble, iter_records
from chipreel.archive.schema import arrow_schema
from chipreel.config.lexicon import load_lexicon
from chipreel.config.places import Places
from chipreel.pipeline.archiving import Engine, import_archive, iter_items, sift_archive
from chipreel.pipeline.opening import open_for_run
from chipreel.pipeline.rooms import Rooms

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
from bench.archive_world import make_archive, warc_record

PAGE = (
    "<html lang='{lang}'><head><meta charset='{charset}'><title>{title}</title>"
    "<meta property='article:published_time' content='2024-02-16T08:00:00Z'></head>"
    "<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
)
ENGLISH = (
    "Nvidia raises its outlook for H200 chips",
    "Nvidia said on Friday that it will ship more H200 data center GPUs than planned. “Demand for our chips is strong,” "
    "said Jensen Huang. Analysts expect revenue of $24 billion from the chips in the next quarter.",
)
CHINESE = (
    "英伟达上调H200芯片出货量",
    "英伟达周五表示，数据中心GPU芯片H200的出货量将高于计划。黄仁勋说：“市场对我们的芯片需求十分强劲。”分析师预计下一季度芯片收入将达到240亿美元。",
)


def page(words, lang="en", charset="utf-8"):
    return PAGE.format(lang=lang, charset=charset, title=words[0], text=words[1]).encode(charset)


def plain_record(url, body, length=None, kind="text/html"):
    http = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n" % kind.encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{len(body)}>\r\nWARC-Date: 2026-01-15T00:00:00Z\r\n"
        f"WARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {length or len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


@pytest.fixture(scope="module")
def lexicon():
    return load_lexicon(Path(__file__).resolve().parent.parent.parent / "data/companies.yaml")


def results(out):
    """Digest of every Parquet file by its name below the folder."""
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.glob("month=*/*.parquet"))
    }


@pytest.mark.parametrize(
    ("text", "belongs"),
    [
        ("Nvidia ships H200", True),
        ("英伟达发布新芯片", True),
        ("輝達發布新晶片", True),
        ("\\u82f1\\u4f1f\\u8fbe", True),
        ("&#33521;&#20255;&#36798;", True),
        ("a cook wrote about stoves", False),
        ("a cook who also follows gpu makers", True),
        ("nvidiary", False),
        ("今天下雨", False),
    ],
)
def test_the_first_look_knows_names_in_both_scripts_and_any_writing(text, belongs):
    """A doubtful name needs a word of the trade beside it; a Latin name within a longer word is none."""
    look = FirstLook(Signs(frozenset({"nvidia", "英伟达", "辉达"}), frozenset({"cook"}), frozenset({"gpu"})))
    filler = "<p>x</p>" * 600
    for charset in ("utf-8", "gb18030", "big5"):
        try:
            body = f"<script>nvidia</script>{filler}<p>{text}</p>".encode(charset)
        except UnicodeEncodeError:
            continue
        assert look.may_belong(body) is belongs, charset


def test_what_belongs_is_kept_with_all_that_was_found(tmp_path, lexicon):
    """Both scripts and their encodings, pages and items; a page saved twice is one row."""
    import pyarrow.parquet as pq

    warc = tmp_path / "news.warc.gz"
    pages = [page(ENGLISH), page(CHINESE, "zh", "gb18030"), page(("A plum cake", "Bake it for an hour. " * 20))]
    urls = ["https://a.example/1", "https://b.example/2", "https://c.example/3"]
    twice = [(urls[0], pages[0])]
    warc.write_bytes(
        b"".join(warc_record(url, body, n) for n, (url, body) in enumerate([*zip(urls, pages, strict=True), *twice]))
    )
    lines = tmp_path / "items.jsonl"
    item = {"id": "7", "title": ENGLISH[0], "text": ENGLISH[1], "published": "2024-03-01", "url": "https://d.example/7"}
    lines.write_text(json.dumps(item) + "\n" + json.dumps({"id": "8", "title": "Rain again"}) + "\n", encoding="utf-8")
    feed = tmp_path / "feed.xml"
    feed.write_text(
        f"<rss version='2.0'><channel><item><title>{CHINESE[0]}</title><link>https://e.example/9</link>"
        f"<description>{CHINESE[1]}</description></item></channel></rss>",
        encoding="utf-8",
    )
    done = sift_archive([warc, lines, feed], tmp_path / "out", lexicon, Engine(workers=1))

    assert [account.counts["kept"] for account in done.accounts] == [1, 1, 2]
    assert done.total("duplicates") == 1
    rows = [
        row
        for path in sorted((tmp_path / "out").glob("month=*/*.parquet"))
        for row in pq.read_table(path, partitioning=None).to_pylist()
    ]
    found = {row["url"]: row for row in rows}
    assert set(found) == {"https://a.example/1", "https://b.example/2", "https://d.example/7", "https://e.example/9"}
    assert {one["id"] for row in rows for one in row["companies"]} >= {"nvidia"}
    for url in ("https://a.example/1", "https://b.example/2"):
        row = found[url]
        quote, money = next(one for one in row["quotes"] if one["kind"] == "direct"), row["money"][0]
        assert row["text"][quote["start"] : quote["end"]] == quote["text"]
        assert (quote["speaker_id"], money["amount"], money["currency"]) == ("jensen-huang", 24e9, "USD")
        assert row["published"].isoformat() == "2024-02-16T08:00:00+00:00"
    months = {path.parent.name for path in (tmp_path / "out").glob("month=*/*.parquet")}
    assert months == {"month=2024-02", "month=2024-03", "month=undated"}


def test_the_schema_stays(project):
    """Columns are only added, at the end; the guide names every one of them."""
    first = (
        "id url site title author published date_note saved_at lang kind text summary relevance beats topics companies"
    )
    names = arrow_schema().names
    assert names == [*first.split(), "people", "products", "quotes", "money", "file", "offset", "annotated_by"]
    told = (project / "docs/archive-schema.md").read_text(encoding="utf-8")
    assert [name for name in names if f"`{name}`" not in told] == []


def test_an_imported_archive_is_the_past(tmp_path, lexicon, project):
    """Searchable, in stories of its weeks, no news; twice is once; offsets and facts are found anew."""
    from chipreel.model import Source

    warc = tmp_path / "news.warc.gz"
    warc.write_bytes(
        warc_record("https://a.example/1", page(ENGLISH), 1)
        + warc_record("https://b.example/2", page(CHINESE, "zh"), 2)
    )
    sift_archive([warc], tmp_path / "out", lexicon, Engine(workers=1))
    assert len(list(iter_items(tmp_path / "out"))) == 2
    places = Places(project / "feeds.yaml", project / "data/companies.yaml", tmp_path / "x.db", tmp_path)
    source = Source("archive", "archive", "import", "", "mul", keep="full")
    from datetime import UTC, datetime

    now = datetime(2026, 2, 1, tzinfo=UTC)
    with open_for_run(places.db) as db:
        tallies = [import_archive(db, Rooms(places), source, tmp_path / "out", now).new for _ in range(2)]
        rows = db.execute("select published, first_seen, background, story from articles").fetchall()
    assert tallies == [2, 0]
    assert {row["published"][:10] for row in rows} == {"2024-02-16"}
    assert all(row["background"] and row["story"] and row["first_seen"] == "2026-02-01T00:00:00Z" for row in rows)


def test_bad_input_is_named_with_its_offset_and_the_rest_goes_through(tmp_path):
    """Damage in the middle, a wrong length, a binary body, a record cut off at the end."""
    good = [warc_record(f"https://a.example/{n}", page(ENGLISH), n) for n in range(4)]
    broken = bytearray(good[1])
    broken[len(broken) // 2 : len(broken) // 2 + 40] = b"\xff" * 40
    file = tmp_path / "broken.warc.gz"
    file.write_bytes(good[0] + bytes(broken) + good[2] + good[3][:-60])
    found = list(iter_records(file))

    pages = [one.url for one in found if isinstance(one, PageRecord)]
    assert pages[0] == "https://a.example/0"
    assert pages == ["https://a.example/0", "https://a.example/2"]
    places = [one.offset for one in found if isinstance(one, Trouble)]
    assert places == [len(good[0]), len(good[0]) + len(broken) + len(good[2])]


@pytest.mark.parametrize("shift", [-50, 40, 100_000])
def test_a_wrong_length_costs_no_more_than_its_neighbours(tmp_path, shift):
    """A plain WARC whose length lies: the record after the next comes through."""
    body = page(ENGLISH)
    records = [plain_record(f"https://a.example/{n}", body) for n in range(5)]
    length = len(records[1].partition(b"\r\n\r\n")[2]) - 4
    records[1] = plain_record("https://a.example/1", body, length + shift)
    file = tmp_path / "lies.warc"
    file.write_bytes(b"".join(records))
    found = list(iter_records(file))

    pages = [one.url for one in found if isinstance(one, PageRecord)]
    assert pages[0] == "https://a.example/0"
    if shift < 1000:
        assert pages[-2:] == ["https://a.example/3", "https://a.example/4"]
    else:
        assert [one for one in found if isinstance(one, Trouble)] or len(pages) >= 1


def test_binary_bodies_and_unknown_encodings_are_no_end(tmp_path, lexicon):
    """A picture is passed, noise that calls itself a page is read as nothing, an invented charset as what it is."""
    file = tmp_path / "odd.warc"
    odd = page(CHINESE, "zh").replace(b"charset='utf-8'", b"charset='x-no-such'")
    file.write_bytes(
        plain_record("https://a.example/1", bytes(range(256)) * 40, kind="image/png")
        + plain_record("https://a.example/2", bytes(range(256)) * 40)
        + plain_record("https://a.example/3", odd)
    )
    done = sift_archive([file], tmp_path / "out", lexicon, Engine(workers=1))
    counts = done.accounts[0].counts
    assert (counts["records"], counts["passed"], counts["kept"], done.failed) == (3, 1, 1, [])


def test_lines_that_are_none_and_files_that_are_none_are_named(tmp_path):
    """Number of the line, or the whole file."""
    lines = tmp_path / "x.jsonl.gz"
    lines.write_bytes(gzip.compress(b'{"id": 1, "title": "a"}\n{"title": 5}\n{broken\n{"id": "2"}\n'))
    kinds = [(type(one), one.offset) for one in iter_records(lines)]
    assert kinds == [(ItemRecord, 1), (Trouble, 2), (Trouble, 3), (Passed, 4)]
    for name, body in (
        ("empty", b""),
        ("noise", bytes(range(200, 256))),
        ("cut.gz", gzip.compress(b"WARC/1.0 x" * 99)[:8]),
    ):
        (tmp_path / name).write_bytes(body)
        assert [type(one) for one in iter_records(tmp_path / name)] == [Trouble]


@pytest.mark.slow
def test_a_record_of_a_gigabyte_is_passed_without_being_kept(tmp_path):
    """Named with its size; memory stays where it was, and the next record comes."""
    file = tmp_path / "huge.warc"
    size = 1 << 30
    head = plain_record("https://a.example/huge", b"", size)
    with file.open("wb") as handle:
        handle.write(head.rstrip(b"\r\n") + b"\r\n\r\n")
        handle.truncate(len(head.partition(b"\r\n\r\n")[0]) + 4 + size)
        handle.seek(0, 2)
        handle.write(b"\r\n\r\n" + plain_record("https://a.example/next", page(ENGLISH)))
    # VmHWM, not ru_maxrss: that begins with the memory of the process that started this one.
    code = (
        "import sys; from pathlib import Path; from chipreel.archive.records import iter_records\n"
        "found = list(iter_records(Path(sys.argv[1])))\n"
        "peak = next(x for x in Path('/proc/self/status').read_text().splitlines() if x.startswith('VmHWM'))\n"
        "print(type(found[0]).__name__, found[0].offset, found[-1].url, int(peak.split()[1]) // 1024)"
    )
    told = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, timeout=120)
    kind, offset, url, megabytes = told.stdout.split()
    assert (kind, offset, url) == ("Trouble", "0", "https://a.example/next"), told.stderr
    assert int(megabytes) < 300


def test_a_page_on_which_a_stage_stumbles_is_named_and_the_rest_goes_through(tmp_path, lexicon, monkeypatch):
    """Lone surrogates are stored as what they can be; an error of ours costs one record."""
    lines = tmp_path / "x.jsonl"
    odd = {"id": "1", "title": ENGLISH[0], "text": ENGLISH[1], "author": "a\ud800", "url": "https://x.example/\ud800"}
    lines.write_text(
        json.dumps(odd) + "\n" + json.dumps({**odd, "id": "2", "title": "stumble Nvidia"}), encoding="utf-8"
    )
    from chipreel.annotate import Annotator

    whole = Annotator.annotate

    def stumbling(self, item, **more):
        if "stumble" in item.title:
            raise ZeroDivisionError("here")
        return whole(self, item, **more)

    monkeypatch.setattr(Annotator, "annotate", stumbling)
    from chipreel.archive.sift import Order, Sifter, sift_file
    from chipreel.config.weights import load_tag_model

    order = Order(lexicon, load_tag_model(), str(tmp_path / "out"))
    account = sift_file(str(lines), order, Sifter(order))
    assert account.counts["kept"] == 1
    assert account.troubles == ((2, "stumbled over: ZeroDivisionError: here"),)


def test_without_a_scheduler_the_error_says_so(tmp_path, lexicon, monkeypatch):
    """Where nobody listens."""
    from chipreel.archive import engine
    from chipreel.errors import ChipreelError

    monkeypatch.setattr(engine, "ANSWER_S", 0.3)

    file = tmp_path / "x.jsonl"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(ChipreelError, match="no scheduler answers"):
        sift_archive([file], tmp_path / "out", lexicon, Engine(scheduler="tcp://127.0.0.1:1"))


def _made(folder, sample, files=4, records=150):
    paths = []
    for number in range(files):
        path = folder / f"part-{number}.warc.gz"
        make_archive(path, records + number, sample)
        paths.append(path)
    return paths


def test_one_process_and_two_write_the_same_bytes_and_done_files_are_left_alone(tmp_path, lexicon, project):
    """A second run reads only the file that has changed."""
    files = _made(tmp_path, project / "data/sample", files=2, records=30)
    one = sift_archive(files, tmp_path / "one", lexicon, Engine(workers=1))
    sift_archive(files[::-1], tmp_path / "two", lexicon, Engine(workers=2))
    assert results(tmp_path / "one") == results(tmp_path / "two")
    assert one.total("kept") >= 7
    files[0].write_bytes(files[0].read_bytes() + warc_record("https://new.example/1", page(ENGLISH), 1))
    changed = sift_archive(files, tmp_path / "one", lexicon, Engine(workers=1))
    assert (changed.known, changed.total("kept")) == (1, one.total("kept") + 1)


def test_a_file_that_cannot_be_read_is_listed_and_costs_only_itself(tmp_path, lexicon):
    """Tried again, then named."""
    good, gone = tmp_path / "good.warc.gz", tmp_path / "gone.warc.gz"
    good.write_bytes(warc_record("https://a.example/1", page(ENGLISH), 1))
    gone.symlink_to(tmp_path / "nowhere")
    done = sift_archive([good, gone], tmp_path / "out", lexicon, Engine(workers=1))
    assert done.total("kept") == 1
    assert [Path(path).name for path, _ in done.failed] == ["nowhere"]


def _dask(*arguments, cwd):
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent / "src")}
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=cwd,
        env=environment,
        start_new_session=True,
    )


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_writes_the_same_bytes(tmp_path, lexicon, project):
    """A scheduler and two workers on loopback, one killed while it works: nothing is lost and nothing is doubled."""
    files = _made(tmp_path, project / "data/sample", files=8, records=150)
    alone = sift_archive(files, tmp_path / "alone", lexicon, Engine(workers=2))
    ready = tmp_path / "scheduler.json"
    begun = [_dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0",
                   "--scheduler-file", str(ready), cwd=tmp_path)]  # fmt: skip
    try:
        until = time.monotonic() + 40
        while not ready.exists() and time.monotonic() < until:
            time.sleep(0.1)
        address = json.loads(ready.read_text())["address"]
        workers = [
            _dask(
                "worker",
                address,
                "--nthreads",
                "1",
                "--no-nanny",
                "--no-dashboard",
                "--host",
                "127.0.0.1",
                cwd=tmp_path,
            )
            for _ in range(2)
        ]
        begun += workers
        from distributed import Client

        with Client(address, timeout=40, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        killed, said = [], []

        def kill_one(done, name):
            if not killed:
                os.kill(workers[0].pid, signal.SIGKILL)
                killed.append(name)

        out = tmp_path / "cluster"
        engine = Engine(scheduler=address)
        done = sift_archive(files, out, lexicon, engine, progress=kill_one, said=said.append)
    finally:
        for process in begun:
            if process.poll() is None:
                process.kill()
            process.wait()
    assert killed
    assert said[0].startswith("dashboard: http://")
    assert (done.failed, done.total("kept"), len(done.accounts)) == ([], alone.total("kept"), 8)
    assert results(out) == results(tmp_path / "alone")
