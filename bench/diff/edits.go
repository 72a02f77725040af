package main

import (
	"slices"
	"strings"
	"unicode"
)

// Sizes of what is edited, in words.
const (
	minProse    = 6  // of a paragraph, of a part of a split, of a sentence that moves
	minPassage  = 12 // of a paragraph that is added, removed, or moved and edited
	maxPassage  = 120
	minSentence = 8 // of a sentence that is added
	maxSentence = 40
	tries       = 200 // of finding text in other articles
)

// An edit changes the draft and adds to its truth; false if the draft has
// nothing that it could be done to.
type edit func(d *draft) bool

// A class is a sort of edit that is measured by itself.
type class struct {
	name string
	edit edit
}

func classes() []class {
	return []class{
		{"3 words replaced", times(3, replaceWord)},
		{"numbers changed", atMost(3, func(d *draft) bool { return changeNumber(d, newNumber) })},
		{"numbers changed to others of the text", atMost(3, func(d *draft) bool { return changeNumber(d, otherNumber) })},
		{"sentence added", addSentence},
		{"sentence removed", removeSentence},
		{"paragraph added", addParagraph},
		{"paragraph removed", removeParagraph},
		{"paragraph split", split},
		{"paragraphs merged", merge},
		{"paragraph moved", func(d *draft) bool { return moveParagraph(d, 0) }},
		{"paragraph moved and edited", func(d *draft) bool { return moveParagraph(d, 2+d.rng.IntN(2)) }},
		{"sentence moved in its paragraph", moveWithin},
		{"sentence moved to another paragraph", moveAcross},
		{"mixed", mixed},
	}
}

// mixed is the blend that ways to compare were first studied with. A text
// without numbers has none changed.
func mixed(d *draft) bool {
	_ = changeNumber(d, newNumber)
	return times(3, replaceWord)(d) && addSentence(d) && removeParagraph(d) && addParagraph(d) && moveParagraph(d, 0)
}

func times(n int, e edit) edit {
	return func(d *draft) bool {
		for range n {
			if !e(d) {
				return false
			}
		}
		return true
	}
}

// atMost does an edit up to n times, and at least once.
func atMost(n int, e edit) edit {
	return func(d *draft) bool {
		done := 0
		for done < n && e(d) {
			done++
		}
		return done > 0
	}
}

// replaceWord puts a word that the text does not have in the place of one.
func replaceWord(d *draft) bool {
	i, ok := d.choose(func(p *paragraph) bool { return p.prose() && slices.ContainsFunc(fields(p), plainWord) })
	if !ok {
		return false
	}
	p := d.paragraphs[i]
	p.touched = true
	return d.replaceIn(p, plainWord, (*draft).newWord)
}

// replaceIn replaces a random token of a paragraph that fits.
func (d *draft) replaceIn(p *paragraph, fits func(string) bool, with func(*draft, string) (string, bool)) bool {
	tokens := fields(p)
	for _, k := range d.rng.Perm(len(tokens)) {
		if !fits(tokens[k]) {
			continue
		}
		if to, ok := with(d, tokens[k]); ok {
			d.truth.marked += len(wordsOf(tokens[k])) + len(wordsOf(to))
			p.replaceToken(k, to)
			return true
		}
	}
	return false
}

// fields are what white space separates in a paragraph.
func fields(p *paragraph) []string { return strings.Fields(p.text()) }

// replaceToken replaces the k-th of the fields.
func (p *paragraph) replaceToken(k int, to string) {
	p.sentences = slices.Clone(p.sentences)
	for i, s := range p.sentences {
		tokens := strings.Fields(s)
		if k < len(tokens) {
			tokens[k] = to
			p.sentences[i] = strings.Join(tokens, " ")
			return
		}
		k -= len(tokens)
	}
}

// plainWord reports whether a token is a word of letters, three at least.
func plainWord(token string) bool {
	return len(token) >= 3 && !strings.ContainsFunc(token, func(r rune) bool { return !unicode.IsLetter(r) })
}

