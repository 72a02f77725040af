package store

import (
	"context"
	"slices"
)

// rules are the promises that SQL can check: each gives the rows that break it.
var rules = []string{
	`SELECT 'article ' || a.id || ': counts ' || a.versions || ' versions, has ' || (SELECT count(*) FROM version v WHERE v.article_id = a.id)
		FROM article a WHERE a.versions <> (SELECT count(*) FROM version v WHERE v.article_id = a.id)`,
	`SELECT 'article ' || a.id || ': counts ' || a.captures || ' captures, has ' || (SELECT count(*) FROM capture c WHERE c.article_id = a.id)
		FROM article a WHERE a.captures <> (SELECT count(*) FROM capture c WHERE c.article_id = a.id)`,
	`SELECT 'article ' || a.id || ': its headline is not that of version ' || v.number
		FROM article a JOIN version v ON v.article_id = a.id AND v.number = a.current WHERE v.headline <> a.headline`,
	`SELECT 'article ' || a.id || ': changed at another time than its newest version was first seen'
		FROM article a JOIN version v ON v.article_id = a.id AND v.number = a.versions - 1 JOIN seen n ON n.version_id = v.id
		WHERE n.first_at <> a.changed_at`,
	`SELECT 'article ' || a.id || ': gone since another time than its state began'
		FROM article a WHERE a.state = 'gone' AND coalesce(a.state_at, 0) <> a.gone_at`,
	`SELECT 'article ' || a.id || ': has no address' FROM article a
		WHERE a.state <> 'duplicate' AND NOT EXISTS (SELECT 1 FROM address d WHERE d.article_id = a.id)`,
	`SELECT 'version ' || n.version_id || ': counts ' || n.sightings || ' sightings, captures showed it ' || (1 + coalesce(k.n, 0)) || ' times'
		FROM seen n LEFT JOIN (SELECT shown, count(*) AS n FROM capture WHERE shown IS NOT NULL GROUP BY shown) AS k ON k.shown = n.version_id
		WHERE n.sightings <> 1 + coalesce(k.n, 0)`,
	`SELECT 'capture ' || c.id || ': showed a version of another article' FROM capture c JOIN version v ON v.id = c.shown
		WHERE v.article_id <> c.article_id`,
	`SELECT 'capture ' || c.id || ': showed a version that is not there' FROM capture c
		WHERE c.shown IS NOT NULL AND NOT EXISTS (SELECT 1 FROM version v WHERE v.id = c.shown)`,
	`SELECT 'article ' || a.id || ': a duplicate of one that is not there' FROM article a
		WHERE a.duplicate_of IS NOT NULL AND NOT EXISTS (SELECT 1 FROM article b WHERE b.id = a.duplicate_of)`,
	`SELECT 'change ' || c.seq || ': its bounds are the wrong way round' FROM change c WHERE c.after_at >= c.before_at`,
	`SELECT 'cursor ' || k.name || ': at ' || k.seq || ', past the end of the change log' FROM cursor k
		WHERE k.seq > (SELECT coalesce(max(seq), 0) FROM change)`,
	`SELECT 'source ' || s.key || ': its counts are not true' FROM source s LEFT JOIN tally y ON y.source_id = s.id
		WHERE y.source_id IS NULL
		OR y.feeds <> (SELECT count(*) FROM feed f WHERE f.source_id = s.id)
		OR y.articles <> (SELECT count(*) FROM article a WHERE a.source_id = s.id)
		OR y.versioned <> (SELECT count(*) FROM article a WHERE a.source_id = s.id AND a.versions > 0)
		OR y.gone <> (SELECT count(*) FROM article a WHERE a.source_id = s.id AND a.state = 'gone')
		OR y.versions <> (SELECT count(*) FROM version v WHERE v.source_id = s.id)
		OR y.changes <> (SELECT count(*) FROM change c JOIN article a ON a.id = c.article_id
			WHERE a.source_id = s.id AND (c.type <> 'version' OR c.number > 0) AND c.grown = 0)
		OR y.held <> (SELECT coalesce(sum(a.held), 0) FROM article a WHERE a.source_id = s.id)`,
	`SELECT 'article ' || a.id || ': counts ' || a.held || ' blocks held back, has ' || (SELECT count(*) FROM held h WHERE h.article_id = a.id)
		FROM article a WHERE a.held < (SELECT count(*) FROM held h WHERE h.article_id = a.id)`,
}

func (v *verifier) rules(ctx context.Context) error {
	for _, rule := range slices.Concat(rules, searchRules(v.s.d.search.id)) {
		found, err := list(ctx, v.tx, scanText, rule)
		if err != nil {
			return err
		}
		for _, text := range found {
			v.problem("%s", text)
		}
	}
	for what, query := range map[string]string{
		"sources": `SELECT count(*) FROM source`, "articles": `SELECT count(*) FROM article`,
		"captures": `SELECT count(*) FROM capture`, "changes": `SELECT count(*) FROM change`,
		"cursors": `SELECT count(*) FROM cursor`, "search rows": `SELECT count(*) FROM article_search`,
	} {
		n, err := v.id(ctx, query)
		if err != nil {
			return err
		}
		v.report.Checked[what] = int(n)
	}
	return nil
}

// gaps looks for rows that were taken away: ids are given without gaps, because
// a transaction that fails gives its ids back. PostgreSQL's does not, but for the
// change log, which numbers itself; there the counts of articles tell of others.
func (v *verifier) gaps(ctx context.Context) error {
	tables := map[string]string{"capture": "id", "version": "id", "change": "seq"}
	if v.s.d.given == "" {
		tables = map[string]string{"change": "seq"}
	}
	for table, id := range tables {
		var n, last int64
		err := v.QueryRowContext(ctx, `SELECT count(*), coalesce(max(`+id+`), 0) FROM `+table).Scan(&n, &last)
		if err != nil {
			return err
		}
		given := last
		if v.s.d.given != "" {
			if given, err = v.id(ctx, v.s.d.given, table); err != nil {
				return err
			}
		}
		skipped, err := v.id(ctx, `SELECT coalesce(sum(ids), 0) FROM gap WHERE name = $1`, table)
		if err != nil {
			return err
		}
		if n+skipped != given || last != given {
			v.problem("%s: %d rows, the last is %d, but %d were recorded", table, n, last, given)
		}
	}
	return nil
}
