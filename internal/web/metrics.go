package web

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"stet/internal/store"
)

// How long figures that cost something to read are kept.
const (
	LagAge    = time.Second // of lag and counts: what is shown is true within it
	BoundsAge = time.Minute // of the bounds of changes, which thousands of changes tell
)

// MaxBoundsRead is of how many sources the bounds are read anew for one answer of
// /metrics; the others are as they were read before, in turn.
const MaxBoundsRead = 50

// A shelf keeps what was read for a while; many may ask it at once, and one reads.
type shelf[K comparable, V any] struct {
	age  time.Duration
	mu   sync.Mutex // protects what follows
	kept map[K]shelved[V]
}

type shelved[V any] struct {
	at    time.Time
	value V
}

func newShelf[K comparable, V any](age time.Duration) *shelf[K, V] {
	return &shelf[K, V]{age: age, kept: map[K]shelved[V]{}}
}

// get gives what is kept of k, read anew when it is older than may be, or newer
// than now, as after a step of the clock.
func (s *shelf[K, V]) get(k K, now time.Time, read func() (V, error)) (V, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.kept[k]; ok && !now.Before(v.at) && now.Sub(v.at) < s.age {
		return v.value, nil
	}
	v, err := read()
	if err == nil {
		s.kept[k] = shelved[V]{now, v}
	}
	return v, err
}

// look gives what is kept of k, however old, and whether it is young enough.
func (s *shelf[K, V]) look(k K, now time.Time) (v V, kept, fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, kept := s.kept[k]
	return one.value, kept, kept && !now.Before(one.at) && now.Sub(one.at) < s.age
}

// lags are the lag of all visits and of each source, by id.
type lags struct {
	all     store.Lag
	sources map[int64]store.Lag
}

func (s *Site) lag(ctx context.Context) (lags, error) {
	return s.lagShelf.get(0, s.now(), func() (l lags, err error) {
		l.all, l.sources, err = s.store.Lag(ctx)
		return l, err
	})
}

func (s *Site) totals(ctx context.Context) (store.Totals, error) {
	return s.totalShelf.get(0, s.now(), func() (store.Totals, error) { return s.store.Totals(ctx) })
}

// bounds are those of the changes of a source.
type bounds struct{ Recent, Ever store.Bounds }

func (s *Site) bounds(ctx context.Context, sourceID int64) (bounds, error) {
	return s.boundsShelf.get(sourceID, s.now(), func() (b bounds, err error) {
		b.Recent, b.Ever, err = s.store.Bounds(ctx, sourceID)
		return b, err
	})
}

// metrics is /metrics, in the text format 0.0.4 of Prometheus. Numbers, and the
// keys of the sources that /sources shows as well: nothing that is not public.
func (s *Site) metrics(w http.ResponseWriter, r *http.Request) error {
	text, err := s.metricShelf.get(0, s.now(), func() ([]byte, error) { return s.metricText(r.Context()) })
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	send(w, r, "text/plain; version=0.0.4; charset=utf-8", time.Time{}, text)
	return nil
}

// metricText reads all figures and writes them.
func (s *Site) metricText(ctx context.Context) ([]byte, error) {
	var m metricWriter
	for _, write := range []func(context.Context, *metricWriter) error{s.lagMetrics, s.searchMetrics, s.countMetrics, s.sourceMetrics} {
		if err := write(ctx, &m); err != nil {
			return nil, err
		}
	}
	return m.Bytes(), nil
}

func (s *Site) lagMetrics(ctx context.Context, m *metricWriter) error {
	l, err := s.lag(ctx)
	if err != nil {
		return err
	}
	m.gauge("stet_lag_seconds", "How long the most overdue visit has waited.")
	m.sample(l.all.Longest.Seconds())
	m.gauge("stet_due", "Visits that are due and wait.")
	m.sample(float64(l.all.Articles), "kind", "article")
	m.sample(float64(l.all.Feeds), "kind", "feed")
	m.sample(float64(l.all.Requests), "kind", "request")
	return nil
}

func (s *Site) searchMetrics(ctx context.Context, m *metricWriter) error {
	l, err := s.store.SearchLag(ctx)
	if err != nil {
		return err
	}
	m.gauge("stet_search_lag_changes", "Entries of the change log that the search index has not taken yet.")
	m.sample(float64(l.Entries))
	m.gauge("stet_search_lag_seconds", "Age of the oldest of them.")
	m.sample(l.Oldest.Seconds())
	return nil
}

// dayHours is how many whole hours before this one visits are counted for.
const dayHours = 24

