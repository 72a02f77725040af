package extract

import (
	"strings"
	"testing"

	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
)

// render gives a tree as HTML.
func htmlOf(t testing.TB, n *html.Node) string {
	t.Helper()
	var b strings.Builder
	if err := html.Render(&b, n); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCopyIsWholeAndApart(t *testing.T) {
	d := newDocument(Page{Body: []byte(`<!DOCTYPE html><html lang="en"><body class="a b"><!-- note --><p id="x" onclick="a()">The <b>ferry</b> sails.</p><svg><title>s</title></svg><img data-x="1"></body></html>`)})
	before := htmlOf(t, d.root)
	want := strings.NewReplacer("<!-- note -->", "", ` onclick="a()"`, "").Replace(before)
	c := d.newCopier()
	twin := c.tree(d.root)
	if got := htmlOf(t, twin); got != want || want == before {
		t.Errorf("copy %s\nwant %s", got, want)
	}
	if len(c.nodes) != d.nodes-1 || len(c.attrs) != d.attributes-1 {
		t.Errorf("%d nodes and %d attributes copied, %d and %d counted", len(c.nodes), len(c.attrs), d.nodes, d.attributes)
	}
	each(twin, func(n *html.Node) {
		for i := range n.Attr {
			n.Attr[i].Val = "changed"
		}
		n.Attr = append(n.Attr, html.Attribute{Key: "more"})
	})
	if got := htmlOf(t, d.root); got != before {
		t.Errorf("the page was altered with its copy: %s", got)
	}
	if got := htmlOf(t, (&copier{}).tree(d.root)); got != want {
		t.Errorf("a copier without room gives %s", got)
	}
	if got := htmlOf(t, c.again().tree(d.root)); got != want {
		t.Errorf("a copier used again gives %s", got)
	}
}

func TestHemmed(t *testing.T) {
	for in, want := range map[string]string{"": "", "a": "a", "\n\t a  b \r\n": " a  b ", " a": " a", "\n  \n": "\n", " ": " "} {
		if got := hemmed(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestPruned(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"scripts, comments and their like are left out":       {"<p>a</p><!-- x --><script>1</script><style>s</style><p>b</p>", "<p>a</p><p>b</p>"},
		"the text after what is left out goes with it":        {"<div>a<time>b</time>c<i>d</i>e</div>", "<div>a<i>d</i>e</div>"},
		"children take the place of what is unwrapped":        {"<div><small>a<b>c</b></small>d</div>", "<div>a<b>c</b>d</div>"},
		"a tail reaches out of what is unwrapped":             {"<div><small><time>a</time>b</small>c<i>d</i></div>", "<div><i>d</i></div>"},
		"a figure goes, but not one that holds a table":       {"<figure><img>a</figure><figure><table><tr><td>b</table></figure>", "<div><table><tr><td>b</td></tr></table></div>"},
		"a comment does not end the text that is left out":    {"<p><svg></svg>a<!-- x -->b<i>c</i></p>", "<p><i>c</i></p>"},
		"an image is nothing, and the text after it is kept":  {"<p>a<img>b</p>", "<p>ab</p>"},
		"an inserted passage is text":                         {"<p>a<ins>b</ins>c</p>", "<p>abc</p>"},
		"navigation, asides and forms are left out with text": {"<nav>a</nav><aside>b</aside><form>c</form>d<p>e</p>", "<p>e</p>"},
	} {
		d := newDocument(Page{Body: []byte("<html><head><title>t</title></head><body>" + c.in + "</body></html>")})
		before := htmlOf(t, d.root)
		got := htmlOf(t, d.newCopier().pruned(d.root))
		got = strings.TrimSuffix(got[strings.Index(got, "<body>")+len("<body>"):], "</body></html>")
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if htmlOf(t, d.root) != before {
			t.Errorf("%s: the page was altered", name)
		}
	}
}

// TestPrunedReadsAlike holds the pruned tree to its law: the library finds the
// same text in it as in the page, or says that it needs the page.
func TestPrunedReadsAlike(t *testing.T) {
	o := trafilatura.Options{ExcludeComments: true}
	text := func(root *html.Node) (string, string) {
		r, err := trafilatura.ExtractDocument(root, o)
		if err != nil {
			return "", ""
		}
		return nodeText(r.ContentNode), r.ContentText
	}
	asked, found := 0, 0
	for _, c := range pageCases(t) {
		d := newDocument(c.page)
		if d == nil {
			continue
		}
		want, _ := text(d.root)
		got, plain := text(d.newCopier().pruned(d.root))
		asked++
		if plain == lastResort {
			continue
		}
		if found++; got != want {
			t.Errorf("%s: pruned page reads %q, want %q", c.name, clip(got, 300), clip(want, 300))
		}
	}
	if found*3 < asked {
		t.Errorf("the pruned page was enough for %d of %d", found, asked)
	}
}
