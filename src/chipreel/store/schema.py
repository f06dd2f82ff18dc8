"""The tables, as a person meets them in Datasette. Times are UTC text (2024-02-16T08:00:00Z), lists are JSON arrays."""

from __future__ import annotations

#: Statements of the first released schema, in order.
FIRST = (
    # Small facts about this file: version of the index, of the lexicon, last run.
    "create table meta (key text primary key, value text not null) without rowid",
    """create table companies (
        id text primary key,
        name text not null,
        name_zh text not null,
        -- lab, video, chip, compute, capital
        kind text not null
    )""",
    """create table people (
        id text primary key,
        name text not null,
        name_zh text,
        role text,
        -- whom they speak for now, null for an independent voice
        company text references companies(id)
    )""",
    """create table products (
        id text primary key,
        name text not null,
        company text references companies(id)
    )""",
    """create table sources (
        id text primary key,
        title text not null,
        kind text not null,
        url text not null,
        site text,
        language text not null,
        role text not null,
        -- JSON array of ids: companies it speaks for
        companies text not null default '[]',
        -- outlets of one publisher corroborate once
        publisher text not null,
        enabled integer not null default 1,
        note text,
        -- ok, degraded, silent, stale, moved, blocked, gone, paused, new
        health text not null default 'new',
        health_note text,
        -- validators and rhythm of its fetches
        etag text,
        last_modified text,
        body_hash text,
        moved_to text,
        next_at text,
        last_good text,
        last_new text,
        failures integer not null default 0,
        interval_s integer,
        conditional_run integer not null default 0,
        paused integer not null default 0,
        gone integer not null default 0
    )""",
    """create table fetches (
        id integer primary key,
        source text not null references sources(id),
        at text not null,
        -- new, nothing-new, unchanged, failed
        outcome text not null,
        -- HTTP status, null when there was no answer
        status integer,
        ms integer not null,
        bytes integer not null default 0,
        entries integer not null default 0,
        new integer not null default 0,
        revised integer not null default 0,
        -- why it failed, or why there was nothing
        note text
    )""",
    "create index fetches_of_source on fetches(source, id)",
    # How far each source's past was walked; one row for each span that was asked for.
    """create table backfills (
        id integer primary key,
        source text not null references sources(id),
        -- the span that was asked for: published from the first to before the second
        since text not null,
        until text not null,
        -- how its past is read: paged, wordpress-api, links, search, sitemap …
        way text,
        -- walking, done, or failed (goes on with the next run)
        state text not null,
        -- JSON: where the walk is, what it still has before it
        place text not null default '{}',
        -- the earliest moment that the walk has reached so far
        reached text,
        requests integer not null default 0,
        items integer not null default 0,
        new integer not null default 0,
        -- why it stopped; null = nothing is wrong
        note text,
        started_at text not null,
        updated_at text not null,
        unique (source, since, until)
    )""",
    """create table stories (
        id integer primary key,
        headline text,
        lang text,
        first_seen text not null,
        last_seen text not null,
        articles integer not null default 0,
        -- independent publishers
        outlets integer not null default 0,
        -- JSON arrays
        languages text not null default '[]',
        companies text not null default '[]',
        beats text not null default '[]',
        topics text not null default '[]',
        -- source that had it first
        first_source text references sources(id),
        score real,
        -- JSON object: parts of the score
        score_parts text,
        -- the story this one became part of; null while it stands
        merged_into integer references stories(id)
    )""",
    "create index stories_by_last_seen on stories(last_seen)",
    # Autoincrement: an id that was deleted is never given again, or a digest would take the new article for an old one.
    """create table articles (
        id integer primary key autoincrement,
        title text,
        url text,
        -- what the publisher says
        published text,
        -- when chipreel first met it
        first_seen text not null,
        -- when the stored content last changed
        updated text,
        lang text,
        source text not null references sources(id),
        -- of its source: official, press, analysis …
        role text,
        -- article or post
        kind text not null default 'article',
        author text,
        story integer references stories(id),
        -- 1 = belongs in this tracker
        relevant integer not null default 0,
        relevance real not null default 0,
        -- JSON arrays
        companies text not null default '[]',
        beats text not null default '[]',
        topics text not null default '[]',
        -- 1 = was there before we followed the source: in search, not in digests
        background integer not null default 0,
        points integer,
        comments integer,
        -- why the date is missing or doubtful
        date_note text,
        -- outlet named by an aggregator
        via text,
        -- one address for one page
        canonical_url text,
        title_key text,
        content_hash text not null,
        revisions integer not null default 0,
        -- version of lexicon and rules that annotated it
        annotated_by text,
        -- last: SQLite walks through a long text to reach a column behind it
        summary text,
        text text
    )""",
    """create trigger role_of_articles after update of role on sources when old.role is not new.role begin
        update articles set role = new.role where source = new.id;
    end""",
    "create index articles_by_address on articles(canonical_url) where canonical_url is not null",
    "create index articles_by_first_seen on articles(first_seen)",
    # The order of every list, and the span of since: and until:.
    "create index articles_by_time on articles(coalesce(published, first_seen))",
    "create index articles_of_story on articles(story)",
    "create index articles_of_source on articles(source, id)",
    "create index articles_new on articles(id) where relevant = 1 and background = 0",
    "create index articles_ungrouped on articles(id) where relevant = 1 and story is null",
    # Where and under which identity an article was seen; two sources of one article are two rows.
    """create table sightings (
        source text not null references sources(id),
        -- identity within the source
        guid text not null,
        article integer not null references articles(id) on delete cascade,
        url text,
        seen_at text not null,
        -- hash of title and text as the source lists them, which its page may tell at more length
        listed_hash text not null,
        primary key (source, guid)
    ) without rowid""",
    "create index sightings_of_article on sightings(article)",
    # What an article said before it was changed.
    """create table revisions (
        id integer primary key autoincrement,
        article integer not null references articles(id) on delete cascade,
        at text not null,
        title text,
        text text,
        -- which of title and text changed
        changed text not null
    )""",
    "create index revisions_of_article on revisions(article)",
    # Deleted on purpose: does not come back.
    """create table tombstones (
        source text not null,
        guid text not null,
        canonical_url text,
        deleted_at text not null,
        primary key (source, guid)
    ) without rowid""",
    "create index tombstones_by_address on tombstones(canonical_url) where canonical_url is not null",
    """create table mentions (
        id integer primary key,
        article integer not null references articles(id) on delete cascade,
        -- exactly one of the three
        company text references companies(id),
        person text references people(id),
        product text references products(id),
        -- 0 to 1: how much the article is about it
        score real not null,
        is_primary integer not null,
        -- 'person' = only somebody who speaks for it is named
        via text,
        -- the first place where it stands
        surface text not null,
        -- JSON array: field, start, end, surface, rule of every place
        evidence text not null
    )""",
    "create index mentions_of_article on mentions(article)",
    "create index mentions_of_company on mentions(company, article) where company is not null",
    "create index mentions_of_person on mentions(person, article) where person is not null",
    "create index mentions_of_product on mentions(product, article) where product is not null",
    """create table quotes (
        id integer primary key,
        article integer not null references articles(id) on delete cascade,
        text text not null,
        speaker text,
        person text references people(id),
        company text references companies(id),
        -- direct or indirect
        kind text not null,
        cue text,
        field text not null,
        start integer not null,
        end integer not null,
        -- the same words have the same key, wherever they are quoted
        key text not null
    )""",
    "create index quotes_of_article on quotes(article)",
    "create index quotes_of_person on quotes(person) where person is not null",
    "create index quotes_by_key on quotes(key)",
    """create table money (
        id integer primary key,
        article integer not null references articles(id) on delete cascade,
        surface text not null,
        -- major units; amount_high is the upper end of a range
        amount real not null,
        amount_high real,
        currency text,
        -- at the rate of the day it was published
        usd real,
        usd_high real,
        -- about, over, under
        bound text,
        company text references companies(id),
        person text references people(id),
        role text,
        field text not null,
        start integer not null,
        end integer not null
    )""",
    "create index money_of_article on money(article)",
    "create index money_of_company on money(company) where company is not null",
    "create index money_by_usd on money(usd)",
    # What grouping remembers of an article, so that a window of the past is not made anew by every run.
    """create table fingerprints (
        article integer primary key references articles(id) on delete cascade,
        packed text not null
    )""",
    """create table digests (
        id integer primary key autoincrement,
        profile text not null,
        made_at text not null,
        lang text not null,
        -- articles and revisions it covers: after the first of each, up to and including the second
        after_article integer not null,
        upto_article integer not null,
        after_revision integer not null,
        upto_revision integer not null,
        stories integer not null,
        -- the digest as it was made, JSON: what every delivery of it renders
        content text not null
    )""",
    "create index digests_of_profile on digests(profile, id)",
    """create table digest_entries (
        digest integer not null references digests(id) on delete cascade,
        position integer not null,
        story integer references stories(id),
        -- new or update
        state text not null,
        -- why it is here
        reason text,
        -- JSON array of article ids it covers
        articles text not null,
        primary key (digest, position)
    ) without rowid""",
    "create index digest_entries_of_story on digest_entries(story)",
    # What a profile was given, article by article: stories merge and split, articles do not.
    """create table digest_articles (
        profile text not null,
        article integer not null references articles(id) on delete cascade,
        digest integer not null references digests(id) on delete cascade,
        primary key (profile, article, digest)
    ) without rowid""",
    "create index digest_articles_of_digest on digest_articles(digest)",
    "create index digest_articles_of_article on digest_articles(article)",
    """create table deliveries (
        id integer primary key autoincrement,
        digest integer not null references digests(id) on delete cascade,
        -- name of the channel, never its address
        channel text not null,
        -- pending, sent (handed over, not yet known to have arrived), confirmed, unknown, failed, given-up
        state text not null,
        attempts integer not null default 0,
        -- messages it is split into (null before the first try), and how many of them have arrived
        parts integer,
        parts_done integer not null default 0,
        created_at text not null,
        updated_at text not null,
        note text
    )""",
    "create index deliveries_of_digest on deliveries(digest)",
    "create index deliveries_open on deliveries(channel, id) where state not in ('confirmed', 'given-up')",
    # Corrections by a person; retag and grouping respect them.
    """create table fixes (
        id integer primary key,
        at text not null,
        -- is, not, split, merge
        kind text not null,
        article integer references articles(id) on delete cascade,
        company text,
        story integer,
        other_story integer
    )""",
    "create index fixes_of_article on fixes(article)",
    # Words of every article; written by store.index alone. The text stands first: every place in a column that is not
    # the first costs two bytes more, which is a third of the index.
    """create virtual table articles_fts using fts5(
        text, title, content='', tokenize='porter unicode61 remove_diacritics 2'
    )""",
)

