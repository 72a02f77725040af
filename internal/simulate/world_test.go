package simulate

import (
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"stet/internal/schedule"
)

func TestWorldDeterministic(t *testing.T) {
	o := WorldOptions{Seed: 7, Days: 1, Signals: QualityMixed, Noise: .1}
	if !reflect.DeepEqual(World(o), World(o)) {
		t.Error("two worlds of one seed differ")
	}
	plain := World(WorldOptions{Seed: 7, Days: 1})
	for i, x := range World(o) {
		if !slices.Equal(x.Changes, plain[i].Changes) {
			t.Fatalf("article %d: signals and noise change its edits", i)
		}
	}
	if reflect.DeepEqual(plain, World(WorldOptions{Seed: 8, Days: 1})) {
		t.Error("two seeds give one world")
	}
}

// The figures that the study of scheduling checks its own base world by.
func TestWorldFigures(t *testing.T) {
	var ages, last []float64
	w := World(WorldOptions{Seed: 1})
	for _, x := range w {
		for i, c := range x.Changes {
			age := c.Sub(x.Published).Hours()
			if ages = append(ages, age); i == len(x.Changes)-1 {
				last = append(last, age)
			}
			if i > 0 && c.Sub(x.Changes[i-1]) < editApart || i == 0 && c.Sub(x.Published) < editApart {
				t.Fatalf("%s: edits less than %v apart", x.Source, editApart)
			}
		}
	}
	under := func(list []float64, hours float64) float64 {
		n := 0
		for _, x := range list {
			if x < hours {
				n++
			}
		}
		return 100 * float64(n) / float64(len(list))
	}
	for _, tt := range []struct {
		name           string
		got, want, off float64
	}{
		{"articles a day", float64(len(w)) / WorldDays, 1338, 25},
		{"changed, %", 100 * float64(len(last)) / float64(len(w)), 40, 2},
		{"edits of an article", float64(len(ages)) / float64(len(w)), 2.83, .1},
		{"edits within 1 h, %", under(ages, 1), 14, 3},
		{"edits within 5 h, %", under(ages, 5), 46, 4},
		{"edits within 10 h, %", under(ages, 10), 62, 4},
		{"edits within 24 h, %", under(ages, 24), 88, 5},
		{"last edit within 24 h, %", under(last, 24), 59, 5},
		{"last edit after 7 d, %", 100 - under(last, 7*24), 11, 4},
		{"last edit after 20 d, %", 100 - under(last, 20*24), 2.6, .7},
	} {
		t.Logf("%s: %.1f", tt.name, tt.got)
		if math.Abs(tt.got-tt.want) > tt.off {
			t.Errorf("%s: %.2f, want %.2f ± %.2f", tt.name, tt.got, tt.want, tt.off)
		}
	}
}

func TestWorldSignals(t *testing.T) {
	for _, tt := range []struct {
		quality   Quality
		recall    float64
		precision float64
	}{{QualityGood, .9, .8}, {QualityPoor, .45, .2}, {QualityNone, 0, 0}} {
		edits, told, signals, announced := 0, 0, 0, 0
		for _, x := range World(WorldOptions{Seed: 3, Days: 4, Signals: tt.quality}) {
			if x.Announced {
				announced++
			}
			edits += len(x.Changes)
			var at []time.Time
			for _, s := range x.Signals {
				if s.Channel == schedule.SitemapModified {
					at = append(at, s.At)
				}
			}
			signals += len(at)
			for _, c := range x.Changes {
				if slices.ContainsFunc(at, func(s time.Time) bool { return s.After(c) && s.Sub(c) <= sitemapEvery }) {
					told++
				}
			}
		}
		// Edits come in bursts: some share a poll with one that is told of.
		if recall := float64(told) / float64(edits); recall < tt.recall-.03 || recall > tt.recall+.12 {
			t.Errorf("%s: recall %.2f, want %.2f", tt.quality, recall, tt.recall)
		}
		if tt.quality == QualityNone {
			if signals != 0 || announced != 0 {
				t.Errorf("none: %d signals, %d articles announced", signals, announced)
			}
			continue
		}
		if precision := float64(told) / float64(signals); math.Abs(precision-tt.precision) > .1 {
			t.Errorf("%s: precision %.2f, want %.2f", tt.quality, precision, tt.precision)
		}
	}
}

// learnedAt gives what the learned policy catches in a small world at 12 visits
// an article.
func learnedAt(t *testing.T, o WorldOptions) Result {
	t.Helper()
	o.Seed, o.Days = 1, 3
	r, err := Tune(t.Context(), World(o), schedule.NewLearned(), 12, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v: %.1f visits, %.1f %% caught", o, r.FetchesPerArticle, 100*r.Caught)
	return r
}

// What the learned policy must catch. The worlds are of three days, so that
// less is learned than in one of full size: 2 to 4 points less are caught.
func TestWorldTargets(t *testing.T) {
	none := learnedAt(t, WorldOptions{})
	if none.Caught < .60 {
		t.Errorf("no signals: %.1f %% caught, want 60 %%", 100*none.Caught)
	}
	for _, tt := range []struct {
		name  string
		o     WorldOptions
		least float64
	}{
		{"mixed signals", WorldOptions{Signals: QualityMixed}, .76},
		{"good signals", WorldOptions{Signals: QualityGood}, .87},
		{"a noisy page in fifty", WorldOptions{Noise: .02}, none.Caught - .03},
	} {
		if r := learnedAt(t, tt.o); r.Caught < tt.least || math.Abs(r.FetchesPerArticle-12) > .3 {
			t.Errorf("%s: %.1f %% caught with %.2f visits, want %.1f %% with 12", tt.name, 100*r.Caught, r.FetchesPerArticle, 100*tt.least)
		}
	}
}

// One visit in 20 seconds to each source: the governor makes fewer of them and
// catches more than those that let the queue grow.
func TestWorldHostGap(t *testing.T) {
	w := World(WorldOptions{Seed: 1, Days: 5, Watch: 7})
	o := Options{HostGap: 20 * time.Second}
	learned, err := Run(t.Context(), w, schedule.NewLearned(), o)
	if err != nil {
		t.Fatal(err)
	}
	sniffer, err := Run(t.Context(), w, schedule.NewsSniffer{}, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("learned %.1f %%, newssniffer %.1f %%", 100*learned.Caught, 100*sniffer.Caught)
	if learned.Caught < .84 || learned.Caught < sniffer.Caught+.05 {
		t.Errorf("learned catches %.1f %%, newssniffer %.1f %%", 100*learned.Caught, 100*sniffer.Caught)
	}
}

// A poll of a sitemap is a request, and charged to those who listen to it only.
func TestPollsCharged(t *testing.T) {
	list := []Timeline{{Source: "one", Published: worldStart, Until: worldStart.Add(time.Second), Polls: 2.5}}
	for policy, want := range map[schedule.Policy]float64{schedule.NewLearned(): 3.5, schedule.NewsSniffer{}: 1} {
		r, err := Run(t.Context(), list, policy, Options{})
		if err != nil || r.FetchesPerArticle != want {
			t.Errorf("%s: %v requests, %v; want %v", policy.Name(), r.FetchesPerArticle, err, want)
		}
	}
}
