package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"time"

	"stet/bench/store/invent"
	"stet/internal/archive"
	"stet/internal/news"
	"stet/internal/store"
)

// The sizes of steps.
const (
	batchArticles = 200  // imported in one transaction
	batchChanges  = 1000 // indexed in one
)

// dueWithin is how far back the first visits of articles are due, so that
// workers find all of them waiting.
const dueWithin = 24 * time.Hour

// A bench is a store being measured, and where its histories come from.
type bench struct {
	o         options
	dir       string // of the store
	temporary bool
	store     *store.Store
	real      []archive.History
	generator *invent.Generator
	report    report
	measure   string // that is being taken
}

// A label says what a store was built of; one that was built of something else
// is not gone on with.
type label struct {
	Texts    string
	Words    int
	Articles int
	Seed     uint64
	Learn    int // articles that the dictionary was trained on
}

// labelFile is its name in the folder of the store.
const labelFile = "bench.json"

// newBench reads the corpus and opens the store.
func newBench(ctx context.Context, o options) (b *bench, err error) {
	b = &bench{o: o, dir: o.dir}
	l, err := b.source()
	if err != nil {
		return nil, err
	}
	b.report = report{Texts: l.Texts, Seed: o.seed}
	if b.dir == "" {
		b.temporary = true
		if b.dir, err = os.MkdirTemp("", "stet-store-"); err != nil {
			return nil, err
		}
	}
	if err = b.claimDir(l); err == nil {
		b.store, err = store.Open(ctx, store.Options{Dir: b.dir, DB: o.db, Exclusive: true})
	}
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

// source prepares the histories, and says of what they are.
func (b *bench) source() (l label, err error) {
	if b.o.real {
		if b.real, err = loadReal(b.o.data); err != nil {
			return l, err
		}
		b.o.articles = min(b.o.articles, len(b.real))
		return label{Texts: "real ones, " + realFile, Articles: b.o.articles, Learn: b.o.learn}, nil
	}
	paragraphs, name, err := texts(b.o.data)
	if err != nil {
		return l, err
	}
	m, err := invent.Learn(paragraphs)
	if err != nil {
		return l, fmt.Errorf("%s: %w", name, err)
	}
	b.generator = invent.NewGenerator(m, invent.Options{Seed: b.o.seed, Articles: b.o.articles})
	return label{Texts: "invented ones, learned from " + name, Words: m.Words(), Articles: b.o.articles, Seed: b.o.seed, Learn: b.o.learn}, nil
}

// claimDir puts the label in the folder, or compares with what is there.
func (b *bench) claimDir(l label) error {
	want, err := json.Marshal(l)
	if err != nil {
		return err
	}
	path := filepath.Join(b.dir, labelFile)
	have, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(b.dir, 0o750); err != nil {
			return err
		}
		return os.WriteFile(path, want, 0o640)
	}
	if err == nil && !bytes.Equal(have, want) {
		err = fmt.Errorf("%s: built of %s, not of %s", b.dir, have, want)
	}
	return err
}

// close leaves nothing behind but a folder that was asked for.
func (b *bench) close() (err error) {
	if b.store != nil {
		err = b.store.Close()
	}
	if b.temporary {
		err = errors.Join(err, os.RemoveAll(b.dir))
	}
	return err
}

// histories gives those from number from up to number to.
func (b *bench) histories(from, to int) iter.Seq[archive.History] {
	return func(yield func(archive.History) bool) {
		for i := from; i < min(to, b.o.articles); i++ {
			h := archive.History{}
			if b.real != nil {
				h = b.real[i]
			} else {
				h = b.generator.History(i)
			}
			if !yield(h) {
				return
			}
		}
	}
}

// sampled gives the histories of the sample: none that a dictionary was trained
// on, unless there are no others.
func (b *bench) sampled() iter.Seq[archive.History] {
	return b.histories(b.first(), b.first()+b.o.sample)
}

// first is the number of the first history of the sample.
func (b *bench) first() int {
	if b.o.learn >= b.o.articles {
		return 0
	}
	return b.o.learn
}

