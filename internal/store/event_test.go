package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

func testEvents(t *testing.T, b *bench) {
	l := b.lease()
	x, y := b.article("x"), b.article("y")
	start := b.clock.t
	tell := func(id int64, note string) {
		b.clock.pass(time.Minute)
		v := b.visit(l, id, news.OK)
		v.State, v.Event = news.New, &news.Event{Kind: news.TemplateChanged, Subject: "f00d", Note: note}
		b.record(v)
	}
	tell(x.ID, "a box was added")
	tell(y.ID, "a box was added to 2 articles")
	events, err := b.Events(b.ctx, b.src.ID, 9)
	b.must(err)
	equal(t, "one event", events, []news.Event{{ID: 1, SourceID: b.src.ID, Kind: news.TemplateChanged, Subject: "f00d",
		Note: "a box was added to 2 articles", Articles: 2, First: start.Add(time.Minute), Last: start.Add(2 * time.Minute)}})
	b.must(b.EndEvent(b.ctx, b.src.ID, news.TemplateChanged, "f00d", b.clock.pass(time.Hour), ""))
	wantErr(t, "end it again", b.EndEvent(b.ctx, b.src.ID, news.TemplateChanged, "f00d", b.clock.t, ""), ErrNotFound)
	tell(x.ID, "another")

	long := strings.Repeat("é", MaxSubject)
	e, err := b.OpenEvent(b.ctx, b.src.ID, news.HealthAlarm, long, b.clock.t, "0 words")
	b.must(err)
	again, err := b.OpenEvent(b.ctx, b.src.ID, news.HealthAlarm, long, b.clock.pass(time.Hour), "still 0 words")
	b.must(err)
	if again.ID != e.ID || again.Note != "still 0 words" || !again.First.Equal(e.First) || !again.Last.Equal(b.clock.t) || again.Articles != 0 {
		t.Errorf("goes on: %+v", again)
	}
	open, err := b.OpenEvents(b.ctx, b.src.ID, news.HealthAlarm)
	b.must(err)
	equal(t, "open alarms", open, []news.Event{again})
	b.must(b.EndEvent(b.ctx, b.src.ID, news.HealthAlarm, long, b.clock.t.Add(-2*time.Hour), "well again"))
	other, err := b.AddSource(b.ctx, news.Source{Key: "aurora"})
	b.must(err)
	_, err = b.OpenEvent(b.ctx, other.ID, news.HealthAlarm, "words", b.clock.t, "")
	b.must(err)
	events, err = b.Events(b.ctx, 0, 3)
	b.must(err)
	if len(events) != 3 || events[0].SourceID != other.ID || events[1].Note != "well again" || !events[1].Ended.Equal(again.Last) || events[2].Note != "another" {
		t.Errorf("all events: %+v", events)
	}
	for _, subject := range []string{"", long + "x"} {
		if _, err := b.OpenEvent(b.ctx, b.src.ID, news.HealthAlarm, subject, b.clock.t, ""); err == nil {
			t.Errorf("subject of %d bytes: no error", len(subject))
		}
	}
	if _, err := b.OpenEvent(b.ctx, b.src.ID, "party", "x", b.clock.t, ""); err == nil {
		t.Error("an event of an unknown kind: no error")
	}
}

