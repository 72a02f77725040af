package track

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
)

const extra = "Late in the evening the port office said that the closure would last ten days and not seven, because of the tides."

// An edit is caught, with both bounds of the time when it was made.
func TestEditIsCaught(t *testing.T) {
	w := newWorld(t)
	edit := 3 * time.Hour
	w.page("/bridge", func(_ int, at time.Duration) reply {
		if at < edit {
			return reply{body: story("Bridge to close for a week")}
		}
		return reply{body: story("Bridge to close for ten days", extra)}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 12*time.Hour)
	w.expect("version 0", "version 1")
	c := w.change(1)
	if made := morning.Add(edit); !c.After.Before(made) || c.Before.Before(made) || c.Before.Sub(c.After) > 2*time.Hour {
		t.Errorf("bounds %v – %v around %v", c.After, c.Before, made)
	}
	if !c.Headline || c.WordsAdded < 20 || c.WordsRemoved == 0 || c.Silent {
		t.Errorf("change: %+v", c)
	}
	v, err := w.store.VersionByNumber(t.Context(), c.ArticleID, 1)
	if err != nil {
		t.Fatal(err)
	}
	if v.Seen.Sightings < 3 || !strings.Contains(v.Content.Text(), extra) || v.Content.Headline != "Bridge to close for ten days" {
		t.Errorf("version 1: %+v", v)
	}
}

// The visits keep to the policy, and a 304 is a sighting.
func TestVisitsKeepToThePolicy(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(int, time.Duration) reply {
		return reply{body: story("Bridge to close"), header: map[string]string{"ETag": `"1"`}}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 3*time.Hour)
	var at []string
	for _, line := range w.log {
		if strings.HasSuffix(line, "/bridge") {
			at = append(at, line[:5])
		}
	}
	if got := strings.Join(at, " "); got != "06:00 06:30 07:06 07:49 08:41" {
		t.Errorf("visits at %s", got)
	}
	captures, err := w.store.Captures(t.Context(), 1, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(captures) != 5 || captures[0].Outcome != news.Unchanged || captures[0].Status != http.StatusNotModified {
		t.Errorf("captures: %+v", captures)
	}
	w.expect("version 0")
}

// What differs at every request is furniture, wherever it stands.
func TestFurnitureIsNoChange(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(n int, _ time.Duration) reply {
		ad := fmt.Sprintf("Offer number %d of the day: a kettle that whistles in tune, from the hardware shop in Mill Lane, while stocks last.", n)
		return reply{body: story("Bridge to close", ad)}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 12*time.Hour)
	w.expect("version 0")
}

// A true edit is found beside furniture that never rests.
func TestEditBesideFurniture(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(n int, at time.Duration) reply {
		ad := fmt.Sprintf("Offer number %d of the day: a kettle that whistles in tune, from the hardware shop in Mill Lane, while stocks last.", n)
		if at < 5*time.Hour {
			return reply{body: story("Bridge to close", ad)}
		}
		return reply{body: story("Bridge to close", ad, extra)}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 12*time.Hour)
	w.expect("version 0", "version 1")
	v, err := w.store.VersionByNumber(t.Context(), 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	// The first page's advert stands: to take it out now would show a removal.
	text := v.Content.Text()
	if !strings.Contains(text, extra) || strings.Count(text, "Offer") != strings.Count(text, "Offer number 0") {
		t.Errorf("version 1 holds\n%s", text)
	}
}

// A change is not believed when the second fetch fails; it is looked at again
// soon, and believed then.
func TestUnconfirmedChangeWaits(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(n int, _ time.Duration) reply {
		switch n {
		case 0:
			return reply{body: story("Bridge to close")}
		case 2:
			return reply{status: 503, body: "later"}
		}
		return reply{body: story("Bridge to close", extra)}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 35*time.Minute)
	w.expect("version 0")
	w.run(w.tracker(nil), 20*time.Minute)
	w.expect("version 0", "version 1")
}

// Pages that are no article make no version, and what was there is not lost
// behind them.
func TestTroubleIsNoVersion(t *testing.T) {
	captcha := `<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1><div class="cf-challenge"><p>Verify you are human by completing the action below.</p></div></body></html>`
	trouble := map[string]reply{
		"server error": {status: 500, body: "oops"},
		"forbidden":    {status: 403, body: "no"},
		"captcha":      {body: captcha},
		"empty":        {body: ""},
		"soft 404":     {body: `<html><head><title>Page not found</title></head><body><h1>Page not found</h1><p>Sorry, there is nothing here.</p></body></html>`},
		"image":        {body: "\x89PNG\r\n\x1a\n", header: map[string]string{"Content-Type": "image/png"}},
	}
	for name, bad := range trouble {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.page("/bridge", func(_ int, at time.Duration) reply {
				if at > 2*time.Hour && at < 5*time.Hour {
					return bad
				}
				return reply{body: story("Bridge to close")}
			})
			w.ask("/bridge")
			w.run(w.tracker(nil), 12*time.Hour)
			w.expect("version 0")
			a, _, err := w.store.Article(t.Context(), 1)
			if err != nil || a.State != news.Live {
				t.Errorf("article: %+v, %v", a, err)
			}
		})
	}
}

// Gone is believed after three visits over an hour, and a return is seen.
func TestGoneAndReturned(t *testing.T) {
	for status, name := range map[int]string{404: "404", 410: "410", 451: "451"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.page("/bridge", func(_ int, at time.Duration) reply {
				if at > 4*time.Hour && at < 10*time.Hour {
					return reply{status: status}
				}
				return reply{body: story("Bridge to close")}
			})
			w.ask("/bridge")
			w.run(w.tracker(nil), 24*time.Hour)
			w.expect("version 0", "gone", "returned")
			c := w.change(1)
			if left := morning.Add(4 * time.Hour); c.After.After(left) || c.Before.Before(left) || !strings.Contains(c.Note, name) {
				t.Errorf("gone: %+v", c)
			}
		})
	}
}

