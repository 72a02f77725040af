-- The search index holds what became of each sentence, in words that are made
-- before they come here. It is made anew by its follower.

-- +goose Up

DROP TABLE article_search;

-- One row for each article that has a version and is not hidden. The fields are
-- those of search.Fields; facet holds marks by which queries are narrowed (see
-- searchdialect.go). The tokenizer takes the words apart at the spaces between
-- them, and does no more.
CREATE VIRTUAL TABLE article_search USING fts5 (
    headline, former, stayed, added, removed, passed, facet,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 0 categories ''L* N* Co M*'''
);

-- Languages with stems of their own, '' for all others, of which the index holds
-- or held a text.
CREATE TABLE search_language (language TEXT PRIMARY KEY NOT NULL CHECK (length(language) <= 3)) STRICT;

UPDATE cursor SET seq = 0 WHERE name = 'search';
