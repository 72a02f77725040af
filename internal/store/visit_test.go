package store

import (
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

func (b *bench) visiting(id int64) Visiting {
	b.t.Helper()
	v, err := b.Visiting(b.ctx, id)
	b.must(err)
	return v
}

func testFirstVersion(t *testing.T, b *bench) {
	a := b.article("bridge")
	l := b.lease()
	now := b.clock.pass(time.Minute)
	c := content("Bridge closed", "Twelve cars wait.", "“Nobody crosses”, says the mayor.")
	c.Published = now
	raw, err := b.PutBlob(b.ctx, []byte("<html>bridge</html>"), news.Digest{})
	b.must(err)
	v := b.visit(l, a.ID, news.OK).withVersion(0, c)
	v.Capture.Raw, v.Capture.Header, v.Capture.Encoding = raw, "HTTP/1.1 200 OK\r\n", "gzip"
	log := b.record(v)

	got, err := b.VersionByNumber(b.ctx, a.ID, 0)
	b.must(err)
	want := news.Version{ID: 1, ArticleID: a.ID, Content: c, Digest: news.Sum(c.Canonical()), CaptureID: 1, Extractor: "test/1", Seen: news.Seen{First: now, Last: now, Sightings: 1}}
	equal(t, "version", got, want)
	byID, err := b.Version(b.ctx, got.ID)
	b.must(err)
	equal(t, "version by id", byID, want)
	equal(t, "log", log, []news.Change{{Seq: 1, ArticleID: a.ID, Type: news.VersionAppeared, VersionID: got.ID, RecordedAt: now, Before: now, WordsAdded: 1}})
	again, err := b.ArticleChanges(b.ctx, a.ID)
	b.must(err)
	equal(t, "log as it is read", again, log)

	capture, err := b.CaptureOf(b.ctx, got.CaptureID)
	b.must(err)
	wantCapture := v.Capture
	wantCapture.ID, wantCapture.ArticleID, wantCapture.VersionID = 1, a.ID, got.ID
	equal(t, "capture", capture, wantCapture)
	art, src, err := b.Article(b.ctx, a.ID)
	b.must(err)
	equal(t, "source", src, b.src)
	if art.State != news.Live || art.Versions != 1 || art.Headline != "Bridge closed" || !art.ChangedAt.Equal(now) || !art.LastOK.Equal(now) || art.Captures != 1 {
		t.Errorf("article: %+v", art)
	}
}

func testSighting(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	first := b.clock.t
	b.record(b.visit(l, a.ID, news.OK).withVersion(0, content("A", "x")))
	last := b.clock.pass(time.Hour)
	v := b.visit(l, a.ID, news.Unchanged)
	v.Sighting = true
	if log := b.record(v); len(log) != 0 {
		t.Errorf("log %+v", log)
	}
	b.clock.pass(time.Hour)
	v = b.visit(l, a.ID, news.Failed) // shows nothing
	v.Capture.Status, v.Capture.Reason = 0, "no such host"
	b.record(v)
	vs, err := b.ArticleVersions(b.ctx, a.ID)
	b.must(err)
	equal(t, "seen", vs[0].Seen, news.Seen{First: first, Last: last, Sightings: 2})
	cs, err := b.Captures(b.ctx, a.ID, 9)
	b.must(err)
	if len(cs) != 3 || cs[0].VersionID != 0 || cs[1].VersionID != vs[0].ID || cs[2].VersionID != vs[0].ID || cs[0].Outcome != news.Failed {
		t.Errorf("captures: %+v", cs)
	}
	if x := b.visiting(a.ID); !x.LastOK.Equal(last) || !x.LastVisit.Equal(b.clock.t) || x.Captures != 3 || !x.CurrentSince.Equal(first) {
		t.Errorf("article: %+v", x)
	}
}

func testConfirm(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	v := b.visit(l, a.ID, news.OK).withVersion(0, content("A", "x"))
	confirm := v.Capture
	confirm.At = b.clock.t.Add(30 * time.Second)
	v.Confirm = &confirm
	b.record(v)
	got, err := b.VersionByNumber(b.ctx, a.ID, 0)
	b.must(err)
	equal(t, "seen", got.Seen, news.Seen{First: v.Capture.At, Last: confirm.At, Sightings: 2})
	cs, err := b.Captures(b.ctx, a.ID, 9)
	b.must(err)
	if len(cs) != 2 || cs[0].VersionID != got.ID || cs[1].VersionID != got.ID || cs[1].ID != got.CaptureID {
		t.Errorf("captures: %+v", cs)
	}
}

func testConflict(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	b.publish(l, a.ID, content("A", "x"))
	b.publish(l, a.ID, content("A", "y"))
	for what, v := range map[string]Visit{
		"a number that is taken":     b.visit(l, a.ID, news.OK).withVersion(1, content("A", "z")),
		"a number too far":           b.visit(l, a.ID, news.OK).withVersion(3, content("A", "z")),
		"the text of the newest one": b.visit(l, a.ID, news.OK).withVersion(2, content("A", "y ")),
	} {
		_, err := b.RecordVisit(b.ctx, v)
		wantErr(t, what, err, ErrConflict)
	}
	b.record(b.visit(l, a.ID, news.OK).withVersion(2, content("A", "x"))) // a revert is news
}

func testReturn(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	b.publish(l, a.ID, content("Storm nears", "x"))
	b.publish(l, a.ID, content("Storm near", "x"))
	back := func(n int) {
		b.clock.pass(time.Minute)
		v := b.visit(l, a.ID, news.OK)
		v.Return = &n
		b.record(v)
	}
	back(0)
	x := b.visiting(a.ID)
	if x.Current.Number != 0 || x.Headline != "Storm nears" || !x.CurrentSince.Equal(b.clock.t) || x.Sightings != 1 {
		t.Errorf("after the return: %+v", x)
	}
	equal(t, "between", x.Between, []int{0, 1})
	back(1)
	back(0)
	x = b.visiting(a.ID)
	equal(t, "alternates", x.Alternates, news.Alternates{Between: []int{0, 1}, Sightings: 3})
	equal(t, "sightings of version 0", x.Current.Seen.Sightings, 3)
	// The text of version 0 came to stay: a version of its own, though it is what
	// the article shows. That of version 1, the newest, would be none.
	again := b.visit(l, a.ID, news.OK).withVersion(2, content("Storm near", "x"))
	_, err := b.RecordVisit(b.ctx, again)
	wantErr(t, "the newest text once more", err, ErrConflict)
	b.publish(l, a.ID, content("Storm nears", "x"))
	x = b.visiting(a.ID)
	if x.Versions != 3 || x.Current.Number != 2 || x.Between != nil || x.Sightings != 0 {
		t.Errorf("after it came to stay: %+v", x)
	}
	bad := 3
	v := b.visit(l, a.ID, news.OK)
	v.Return = &bad
	if _, err := b.RecordVisit(b.ctx, v); err == nil {
		t.Error("return to a version that is not there: no error")
	}
}

func testGone(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	b.publish(l, a.ID, content("A", "x"))
	lastOK := b.clock.t
	firstMiss := b.clock.pass(time.Hour)
	v := b.visit(l, a.ID, news.Gone)
	v.Doubt = Doubt{Outcome: news.Gone, Count: 1, Since: firstMiss}
	b.record(v)
	equal(t, "doubt", b.visiting(a.ID).Doubt, v.Doubt)
	b.clock.pass(time.Hour)
	v = b.visit(l, a.ID, news.Gone)
	v.State, v.GoneAt = news.StateGone, firstMiss
	v.Changes = []news.Change{{Type: news.ArticleGone, After: lastOK, Before: firstMiss, Note: "HTTP 410"}}
	log := b.record(v)
	if len(log) != 1 || log[0].Seq != 2 || !log[0].After.Equal(lastOK) || log[0].VersionID != 0 {
		t.Errorf("log: %+v", log)
	}
	x := b.visiting(a.ID)
	if x.State != news.StateGone || !x.GoneAt.Equal(firstMiss) || x.Doubt != (Doubt{}) {
		t.Errorf("gone: %+v", x)
	}
	n, err := b.Totals(b.ctx)
	b.must(err)
	if n.Gone != 1 || n.Changes != 1 {
		t.Errorf("totals: %+v", n)
	}
	b.clock.pass(time.Hour)
	v = b.visit(l, a.ID, news.OK).withVersion(1, content("A", "y"))
	v.Changes = append([]news.Change{{Type: news.ArticleReturned, Before: b.clock.t}}, v.Changes...)
	equal(t, "two entries at once", len(b.record(v)), 2)
	x = b.visiting(a.ID)
	n, err = b.Totals(b.ctx)
	b.must(err)
	if x.State != news.Live || !x.GoneAt.IsZero() || n.Gone != 0 || n.Changes != 3 {
		t.Errorf("returned: %+v, %+v", x, n)
	}
}

func testClockBack(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	b.publish(l, a.ID, content("A", "x"))
	after := b.clock.t
	b.clock.pass(-time.Hour)
	v := b.visit(l, a.ID, news.Unchanged)
	v.Sighting = true
	b.record(v)
	v = b.visit(l, a.ID, news.OK).withVersion(1, content("A", "y"))
	v.Changes[0].After = after
	if log := b.record(v); !log[0].After.IsZero() {
		t.Errorf("bounds %v to %v", log[0].After, log[0].Before)
	}
}

func testMove(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	b.publish(l, a.ID, content("A", "x"))
	now := b.clock.pass(time.Minute)
	v := b.visit(l, a.ID, news.Moved)
	v.MoveTo, v.Due = "https://new.example.net/a", now
	v.Addresses = []news.Address{address("https://www.courier.example.org/a-long-title")}
	v.Changes = []news.Change{{Type: news.ArticleMoved, Before: now, Note: v.MoveTo}}
	b.record(v)
	for _, key := range []string{"courier.example.org/a", "courier.example.org/a-long-title", "new.example.net/a"} {
		if id, err := b.Lookup(b.ctx, key); id != a.ID {
			t.Errorf("look-up of %s: %d, %v", key, id, err)
		}
	}
	if l := b.leaseAny(time.Minute); l.Host != "new.example.net" {
		t.Errorf("leased %q", l.Host)
	}
	rows, err := b.ArticleAddresses(b.ctx, a.ID)
	b.must(err)
	if len(rows) != 3 || rows[0].Origin != "import" || rows[2].Origin != "visit" || !rows[2].FirstSeen.Equal(now) {
		t.Errorf("addresses: %+v", rows)
	}
	v.MoveTo = "ftp://new.example.net/"
	if _, err := b.RecordVisit(b.ctx, v); err == nil {
		t.Error("moved to what is no address: no error")
	}
}

func testDuplicate(t *testing.T, b *bench) {
	first, second := b.article("first"), b.article("second")
	l := b.lease()
	b.publish(l, first.ID, content("A", "x"))
	v := b.visit(l, second.ID, news.OK)
	v.State, v.DuplicateOf = news.Duplicate, first.ID
	v.Addresses = []news.Address{address("https://courier.example.org/first"), address("https://courier.example.org/third")}
	b.record(v)
	for _, key := range []string{"courier.example.org/first", "courier.example.org/second", "courier.example.org/third"} {
		if id, err := b.Lookup(b.ctx, key); id != first.ID {
			t.Errorf("look-up of %s: %d, %v; want %d", key, id, err, first.ID)
		}
	}
	if x := b.visiting(second.ID); x.State != news.Duplicate || !x.Due.IsZero() {
		t.Errorf("duplicate: %+v", x)
	}
	_, added, err := b.AddArticle(b.ctx, b.src.ID, address("https://courier.example.org/second"), "", "import", time.Time{}, time.Time{})
	if added || err != nil {
		t.Errorf("the duplicate's address made an article: %v", err)
	}
}

func testContradictions(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	zero := 0
	good := func() Visit { return b.visit(l, a.ID, news.OK).withVersion(0, content("A", "x")) }
	for what, spoil := range map[string]func(*Visit){
		"sighting and version":       func(v *Visit) { v.Sighting = true },
		"return and version":         func(v *Visit) { v.Return = &zero },
		"version without change":     func(v *Visit) { v.Changes = nil },
		"change without version":     func(v *Visit) { v.Version = nil },
		"version told twice":         func(v *Visit) { v.Changes = append(v.Changes, v.Changes...) },
		"capture without time":       func(v *Visit) { v.Capture.At = time.Time{} },
		"confirmation without time":  func(v *Visit) { v.Confirm = &news.Capture{Outcome: news.OK} },
		"differs from nothing":       func(v *Visit) { v.Differs = true },
		"duplicate of nothing":       func(v *Visit) { v.State = news.Duplicate },
		"duplicate of itself":        func(v *Visit) { v.DuplicateOf = a.ID },
		"duplicate of a stranger":    func(v *Visit) { v.DuplicateOf = 99 },
		"unknown outcome":            func(v *Visit) { v.Capture.Outcome = "fine" },
		"unknown state":              func(v *Visit) { v.State = "asleep" },
		"unknown type of change":     func(v *Visit) { v.Changes = append(v.Changes, news.Change{Type: "x"}) },
		"too many changes":           func(v *Visit) { v.Changes = append(v.Changes, make([]news.Change, MaxChanges)...) },
		"body that was never kept":   func(v *Visit) { v.Capture.Raw = news.Sum([]byte("never")) },
		"digest of another text":     func(v *Visit) { v.Version.Digest = news.Sum(nil) },
		"sighting before a version":  func(v *Visit) { v.Version, v.Changes, v.Sighting = nil, nil, true },
		"live before a version":      func(v *Visit) { v.Version, v.Changes = nil, nil },
		"content beyond MaxContent":  func(v *Visit) { v.Version.Content.Standfirst = strings.Repeat("x", MaxContent) },
		"negative count of words":    func(v *Visit) { v.Changes[0].WordsAdded = -1 },
		"negative size of the body":  func(v *Visit) { v.Capture.WireSize = -1 },
		"negative period, in effect": func(v *Visit) { v.Period = -time.Hour },
		"picture never kept":         func(v *Visit) { v.Capture.Screenshot = news.Sum([]byte("never")) },
		"memory beyond MaxMemory":    func(v *Visit) { v.Memory = make([]byte, MaxMemory+1) },
		"returned and grown":         func(v *Visit) { v.Changes = append(v.Changes, news.Change{Type: news.ArticleReturned, Grown: true}) },
		"negative count of posts":    func(v *Visit) { v.Changes[0].Posts = -1 },
		"held back less than never":  func(v *Visit) { v.Held = []news.Held{{Times: -1}} },
		"held back before it began":  func(v *Visit) { v.Held = []news.Held{{First: b.clock.t, Last: b.clock.t.Add(-1)}} },
		"event of no kind":           func(v *Visit) { v.Event = &news.Event{Subject: "x"} },
		"event about nothing":        func(v *Visit) { v.Event = &news.Event{Kind: news.TemplateChanged} },
		"event that ended":           func(v *Visit) { v.Event = &news.Event{Kind: news.TemplateChanged, Subject: "x", Ended: b.clock.t} },
		"event of a long subject": func(v *Visit) {
			v.Event = &news.Event{Kind: news.TemplateChanged, Subject: strings.Repeat("x", MaxSubject+1)}
		},
		"more empty pages than pages": func(v *Visit) { v.Pulse = &news.Pulse{Empty: 1} },
		"negative figures":            func(v *Visit) { v.Pulse = &news.Pulse{Visits: -1} },
	} {
		v := good()
		spoil(&v)
		if log, err := b.RecordVisit(b.ctx, v); err == nil || log != nil {
			t.Errorf("%s: %v, %v", what, log, err)
		}
	}
	if x := b.visiting(a.ID); x.Captures != 0 || x.State != news.New {
		t.Errorf("a refused visit left something: %+v", x)
	}
	v := good()
	v.Version.Content.Standfirst = strings.Repeat("x", MaxContent-len(content("A", "x").Canonical())+len(content("A", "x").Standfirst))
	for len(v.Changes) < MaxChanges {
		v.Changes = append(v.Changes, news.Change{Type: news.ArticleReturned})
	}
	equal(t, "entries at the limits", len(b.record(v)), MaxChanges)
}

func testVisiting(t *testing.T, b *bench) {
	other, a := b.article("other"), b.article("a")
	l := b.lease()
	b.publish(l, other.ID, content("O", "x"))
	okAt := b.clock.t
	now := b.clock.pass(time.Minute)
	c := content("A", "x")
	v := b.visit(l, a.ID, news.OK).withVersion(0, c)
	v.ETag, v.LastModified, v.Body = `"e"`, "Mon, 02 Mar 2026 09:00:00 GMT", news.Sum([]byte("b"))
	v.Keys, v.Extractor = []uint64{1 << 63, 5, 5, 7}, "test/1"
	v.Language, v.Published = "en-GB", okAt
	b.record(v)
	x := b.visiting(a.ID)
	if x.ETag != v.ETag || x.LastModified != v.LastModified || x.Body != v.Body || x.Period != time.Hour ||
		x.BaselineExtractor != "test/1" || x.Language != "en-GB" || !x.Published.Equal(okAt) || !x.SourceOKAt.Equal(okAt) || !x.CurrentSince.Equal(now) {
		t.Errorf("visiting: %+v", x)
	}
	equal(t, "baseline", x.Baseline, []uint64{5, 7, 1 << 63})
	equal(t, "current text", x.Current.Content, c)

	v = b.visit(l, a.ID, news.Failed) // teaches nothing of language, date, page
	b.record(v)
	x = b.visiting(a.ID)
	if x.Language != "en-GB" || !x.Published.Equal(okAt) || len(x.Baseline) != 3 || x.ETag != "" {
		t.Errorf("after a failure: %+v", x)
	}
	v = b.visit(l, a.ID, news.OK).withVersion(1, content("A", "y"))
	v.Keys = []uint64{}
	b.record(v)
	x = b.visiting(a.ID)
	equal(t, "an empty page's baseline", x.Baseline, nil)
	if y := b.visiting(other.ID); !y.SourceOKAt.Equal(x.LastOK) {
		t.Errorf("SourceOKAt %v, want %v", y.SourceOKAt, x.LastOK)
	}
}

func testCountIdentity(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	x, y := content("A", "x"), content("A", "y")
	b.publish(l, a.ID, x)
	b.publish(l, a.ID, y)
	b.publish(l, a.ID, x)
	firstX := b.clock.t.Add(-2 * time.Minute)
	tests := []struct {
		c       news.Content
		since   time.Time
		n, last int
	}{{x, time.Time{}, 2, 2}, {x, firstX, 2, 2}, {x, firstX.Add(time.Microsecond), 1, 2}, {y, time.Time{}, 1, 1}, {content("Z"), time.Time{}, 0, -1}}
	for i, tt := range tests {
		n, last, err := b.CountIdentity(b.ctx, a.ID, tt.c.Identity(), tt.since)
		b.must(err)
		if n != tt.n || last != tt.last {
			t.Errorf("%d: %d, %d; want %d, %d", i, n, last, tt.n, tt.last)
		}
	}
}
