-- A feed's own pace, learned from its polls.

-- +goose Up

-- A period of 0 is the pace that is learned. The CHECK constraint is edited in
-- place, as in 00002, and for the same reasons; the guard fails the migration when
-- the text was not what it should be.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (period > 0)', 'CHECK (period >= 0)') WHERE type = 'table' AND name = 'feed';
PRAGMA writable_schema = RESET;
CREATE TABLE migration_guard (edited INTEGER CHECK (edited = 1)) STRICT;
INSERT INTO migration_guard SELECT count(*) FROM sqlite_schema
    WHERE type = 'table' AND name = 'feed' AND sql LIKE '%CHECK (period >= 0)%';
DROP TABLE migration_guard;

-- slow, fast: new entries per hour, of the last weeks and of the last hour.
-- hours: of watching that slow rests on, 0 = none yet. fill: shortest time in
-- which a part of the window was seen to fill, 0 = never. in_window: how many of the
-- entries listed were in the last document. listed: what names them, hashed to
-- 8 bytes each. ttl: how long a copy may stand by the document's own word.
-- outrun_at: when the window was last seen to be outrun.
ALTER TABLE feed ADD COLUMN slow REAL NOT NULL DEFAULT 0 CHECK (slow >= 0);
ALTER TABLE feed ADD COLUMN hours REAL NOT NULL DEFAULT 0 CHECK (hours >= 0);
ALTER TABLE feed ADD COLUMN fast REAL NOT NULL DEFAULT 0 CHECK (fast >= 0);
ALTER TABLE feed ADD COLUMN fill INTEGER NOT NULL DEFAULT 0 CHECK (fill >= 0);
ALTER TABLE feed ADD COLUMN in_window INTEGER NOT NULL DEFAULT 0 CHECK (in_window >= 0);
ALTER TABLE feed ADD COLUMN listed BLOB CHECK (length(listed) <= 8000 AND length(listed) % 8 = 0);
ALTER TABLE feed ADD COLUMN ttl INTEGER NOT NULL DEFAULT 0 CHECK (ttl >= 0);
ALTER TABLE feed ADD COLUMN outrun_at INTEGER;

-- Ten minutes were the default and could not be told from a wish: such feeds
-- learn their pace from now on. Any other period was somebody's word, and stays.
UPDATE feed SET period = 0 WHERE period = 600000000;
