package main

import (
	"slices"
)

// split ends a paragraph after one of its sentences.
func split(d *draft) bool {
	i, ok := d.choose(func(p *paragraph) bool { return p.prose() && len(p.ends()) > 0 })
	if !ok {
		return false
	}
	p := d.paragraphs[i]
	at := p.ends()
	k := at[d.rng.IntN(len(at))]
	first := &paragraph{sentences: p.sentences[:k:k], from: p.from, touched: true}
	second := &paragraph{sentences: p.sentences[k:], from: p.from, touched: true}
	d.paragraphs = slices.Replace(d.paragraphs, i, i+1, first, second)
	return true
}

// ends are the sentences before which the paragraph can be split: a whole one
// is before it, and each part has minProse words.
func (p *paragraph) ends() []int {
	var out []int
	for k := 1; k < len(p.sentences); k++ {
		first, second := &paragraph{sentences: p.sentences[:k]}, &paragraph{sentences: p.sentences[k:]}
		if ends(p.sentences[k-1]) && first.words() >= minProse && second.words() >= minProse {
			out = append(out, k)
		}
	}
	return out
}

// merge makes one paragraph of two neighbours.
func merge(d *draft) bool {
	for _, i := range d.rng.Perm(len(d.paragraphs) - 1) {
		a, b := d.paragraphs[i], d.paragraphs[i+1]
		if !a.prose() || !b.prose() {
			continue
		}
		both := &paragraph{sentences: slices.Concat(a.sentences, b.sentences), from: slices.Concat(a.from, b.from), touched: true}
		d.paragraphs = slices.Replace(d.paragraphs, i, i+2, both)
		return true
	}
	return false
}

// minDistance is by how many places at least a paragraph moves.
const minDistance = 2

// moveParagraph moves a paragraph past others that have more words than it, so
// that no smaller move does the same, and replaces some of its words.
func moveParagraph(d *draft, replaced int) bool {
	for range tries {
		i, ok := d.choose(func(p *paragraph) bool { return p.prose() && passage(p) && d.once(p.text()) })
		if !ok {
			return false
		}
		to := d.rng.IntN(len(d.paragraphs))
		p := d.paragraphs[i]
		if max(i-to, to-i) < minDistance || d.between(i, to) <= p.words() {
			continue
		}
		d.paragraphs = slices.Insert(slices.Delete(d.paragraphs, i, i+1), to, p)
		p.touched = true
		before := d.truth.marked
		if !d.replaceWords(p, replaced) {
			return false
		}
		d.truth.moved += p.words() - (d.truth.marked-before)/2
		return true
	}
	return false
}

// once reports whether a text is that of one paragraph only.
func (d *draft) once(text string) bool {
	n := 0
	for _, p := range d.paragraphs {
		if p.text() == text {
			n++
		}
	}
	return n == 1
}

// between is the words that a paragraph passes from one place to another.
func (d *draft) between(from, to int) (n int) {
	passed := d.paragraphs[min(from, to) : max(from, to)+1]
	for _, p := range passed {
		n += p.words()
	}
	return n - d.paragraphs[from].words()
}

// replaceWords replaces n words of a paragraph; each of them is new, so that
// none is replaced twice.
func (d *draft) replaceWords(p *paragraph, n int) bool {
	was := map[string]bool{}
	for _, t := range fields(p) {
		was[t] = true
	}
	old := func(token string) bool { return was[token] && plainWord(token) }
	for range n {
		if !d.replaceIn(p, old, (*draft).newWord) {
			return false
		}
	}
	return true
}

// moveWithin moves a sentence past others of its paragraph that have more
// words than it.
func moveWithin(d *draft) bool {
	for range tries {
		i, ok := d.choose(func(p *paragraph) bool { return p.prose() && len(p.sentences) > 2 })
		if !ok {
			return false
		}
		p := d.paragraphs[i]
		from, to := d.rng.IntN(len(p.sentences)), d.rng.IntN(len(p.sentences))
		s := p.sentences[from]
		rest := slices.Delete(slices.Clone(p.sentences), from, from+1)
		passed := &paragraph{sentences: rest[min(from, to):max(from, to)]}
		if n := len(wordsOf(s)); ends(s) && n >= minProse && passed.words() > n && !slices.Contains(rest, s) {
			p.sentences = slices.Insert(rest, to, s)
			p.touched = true
			d.truth.moved += n
			return true
		}
	}
	return false
}

// moveAcross moves a sentence to another paragraph, past more words than it
// has.
func moveAcross(d *draft) bool {
	for range tries {
		from, ok := d.choose(func(p *paragraph) bool { return p.prose() && len(p.sentences) > 1 })
		if !ok {
			return false
		}
		to, _ := d.choose(func(p *paragraph) bool { return p.prose() })
		a, b := d.paragraphs[from], d.paragraphs[to]
		i, k := d.rng.IntN(len(a.sentences)), d.rng.IntN(len(b.sentences)+1)
		s := a.sentences[i]
		n := len(wordsOf(s))
		if a == b || !ends(s) || n < minProse || a.words()-n < minProse || d.passed(from, i, to, k) <= n || !d.rare(s) {
			continue
		}
		a.sentences = slices.Delete(slices.Clone(a.sentences), i, i+1)
		b.sentences = slices.Insert(slices.Clone(b.sentences), k, s)
		a.touched, b.touched = true, true
		d.truth.moved += n
		return true
	}
	return false
}

// passed is the words between the i-th sentence of a paragraph and the place
// before the k-th of another.
func (d *draft) passed(from, i, to, k int) int {
	a, b := d.paragraphs[from].sentences, d.paragraphs[to].sentences
	var own, other []string
	if from < to {
		own, other = a[i+1:], b[:k]
	} else {
		own, other = a[:i], b[k:]
	}
	whole := &paragraph{sentences: slices.Concat(own, other)}
	n := whole.words()
	for _, p := range d.paragraphs[min(from, to)+1 : max(from, to)] {
		n += p.words()
	}
	return n
}

// rare reports whether a sentence stands in the text once.
func (d *draft) rare(sentence string) bool {
	n := 0
	for _, p := range d.paragraphs {
		for _, s := range p.sentences {
			if s == sentence {
				n++
			}
		}
	}
	return n == 1
}