// newWord finds a word in other articles that the text does not have.
func (d *draft) newWord(string) (string, bool) {
	for range tries {
		for _, w := range strings.Fields(strings.Join(d.donated(), " ")) {
			if low := strings.ToLower(w); plainWord(w) && w == low && !d.vocabulary[low] {
				d.vocabulary[low] = true
				return w, true
			}
		}
	}
	return "", false
}

// changeNumber gives a number of the text another value.
func changeNumber(d *draft, to func(*draft, string) (string, bool)) bool {
	for range len(d.paragraphs) {
		i, ok := d.choose(func(p *paragraph) bool { return p.prose() && slices.ContainsFunc(fields(p), number) })
		if !ok {
			return false
		}
		p := d.paragraphs[i]
		p.touched = true
		if d.replaceIn(p, number, to) {
			return true
		}
	}
	return false
}

// number reports whether a token is a number: digits, with separators inside
// and marks around it, and one word.
func number(token string) bool {
	digits := strings.TrimFunc(token, unicode.IsPunct)
	return digits != "" && len(wordsOf(token)) == 1 && !strings.ContainsFunc(digits, func(r rune) bool {
		return (r < '0' || r > '9') && r != '.' && r != ','
	})
}

// newNumber gives a number of the same form that the text does not have.
func newNumber(d *draft, token string) (string, bool) {
	for range tries {
		to := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '1' + rune(d.rng.IntN(9))
			}
			return r
		}, token)
		if w := wordsOf(to)[0]; !d.vocabulary[w] {
			d.vocabulary[w] = true
			return to, true
		}
	}
	return "", false
}

// otherNumber gives the number a value that the text has in another paragraph:
// the kind of change in which a comparison finds false anchors.
func otherNumber(d *draft, token string) (string, bool) {
	is := wordsOf(token)[0]
	for _, i := range d.rng.Perm(len(d.paragraphs)) {
		tokens := fields(d.paragraphs[i])
		if slices.Contains(tokens, token) {
			continue // it may be the paragraph of the number itself
		}
		for _, t := range tokens {
			if number(t) && wordsOf(t)[0] != is {
				return strings.Replace(token, is, wordsOf(t)[0], 1), true
			}
		}
	}
	return "", false
}

// addSentence puts a sentence of another article into a paragraph.
func addSentence(d *draft) bool {
	i, ok := d.choose((*paragraph).prose)
	if !ok {
		return false
	}
	for range tries {
		for _, s := range d.donated() {
			n := len(wordsOf(s))
			if n < minSentence || n > maxSentence || !ends(s) || !d.foreign(s) {
				continue
			}
			p := d.paragraphs[i]
			p.touched = true
			p.sentences = slices.Insert(slices.Clone(p.sentences), d.rng.IntN(len(p.sentences)+1), s)
			d.truth.marked += n
			return true
		}
	}
	return false
}

func removeSentence(d *draft) bool {
	i, ok := d.choose(func(p *paragraph) bool { return p.prose() && len(p.sentences) > 1 })
	if !ok {
		return false
	}
	p := d.paragraphs[i]
	p.touched = true
	k := d.rng.IntN(len(p.sentences))
	d.truth.marked += len(wordsOf(p.sentences[k]))
	p.sentences = slices.Delete(slices.Clone(p.sentences), k, k+1)
	return true
}

// addParagraph puts a paragraph of another article between two.
func addParagraph(d *draft) bool {
	for range tries {
		p := &paragraph{sentences: d.donated()}
		if len(p.sentences) == 0 || !p.prose() || !passage(p) || !d.foreign(p.text()) {
			continue
		}
		p.touched = true
		d.truth.marked += p.words()
		d.paragraphs = slices.Insert(d.paragraphs, d.rng.IntN(len(d.paragraphs)+1), p)
		return true
	}
	return false
}

// passage reports whether a paragraph is long enough, and not too long, to be
// added, removed, or moved and edited.
func passage(p *paragraph) bool {
	n := p.words()
	return minPassage <= n && n <= maxPassage
}

func removeParagraph(d *draft) bool {
	i, ok := d.choose(passage)
	if !ok {
		return false
	}
	d.truth.marked += d.paragraphs[i].words()
	d.paragraphs = slices.Delete(d.paragraphs, i, i+1)
	return true
}
