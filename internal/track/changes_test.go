package track

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/schedule"
)

// laid gives story's text in another site's template: nothing but the text is
// the same.
func laid(headline string, paragraphs ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html><html lang="en"><head><title>%s | Lindhaven Post Online</title><meta property="og:type" content="article"></head><body class="v2"><div id="top"><ul><li><a href="/">Start</a></li><li><a href="/sea">Sea</a></li></ul></div><div class="wrap"><div class="article-body"><h1 class="big">%s</h1>`, headline, headline)
	for _, p := range paragraphs {
		fmt.Fprintf(&b, "<div class=\"row\"><p class=\"t\"><span>%s</span></p></div>", p)
	}
	b.WriteString(`</div></div><div id="bottom"><p>All about the Post</p></div></body></html>`)
	return b.String()
}

// paragraphs are those of a story's page.
func paragraphs(page string) (out []string) {
	for _, s := range strings.Split(page, "<p>")[1:4] {
		out = append(out, s[:strings.Index(s, "</p>")])
	}
	return out
}

// One article's page, before and after eight in the morning.
func TestWhatMakesAVersion(t *testing.T) {
	t.Parallel()
	plain := story("Bridge to close", extra)
	p := paragraphs(plain)
	split := strings.Index(p[1], ", and the ferry")
	lead := func(s string) string {
		return strings.Replace(plain, "</h1>", `</h1><p class="standfirst">`+s+`</p>`, 1)
	}
	tests := []struct {
		name          string
		before, after string
		version       bool
	}{
		{"the headline alone", plain, story("Bridge to close for a week", extra), true},
		{"the standfirst alone", lead("Divers look at the piers of the old bridge, and the town goes round by the mill."),
			lead("Divers look at the piers of the old bridge, and the town takes the ferry."), true},
		{"one number", plain, strings.Replace(plain, "ten days", "12 days", 1), true},
		{"one negation", plain, strings.Replace(plain, "had been told", "had not been told", 1), true},
		{"one capital letter", plain, strings.Replace(plain, "Buses will", "buses will", 1), true},
		{"a paragraph moved", plain, story("Bridge to close")[:strings.Index(plain, "<p>")] + "<p>" + strings.Join([]string{p[0], p[2], p[1], extra}, "</p>\n<p>") + "</p></article></main></body></html>", true},
		{"a paragraph split in two", plain, strings.Replace(plain, p[1], p[1][:split]+".</p>\n<p>A"+p[1][split+3:], 1), true},
		{"a paragraph removed", plain, story("Bridge to close"), true},
		{"a paragraph doubled", plain, story("Bridge to close", extra, p[1]), true},
		{"a new template around the same text", plain, laid("Bridge to close", append(p, extra)...), false},
		{"other quotation marks, dashes and spaces", strings.Replace(plain, "a short note", "a “short” – note", 1),
			strings.Replace(plain, "a short note", "a  &quot;short&quot; -\u00a0no\u00adte", 1), false},
		{"a link in the text", plain, strings.Replace(plain, "the mill", `<a href="/mill">the mill</a>`, 1), false},
		{"a clock", strings.Replace(plain, "</h1>", "</h1><p>Updated 12:31</p>", 1), strings.Replace(plain, "</h1>", "</h1><p>Updated 14:02</p>", 1), false},
		{"a script and a comment", plain, strings.Replace(plain, "<p>", "<!-- node 7 --><script>var seen = 12</script><p>", 1), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.before == tt.after {
				t.Fatal("the case changes nothing")
			}
			w := newWorld(t)
			w.page("/bridge", func(_ int, at time.Duration) reply {
				if at < 2*time.Hour {
					return reply{body: tt.before}
				}
				return reply{body: tt.after}
			})
			w.ask("/bridge")
			w.run(w.tracker(nil), 3*time.Hour)
			want := []string{"version 0"}
			if tt.version {
				want = append(want, "version 1")
			}
			w.expect(want...)
			if tt.version {
				if c := w.change(1); c.Headline != (tt.name == "the headline alone") || c.After.After(morning.Add(2*time.Hour)) || c.Before.Before(morning.Add(2*time.Hour)) {
					t.Errorf("change %+v", c)
				}
			}
		})
	}
}

// A change that is taken back is news twice.
func TestRevert(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.page("/bridge", func(_ int, at time.Duration) reply {
		if at > 3*time.Hour && at < 8*time.Hour {
			return reply{body: story("Bridge to close", extra)}
		}
		return reply{body: story("Bridge to close")}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 12*time.Hour)
	w.expect("version 0", "version 1", "version 2")
	if w.text(0) != w.text(2) || w.text(0) == w.text(1) {
		t.Error("versions 0 and 2 are one text, 1 is another")
	}
}

// A headline drawn at each request makes at most AlternateCopies versions of
// each wording, and all sightings are counted.
func TestHeadlineDrawnAtEachRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.page("/bridge", func(n int, _ time.Duration) reply {
		return reply{body: story([]string{"Bridge to close for a week", "A week without the bridge"}[n*n/3%7%2])}
	})
	w.ask("/bridge")
	w.run(w.tracker(schedule.Every(30*time.Minute)), 12*time.Hour)
	a, _, err := w.store.Article(t.Context(), 1)
	if err != nil || a.Versions > 2*AlternateCopies {
		t.Errorf("%d versions, %v", a.Versions, err)
	}
}

// A box that shows one of three texts in turn, inside the article.
func TestRotatingTeaser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	texts := []string{
		"From the archive: how the lighthouse of Lindhaven was moved forty metres inland in the winter of the great storm.",
		"From the archive: the year in which the whole town learned to sail, and what became of the boats afterwards.",
		"From the archive: a baker, a bridge and a bet that cost the mayor his hat on a windy afternoon in March.",
	}
	w.page("/bridge", func(n int, _ time.Duration) reply { return reply{body: story("Bridge to close", texts[n%3])} })
	w.ask("/bridge")
	w.run(w.tracker(schedule.Every(time.Hour)), 24*time.Hour)
	w.expect("version 0")
}

// What stands in the way of an article for some hours makes no version, and
// what was edited behind it is caught, with the bounds that are known.
func TestEditBehindAnObstacle(t *testing.T) {
	t.Parallel()
	whole := story("Bridge to close", extra, "The mill road is narrow, and the bus company asks drivers to leave it to the buses between seven and nine.")
	edited := strings.Replace(whole, "ten days", "twelve days", 1)
	stub := strings.Replace(story("Bridge to close"), "</head>", `<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Bridge to close","isAccessibleForFree":false}</script></head>`, 1)
	i := strings.Index(stub, "<p>Buses")
	stub = stub[:i] + "<p>Subscribe to continue reading this article.</p></article></main></body></html>"
	tests := map[string]struct {
		reply
		outcome news.Outcome
	}{
		"a paywall's stub":        {reply{body: stub}, news.Paywall},
		"a body cut short":        {reply{body: whole[:len(whole)/2], header: map[string]string{"Content-Length": fmt.Sprint(len(whole))}}, news.Truncated},
		"a page without its end":  {reply{body: whole[:strings.Index(whole, "<p>Shop")+30]}, news.Truncated},
		"a consent wall":          {reply{body: `<html><head><title>Before you continue</title></head><body><h1>Before you continue</h1><p>We and our 212 partners use cookies and similar means to store and access information on a device. Choose whether to accept all cookies or to manage your settings.</p><button>Accept all cookies</button></body></html>`}, news.Consent},
		"a redirect to a login":   {reply{status: 302, header: map[string]string{"Location": "/login?back=/bridge"}}, news.Blocked},
		"a redirect in circles":   {reply{status: 302, header: map[string]string{"Location": "/bridge"}}, news.Failed},
		"too many requests":       {reply{status: 429, header: map[string]string{"Retry-After": "60"}}, news.Blocked},
		"a broken encoding":       {reply{body: "no gzip at all", header: map[string]string{"Content-Encoding": "gzip"}}, news.Failed},
		"a redirect without goal": {reply{status: 301}, news.Failed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			from, edit, to := time.Hour, 2*time.Hour, 3*time.Hour
			w.page("/bridge", func(_ int, at time.Duration) reply {
				switch {
				case at < from:
					return reply{body: whole}
				case at < to:
					return tt.reply
				}
				return reply{body: edited}
			})
			w.page("/login", func(int, time.Duration) reply { return reply{body: "<h1>Log in</h1>"} })
			w.ask("/bridge")
			w.run(w.tracker(nil), 8*time.Hour)
			w.expect("version 0", "version 1")
			if c := w.change(1); !c.After.Before(morning.Add(from)) || c.Before.Before(morning.Add(to)) {
				t.Errorf("bounds %v – %v: the old text was last shown before %v, the new one from %v; edited at %v", c.After, c.Before, from, to, edit)
			}
			captures, err := w.store.Captures(t.Context(), 1, 100)
			if err != nil || !slices.ContainsFunc(captures, func(c news.Capture) bool { return c.Outcome == tt.outcome }) {
				t.Errorf("no capture is %s: %v, %v", tt.outcome, captures, err)
			}
			if text := w.last(); !strings.Contains(text, "twelve days") || !strings.Contains(text, "mill road") {
				t.Errorf("version 1:\n%s", text)
			}
		})
	}
}

