package diff

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stet/internal/news"
)

// A typed text is an invented article with known edits.
type typed struct {
	old, new news.Content
	marked   int // words that the edits truly added and removed
	moved    int // words of the paragraph that was moved
}

// vocabulary gives invented words, the frequent ones short, as in prose.
func vocabulary(rng *rand.Rand) func() string {
	common := strings.Fields("the of and to in a that was for on with as by at it from had were but not")
	syllables := strings.Fields("bar len tor mi sta ve ron dal ick ume ora pel san wit gro hen fal ket")
	return func() string {
		if rng.IntN(100) < 40 {
			return common[rng.IntN(len(common))]
		}
		var b strings.Builder
		for range 2 + rng.IntN(3) {
			b.WriteString(syllables[rng.IntN(len(syllables))])
		}
		return b.String()
	}
}

func sentence(rng *rand.Rand, next func() string) []string {
	ws := make([]string, 8+rng.IntN(15))
	for i := range ws {
		ws[i] = next()
	}
	ws[0] = strings.ToUpper(ws[0][:1]) + ws[0][1:]
	if rng.IntN(2) == 0 {
		ws[len(ws)/2] = fmt.Sprint(2 + rng.IntN(900))
	}
	ws[len(ws)-1] += "."
	return ws
}

// article is paragraphs of sentences of words.
func article(rng *rand.Rand, next func() string) [][][]string {
	ps := make([][][]string, 8+rng.IntN(20))
	for i := range ps {
		for range 1 + rng.IntN(4) {
			ps[i] = append(ps[i], sentence(rng, next))
		}
	}
	return ps
}

func content(ps [][][]string) news.Content {
	c := news.Content{Headline: "Invented"}
	for _, p := range ps {
		var ss []string
		for _, s := range p {
			ss = append(ss, strings.Join(s, " "))
		}
		c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: strings.Join(ss, " ")})
	}
	return c
}

func wordCount(p [][]string) (n int) {
	for _, s := range p {
		n += len(s)
	}
	return n
}

// synthetic makes an article and edits it: three words replaced, one number,
// one sentence added, one paragraph removed, one added, one moved.
func synthetic(rng *rand.Rand) typed {
	next := vocabulary(rng)
	ps := article(rng, next)
	t := typed{old: content(ps)}
	for i := range ps {
		ps[i] = slices.Clone(ps[i])
		for k := range ps[i] {
			ps[i][k] = slices.Clone(ps[i][k])
		}
	}
	places := rng.Perm(len(ps))
	for k := range 3 {
		s := ps[places[k]][0]
		s[1+rng.IntN(len(s)-2)] = "novel" + fmt.Sprint("abc"[k:k+1])
		t.marked += 2
	}
	s := ps[places[3]][0]
	s[2], t.marked = fmt.Sprint(1000+rng.IntN(900)), t.marked+2
	added := sentence(rng, next)
	at := rng.IntN(len(ps[places[4]]) + 1)
	ps[places[4]] = slices.Insert(ps[places[4]], at, added)
	gone, moved := places[5], places[6]
	t.marked += len(added) + wordCount(ps[gone])
	t.moved = wordCount(ps[moved])
	paragraph := ps[moved]
	fresh := [][]string{sentence(rng, next), sentence(rng, next)}
	t.marked += wordCount(fresh)
	ps[gone], ps[moved] = nil, nil
	ps = slices.DeleteFunc(ps, func(p [][]string) bool { return p == nil })
	to := moved + 3
	if to > len(ps) {
		to = 0
	}
	ps = slices.Insert(ps, to, paragraph)
	ps = slices.Insert(ps, rng.IntN(len(ps)+1), fresh)
	t.new = content(ps)
	return t
}

// TestSyntheticEdits measures against edits that are known.
func TestSyntheticEdits(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	marked, truth, found, moved := 0, 0, 0, 0
	for range 150 {
		x := synthetic(rng)
		s := Compare(x.old, x.new)
		checkLaws(t, x.old, x.new, s)
		marked, truth = marked+s.WordsAdded+s.WordsRemoved, truth+x.marked
		found, moved = found+min(s.WordsMoved, x.moved), moved+x.moved
	}
	ratio, share := float64(marked)/float64(truth), float64(found)/float64(moved)
	t.Logf("words marked / true %.3f; %.0f %% of moved words found", ratio, 100*share)
	if ratio > 1.05 || share < 0.9 {
		t.Errorf("marked / true %.3f, want at most 1.05; moved words found %.2f, want at least 0.9", ratio, share)
	}
}

// TestRandomEdits checks the laws on texts of few words and odd characters,
// where matches are ambiguous.
func TestRandomEdits(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	bits := []string{"a", "b", "the", " ", " ", ".", ". ", "12", "3.5", "%", "$", "\n\n", "“", "”", "\"", "’", "-", "é", "e\u0301", "市", "ก", "\u00ad", "\u200b", "\u00a0", "\xff", "May", "2031", "https://a.b/c", "@", "¶", "👩‍👩‍👧"}
	random := func() news.Content {
		c := news.Content{Cut: rng.IntN(9) == 0}
		for range rng.IntN(6) {
			var b strings.Builder
			for range rng.IntN(12) {
				b.WriteString(bits[rng.IntN(len(bits))])
			}
			block := news.Block{Kind: news.Paragraph, Text: b.String()}
			if rng.IntN(5) == 0 {
				block.Kind, block.ID = news.Post, fmt.Sprint(rng.IntN(3))
			}
			c.Blocks = append(c.Blocks, block)
			c.Headline = c.Blocks[0].Text
		}
		return c
	}
	for range 3000 {
		old, new := random(), random()
		checkInvalid(t, old, new, Compare(old, new))
		if t.Failed() {
			t.Fatalf("old %+q\nnew %+q", texts(old), texts(new))
		}
	}
}

// checkInvalid is the laws that hold even for bytes that are not UTF-8, which
// JSON, and so the canonical form, cannot tell apart.
func checkInvalid(t *testing.T, old, new news.Content, s Script) {
	t.Helper()
	got, err := Apply(old, s)
	if err != nil || got.Headline != new.Headline || !slices.Equal(got.Blocks, new.Blocks) || got.Cut != new.Cut {
		t.Errorf("Apply: %v, got %q", err, texts(got))
	}
	back, err := Revert(new, s)
	if err != nil || back.Headline != old.Headline || !slices.Equal(back.Blocks, old.Blocks) || back.Cut != old.Cut {
		t.Errorf("Revert: %v, got %q", err, texts(back))
	}
	checkIDs(t, s)
	if !Compare(new, new).Empty() {
		t.Error("a content differs from itself")
	}
	Snippet(s, 40)
	HTML(s, 1)
	SideBySide(s)
}

func benchPairs() []typed {
	rng := rand.New(rand.NewPCG(3, 1))
	out := make([]typed, 50)
	for i := range out {
		out[i] = synthetic(rng)
	}
	return out
}
