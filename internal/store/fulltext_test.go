package store

import (
	"testing"

	"stet/internal/news"
	"stet/internal/search"
)

// FuzzSearch: whatever a reader types, the database takes it for a query.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{`bridge -"old town" title:x*`, `"""" OR NEAR(a b, 3) {x} ^y`, "a\x00b", `-*`, `title:"a"" AND b"`, "may* YY* in:any", "图 -图书* {x}: in:removed", "lang:%_ source:'; DROP", "version:99999999999 \xff\xfe"} {
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
		rows, total, _, err := b.Search(t.Context(), q, Page{Size: 5})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if len(rows) != total || total > 1 {
			t.Errorf("%q: %d rows of %d", text, len(rows), total)
		}
	})
}

// Scripts that write no spaces between words are found by any word in them.
func TestSearchWithoutSpaces(t *testing.T) {
	b := newBench(t)
	a := b.article("a")
	b.record(b.visit(b.lease(), a.ID, news.OK).withVersion(0, content("老码头图书馆星期一开放", "读者可以借书。ห้องสมุดเปิดวันจันทร์ และ 図書館は月曜に開く tea")))
	if _, err := b.IndexChanges(b.ctx, 9); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{
		"码头": 1, "图书馆": 1, "星期一": 1, "老码头图书馆": 1, "title:开放": 1, "借书": 1, "วันจันทร์": 1, "月曜": 1, "tea": 1, "-tea": 0,
		"头码": 0, "关闭": 0, "title:借书": 0,
	} {
		q, err := search.Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		if _, total, _, err := b.Search(b.ctx, q, Page{Size: 5}); err != nil || total != want {
			t.Errorf("%s: %d found, want %d (%v)", query, total, want, err)
		}
	}
}
