-- Lists by key: each filter of a list has an index in the order of the list, so that
-- a page is a walk of a page's length, however little fits the filter.

-- +goose Up

-- With the article, which tells whether readers may see the version; with the number,
-- without which SQLite would look into the row for it.
DROP INDEX version_source;
CREATE INDEX version_source ON version (source_id, id, article_id);
CREATE INDEX version_changed ON version (source_id, id, article_id, number) WHERE number > 0;

-- Lists of all sources are read off the change log.
CREATE INDEX change_later ON change (version_id, article_id, number) WHERE number > 0;

CREATE INDEX article_source_state ON article (source_id, state, id) WHERE hidden = '';

-- By source and time found, those that have a version: the health of sources.
DROP INDEX article_found;
CREATE INDEX article_found ON article (source_id, found_at) WHERE versions > 0;
