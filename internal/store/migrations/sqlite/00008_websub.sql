-- Subscriptions of feeds at WebSub hubs.

-- +goose Up

-- hub, topic: as the feed's document or its response named them last.
ALTER TABLE feed ADD COLUMN hub TEXT NOT NULL DEFAULT '';
ALTER TABLE feed ADD COLUMN topic TEXT NOT NULL DEFAULT '' CHECK ((hub = '') = (topic = ''));

-- host_id: of the hub, which is asked under the lease of its host when due. base:
-- public address of this instance that the hub was given. tries: requests since
-- the hub last confirmed one. since: pushes have been promised since then. woken_at:
-- when a push last made the feed due, or will. unheeded: no good document has come
-- of the feed since the last push. Without a feed it is being given up.
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
