package extract

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"stet/internal/news"
)

// presence is the set of keys of everything on a page.
func presence(r Result) map[uint64]bool {
	set := map[uint64]bool{}
	for _, b := range r.Blocks {
		set[b.Key] = true
	}
	for _, k := range r.Extra {
		set[k] = true
	}
	return set
}

// coreKeys are the keys of headline, standfirst and core blocks, in order.
func coreKeys(r Result) []uint64 {
	out := []uint64{news.Key(r.Content.Headline)}
	for _, s := range coreTexts(r.Content) {
		out = append(out, news.Key(s))
	}
	return out
}

// changed compares two readings of an article as the pipeline does: a text is
// added only when the earlier page lacked it altogether, removed only when the
// later one does; what both hold as core must stand in one order.
func changed(a, b Result) (bool, []string) {
	var why []string
	lacks := func(r, other Result, sign string) {
		there := presence(other)
		if h := r.Content.Headline; h != "" && !there[news.Key(h)] {
			why = append(why, sign+"headline "+h)
		}
		for _, s := range coreTexts(r.Content) {
			if !there[news.Key(s)] {
				why = append(why, sign+s)
			}
		}
	}
	lacks(a, b, "-")
	lacks(b, a, "+")
	if len(why) == 0 && !slices.Equal(common(a, b), common(b, a)) {
		why = append(why, "order")
	}
	return len(why) > 0, why
}

// common are the core keys of a body that are core in b as well, first
// occurrences only.
func common(a, b Result) []uint64 {
	in := map[uint64]bool{}
	for _, k := range coreKeys(b) {
		in[k] = true
	}
	var out []uint64
	for _, k := range coreKeys(a) {
		if in[k] && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

func TestCorpusPairs(t *testing.T) {
	dir := filepath.Join(corpus, "html-pairs")
	data, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		t.Skip("skipped: no corpus")
	}
	var pairs []struct {
		ID, URL string
		A, B    struct{ File string }
		Changed bool `json:"text_changed"`
	}
	if err := json.Unmarshal(data, &pairs); err != nil {
		t.Fatal(err)
	}
	right := 0
	for _, p := range pairs {
		read := func(name string) Result {
			body, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			u, _ := url.Parse(p.URL)
			return Read(Page{URL: u, Status: 200, ContentType: "text/html", Body: body})
		}
		a, b := read(p.A.File), read(p.B.File)
		got, why := changed(a, b)
		if a.Outcome != news.OK || b.Outcome != news.OK {
			t.Logf("%s: %s (%s), %s (%s)", p.ID, a.Outcome, a.Reason, b.Outcome, b.Reason)
		}
		if got == p.Changed {
			right++
			continue
		}
		t.Logf("%s: changed = %v, want %v: %.150q", p.ID, got, p.Changed, why)
	}
	t.Logf("%d of %d pairs right", right, len(pairs))
	if right < len(pairs)-1 {
		t.Errorf("%d of %d pairs right, want all but one", right, len(pairs))
	}
}
