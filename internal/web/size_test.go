package web

import (
	"database/sql"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"stet/internal/store"
)

// sizeOf asks for TestPagesAtSize: go test ./internal/web -run AtSize -v -articles 100000
var sizeOf = flag.Int("articles", 0, "measure pages over a store of that many articles, with four versions each")

// A heap is a store that was filled by SQL: copies of one article of four versions,
// the versions of all in turn. Source s2 has half of them, s3 may not be shown.
type heap struct {
	*desk
	db                *sql.DB
	articles, sources int
}

// newHeap adds to the article of each number a source, one for every hundred.
func newHeap(t testing.TB, articles int) *heap {
	h := &heap{desk: newDesk(t, nil), articles: articles, sources: max(4, articles/100)}
	src := h.source("template", "The Template")
	id := h.found("template", src, "https://template.example.org/news/ferry")
	for n := range 4 {
		h.see(id, text2content("en", "The ferry to Port Amber", "From our correspondent",
			strings.Repeat("The ferry was late again, said the harbour master. ", 40), fmt.Sprint("It came at ", n, " o'clock.")), n == 2)
		h.wait(time.Hour)
	}
	var err error
	h.db, err = sql.Open("sqlite", "file:"+filepath.Join(h.dir, "stet.db")+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)")
	h.must(err)
	t.Cleanup(func() { h.db.Close() })
	h.fill()
	return h
}

// exec runs a statement of the filling.
func (h *heap) exec(query string) {
	h.t.Helper()
	if _, err := h.db.Exec(query); err != nil {
		h.t.Fatalf("%s: %v", query, err)
	}
}

// copies adds n copies of the row of that id; k counts them from 1, and columns that
// differ are given as SQL.
func (h *heap) copies(table, key string, id, n int, columns map[string]string) {
	h.t.Helper()
	rows, err := h.db.Query(`SELECT name FROM pragma_table_info('` + table + `')`)
	h.must(err)
	defer rows.Close()
	var names, values []string
	for rows.Next() {
		var name string
		h.must(rows.Scan(&name))
		value, ok := columns[name]
		if !ok {
			value = "t." + name
		}
		names, values = append(names, name), append(values, value)
	}
	h.exec(fmt.Sprintf(`WITH RECURSIVE s (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s WHERE k < %d)
		INSERT INTO %s (%s) SELECT %s FROM s CROSS JOIN (SELECT * FROM %s WHERE %s = %d) t`,
		n, table, strings.Join(names, ", "), strings.Join(values, ", "), table, key, id))
}

// fill writes the copies. Hosts and sources have the ids 2 and up, articles too.
func (h *heap) fill() {
	of := fmt.Sprintf("CASE WHEN k %% 2 = 0 THEN 2 ELSE 2 + k / 2 %% %d END", h.sources)
	h.copies("source", "id", 1, h.sources, map[string]string{"id": "k + 1", "key": "'s' || (k + 1)", "name": "'Source ' || (k + 1)"})
	h.copies("host", "id", 1, h.sources, map[string]string{"id": "k + 1", "name": "'h' || (k + 1) || '.example.org'"})
	h.copies("article", "id", 1, h.articles, map[string]string{"id": "k + 1", "source_id": of, "host_id": of,
		"url":      "'https://h.example.org/' || k",
		"hidden":   "CASE WHEN k % 1000 = 0 OR " + of + " = 3 THEN 'law' ELSE '' END",
		"found_at": fmt.Sprintf("t.found_at - (%d - k) * 1000000", h.articles), "due": "t.due + k * 1000000"})
	for n := range 4 {
		next := fmt.Sprintf("%d + k", 4+n*h.articles)
		h.copies("capture", "id", n+1, h.articles, map[string]string{"id": next, "article_id": "k + 1"})
		h.copies("version", "id", n+1, h.articles, map[string]string{"id": next, "article_id": "k + 1", "capture_id": next, "source_id": of})
		h.copies("seen", "version_id", n+1, h.articles, map[string]string{"version_id": next})
		h.copies("change", "seq", n+1, h.articles, map[string]string{"seq": next, "article_id": "k + 1", "version_id": next})
	}
	h.exec(`INSERT INTO tally (source_id, articles, versioned, versions, changes, last_visit) SELECT source_id, count(*), count(*), 4 * count(*), 3 * count(*), max(last_visit)
		FROM article WHERE source_id > 1 GROUP BY source_id`)
}

