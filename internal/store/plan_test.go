package store

import (
	"strings"
	"testing"

	"stet/internal/news"
	"stet/internal/pgtest"
	"stet/internal/search"
)

// TestPlans: what is asked often walks an index in the order that is wanted: no
// sorting, and no table read through but the one that gives the order.
func TestPlans(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	page := Page{1, 50}
	zero := 0
	made := func(query string, args []any) []any { return append([]any{query}, args...) }
	tests := []struct {
		name  string
		query []any // and its parameters
		scan  string
	}{
		{"all versions", made(versionListQuery(VersionQuery{Page: page, ChangedOnly: true})), "SCAN v"},
		{"versions of a source", made(versionListQuery(VersionQuery{Page: page, SourceKey: "courier"})), ""},
		{"versions of an article", made(versionListQuery(VersionQuery{Page: page, ArticleID: 1})), ""},
		{"all articles", made(articleListQuery(ArticleQuery{Page: page})), "SCAN a"},
		{"articles of a source", made(articleListQuery(ArticleQuery{Page: page, SourceKey: "courier"})), ""},
		{"articles gone", made(articleListQuery(ArticleQuery{Page: page, State: news.StateGone})), ""},
		{"search", made(b.searchQuery(search.Query{Terms: []search.Term{{Text: "ferry"}}}, page)), "SCAN article_search"},
		{"search without words", made(b.searchQuery(search.Query{Version: &zero}, page)), "SCAN a"},
		{"claim of a host", []any{b.claimQuery(), 1, 2, 3, 4, "token", 6}, ""},
		{"hosts that a wrong clock left", []any{`SELECT ` + nextHost(`0`, firstHost), 1, 2, 3, 4}, ""},
		{"due requests", []any{dueRequests, 1, 2, 3, 4}, ""},
		{"due subscriptions", []any{dueSubscriptions, 1, 2, 3, 4}, ""},
		{"subscriptions that wait", []any{waitingSubscriptions, 1}, ""},
		{"due feeds", []any{dueFeeds, 1, 2, 3, 4, 5}, ""},
		{"due articles", []any{dueArticles, 1, 2, 3, 4, 5}, ""},
		{"sources with feeds that wait", []any{waitingFeeds, 1}, "SCAN w"},
		{"sources with articles that wait", []any{waitingArticles, 1}, "SCAN w"},
		{"feeds that are due", []any{pilesOfFeeds, 1, 2}, "SCAN w"},
		{"articles that are due", []any{pilesOfArticles, 1, 2}, "SCAN w"},
		{"bounds of changes", []any{changeBounds, 1, 2, 3}, "SCAN v"},
		{"siblings", []any{siblings, 1, 2}, ""},
		{"captures with bodies", []any{capturesWithRaw, 1, 2, 3}, ""},
		{"newest raw capture", []any{lastRaw, 1}, ""},
		{"articles with raw captures that are too old", []any{agedQuery(), 1, 2, 3}, ""},
		{"all events", []any{eventsOfAll, 0, 2}, "SCAN e"},
		{"events of a source", []any{eventsOfSource, 1, 2}, ""},
		{"open events", []any{openEvents, 1, "alarm"}, ""},
		{"blocks that were seen once", []any{pruneRecurrence, 1, 2}, ""},
		{"reservations", []any{reservedCounts, 1}, ""},
		{"hosts that lied", []any{liars, 1}, "SCAN h"},
		{"old figures", []any{prunePulse, 1, 2}, ""},
		{"visits of the last day", []any{visitsSince, 1}, ""},
	}
	scan := func(r row) (detail string, err error) {
		var id, parent, unused int
		return detail, r.Scan(&id, &parent, &unused, &detail)
	}
	for _, tt := range tests {
		b.must(b.read(b.ctx, tt.name, func(tx *tx) error {
			steps, err := list(b.ctx, tx, scan, "EXPLAIN QUERY PLAN "+tt.query[0].(string), tt.query[1:]...)
			for _, s := range steps {
				if strings.Contains(s, "TEMP B-TREE") || strings.HasPrefix(s, "SCAN") && s != "SCAN CONSTANT ROW" && (tt.scan == "" || !strings.HasPrefix(s, tt.scan)) {
					t.Errorf("%s: %s, in the plan\n%s", tt.name, s, strings.Join(steps, "\n"))
				}
			}
			return err
		}))
	}
}