#: Statements of the second step.
SECOND = (
    # Bytes of words that wait in memory until the transaction ends or they are too many. With FTS5's limit of 1 MB a
    # large transaction is written in many small pieces, and merging them again takes longer than writing them.
    "insert into articles_fts(articles_fts, rank) values ('hashsize', 16777216)",
    # When `health` was told last: a source that was well today need not be looked into after every visit.
    "alter table sources add column judged_at text",
)

#: Statements of the third step.
THIRD = (
    # Shares of attention count nine weeks of articles for every digest: by this index alone, however large the archive.
    "create index articles_relevant on articles(first_seen, published) where relevant = 1",
    # Where one story becomes part of another, those that became part of it before go along.
    "create index stories_merged on stories(merged_into) where merged_into is not null",
)


#: Statements of the fourth step.
FOURTH = tuple(
    # Every spelling that companies.yaml has, as a JSON array: people search for 輝達 and NVDA, too.
    f"alter table {table} add column names text not null default '[]'"
    for table in ("companies", "people", "products")
)


def as_sql() -> str:
    """The schema as one SQL text: docs/schema.sql."""
    head = (
        "-- Made by `python -m chipreel.store.schema`; a test keeps it true. Times are UTC, lists are JSON arrays.\n\n"
    )
    return head + "\n\n".join(f"{statement};" for statement in FIRST + SECOND + THIRD + FOURTH) + "\n"


if __name__ == "__main__":
    print(as_sql(), end="")
