package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"stet/internal/news"
)

// Limits of appraisals.
const (
	MaxAppraisals   = 1000     // most that one call of PutAppraisals takes
	MaxFindingBytes = 64 << 10 // of the findings of one as JSON, before they are compressed; the last ones are left out beyond
)

// A Basis is what appraisals are made by: appraisals of another basis are out of
// date, and made anew from the beginning of the change log.
type Basis struct {
	Rules   int    // number of the rules, from 1
	Weights string // short digest of the weights
}

// appraisalCursor begins the names of the cursors of the follower that appraises.
const appraisalCursor = "appraisal/"

// Cursor is the name of the cursor of the follower that works on this basis.
func (b Basis) Cursor() string { return fmt.Sprintf("%s%d/%s", appraisalCursor, b.Rules, b.Weights) }

// An Appraised is a change with what it means.
type Appraised struct {
	Seq       int64 // of the change, which is of a version with a number above 0
	Appraisal news.Appraisal
}

// BeginAppraisals makes a basis the one that holds: its follower goes on where it
// was, or begins at the beginning of the log, and those of other bases are
// forgotten. Appraisals of another basis stay until they are made anew.
func (s *Store) BeginAppraisals(ctx context.Context, b Basis) error {
	return s.write(ctx, "begin appraisals", func(t *tx) error {
		_, err := t.ExecContext(ctx, `DELETE FROM cursor WHERE substr(name, 1, $1) = $2 AND name <> $3`, len(appraisalCursor), appraisalCursor, b.Cursor())
		if err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, `INSERT INTO cursor (name, seq, updated_at) VALUES ($1, 0, $2) ON CONFLICT (name) DO NOTHING`, b.Cursor(), micros(t.now))
		return err
	})
}

// PutAppraisals keeps appraisals, each in place of an earlier one, and notes that
// the follower on that basis has read up to seq; all or nothing. ErrConflict when
// another basis has begun meanwhile, ErrNotFound when a change is not there or not
// of a version with a number above 0.
func (s *Store) PutAppraisals(ctx context.Context, b Basis, seq int64, list []Appraised) error {
	op := fmt.Sprintf("put %d appraisals", len(list))
	if len(list) > MaxAppraisals {
		return fmt.Errorf("%s: more than %d", op, MaxAppraisals)
	}
	ready := make([]written, len(list)) // what takes long is done before the database is locked
	for i, a := range list {
		var err error
		if ready[i], err = s.written(a.Appraisal); err != nil {
			return fmt.Errorf("%s: change %d: %w", op, a.Seq, err)
		}
	}
	return s.write(ctx, op, func(t *tx) error {
		n, err := t.id(ctx, `SELECT count(*) FROM cursor WHERE name = $1`, b.Cursor())
		if err == nil && n == 0 {
			err = fmt.Errorf("%w: appraisals are made by other rules or weights now", ErrConflict)
		}
		if err != nil {
			return err
		}
		for i, a := range list {
			if err := t.putAppraisal(ctx, b, a, ready[i]); err != nil {
				return fmt.Errorf("change %d: %w", a.Seq, err)
			}
		}
		return t.setCursor(ctx, b.Cursor(), seq)
	})
}

// written are findings and reasons as they stand in the database.
type written struct {
	findings []byte
	reasons  string
}

func (s *Store) written(a news.Appraisal) (w written, err error) {
	findings, err := findingsJSON(a.Findings)
	if err != nil {
		return w, err
	}
	reasons, err := json.Marshal(some(a.Reasons))
	return written{s.enc.EncodeAll(findings, nil), string(reasons)}, err
}

// unwritten reads what written wrote.
func (s *Store) unwritten(w written, a *news.Appraisal) error {
	findings, err := s.dec.DecodeAll(w.findings, nil)
	if err != nil {
		return fmt.Errorf("findings: %w", err)
	}
	return errors.Join(json.Unmarshal(findings, &a.Findings), json.Unmarshal([]byte(w.reasons), &a.Reasons))
}

func (t *tx) putAppraisal(ctx context.Context, b Basis, a Appraised, w written) error {
	x := a.Appraisal
	return t.exec(ctx, `INSERT INTO appraisal (seq, rules, weights, language, kinds, significance, trivial, disclosure, appraised_at, reasons, findings)
		SELECT c.seq, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM change c WHERE c.seq = $1 AND c.type = 'version' AND c.number > 0
		ON CONFLICT (seq) DO UPDATE SET rules = excluded.rules, weights = excluded.weights, language = excluded.language,
			kinds = excluded.kinds, significance = excluded.significance, trivial = excluded.trivial, disclosure = excluded.disclosure,
			appraised_at = excluded.appraised_at, reasons = excluded.reasons, findings = excluded.findings`,
		a.Seq, b.Rules, b.Weights, x.Language, joinKinds(x.Kinds), x.Significance, bit(x.Trivial), string(x.Disclosure), micros(t.now),
		w.reasons, w.findings)
}