func (s *Site) countMetrics(ctx context.Context, m *metricWriter) error {
	n, err := s.totals(ctx)
	if err != nil {
		return err
	}
	day, err := s.store.VisitsSince(ctx, s.now().Add(-dayHours*time.Hour))
	if err != nil {
		return err
	}
	captures, err := s.store.CaptureCount(ctx)
	if err != nil {
		return err
	}
	m.gauge("stet_sources", "Sources.")
	m.sample(float64(n.Sources))
	m.gauge("stet_feeds", "Feeds.")
	m.sample(float64(n.Feeds))
	m.gauge("stet_articles", "Articles.")
	m.sample(float64(n.Articles))
	m.gauge("stet_versions", "Versions, first ones among them.")
	m.sample(float64(n.Versions))
	m.gauge("stet_changes", "Changes, without first versions and live blogs that only grew.")
	m.sample(float64(n.Changes))
	m.gauge("stet_visits_day", "Visits to articles in the last 24 hours and this one, by what they showed.")
	m.sample(float64(day.Seen), "showed", "article")
	m.sample(float64(day.Blocked), "showed", "wall")
	m.sample(float64(day.Failed), "showed", "failure")
	m.sample(float64(day.Visits-day.Seen-day.Blocked-day.Failed), "showed", "other")
	m.counter("stet_captures_total", "Captures recorded since the store was made.")
	m.sample(float64(captures))
	if !n.LastVisit.IsZero() {
		m.gauge("stet_last_visit_timestamp_seconds", "When the last visit was made, in seconds since 1970.")
		m.sample(float64(n.LastVisit.UnixMicro()) / 1e6)
	}
	return nil
}

func (s *Site) sourceMetrics(ctx context.Context, m *metricWriter) error {
	sources, err := s.store.Sources(ctx)
	if err != nil {
		return err
	}
	l, err := s.lag(ctx)
	if err != nil {
		return err
	}
	m.gauge("stet_source_lag_seconds", "How long the most overdue visit of the source has waited.")
	for _, src := range sources {
		m.sample(l.sources[src.ID].Longest.Seconds(), "source", src.Key)
	}
	m.gauge("stet_source_due", "Visits of the source that are due and wait.")
	for _, src := range sources {
		m.sample(float64(l.sources[src.ID].Due()), "source", src.Key)
	}
	if err := s.refreshBounds(ctx, sources); err != nil {
		return err
	}
	m.gauge("stet_seen_width_seconds", "Width of (T1, T2], in which a change was made: quantiles of the last 30 days.")
	for _, src := range sources {
		if b, _, _ := s.boundsShelf.look(src.ID, s.now()); b.Recent.Changes > 0 {
			m.sample(b.Recent.Median.Seconds(), "source", src.Key, "quantile", "0.5")
			m.sample(b.Recent.P90.Seconds(), "source", src.Key, "quantile", "0.9")
		}
	}
	return nil
}

// refreshBounds reads the bounds of up to MaxBoundsRead sources anew, those that
// follow the last ones that were: thousands of sources are not read for one answer.
func (s *Site) refreshBounds(ctx context.Context, sources []store.SourceRow) error {
	turn, read := int(s.boundsTurn.Load()), 0
	for i := 0; i < len(sources) && read < MaxBoundsRead; i++ {
		src := sources[(turn+i)%len(sources)]
		s.boundsTurn.Store(int64((turn + i + 1) % len(sources)))
		if _, _, fresh := s.boundsShelf.look(src.ID, s.now()); fresh {
			continue
		}
		if _, err := s.bounds(ctx, src.ID); err != nil {
			return err
		}
		read++
	}
	return nil
}

// A metricWriter writes the text format: a family begins with its help and type,
// and its samples follow it.
type metricWriter struct {
	bytes.Buffer
	name string
}

func (m *metricWriter) gauge(name, help string)   { m.family(name, help, "gauge") }
func (m *metricWriter) counter(name, help string) { m.family(name, help, "counter") }

func (m *metricWriter) family(name, help, kind string) {
	m.name = name
	help = strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(help)
	fmt.Fprintf(m, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// sample writes a value of the family; labels are names and values by turns.
func (m *metricWriter) sample(value float64, labels ...string) {
	m.WriteString(m.name)
	for i := 0; i+1 < len(labels); i += 2 {
		m.WriteByte("{,"[min(i, 1)])
		fmt.Fprintf(m, `%s="%s"`, labels[i], escapeLabel(labels[i+1]))
	}
	if len(labels) > 1 {
		m.WriteByte('}')
	}
	m.WriteString(" " + metricValue(value) + "\n")
}

// escapeLabel writes the value of a label; what is no UTF-8 is replaced.
func escapeLabel(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(strings.ToValidUTF8(s, "\uFFFD"))
}

// metricValue writes a number as the format has it.
func metricValue(v float64) string {
	if math.IsInf(v, 1) {
		return "+Inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
