package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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
//     identity, headline, words made anew from it), and what it was encoded with, its capture, its entry in
//     the log and a sane seen window; two that follow each other differ;
//   - bodies and pictures that captures name are there and have their digests;
//   - derived texts are what their digests say;
//   - appraisals are of changes of a text, and their kinds are known;
//   - the counts of articles and sources are true;
//   - no follower has read past the end of the log.
//
// What it finds is in the Report; the error is for what kept it from looking.
// progress may be nil.
func (s *Store) Verify(ctx context.Context, progress Progress) (Report, error) {
	v := &verifier{s: s, progress: progress, report: Report{Checked: make(map[string]int)}}
	err := s.read(ctx, "verify", func(t *tx) error {
		v.tx = t
		for _, check := range []func(context.Context) error{v.database, v.measure, v.rules, v.gaps, v.dictionaries, v.versions, v.derived, v.appraisals, v.blobs} {
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
	sound       map[int64]*dictionary // by number
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
	if v.s.d.foreignKeys == "" { // the database keeps its word by itself
		return nil
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
	return v.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM version) + (SELECT count(*) FROM dictionary) + (SELECT count(*) FROM derived) + (SELECT count(*) FROM appraisal) +
		(SELECT count(*) FROM (SELECT raw FROM capture WHERE raw IS NOT NULL UNION SELECT screenshot FROM capture WHERE screenshot IS NOT NULL) AS b)`).Scan(&v.total)
}

// blobs reads every body and picture that a capture names, and counts those that none names:
// a crash between blob and row leaves such, and they do no harm.
func (v *verifier) blobs(ctx context.Context) error {
	named, err := v.blobsNamed(ctx)
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
	if v.s.d.search.check == "" {
		return nil
	}
	if _, err := t.ExecContext(ctx, v.s.d.search.check); err != nil {
		if ctx.Err() != nil {
			return err
		}
		v.problem("search: %v", err)
	}
	return nil
}
