package compare

import (
	"strings"
	"unicode/utf8"

	"stet/internal/news"
)

// wordings follows headline and standfirst over a look.
func (j *judge) wordings(g glance, i int) {
	c, now := j.Content, g.Page.Content
	j.memory.Headline, j.out.Headline = j.wording(j.memory.Headline, c.Headline, now.Headline, g, i)
	if j.Redesign && (c.Standfirst == "" || now.Standfirst == "") {
		return
	}
	j.memory.Lead, j.out.Standfirst = j.wording(j.memory.Lead, c.Standfirst, now.Standfirst, g, i)
}

// wording decides a headline or standfirst: a new one counts when the earlier
// page did not have it anywhere, or when the old one is nowhere any more;
// otherwise both were there all along and the old one stands. One that only the
// second of two looks shows waits for the next visit.
func (j *judge) wording(w *Wording, old, now string, g glance, look int) (*Wording, bool) {
	k := news.Key(now)
	waits := w != nil && w.Key == k
	if k == news.Key(old) || !waits && !j.reworded(old, now, g) {
		return nil, false
	}
	next := Wording{Key: k, Since: g.At, Run: 1}
	if waits {
		next.Since, next.Run = w.Since, w.Run+1
	}
	need := 2
	if j.Looks >= SureLooks && now != "" && look == 0 {
		need = 1
	}
	if next.Run < need {
		if len(j.looks) == 1 {
			j.suspect("a headline of a text that is not well known yet")
		}
		return &next, false
	}
	return &next, true
}

func (j *judge) reworded(old, now string, g glance) bool {
	return now != "" && !j.Known.Keys.Has(news.Key(now)) || old != "" && !g.keys.Has(news.Key(old))
}

// ended reports whether a text ends like a sentence, or a quotation of one; in
// scripts without spaces, of which some mark no ends, always.
func ended(s string) bool {
	if spaceless(s)*2 > utf8.RuneCountInString(s) {
		return true
	}
	s = strings.TrimRight(news.Fold(s), `"')]* `)
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?:;。！？؟।…։။።", r)
}

// words counts the words of a text; in scripts without spaces, half its
// letters.
func words(s string) int {
	n := len(strings.Fields(s))
	if wide := spaceless(s); wide/2 > n {
		return wide / 2
	}
	return n
}

// spaceless counts the letters of scripts that are written without spaces.
func spaceless(s string) (n int) {
	for _, r := range s {
		if r >= 0x0E00 && r <= 0x0EFF || r >= 0x1780 && r <= 0x17FF || r >= 0x3040 && r <= 0x9FFF || r >= 0xAC00 && r <= 0xD7A3 {
			n++
		}
	}
	return n
}

// A bag is how often a text has each word; each letter, in scripts without
// spaces.
type bag struct {
	count map[string]int
	size  int
}

// similarity is the share of words that two texts have in common (Dice's
// coefficient).
func similarity(a, b bag) float64 {
	if a.size == 0 || b.size == 0 {
		return 0
	}
	common := 0
	for w, n := range a.count {
		common += min(n, b.count[w])
	}
	return 2 * float64(common) / float64(a.size+b.size)
}

func bagOf(s string) bag {
	s = strings.ToLower(news.Fold(s))
	b := bag{count: map[string]int{}}
	put := func(w string) { b.count[w], b.size = b.count[w]+1, b.size+1 }
	if spaceless(s)*2 > utf8.RuneCountInString(s) {
		for _, r := range s {
			put(string(r))
		}
		return b
	}
	for w := range strings.FieldsSeq(s) {
		put(strings.Trim(w, `.,;:!?"'()`))
	}
	return b
}