// A short absence is none.
func TestShortAbsence(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(_ int, at time.Duration) reply {
		if at > 4*time.Hour && at < 4*time.Hour+50*time.Minute {
			return reply{status: 404}
		}
		return reply{body: story("Bridge to close")}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 12*time.Hour)
	w.expect("version 0")
}

// While nothing of a source can be seen, none of its articles is gone.
func TestSourceDownIsNotGone(t *testing.T) {
	w := newWorld(t)
	down := func(headline string) func(int, time.Duration) reply {
		return func(_ int, at time.Duration) reply {
			if at > 2*time.Hour && at < 20*time.Hour {
				return reply{status: 404}
			}
			return reply{body: story(headline)}
		}
	}
	w.page("/bridge", down("Bridge to close"))
	w.page("/school", down("School to open"))
	w.ask("/bridge")
	w.ask("/school")
	w.run(w.tracker(nil), 40*time.Hour)
	w.expect("version 0", "version 0")
}

// A text that comes back once more is a sighting; when it holds for a day it
// is a version.
func TestAlternates(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(_ int, at time.Duration) reply {
		if at > 10*time.Hour || int(at.Hours())%2 == 0 {
			return reply{body: story("Bridge to close for a week")}
		}
		return reply{body: story("A week without the bridge")}
	})
	w.ask("/bridge")
	tr := w.tracker(schedule.Every(30 * time.Minute))
	w.run(tr, 12*time.Hour)
	w.expect("version 0", "version 1", "version 2", "version 3")
	a, _, err := w.store.Article(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if a.Sightings < 3 || fmt.Sprint(a.Between) != "[2 3]" {
		t.Errorf("alternates: %+v", a.Alternates)
	}
	w.run(tr, 24*time.Hour)
	w.expect("version 0", "version 1", "version 2", "version 3", "version 4")
}

// Feeds list articles; a feed that says "updated" pulls a visit forward.
func TestFeedSignalsUpdate(t *testing.T) {
	w := newWorld(t)
	edit := 7 * time.Hour
	w.page("/rss", func(_ int, at time.Duration) reply {
		stamp := morning
		if at >= edit {
			stamp = morning.Add(edit)
		}
		// Polls come every ten minutes, one just when the entry is stamped: that
		// stamp is believed at the poll after, which must not be a 304.
		body := fmt.Sprintf(`<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><id>p</id><updated>%[1]s</updated><entry><id>1</id><title>Bridge</title><link href="%[2]s/bridge"/><updated>%[1]s</updated></entry></feed>`, stamp.Format(time.RFC3339), w.url)
		return reply{body: body, header: map[string]string{"Content-Type": "application/atom+xml", "ETag": `"` + stamp.String() + `"`}}
	})
	w.page("/bridge", func(_ int, at time.Duration) reply {
		if at < edit {
			return reply{body: story("Bridge to close")}
		}
		return reply{body: story("Bridge to close", extra)}
	})
	w.ask("/rss")
	w.run(w.tracker(nil), 8*time.Hour)
	w.expect("version 0", "version 1")
	if late := w.change(1).Before.Sub(morning.Add(edit)); late > 21*time.Minute {
		t.Errorf("caught %v after the edit; the feed told of it within 20 minutes", late)
	}
}

