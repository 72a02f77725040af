package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A tx is a transaction with its clock: all that it writes bears one time.
type tx struct {
	*sql.Tx
	s   *Store
	now time.Time            // UTC, whole microseconds
	hot map[string]*sql.Stmt // compiled statements, by their text
}

// tries is how often a transaction is run that others, at the same time, keep
// from committing.
const tries = 10

// write runs f in a transaction that may write, and names the operation in the
// error. f may be run more than once: all that it leaves outside it sets anew.
func (s *Store) write(ctx context.Context, op string, f func(*tx) error) (err error) {
	if s.joint != nil {
		return s.joint.run(ctx, op, f)
	}
	for range tries {
		if err = s.run(ctx, s.writer, s.d.write, s.hotWrite, f); err == nil || !s.d.again(err) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// read runs f on one consistent state of the database.
func (s *Store) read(ctx context.Context, op string, f func(*tx) error) error {
	if s.joint != nil {
		return s.joint.run(ctx, op, f)
	}
	if err := s.run(ctx, s.reader, s.d.read, s.hotRead, f); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

func (s *Store) run(ctx context.Context, db *sql.DB, o *sql.TxOptions, hot map[string]*sql.Stmt, f func(*tx) error) error {
	t, err := db.BeginTx(ctx, o)
	if err != nil {
		return err
	}
	defer t.Rollback() // does nothing after Commit
	// The clock is read after the wait for the write lock: times follow the
	// order of transactions.
	if err = f(&tx{t, s, s.now().UTC().Truncate(time.Microsecond), hot}); err == nil {
		err = t.Commit()
	}
	return err
}

// exec runs a statement that must meet a row; ErrNotFound when it does not.
func (t *tx) exec(ctx context.Context, query string, args ...any) error {
	res, err := t.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// id runs a statement that returns one number.
func (t *tx) id(ctx context.Context, query string, args ...any) (int64, error) {
	return one(ctx, t, func(r row) (n int64, err error) { return n, r.Scan(&n) }, query, args...)
}

// A row is what a scan function reads: *sql.Row or *sql.Rows.
type row interface{ Scan(dest ...any) error }

// one reads a single row; ErrNotFound when there is none.
func one[T any](ctx context.Context, t *tx, scan func(row) (T, error), query string, args ...any) (T, error) {
	v, err := scan(t.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return v, err
}

// list reads all rows.
func list[T any](ctx context.Context, t *tx, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// micros is the form of a time in the database: microseconds since 1970 UTC;
// NULL for the zero time and for what lies outside the years 1 to 9999, which
// only the clocks of publishers show.
func micros(t time.Time) any {
	if t.IsZero() || t.UTC().Year() < 1 || t.UTC().Year() > 9999 {
		return nil
	}
	return t.UnixMicro()
}

// A when scans what micros wrote.
type when struct{ t *time.Time }

// Scan implements sql.Scanner.
func (w when) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*w.t = time.Time{}
	case int64:
		*w.t = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("time: %T in the database", v)
	}
	return nil
}

// A lasting scans microseconds.
type lasting struct{ d *time.Duration }

// Scan implements sql.Scanner.
func (l lasting) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("duration: %T in the database", v)
	}
	*l.d = time.Duration(n) * time.Microsecond
	return nil
}

// A bytes32 scans a digest; NULL is the zero digest.
type bytes32 struct{ d *[32]byte }

// Scan implements sql.Scanner.
func (b bytes32) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*b.d = [32]byte{}
		return nil
	case []byte:
		if len(v) == len(b.d) {
			copy(b.d[:], v)
			return nil
		}
	}
	return fmt.Errorf("digest: %T in the database", v)
}

// blob32 is the form of a digest in the database.
func blob32(d [32]byte) any {
	if d == [32]byte{} {
		return nil
	}
	return d[:]
}

// optional is NULL for 0, the absent id.
func optional(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// bit is the form of a truth value in the database.
func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// plain is a text as every database takes it: valid UTF-8 without NUL. What stands
// in the text of a version is in its body, and there untouched.
func plain(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// plainArgs makes the texts among the parameters plain.
func plainArgs(args []any) []any {
	for i, a := range args {
		if s, ok := a.(string); ok {
			if p := plain(s); p != s {
				args = slices.Clone(args)
				args[i] = p
			}
		}
	}
	return args
}
