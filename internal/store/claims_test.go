package store

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"stet/internal/news"
)

// The crowd that BenchmarkClaims claims from; -short takes a tenth.
const (
	crowdHosts    = 2000
	crowdArticles = 600 // on each host
	crowdBatch    = 20  // claimed with one lease, as package track does
)

// crowd is a store of many articles, each due at another time in the last day,
// with a version of 500 words and a baseline of 40 blocks.
func crowd(b *testing.B, hosts, articles int) *bench {
	x := newBench(b)
	r := rand.New(rand.NewPCG(1, 2))
	var words []string
	for range 500 { // of a thousand; they pack to about 1 KB, as news does
		words = append(words, fmt.Sprintf("word%d", r.IntN(100)*r.IntN(10)))
	}
	text, err := x.encode(news.Version{Content: content("Many were late", strings.Join(words[:250], " "), strings.Join(words[250:], " "))})
	x.must(err)
	indexes, err := texts(x, `SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL`)
	x.must(err)
	drop, err := texts(x, `SELECT 'DROP INDEX ' || name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL`)
	x.must(err)
	day, now := (24 * time.Hour).Microseconds(), x.clock.t.UnixMicro()
	x.reader.SetMaxIdleConns(0) // the journal can only be changed by who is alone
	defer x.reader.SetMaxIdleConns(readers)
	for _, q := range []struct {
		query string
		args  []any
	}{
		{"PRAGMA foreign_keys = 0; PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -200000; " + strings.Join(drop, ";"), nil},
		{"INSERT INTO source (id, key, name, home, created_at, render) SELECT value, 's' || value, 'S', '', 1, '' FROM generate(2, $1)", []any{hosts + 1}},
		{"INSERT INTO tally (source_id) SELECT id FROM source WHERE id > 1", nil},
		{"UPDATE feed SET due = NULL", nil},
		{"UPDATE host SET ready_at = NULL", nil},
		{"INSERT INTO host (id, name, ready_at) SELECT value, 'h' || value || '.example.org', $2 FROM generate(2, $1)", []any{hosts + 1, now - day}},
		{`INSERT INTO article (id, source_id, host_id, url, state, headline, language, hidden, found_at, due, period, versions, current, current_since,
			changed_at, last_visit, last_ok, captures, etag, last_modified, doubt_outcome, doubt_count, alternates, returns)
			SELECT value, value % $1 + 2, value % $1 + 2, 'https://h' || (value % $1 + 2) || '.example.org/' || value, 'live', 'Many were late', 'en', '',
			$3, $3 - value * 7919 % $4, 1, 1, 0, $3, $3, $3, $3, 1, '"e"', '', '', 0, '', 0 FROM generate(1, $2)`, []any{hosts, hosts * articles, now, day}},
		{`INSERT INTO capture (article_id, url, final_url, at, outcome, reason, status, header, wire_size, encoding, remote_addr, extractor)
			SELECT id, url, url, found_at, 'ok', '', 200, '', 1, '', '', 'test/1' FROM article ORDER BY id`, nil},
		{`INSERT INTO version (id, article_id, source_id, number, capture_id, digest, identity, headline, words, extractor, encoding, body)
			SELECT id, id, source_id, 0, id, $1, $2, headline, 500, 'test/1', 0, $3 FROM article ORDER BY id`, []any{text.digest[:], text.identity[:], text.body}},
		{`INSERT INTO seen SELECT id, found_at, found_at, 1 FROM article ORDER BY id`, nil},
		{`INSERT INTO baseline (article_id, capture_id, extractor, keys, memory) SELECT id, id, 'test/1', zeroblob(320), zeroblob(200) FROM article ORDER BY id`, nil},
		{strings.Join(indexes, ";"), nil},
		{"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -2000; PRAGMA foreign_keys = 1", nil},
	} {
		query := q.query
		if i := strings.Index(query, "generate("); i >= 0 { // SQLite's own series is no part of the driver
			from, to, _ := strings.Cut(strings.TrimSuffix(query[i+len("generate("):], ")"), ", ")
			query = "WITH RECURSIVE n (value) AS (SELECT " + from + " UNION ALL SELECT value + 1 FROM n WHERE value < " + to + ") " + query[:i] + "n"
		}
		_, err := x.writer.ExecContext(x.ctx, query, q.args...)
		x.must(err)
	}
	// A clock that moves, so that hosts queue up.
	var passed atomic.Int64
	x.now = func() time.Time { return x.clock.t.Add(time.Duration(passed.Add(1)) * time.Microsecond) }
	return x
}