// some is the list, or an empty one in place of none, so that JSON has [].
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// findingsJSON writes findings, as many as there is room for.
func findingsJSON(findings []news.Finding) ([]byte, error) {
	out := []byte{'['}
	for i, f := range findings {
		one, err := json.Marshal(f)
		if err != nil {
			return nil, err
		}
		if len(out)+len(one)+2 > MaxFindingBytes {
			break
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, one...)
	}
	return append(out, ']'), nil
}

func joinKinds(kinds []news.Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ",")
}

func splitKinds(s string) []news.Kind {
	kinds := []news.Kind{}
	for name := range strings.SplitSeq(s, ",") {
		if name != "" {
			kinds = append(kinds, news.Kind(name))
		}
	}
	return kinds
}

// briefColumns are an appraisal without its findings and reasons; all NULL where
// there is none.
const briefColumns = `p.rules, p.language, p.kinds, p.significance, p.trivial, p.disclosure`

// A brief scans briefColumns.
type brief struct {
	rules, trivial              *int
	language, kinds, disclosure *string
	significance                *float64
}

func (b *brief) into() []any {
	return []any{&b.rules, &b.language, &b.kinds, &b.significance, &b.trivial, &b.disclosure}
}

// appraisal is nil where there was none.
func (b *brief) appraisal() *news.Appraisal {
	if b.rules == nil {
		return nil
	}
	return &news.Appraisal{
		Rules: *b.rules, Language: *b.language, Kinds: splitKinds(*b.kinds), Significance: *b.significance,
		Trivial: *b.trivial != 0, Disclosure: news.Disclosure(*b.disclosure),
	}
}

// Appraisal gives what the change that made a version means, with findings and
// reasons; ErrNotFound when it was not appraised yet, or never will be.
func (s *Store) Appraisal(ctx context.Context, versionID int64) (a news.Appraisal, err error) {
	scan := func(r row) (news.Appraisal, error) {
		var b brief
		var w written
		if err := r.Scan(append(b.into(), &w.findings, &w.reasons)...); err != nil {
			return news.Appraisal{}, err
		}
		a := *b.appraisal()
		return a, s.unwritten(w, &a)
	}
	err = s.read(ctx, fmt.Sprintf("appraisal of version %d", versionID), func(t *tx) (err error) {
		a, err = one(ctx, t, scan, `SELECT `+briefColumns+`, p.findings, p.reasons
			FROM change c JOIN appraisal p ON p.seq = c.seq WHERE c.version_id = $1`, versionID)
		return err
	})
	return a, err
}

// ArticleAppraisals gives the appraisals of an article's changes, without findings
// and reasons, by the number of the version.
func (s *Store) ArticleAppraisals(ctx context.Context, id int64) (map[int]news.Appraisal, error) {
	// A map, because a change that is not appraised yet has no place in it.
	all := map[int]news.Appraisal{}
	scan := func(r row) (int, error) {
		var b brief
		var n int
		err := r.Scan(append(b.into(), &n)...)
		if err == nil {
			all[n] = *b.appraisal()
		}
		return n, err
	}
	err := s.read(ctx, fmt.Sprintf("appraisals of article %d", id), func(t *tx) error {
		_, err := list(ctx, t, scan, `SELECT `+briefColumns+`, c.number FROM change c JOIN appraisal p ON p.seq = c.seq WHERE c.article_id = $1`, id)
		return err
	})
	return all, err
}

// appraisals checks that every appraisal is of a change that can have one, and can be
// read.
func (v *verifier) appraisals(ctx context.Context) error {
	type line struct {
		seq   int64
		of    bool
		kinds string
		written
	}
	rows, err := list(ctx, v.tx, func(r row) (x line, err error) {
		return x, r.Scan(&x.seq, &x.of, &x.kinds, &x.findings, &x.reasons)
	}, `SELECT p.seq, CASE WHEN c.type = 'version' AND c.number > 0 THEN 1 ELSE 0 END, p.kinds, p.findings, p.reasons
		FROM appraisal p LEFT JOIN change c ON c.seq = p.seq ORDER BY p.seq`)
	for _, x := range rows {
		if !x.of {
			v.problem("appraisal %d: of no change of a text", x.seq)
		}
		if what := misnamed(splitKinds(x.kinds)); what != "" {
			v.problem("appraisal %d: %s", x.seq, what)
		}
		if err := v.s.unwritten(x.written, &news.Appraisal{}); err != nil {
			v.problem("appraisal %d: %v", x.seq, err)
		}
		v.step("appraisals")
	}
	return err
}

// misnamed says what is wrong with kinds; nothing when all are known and in order.
func misnamed(kinds []news.Kind) string {
	last := -1
	for _, k := range kinds {
		at := slices.Index(news.Kinds, k)
		if at < 0 {
			return "unknown kind " + string(k)
		}
		if at <= last {
			return "kind " + string(k) + " is out of order"
		}
		last = at
	}
	return ""
}
