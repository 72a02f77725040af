package store

import (
	"context"
	"fmt"

	"stet/internal/news"
)

// AddFilter adds a filter that passes its Check.
func (s *Store) AddFilter(ctx context.Context, f news.Filter) (news.Filter, error) {
	if err := f.Check(); err != nil {
		return f, fmt.Errorf("add filter: %w", err)
	}
	err := s.write(ctx, "add filter", func(t *tx) (err error) {
		f.ID, err = t.id(ctx, `INSERT INTO filter (source_id, field, pattern, keep) VALUES ($1, $2, $3, $4) RETURNING id`,
			optional(f.SourceID), f.Field, f.Pattern, bit(f.Keep))
		return err
	})
	return f, err
}

// Filters lists all filters in the order in which they were added.
func (s *Store) Filters(ctx context.Context) (filters []news.Filter, err error) {
	scan := func(r row) (f news.Filter, err error) {
		return f, r.Scan(&f.ID, &f.SourceID, &f.Field, &f.Pattern, &f.Keep)
	}
	err = s.read(ctx, "filters", func(t *tx) (err error) {
		filters, err = list(ctx, t, scan, `SELECT id, coalesce(source_id, 0), field, pattern, keep FROM filter ORDER BY id`)
		return err
	})
	return filters, err
}

// RemoveFilter removes a filter.
func (s *Store) RemoveFilter(ctx context.Context, id int64) error {
	return s.write(ctx, fmt.Sprintf("remove filter %d", id), func(t *tx) error {
		return t.exec(ctx, `DELETE FROM filter WHERE id = $1`, id)
	})
}