func testIgnores(t *testing.T, b *bench) {
	other, err := b.AddSource(b.ctx, news.Source{Key: "aurora"})
	b.must(err)
	var all []news.Ignore
	for _, g := range []news.Ignore{
		{Selector: ".newsletter", Note: "a form"},
		{SourceID: b.src.ID, Pattern: "(?i)^read also"},
		{SourceID: other.ID, Selector: "aside", Pattern: "Weather"},
	} {
		added, err := b.AddIgnore(b.ctx, g)
		b.must(err)
		if added.ID == 0 || !added.CreatedAt.Equal(b.clock.t) || added.Selector != g.Selector {
			t.Errorf("added: %+v", added)
		}
		all = append(all, added)
	}
	for source, want := range map[int64][]news.Ignore{b.src.ID: all[:2], other.ID: {all[0], all[2]}, 0: all[:1]} {
		got, err := b.Ignores(b.ctx, source)
		b.must(err)
		equal(t, fmt.Sprint("rules of source ", source), got, want)
	}
	for _, bad := range []news.Ignore{{Note: "nothing"}, {Pattern: "("}, {SourceID: 99, Selector: "p"}} {
		if _, err := b.AddIgnore(b.ctx, bad); err == nil {
			t.Errorf("AddIgnore(%+v): no error", bad)
		}
	}
	b.must(b.RemoveIgnore(b.ctx, all[0].ID))
	wantErr(t, "remove again", b.RemoveIgnore(b.ctx, all[0].ID), ErrNotFound)
}

func testRender(t *testing.T, b *bench) {
	a := b.article("a")
	equal(t, "at first", b.visiting(a.ID).Render, "")
	for _, mode := range []string{"dom", "screenshot", ""} {
		b.must(b.SetRender(b.ctx, "courier", mode))
		row, err := b.Source(b.ctx, "courier")
		b.must(err)
		if row.Render != mode || b.visiting(a.ID).Render != mode {
			t.Errorf("render %q, want %q", row.Render, mode)
		}
	}
	wantErr(t, "no such source", b.SetRender(b.ctx, "none", "dom"), ErrNotFound)
	if b.SetRender(b.ctx, "courier", "telepathy") == nil {
		t.Error("an unknown mode: no error")
	}
	picture, err := b.PutBlob(b.ctx, []byte("a picture"), news.Digest{})
	b.must(err)
	v := b.visit(b.lease(), a.ID, news.OK).withVersion(0, content("A", "x"))
	v.Capture.Screenshot = picture
	b.record(v)
	cs, err := b.Captures(b.ctx, a.ID, 1)
	b.must(err)
	equal(t, "screenshot", cs[0].Screenshot, picture)
	if r := b.verify(); r.Checked["blobs"] != 1 || r.Checked["orphan blobs"] != 0 {
		t.Errorf("checked: %v", r.Checked)
	}
	b.must(b.Backup(b.ctx, filepath.Join(t.TempDir(), "copy"))) // which verifies that the picture is there
}

func testPulses(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	hour := b.clock.t.Truncate(time.Hour)
	beat := func(p news.Pulse) {
		v := b.visit(l, a.ID, news.OK)
		v.State, v.Pulse = news.New, &p
		b.record(v)
	}
	one := news.Pulse{SourceID: 99, Visits: 1, Seen: 1, Changes: 1} // source and hour are the visit's own
	one.AddRead(700, 0.25)
	beat(one)
	b.clock.t = hour.Add(time.Hour - time.Microsecond)
	two := news.Pulse{Visits: 1, Seen: 1}
	two.AddRead(0, 1)
	beat(two)
	b.clock.t = hour.Add(time.Hour)
	beat(news.Pulse{Visits: 1, Blocked: 1})
	beat(news.Pulse{Visits: 1, Failed: 1})
	got, err := b.Pulses(b.ctx, b.src.ID, time.Time{})
	b.must(err)
	want := news.Pulse{SourceID: b.src.ID, Hour: hour, Visits: 2, Seen: 2, Read: 2, Empty: 1, Changes: 1, Words: 700, Furniture: 1.25}
	want.Bins[0], want.Bins[10] = 1, 1
	equal(t, "figures", got, []news.Pulse{want, {SourceID: b.src.ID, Hour: hour.Add(time.Hour), Visits: 2, Blocked: 1, Failed: 1}})
	got, err = b.Pulses(b.ctx, b.src.ID, hour.Add(time.Microsecond))
	b.must(err)
	equal(t, "since", len(got), 1)
}
