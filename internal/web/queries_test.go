package web

import (
	"database/sql"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// large are the tables that grow with the years; a page may read a few rows of them.
var large = []string{"article", "version", "seen", "change", "capture", "appraisal", "derived", "address", "announcement", "baseline", "held", "recurrence"}

// tableOf finds the tables of a query with their names in it.
var tableOf = regexp.MustCompile(`(?i)\b(?:FROM|JOIN)\s+([a-z_]+)(?:\s+(?:AS\s+)?([a-z_]+))?`)

// counting are the statements that may count rows of large tables, and why.
var counting = map[string]string{
	"WITH RECURSIVE waits":                    "counts what is due, along the index; kept for LagAge",
	"SELECT count(*) FROM (SELECT a.id FROM ": "counts no further than store.MaxFound",
	"SELECT s.key, (SELECT count(*) FROM (SE": "counts no further than store.MaxHealth",
}

// TestPagesReadLittle: no page that readers may ask for counts a large table, leaps
// over rows by OFFSET, reads a large table through or sorts it.
func TestPagesReadLittle(t *testing.T) {
	d := fill(newDesk(t, nil))
	d.index()
	ran := map[string][]any{}
	var mu sync.Mutex // pages are made beside one another
	d.heard = func(query string, args []any) {
		mu.Lock()
		defer mu.Unlock()
		ran[query] = args
	}
	for _, path := range []string{
		"/", "/versions?changes=1", "/versions?before=9", "/versions?after=9", "/versions?changes=1&before=9", "/versions?page=2", "/versions.rss", "/versions.csv",
		"/versions/search?q=bridge", "/versions/search?q=-bridge&before=9", "/versions/2", "/articles", "/articles?before=5", "/articles.csv",
		"/articles/%d", "/articles/%d.rss", "/articles/%d.csv", "/articles/%d/versions", "/articles/%d/versions/1", "/articles/%d/diff/0/1", "/articles/%d/diff/1/2?view=split",
		"/sources", "/sources/courier", "/sources/courier?before=9", "/sources/courier.rss", "/lookup?url=https://courier.example.org/news/bridge",
		"/health/check", "/news_articles/health", "/metrics", "/about",
	} {
		if strings.Contains(path, "%d") {
			path = d.path(path, "bridge")
		}
		if a := d.get(path); a.StatusCode >= 400 {
			t.Errorf("%s = %d", path, a.StatusCode)
		}
	}
	d.heard = nil
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.dir, "stet.db"))
	d.must(err)
	defer db.Close()
	if len(ran) < 25 {
		t.Fatalf("%d statements were heard", len(ran))
	}
	for _, query := range slices.Sorted(maps.Keys(ran)) {
		if fault := costs(t, db, query, ran[query]); fault != "" {
			t.Errorf("%s\n%s", fault, query)
		}
	}
}

// costs tells what makes a statement cost more the more there is; "" = nothing.
func costs(t *testing.T, db *sql.DB, query string, args []any) string {
	t.Helper()
	names, big := map[string]bool{}, false
	for _, m := range tableOf.FindAllStringSubmatch(query, -1) {
		if slices.Contains(large, strings.ToLower(m[1])) {
			names[m[1]], names[m[2]], big = true, true, true
		}
	}
	if strings.Contains(strings.ToUpper(query), "OFFSET") {
		return "OFFSET"
	}
	known := false
	for begin := range counting {
		known = known || strings.HasPrefix(query, begin)
	}
	if big && !known && strings.Contains(strings.ToLower(query), "count(") {
		return "counts a large table"
	}
	rows, err := db.Query("EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		if words := strings.Fields(step); words[0] == "SCAN" && names[words[1]] && !known || strings.Contains(step, "TEMP B-TREE") && big {
			return fmt.Sprintf("%s (of %v)", step, slices.Sorted(maps.Keys(names)))
		}
	}
	return ""
}

// TestCostsAreSeen: the test above can fail.
func TestCostsAreSeen(t *testing.T) {
	d := reading(t)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.dir, "stet.db"))
	d.must(err)
	defer db.Close()
	for query, want := range map[string]string{
		"SELECT id FROM version v WHERE v.id = 3": "", "SELECT id FROM source ORDER BY name": "",
		"SELECT id FROM version WHERE words = 3": "SCAN", "SELECT v.id FROM source s JOIN version AS v ON v.words = s.id": "SCAN",
		"SELECT COUNT(*) FROM capture": "counts", "SELECT id FROM version WHERE article_id = 1 ORDER BY words": "TEMP B-TREE",
		"SELECT id FROM source LIMIT 1 OFFSET 9": "OFFSET",
	} {
		if got := costs(t, db, query, nil); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}
