package store

import (
	"context"
	"fmt"

	"stet/internal/news"
)

const ignoreColumns = `id, coalesce(source_id, 0), selector, pattern, note, created_at`

func scanIgnore(r row) (g news.Ignore, err error) {
	return g, r.Scan(&g.ID, &g.SourceID, &g.Selector, &g.Pattern, &g.Note, when{&g.CreatedAt})
}

// AddIgnore adds a rule that keeps blocks out of articles, when it passes its
// Check. Whether its selector can be read, who uses it finds out.
func (s *Store) AddIgnore(ctx context.Context, g news.Ignore) (added news.Ignore, err error) {
	if err := g.Check(); err != nil {
		return g, fmt.Errorf("add ignore rule: %w", err)
	}
	err = s.write(ctx, "add ignore rule", func(t *tx) (err error) {
		added, err = one(ctx, t, scanIgnore, `INSERT INTO ignore_rule (source_id, selector, pattern, note, created_at)
			VALUES ($1, $2, $3, $4, $5) RETURNING `+ignoreColumns, optional(g.SourceID), g.Selector, g.Pattern, g.Note, micros(t.now))
		return err
	})
	return added, err
}

// RemoveIgnore removes a rule. Versions that were recorded under it stay as they
// are.
func (s *Store) RemoveIgnore(ctx context.Context, id int64) error {
	return s.write(ctx, fmt.Sprintf("remove ignore rule %d", id), func(t *tx) error {
		return t.exec(ctx, `DELETE FROM ignore_rule WHERE id = $1`, id)
	})
}

// Ignores lists the rules that hold for a source, those of all sources among
// them, in the order in which they were added; for 0 those of all sources alone.
func (s *Store) Ignores(ctx context.Context, sourceID int64) (rules []news.Ignore, err error) {
	err = s.read(ctx, fmt.Sprintf("ignore rules of source %d", sourceID), func(t *tx) (err error) {
		rules, err = list(ctx, t, scanIgnore, `SELECT `+ignoreColumns+` FROM ignore_rule
			WHERE source_id IS NULL OR source_id = $1 ORDER BY id`, sourceID)
		return err
	})
	return rules, err
}
