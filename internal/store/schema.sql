-- The whole schema, as the migrations make it; go test -run TestSchema -update writes this file.

CREATE TABLE address (
    key        TEXT    PRIMARY KEY NOT NULL,
    article_id INTEGER NOT NULL REFERENCES article (id),
    url        TEXT    NOT NULL,
    origin     TEXT    NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL CHECK (last_seen >= first_seen)
) STRICT;

CREATE INDEX address_article ON address (article_id);

CREATE TABLE announcement (
    feed_id    INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
    article_id INTEGER NOT NULL REFERENCES article (id),
    guid       TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    updated    INTEGER, listed_at INTEGER,
    PRIMARY KEY (feed_id, article_id)
) STRICT;

CREATE INDEX announcement_article ON announcement (article_id);

CREATE TABLE appraisal (
    seq          INTEGER PRIMARY KEY REFERENCES change (seq),
    rules        INTEGER NOT NULL CHECK (rules > 0),
    weights      TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    kinds        TEXT    NOT NULL,
    significance REAL    NOT NULL CHECK (significance BETWEEN 0 AND 100),
    trivial      INTEGER NOT NULL CHECK (trivial IN (0, 1)),
    disclosure   TEXT    NOT NULL CHECK (disclosure IN ('', 'silent', 'disclosed', 'noticed', 'bumped')),
    appraised_at INTEGER NOT NULL,
    reasons      TEXT    NOT NULL,
    findings     BLOB    NOT NULL
) STRICT;

CREATE TABLE article (
    id             INTEGER PRIMARY KEY,
    source_id      INTEGER NOT NULL REFERENCES source (id),
    host_id        INTEGER NOT NULL REFERENCES host (id), -- of url
    url            TEXT    NOT NULL,
    state          TEXT    NOT NULL CHECK (state IN ('new', 'live', 'gone', 'moved', 'blocked', 'paywalled', 'duplicate')),
    duplicate_of   INTEGER REFERENCES article (id),
    headline       TEXT    NOT NULL,
    language       TEXT    NOT NULL,
    hidden         TEXT    NOT NULL, -- why it may not be shown, '' = may
    found_at       INTEGER NOT NULL,
    published      INTEGER,
    due            INTEGER,
    period         INTEGER NOT NULL CHECK (period >= 0),
    versions       INTEGER NOT NULL CHECK (versions >= 0),
    current        INTEGER CHECK (current >= 0 AND current < versions), -- number of the version it shows
    current_since  INTEGER,
    changed_at     INTEGER, -- newest version first seen
    last_visit     INTEGER,
    last_ok        INTEGER,
    gone_at        INTEGER,
    signalled_at   INTEGER, -- when a feed last said that it was updated
    captures         INTEGER NOT NULL CHECK (captures >= 0), -- captures
    etag           TEXT    NOT NULL,
    last_modified  TEXT    NOT NULL,
    body           BLOB    CHECK (length(body) = 32),
    doubt_outcome  TEXT    NOT NULL,
    doubt_count    INTEGER NOT NULL CHECK (doubt_count >= 0),
    doubt_since    INTEGER,
    alternates     TEXT    NOT NULL, -- version numbers, ascending, with commas
    returns        INTEGER NOT NULL CHECK (returns >= 0), state_at INTEGER CHECK (state_at IS NOT NULL OR state NOT IN ('moved', 'blocked', 'paywalled')), held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0), trace_found REAL NOT NULL DEFAULT 0 CHECK (trace_found >= 0), trace_expected REAL NOT NULL DEFAULT 0 CHECK (trace_expected >= 0), streak INTEGER NOT NULL DEFAULT 0 CHECK (streak >= 0), signal TEXT NOT NULL DEFAULT '' CHECK (signal IN ('', 'feed', 'sitemap', 'title', 'push')), kind TEXT NOT NULL DEFAULT '' CHECK (kind IN ('', 'live')), reserved TEXT NOT NULL DEFAULT '', reserved_at INTEGER CHECK ((reserved = '') = (reserved_at IS NULL)), tdm_policy TEXT NOT NULL DEFAULT '' CHECK (tdm_policy = '' OR reserved LIKE '%tdm'), hidden_by_page INTEGER NOT NULL DEFAULT 0 CHECK (hidden_by_page IN (0, 1) AND (hidden_by_page = 0 OR hidden <> '')), -- sightings of the alternation
    CHECK ((state = 'gone') = (gone_at IS NOT NULL)),
    CHECK ((state = 'duplicate') = (duplicate_of IS NOT NULL)),
    CHECK (state <> 'duplicate' OR due IS NULL),
    CHECK (state <> 'live' OR versions > 0),
    CHECK (state <> 'new' OR versions = 0),
    CHECK ((versions > 0) = (current IS NOT NULL)),
    CHECK ((versions > 0) = (current_since IS NOT NULL)),
    CHECK ((versions > 0) = (changed_at IS NOT NULL)),
    CHECK (duplicate_of <> id)
) STRICT;

