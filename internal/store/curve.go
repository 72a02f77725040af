package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
)

// A Curve is what the learned policy knows of a group of articles:
// see schedule.Counts.
type Curve struct {
	SourceID      int64 // 0 = of all sources
	Kind, Section string
	Counts        []float64
}

// Curves lists all that was learned.
func (s *Store) Curves(ctx context.Context) (curves []Curve, err error) {
	scan := func(r row) (c Curve, err error) {
		var counts []byte
		if err = r.Scan(&c.SourceID, &c.Kind, &c.Section, &counts); err != nil {
			return c, err
		}
		for ; len(counts) >= 8; counts = counts[8:] {
			c.Counts = append(c.Counts, math.Float64frombits(binary.BigEndian.Uint64(counts)))
		}
		return c, nil
	}
	err = s.read(ctx, "curves", func(t *tx) (err error) {
		curves, err = list(ctx, t, scan, `SELECT source_id, kind, section, counts FROM curve ORDER BY source_id, kind, section`)
		return err
	})
	return curves, err
}

// PutCurves keeps curves, in the place of what was kept of their groups.
func (s *Store) PutCurves(ctx context.Context, curves []Curve) error {
	if len(curves) == 0 {
		return nil
	}
	return s.write(ctx, "keep curves", func(t *tx) error {
		for _, c := range curves {
			var counts []byte
			for _, n := range c.Counts {
				counts = binary.BigEndian.AppendUint64(counts, math.Float64bits(n))
			}
			_, err := t.ExecContext(ctx, `INSERT INTO curve (source_id, kind, section, counts, learned_at) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (source_id, kind, section) DO UPDATE SET counts = excluded.counts, learned_at = excluded.learned_at`,
				c.SourceID, c.Kind, c.Section, counts, micros(t.now))
			if err != nil {
				return fmt.Errorf("source %d, section %q: %w", c.SourceID, c.Section, err)
			}
		}
		return nil
	})
}
