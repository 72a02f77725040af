package track

import (
	"testing"
	"time"

	"stet/internal/news"
)

// Every visit that shows an article moves the bounds of the version that it shows:
// one that is answered by 304, one that brings the same bytes, and the one that
// confirms an edit.
func TestEveryVisitMovesTheBounds(t *testing.T) {
	w := newWorld(t)
	text := story("Bridge to close")
	w.page("/304", func(int, time.Duration) reply {
		return reply{body: text, header: map[string]string{"ETag": `"1"`}}
	})
	w.page("/same", func(int, time.Duration) reply { return reply{body: text + "<!-- same -->"} })
	w.page("/edited", func(_ int, at time.Duration) reply {
		if at < 2*time.Hour {
			return reply{body: story("Mill to open")}
		}
		return reply{body: story("Mill not to open", "The mill will stay shut until the spring, said the council on Monday night, for want of a miller.")}
	})
	for _, path := range []string{"/304", "/same", "/edited"} {
		w.ask(path)
	}
	tr := w.tracker(nil)
	for range 6 {
		w.run(tr, 37*time.Minute)
		for id := int64(1); id <= 3; id++ {
			w.seenLast(id)
		}
	}
	w.expect("version 0", "version 0", "version 0", "version 1")
}

// seenLast checks that the version which an article shows was last seen by its
// last capture.
func (w *world) seenLast(article int64) {
	w.t.Helper()
	versions, err := w.store.ArticleVersions(w.t.Context(), article)
	if err != nil {
		w.t.Fatal(err)
	}
	captures, err := w.store.Captures(w.t.Context(), article, 1)
	if err != nil {
		w.t.Fatal(err)
	}
	last := versions[len(versions)-1]
	if o := captures[0].Outcome; o != news.OK && o != news.Unchanged || !last.Seen.Last.Equal(captures[0].At) {
		w.t.Errorf("article %d, version %d last seen at %v; last capture (%s) at %v", article, last.Number, last.Seen.Last, o, captures[0].At)
	}
}
