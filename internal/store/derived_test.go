package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

func testDerived(t *testing.T, b *bench) {
	l := b.lease()
	a := b.article("a")
	was := content("A", "One.", "Subscribe to our letter!")
	b.publish(l, a.ID, was)
	b.publish(l, a.ID, content("A", "Two."))
	recorded, err := b.VersionByNumber(b.ctx, a.ID, 0)
	b.must(err)
	_, _, err = b.DerivedVersion(b.ctx, recorded.ID)
	wantErr(t, "nothing derived", err, ErrNotFound)
	for i, extractor := range []string{"test/2", "test/3"} {
		b.clock.pass(time.Hour)
		c := content("A", "One.", fmt.Sprint("Read anew ", i))
		b.must(b.PutDerived(b.ctx, []Derived{{VersionID: recorded.ID, Extractor: extractor, Content: c}}))
		got, at, err := b.DerivedVersion(b.ctx, recorded.ID)
		b.must(err)
		want := recorded
		want.Content, want.Digest, want.Extractor = c, news.Sum(c.Canonical()), extractor
		equal(t, "derived", got, want)
		equal(t, "when", at, b.clock.t)
		b.verify()
	}
	same, err := b.Version(b.ctx, recorded.ID)
	b.must(err)
	equal(t, "the version stays as it was recorded", same, recorded)

	err = b.PutDerived(b.ctx, []Derived{{VersionID: 2, Extractor: "test/2"}, {VersionID: 99, Extractor: "test/2"}})
	wantErr(t, "derived from no version", err, ErrNotFound)
	if _, _, err := b.DerivedVersion(b.ctx, 2); err == nil {
		t.Error("half of a refused call was kept")
	}
	many := make([]Derived, MaxDerived+1)
	for i := range many {
		many[i] = Derived{VersionID: 2, Extractor: "test/2"}
	}
	if b.PutDerived(b.ctx, many) == nil {
		t.Error("too many at once: no error")
	}
	b.must(b.PutDerived(b.ctx, many[:MaxDerived]))
	huge := content(strings.Repeat("x", MaxContent))
	if b.PutDerived(b.ctx, []Derived{{VersionID: 2, Content: huge}}) == nil {
		t.Error("a text beyond MaxContent: no error")
	}
	for _, want := range []int{2, 0} {
		n, err := b.ClearDerived(b.ctx, b.src.ID)
		b.must(err)
		equal(t, "cleared", n, want)
	}
}
