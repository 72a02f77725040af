package extract

import (
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestCutScripts(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"scripts and styles", "<p>a</p><script>b</script><STYLE>c</style >d", "<p>a</p><script></script><STYLE></style >d"},
		{"data stays", `<script type="application/ld+json">{}</script><script>x</script>`, `<script type="application/ld+json">{}</script><script></script>`},
		{"a script in a comment is none", "<!-- <script>a --> b </script> --><p>c", "<!-- <script>a --> b </script> --><p>c"},
		{"comments end in four ways", "<!--><script>a</script><!---><script>b</script><!-- --!><script>c</script>", "<!--><script></script><!---><script></script><!-- --!><script></script>"},
		{"a script in an attribute is none", `<p title="<script>">a</p></script><script>b</script>`, `<p title="<script>">a</p></script><script></script>`},
		{"a script in a title is none", "<title><script>a</title><script>b</script>", "<title><script>a</title><script></script>"},
		{"an end tag in a string ends the script", `<script>a("</script>b`, `<script></script>b`},
		{"an end tag needs its end", "<script>a</scripty>b</script/>c", "<script></script/>c"},
		{"a script in SVG stays", "<svg><script>a</script></svg><script>b</script>", "<svg><script>a</script></svg><script></script>"},
		{"markup in SVG stops the cutting", "<svg><style>a<b></style></svg><script>b</script>", "<svg><style>a<b></style></svg><script>b</script>"},
		{"an empty SVG is closed", "<svg/><script>b</script>", "<svg/><script></script>"},
		{"a script that writes a script", `<script><!-- w("<script>a</script>") --></script><script>b</script>`, `<script><!-- w("<script>a</script>") --></script><script>b</script>`},
		{"an old script in a comment", "<script><!--\na\n//--></script>b", "<script></script>b"},
		{"no end", "a<script>b", "a<script>b"},
	} {
		if got := cutScripts(c.in); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// blanked is the tree of a text without the texts of scripts and styles.
func blanked(t testing.TB, text string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return "deep"
	}
	each(root, func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style") {
			for n.FirstChild != nil {
				n.RemoveChild(n.FirstChild)
			}
		}
	})
	return htmlOf(t, root)
}

// TestCutScriptsAgrees holds the cutting to its law on texts that are thrown
// together: the tree is the same but for the texts of scripts and styles.
func TestCutScriptsAgrees(t *testing.T) {
	parts := []string{"<script>", "</script>", "<script src=a/>", "<script ", "type=json>", "<style>", "</style>", "<!--", "-->", "--!>", "<!-->", "<!--->", "-", "<svg>", "</svg>", "<svg/>", "<svg a=/>", "<math>", "</math>",
		"<title>", "</title>", "<textarea>", "</textarea>", "<desc>", "<foreignObject>", "</foreignObject>", "<p>", "</p>", "<p a='>", "<p a=\">", "'", "\"", "=", "<p =a>", "<p a = b/>", "/>", ">", "<", "</", "</>", "<?", "<!", "<![CDATA[", "]]>", "x", " ", "\n",
		"<select>", "</select>", "<noscript>", "</noscript>", "<iframe>", "</iframe>", "<table>", "<template>", "</template>", "<frameset>", "<plaintext>", "</script", "<SCRIPT>", "</SCRIPT >", "\x00", "é"}
	rnd := rand.New(rand.NewPCG(5, 6))
	cuts := 0
	for range 20000 {
		text := ""
		for range 1 + rnd.IntN(14) {
			text += parts[rnd.IntN(len(parts))]
		}
		cut := cutScripts(text)
		if cut != text {
			cuts++
		}
		if got, want := blanked(t, cut), blanked(t, text); got != want {
			t.Fatalf("%q became %q:\n%s\nwant\n%s", text, cut, got, want)
		}
	}
	if cuts < 200 {
		t.Errorf("only %d texts were cut", cuts)
	}
}

func FuzzCutScripts(f *testing.F) {
	for _, s := range []string{"<script>a</script>b", "<svg><style>a</style><script><b></script></svg>", "<!--<script>--></script>", "<p a='<script>'>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if cut := cutScripts(text); blanked(t, cut) != blanked(t, text) {
			t.Errorf("%q became %q", text, cut)
		}
	})
}
