package newsroom

import (
	"strings"
	"testing"
	"time"
)

// perfect is what a watcher sees that is never more than a minute late.
func perfect(p *Paper) []Seen {
	var out []Seen
	for _, t := range p.Truths() {
		if t.Expect == ExpectNothing {
			continue
		}
		s := Seen{Path: t.Path, Type: t.Expect, After: t.At.Add(-time.Minute), Before: t.At.Add(time.Minute)}
		if t.Expect == ExpectVersion {
			s.Headline, s.Standfirst, s.Paragraphs, s.Kinds = t.Headline, t.Standfirst, t.Paragraphs, t.Kinds
		}
		if t.First {
			s.After = time.Time{}
		}
		out = append(out, s)
	}
	return out
}

// find is the place of the truth of that article and kind among what a perfect
// watcher saw.
func find(t *testing.T, seen []Seen, path, typ string, nth int) int {
	t.Helper()
	for i, s := range seen {
		if s.Path == path && s.Type == typ {
			if nth--; nth < 0 {
				return i
			}
		}
	}
	t.Fatalf("no %s of %s", typ, path)
	return 0
}

func TestScorePerfect(t *testing.T) {
	p := testPaper(t)
	s := p.Score(perfect(p))
	if s.Caught != s.Changes || s.Changes < 45 || s.False+s.BoundsWrong+len(s.Missed)+len(s.Wrong) != 0 ||
		s.Deletions != 3 || s.DeletionsCaught != 3 || s.Returns != 1 || s.ReturnsCaught != 1 ||
		s.Articles != len(p.articles) || s.Versions != s.Changes+s.Articles {
		t.Errorf("%+v", s)
	}
	const want = "caught 67 of 67 changes, 0 false, 3 deletions of 3; 72 of 72 kinds named; 33 articles, 100 versions"
	if s.String() != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

// TestScoreKinds: kinds that nobody named are not found, others do no harm.
func TestScoreKinds(t *testing.T) {
	p := testPaper(t)
	seen := perfect(p)
	want := p.Score(seen)
	named := map[string]int{}
	for i := range seen {
		for _, k := range seen[i].Kinds {
			named[k]++
		}
		seen[i].Kinds = []string{"headline", "gossip"}
	}
	got := p.Score(seen)
	if got.Kinds != want.Kinds || got.KindsFound != named["headline"] || len(got.KindsMissed) != got.Kinds-got.KindsFound || len(want.KindsMissed) > 0 || got.Caught != want.Caught {
		t.Errorf("%+v, of %v", got, named)
	}
	for _, k := range []string{"correction", "headline", "negation", "number", "quotation", "attribution", "name", "standfirst", "removal", "addition", "wording", "move"} {
		if named[k] == 0 {
			t.Errorf("the script shows no edit of kind %s", k)
		}
	}
}

func TestScoreNothingSeen(t *testing.T) {
	p := testPaper(t)
	s := p.Score(nil)
	if s.Caught != 0 || s.False != 0 || s.Articles != 0 || len(s.Missed) != s.Changes+s.Deletions+s.Returns+len(p.articles) {
		t.Errorf("%+v", s)
	}
}

const (
	ferry  = "/harbour/evening-ferry-aground-on-mussel-bank"
	meals  = "/town/school-kitchens-cook-again"
	choir  = "/culture/choir-sings-in-the-dry-dock"
	seaman = "/harbour/seal-boards-pilot-boat"
)

// TestScoreFaults changes what a perfect watcher saw in one way, and says how
// the score must differ from the perfect one.
func TestScoreFaults(t *testing.T) {
	for _, tc := range []struct {
		name                                 string
		change                               func(t *testing.T, seen []Seen) []Seen
		caught, falses, bounds, misses, gone int // differences
	}{
		{"a change is missed", func(t *testing.T, seen []Seen) []Seen {
			i := find(t, seen, ferry, "version", 2)
			return append(seen[:i:i], seen[i+1:]...)
		}, -1, 0, 0, 1, 0},
		{"a deletion is missed", func(t *testing.T, seen []Seen) []Seen {
			i := find(t, seen, meals, "gone", 0)
			return append(seen[:i:i], seen[i+1:]...)
		}, 0, 0, 0, 1, -1},
		{"a version is made of an advert", func(t *testing.T, seen []Seen) []Seen {
			s := seen[find(t, seen, ferry, "version", 1)]
			s.Paragraphs = append([]string{"Mrs Oddy’s Pies"}, s.Paragraphs...)
			return append(seen, s)
		}, 0, 1, 0, 0, 0},
		{"a version is seen twice", func(t *testing.T, seen []Seen) []Seen {
			return append(seen, seen[find(t, seen, ferry, "version", 1)])
		}, 0, 1, 0, 0, 0},
		{"a loss that nobody made", func(t *testing.T, seen []Seen) []Seen {
			return append(seen, Seen{Path: seaman, Type: "gone", After: start, Before: start.Add(day)})
		}, 0, 1, 0, 0, 0},
		{"the old text is said to be seen after the change", func(t *testing.T, seen []Seen) []Seen {
			s := &seen[find(t, seen, ferry, "version", 1)]
			s.After = s.Before
			return seen
		}, -1, 0, 1, 1, 0},
		{"the new text is said to be seen before the change", func(t *testing.T, seen []Seen) []Seen {
			s := &seen[find(t, seen, ferry, "version", 1)]
			s.Before = s.After
			return seen
		}, -1, 0, 1, 1, 0},
		{"the change is made at Before: just right", func(t *testing.T, seen []Seen) []Seen {
			s := &seen[find(t, seen, ferry, "version", 1)]
			s.Before = s.After.Add(time.Minute)
			return seen
		}, 0, 0, 0, 0, 0},
		{"the change is made at After: just wrong", func(t *testing.T, seen []Seen) []Seen {
			s := &seen[find(t, seen, ferry, "version", 1)]
			s.After = s.After.Add(time.Minute)
			return seen
		}, -1, 0, 1, 1, 0},
		{"an article is tracked twice", func(t *testing.T, seen []Seen) []Seen {
			return append(seen, seen[find(t, seen, ferry, "version", 0)])
		}, 0, 1, 0, 0, 0},
		{"the front page is taken for an article", func(t *testing.T, seen []Seen) []Seen {
			return append(seen, Seen{Path: "/", Type: "version", Before: start, Headline: Name})
		}, 0, 1, 0, 0, 0},
		{"the text of another article", func(t *testing.T, seen []Seen) []Seen {
			seen[find(t, seen, ferry, "version", 1)].Path = meals
			return seen
		}, -1, 1, 0, 1, 0},
		{"the new path of an article that moved", func(t *testing.T, seen []Seen) []Seen {
			seen[find(t, seen, choir, "version", 1)].Path = "/culture/dry-dock-choir"
			return append(seen, Seen{Path: choir, Type: "moved", After: start, Before: start.Add(day)})
		}, 0, 0, 0, 0, 0},
		{"other white space", func(t *testing.T, seen []Seen) []Seen {
			s := &seen[find(t, seen, ferry, "version", 1)]
			s.Headline = "  " + strings.ReplaceAll(s.Headline, " ", "\n\t")
			return seen
		}, 0, 0, 0, 0, 0},
		{"the standfirst among the paragraphs", func(t *testing.T, seen []Seen) []Seen {
			s := &seen[find(t, seen, ferry, "version", 1)]
			s.Paragraphs = append([]string{s.Standfirst}, s.Paragraphs...)
			s.Standfirst = ""
			return seen
		}, 0, 0, 0, 0, 0},
		{"the standfirst twice", func(t *testing.T, seen []Seen) []Seen {
			s := &seen[find(t, seen, ferry, "version", 1)]
			s.Paragraphs = append([]string{s.Standfirst}, s.Paragraphs...)
			return seen
		}, 0, 0, 0, 0, 0},
		{"the standfirst nowhere", func(t *testing.T, seen []Seen) []Seen {
			seen[find(t, seen, ferry, "version", 1)].Standfirst = ""
			return seen
		}, -1, 1, 0, 1, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := testPaper(t)
			want := p.Score(perfect(p))
			got := p.Score(tc.change(t, perfect(p)))
			if got.Caught-want.Caught != tc.caught || got.False != tc.falses || got.BoundsWrong != tc.bounds ||
				len(got.Missed) != tc.misses || got.DeletionsCaught-want.DeletionsCaught != tc.gone ||
				len(got.Wrong) != tc.falses+tc.bounds || got.Changes != want.Changes {
				t.Errorf("%s: %+v", got, got.Wrong)
			}
		})
	}
}

// TestScoreLateFirstVersion: who finds an article after an edit has missed the
// text before it, and only that.
func TestScoreLateFirstVersion(t *testing.T) {
	p := testPaper(t)
	seen := perfect(p)
	i := find(t, seen, ferry, "version", 0)
	j := find(t, seen, ferry, "version", 1)
	seen[j].After = time.Time{}
	s := p.Score(append(seen[:i:i], seen[i+1:]...))
	if s.Articles != len(p.articles) || s.False != 0 || len(s.Missed) != 1 || !s.Missed[0].First {
		t.Errorf("%s: %+v", s, s.Missed)
	}
}
