-- Divides the table version of a PostgreSQL store (15 and newer) into 16 parts by
-- a hash of article_id. To be run once, with psql -1 -v ON_ERROR_STOP=1, while
-- nothing else uses the store; it copies the table, so there must be room for it
-- twice. docs/scale.md says when it is worth it and what it changes:
--
--   * all versions of an article are in one part, so UNIQUE (article_id, number)
--     stands, and a chain of differences is read from one part;
--   * id is no key by itself any more, for a unique index of a divided table must
--     hold what it is divided by. One sequence gives all ids, so they stay
--     unique; version_id finds them, by one look into each part;
--   * references by (article_id, id) take the place of those by id where the
--     referring table has both (change, capture); where it has not (seen, derived
--     and others), the reference goes, and "stet verify" alone sees to it.

ALTER TABLE version RENAME TO version_whole;

CREATE TABLE version (LIKE version_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)
    PARTITION BY HASH (article_id);

DO $$
DECLARE
    parts CONSTANT INTEGER := 16;
    ids TEXT := pg_get_serial_sequence('version_whole', 'id');
    r RECORD;
BEGIN
    FOR i IN 0..parts - 1 LOOP
        EXECUTE format('CREATE TABLE version_%s PARTITION OF version FOR VALUES WITH (MODULUS %s, REMAINDER %s)', i, parts, i);
    END LOOP;
    INSERT INTO version SELECT * FROM version_whole;

    -- What referred to the whole table, as it was before.
    CREATE TEMPORARY TABLE referring ON COMMIT DROP AS
        SELECT c.conrelid::regclass AS tab, c.conname AS name, a.attname AS col,
            EXISTS (SELECT 1 FROM pg_attribute b WHERE b.attrelid = c.conrelid AND b.attname = 'article_id' AND NOT b.attisdropped) AS both_known
        FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND c.confrelid = 'version_whole'::regclass;
    FOR r IN SELECT * FROM referring LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', r.tab, r.name);
    END LOOP;

    -- What the whole table referred to.
    FOR r IN SELECT conname, pg_get_constraintdef(oid) AS def FROM pg_constraint
        WHERE contype = 'f' AND conrelid = 'version_whole'::regclass LOOP
        EXECUTE format('ALTER TABLE version ADD CONSTRAINT %I %s', r.conname, r.def);
    END LOOP;
    FOR r IN SELECT pg_get_triggerdef(oid) AS def FROM pg_trigger
        WHERE tgrelid = 'version_whole'::regclass AND NOT tgisinternal LOOP
        EXECUTE replace(r.def, 'version_whole', 'version');
    END LOOP;

    -- The ids go on where they were.
    CREATE SEQUENCE version_ids AS BIGINT OWNED BY version.id;
    PERFORM setval('version_ids', coalesce((SELECT max(id) FROM version), 0) + 1, false);
    ALTER TABLE version ALTER COLUMN id SET DEFAULT nextval('version_ids');
END $$;

DROP TABLE version_whole;

ALTER TABLE version ADD PRIMARY KEY (article_id, id);
ALTER TABLE version ADD UNIQUE (article_id, number);
ALTER TABLE version ADD UNIQUE (article_id, capture_id);
CREATE INDEX version_id ON version (id);
CREATE INDEX version_capture ON version (capture_id);
CREATE INDEX version_source ON version (source_id, id);

DO $$
DECLARE
    r RECORD;
BEGIN
    FOR r IN SELECT * FROM referring WHERE both_known LOOP
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (article_id, %I) REFERENCES version (article_id, id)', r.tab, r.name, r.col);
    END LOOP;
END $$;
