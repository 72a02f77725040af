package store

import (
	"context"
	"fmt"

	"stet/internal/news"
)

// MaxKey is the longest key of a source, in characters.
const MaxKey = 64

// AddSource adds a source. When one of that key is there it is given back
// unchanged. The key must be lower-case letters, digits, "-", "." or "_", because
// addresses of pages have it.
func (s *Store) AddSource(ctx context.Context, src news.Source) (news.Source, error) {
	op := fmt.Sprintf("add source %q", src.Key)
	if !goodKey(src.Key) {
		return src, fmt.Errorf("%s: want 1 to %d of a-z, 0-9, '-', '.', '_'", op, MaxKey)
	}
	err := s.write(ctx, op, func(t *tx) (err error) {
		src, err = t.addSource(ctx, src)
		return err
	})
	return src, err
}

func (t *tx) addSource(ctx context.Context, src news.Source) (news.Source, error) {
	_, err := t.ExecContext(ctx, `INSERT INTO source (key, name, home, render, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (key) DO NOTHING`, src.Key, src.Name, src.Home, src.Render, micros(t.now))
	if err != nil {
		return src, err
	}
	src, err = one(ctx, t, scanSource, `SELECT `+sourceColumns+` FROM source s WHERE s.key = $1`, src.Key)
	if err != nil {
		return src, err
	}
	_, err = t.ExecContext(ctx, `INSERT INTO tally (source_id) VALUES ($1) ON CONFLICT (source_id) DO NOTHING`, src.ID)
	return src, err
}

func goodKey(key string) bool {
	for _, r := range key {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '.' && r != '_' {
			return false
		}
	}
	return key != "" && len(key) <= MaxKey
}

const sourceColumns = `s.id, s.key, s.name, s.home, s.render, coalesce(s.budget, 0), coalesce(s.keep_raw, 0), s.created_at`

func sourceInto(s *news.Source) []any {
	return []any{&s.ID, &s.Key, &s.Name, &s.Home, &s.Render, &s.Budget, lasting{&s.KeepRaw}, when{&s.CreatedAt}}
}

func scanSource(r row) (s news.Source, err error) {
	return s, r.Scan(sourceInto(&s)...)
}

const sourceRowColumns = sourceColumns + `, y.feeds, y.articles, y.versions, y.changes, y.gone, y.held,
	y.last_visit, y.last_ok, y.last_change,
	(SELECT count(*) FROM feed f WHERE f.source_id = s.id AND f.failures > 0)`

func scanSourceRow(r row) (s SourceRow, err error) {
	return s, r.Scan(append(sourceInto(&s.Source), &s.Feeds, &s.Articles, &s.Versions, &s.Changes, &s.Gone, &s.Held,
		when{&s.LastVisit}, when{&s.LastOK}, when{&s.LastChange}, &s.Failing)...)
}

// Sources lists all sources by key.
func (s *Store) Sources(ctx context.Context) (rows []SourceRow, err error) {
	err = s.read(ctx, "sources", func(t *tx) (err error) {
		rows, err = list(ctx, t, scanSourceRow, `SELECT `+sourceRowColumns+` FROM source s JOIN tally y ON y.source_id = s.id ORDER BY s.key`)
		return err
	})
	return rows, err
}

// Source gives the source of that key; ErrNotFound when there is none.
func (s *Store) Source(ctx context.Context, key string) (src SourceRow, err error) {
	err = s.read(ctx, fmt.Sprintf("source %q", key), func(t *tx) (err error) {
		src, err = one(ctx, t, scanSourceRow, `SELECT `+sourceRowColumns+` FROM source s JOIN tally y ON y.source_id = s.id WHERE s.key = $1`, key)
		return err
	})
	return src, err
}

// SetRender says how a browser is used for the pages of a source: "" not at all,
// "dom" to read what scripts have made of them, "screenshot" to keep a picture
// besides. ErrNotFound when there is no such source.
func (s *Store) SetRender(ctx context.Context, key, mode string) error {
	return s.write(ctx, fmt.Sprintf("set render of source %q to %q", key, mode), func(t *tx) error {
		return t.exec(ctx, `UPDATE source SET render = $2 WHERE key = $1`, key, mode)
	})
}

// SetBudget says how many visits an hour the articles of a source may have, at most
// news.MaxBudget; 0 = as many as are polite. ErrNotFound when there is no such source.
func (s *Store) SetBudget(ctx context.Context, key string, perHour float64) error {
	op := fmt.Sprintf("set budget of source %q", key)
	if !(perHour >= 0 && perHour <= news.MaxBudget) {
		return fmt.Errorf("%s: %v visits an hour: want 0 to %v", op, perHour, float64(news.MaxBudget))
	}
	var budget any
	if perHour > 0 {
		budget = perHour
	}
	return s.write(ctx, op, func(t *tx) error {
		return t.exec(ctx, `UPDATE source SET budget = $2 WHERE key = $1`, key, budget)
	})
}
