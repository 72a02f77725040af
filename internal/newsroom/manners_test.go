package newsroom

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// A step is one request to a watched host.
type step struct {
	after  time.Duration // since the answer before
	path   string
	status int    // of the answer; 0 = 200
	retry  string // Retry-After of the answer
	took   time.Duration
}

// breaches makes the requests, one after the other, and gives the kinds broken.
func breaches(rules HouseRules, steps []step) []BreachKind {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	var s step
	m := WatchManners(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		now = now.Add(s.took)
		if s.retry != "" {
			w.Header().Set("Retry-After", s.retry)
		}
		if s.status != 0 {
			w.WriteHeader(s.status)
		}
		w.Write([]byte("x"))
	}), rules, func() time.Time { return now })
	for _, s = range steps {
		now = now.Add(s.after)
		m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", s.path, nil))
	}
	var kinds []BreachKind
	for _, b := range m.Breaches() {
		kinds = append(kinds, b.Kind)
	}
	return kinds
}

func TestMannersFindEachBreach(t *testing.T) {
	const pace = 2 * time.Second
	rules := HouseRules{Pace: pace, Disallow: []string{"/adverts/"}}
	shy := HouseRules{Pace: pace, Delay: 5 * time.Second}
	robots := step{path: "/robots.txt"}
	for _, tc := range []struct {
		name  string
		rules HouseRules
		steps []step
		want  []BreachKind
	}{
		{"a good guest", rules, []step{robots, {after: pace, path: "/a", took: 9 * time.Second}, {after: pace, path: "/b"}}, nil},
		{"at the edge of the tolerance", rules, []step{robots, {after: pace - PaceTolerance, path: "/a"}}, nil},
		{"beyond it", rules, []step{robots, {after: pace - PaceTolerance - 1, path: "/a"}}, []BreachKind{TooSoon}},
		{"the pace counts from the end of a slow answer", rules, []step{robots, {after: pace, path: "/a", took: pace}, {after: pace / 2, path: "/b"}}, []BreachKind{TooSoon}},
		{"robots.txt is not asked for", rules, []step{{path: "/a"}, {after: pace, path: "/b"}}, []BreachKind{RobotsFirst, RobotsFirst}},
		{"robots.txt was not to be had", rules, []step{{path: "/robots.txt", status: 500}, {after: pace, path: "/a"}}, []BreachKind{RobotsFirst}},
		{"and is asked for again", rules, []step{{path: "/robots.txt", status: 500}, {after: pace, path: "/robots.txt"}, {after: pace, path: "/a"}}, nil},
		{"robots.txt again within a day", rules, []step{robots, {after: RobotsAge - PaceTolerance - 1, path: "/robots.txt"}}, []BreachKind{RobotsAgain}},
		{"robots.txt again after a day", rules, []step{robots, {after: RobotsAge, path: "/robots.txt"}}, nil},
		{"a forbidden path", rules, []step{robots, {after: pace, path: "/adverts/pies"}}, []BreachKind{Disallowed}},
		{"Crawl-delay is kept", shy, []step{robots, {after: 5 * time.Second, path: "/a"}}, nil},
		{"Crawl-delay is not kept", shy, []step{robots, {after: 4 * time.Second, path: "/a"}}, []BreachKind{DelayBroken}},
		{"Crawl-delay is not known yet", shy, []step{{path: "/robots.txt", status: 503}, {after: pace, path: "/robots.txt"}, {after: 5 * time.Second, path: "/a"}}, nil},
		{"Retry-After is kept", rules, []step{robots, {after: pace, path: "/a", status: 503, retry: "30"}, {after: 30 * time.Second, path: "/a"}}, nil},
		{"Retry-After is not kept", rules, []step{robots, {after: pace, path: "/a", status: 429, retry: "30"}, {after: 29 * time.Second, path: "/b"}}, []BreachKind{RetryBroken}},
		{"Retry-After on a good answer binds nobody", rules, []step{robots, {after: pace, path: "/a", retry: "30"}, {after: pace, path: "/b"}}, nil},
		{"a senseless Retry-After binds nobody", rules, []step{robots, {after: pace, path: "/a", status: 503, retry: "soon"}, {after: pace, path: "/b"}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := breaches(tc.rules, tc.steps); !slices.Equal(got, tc.want) {
				t.Errorf("breaches %v, want %v", got, tc.want)
			}
		})
	}
}

// TestMannersTogether: a request that comes while another is not answered is a
// breach; one that comes when the answer is ready, though not yet ended, is none.
func TestMannersTogether(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	var inner func(w http.ResponseWriter)
	m := WatchManners(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/outer" {
			inner(w)
		}
		w.Write([]byte("x"))
	}), HouseRules{Pace: time.Second}, func() time.Time { return now })
	get := func(path string) {
		m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
	}
	get("/robots.txt")
	now = now.Add(time.Second)
	inner = func(w http.ResponseWriter) {
		w.Write([]byte("all of it"))
		now = now.Add(time.Second)
		get("/second")
		now = now.Add(time.Second)
	}
	get("/outer")
	if got := m.Breaches(); len(got) != 0 {
		t.Fatalf("breaches %v, want none", got)
	}
	now = now.Add(time.Second)
	inner = func(http.ResponseWriter) { now = now.Add(time.Second); get("/second") }
	get("/outer")
	got := m.Breaches()
	if len(got) != 1 || got[0].Kind != Together || got[0].Path != "/second" || !strings.Contains(got[0].String(), "together") {
		t.Errorf("breaches %v, want one: together", got)
	}
}
