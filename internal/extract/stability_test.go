package extract

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"stet/internal/news"
)

// article is the text of a story of our own.
var article = []string{
	"Ferry to Tern Island returns after two winters",
	"The harbour board says boats will sail twice a day, and that fares will not rise before spring.",
	"The ferry between Oldharbour and Tern Island will sail again from Monday, two winters after a storm tore away the pier, the harbour board said on Thursday.",
	"Two boats a day will carry up to 140 passengers each way, and a third will run at weekends if the weather allows.",
	"“We have waited 612 days for this,” said Maren Holt, who keeps the island’s only shop. “My shelves were never full.”",
	"What the board decided",
	"The board voted seven to two to borrow 4.2 million crowns for a new pier, and did not rule out a second loan next year.",
	"Fares stay at 38 crowns until the end of March; islanders travel for half of that.",
	"Opponents on the board, led by Aksel Brandt, had asked for a cheaper floating pier, which engineers rejected as unsafe in easterly gales.",
	"Work on the breakwater goes on until June, and the harbour will close for nine nights in that time.",
	"The first boat leaves at 7.15 on Monday morning, with the school choir aboard.",
}

// A noise is one draw of everything on a page that is not the article.
type noise struct {
	seed    uint64
	padding int // bytes of further furniture
}

// render writes the page of an article with furniture drawn from the seed.
func render(text []string, n noise) string {
	r := rand.New(rand.NewPCG(n.seed, 7))
	hash := func() string { return fmt.Sprintf("css-%06x", r.IntN(1<<24)) }
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	words := func() string {
		return pick("Council", "Bakers", "Two rivers", "The old mill", "Night trains", "A quiet town") + " " +
			pick("wins", "lose", "meets", "opens", "leaves", "finds") + " " + pick("a prize", "the cup", "its bell", "more time", "new friends") + fmt.Sprint(" ", r.IntN(900))
	}
	var b strings.Builder
	w := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n", a...) }
	w(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>%s | The Tern Courier</title>`, text[0])
	w(`<meta property="og:title" content="%s"><meta property="og:type" content="article"><meta name="description" content="%s">`, text[0], text[1])
	w(`<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"%s","datePublished":"2031-02-06T09:00:00Z"}</script></head><body class="%s">`, text[0], hash())
	if r.IntN(2) == 0 {
		w(`<div id="consent-banner" class="%s" role="dialog"><p>We and our %d partners use cookies to store and access information. You can accept all cookies or manage your choices.</p><button>Accept all</button></div>`, hash(), r.IntN(900))
	}
	w(`<header><nav><ul><li><a href="/">Home</a></li><li><a href="/w">Weather %d°</a></li></ul></nav></header>`, r.IntN(30))
	wrapped := r.IntN(2) == 0
	if wrapped {
		w(`<div class="ab-%s" data-variant="%d"><div>`, hash(), r.IntN(3))
	}
	w(`<main class="%s"><article class="%s"><h1 class="%s">%s</h1><p class="standfirst %s">%s</p>`, hash(), hash(), hash(), vary(r, text[0]), hash(), vary(r, text[1]))
	w(`<p class="byline">By Ida Lunde</p><p>%s</p><p>%s</p>`, pick(fmt.Sprintf("Updated %d minutes ago", 2+r.IntN(50)), fmt.Sprintf("Last updated at %02d:%02d", r.IntN(24), r.IntN(60))), fmt.Sprintf("%d,%03d comments", 1+r.IntN(5), r.IntN(1000)))
	w(`<figure><img src="/%d.jpg" alt=""><figcaption>The pier at Oldharbour. Photograph: Jon Vik</figcaption></figure><div class="%s">`, r.IntN(99), hash())
	for i, s := range text[2:] {
		if s == "What the board decided" {
			w(`<h2>%s</h2>`, vary(r, s))
		} else {
			w(`<p class="%s">%s</p>`, hash(), vary(r, s))
		}
		switch {
		case i == 1 && r.IntN(2) == 0:
			w(`<div class="ad-slot"><p>Advertisement</p><p>Buy %s today for %d crowns and save</p></div>`, words(), r.IntN(900))
		case i == 2 && r.IntN(2) == 0:
			w(`<p><strong>READ MORE:</strong> <a href="/%d">%s</a></p>`, r.IntN(99), words())
		case i == 3 && r.IntN(2) == 0:
			w(`<aside class="related"><h3>Related stories</h3><ul><li><a href="/a">%s</a></li><li><a href="/b">%s</a></li></ul></aside>`, words(), words())
		case i == 4 && r.IntN(2) == 0:
			w(`<div class="%s"><p>Get our %s newsletter every %s. Sign up and we send it to your inbox.</p></div>`, hash(), pick("morning", "evening", "island"), pick("Friday", "week", "day"))
		}
	}
	w(`</div></article><section class="%s"><h2>More from the coast</h2>`, pick("trending", "most-read", "recommended"))
	for range 4 + r.IntN(4) {
		w(`<div class="%s"><h3><a href="/%d">%s</a></h3><p>%s</p></div>`, hash(), r.IntN(999), words(), words()+" as the town looks on and waits for news from the harbour")
	}
	w(`</section></main>`)
	if wrapped {
		w(`</div></div>`)
	}
	w(`<section id="comments"><h2>%d comments</h2>`, r.IntN(50))
	for range r.IntN(5) {
		w(`<div class="comment"><p>%s, says a reader who thinks that %s and that nobody listens any more.</p></div>`, words(), words())
	}
	w(`</section><footer><p>© The Tern Courier %d</p>`, 2020+r.IntN(9))
	for b.Len() < n.padding {
		w(`<ul><li><a class="%s" href="/topic/%d">%s</a></li></ul>`, hash(), r.IntN(9999), words())
	}
	w(`</footer></body></html>`)
	return b.String()
}

// vary writes a text as another editor or template would: curly or straight
// quotes, no-break spaces, soft hyphens, line breaks in the source.
func vary(r *rand.Rand, s string) string {
	if r.IntN(2) == 0 {
		s = strings.NewReplacer("“", `"`, "”", `"`, "’", "'").Replace(s)
	}
	if r.IntN(3) == 0 {
		s = strings.Replace(s, " a ", "\u00a0a ", 1)
	}
	if r.IntN(3) == 0 {
		s = strings.Replace(s, "harbour", "har&shy;bour", 1)
	}
	if r.IntN(3) == 0 {
		s = strings.Replace(s, " and ", "\n      and ", 1)
	}
	return s
}

func readArticle(t *testing.T, text []string, seed uint64) Result {
	t.Helper()
	r := Read(Page{URL: mustURL("https://news.example.org/a/1"), Status: 200, ContentType: "text/html", Body: []byte(render(text, noise{seed: seed}))})
	if r.Outcome != news.OK {
		t.Fatalf("seed %d: %s (%s)", seed, r.Outcome, r.Reason)
	}
	return r
}

const draws = 50

func TestNoiseIsNoChange(t *testing.T) {
	first := readArticle(t, article, 0)
	want := strings.Join(article[2:], "\n")
	for seed := range uint64(draws) {
		r := readArticle(t, article, seed)
		if is, why := changed(first, r); is {
			t.Errorf("seed %d: changed: %q", seed, why)
		}
		if got := coreText(r); news.Fold(got) != news.Fold(want) {
			t.Errorf("seed %d: core text\n%s\nwant\n%s", seed, got, want)
		}
	}
}

func coreText(r Result) string {
	var out []string
	for _, b := range r.Content.Blocks {
		if b.Core() {
			out = append(out, b.Text)
		}
	}
	return strings.Join(out, "\n")
}

// TestEveryEditIsAChange makes one true edit under the same noise.
func TestEveryEditIsAChange(t *testing.T) {
	edits := map[string]func([]string) []string{
		"headline softened":   replace(0, "returns", "may return"),
		"standfirst reworded": replace(1, "will not rise", "may rise"),
		"number changed":      replace(3, "140", "104"),
		"negation dropped":    replace(6, "did not rule out", "ruled out"),
		"name corrected":      replace(4, "Maren", "Maria"),
		"quote trimmed":       replace(4, " “My shelves were never full.”", ""),
		"crosshead changed":   replace(5, "decided", "put off"),
		"paragraph removed": func(s []string) []string {
			return append(append([]string{}, s[:8]...), s[9:]...)
		},
		"paragraph added": func(s []string) []string {
			return append(append([]string{}, s...), "The harbour master declined to comment on Friday.")
		},
		"short paragraph added": func(s []string) []string {
			return append(append([]string{}, s...), "Nobody was hurt.")
		},
		"paragraphs moved": func(s []string) []string {
			out := append([]string{}, s...)
			out[7], out[9] = out[9], out[7]
			return out
		},
	}
	var before []Result
	for seed := range uint64(draws / 5) {
		before = append(before, readArticle(t, article, seed))
	}
	for name, edit := range edits {
		edited := edit(article)
		for seed, old := range before {
			if is, _ := changed(old, readArticle(t, edited, uint64(seed)+1000)); !is {
				t.Errorf("%s, seed %d: not seen", name, seed)
			}
		}
	}
}

func replace(i int, old, new string) func([]string) []string {
	return func(s []string) []string {
		out := append([]string{}, s...)
		out[i] = strings.Replace(out[i], old, new, 1)
		return out
	}
}
