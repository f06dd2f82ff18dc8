"""Addresses: one form for one page, and who owns a host."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

#: Query parameters that say where a reader came from and nothing about the page, by who adds them.
TRACKING = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igshid igsh mc_cid mc_eid
    _hsenc _hsmi __hstc __hssc __hsfp hsctatracking vero_id vero_conv oly_anon_id oly_enc_id rb_clickid s_cid
    mkt_tok trk trkcampaign trkinfo sc_campaign sc_channel sc_content sc_medium sc_outcome sc_geo sc_country
    ncid cmpid cmp cid_source ocid icid ito smid smtyp partner_ref ref_src ref_url guccounter guce_referrer
    guce_referrer_sig srnd sref taid mod st_refdomain xtor soc_src soc_trk sr_share share_token shareuid
    spm scm from_source from_spmid vd_source share_source share_medium share_plat share_session_id share_tag
    share_from unique_k bbid ts_share isappinstalled nsukey wx_header chksm sharer_shareid sharer_sharetime
    syn feature si pp _ga _gl wt_mc wt_zmc campaign_id campaign_name rss feed_id amp
    """.split()
)
_TRACKING_PREFIX = re.compile(r"^(utm_|mtm_|pk_|piwik_|matomo_|hsa_|ga_|at_|stm_|itm_|wkey|wt\.)", re.IGNORECASE)
#: `ref` and `source` name content at some sites; only these values are tracking.
_REFERRERS = re.compile(
    r"^(rss|feed|twitter|x|t\.co|facebook|linkedin|newsletter|homepage|hn|reddit|share|.*\.(com|org|net|io))$"
)
_DEFAULT_PORT = {"http": 80, "https": 443}
_AMP_CACHE = re.compile(r"^(?:.+\.)?cdn\.ampproject\.org$")
_AMP_PART = re.compile(r"/amp/?$|\.amp$|(?<=\.html)\.amp$|/amp(?=/)")
_SLASHES = re.compile("/{2,}")
#: A path in which no character is quoted or has to be.
_WRITTEN_AS_IS = re.compile(r"[A-Za-z0-9/:@!$&'()*+,;=~._-]*")
_READER_HOSTS = ("www", "m.", "mobile.", "wap.", "amp.")
_READER_HOST = re.compile(r"^(?:www\d?|m|mobile|wap|amp)\.(?=[^.]+\.[^.])")
_HOST = re.compile(r"[\w.:-]+")
#: An address with nothing to repair at its beginning.
_SOUND = re.compile(r"https?://(?!/|https?:)", re.IGNORECASE)
_DOUBLED_SCHEME = re.compile(r"^(https?:/*)(?=https?:)", re.IGNORECASE)
_ANY_SLASHES = re.compile(r"^(https?):/*(?=[^/])", re.IGNORECASE)
_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:")


def canonical_url(url: str) -> str | None:
    """One address for one page, for comparing; None when it is no http(s) address.

    Scheme https, host in lower case without `www.` and mobile or AMP prefixes, no fragment, no tracking parameters, the
    rest of the query in order, no doubled slashes, no trailing slash.

    >>> canonical_url("http://www.Example.com/a//b/?utm_source=x&b=2&a=1#top")
    'https://example.com/a/b?a=1&b=2'
    """
    try:
        parts = urlsplit(_repaired(url))
        host, port = _host_and_port(parts)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    if "ampproject" in host and _AMP_CACHE.match(host):
        return _behind_amp_cache(parts.path)
    if not _HOST.fullmatch(host := _plain_host(host)):
        return None
    path, query = _video(host, parts.path, parts.query)
    path = _SLASHES.sub("/", path) if "//" in path else path
    path = _AMP_PART.sub("", path) if "amp" in path else path
    if not _WRITTEN_AS_IS.fullmatch(path):
        path = quote(unquote(path, errors="replace"), safe="/:@!$&'()*+,;=~-._")
    netloc = host if port in (None, _DEFAULT_PORT[parts.scheme.lower()]) else f"{host}:{port}"
    query = _content_query(query) if query else ""
    return f"https://{netloc}{path.rstrip('/')}{'?' if query else ''}{query}"


def is_web_url(url: str | None) -> bool:
    """Whether an address may be shown as a link: http or https with a host, and no control character."""
    if not url or any(ord(char) <= 0x20 for char in url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """The part of a host name that somebody registered: news.example.co.uk → example.co.uk; an IP address stays.

    Hosts on which everybody has a subdomain (github.io, substack.com) keep it: the subdomain is the publisher.
    """
    from tld import get_fld

    host = host.lower().strip(".")
    labels = host.split(".")
    if len(labels) > 2 and ".".join(labels[-2:]) in _SHARED_HOSTS:
        return ".".join(labels[-3:])
    return get_fld(f"https://{host}", fail_silently=True) or host


def host_of(url: str | None) -> str:
    """Host name of an address in lower case, "" when it has none."""
    try:
        return (urlsplit(url or "").hostname or "").lower()
    except ValueError:
        return ""


_SHARED_HOSTS = frozenset("substack.com medium.com wordpress.com blogspot.com tumblr.com ghost.io beehiiv.com".split())


def _repaired(url: str) -> str:
    """`url` with the slips that feeds make mended: backslashes, a doubled scheme, a scheme without slashes."""
    url = url.strip().replace("\\", "/")
    if _SOUND.match(url):
        return url
    url = _ANY_SLASHES.sub(r"\1://", _DOUBLED_SCHEME.sub("", url))
    if url.startswith("//"):
        return "https:" + url
    return url if _SCHEME.match(url) else f"https://{url}" if "." in url.split("/")[0] else url


def _host_and_port(parts: SplitResult) -> tuple[str | None, int | None]:
    """As `parts` tells them, but it would look for marks that most addresses do not have, for each of the two."""
    if not any(mark in parts.netloc for mark in "@:["):
        return parts.netloc.lower(), None
    return parts.hostname, parts.port


def _behind_amp_cache(path: str) -> str | None:
    inner = re.sub(r"^/[a-z]/(?:s/)?", "", path)
    return canonical_url("https://" + inner) if "." in inner.split("/")[0] else None


def _plain_host(host: str) -> str:
    host = host.lower().rstrip(".")
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return host
    for _ in range(2):
        host = _READER_HOST.sub("", host) if host.startswith(_READER_HOSTS) else host
    return host


def _video(host: str, path: str, query: str) -> tuple[str, str]:
    """YouTube's several forms of one video as the watch page."""
    if host == "youtube.com" and (match := re.match(r"^/(?:shorts|embed|live|v)/([\w-]{6,})", path)):
        return "/watch", f"v={match[1]}"
    return path, query


def _content_query(query: str) -> str:
    pairs = [
        (key, value)
        for key, value in parse_qsl(query, keep_blank_values=True, max_num_fields=None)
        if key.lower() not in TRACKING
        and not _TRACKING_PREFIX.match(key)
        and not (key.lower() in ("ref", "source", "src", "via", "from") and _REFERRERS.match(value.lower()))
    ]
    return urlencode(sorted(pairs))
