"""Addresses that may be reached, judged in the connection; proxies as trusted hops."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from dataclasses import replace

import pytest

from chipreel.fetch.client import check_url
from chipreel.fetch.fetcher import Fetcher
from chipreel.fetch.network import OFFLINE_FROM, check_literal, find_literal, is_public
from chipreel.fetch.refusal import RefusedError
from chipreel.fetch.rhythm import next_state
from chipreel.model import Failed, Fetched, FetchState, Settings, Source

CLOSED = Settings(min_delay_s=0, timeout_s=5)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("8.8.8.8", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("127.9.9.9", False),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("100.127.255.255", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("::ffff:8.8.8.8", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(ipaddress.ip_address(address)) is public


@pytest.mark.parametrize("host", ["127.1", "0x7f.0.0.1", "2130706433", "017700000001", "127.0.0.1", "::1"])
def test_every_spelling_of_loopback_is_understood(host):
    address = find_literal(host)
    assert address is not None
    assert not is_public(address)


@pytest.mark.parametrize(
    "host",
    ["localhost", "router.local", "db.internal", "nas.lan", "printer", "[::1]", "10.1.2.3", "0x7f.1", "x.home.arpa"],
)
def test_behind_a_proxy_private_names_and_literals_are_refused(host):
    with pytest.raises(RefusedError, match="private network"):
        check_literal(host)


@pytest.mark.parametrize("host", ["example.com", "36kr.com", "8.8.8.8", "[2606:4700::1111]", "local.example.com"])
def test_behind_a_proxy_public_names_pass(host):
    check_literal(host)


@pytest.mark.parametrize("url", ["http://example.com", "https://例え.jp/a", "https://[2606:4700::1111]:8443/x"])
def test_web_addresses_pass(url):
    check_url(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::ffff:127.0.0.1]"])
def test_loopback_is_refused_unless_permitted(world, reply, source_at, fresh, now, host):
    world.routes["/feed"] = reply()
    with Fetcher(CLOSED) as fetcher:
        got = fetcher.fetch(source_at(world.url(host=host)), fresh, now)
    assert isinstance(got, Failed)
    assert got.reason == "private-address"
    assert world.seen == []


def test_a_name_is_judged_by_what_it_resolves_to_at_the_connection(world, reply, source_at, now, monkeypatch):
    """A name that was harmless when checked and is loopback when connected to gains nothing: there is one look-up."""
    answers = iter(["93.184.216.34", "127.0.0.1"])
    asked = []

    def resolve(host, port, *_, **__):
        if find_literal(host) is None:
            asked.append(host)
            host = next(answers)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]

    connected = []

    def connect(self, address):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket.socket, "connect", connect)
    with Fetcher(CLOSED) as fetcher:
        first = fetcher.fetch(source_at("http://rebind.example/feed"), FetchState("a"), now)
        second = fetcher.fetch(source_at("http://rebind.example/feed"), FetchState("a"), now)
    assert (first.reason, second.reason) == ("connect", "private-address")
    # robots.txt asks first and finds nobody: that one look-up is the one whose address was connected to.
    assert [address for address, _ in connected] == ["93.184.216.34"]
    assert asked == ["rebind.example"] * 2


def test_of_several_addresses_only_public_ones_are_tried(source_at, now, monkeypatch):
    found = ["10.0.0.1", "93.184.216.34"]
    tried = []

    def resolve(host, port, *_, **__):
        names = found if host == "mixed.example" else [host]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (name, port)) for name in names]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    def connect(self, address):
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    with Fetcher(CLOSED) as fetcher:
        fetcher.fetch(source_at("http://mixed.example/feed"), FetchState("a"), now)
    assert set(tried) == {"93.184.216.34"}


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{}/feed", "http://169.254.169.254/latest", "http://[::1]:{}/feed"]
)
def test_a_redirect_into_a_private_network_is_refused(world, reply, source_at, fresh, now, target, monkeypatch):
    """The first hop is "public" (a name the test lends to loopback's server); the second is not."""
    from chipreel.fetch import network

    world.routes["/start"] = reply(302, b"", {"Location": target.format(world.port)})
    lent = {"public.example": "127.0.0.1"}
    genuine = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **kw: genuine(lent.get(host, host), *more, **kw))
    real = network.is_public
    seen: list[str] = []

    def judge(address):
        seen.append(str(address))
        return True if len(seen) == 1 else real(address)

    monkeypatch.setattr(network, "is_public", judge)
    with Fetcher(CLOSED) as fetcher:
        got = fetcher.fetch(source_at(f"http://public.example:{world.port}/start"), fresh, now)
    assert isinstance(got, Failed), got
    assert got.reason == "private-address"
    assert [request.path for request in world.seen] == ["/start"]


