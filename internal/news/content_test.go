package news

import (
	"encoding/json"
	"hash/fnv"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func TestFold(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"curly quotes", "“It’s” – he said…", `"It's" - he said...`},
		{"white space", " a\u00a0b \n\tc ", "a b c"},
		{"invisible marks", "co\u00adop\u200bera\u2060tion\ufeff", "cooperation"},
		{"decomposed letters", "e\u0301", "é"},
		{"joiners are kept", "می\u200cخواهم", "می\u200cخواهم"},
		{"guillemets", "«ja»", `"ja"`},
		{"digits and letters are not touched", "12 dead, 15 hurt", "12 dead, 15 hurt"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Fold(tt.in)
			if got != tt.want {
				t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
			}
			if Fold(got) != got {
				t.Errorf("Fold is not idempotent: %q → %q", got, Fold(got))
			}
		})
	}
}

func TestIdentity(t *testing.T) {
	base := Content{Headline: "Bridge closed", Standfirst: "For a week", Blocks: []Block{{Kind: Paragraph, Text: "Twelve cars wait."}, {Kind: Caption, Text: "The bridge"}}}
	same := map[string]func(*Content){
		"quotes":       func(c *Content) { c.Headline = "Bridge\u00a0closed" },
		"byline":       func(c *Content) { c.Byline = []string{"A. Writer"} },
		"dates":        func(c *Content) { c.Modified = time.Unix(1, 0) },
		"caption":      func(c *Content) { c.Blocks[1].Text = "Another picture" },
		"block's kind": func(c *Content) { c.Blocks[0].Kind = ListItem },
	}
	other := map[string]func(*Content){
		"headline":   func(c *Content) { c.Headline = "Bridge open" },
		"standfirst": func(c *Content) { c.Standfirst = "" },
		"number":     func(c *Content) { c.Blocks[0].Text = "Fifteen cars wait." },
		"split": func(c *Content) {
			c.Blocks = []Block{{Kind: Paragraph, Text: "Twelve cars"}, {Kind: Paragraph, Text: "wait."}}
		},
	}
	check := func(name string, f func(*Content), want bool) {
		c := base
		c.Blocks = append([]Block(nil), base.Blocks...)
		f(&c)
		if got := c.Identity() == base.Identity(); got != want {
			t.Errorf("%s: same = %v, want %v", name, got, want)
		}
	}
	for name, f := range same {
		check(name, f, true)
	}
	for name, f := range other {
		check(name, f, false)
	}
}

func TestCanonicalRoundTrip(t *testing.T) {
	c := Content{Headline: "H <&> \u2028", Byline: []string{"A", "B"}, Published: time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("x", 3600)), Blocks: []Block{{Kind: Post, Text: "10:41", ID: "p1"}}}
	var back Content
	if err := json.Unmarshal(c.Canonical(), &back); err != nil {
		t.Fatal(err)
	}
	if string(back.Canonical()) != string(c.Canonical()) {
		t.Errorf("canonical form is not stable:\n%s\n%s", c.Canonical(), back.Canonical())
	}
	if !reflect.DeepEqual(back.Blocks, c.Blocks) || back.Headline != c.Headline {
		t.Errorf("round trip lost text: %+v", back)
	}
	west := time.FixedZone("west", -5*3600)
	for _, odd := range []time.Time{time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 0, 0, 0, west)} {
		c.Modified = odd
		if !json.Valid(c.Canonical()) {
			t.Errorf("the date %v breaks the canonical form", odd)
		}
	}
}

func TestDigest(t *testing.T) {
	d := Sum([]byte("stet"))
	back, err := ParseDigest(d.String())
	if err != nil || back != d {
		t.Errorf("ParseDigest(%s) = %v, %v", d, back, err)
	}
	if z, err := ParseDigest(""); err != nil || !z.IsZero() || z.String() != "" {
		t.Errorf("the empty digest: %v, %v", z, err)
	}
	for _, bad := range []string{"zz", strings.Repeat("0", 63), strings.Repeat("g", 64)} {
		if _, err := ParseDigest(bad); err == nil {
			t.Errorf("ParseDigest(%q): no error", bad)
		}
	}
}

// slowFold is Fold as its comment reads, without any short cut.
func slowFold(s string) string {
	s = strings.Map(func(r rune) rune { return r }, s) // bytes of no meaning
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		switch {
		case strings.ContainsRune("\u00ad\u200b\u2060\ufeff", r):
		case strings.ContainsRune("‘’‚‛`´ʼ′＇", r):
			b.WriteByte('\'')
		case strings.ContainsRune("“”„‟«»″＂", r):
			b.WriteByte('"')
		case strings.ContainsRune("‐‑‒–—―−﹣－", r):
			b.WriteByte('-')
		case r == '…':
			b.WriteString("...")
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.FieldsFunc(b.String(), unicode.IsSpace), " ")
}

func slowKey(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(slowFold(s)))
	return h.Sum64()
}

// TestFoldAgrees holds the short cuts of Fold and Key to the plain way, on
// texts of all lengths made of what they look at.
func TestFoldAgrees(t *testing.T) {
	parts := []string{"a", " ", "  ", "`", "\t", "\r", "\v", "\x00", "\x1c", "\u0085", "\u00a0", "\u3000", "\u00ad", "\ufeff", "\u200c", "é", "e\u0301", "\u0301", "…", "—", "’", "\xff", "\xe2\x80", "が", "か\u3099", "\U0001f600", "word"}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		s := ""
		for range rnd.IntN(8) {
			s += parts[rnd.IntN(len(parts))]
		}
		if got, want := Fold(s), slowFold(s); got != want {
			t.Fatalf("Fold(%q) = %q, want %q", s, got, want)
		}
		if got, want := Key(s), slowKey(s); got != want {
			t.Fatalf("Key(%q) = %x, want %x", s, got, want)
		}
	}
	for _, n := range []int{1023, 1024, 1025, 5000} { // about the room that Key has at hand
		s := "é" + strings.Repeat("x", n)
		if Key(s) != slowKey(s) {
			t.Errorf("Key of %d bytes is another", len(s))
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("“a” – b\u00ad…")
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if Fold(once) != once {
			t.Errorf("Fold(%q) = %q, folded again %q", s, once, Fold(once))
		}
		if once != slowFold(s) || Key(s) != slowKey(s) {
			t.Errorf("Fold(%q) = %q, want %q", s, once, slowFold(s))
		}
	})
}
