-- Texts as chains of differences, and trained dictionaries for those that begin one.

-- +goose Up

-- Written into frames by its number, so never altered and never deleted.
CREATE TABLE dictionary (
    id         BIGINT PRIMARY KEY CHECK (id > 0),
    language   TEXT   NOT NULL CHECK (length(language) <= 8), -- of the texts it is for; '' = all
    bytes      BYTEA  NOT NULL CHECK (length(bytes) BETWEEN 1 AND 1048576),
    digest     BYTEA  NOT NULL CHECK (length(digest) = 32),
    trained_at BIGINT NOT NULL,
    samples    BIGINT NOT NULL CHECK (samples > 0)
);
CREATE INDEX dictionary_language ON dictionary (language, id);

-- +goose StatementBegin
CREATE FUNCTION dictionary_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a dictionary is never %', CASE TG_OP WHEN 'DELETE' THEN 'deleted' ELSE 'altered' END;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER dictionary_is_never_altered BEFORE UPDATE ON dictionary FOR EACH ROW EXECUTE FUNCTION dictionary_is_never_changed();
CREATE TRIGGER dictionary_is_never_deleted BEFORE DELETE ON dictionary FOR EACH ROW EXECUTE FUNCTION dictionary_is_never_changed();

-- encoding: 0 = zstd frame, 1 = zstd frame that needs dictionary, 2 = zstd frame
-- that needs the canonical form of the version before as raw dictionary.
ALTER TABLE version DROP CONSTRAINT version_encoding_check;
ALTER TABLE version ADD CONSTRAINT version_encoding_check CHECK (encoding IN (0, 1, 2));
ALTER TABLE version ADD COLUMN dictionary BIGINT REFERENCES dictionary (id) CHECK ((dictionary IS NOT NULL) = (encoding = 1));