// A feed that stamps all its entries when it is written announces nothing.
func TestFeedThatStampsEverything(t *testing.T) {
	w := newWorld(t)
	paths := []string{"/bridge", "/school", "/ferry", "/mill"}
	w.page("/feed", func(_ int, at time.Duration) reply {
		var b strings.Builder
		b.WriteString(`<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><id>p</id>`)
		for _, path := range paths {
			fmt.Fprintf(&b, `<entry><id>%[1]s</id><title>%[1]s</title><link href="%[2]s%[1]s"/><updated>%[3]s</updated></entry>`, path, w.url, morning.Add(at).Format(time.RFC3339))
		}
		return reply{body: b.String() + "</feed>", header: map[string]string{"Content-Type": "application/atom+xml"}}
	})
	for _, path := range paths {
		w.page(path, func(int, time.Duration) reply { return reply{body: story("About " + path)} })
	}
	w.ask("/feed")
	w.run(w.tracker(nil), 6*time.Hour)
	for _, path := range paths {
		if n := w.asked[path]; n != 7 {
			t.Errorf("%s visited %d times, want the policy's 7", path, n)
		}
	}
}

func TestFilters(t *testing.T) {
	w := newWorld(t)
	var items []string
	for _, path := range []string{"/town/bridge", "/sport/regatta", "/town/quiz-of-the-week", "/old"} {
		published := morning
		if path == "/old" {
			published = morning.Add(-MaxEntryAge - time.Hour)
		}
		items = append(items, item(w, path, path, published))
		w.page(path, func(int, time.Duration) reply { return reply{body: story(path)} })
	}
	w.page("/rss", func(int, time.Duration) reply { return reply{body: rss(items...)} })
	for _, f := range []news.Filter{{Field: news.FieldURL, Pattern: "/sport/"}, {Field: news.FieldTitle, Pattern: "(?i)QUIZ"}} {
		if _, err := w.store.AddFilter(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	w.ask("/rss")
	w.run(w.tracker(nil), time.Hour)
	w.expect("version 0")
	for path, want := range map[string]int{"/town/bridge": 2, "/sport/regatta": 0, "/town/quiz-of-the-week": 0, "/old": 0} {
		if w.asked[path] != want {
			t.Errorf("%s asked for %d times, want %d", path, w.asked[path], want)
		}
	}
}

// A host that asks for rest gets it, for all that is on it.
func TestRetryAfterIsObeyed(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(n int, at time.Duration) reply {
		if n == 1 {
			return reply{status: 429, header: map[string]string{"Retry-After": "7200"}}
		}
		return reply{body: story("Bridge to close")}
	})
	w.page("/school", func(int, time.Duration) reply { return reply{body: story("School to open")} })
	w.ask("/bridge")
	w.ask("/school")
	w.run(w.tracker(nil), 5*time.Hour)
	from := -1
	for i, line := range w.log {
		at, err := time.Parse("15:04:05", line[:8])
		if err != nil {
			t.Fatal(err)
		}
		minutes := at.Hour()*60 + at.Minute()
		switch {
		case from >= 0 && minutes < from+120:
			t.Errorf("asked again %d minutes after 429 with two hours: %s", minutes-from, line)
		case i > 2 && from < 0 && strings.HasSuffix(line, "/bridge"):
			from = minutes
		}
	}
	if from < 0 {
		t.Fatalf("the 429 was never met: %v", w.log)
	}
	w.expect("version 0", "version 0")
}

// A permanent redirect moves the article; a page that names itself by a known
// address is that article.
func TestMovedAndDuplicate(t *testing.T) {
	w := newWorld(t)
	page := func(int, time.Duration) reply {
		return reply{body: strings.Replace(story("Bridge to close"), "<head>", `<head><link rel="canonical" href="`+w.url+`/2026/bridge">`, 1)}
	}
	w.page("/bridge", func(_ int, at time.Duration) reply {
		if at > 3*time.Hour {
			return reply{status: 301, header: map[string]string{"Location": "/2026/bridge"}}
		}
		return page(0, at)
	})
	w.page("/2026/bridge", page)
	w.page("/share/bridge", page)
	w.ask("/bridge")
	tr := w.tracker(nil)
	w.run(tr, 10*time.Hour)
	w.expect("version 0", "moved")
	if c := w.change(1); c.Note != w.url+"/2026/bridge" {
		t.Errorf("moved: %+v", c)
	}
	w.ask("/share/bridge")
	w.run(tr, time.Hour)
	w.expect("version 0", "moved")
	a, _, err := w.store.Article(t.Context(), 1)
	if err != nil || a.URL != w.url+"/2026/bridge" {
		t.Errorf("article: %+v, %v", a, err)
	}
}

// A newer extractor is never a change: the earlier capture is read again.
func TestExtractorUpgradeIsNoChange(t *testing.T) {
	w := newWorld(t)
	body := story("Bridge to close", extra)
	w.page("/bridge", func(int, time.Duration) reply { return reply{body: body} })
	w.ask("/bridge")
	tr := w.tracker(nil)
	w.run(tr, time.Minute)
	w.expect("version 0")
	// As an older extractor would have left it: half of the text, other keys.
	a, err := w.store.Visiting(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	lease, ok, err := w.store.LeaseNamed(t.Context(), w.host, time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	old := a.Current.Content
	old.Blocks = old.Blocks[:2]
	now := w.Now()
	visit := store.Visit{Lease: lease, ArticleID: 1, Capture: news.Capture{ArticleID: 1, URL: a.URL, FinalURL: a.URL, At: now, Outcome: news.OK, Status: 200},
		State: news.Live, Due: now.Add(time.Minute), Keys: []uint64{1, 2}, Extractor: "stet-0",
		Version: &news.Version{ArticleID: 1, Number: 1, Content: old, Digest: news.Sum(old.Canonical()), Extractor: "stet-0", Seen: news.Seen{First: now, Last: now, Sightings: 1}},
		Changes: []news.Change{{Type: news.VersionAppeared, Number: 1, After: a.Current.Seen.Last, Before: now}}}
	raw, err := w.store.PutBlob(t.Context(), []byte(body), news.Digest{})
	if err != nil {
		t.Fatal(err)
	}
	visit.Capture.Raw, visit.Capture.Header = raw, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
	if _, err := w.store.RecordVisit(t.Context(), visit); err != nil {
		t.Fatal(err)
	}
	if err := w.store.ReleaseHost(t.Context(), lease, time.Time{}); err != nil {
		t.Fatal(err)
	}
	w.run(tr, 3*time.Hour)
	w.expect("version 0", "version 1")
	if a, err = w.store.Visiting(t.Context(), 1); err != nil || a.BaselineExtractor != extract.Extractor() {
		t.Errorf("baseline by %s, %v", a.BaselineExtractor, err)
	}
}

// Visits to what never was an article end.
func TestNewThatIsNeverSeenEnds(t *testing.T) {
	w := newWorld(t)
	w.page("/rss", func(int, time.Duration) reply { return reply{body: rss(item(w, "/nothing", "Nothing", morning))} })
	w.ask("/rss")
	tr := w.tracker(nil)
	tr.o.FeedPeriod = 7 * 24 * time.Hour
	w.run(tr, 30*24*time.Hour)
	if n := w.asked["/nothing"]; n != NewVisits {
		t.Errorf("%d visits, want %d", n, NewVisits)
	}
	w.expect()
}

// While our own disk fails a patient tracker goes on, and then records what it
// could not.
func TestPatience(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(int, time.Duration) reply { return reply{body: story("Bridge to close")} })
	w.ask("/bridge")
	blobs, aside := filepath.Join(w.dir, "blobs"), filepath.Join(w.dir, "aside")
	if err := os.Rename(blobs, aside); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(blobs, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tr := w.tracker(nil)
	tr.o.Patient, w.faulty = true, true
	w.run(tr, 10*time.Minute)
	w.expect()
	if err := errors.Join(os.Remove(blobs), os.Rename(aside, blobs)); err != nil {
		t.Fatal(err)
	}
	w.run(tr, 10*time.Minute)
	w.expect("version 0")
}
