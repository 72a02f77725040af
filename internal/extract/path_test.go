package extract

import (
	"fmt"
	"testing"
)

// pathsOf gives the paths of a page's blocks by text, and its home.
func pathsOf(t *testing.T, body string) (map[string]uint64, uint64) {
	t.Helper()
	r := Read(Page{Status: 200, Body: []byte("<html><head><title>t</title></head><body>" + body + "</body></html>")})
	out := map[string]uint64{}
	for _, b := range r.Blocks {
		out[b.Text] = b.Path
	}
	return out, r.Home
}

func TestPath(t *testing.T) {
	p, _ := pathsOf(t, `bare<main><p>one</p><p id="b"><b>two</b></p><div><p>boxed</p></div><x-part><p>wrapped</p></x-part><ul><li>item</li></ul><h2>head</h2></main><main><p>three</p></main>`)
	for _, c := range []struct {
		name, a, b string
		same       bool
	}{
		{"paragraphs side by side", "one", "two", true},
		{"paragraphs of two elements of one kind", "one", "three", true},
		{"a paragraph in a box", "one", "boxed", false},
		{"a paragraph in an unknown element", "one", "wrapped", false},
		{"another kind of block", "one", "head", false},
		{"a list item", "one", "item", false},
		{"text that stands in the body itself", "one", "bare", false},
	} {
		if p[c.a] == 0 || p[c.b] == 0 || (p[c.a] == p[c.b]) != c.same {
			t.Errorf("%s: paths %x and %x", c.name, p[c.a], p[c.b])
		}
	}
}

func TestPathAndHomeAreStable(t *testing.T) {
	page := func(hash, extra, last string) string {
		return fmt.Sprintf(`<header class="h-%[1]s"><a href="/">Home</a></header>%[2]s<main id="m%[1]s"><article class="css-%[1]s"><h1>The ferry sails again</h1>`+
			`<div class="body-%[1]s"><p class="p%[1]s">%[4]s</p><p>%[4]s%[4]s</p><p>%[3]s</p></div></article></main>`, hash, extra, last, sentence)
	}
	p, home := pathsOf(t, page("a1b2c3", "", "The last boat leaves at nine in the evening, all year round."))
	if home == 0 {
		t.Fatal("no home")
	}
	for name, body := range map[string]string{
		"hashed classes and ids": page("zz9", "", "The last boat leaves at nine in the evening, all year round."),
		"a block before":         page("a1b2c3", "<div><p>Weather: rain.</p></div>", "The last boat leaves at nine in the evening, all year round."),
	} {
		q, moved := pathsOf(t, body)
		if moved != home {
			t.Errorf("%s: home %x, was %x", name, moved, home)
		}
		for text, path := range p {
			if q[text] != path {
				t.Errorf("%s: path of %q is %x, was %x", name, clip(text, 40), q[text], path)
			}
		}
	}
	if _, other := pathsOf(t, "<div><section>"+page("a1b2c3", "", "The last boat leaves at nine.")+"</section></div>"); other == home || other == 0 {
		t.Errorf("another template has home %x", other)
	}
	if q, h := pathsOf(t, "<div><p>x</p></div>"); h != 0 && h != q["x"] {
		t.Errorf("a page without an article has home %x", h)
	}
}

// TestHomeIsAPath shows that the home of a body which stands in one element is
// the path of a block of just that element.
func TestHomeIsAPath(t *testing.T) {
	p, home := pathsOf(t, "<h1>The ferry sails again</h1><main><div>"+"<p>"+sentence+sentence+"</p><p>"+sentence+"</p><p>"+sentence+sentence+sentence+"</p></div></main><main><div>alone here</div></main>")
	if home == 0 || p["alone here"] != home {
		t.Errorf("home %x, path of its element %x", home, p["alone here"])
	}
}
