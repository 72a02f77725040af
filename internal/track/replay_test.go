package track

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// imported is when the archives of these tests are replayed.
var imported = morning.AddDate(1, 0, 0)

// An attic is a store into which archived responses are replayed.
type attic struct {
	t     *testing.T
	store *store.Store
	dir   string
	o     ReplayOptions
}

func newAttic(t *testing.T) *attic {
	now := func() time.Time { return imported }
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Options{Dir: dir, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r, err := s.Verify(context.Background(), nil)
		if err != nil || len(r.Problems) > 0 {
			t.Errorf("verify: %v %v", r.Problems, err)
		}
		s.Close()
	})
	return &attic{t, s, dir, ReplayOptions{Store: s, Now: now, Workers: 3}}
}

// replay replays responses, and gives their fates in order.
func (x *attic) replay(responses ...Archived) []string {
	x.t.Helper()
	r, err := NewReplay(x.t.Context(), x.o)
	if err != nil {
		x.t.Fatal(err)
	}
	i := 0
	next := func() (Archived, error) {
		if i++; i > len(responses) {
			return Archived{}, io.EOF
		}
		return responses[i-1], nil
	}
	var fates []string
	err = r.Run(x.t.Context(), next, func(done []Replayed) error {
		for _, p := range done {
			fates = append(fates, string(p.Fate))
			x.t.Log(p.URL, p.At.Format("15:04"), p.Fate, p.Reason)
		}
		return nil
	})
	if err = errors.Join(err, r.Close(x.t.Context())); err != nil {
		x.t.Fatal(err)
	}
	return fates
}

