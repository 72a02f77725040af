package archive

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// A batch is full, and recorded, when it has as many versions or bytes of text.
const (
	batchVersions = 1000
	batchBytes    = 8 << 20
)

// Options say how to import.
type Options struct {
	Now   func() time.Time      // nil = time.Now; versions seen later than that are faults
	Watch time.Duration         // new articles are visited from now on, the first time within this time; 0 = not
	File  news.Digest           // names the file, so that an import that was cut short goes on; zero = it does not
	Name  string                // of the file, for people
	Fault func(*Fault)          // told of each; nil = nobody
	Step  func(Summary, string) // told after each batch, with the position; nil = nobody
}

// A Summary is what an import did.
type Summary struct {
	Articles int `json:"articles"` // histories taken
	New      int `json:"new"`      // articles that were not known
	Versions int `json:"versions"` // recorded
	Known    int `json:"known"`    // versions that were there already
	Same     int `json:"same"`     // records whose text was that of the one before
	Faults   int `json:"faults"`
}

// Import records what a reader gives, in batches of whole histories, until its
// end. On an error, what came before it is recorded. Faults are counted and told,
// and no error.
func Import(ctx context.Context, s *store.Store, r Reader, o Options) (Summary, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	m := &mover{Options: o, store: s}
	for {
		if err := ctx.Err(); err != nil {
			return m.Summary, err
		}
		h, err := r.Next()
		if f, ok := IsFault(err); ok {
			m.fault(f)
			continue
		}
		if err == io.EOF {
			return m.Summary, m.flush(ctx, "")
		}
		if err != nil {
			return m.Summary, errors.Join(err, m.flush(ctx, r.Position()))
		}
		m.take(h)
		if m.full() {
			if err := m.flush(ctx, r.Position()); err != nil {
				return m.Summary, err
			}
		}
	}
}

// A mover is an import on its way.
type mover struct {
	Options
	Summary
	store    *store.Store
	origin   string
	batch    []store.Import
	versions int
	bytes    int
}

func (m *mover) fault(f *Fault) {
	m.Faults++
	if m.Fault != nil {
		m.Fault(f)
	}
}

func (m *mover) full() bool {
	return m.versions >= batchVersions || m.bytes >= batchBytes || len(m.batch) == store.MaxImports
}

// take puts a history into the batch.
func (m *mover) take(h History) {
	in, err := m.prepare(h)
	if err != nil {
		m.fault(&Fault{Where: "article", Subject: h.URL, Err: err})
		return
	}
	m.origin = in.Origin
	if len(in.Versions) == 0 {
		return // each of them was a fault
	}
	m.batch = append(m.batch, in)
}

// prepare gives a history the form of the store.
func (m *mover) prepare(h History) (in store.Import, err error) {
	in = store.Import{Language: clean(h.Language), Published: h.Published, Origin: h.Origin, OldID: h.OldID}
	if in.Address, err = news.ParseAddress(h.URL, nil); err != nil {
		return in, err
	}
	for _, alias := range h.Aliases {
		a, err := news.ParseAddress(alias, nil)
		if err != nil {
			m.fault(&Fault{Where: "alias", Subject: h.URL, Err: err})
			continue
		}
		in.Aliases = append(in.Aliases, a)
	}
	in.Source = news.Source{Key: h.Source.Key, Name: clean(h.Source.Name), Home: clean(h.Source.Home)}
	if in.Source.Key == "" {
		in.Source.Key = sourceKey(in.Address.Host)
	}
	if m.Watch > 0 {
		in.Due = m.Now().Add(spread(in.Address.Key, m.Watch))
	}
	m.fillVersions(&in, h)
	return in, nil
}

// fillVersions takes the versions whose time can be, in order of time.
func (m *mover) fillVersions(in *store.Import, h History) {
	slices.SortStableFunc(h.Versions, func(a, b Version) int { return a.At.Compare(b.At) })
	now := m.Now()
	for _, v := range h.Versions {
		if v.At.After(now) || v.At.Before(time.UnixMicro(0)) {
			m.fault(&Fault{Where: "version", Subject: h.URL, Err: fmt.Errorf("seen at %s: not between 1970 and now", v.At.Format(time.RFC3339))})
			continue
		}
		if v.LastSeen.After(now) {
			v.LastSeen = v.At
		}
		if v.Content.Headline == "" {
			v.Content.Headline = h.Title
		}
		v.Content.Headline = clean(v.Content.Headline)
		in.Versions = append(in.Versions, store.ImportVersion{Content: v.Content, At: v.At, LastSeen: v.LastSeen, OldID: clean(v.OldID), Extra: string(v.Extra)})
		m.versions++
		m.bytes += len(v.Extra)
		for _, b := range v.Content.Blocks {
			m.bytes += len(b.Text)
		}
	}
}

// spread gives each address its place in a span of time, always the same, so that
// many articles do not come due at once.
func spread(key string, span time.Duration) time.Duration {
	h := fnv.New64a()
	io.WriteString(h, key)
	return time.Duration(h.Sum64() % uint64(span))
}

// flush records the batch, and where the next one begins; "" = nowhere.
func (m *mover) flush(ctx context.Context, position string) error {
	var mark *store.ImportMark
	if !m.File.IsZero() && m.origin != "" {
		mark = &store.ImportMark{Origin: m.origin, File: m.File, Name: clean(m.Name), Position: position}
	}
	done, err := m.store.ImportArticles(ctx, m.batch, mark)
	if err != nil {
		return err
	}
	for i, d := range done {
		if d.Refused != nil {
			m.fault(&Fault{Where: "article", Subject: m.batch[i].Address.URL, Err: d.Refused})
			continue
		}
		m.Articles++
		m.Versions += d.Added
		m.Known += d.Known
		m.Same += d.Same
		if d.New {
			m.New++
		}
	}
	m.batch, m.versions, m.bytes = m.batch[:0], 0, 0
	if m.Step != nil {
		m.Step(m.Summary, position)
	}
	return nil
}