// TestPagesAtSize measures what readers ask for, where little of it was asked for before.
func TestPagesAtSize(t *testing.T) {
	if *sizeOf == 0 {
		t.Skip("skipped: not asked for, see -articles")
	}
	h := newHeap(t, *sizeOf)
	any := func(format string, n int) func() error {
		return func() error {
			rec, path := httptest.NewRecorder(), fmt.Sprintf(format, 2+rand.IntN(n))
			if h.h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil)); rec.Code >= 500 {
				return fmt.Errorf("%s = %d", path, rec.Code)
			}
			return nil
		}
	}
	page := func() store.Page { return store.Page{Size: ListSize, Before: 2 + rand.Int64N(4*int64(h.articles))} }
	versions := func(q store.VersionQuery) func() error {
		return func() error { q.Page = page(); _, _, err := h.store.VersionList(t.Context(), q); return err }
	}
	asks := map[string]func() error{
		"store: versions": versions(store.VersionQuery{}), "store: changes": versions(store.VersionQuery{ChangedOnly: true}),
		"store: versions of s2": versions(store.VersionQuery{SourceKey: "s2"}), "store: changes of s4": versions(store.VersionQuery{SourceKey: "s4", ChangedOnly: true}),
		"store: versions of s3, hidden": versions(store.VersionQuery{SourceKey: "s3"}),
		"store: articles": func() error {
			_, _, err := h.store.ArticleList(t.Context(), store.ArticleQuery{Page: page()})
			return err
		},
		"store: totals":       func() error { _, err := h.store.Totals(t.Context()); return err },
		"store: lag":          func() error { _, _, err := h.store.Lag(t.Context()); return err },
		"store: bounds of s2": func() error { _, _, err := h.store.Bounds(t.Context(), 2); return err },
		"store: bounds of s4": func() error { _, _, err := h.store.Bounds(t.Context(), 4); return err },
		"store: sources":      func() error { _, err := h.store.Sources(t.Context()); return err },

		"home": any("/?x=%d", 9), "changes": any("/versions?changes=1&x=%d", 9), "page 9": any("/versions?page=9&x=%d", 9),
		"home, anywhere": any("/versions?before=%d", 4*h.articles), "changes, anywhere": any("/versions?changes=1&before=%d", 4*h.articles),
		"feed": any("/versions.rss?before=%d", 4*h.articles), "articles": any("/articles?before=%d", h.articles),
		"article": any("/articles/%d", h.articles), "diff": any("/articles/%d/diff/1/2", h.articles),
		"source": any("/sources/s%d", h.sources), "large source": any("/sources/s2?before=%d", 4*h.articles),
		"source that is hidden": any("/sources/s3?x=%d", 9), "sources": any("/sources?x=%d", 9),
		"health": any("/news_articles/health?x=%d", 9), "metrics": any("/metrics?x=%d", 9), "page 1000": any("/versions?page=1000&x=%d", 9),
	}
	for _, name := range slices.Sorted(maps.Keys(asks)) {
		var took, cpu []time.Duration
		for began := time.Now(); len(took) < 200 && time.Since(began) < 8*time.Second; {
			h.wait(2 * time.Second)
			at, before := time.Now(), spent(t)
			h.must(asks[name]())
			took, cpu = append(took, time.Since(at)), append(cpu, spent(t)-before)
		}
		slices.Sort(took)
		slices.Sort(cpu)
		rank := func(d []time.Duration, percent int) float64 { return d[(len(d)-1)*percent/100].Seconds() * 1000 }
		t.Logf("%-29s ms p50 %7.2f p99 %7.2f, of the processor p50 %7.2f p99 %7.2f, %d pages", name, rank(took, 50), rank(took, 99), rank(cpu, 50), rank(cpu, 99), len(took))
	}
}

// spent is the time of the processor that this process had: others may be at work.
func spent(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
