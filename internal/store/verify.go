package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"stet/internal/news"
)

// MaxProblems is the most problems that a Report lists.
const MaxProblems = 1000

// Verify checks every promise of the package on one state of the store:
//
//   - the database file is sound, every reference leads somewhere, the search
//     index is sound and has a row for each article that should have one;
//   - nothing is missing from the change log, the versions, the captures;
//   - versions are numbered from 0 without gaps; each has its text (digest,
//     identity, headline, words made anew from it), its capture, its entry in
//     the log and a sane seen window; two that follow each other differ;
//   - bodies that captures name are there and have their digests;
//   - the counts of articles and sources are true;
//   - no follower has read past the end of the log.
//
// What it finds is in the Report; the error is for what kept it from looking.
// progress may be nil.
func (s *Store) Verify(ctx context.Context, progress Progress) (Report, error) {
	v := &verifier{s: s, progress: progress, report: Report{Checked: make(map[string]int)}}
	err := s.read(ctx, "verify", func(t *tx) error {
		v.tx = t
		for _, check := range []func(context.Context) error{v.database, v.measure, v.rules, v.gaps, v.versions, v.blobs} {
			if err := check(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = s.write(ctx, "verify", func(t *tx) error { return v.search(ctx, t) })
	}
	return v.report, err
}

type verifier struct {
	*tx
	s           *Store
	progress    Progress
	done, total int
	report      Report
}

func (v *verifier) problem(format string, args ...any) {
	if len(v.report.Problems) < MaxProblems {
		v.report.Problems = append(v.report.Problems, fmt.Sprintf(format, args...))
	}
}

// step counts one thing as checked.
func (v *verifier) step(what string) {
	v.report.Checked[what]++
	v.done++
	if v.progress != nil {
		v.progress(v.done, v.total)
	}
}

func scanText(r row) (s string, err error) { return s, r.Scan(&s) }

// database asks the database about itself.
func (v *verifier) database(ctx context.Context) error {
	for _, q := range v.s.d.integrity {
		found, err := list(ctx, v.tx, scanText, q)
		if err != nil {
			return err
		}
		for _, text := range found {
			if text != "ok" {
				v.problem("database: %s", text)
			}
		}
	}
	type reference struct {
		table  string
		row    sql.NullInt64
		parent string
		number int
	}
	broken, err := list(ctx, v.tx, func(r row) (f reference, err error) {
		return f, r.Scan(&f.table, &f.row, &f.parent, &f.number)
	}, v.s.d.foreignKeys)
	for _, f := range broken {
		v.problem("%s %d: names a row of %s that is not there", f.table, f.row.Int64, f.parent)
	}
	return err
}

// measure counts the work, for the progress.
func (v *verifier) measure(ctx context.Context) error {
	return v.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM version) + (SELECT count(DISTINCT raw) FROM capture WHERE raw IS NOT NULL)`).Scan(&v.total)
}

// rules are the promises that SQL can check: each gives the rows that break it.
var rules = []string{
	`SELECT 'article ' || a.id || ': counts ' || a.versions || ' versions, has ' || (SELECT count(*) FROM version v WHERE v.article_id = a.id)
		FROM article a WHERE a.versions <> (SELECT count(*) FROM version v WHERE v.article_id = a.id)`,
	`SELECT 'article ' || a.id || ': counts ' || a.checks || ' captures, has ' || (SELECT count(*) FROM capture c WHERE c.article_id = a.id)
		FROM article a WHERE a.checks <> (SELECT count(*) FROM capture c WHERE c.article_id = a.id)`,
	`SELECT 'article ' || a.id || ': its headline is not that of version ' || v.number
		FROM article a JOIN version v ON v.article_id = a.id AND v.number = a.current WHERE v.headline <> a.headline`,
	`SELECT 'article ' || a.id || ': changed at another time than its newest version was first seen'
		FROM article a JOIN version v ON v.article_id = a.id AND v.number = a.versions - 1 JOIN seen n ON n.version_id = v.id
		WHERE n.first_at <> a.changed_at`,
	`SELECT 'article ' || a.id || ': has no address' FROM article a
		WHERE a.state <> 'duplicate' AND NOT EXISTS (SELECT 1 FROM address d WHERE d.article_id = a.id)`,
	`SELECT 'version ' || n.version_id || ': counts ' || n.sightings || ' sightings, captures showed it ' || (1 + coalesce(k.n, 0)) || ' times'
		FROM seen n LEFT JOIN (SELECT shown, count(*) AS n FROM capture WHERE shown IS NOT NULL GROUP BY shown) AS k ON k.shown = n.version_id
		WHERE n.sightings <> 1 + coalesce(k.n, 0)`,
	`SELECT 'capture ' || c.id || ': showed a version of another article' FROM capture c JOIN version v ON v.id = c.shown
		WHERE v.article_id <> c.article_id`,
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
			WHERE a.source_id = s.id AND (c.type <> 'version' OR c.number > 0))`,
	`SELECT 'search: no row for article ' || a.id FROM article a WHERE a.versions > 0 AND length(a.hidden) = 0
		AND EXISTS (SELECT 1 FROM change c JOIN cursor k ON k.name = 'search' AND c.seq <= k.seq
			WHERE c.article_id = a.id AND c.type = 'version')
		AND a.id NOT IN (SELECT rowid FROM article_search)`,
	`SELECT 'search: a row for ' || rowid || ', which is no article that may be found' FROM article_search
		WHERE rowid NOT IN (SELECT id FROM article WHERE versions > 0 AND length(hidden) = 0)`,
}

func (v *verifier) rules(ctx context.Context) error {
	for _, rule := range rules {
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
// a transaction that fails gives its ids back.
func (v *verifier) gaps(ctx context.Context) error {
	for table, id := range map[string]string{"capture": "id", "version": "id", "change": "seq"} {
		given, err := v.id(ctx, v.s.d.given, table)
		if err != nil {
			return err
		}
		var n, last int64
		err = v.QueryRowContext(ctx, `SELECT count(*), coalesce(max(`+id+`), 0) FROM `+table).Scan(&n, &last)
		if err != nil {
			return err
		}
		if n != given || last != given {
			v.problem("%s: %d rows, the last is %d, but %d were recorded", table, n, last, given)
		}
	}
	return nil
}

// A verifyRow is a version with its neighbours.
type verifyRow struct {
	id, articleID, sourceID int64
	number, words           int
	digest, identity        news.Digest
	headline                string
	encoding                int
	body                    []byte
	captureOf, seq          int64 // article of the capture; place in the log; 0 = none
	changeOf                int64
	changeNumber            int
	articleSource           int64
	first, last             time.Time
	at                      time.Time // of the capture
	same                    bool      // text as the version before it
}

const verifyVersions = `SELECT v.id, v.article_id, v.source_id, v.number, v.words, v.digest, v.identity, v.headline, v.encoding, v.body,
	coalesce(k.article_id, 0), k.at, coalesce(c.seq, 0), coalesce(c.article_id, 0), coalesce(c.number, -1), coalesce(a.source_id, 0),
	n.first_at, n.last_at,
	coalesce(p.identity = v.identity, 0)
	FROM version v LEFT JOIN capture k ON k.id = v.capture_id LEFT JOIN change c ON c.version_id = v.id
	LEFT JOIN article a ON a.id = v.article_id LEFT JOIN seen n ON n.version_id = v.id
	LEFT JOIN version p ON p.article_id = v.article_id AND p.number = v.number - 1
	ORDER BY v.article_id, v.number`

func scanVerifyRow(r row) (x verifyRow, err error) {
	return x, r.Scan(&x.id, &x.articleID, &x.sourceID, &x.number, &x.words, bytes32{(*[32]byte)(&x.digest)}, bytes32{(*[32]byte)(&x.identity)},
		&x.headline, &x.encoding, &x.body, &x.captureOf, when{&x.at}, &x.seq, &x.changeOf, &x.changeNumber, &x.articleSource,
		when{&x.first}, when{&x.last}, &x.same)
}

// versions reads every version anew.
func (v *verifier) versions(ctx context.Context) error {
	rows, err := v.QueryContext(ctx, verifyVersions)
	if err != nil {
		return err
	}
	defer rows.Close()
	article, next := int64(0), 0
	for rows.Next() {
		x, err := scanVerifyRow(rows)
		if err != nil {
			return err
		}
		if x.articleID != article {
			article, next = x.articleID, 0
		}
		if x.number != next {
			v.problem("article %d: version %d where %d should be", article, x.number, next)
		}
		next = x.number + 1
		v.version(x)
		v.step("versions")
	}
	return rows.Err()
}

func (v *verifier) version(x verifyRow) {
	say := func(what string) {
		v.problem("version %d (article %d, number %d): %s", x.id, x.articleID, x.number, what)
	}
	switch {
	case x.captureOf == 0:
		say("its capture is missing")
	case x.captureOf != x.articleID:
		say("its capture is of another article")
	case !x.first.Equal(x.at):
		say("first seen at another time than its capture")
	}
	switch {
	case x.seq == 0:
		say("no entry in the change log")
	case x.changeOf != x.articleID || x.changeNumber != x.number:
		say("its entry in the change log is of another version")
	}
	if x.sourceID != x.articleSource {
		say("of another source than its article")
	}
	if x.first.IsZero() || x.last.Before(x.first) {
		say("no sane seen window")
	}
	if x.same {
		say("the same text as the version before it")
	}
	c, err := v.s.decodeContent(x.encoding, x.body, x.digest)
	if err != nil {
		say(err.Error())
		return
	}
	switch {
	case news.Sum(c.Canonical()) != x.digest:
		say("its text serialised anew has another digest")
	case c.Identity() != x.identity:
		say("its text has another identity")
	case c.Headline != x.headline:
		say("its headline is not that of its text")
	case words(c) != x.words:
		say("its count of words is not true")
	}
}

// blobs reads every body that a capture names, and counts those that none names:
// a crash between blob and row leaves such, and they do no harm.
func (v *verifier) blobs(ctx context.Context) error {
	named, err := list(ctx, v.tx, func(r row) (d news.Digest, err error) { return d, r.Scan(bytes32{(*[32]byte)(&d)}) },
		`SELECT DISTINCT raw FROM capture WHERE raw IS NOT NULL`)
	if err != nil {
		return err
	}
	known := make(map[news.Digest]bool, len(named))
	for _, d := range named {
		if err := ctx.Err(); err != nil {
			return err
		}
		known[d] = true
		if _, err := v.s.readBlob(d); errors.Is(err, ErrNotFound) {
			v.problem("blob %s: missing", d)
		} else if err != nil {
			v.problem("blob %s: %v", d, err)
		}
		v.step("blobs")
	}
	return v.s.eachBlob(func(_ string, d news.Digest) error {
		if !known[d] {
			v.report.Checked["orphan blobs"]++
		}
		return nil
	})
}

// search lets the full-text index check itself, which counts as a write.
func (v *verifier) search(ctx context.Context, t *tx) error {
	if _, err := t.ExecContext(ctx, v.s.d.checkSearch); err != nil {
		if ctx.Err() != nil {
			return err
		}
		v.problem("search: %v", err)
	}
	return nil
}