CREATE INDEX article_due ON article (host_id, source_id, due) WHERE due IS NOT NULL;

CREATE INDEX article_found ON article (source_id, found_at) WHERE versions > 0;

CREATE INDEX article_hidden ON article (id) WHERE hidden <> '';

CREATE INDEX article_ok ON article (source_id, last_ok) WHERE last_ok IS NOT NULL;

CREATE INDEX article_reserved ON article (source_id, reserved) WHERE reserved <> '';

CREATE INDEX article_source ON article (source_id, id) WHERE hidden = '';

CREATE INDEX article_source_state ON article (source_id, state, id) WHERE hidden = '';

CREATE INDEX article_state ON article (state, id) WHERE hidden = '';

CREATE VIRTUAL TABLE article_search USING fts5 (
    headline, former, stayed, added, removed, passed, facet,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 0 categories ''L* N* Co M*'''
);

CREATE TABLE baseline (
    article_id INTEGER PRIMARY KEY REFERENCES article (id),
    capture_id INTEGER NOT NULL REFERENCES capture (id),
    extractor  TEXT    NOT NULL,
    keys       BLOB    NOT NULL CHECK (length(keys) % 8 = 0)
, memory BLOB CHECK (length(memory) <= 65536), model TEXT NOT NULL DEFAULT '') STRICT;

CREATE INDEX baseline_capture ON baseline (capture_id);

CREATE TABLE blob_base (
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    base   BLOB NOT NULL CHECK (length(base) = 32 AND base <> digest),
    PRIMARY KEY (digest, base)
) STRICT, WITHOUT ROWID;

CREATE INDEX blob_base_base ON blob_base (base);

CREATE TABLE capture (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id  INTEGER NOT NULL REFERENCES article (id),
    url         TEXT    NOT NULL,
    final_url   TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    outcome     TEXT    NOT NULL CHECK (outcome IN ('ok', 'unchanged', 'gone', 'moved', 'soft-404', 'blocked',
        'consent', 'paywall', 'truncated', 'not-article', 'error')),
    reason      TEXT    NOT NULL,
    status      INTEGER NOT NULL,
    header      TEXT    NOT NULL,
    wire_size   INTEGER NOT NULL CHECK (wire_size >= 0),
    raw         BLOB    CHECK (length(raw) = 32),
    encoding    TEXT    NOT NULL,
    remote_addr TEXT    NOT NULL,
    extractor   TEXT    NOT NULL,
    shown       INTEGER REFERENCES version (id) -- version that it showed; NULL = none, or the one that names this capture
, model TEXT NOT NULL DEFAULT '', screenshot BLOB CHECK (length(screenshot) = 32)) STRICT;

CREATE INDEX capture_article ON capture (article_id, id);

CREATE INDEX capture_bytes ON capture (article_id, id) WHERE raw IS NOT NULL;

CREATE TRIGGER capture_is_never_altered BEFORE UPDATE ON capture BEGIN
    SELECT RAISE(ABORT, 'a capture is never altered');
END;

CREATE TRIGGER capture_is_never_deleted BEFORE DELETE ON capture BEGIN
    SELECT RAISE(ABORT, 'a capture is never deleted');
END;

CREATE INDEX capture_raw ON capture (raw) WHERE raw IS NOT NULL;

CREATE INDEX capture_screenshot ON capture (screenshot) WHERE screenshot IS NOT NULL;

CREATE TABLE change (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id    INTEGER NOT NULL REFERENCES article (id),
    type          TEXT    NOT NULL CHECK (type IN ('version', 'gone', 'returned', 'moved', 'blocked', 'paywalled')),
    version_id    INTEGER UNIQUE REFERENCES version (id),
    number        INTEGER NOT NULL,
    recorded_at   INTEGER NOT NULL,
    after_at      INTEGER,
    before_at     INTEGER NOT NULL,
    headline      INTEGER NOT NULL CHECK (headline IN (0, 1)),
    words_added   INTEGER NOT NULL CHECK (words_added >= 0),
    words_removed INTEGER NOT NULL CHECK (words_removed >= 0),
    silent        INTEGER NOT NULL CHECK (silent IN (0, 1)),
    note          TEXT    NOT NULL, grown INTEGER NOT NULL DEFAULT 0 CHECK (grown IN (0, 1) AND (grown = 0 OR type = 'version')), posts INTEGER NOT NULL DEFAULT 0 CHECK (posts >= 0),
    CHECK ((type = 'version') = (version_id IS NOT NULL)),
    CHECK (after_at IS NULL OR after_at < before_at)
) STRICT;

CREATE INDEX change_article ON change (article_id, seq);

CREATE TRIGGER change_is_never_altered BEFORE UPDATE ON change BEGIN
    SELECT RAISE(ABORT, 'a change is never altered');
END;

CREATE TRIGGER change_is_never_deleted BEFORE DELETE ON change BEGIN
    SELECT RAISE(ABORT, 'a change is never deleted');
END;

CREATE INDEX change_later ON change (version_id, article_id, number) WHERE number > 0;

CREATE TABLE cursor (
    name       TEXT    PRIMARY KEY NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    seq        INTEGER NOT NULL CHECK (seq >= 0),
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE curve (
    source_id  INTEGER NOT NULL CHECK (source_id >= 0),
    kind       TEXT    NOT NULL,
    section    TEXT    NOT NULL CHECK (length(section) <= 100),
    counts     BLOB    NOT NULL CHECK (length(counts) % 8 = 0),
    learned_at INTEGER NOT NULL,
    PRIMARY KEY (source_id, kind, section)
) STRICT, WITHOUT ROWID;

CREATE TABLE derived (
    version_id INTEGER PRIMARY KEY REFERENCES version (id),
    extractor  TEXT    NOT NULL,
    digest     BLOB    NOT NULL CHECK (length(digest) = 32),
    identity   BLOB    NOT NULL CHECK (length(identity) = 32),
    headline   TEXT    NOT NULL,
    words      INTEGER NOT NULL CHECK (words >= 0),
    encoding   INTEGER NOT NULL CHECK (encoding = 0),
    body       BLOB    NOT NULL,
    made_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE dictionary (
    id         INTEGER PRIMARY KEY CHECK (id > 0),
    language   TEXT    NOT NULL CHECK (length(language) <= 8), -- of the texts it is for; '' = all
    bytes      BLOB    NOT NULL CHECK (length(bytes) BETWEEN 1 AND 1048576),
    digest     BLOB    NOT NULL CHECK (length(digest) = 32),
    trained_at INTEGER NOT NULL,
    samples    INTEGER NOT NULL CHECK (samples > 0)
) STRICT;

CREATE TRIGGER dictionary_is_never_altered BEFORE UPDATE ON dictionary BEGIN
    SELECT RAISE(ABORT, 'a dictionary is never altered');
END;

CREATE TRIGGER dictionary_is_never_deleted BEFORE DELETE ON dictionary BEGIN
    SELECT RAISE(ABORT, 'a dictionary is never deleted');
END;

CREATE INDEX dictionary_language ON dictionary (language, id);

CREATE TABLE domain (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE,
    holder     TEXT    NOT NULL DEFAULT '',
    until      INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0,
    gap        INTEGER NOT NULL DEFAULT 0 CHECK (gap >= 0)
) STRICT;

CREATE TABLE dropped (
    digest     BLOB    PRIMARY KEY NOT NULL CHECK (length(digest) = 32),
    dropped_at INTEGER NOT NULL,
    why        TEXT    NOT NULL CHECK (why <> ''),
    gone       INTEGER NOT NULL CHECK (gone IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX dropped_waiting ON dropped (dropped_at) WHERE gone = 0;

CREATE TABLE event (
    id        INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES source (id),
    kind      TEXT    NOT NULL CHECK (kind IN ('template', 'alarm', 'outage')),
    subject   TEXT    NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
    note      TEXT    NOT NULL,
    articles  INTEGER NOT NULL CHECK (articles >= 0),
    first_at  INTEGER NOT NULL,
    last_at   INTEGER NOT NULL CHECK (last_at >= first_at),
    ended_at  INTEGER CHECK (ended_at >= last_at)
) STRICT;

CREATE UNIQUE INDEX event_open ON event (source_id, kind, subject) WHERE ended_at IS NULL;

CREATE INDEX event_source ON event (source_id, id);

CREATE TABLE feed (
    id            INTEGER PRIMARY KEY,
    source_id     INTEGER NOT NULL REFERENCES source (id),
    host_id       INTEGER NOT NULL REFERENCES host (id),
    url           TEXT    NOT NULL UNIQUE,
    title         TEXT    NOT NULL,
    format        TEXT    NOT NULL,
    period        INTEGER NOT NULL CHECK (period >= 0),
    due           INTEGER, -- NULL = paused
    etag          TEXT    NOT NULL,
    last_modified TEXT    NOT NULL,
    last_visit    INTEGER,
    last_ok       INTEGER,
    last_outcome  TEXT    NOT NULL CHECK (last_outcome IN ('', 'ok', 'unchanged', 'gone', 'moved', 'soft-404', 'blocked',
        'consent', 'paywall', 'truncated', 'not-article', 'error')),
    last_reason   TEXT    NOT NULL,
    failures      INTEGER NOT NULL CHECK (failures >= 0),
    entries       INTEGER NOT NULL CHECK (entries >= 0),
    created_at    INTEGER NOT NULL
, document_at INTEGER, slow REAL NOT NULL DEFAULT 0 CHECK (slow >= 0), hours REAL NOT NULL DEFAULT 0 CHECK (hours >= 0), fast REAL NOT NULL DEFAULT 0 CHECK (fast >= 0), fill INTEGER NOT NULL DEFAULT 0 CHECK (fill >= 0), in_window INTEGER NOT NULL DEFAULT 0 CHECK (in_window >= 0), listed BLOB CHECK (length(listed) <= 8000 AND length(listed) % 8 = 0), ttl INTEGER NOT NULL DEFAULT 0 CHECK (ttl >= 0), outrun_at INTEGER, hub TEXT NOT NULL DEFAULT '', topic TEXT NOT NULL DEFAULT '' CHECK ((hub = '') = (topic = ''))) STRICT;

CREATE INDEX feed_due ON feed (host_id, source_id, due) WHERE due IS NOT NULL;

CREATE INDEX feed_source ON feed (source_id);

CREATE TABLE filter (
    id        INTEGER PRIMARY KEY,
    source_id INTEGER REFERENCES source (id), -- NULL = all
    field     TEXT    NOT NULL CHECK (field IN ('url', 'title', 'category')),
    pattern   TEXT    NOT NULL,
    keep      INTEGER NOT NULL CHECK (keep IN (0, 1))
) STRICT;

CREATE INDEX filter_source ON filter (source_id);

CREATE TABLE gap (
    name TEXT    PRIMARY KEY NOT NULL,
    ids  INTEGER NOT NULL CHECK (ids >= 0)
) STRICT;

CREATE TABLE held (
    article_id INTEGER NOT NULL REFERENCES article (id),
    key        INTEGER NOT NULL,
    absent     INTEGER NOT NULL CHECK (absent IN (0, 1)),
    text       TEXT    NOT NULL,
    why        TEXT    NOT NULL,
    times      INTEGER NOT NULL CHECK (times > 0),
    first_at   INTEGER NOT NULL,
    last_at    INTEGER NOT NULL CHECK (last_at >= first_at),
    PRIMARY KEY (article_id, key, absent)
) STRICT, WITHOUT ROWID;

CREATE TABLE host (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 300),
    ready_at   INTEGER,          -- NULL = nothing due; while leased, when the lease runs out
    lease      TEXT,             -- token of the holder, NULL = free
    not_before INTEGER NOT NULL DEFAULT 0, lies INTEGER NOT NULL DEFAULT 0 CHECK (lies >= 0), honest INTEGER NOT NULL DEFAULT 0 CHECK (honest >= 0), rounds INTEGER NOT NULL DEFAULT 0, domain_id INTEGER REFERENCES domain (id), machine TEXT NOT NULL DEFAULT '', -- politeness: no visit before
    CHECK (lease IS NULL OR ready_at IS NOT NULL)
) STRICT;

CREATE INDEX host_domain ON host (domain_id) WHERE lease IS NOT NULL;

CREATE INDEX host_leased ON host (ready_at) WHERE lease IS NOT NULL;

CREATE INDEX host_lies ON host (id) WHERE lies > 0;

CREATE INDEX host_ready ON host (ready_at) WHERE ready_at IS NOT NULL;

CREATE INDEX host_resting ON host (not_before) WHERE lease IS NULL AND ready_at IS NOT NULL;

CREATE TABLE ignore_rule (
    id         INTEGER PRIMARY KEY,
    source_id  INTEGER REFERENCES source (id), -- NULL = all
    selector   TEXT    NOT NULL,
    pattern    TEXT    NOT NULL,
    note       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    CHECK (selector <> '' OR pattern <> '')
) STRICT;

CREATE INDEX ignore_rule_source ON ignore_rule (source_id);

CREATE TABLE import_article (
    origin     TEXT    NOT NULL CHECK (length(origin) BETWEEN 1 AND 32),
    old_id     TEXT    NOT NULL CHECK (length(old_id) BETWEEN 1 AND 200),
    source_id  INTEGER NOT NULL REFERENCES source (id),
    article_id INTEGER NOT NULL REFERENCES article (id),
    PRIMARY KEY (origin, old_id, source_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX import_article_article ON import_article (article_id);

CREATE TABLE import_position (
    origin   TEXT    NOT NULL CHECK (length(origin) BETWEEN 1 AND 32),
    file     BLOB    NOT NULL CHECK (length(file) = 32),
    name     TEXT    NOT NULL,
    position TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (origin, file)
) STRICT;

CREATE TABLE import_version (
    version_id INTEGER PRIMARY KEY REFERENCES version (id),
    origin     TEXT    NOT NULL CHECK (length(origin) BETWEEN 1 AND 32),
    old_id     TEXT    NOT NULL CHECK (length(old_id) <= 200),
    extra      TEXT    NOT NULL
) STRICT;

CREATE INDEX import_version_old ON import_version (origin, old_id) WHERE old_id <> '';

CREATE TABLE machine (
    token   TEXT    PRIMARY KEY NOT NULL CHECK (length(token) >= 26),
    name    TEXT    NOT NULL,
    seen_at INTEGER NOT NULL,
    until   INTEGER NOT NULL
) STRICT;

CREATE TABLE pulse (
    source_id INTEGER NOT NULL REFERENCES source (id),
    hour      INTEGER NOT NULL CHECK (hour % 3600000000 = 0),
    visits    INTEGER NOT NULL CHECK (visits >= 0),
    seen      INTEGER NOT NULL CHECK (seen >= 0),
    read      INTEGER NOT NULL CHECK (read >= 0),
    empty     INTEGER NOT NULL CHECK (empty BETWEEN 0 AND read),
    blocked   INTEGER NOT NULL CHECK (blocked >= 0),
    failed    INTEGER NOT NULL CHECK (failed >= 0),
    changes   INTEGER NOT NULL CHECK (changes >= 0),
    words     INTEGER NOT NULL CHECK (words >= 0),
    bins      TEXT    NOT NULL,
    furniture REAL    NOT NULL CHECK (furniture >= 0),
    PRIMARY KEY (source_id, hour)
) STRICT, WITHOUT ROWID;

CREATE INDEX pulse_hour ON pulse (hour);

CREATE TABLE recurrence (
    source_id  INTEGER NOT NULL REFERENCES source (id),
    key        INTEGER NOT NULL,
    articles   INTEGER NOT NULL CHECK (articles > 0),
    article_id INTEGER NOT NULL REFERENCES article (id),
    seen_at    INTEGER NOT NULL,
    PRIMARY KEY (source_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX recurrence_article ON recurrence (article_id);

CREATE INDEX recurrence_once ON recurrence (seen_at) WHERE articles = 1;

CREATE TABLE request (
    id           INTEGER PRIMARY KEY,
    url          TEXT    NOT NULL,
    host_id      INTEGER NOT NULL REFERENCES host (id),
    name         TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
    result       TEXT    NOT NULL,
    requested_at INTEGER NOT NULL,
    done_at      INTEGER,
    due          INTEGER,
    CHECK ((state = 'pending') = (due IS NOT NULL)),
    CHECK ((state = 'pending') = (done_at IS NULL))
) STRICT;

CREATE INDEX request_due ON request (host_id, due) WHERE due IS NOT NULL;

CREATE UNIQUE INDEX request_pending ON request (url) WHERE state = 'pending';

CREATE TABLE search_language (language TEXT PRIMARY KEY NOT NULL CHECK (length(language) <= 3)) STRICT;

CREATE TABLE seen (
    version_id INTEGER PRIMARY KEY REFERENCES version (id),
    first_at   INTEGER NOT NULL,
    last_at    INTEGER NOT NULL CHECK (last_at >= first_at),
    sightings  INTEGER NOT NULL CHECK (sightings > 0)
) STRICT;

CREATE TABLE source (
    id         INTEGER PRIMARY KEY,
    key        TEXT    NOT NULL UNIQUE CHECK (length(key) BETWEEN 1 AND 64),
    name       TEXT    NOT NULL,
    home       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
, render TEXT NOT NULL DEFAULT '' CHECK (render IN ('', 'dom', 'screenshot')), budget REAL CHECK (budget > 0), keep_raw INTEGER CHECK (keep_raw > 0)) STRICT;

CREATE TABLE subscription (
    id          INTEGER PRIMARY KEY,
    feed_id     INTEGER UNIQUE REFERENCES feed (id),
    host_id     INTEGER NOT NULL REFERENCES host (id),
    hub         TEXT    NOT NULL CHECK (hub <> ''),
    topic       TEXT    NOT NULL CHECK (topic <> ''),
    base        TEXT    NOT NULL CHECK (base <> ''),
    token       TEXT    NOT NULL UNIQUE CHECK (length(token) >= 26),
    secret      TEXT    NOT NULL CHECK (length(secret) BETWEEN 26 AND 199),
    state       TEXT    NOT NULL CHECK (state IN ('asked', 'verified', 'denied', 'leaving')),
    due         INTEGER,
    tries       INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
    reason      TEXT    NOT NULL DEFAULT '' CHECK (length(reason) <= 300),
    asked_at    INTEGER,
    verified_at INTEGER,
    since       INTEGER,
    expires     INTEGER,
    pushes      INTEGER NOT NULL DEFAULT 0 CHECK (pushes >= 0),
    pushed_at   INTEGER,
    woken_at    INTEGER,
    unheeded    INTEGER NOT NULL DEFAULT 0 CHECK (unheeded IN (0, 1)),
    CHECK ((state = 'leaving') = (feed_id IS NULL)),
    CHECK ((state = 'verified') = (expires IS NOT NULL)),
    CHECK ((state = 'verified') = (since IS NOT NULL))
) STRICT;

CREATE INDEX subscription_due ON subscription (host_id, due) WHERE due IS NOT NULL;

CREATE TABLE tally (
    source_id   INTEGER PRIMARY KEY REFERENCES source (id),
    feeds       INTEGER NOT NULL DEFAULT 0,
    articles    INTEGER NOT NULL DEFAULT 0,
    versioned   INTEGER NOT NULL DEFAULT 0, -- articles with at least one version
    versions    INTEGER NOT NULL DEFAULT 0,
    changes     INTEGER NOT NULL DEFAULT 0, -- without first versions
    gone        INTEGER NOT NULL DEFAULT 0, -- articles that are gone now
    last_visit  INTEGER,
    last_ok     INTEGER,
    last_change INTEGER
, held INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE version (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL REFERENCES article (id),
    source_id  INTEGER NOT NULL REFERENCES source (id), -- of the article: lists by source need no join
    number     INTEGER NOT NULL CHECK (number >= 0),
    capture_id INTEGER NOT NULL UNIQUE REFERENCES capture (id),
    digest     BLOB    NOT NULL CHECK (length(digest) = 32),
    identity   BLOB    NOT NULL CHECK (length(identity) = 32),
    headline   TEXT    NOT NULL,
    words      INTEGER NOT NULL CHECK (words >= 0),
    extractor  TEXT    NOT NULL,
    encoding   INTEGER NOT NULL CHECK (encoding IN (0, 1, 2)),
    body       BLOB    NOT NULL, dictionary INTEGER REFERENCES dictionary (id) CHECK ((dictionary IS NOT NULL) = (encoding = 1)),
    UNIQUE (article_id, number)
) STRICT;

CREATE INDEX version_changed ON version (source_id, id, article_id, number) WHERE number > 0;

CREATE TRIGGER version_is_never_altered BEFORE UPDATE ON version BEGIN
    SELECT RAISE(ABORT, 'a version is never altered');
END;

CREATE TRIGGER version_is_never_deleted BEFORE DELETE ON version BEGIN
    SELECT RAISE(ABORT, 'a version is never deleted');
END;

CREATE INDEX version_source ON version (source_id, id, article_id);