def test_an_unknown_name_is_one_clear_line(source_at, fresh, now, monkeypatch):
    def fail(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with Fetcher(CLOSED) as fetcher:
        got = fetcher.fetch(source_at("http://nowhere.example/feed"), fresh, now)
    assert (got.reason, got.message) == ("dns", "nowhere.example is not known to the name servers")


def test_offline_is_told_from_an_unknown_name_and_found_out_once(now, monkeypatch):
    """Twenty sources, no name server: eight look-ups, not twenty, and no source is to blame."""
    asked = []

    def fail(host, *_, **__):
        asked.append(host)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    visits = [(Source(f"s{n}", "S", "feed", f"http://s{n}.example/"), FetchState(f"s{n}")) for n in range(20)]
    with Fetcher(replace(CLOSED, workers=1)) as fetcher:
        outcomes = [(source, outcome) for source, outcome in fetcher.fetch_many(visits, now)]
    assert {outcome.reason for _, outcome in outcomes} == {"offline"}
    assert len(asked) == OFFLINE_FROM
    for source, outcome in outcomes:
        after = next_state(source, FetchState(source.id), outcome, None, now)
        assert (after.failures, after.next_at) == (0, now)


def test_a_proxy_may_be_private_and_what_lies_behind_it_may_not(world, reply, source_at, fresh, now):
    """The proxy is asked for the whole address; a private target never reaches it."""
    world.routes["http://example.com/feed"] = reply()
    world.routes["http://example.com/robots.txt"] = reply(404, b"")
    settings = replace(CLOSED, proxy=world.url(""))
    with Fetcher(settings) as fetcher:
        got = fetcher.fetch(source_at("http://example.com/feed"), fresh, now)
        inside = fetcher.fetch(source_at("http://192.168.0.1/feed"), fresh, now)
    assert isinstance(got, Fetched), got
    assert inside.reason == "private-address"
    assert not any("192.168" in request.path for request in world.seen)


def test_a_source_has_a_proxy_of_its_own(world, other, reply, source_at, fresh, now):
    other.routes["http://example.com/feed"] = reply()
    with Fetcher(replace(CLOSED, proxy=world.url(""))) as fetcher:
        fetcher.fetch(source_at("http://example.com/feed", proxy=other.url("")), fresh, now)
    assert world.seen == []
    assert [seen.path for seen in other.seen][-1] == "http://example.com/feed"


def test_a_proxy_with_a_password_stands_in_the_environment(world, reply, source_at, fresh, now):
    world.routes["http://example.com/feed"] = reply()
    settings = replace(CLOSED, proxy="env:DESK_PROXY")
    with Fetcher(settings) as fetcher:
        missing = fetcher.fetch(source_at("http://example.com/feed"), fresh, now)
    assert (missing.reason, "DESK_PROXY" in missing.message) == ("config", True)
    with Fetcher(settings, environ={"DESK_PROXY": f"http://me:s3cret@127.0.0.1:{world.port}"}) as fetcher:
        got = fetcher.fetch(source_at("http://example.com/feed"), fresh, now)
    assert isinstance(got, Fetched), got
    assert world.seen[-1].headers["proxy-authorization"].startswith("Basic ")


def test_a_server_without_a_trusted_certificate_is_refused(world, source_at, fresh, now, tmp_path):
    """TLS is spoken to a server that cannot prove its name; nothing is sent to it."""
    certificate, key = _self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    world._server.socket = context.wrap_socket(world._server.socket, server_side=True)
    with Fetcher(replace(CLOSED, allow_private_addresses=True)) as fetcher:
        got = fetcher.fetch(Source("s", "S", "feed", f"https://localhost:{world.port}/feed"), fresh, now)
    assert isinstance(got, Failed)
    assert got.reason == "tls", got
    assert world.seen == []


def _self_signed(folder):
    import subprocess

    certificate, key = folder / "cert.pem", folder / "key.pem"
    try:
        subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                str(key),
                "-out",
                str(certificate),
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
            ],
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("openssl makes the certificate, and there is none here")
    return certificate, key
