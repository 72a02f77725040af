package newsroom

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// start is when the scripted day begins in tests.
var start = time.Date(2031, time.March, 4, 6, 0, 0, 0, time.UTC)

func testPaper(t testing.TB) *Paper {
	t.Helper()
	p, err := open(Options{Start: start, Now: func() time.Time { return start }, Slow: func(time.Duration) {}}, articleFiles)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestScriptIsRich holds the script to what the demo promises to show.
func TestScriptIsRich(t *testing.T) {
	p := testPaper(t)
	kinds, markup, feeds := map[kind]int{}, map[string]int{}, map[string]int{}
	changing := 0
	for _, a := range p.articles {
		edits := 0
		for _, m := range a.moments {
			kinds[m.kind]++
			if m.kind == edited || m.kind == silent {
				edits++
			}
		}
		if edits > 0 {
			changing++
		}
		for _, f := range a.feeds {
			feeds[f]++
		}
		for _, m := range a.markup {
			markup[m]++
		}
	}
	if n := len(p.articles); n < 27 {
		t.Errorf("%d articles, want 27 or more", n)
	}
	if changing < 15 {
		t.Errorf("%d articles change, want 15 or more", changing)
	}
	if n := len(p.Truths()); n < 60 {
		t.Errorf("%d truths, want 60 or more", n)
	}
	for _, k := range slices.Concat(textKinds, endKinds, lastsKinds, otherKinds) {
		if kinds[k] == 0 {
			t.Errorf("no moment of kind %s", k)
		}
	}
	for _, m := range markupNames {
		if markup[m] == 0 {
			t.Errorf("no article with markup %s", m)
		}
	}
	for _, f := range feedNames {
		if n := feeds[f]; n == 0 || n == len(p.articles) {
			t.Errorf("feed %s lists %d of %d articles, want some", f, n, len(p.articles))
		}
	}
}

// TestPace holds the script to the rules of the package comment.
func TestPace(t *testing.T) {
	for _, a := range testPaper(t).articles {
		last := max(0, a.published()) // when the text that stands now was put there
		begun := last                 // when a watcher's waits began to grow
		for i, m := range a.moments {
			if m.kind.lasts() {
				need := max(minTrouble, 30*time.Minute+(m.until-begun)/5)
				if d := m.until - m.at; d < need {
					t.Errorf("%s: %s lasts %v, want %v", a.path, m.kind, d, need)
				}
			}
			if i == 0 {
				continue
			}
			before := a.moments[i-1]
			if d := m.at - max(before.at, before.until); before.kind.lasts() && d < minTrouble {
				t.Errorf("%s: %q comes %v after trouble, want %v", a.path, m.what, d, minTrouble)
			}
			if m.kind.changesText() || m.kind.lasts() || m.kind.ends() {
				a.wantState(t, last, m.at)
			}
			if m.kind.changesText() {
				last = m.at
			}
			if m.kind == edited || m.kind == silent {
				begun = m.at
			}
		}
		end := a.moments[len(a.moments)-1]
		if end.kind.ends() {
			last = end.at
			if d := day - end.at; d < 6*time.Hour {
				t.Errorf("%s: %q leaves %v to confirm it, want 6h", a.path, end.what, d)
			}
		}
		a.wantState(t, last, day)
	}
}

// wantState fails when the text put up at from is taken down too early, at to.
func (a *article) wantState(t *testing.T, from, to time.Duration) {
	t.Helper()
	before, announced := time.Duration(0), false
	for _, m := range a.moments {
		if m.kind.changesText() && m.at < from {
			before = max(0, m.at)
		}
		announced = announced || m.at == from && (m.announced || m.kind == published)
	}
	need := minState + (from-before)/5
	if announced || from <= 0 {
		need = minAnnounced
	}
	if to-from < need {
		t.Errorf("%s: the text of %v stands for %v, want %v", a.path, from, to-from, need)
	}
}

// TestAnnouncedSomewhere: an announcement needs a feed that can tell it.
func TestAnnouncedSomewhere(t *testing.T) {
	for _, a := range testPaper(t).articles {
		for _, m := range a.moments {
			if m.announced && !a.in("atom") && !a.in("json") && !a.in("sitemap") {
				t.Errorf("%s: %q is announced, but RSS tells no edits", a.path, m.what)
			}
		}
	}
}

// TestSightings: what is not expected to be a version must be a text that stood
// twice before.
func TestSightings(t *testing.T) {
	for _, a := range testPaper(t).articles {
		for i, m := range a.moments {
			stood := 0
			for _, e := range a.moments[:i] {
				if e.kind.changesText() && e.text.same(m.text) {
					stood++
				}
			}
			if m.kind == sighting && stood < 2 {
				t.Errorf("%s: %q is a sighting of a text that stood %d times", a.path, m.what, stood)
			}
			if (m.kind == edited || m.kind == silent) && stood > 1 {
				t.Errorf("%s: %q is a version of a text that stood %d times", a.path, m.what, stood)
			}
		}
		if last := a.moments[len(a.moments)-1]; last.kind == sighting && day-last.at >= 24*time.Hour {
			t.Errorf("%s: the last sighting holds for a day, so it would become a version", a.path)
		}
	}
}

func TestLanguageOfTexts(t *testing.T) {
	for _, a := range testPaper(t).articles {
		for _, m := range a.moments {
			for _, s := range append(m.text.lines(), m.text.headline, m.text.standfirst) {
				if s != strings.Join(strings.Fields(s), " ") {
					t.Errorf("%s: white space is not folded in %q", a.path, s)
				}
				if strings.ContainsAny(s, "\"'<>") {
					t.Errorf("%s: straight quotation mark or markup in %q", a.path, s)
				}
			}
		}
	}
}