// train learns a dictionary from what was imported so far, of the first language.
func (b *bench) train(ctx context.Context) error {
	for h := range b.histories(0, 1) {
		d, err := b.store.TrainDictionary(ctx, h.Language, b.o.learn)
		if err != nil {
			return err
		}
		b.add("dictionary", float64(d.Size), "B")
	}
	return nil
}

// build imports what is not there yet, and indexes it.
func (b *bench) build(ctx context.Context) error {
	b.measure = "build"
	if err := b.importAll(ctx); err != nil {
		return err
	}
	if err := b.indexAll(ctx); err != nil {
		return err
	}
	t, err := b.store.Totals(ctx)
	b.report.Articles, b.report.Versions = t.Articles, t.Versions
	b.report.Sample = min(b.o.sample, t.Articles-b.first())
	return errors.Join(err, b.settle(ctx))
}

// settle moves all that was written into the database file, so that its size is
// that of the store.
func (b *bench) settle(ctx context.Context) error {
	db, err := b.database()
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, b.engine().settle)
	return errors.Join(err, db.Close())
}

// importAll goes on where an earlier run ended: articles are numbered in the
// order of histories, and a batch is in the store whole or not at all.
func (b *bench) importAll(ctx context.Context) error {
	t, err := b.store.Totals(ctx)
	if err != nil {
		return err
	}
	// The two take turns, so that the processor time of each is its own.
	var invented, imported effort
	versions, last := 0, time.Now()
	for from := t.Articles; from < b.o.articles; from += batchArticles {
		if from > 0 && from == b.o.learn {
			if err := b.train(ctx); err != nil {
				return err
			}
		}
		e := begin()
		batch, err := b.batch(from)
		if err != nil {
			return err
		}
		invented.add(e.end())
		e = begin()
		done, err := b.store.ImportArticles(ctx, batch, nil)
		if err != nil {
			return err
		}
		imported.add(e.end())
		for i, d := range done {
			// The histories are ours: what the store refuses of them is our own fault.
			if d.Refused != nil {
				return fmt.Errorf("%s: %w", batch[i].Address.URL, d.Refused)
			}
			versions += d.Added
		}
		if time.Since(last) > 5*time.Second {
			last = time.Now()
			fmt.Fprintf(b.o.progress, "import: %d of %d articles, %.0f versions a second\n", from+len(batch), b.o.articles, float64(versions)/imported.wall.Seconds())
		}
	}
	if versions > 0 {
		if b.generator != nil {
			b.addRate("invented", versions, invented)
		}
		b.addRate("imported", versions, imported)
	}
	return nil
}

// batch makes imports of the histories from number from on.
func (b *bench) batch(from int) (batch []store.Import, err error) {
	now := time.Now()
	for h := range b.histories(from, from+batchArticles) {
		i := from + len(batch)
		// Spread by a prime, so that neighbours are not due together.
		due := now.Add(-dueWithin * time.Duration(i*7919%86_400) / 86_400)
		in, err := importOf(h, due)
		if err != nil {
			return nil, err
		}
		batch = append(batch, in)
	}
	return batch, nil
}

// importOf puts a history into the store's form.
func importOf(h archive.History, due time.Time) (store.Import, error) {
	address, err := news.ParseAddress(h.URL, nil)
	if err != nil {
		return store.Import{}, err
	}
	in := store.Import{
		Source:  news.Source{Key: h.Source.Key, Name: h.Source.Name, Home: h.Source.Home},
		Address: address, Language: h.Language, Published: h.Published, Origin: h.Origin, Due: due,
	}
	for _, v := range h.Versions {
		in.Versions = append(in.Versions, store.ImportVersion{Content: v.Content, At: v.At, LastSeen: v.LastSeen})
	}
	return in, nil
}

// indexAll lets the search index follow the change log.
func (b *bench) indexAll(ctx context.Context) error {
	e, changes, last := begin(), 0, time.Now()
	for { // each step is a transaction with its cursor: a run that was cut short loses one
		n, err := b.store.IndexChanges(ctx, batchChanges)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		changes += n
		if time.Since(last) > 5*time.Second {
			last = time.Now()
			fmt.Fprintf(b.o.progress, "index: %d changes\n", changes)
		}
	}
	if changes > 0 {
		b.addRate("indexed", changes, e.end())
	}
	return nil
}
