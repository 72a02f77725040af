package track

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
)

// try runs like run, but gives the error of Run instead of ending the test.
func (w *world) try(tr *Tracker, d time.Duration) error {
	ctx, stop := context.WithCancel(w.t.Context())
	defer stop()
	w.mu.Lock()
	w.end, w.stop = w.now.Add(d), stop
	w.mu.Unlock()
	return tr.Run(ctx)
}

// text is the text of a version of the first article, headline included.
func (w *world) text(number int) string {
	w.t.Helper()
	v, err := w.store.VersionByNumber(w.t.Context(), 1, number)
	if err != nil {
		w.t.Fatal(err)
	}
	return v.Content.Headline + "\n" + v.Content.Text()
}

// last is the text of the newest version of the first article.
func (w *world) last() string {
	w.t.Helper()
	a, _, err := w.store.Article(w.t.Context(), 1)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.text(a.Versions - 1)
}

// An edge that lags behind serves the old text to the confirming fetch, once.
// The edit is on the page from then on, and must be recorded.
func TestStaleSecondFetchLosesNoEdit(t *testing.T) {
	before, after := story("Bridge to close"), story("Bridge to close", extra)
	for name, header := range map[string]func(body string) map[string]string{
		"same bytes": func(string) map[string]string { return nil },
		"validators": func(b string) map[string]string { return map[string]string{"ETag": fmt.Sprintf(`"%d"`, len(b))} },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.page("/bridge", func(n int, at time.Duration) reply {
				body := after
				if n == 0 || n == 2 {
					body = before
				}
				return reply{body: body, header: header(body)}
			})
			w.ask("/bridge")
			w.run(w.tracker(nil), 3*24*time.Hour)
			w.expect("version 0", "version 1")
		})
	}
}

// After such a lag no later version may lack what stands on the page.
func TestStaleSecondFetchHidesNoParagraph(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(n int, at time.Duration) reply {
		switch {
		case n == 0 || n == 2:
			return reply{body: story("Bridge to close")}
		case at < 6*time.Hour:
			return reply{body: story("Bridge to close", extra)}
		}
		return reply{body: story("Bridge to close for ten days", extra)}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 12*time.Hour)
	if text := w.last(); !strings.Contains(text, "ten days\n") || !strings.Contains(text, extra) {
		t.Errorf("the newest version lacks what stands on the page:\n%s", text)
	}
}

