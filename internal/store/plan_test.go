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
	zero := 0
	made := func(query string, args []any) []any { return append([]any{query}, args...) }
	tests := []struct {
		name  string
		query []any // and its parameters
		scan  string
	}{
		{"versions of a page", made(versionRows([]int64{3, 2, 1})), ""},
		{"articles of a page", made(articleRows([]int64{3, 2, 1})), ""},
		{"search", made(b.searchKeys(asked{Query: search.Query{Terms: []search.Term{{Text: "ferry"}}}, languages: []string{"en"}}).query(9, false, 50)), "SCAN f"},
		{"search, counted", made(foundQuery(b.searchKeys(asked{Query: search.Query{Terms: []search.Term{{Text: "ferry"}}}, languages: []string{"en"}}))), "SCAN"},
		{"versions that a search found", made(searchRows([]int64{3, 2, 1})), ""},
		{"search without words", made(b.searchKeys(asked{Query: search.Query{Version: &zero}}).query(9, false, 50)), ""},
		{"health", []any{healthCounts, 1, 2}, "SCAN"},
		{"open events of all sources", []any{openEventsOfAll, "alarm"}, "SCAN e"},
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
	for _, tt := range tests {
		steps := b.plan(tt.query[0].(string), tt.query[1:]...)
		for _, s := range steps {
			if strings.Contains(s, "TEMP B-TREE") || strings.HasPrefix(s, "SCAN") && s != "SCAN CONSTANT ROW" && (tt.scan == "" || !strings.HasPrefix(s, tt.scan)) {
				t.Errorf("%s: %s, in the plan\n%s", tt.name, s, strings.Join(steps, "\n"))
			}
		}
	}
}

// plan gives the steps of a query's plan.
func (b *bench) plan(query string, args ...any) (steps []string) {
	b.t.Helper()
	scan := func(r row) (detail string, err error) {
		var id, parent, unused int
		return detail, r.Scan(&id, &parent, &unused, &detail)
	}
	b.must(b.read(b.ctx, "plan", func(t *tx) (err error) {
		steps, err = list(b.ctx, t, scan, "EXPLAIN QUERY PLAN "+query, args...)
		return err
	}))
	return steps
}

// TestListsWalkIndexes: every list that can be asked for begins at its cursor in an
// index that holds the lines that fit, and no others, in the order of the list.
func TestListsWalkIndexes(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	for name, tt := range map[string]struct {
		keys keyset
		want string
	}{
		"all versions":           {versionKeys(VersionQuery{}), "SEARCH c USING INDEX sqlite_autoindex_change_1 (version_id"},
		"all changes":            {versionKeys(VersionQuery{ChangedOnly: true}), "SEARCH c USING COVERING INDEX change_later (version_id"},
		"versions of a source":   {versionKeys(VersionQuery{SourceKey: "courier"}), "SEARCH v USING COVERING INDEX version_source (source_id=? AND id"},
		"changes of a source":    {versionKeys(VersionQuery{SourceKey: "courier", ChangedOnly: true}), "SEARCH v USING COVERING INDEX version_changed (source_id=? AND id"},
		"versions of an article": {versionKeys(VersionQuery{ArticleID: 1}), "SEARCH v USING COVERING INDEX sqlite_autoindex_version_2 (article_id=? AND number"},
		"changes of an article":  {versionKeys(VersionQuery{ArticleID: 1, ChangedOnly: true}), "SEARCH v USING COVERING INDEX sqlite_autoindex_version_2 (article_id=? AND number"},
		"all articles":           {articleKeys(ArticleQuery{}), "SEARCH a USING INTEGER PRIMARY KEY (rowid"},
		"articles of a source":   {articleKeys(ArticleQuery{SourceKey: "courier"}), "SEARCH a USING COVERING INDEX article_source (source_id=? AND id"},
		"articles gone":          {articleKeys(ArticleQuery{State: news.StateGone}), "SEARCH a USING COVERING INDEX article_state (state=? AND id"},
		"gone of a source":       {articleKeys(ArticleQuery{SourceKey: "courier", State: news.StateGone}), "SEARCH a USING COVERING INDEX article_source_state (source_id=? AND state=? AND id"},
	} {
		for _, newer := range []bool{false, true} {
			query, args := tt.keys.query(5, newer, 50)
			steps := strings.Join(b.plan(query, args...), "\n")
			if !strings.HasPrefix(steps, tt.want) || strings.Contains(steps, "TEMP B-TREE") || strings.Contains(steps, "SCAN") {
				t.Errorf("%s, newer %v: %s\n%s", name, newer, query, steps)
			}
		}
	}
}
