package store

import (
	"context"
	"fmt"
	"strings"

	"stet/internal/news"
)

// formatReserved and parseReserved are the form of a list of reservations.
func formatReserved(r news.Reserved) string {
	names := make([]string, len(r.What))
	for i, one := range r.What {
		names[i] = string(one)
	}
	return strings.Join(names, ",")
}

func parseReserved(s string) (what []news.Reservation) {
	for name := range strings.SplitSeq(s, ",") {
		if name != "" {
			what = append(what, news.Reservation(name))
		}
	}
	return what
}

// A reservedList scans what formatReserved wrote.
type reservedList struct{ what *[]news.Reservation }

// Scan implements sql.Scanner.
func (l reservedList) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("reservations: %T in the database", v)
	}
	*l.what = parseReserved(s)
	return nil
}

// recordReserved keeps what the page reserves, and whether readers may see the
// article for it. What a person hid stays hidden, for that person's reason.
func (t *tx) recordReserved(ctx context.Context, v Visit) error {
	if r := v.Reserved; r != nil {
		kept := news.Reserves(r.What, r.Policy)
		err := t.exec(ctx, `UPDATE article SET reserved = $2, tdm_policy = $3,
			reserved_at = CASE WHEN $2 = '' THEN NULL WHEN $2 = reserved THEN reserved_at ELSE $4 END WHERE id = $1`,
			v.ArticleID, formatReserved(kept), kept.Policy, micros(v.Capture.At))
		if err != nil {
			return err
		}
	}
	if v.Withhold == nil {
		return nil
	}
	res, err := t.ExecContext(ctx, `UPDATE article SET hidden = $2, hidden_by_page = CASE WHEN $2 = '' THEN 0 ELSE 1 END
		WHERE id = $1 AND (hidden = '' OR hidden_by_page = 1) AND hidden <> $2`, v.ArticleID, *v.Withhold)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return t.index(ctx, v.ArticleID) // at once, as in Hide
}

// reservedCounts takes source.
const reservedCounts = `SELECT reserved, count(*) FROM article WHERE source_id = $1 AND reserved <> '' GROUP BY reserved`

// Reservations counts the articles of a source by what their pages reserve; an
// article that reserves several things counts for each.
func (s *Store) Reservations(ctx context.Context, sourceID int64) (counts map[news.Reservation]int, err error) {
	type group struct {
		what []news.Reservation
		n    int
	}
	scan := func(r row) (g group, err error) { return g, r.Scan(reservedList{&g.what}, &g.n) }
	err = s.read(ctx, fmt.Sprintf("reservations of source %d", sourceID), func(t *tx) error {
		counts = map[news.Reservation]int{}
		groups, err := list(ctx, t, scan, reservedCounts, sourceID)
		for _, g := range groups {
			for _, one := range g.what {
				counts[one] += g.n
			}
		}
		return err
	})
	return counts, err
}
