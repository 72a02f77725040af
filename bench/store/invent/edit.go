package invent

import (
	"math"
	"slices"
)

// What an edit does on the mean (NewsEdits), and how uneven edits are.
const (
	meanAdded   = 3.28 // sentences
	meanChanged = 2.67
	meanRemoved = 2.04
	meanWords   = 8   // of a changed sentence
	sigmaEdit   = 1.0 // of the logarithm of an edit's size
	shareTitle  = 15  // of a hundred edits change the headline, too
	keptAlways  = 3   // sentences
)

// edits counts what was done to an article.
type edits struct{ pairs, added, changed, removed, words int }

// edit makes the next version. Its text is always another.
func (a *article) edit() {
	// One size for all three: an edit is small or large as a whole.
	size := math.Exp(sigmaEdit*a.r.NormFloat64() - sigmaEdit*sigmaEdit/2)
	removed, changed, added := a.draw(meanRemoved*size), a.draw(meanChanged*size), a.draw(meanAdded*size)
	if removed+changed+added == 0 {
		changed = 1
	}
	a.done.pairs++
	for ; removed > 0 && a.count > keptAlways; removed-- {
		a.remove()
	}
	for range changed {
		a.change()
	}
	for added > 0 {
		n := a.add(added)
		added -= n
		a.done.added += n
	}
	if a.r.IntN(100) < shareTitle {
		a.headline = a.newHeadline()
	}
}

// draw gives a whole number of that mean.
func (a *article) draw(mean float64) int { return int(mean + a.r.Float64()) }

// pick gives a sentence, each as likely as another.
func (a *article) pick() (paragraph, sentence int) {
	n := a.r.IntN(a.count)
	for i, p := range a.paragraphs {
		if n < len(p.sentences) {
			return i, n
		}
		n -= len(p.sentences)
	}
	panic("invent: fewer sentences than counted")
}

func (a *article) remove() {
	i, j := a.pick()
	p := &a.paragraphs[i]
	p.sentences, p.text = slices.Delete(p.sentences, j, j+1), ""
	if len(p.sentences) == 0 {
		a.paragraphs = slices.Delete(a.paragraphs, i, i+1)
	}
	a.count--
	a.done.removed++
}

// add puts up to n sentences in one place, as a paragraph or into one, and
// gives how many.
func (a *article) add(n int) int {
	if n > 1 || a.r.IntN(2) == 0 {
		return a.addParagraph(a.r.IntN(len(a.paragraphs)+1), n)
	}
	i, j := a.pick()
	p := &a.paragraphs[i]
	p.sentences, p.text = slices.Insert(p.sentences, j+1, a.said(a.m.sentence(a.r))), ""
	a.count++
	return 1
}

// maxTries is how often other words are looked for; where each word has but one
// that follows, there are none, and the sentence gives way to a new one.
const maxTries = 8

// change says some words of a sentence anew.
func (a *article) change() {
	i, j := a.pick()
	p := &a.paragraphs[i]
	old := p.sentences[j]
	s := old
	for try := 0; s.text == old.text; try++ {
		if try < maxTries {
			s = a.changed(old.steps)
		} else {
			s = a.said(a.m.sentence(a.r))
		}
	}
	p.sentences[j], p.text = s, ""
	a.done.changed++
}

// changed replaces words in the middle by as many others that may follow what
// stands before; the rest is as it was.
func (a *article) changed(old []step) sentence {
	n := min(1+a.draw(meanWords-1)*(1+a.r.IntN(3))/2, len(old))
	from := a.r.IntN(len(old) - n + 1)
	before := begin()
	if from > 0 {
		before = old[from-1]
	}
	steps := append(make([]step, 0, len(old)), old[:from]...)
	steps = a.m.say(a.r, steps, before, n)
	steps = append(steps, old[from+n:]...)
	a.done.words += n
	return a.said(steps)
}
