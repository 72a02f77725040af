package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"stet/internal/store"
)

// repeat times n turns of f.
func repeat(n int, f func(i int) error) (times []time.Duration, err error) {
	for i := range n {
		began := time.Now()
		if err := f(i); err != nil {
			return nil, err
		}
		times = append(times, time.Since(began))
	}
	return times, nil
}

// draw gives random numbers of its own for each measure.
func (b *bench) draw() *rand.Rand { return rand.New(rand.NewPCG(b.o.seed, uint64(len(b.measure)))) }

// read reads versions anywhere in the store, with their texts.
func (b *bench) read(ctx context.Context) error {
	// Ids of versions have no gaps after an import.
	r := b.draw()
	e := begin()
	times, err := repeat(b.o.turns, func(int) error {
		_, err := b.store.Version(ctx, 1+r.Int64N(int64(b.report.Versions)))
		return err
	})
	if err != nil {
		return err
	}
	spent := e.end()
	b.addTimes("a version anywhere", times)
	b.add("versions read", float64(len(times))/max(spent.cpu.Seconds(), leastTime), "/CPU-s")
	return nil
}

// listSize is how many lines the pages of lists have.
const listSize = 50

// A pageQuery asks the store what one page asks it.
type pageQuery struct {
	name string
	ask  func(ctx context.Context, article int64, r *rand.Rand) error
}

// pages times what pages ask of the store, without making them.
func (b *bench) pages(ctx context.Context) error {
	r := b.draw()
	for _, q := range b.pageQueries() {
		times, err := repeat(b.o.turns, func(int) error { return q.ask(ctx, 1+r.Int64N(int64(b.report.Articles)), r) })
		if err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
		b.addTimes(q.name, times)
	}
	return nil
}

// pageQueries are the pages that readers open most. Each makes the calls that
// package web makes for it, in the same order.
func (b *bench) pageQueries() []pageQuery {
	versions := func(ctx context.Context, q store.VersionQuery) error {
		_, _, err := b.store.VersionList(ctx, q)
		return err
	}
	return []pageQuery{
		{"home: the newest changes", func(ctx context.Context, _ int64, _ *rand.Rand) error {
			return versions(ctx, store.VersionQuery{Page: store.Page{Size: listSize}, ChangedOnly: true})
		}},
		{"home: an older page, anywhere", func(ctx context.Context, _ int64, r *rand.Rand) error {
			before := 1 + r.Int64N(int64(b.report.Versions)) // the cursor of this list is the id of a version
			return versions(ctx, store.VersionQuery{Page: store.Page{Size: listSize, Before: before}, ChangedOnly: true})
		}},
		{"articles", func(ctx context.Context, _ int64, _ *rand.Rand) error {
			_, _, err := b.store.ArticleList(ctx, store.ArticleQuery{Page: store.Page{Size: listSize}})
			return err
		}},
		{"article, with its newest text", b.articlePage},
		{"diff: two versions of an article", b.diffPage},
		{"source", func(ctx context.Context, article int64, _ *rand.Rand) error {
			_, src, err := b.store.Article(ctx, article)
			if err != nil {
				return err
			}
			if _, err := b.store.Source(ctx, src.Key); err != nil {
				return err
			}
			return versions(ctx, store.VersionQuery{Page: store.Page{Size: listSize}, SourceKey: src.Key})
		}},
		{"totals", func(ctx context.Context, _ int64, _ *rand.Rand) error { _, err := b.store.Totals(ctx); return err }},
	}
}

// articlePage asks for the article, its versions, changes and appraisals, and
// the newest text.
func (b *bench) articlePage(ctx context.Context, article int64, _ *rand.Rand) error {
	a, _, err := b.store.Article(ctx, article)
	if err != nil {
		return err
	}
	_, err1 := b.store.ArticleVersions(ctx, article)
	_, err2 := b.store.ArticleChanges(ctx, article)
	_, err3 := b.store.ArticleAppraisals(ctx, article)
	_, err4 := b.store.VersionByNumber(ctx, article, a.Versions-1)
	return errors.Join(err1, err2, err3, err4)
}

// diffPage asks for the article, two neighbouring versions and the changes.
func (b *bench) diffPage(ctx context.Context, article int64, r *rand.Rand) error {
	a, _, err := b.store.Article(ctx, article)
	if err != nil {
		return err
	}
	// Any neighbours: a late pair is farther from a whole text than an early one.
	n := r.IntN(a.Versions)
	_, err1 := b.store.VersionByNumber(ctx, article, max(n-1, 0))
	_, err2 := b.store.VersionByNumber(ctx, article, n)
	_, err3 := b.store.ArticleChanges(ctx, article)
	return errors.Join(err1, err2, err3)
}