func texts(x *bench, query string) (out []string, err error) {
	return out, x.read(x.ctx, "texts", func(t *tx) error {
		out, err = list(x.ctx, t, scanText, query)
		return err
	})
}

// spent is the processor time of this process: on a machine that others use too,
// it says more than the clock.
func spent(b testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkClaims measures articles handed to workers, ready to visit: a host is
// leased, the 20 most overdue of its articles are read with all that a visit needs
// (text of the version shown, baseline, memory, standing of the source), the host
// is released. No visit is made or recorded.
func BenchmarkClaims(b *testing.B) {
	hosts := crowdHosts
	if testing.Short() {
		hosts /= 10
	}
	began := time.Now()
	x := crowd(b, hosts, crowdArticles)
	b.Logf("%d articles made in %v", hosts*crowdArticles, time.Since(began).Round(time.Second))
	b.Run("lag", func(b *testing.B) {
		for b.Loop() {
			if all, _, err := x.Lag(x.ctx); err != nil || all.Articles != hosts*crowdArticles {
				b.Fatalf("%+v, %v", all, err)
			}
		}
	})
	for _, workers := range []int{1, 4} {
		b.Run(fmt.Sprint(workers, " workers"), func(b *testing.B) {
			var g sync.WaitGroup
			turns := make(chan struct{})
			for range workers {
				g.Go(func() {
					for range turns {
						l, ok, err := x.LeaseHost(x.ctx, time.Minute)
						if err != nil || !ok {
							b.Errorf("lease: %v, %v", ok, err)
							continue
						}
						if w, err := x.Due(x.ctx, l, crowdBatch); err != nil || len(w.Articles) != crowdBatch {
							b.Errorf("due: %d articles, %v", len(w.Articles), err)
						}
						if err := x.ReleaseHost(x.ctx, l, time.Time{}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			b.ResetTimer()
			before := spent(b)
			for range b.N {
				turns <- struct{}{}
			}
			close(turns)
			g.Wait()
			claims := float64(b.N * crowdBatch)
			b.ReportMetric(claims/b.Elapsed().Seconds(), "claims/s")
			b.ReportMetric(float64((spent(b)-before).Microseconds())/claims, "cpu-µs/claim")
		})
	}
}

// BenchmarkBounds reads the bounds of a source with more changes than are looked
// at: its cost ends at MaxWidths and MaxWalk, however many there are.
func BenchmarkBounds(b *testing.B) {
	x := crowd(b, 1, MaxWalk+MaxWidths)
	for name, every := range map[string]int{"all changed": 1, "one of a hundred": 100} {
		b.Run(name, func(b *testing.B) {
			x.must(x.write(x.ctx, "changes", func(t *tx) error {
				_, err := t.ExecContext(x.ctx, `DROP TRIGGER IF EXISTS change_is_never_deleted; DELETE FROM change`)
				if err == nil {
					_, err = t.ExecContext(x.ctx, `INSERT INTO change (article_id, type, version_id, number, recorded_at, after_at, before_at, headline, words_added, words_removed, silent, note)
						SELECT article_id, 'version', id, id % $1 = 0, $2, $2 - id, $2, 0, 1, 1, 0, '' FROM version ORDER BY id`, every, x.clock.t.UnixMicro())
				}
				return err
			}))
			for b.Loop() {
				recent, _, err := x.Bounds(x.ctx, 2)
				if want := min(MaxWidths, MaxWalk/every); err != nil || recent.Changes != want {
					b.Fatalf("%+v, %v, want %d", recent, err, want)
				}
			}
		})
	}
}
