package main

import (
	"fmt"

	"stet/internal/extract"
)

// folds is how many parts cross-validation makes.
const folds = 5

// figures sum up how well pages were read.
type figures struct {
	pages                      int
	shingle, paragraph, exact  float64
	precision, recall          float64
	news                       int
	newsShingle, newsParagraph float64
	newsExact                  float64
}

func (f figures) String() string {
	n, m := float64(f.pages), float64(max(1, f.news))
	return fmt.Sprintf("%d pages, shingle F1 %.4f (P %.4f R %.4f), paragraph F1 %.4f, exact %.3f; %d declared news: %.4f, %.4f",
		f.pages, f.shingle/n, f.precision/n, f.recall/n, f.paragraph/n, f.exact/n, f.news, f.newsShingle/m, f.newsParagraph/m)
}

func (f *figures) add(p *page, s extract.Score) {
	f.pages++
	f.shingle, f.paragraph = f.shingle+s.F1, f.paragraph+s.Paragraphs
	f.precision, f.recall = f.precision+s.Precision, f.recall+s.Recall
	exact := 0.0
	if s.Exact {
		exact = 1
	}
	f.exact += exact
	if p.News() {
		f.news++
		f.newsExact += exact
		f.newsShingle, f.newsParagraph = f.newsShingle+s.F1, f.newsParagraph+s.Paragraphs
	}
}

// measure reads pages, each with the weights that are meant for it.
func measure(pages []*page, weights func(*page) *extract.Weights) (f figures) {
	for _, p := range pages {
		f.add(p, p.Score(p.Read(weights(p))))
	}
	return f
}

// learn gives the weights learnt from all pages, and what weights learnt
// without a page's host make of it.
func learn(pages []*page) (*extract.Weights, figures) {
	parts := make([]*extract.Weights, folds)
	for k := range parts {
		parts[k] = regress(pages, func(p *page) bool { return p.fold != k })
	}
	news, other := choose(pages, parts)
	for _, w := range parts {
		w.News, w.Other = news, other
	}
	w := regress(pages, func(*page) bool { return true })
	w.News, w.Other = news, other
	return w, measure(pages, func(p *page) *extract.Weights { return parts[p.fold] })
}

// inner is how many parts the pages are split into for the second pass, which
// must see scores as the first pass gives them on pages it was not shown.
const inner = 3

// regress fits both passes to the pages that are in.
func regress(pages []*page, in func(*page) bool) *extract.Weights {
	var used []*page
	for _, p := range pages {
		if in(p) {
			used = append(used, p)
		}
	}
	rows := make([][]extract.Row, len(used))
	for i, p := range used {
		rows[i] = p.Rows(nil)
	}
	gather := func(keep func(i int) bool) (out []extract.Row) {
		for i := range rows {
			if keep(i) {
				out = append(out, rows[i]...)
			}
		}
		return out
	}
	w := &extract.Weights{First: fit(gather(func(int) bool { return true }))}
	var second []extract.Row
	for k := range inner {
		first := fit(gather(func(i int) bool { return i%inner != k }))
		for i, p := range used {
			if i%inner == k {
				second = append(second, p.Rows(first)...)
			}
		}
	}
	w.Second = fit(second)
	return w
}

// never is a threshold that no score reaches.
const never = 2

// choose tries thresholds on pages that the weights have not seen, and gives
// the best for news and for other pages: first from which score a piece is
// believed without votes, then with them. On declared news nothing is believed
// without votes: few pages here are news, and the voters were made for it.
func choose(pages []*page, parts []*extract.Weights) (news, other extract.Thresholds) {
	news, other = extract.Thresholds{Alone: never, Backed: 0.2}, extract.Thresholds{Backed: 0.2}
	bestNews, bestOther := -1.0, -1.0
	try := func(n, o extract.Thresholds) {
		f := measure(pages, func(p *page) *extract.Weights {
			w := *parts[p.fold]
			w.News, w.Other = n, o
			return &w
		})
		fmt.Printf("news %v, other %v: %s\n", n, o, f)
		if x := f.newsShingle + f.newsParagraph + f.newsExact/4; x > bestNews {
			bestNews, news = x, n
		}
		if x := f.shingle + f.paragraph + f.exact/4 - f.newsShingle - f.newsParagraph - f.newsExact/4; x > bestOther {
			bestOther, other = x, o
		}
	}
	for _, alone := range []float64{0.4, 0.5, 0.6, 0.7} {
		try(news, extract.Thresholds{Alone: alone, Backed: 0.2})
	}
	alone := other.Alone
	for _, backed := range []float64{0.1, 0.3, 0.4} {
		try(extract.Thresholds{Alone: never, Backed: backed}, extract.Thresholds{Alone: alone, Backed: backed})
	}
	return news, other
}
