package store

import (
	"testing"

	"stet/internal/news"
	"stet/internal/search"
)

// FuzzSearch: whatever a reader types, the database takes it for a query.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{`bridge -"old town" title:x*`, `"""" OR NEAR(a b, 3) {x} ^y`, "a\x00b", `-*`, `title:"a"" AND b"`, "may* YY*", "lang:%_ source:'; DROP", "version:99999999999 \xff\xfe"} {
		f.Add(s)
	}
	b := newBench(f)
	a := b.article("a")
	b.record(b.visit(b.lease(), a.ID, news.OK).withVersion(0, content("Bridge", "The old town.")))
	if _, err := b.IndexChanges(b.ctx, 9); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := search.Parse(text)
		if err != nil {
			return
		}
		rows, total, err := b.Search(t.Context(), q, Page{1, 5})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if len(rows) != total || total > 1 {
			t.Errorf("%q: %d rows of %d", text, len(rows), total)
		}
	})
}
