-- The search index holds what became of each sentence, in words that are made
-- before they come here. It is made anew by its follower.

-- +goose Up

DROP TABLE IF EXISTS article_search;

-- One row for each article that has a version and is not hidden. Weights of
-- title: A headline, B former, D marks by which queries are narrowed; of body: A
-- stayed, B added, C removed, D passed. No text search configuration is used.
CREATE TABLE article_search (
    article_id BIGINT   PRIMARY KEY,
    title      TSVECTOR NOT NULL,
    body       TSVECTOR NOT NULL
);
CREATE INDEX article_search_words ON article_search USING gin (title, body);

-- Languages with stems of their own, '' for all others, of which the index holds
-- or held a text.
CREATE TABLE search_language (language TEXT PRIMARY KEY CHECK (length(language) <= 3));

UPDATE cursor SET seq = 0 WHERE name = 'search';
