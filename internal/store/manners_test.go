package store

import (
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/search"
)

// reserve records a sighting of a page that reserves that; why "" shows it.
func (b *bench) reserve(l Lease, id int64, why string, what ...news.Reservation) {
	b.t.Helper()
	b.clock.pass(time.Minute)
	v := b.visit(l, id, news.Unchanged)
	v.Sighting, v.Withhold = true, &why
	r := news.Reserves(what, "https://courier.example.org/tdm.json")
	v.Reserved = &r
	b.record(v)
}

func testReserved(t *testing.T, b *bench) {
	x, y := b.article("x"), b.article("y")
	l := b.lease()
	for _, id := range []int64{x.ID, y.ID} {
		b.publish(l, id, content("Secret bridge", "x"))
	}
	_, err := b.IndexChanges(b.ctx, 9)
	b.must(err)
	found := func() int {
		_, n, _, err := b.Search(b.ctx, search.Query{Terms: []search.Term{{Text: "bridge"}}}, Page{})
		b.must(err)
		listed, _, err := b.VersionList(b.ctx, VersionQuery{Page: Page{Size: 9}})
		b.must(err)
		if len(listed) != n {
			t.Errorf("%d found, %d listed", n, len(listed))
		}
		return n
	}
	standing := func() news.Article {
		b.verify()
		return b.visiting(x.ID).Article
	}
	const why = "its page reserves: noarchive"
	b.reserve(l, x.ID, why, news.NoArchive, news.TDM)
	since := b.clock.t
	if a := standing(); a.Reserved.String() != "noarchive, tdm" || a.Reserved.Policy == "" || !a.ReservedAt.Equal(since) || a.Hidden != why || found() != 1 {
		t.Errorf("reserved: %+v, %d found", a, found())
	}
	b.reserve(l, x.ID, why, news.NoArchive, news.TDM)
	if a := standing(); !a.ReservedAt.Equal(since) {
		t.Errorf("reserved as before: %+v", a)
	}
	b.reserve(l, x.ID, "its page reserves: noindex", news.NoIndex)
	b.reserve(l, y.ID, "", news.NoIndex, news.NoArchive)
	if a := standing(); a.Reserved.Policy != "" || !a.ReservedAt.After(since) || a.Hidden == why || found() != 1 {
		t.Errorf("another reservation: %+v, %d found", a, found())
	}
	counts, err := b.Reservations(b.ctx, b.src.ID)
	b.must(err)
	equal(t, "counts", counts, map[news.Reservation]int{news.NoIndex: 2, news.NoArchive: 1})
	b.record(b.visit(l, x.ID, news.Failed)) // tells nothing of it
	b.reserve(l, x.ID, "")
	if a := standing(); a.Hidden != "" || !a.ReservedAt.IsZero() || a.Reserved.What != nil || found() != 2 {
		t.Errorf("nothing reserved any more: %+v, %d found", a, found())
	}
	b.must(b.Hide(b.ctx, x.ID, "court order"))
	b.reserve(l, x.ID, why, news.NoArchive)
	b.reserve(l, x.ID, "")
	if a := standing(); a.Hidden != "court order" || found() != 1 {
		t.Errorf("hidden by hand: %+v, %d found", a, found())
	}
	b.reserve(l, y.ID, why, news.NoArchive)
	b.must(b.Hide(b.ctx, y.ID, why)) // by hand, for the very same reason
	b.reserve(l, y.ID, "")
	if a := b.visiting(y.ID); a.Hidden != why {
		t.Errorf("hidden by hand while the page hid it: %+v", a.Article)
	}
}

func testHonesty(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	b.publish(l, a.ID, content("A", "x"))
	for i, lie := range []bool{true, true, false} {
		v := b.visit(l, a.ID, news.OK).withVersion(i+1, content("A", "x", string(rune('a'+i))))
		v.Lie = &lie
		b.record(v)
	}
	want := news.Honesty{Host: l.Host, Lies: 2, Honest: 1}
	equal(t, "of the host", b.visiting(a.ID).Honesty, want)
	hosts, err := b.Liars(b.ctx, b.src.ID)
	b.must(err)
	equal(t, "hosts that lied", hosts, []news.Honesty{want})
	other, err := b.AddSource(b.ctx, news.Source{Key: "aurora"})
	b.must(err)
	if hosts, err := b.Liars(b.ctx, other.ID); err != nil || len(hosts) > 0 {
		t.Errorf("of another source: %v, %v", hosts, err)
	}
}

func testOutage(t *testing.T, b *bench) {
	ids := make([]int64, 6)
	for i := range ids {
		ids[i] = b.article(string(rune('a' + i))).ID
	}
	l := b.lease()
	for _, id := range ids[:5] { // the sixth stays new
		b.publish(l, id, content("A", "x"))
	}
	fail := func(id int64, o news.Outcome, d Doubt, due time.Time) {
		v := b.visit(l, id, o)
		v.State, v.Doubt, v.Due = "", d, due
		b.record(v)
	}
	before := b.clock.pass(time.Hour)
	fail(ids[1], news.Gone, Doubt{news.Gone, 2, before}, before.Add(48*time.Hour))
	began := b.clock.pass(time.Hour)
	_, err := b.OpenEvent(b.ctx, b.src.ID, news.Outage, l.Host, began, "refused")
	b.must(err)
	late := began.Add(72 * time.Hour)
	fail(ids[0], news.Failed, Doubt{news.Failed, 9, began}, late)
	fail(ids[1], news.Gone, Doubt{news.Gone, 7, before}, late)
	fail(ids[2], news.Gone, Doubt{news.Gone, 3, began}, began.Add(time.Hour+time.Second)) // due soon anyway
	fail(ids[5], news.Failed, Doubt{news.Failed, 16, began}, time.Time{})                 // given up
	seen := b.visit(l, ids[4], news.Unchanged)
	seen.Sighting, seen.Due = true, late
	b.record(seen)

	now := b.clock.pass(time.Hour)
	end := OutageEnd{b.src.ID, l.Host, "for an hour", time.Minute, 2 * time.Minute}
	n, err := b.EndOutage(b.ctx, l, end)
	b.must(err)
	if n != 5 {
		t.Errorf("%d articles, want 5", n)
	}
	var dues []time.Duration
	for i, want := range []Doubt{{}, {news.Gone, 1, before}, {}, {}, {}, {}} {
		v := b.visiting(ids[i])
		equal(t, "doubt", v.Doubt, want)
		switch i {
		case 4: // it was seen
			if !v.Due.Equal(late) {
				t.Errorf("article %d is due %v", i, v.Due)
			}
		default:
			dues = append(dues, v.Due.Sub(now))
		}
	}
	// The last changed first, the fourth of them was due but never asked for; the
	// new one last. Five in two minutes are closer than a minute.
	step := 24 * time.Second
	equal(t, "due after the end", dues, []time.Duration{4 * step, 3 * step, 2 * step, step, 5 * step})
	events, err := b.Events(b.ctx, b.src.ID, 9)
	b.must(err)
	if len(events) != 1 || events[0].Note != "for an hour" || !events[0].Ended.Equal(now) || events[0].Subject != l.Host {
		t.Errorf("events: %+v", events)
	}
	_, err = b.EndOutage(b.ctx, l, end)
	wantErr(t, "end it again", err, ErrNotFound)
	l.Token = "stolen"
	_, err = b.EndOutage(b.ctx, l, end)
	wantErr(t, "without the lease", err, ErrLeaseLost)
	b.verify()
}