// A redirect to the front page, for good, is an end.
func TestRedirectHomeIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.page("/bridge", func(_ int, at time.Duration) reply {
		if at > 3*time.Hour {
			return reply{status: 301, header: map[string]string{"Location": "/"}}
		}
		return reply{body: story("Bridge to close")}
	})
	w.page("/", func(int, time.Duration) reply { return reply{body: story("The Lindhaven Post")} })
	w.ask("/bridge")
	w.run(w.tracker(nil), 12*time.Hour)
	w.expect("version 0", "gone")
	if c := w.change(1); !strings.Contains(c.Note, "front page") || c.After.After(morning.Add(3*time.Hour)) || c.Before.Before(morning.Add(3*time.Hour)) {
		t.Errorf("gone: %+v", c)
	}
	a, _, err := w.store.Article(t.Context(), 1)
	if err != nil || a.URL != w.url+"/bridge" {
		t.Errorf("the article is visited at %s, %v", a.URL, err)
	}
}

// A page is announced before it is there.
func TestNotFoundAtBirth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.page("/rss", func(int, time.Duration) reply { return reply{body: rss(item(w, "/bridge", "Bridge", morning))} })
	w.page("/bridge", func(_ int, at time.Duration) reply {
		if at < 2*time.Minute {
			return reply{status: 404, body: "<h1>Page not found</h1>"}
		}
		return reply{body: story("Bridge to close")}
	})
	w.ask("/rss")
	w.run(w.tracker(nil), time.Hour)
	w.expect("version 0")
	if c := w.change(0); !c.After.IsZero() || c.Before.Sub(morning) > FirstRetry+time.Minute {
		t.Errorf("version 0 between %v and %v", c.After, c.Before)
	}
}