// An article that is edited again between the first and the confirming fetch.
func TestThirdTextAtSecondFetch(t *testing.T) {
	const q1, q2 = "The mayor said on Tuesday evening that the ferry would cost nothing during the closure of the bridge.",
		"The mayor said on Tuesday evening that the ferry would cost two crowns during the closure of the bridge."
	w := newWorld(t)
	w.page("/bridge", func(n int, _ time.Duration) reply {
		switch n {
		case 0:
			return reply{body: story("Bridge to close", extra)}
		case 1:
			return reply{body: story("Bridge to close", q1)}
		}
		return reply{body: story("Bridge to close", q2)}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 12*time.Hour)
	if text := w.last(); !strings.Contains(text, q2) || strings.Contains(text, extra) {
		t.Errorf("the newest version is not what stands on the page:\n%s", text)
	}
	if c := w.change(1); !c.After.Before(morning.Add(30 * time.Minute)) {
		t.Errorf("the old text was last seen at 06:00, T1 is %v", c.After)
	}
}

// The first fetch of a visit lacks a paragraph that the second shows; beside it
// stands a true edit. The version must have both.
func TestVersionHoldsWhatOnlyTheSecondFetchShows(t *testing.T) {
	whole := story("Bridge to close", "The ferry company has hired eleven sailors for the week, and asks for patience at the northern landing.")
	const third = "Shopkeepers on the north bank"
	w := newWorld(t)
	w.page("/bridge", func(n int, _ time.Duration) reply {
		switch n {
		case 0:
			return reply{body: story("Bridge to close")}
		case 1:
			i := strings.Index(whole, "<p>"+third)
			j := i + strings.Index(whole[i:], "</p>") + len("</p>")
			return reply{body: whole[:i] + whole[j:]}
		}
		return reply{body: whole}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 12*time.Hour)
	if text := w.last(); !strings.Contains(text, third) || !strings.Contains(text, "eleven sailors") {
		t.Errorf("the newest version lacks what stands on the page:\n%s", text)
	}
}

// A paragraph goes from an article whose page has furniture that never rests.
func TestRemovalBesideFurniture(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(n int, at time.Duration) reply {
		ad := fmt.Sprintf("Offer number %d of the day: a kettle that whistles in tune, from the hardware shop in Mill Lane, while stocks last.", n)
		if at < 2*time.Hour { // the advert comes with the first day's readers
			return reply{body: story("Bridge to close", extra)}
		}
		if at < 5*time.Hour {
			return reply{body: story("Bridge to close", extra, ad)}
		}
		return reply{body: story("Bridge to close", ad)}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 24*time.Hour)
	w.expect("version 0", "version 1")
}

// A server that never answers the confirming fetch must not hide every edit.
func TestChangeThatCannotBeConfirmedIsCaughtAtLast(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(n int, _ time.Duration) reply {
		switch {
		case n == 0:
			return reply{body: story("Bridge to close")}
		case n%2 == 0:
			return reply{status: 500, body: "no"}
		}
		return reply{body: story("Bridge to close", extra)}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 24*time.Hour)
	w.expect("version 0", "version 1")
	if n := w.asked["/bridge"]; n > 60 {
		t.Errorf("asked %d times in a day", n)
	}
}

// A text that alternated comes back after a week of silence: the newest
// version's text again, while another one was the current.
func TestAlternationAfterAPauseDoesNotEndTheRun(t *testing.T) {
	w := newWorld(t)
	a, b := story("Bridge to close for a week"), story("A week without the bridge")
	w.page("/bridge", func(_ int, at time.Duration) reply {
		switch {
		case at > 5*time.Hour && at < 9*24*time.Hour:
			return reply{status: 500}
		case at > 5*time.Hour:
			return reply{body: b}
		}
		return reply{body: []string{a, b}[int(at.Hours())%2]}
	})
	w.ask("/bridge")
	if err := w.try(w.tracker(schedule.Every(30*time.Minute)), 12*24*time.Hour); err != nil {
		t.Errorf("run: %v", err)
	}
}

// Whatever is wrong with one article, the others of its host are visited, and
// the host is not asked more often than its articles are due.
func TestOneArticleStopsNoOther(t *testing.T) {
	w := newWorld(t)
	body := story("Bridge to close", extra)
	w.page("/bridge", func(n int, _ time.Duration) reply {
		if n == 0 {
			return reply{body: body}
		}
		return reply{body: story("Bridge to close")}
	})
	w.page("/school", func(int, time.Duration) reply { return reply{body: story("School to open")} })
	w.ask("/bridge")
	tr := w.tracker(nil)
	tr.o.Patient = true
	w.run(tr, time.Minute)
	older(t, w, body, 3) // as in TestUpgradeAndRemovalDoNotEndTheRun
	w.ask("/school")
	w.run(tr, 3*time.Hour)
	if bridge, school := w.asked["/bridge"], w.asked["/school"]; school < 4 || bridge > 20 {
		t.Errorf("in three hours /school was asked for %d times, /bridge %d times", school, bridge)
	}
}

// An operator removes a feed while it is being polled.
func TestFeedRemovedWhilePolled(t *testing.T) {
	w := newWorld(t)
	w.page("/rss", func(n int, _ time.Duration) reply {
		if n == 1 {
			if err := w.store.RemoveFeed(context.Background(), 1); err != nil {
				t.Error(err)
			}
		}
		return reply{body: rss(item(w, "/bridge", "Bridge", morning))}
	})
	w.page("/bridge", func(int, time.Duration) reply { return reply{body: story("Bridge to close")} })
	w.ask("/rss")
	if err := w.try(w.tracker(nil), time.Hour); err != nil {
		t.Errorf("run: %v", err)
	}
	w.expect("version 0")
}

// older rewrites the first article's history as an older extractor would have
// left it: version 1 with fewer blocks than its capture holds.
func older(t *testing.T, w *world, body string, blocks int) {
	t.Helper()
	a, err := w.store.Visiting(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	lease, ok, err := w.store.LeaseNamed(t.Context(), w.host, time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	raw, err := w.store.PutBlob(t.Context(), []byte(body), news.Digest{})
	if err != nil {
		t.Fatal(err)
	}
	old, now := a.Current.Content, w.Now()
	old.Blocks = old.Blocks[:blocks]
	_, err = w.store.RecordVisit(t.Context(), store.Visit{
		Lease: lease, ArticleID: 1, State: news.Live, Due: now.Add(time.Minute), Keys: []uint64{1, 2}, Extractor: "stet-0",
		Capture: news.Capture{ArticleID: 1, URL: a.URL, FinalURL: a.URL, At: now, Outcome: news.OK, Status: 200, Raw: raw,
			Header: "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"},
		Version: &news.Version{ArticleID: 1, Number: 1, Content: old, Digest: news.Sum(old.Canonical()), Extractor: "stet-0", Seen: news.Seen{First: now, Last: now, Sightings: 1}},
		Changes: []news.Change{{Type: news.VersionAppeared, Number: 1, After: a.Current.Seen.Last, Before: now}}})
	if err == nil {
		err = w.store.ReleaseHost(t.Context(), lease, time.Time{})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// The publisher removes just what an older extractor had not seen.
func TestUpgradeAndRemovalDoNotEndTheRun(t *testing.T) {
	w := newWorld(t)
	body := story("Bridge to close", extra)
	w.page("/bridge", func(n int, _ time.Duration) reply {
		if n == 0 {
			return reply{body: body}
		}
		return reply{body: story("Bridge to close")}
	})
	w.ask("/bridge")
	tr := w.tracker(nil)
	w.run(tr, time.Minute)
	older(t, w, body, 3)
	if err := w.try(tr, 3*time.Hour); err != nil {
		t.Errorf("run: %v", err)
	}
	if a, err := w.store.Visiting(t.Context(), 1); err != nil || a.BaselineExtractor != extract.Extractor() {
		t.Errorf("baseline by %s, %v", a.BaselineExtractor, err)
	}
}

// What the store refuses of a feed or a request is recorded as our fault, and
// the rest of the host is served.
func TestRefusedFeedAndRequestStopNothing(t *testing.T) {
	w := newWorld(t)
	w.faulty = true
	w.page("/rss", func(int, time.Duration) reply { return reply{body: rss(item(w, "/mill", "Mill", morning))} })
	w.page("/school", func(int, time.Duration) reply { return reply{body: story("School to open")} })
	db, err := sql.Open("sqlite", filepath.Join(w.dir, "stet.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TRIGGER refuse BEFORE INSERT ON announcement BEGIN SELECT RAISE(ABORT, 'refused'); END`); err != nil {
		t.Fatal(err)
	}
	feed := w.ask("/rss")
	w.ask("/school")
	w.run(w.tracker(nil), 2*time.Hour)
	w.expect("version 0")
	if r, err := w.store.Request(t.Context(), feed.ID); err != nil || r.State != store.RequestFailed || !strings.Contains(r.Result, "our own fault") {
		t.Errorf("request: %+v, %v", r, err)
	}
	feeds, err := w.store.Feeds(t.Context(), 0)
	if err != nil || len(feeds) != 1 || feeds[0].Failures == 0 || !strings.Contains(feeds[0].LastReason, "our own fault") {
		t.Errorf("feeds: %+v, %v", feeds, err)
	}
	if n := w.asked["/rss"]; n > 8 {
		t.Errorf("the feed was asked for %d times in two hours", n)
	}
	if _, err := db.Exec(`DROP TRIGGER refuse`); err != nil {
		t.Fatal(err)
	}
}
