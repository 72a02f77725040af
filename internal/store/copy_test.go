package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/pgtest"
)

// lived is a store after a random life.
func lived(t *testing.T, seed uint64, steps int) *player {
	b := newBench(t)
	p := &player{bench: b, r: rand.New(rand.NewPCG(seed, 1)), texts: map[int64][]news.Digest{}, held: b.lease()}
	for range steps {
		p.clock.pass(time.Second)
		p.step()
	}
	_, err := b.IndexChanges(b.ctx, 10_000)
	b.must(err)
	return p
}

// receiver is an empty store for a copy; server = on PostgreSQL.
func receiver(t *testing.T, now func() time.Time, server bool) *Store {
	t.Helper()
	o := Options{Dir: filepath.Join(t.TempDir(), "target"), Now: now, Exclusive: true, Receiving: true}
	if server {
		o.DB = pgtest.Database(t, o.Dir)
	}
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() }) // some tests close it before
	return s
}

// sound verifies a store, its index made.
func sound(t *testing.T, s *Store) Report {
	t.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = s.IndexChanges(t.Context(), 500); err != nil {
			t.Fatal(err)
		}
	}
	r, err := s.Verify(t.Context(), nil)
	if err != nil || len(r.Problems) > 0 {
		t.Fatalf("verify: %v, %q", err, r.Problems)
	}
	return r
}

// TestCopyThereAndBack: from SQLite to PostgreSQL and back, nothing is another.
func TestCopyThereAndBack(t *testing.T) {
	pgtest.SQLiteOnly(t) // it uses both
	p := lived(t, 7, 150)
	want := sound(t, p.Store)
	server, back := receiver(t, p.clock.now, true), receiver(t, p.clock.now, false)
	there, err := p.CopyTo(t.Context(), server, nil)
	p.must(err)
	equal(t, "checked on PostgreSQL", sound(t, server).Checked, want.Checked)
	_, err = server.CopyTo(t.Context(), back, nil)
	p.must(err)
	equal(t, "checked on the way back", sound(t, back).Checked, want.Checked)
	again, err := p.CopyTo(t.Context(), back, nil)
	p.must(err)
	equal(t, "rows", fmt.Sprint(again.Rows), fmt.Sprint(there.Rows))
	// Only what is each store's own is another: how far its index is.
	if again.Written > 1 || again.Removed != 0 || again.Blobs != 0 {
		t.Errorf("the copy of the copy differs: %+v", again)
	}
	// Life goes on in the copy, with ids that nothing has.
	p.Store = server
	p.clock.pass(2 * MaxLease)
	p.held = p.lease()
	for range 50 {
		p.clock.pass(time.Second)
		p.step()
	}
	sound(t, server)
}

// TestCopyGoesOn: a copy that was broken off leaves a store that is not opened,
// and the next takes along what is missing, what is new and what went.
func TestCopyGoesOn(t *testing.T) {
	for _, server := range []bool{false, true} {
		t.Run(fmt.Sprint("server ", server), func(t *testing.T) {
			p := lived(t, 8, 150)
			to := receiver(t, p.clock.now, server)
			ctx, cancel := context.WithCancel(t.Context())
			_, err := p.CopyTo(ctx, to, func(done, total int) {
				if done == total/2 {
					cancel()
				}
			})
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("broken off: %v", err)
			}
			o := Options{Dir: to.dir, Now: p.clock.now}
			if server {
				o.DB = pgtest.Database(t, to.dir)
			}
			if _, err := Open(t.Context(), o); !errors.Is(err, ErrUnfinished) {
				t.Fatalf("a half-made copy is opened: %v", err)
			}
			for range 40 {
				p.clock.pass(time.Second)
				p.step()
			}
			p.must(p.RemoveFeed(p.ctx, p.feed.ID))
			r, err := p.CopyTo(t.Context(), to, nil)
			p.must(err)
			if r.Written == 0 {
				t.Error("nothing was left to copy")
			}
			sound(t, to)
			feeds, err := to.Feeds(t.Context(), 0)
			p.must(err)
			if len(feeds) != 0 {
				t.Error("the copy has a feed that was removed")
			}
		})
	}
}

// TestCopyRefused: a store with a history of its own takes no other.
func TestCopyRefused(t *testing.T) {
	for _, server := range []bool{false, true} {
		t.Run(fmt.Sprint("server ", server), func(t *testing.T) {
			first, other := lived(t, 9, 60), lived(t, 10, 60)
			to := receiver(t, first.clock.now, server)
			_, err := first.CopyTo(t.Context(), to, nil)
			first.must(err)
			if _, err := other.CopyTo(t.Context(), to, nil); !errors.Is(err, ErrConflict) {
				t.Errorf("another history: %v", err)
			}
		})
	}
}

// TestCopyTakesAllTables: a table that a migration adds moves, or is said to stay.
func TestCopyTakesAllTables(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	var names []string
	b.must(b.read(b.ctx, "tables", func(tx *tx) (err error) {
		names, err = list(b.ctx, tx, scanText, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
			AND name NOT LIKE 'goose_%' AND name NOT LIKE '%\_search%' ESCAPE '\' ORDER BY name`)
		return err
	}))
	have := slices.Clone(stays)
	for _, k := range moved {
		have = append(have, k.name)
	}
	slices.Sort(have)
	equal(t, "tables", have, names)
}