// The charset is no part of the text.
func TestCharset(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	page := story("Bridge to close", "Zoë Müller of the café “À la mer” said that she’d sell coffee for 2 € on the ferry, come rain or shine.")
	old := strings.NewReplacer("ë", "\xeb", "ü", "\xfc", "é", "\xe9", "À", "\xc0", "“", "\x93", "”", "\x94", "’", "\x92", "€", "\x80").Replace(page)
	w.page("/bridge", func(_ int, at time.Duration) reply {
		if at < 3*time.Hour {
			return reply{body: old, header: map[string]string{"Content-Type": "text/html; charset=windows-1252"}}
		}
		return reply{body: page}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 6*time.Hour)
	w.expect("version 0")
	if text := w.last(); !strings.Contains(text, "Zoë Müller of the café “À la mer” said that she’d sell coffee for 2 €") {
		t.Errorf("version 0:\n%s", text)
	}
}

// A front page is no article's canonical address: two stories with one headline
// stay two.
func TestCanonicalToTheFrontPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{"/monday", "/tuesday"} {
		w.page(path, func(int, time.Duration) reply {
			return reply{body: strings.Replace(story("The day in brief", "This is what happened in the town on the day "+path), "<head>", `<head><link rel="canonical" href="`+w.url+`/">`, 1)}
		})
		w.ask(path)
	}
	w.run(w.tracker(nil), time.Hour)
	w.expect("version 0", "version 0")
	if _, err := w.store.Lookup(t.Context(), w.host); err == nil {
		t.Error("the front page's address belongs to an article")
	}
	a, _, err := w.store.Article(t.Context(), 2)
	if err != nil || a.State != news.Live {
		t.Errorf("the second article is %s, %v", a.State, err)
	}
}