func (x *attic) want(what string, got []string, want ...string) {
	x.t.Helper()
	if !slices.Equal(got, want) {
		x.t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// log is the change log, with T1 and T2: "version 1 06:00-08:00".
func (x *attic) log() (out []string) {
	x.t.Helper()
	rows, err := x.store.Changes(x.t.Context(), 0, 100)
	if err != nil {
		x.t.Fatal(err)
	}
	for _, c := range rows {
		s := string(c.Type)
		if c.Type == news.VersionAppeared {
			s += fmt.Sprint(" ", c.Number)
		}
		if !c.RecordedAt.Equal(imported) {
			x.t.Errorf("recorded at %v, want when it was imported", c.RecordedAt)
		}
		t1 := ""
		if !c.After.IsZero() {
			t1 = c.After.Format("15:04")
		}
		out = append(out, s+" "+t1+"-"+c.Before.Format("15:04"))
	}
	return out
}

// at is an archived page, so many hours after the morning.
func at(hours float64, path, body string) Archived {
	return Archived{
		URL: "https://post.example.org" + path, At: morning.Add(time.Duration(hours * float64(time.Hour))), Status: 200, StatusLine: "200 OK", Proto: "HTTP/1.1",
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Wire: []byte(body),
	}
}

// status is an archived response without a page.
func status(hours float64, path string, code int, location string) Archived {
	a := at(hours, path, "")
	a.Status = code
	if location != "" {
		a.Header.Set("Location", location)
	}
	return a
}

// A history is found as it was, with the archive's times; and a second time it is
// known.
func TestReplay(t *testing.T) {
	x := newAttic(t)
	old, edited := story("Bridge to close for a week"), story("Bridge to close for ten days", extra)
	history := []Archived{
		at(0, "/", story("The Lindhaven Post")), at(0, "/bridge", old), at(1, "/bridge", old), at(2, "/bridge?utm_source=x", old),
		at(3, "/feed", rss()), at(4, "/bridge", edited), at(5, "/bridge", edited),
		status(6, "/bridge", 404, ""), status(6, "/nowhere", 404, ""), status(7.5, "/bridge", 404, ""), status(8, "/bridge", 404, ""),
		at(10, "/bridge", edited),
	}
	x.want("fates", x.replay(history...), "not an article", "version", "sighting", "sighting", "not an article",
		"held", "version", "not seen", "not an article", "not seen", "not seen", "sighting")
	x.want("log", x.log(), "version 0 -06:00", "version 1 08:00-10:00", "gone 11:00-12:00", "returned 14:00-16:00")
	a, src, err := x.store.Article(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if src.Key != "post" && src.Key != "example" || !a.Due.IsZero() || a.Captures != 9 || !a.LastVisit.Equal(morning.Add(10*time.Hour)) {
		t.Errorf("source %q, article %+v", src.Key, a)
	}
	pulses, err := x.store.Pulses(t.Context(), src.ID, time.Time{})
	if err != nil || len(pulses) != 0 {
		t.Errorf("figures of the archive's hours: %v, %v", pulses, err)
	}
	n := len(x.log())
	again := x.replay(history...)
	for i, f := range again {
		if f != string(WasKnown) && f != string(NoArticle) {
			t.Errorf("replayed again, %s is %s", history[i].URL, f)
		}
	}
	x.want("one in between", x.replay(at(3.3, "/bridge", story("A text that nobody saw"))), "older")
	if len(x.log()) != n {
		t.Errorf("the log grew: %v", x.log())
	}
}

// A difference that the next look does not have was none.
func TestReplayHeldAndGone(t *testing.T) {
	x := newAttic(t)
	page := story("Bridge to close")
	x.want("fates", x.replay(at(0, "/bridge", page), at(1, "/bridge", story("Bridge to close", extra)), at(2, "/bridge", page), at(3, "/bridge", page)),
		"version", "held", "sighting", "sighting")
	x.want("log", x.log(), "version 0 -06:00")
}

// Cut anywhere, and gone on with in another process, it is the same history.
func TestReplayGoesOn(t *testing.T) {
	texts := []string{story("Bridge to close"), story("Bridge to close for ten days", extra)}
	var history []Archived
	for i := range 8 {
		history = append(history, at(float64(i), "/bridge", texts[i/4]), at(float64(i), fmt.Sprintf("/other-%d", i), story(fmt.Sprintf("Other news of day %d", i))))
	}
	whole := newAttic(t)
	whole.replay(history...)
	want := whole.log()
	for cut := 1; cut < len(history); cut += 3 {
		x := newAttic(t)
		x.replay(history[:cut]...)
		x.replay(history...)
		x.want(fmt.Sprintf("cut at %d", cut), x.log(), want...)
	}
}

// A revisit is what was captured when it says.
func TestReplayRevisits(t *testing.T) {
	same := func(hours float64, path string, of Archived) Archived {
		a := at(hours, path, "")
		a.Same = &Earlier{of.URL, of.At}
		return a
	}
	x := newAttic(t)
	first, second := at(0, "/bridge", story("Bridge to close")), at(3, "/bridge", story("Bridge to close for ten days", extra))
	nowhere := at(9, "/bridge", "")
	dateless := same(10, "/bridge", Archived{})
	x.want("fates", x.replay(first, same(1, "/bridge", first), same(2, "/bridge", first), second, same(4, "/bridge", second),
		same(5, "/bridge", second), same(6, "/bridge", nowhere), same(7, "/ferry", first), same(8, "/unknown", Archived{}), dateless),
		"version", "sighting", "sighting", "held", "version", "sighting", "refused", "refused", "refused", "refused")
	x.want("log", x.log(), "version 0 -06:00", "version 1 08:00-09:00")
	x.want("back to the first", x.replay(same(11, "/bridge", first), same(12, "/bridge", first)), "held", "version")
}

// A redirect and the response at its target are one visit.
func TestReplayRedirects(t *testing.T) {
	x := newAttic(t)
	page := story("Bridge to close")
	moved := status(1, "/bridge", 301, "/town/bridge")
	there := at(1, "/town/bridge", page)
	there.At = there.At.Add(2 * time.Second)
	late := at(3, "/elsewhere", story("Ferry to run at night", extra))
	x.want("fates", x.replay(at(0, "/bridge", page), moved, there, status(2, "/ferry", 302, "/elsewhere"), late),
		"version", "redirect", "sighting", "redirect", "version")
	x.want("log", x.log(), "version 0 -06:00", "moved 06:00-07:00", "version 0 -09:00")
	a, _, err := x.store.Article(t.Context(), 1)
	if err != nil || a.URL != "https://post.example.org/town/bridge" {
		t.Errorf("visited at %s, %v", a.URL, err)
	}
}

// What cannot be used is refused with the reason, and stands in nobody's way.
func TestReplayRefuses(t *testing.T) {
	x := newAttic(t)
	odd := at(0, "", "x")
	odd.URL = "dns:post.example.org"
	ahead := at(0, "/ahead", story("Tomorrow's news"))
	ahead.At = imported.Add(ReplayAhead + time.Second)
	edge := at(0, "/edge", story("News of the day that is to come"))
	edge.At = imported.Add(ReplayAhead)
	half := at(1, "/half", story("Half of it"))
	half.Cut = "9 of 10 bytes"
	packed := at(1, "/packed", story("A page that its archive had unpacked", extra))
	packed.Header.Set("Content-Encoding", "gzip")
	unknown := at(1, "/coded", "\x01\x02")
	unknown.Header.Set("Content-Encoding", "mystery")
	x.want("fates", x.replay(odd, ahead, edge, half, packed, unknown),
		"refused", "refused", "version", "not an article", "version", "not an article")
	if _, err := NewReplay(t.Context(), ReplayOptions{Store: x.store, Raw: RawNone}); err == nil {
		t.Error("a replay without raw bytes was begun")
	}
}

// With Watch, and a source told; what reserves something is treated as visits treat it.
func TestReplayOptions(t *testing.T) {
	x := newAttic(t)
	x.o.Watch, x.o.Source = true, "attic"
	x.o.Reserved = ReservedPolicy{news.NoArchive: Skip}
	reserved := at(0, "/quiet", story("Not for archives"))
	reserved.Header.Set("X-Robots-Tag", "noarchive")
	x.want("fates", x.replay(at(0, "/bridge", story("Bridge to close")), reserved), "version", "not an article")
	a, src, err := x.store.Article(t.Context(), 1)
	if err != nil || src.Key != "attic" || !a.Due.Equal(imported) {
		t.Errorf("source %q, due %v, %v", src.Key, a.Due, err)
	}
	if next, ok, err := x.store.NextReady(t.Context()); err != nil || !ok || !next.Equal(imported) {
		t.Errorf("next ready %v %v %v", next, ok, err)
	}
}

// A host that somebody visits is waited for; nothing of the batch is recorded then.
func TestReplayWaits(t *testing.T) {
	x := newAttic(t)
	l, ok, err := x.store.LeaseNamed(t.Context(), "post.example.org", time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	go func() {
		time.Sleep(300 * time.Millisecond)
		if err := x.store.ReleaseHost(t.Context(), l, time.Time{}); err != nil {
			t.Error(err)
		}
	}()
	x.want("fates", x.replay(at(0, "/bridge", story("Bridge to close"))), "version")
	if strings.Join(x.log(), "") != "version 0 -06:00" {
		t.Errorf("log %q", x.log())
	}
}

// A fault of our own with one response undoes that one alone, its article included.
func TestReplayFault(t *testing.T) {
	x := newAttic(t)
	bad := at(0, "/bad", story("What the disk does not take"))
	name := news.Sum(bad.Wire).String()
	if err := os.WriteFile(filepath.Join(x.dir, "blobs", name[:2]), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	good := at(1, "/bridge", story("Bridge to close for ten days", extra))
	if news.Sum(good.Wire).String()[:2] == name[:2] {
		t.Fatal("the two pages are kept in one directory")
	}
	x.want("fates", x.replay(bad, good), "refused", "version")
	if _, err := x.store.Lookup(t.Context(), "post.example.org/bad"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("half an article: %v", err)
	}
	if err := os.Remove(filepath.Join(x.dir, "blobs", name[:2])); err != nil {
		t.Fatal(err)
	}
	x.want("again", x.replay(bad, good), "version", "known")
}
