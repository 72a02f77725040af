package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/pgtest"
)

// TestFaults: each write of a visit fails in turn; then nothing of the visit is
// there, and the same visit succeeds when the fault is gone.
func TestFaults(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	a, other := b.article("a"), b.article("b")
	l := b.lease()
	full := func() Visit {
		x := b.visiting(a.ID)
		v := b.withBody(b.visit(l, a.ID, news.OK).withVersion(x.Versions, content("A", fmt.Sprint(x.Versions))), "body")
		confirm := v.Capture
		v.Confirm, v.Keys = &confirm, []uint64{1, 2}
		v.Addresses = []news.Address{address(fmt.Sprint("https://courier.example.org/a?", x.Versions))}
		v.Changes = append(v.Changes, news.Change{Type: news.ArticleMoved})
		return v
	}
	b.record(full())
	for _, write := range []string{"INSERT ON capture", "INSERT ON version", "INSERT ON seen", "UPDATE ON baseline", "INSERT ON address",
		"UPDATE ON article", "INSERT ON change", "UPDATE ON tally"} {
		for _, raise := range []string{"ABORT", "FAIL", "ROLLBACK"} {
			before := b.visiting(a.ID)
			_, err := b.writer.ExecContext(b.ctx, fmt.Sprintf(`CREATE TEMP TRIGGER fault BEFORE %s BEGIN SELECT RAISE(%s, 'fault'); END`, write, raise))
			b.must(err)
			if log, err := b.RecordVisit(b.ctx, full()); err == nil || !strings.Contains(err.Error(), "fault") || log != nil {
				t.Errorf("%s %s: %v, %v", raise, write, log, err)
			}
			_, err = b.writer.ExecContext(b.ctx, `DROP TRIGGER fault`)
			b.must(err)
			b.verify()
			if after := b.visiting(a.ID); after.Captures != before.Captures || after.Versions != before.Versions {
				t.Errorf("%s %s: half a visit is there: %+v", raise, write, after)
			}
			b.record(full())
		}
	}
	if b.visiting(other.ID).Captures != 0 {
		t.Error("another article was touched")
	}
}

// TestDiskFull: a full disk is an error, no damage, and no longer an error when
// there is room again.
func TestDiskFull(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	a := b.article("a")
	l := b.lease()
	var pages int
	b.must(b.writer.QueryRowContext(b.ctx, `PRAGMA page_count`).Scan(&pages))
	limit := func(n int) {
		_, err := b.writer.ExecContext(b.ctx, fmt.Sprintf(`PRAGMA max_page_count = %d`, n))
		b.must(err)
	}
	limit(pages + 10)
	r := rand.New(rand.NewPCG(1, 1))
	noise := func() string { // does not compress
		s := make([]rune, 2000)
		for i := range s {
			s[i] = rune('一' + r.IntN(20000))
		}
		return string(s)
	}
	n, failed := 0, 0
	for failed < 3 {
		_, err := b.RecordVisit(b.ctx, b.visit(l, a.ID, news.OK).withVersion(n, content("A", noise())))
		switch {
		case err == nil:
			n++
		case strings.Contains(err.Error(), "full"):
			failed++
			b.clock.pass(time.Second)
		default:
			t.Fatal(err)
		}
		if n > 100 {
			t.Fatal("the disk never fills")
		}
	}
	if got := b.visiting(a.ID).Versions; got != n {
		t.Errorf("%d versions, %d were acknowledged", got, n)
	}
	limit(1 << 30)
	b.verify()
	b.record(b.visit(l, a.ID, news.OK).withVersion(n, content("A", noise())))
	b.verify()
}

// TestCancelled: a visit whose context ends at any moment is there or is not.
func TestCancelled(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	a := b.article("a")
	l := b.lease()
	acked, cut := 0, 0
	for i := range 60 {
		ctx, cancel := context.WithTimeout(b.ctx, time.Duration(i*50)*time.Microsecond)
		before := b.visiting(a.ID).Versions
		_, err := b.RecordVisit(ctx, b.visit(l, a.ID, news.OK).withVersion(before, content("A", fmt.Sprint(i))))
		cancel()
		after := b.visiting(a.ID).Versions
		switch {
		case err == nil && after != before+1:
			t.Fatalf("acknowledged, and not there")
		case err == nil:
			acked++
		default: // the commit may have been on its way
			cut++
			if after != before && after != before+1 {
				t.Fatalf("%d versions after %d", after, before)
			}
		}
	}
	if cut == 0 {
		t.Error("nothing was cut short")
	}
	b.verify()
}
