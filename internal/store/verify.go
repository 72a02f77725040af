package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"stet/internal/blob"
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
//   - bodies and pictures that captures name are there and have their digests, or
//     were given up by a rule that allows it;
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

// maxSilent is how many blobs in a row a place may fail to give, for no fault of
// theirs, before the rest is not asked for.
const maxSilent = 10

// blobs reads every body and picture that a capture names, and counts those that none names:
// a crash between blob and row leaves such, and they do no harm.
func (v *verifier) blobs(ctx context.Context) error {
	named, err := v.blobsNamed(ctx)
	if err != nil {
		return err
	}
	known := make(map[news.Digest]bool, len(named))
	silent := 0
	for _, d := range named {
		if known[d] = true; silent == maxSilent {
			continue
		}
		err := v.blob(ctx, d)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		silent++
		if err == nil {
			silent = 0
		}
		if silent == maxSilent {
			v.problem("blobs: %d in a row cannot be read; the rest was not looked at", silent)
		}
		v.step("blobs")
	}
	err = v.s.blobs.Each(ctx, func(_ string, d news.Digest) error {
		if !known[d] {
			v.report.Checked["orphan blobs"]++
		}
		return nil
	})
	if err != nil && ctx.Err() == nil {
		v.problem("blobs: %v", err)
	}
	return errors.Join(ctx.Err(), v.droppedFirst(ctx))
}

// blob reads one; the error is one of its place.
func (v *verifier) blob(ctx context.Context, d news.Digest) error {
	_, err := v.s.Blob(ctx, d)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrDropped):
		v.report.Checked["blobs given up"]++
		return nil
	case errors.Is(err, ErrNotFound):
		v.problem("blob %s: missing", d)
		return nil
	}
	v.problem("%v", err)
	if errors.Is(err, blob.ErrDamaged) || errors.Is(err, blob.ErrTooLarge) {
		return nil
	}
	return err
}

// droppedFirst looks for bytes of first versions that were given up, which no rule
// allows.
func (v *verifier) droppedFirst(ctx context.Context) error {
	found, err := list(ctx, v.tx, scanDigest, `SELECT d.digest FROM dropped d JOIN capture c ON c.raw = d.digest JOIN version v ON v.capture_id = c.id
		WHERE d.gone = 1 AND v.number = 0`)
	for _, d := range found {
		v.problem("blob %s: given up, and it is that of a first version", d)
	}
	return err
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
