package simulate

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"stet/internal/schedule"
)

// Policies whose waits can be any come within Precision of the wanted number.
func TestTunePrecision(t *testing.T) {
	list := fading(rand.New(rand.NewPCG(2, 2)), 400, 2)
	for _, p := range []schedule.Tunable{schedule.NewLearned(), schedule.NewsSniffer{}, schedule.Every(time.Hour)} {
		for _, visits := range []float64{6, 12} {
			r, err := Tune(t.Context(), list, p, visits, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if off := math.Abs(r.FetchesPerArticle/visits - 1); off > 1.02*Precision {
				t.Errorf("%s: %.3f visits, want %v within %v", p.Name(), r.FetchesPerArticle, visits, Precision)
			}
		}
	}
}

// What a policy cannot do ends with the nearest it can.
func TestTuneOutOfReach(t *testing.T) {
	list := []Timeline{line("a", 30), line("b")}
	for _, tt := range []struct {
		p         schedule.Tunable
		visits    float64
		low, high float64
	}{
		{schedule.NewLearned(), 1, 1, 2.1},                 // a day is the longest first wait
		{schedule.NewLearned(), 1e6, 195, 201},             // three minutes the shortest
		{schedule.NewsSniffer{}, 1e6, 20, 200},             // its waits grow
		{schedule.Diffengine{}, 1e6, 20, 22},               // two runs an hour
		{schedule.Diffengine{Shipped: true}, 1e6, 20, 200}, // a fifth of the age
		{schedule.Backoff{Factor: 1.01}, 1e6, 100, 36001},  // its waits grow by a second each
	} {
		r, err := Tune(t.Context(), list, tt.p, tt.visits, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.FetchesPerArticle < tt.low || r.FetchesPerArticle > tt.high {
			t.Errorf("%s, %v visits wanted: %v, want %v to %v", tt.p.Name(), tt.visits, r.FetchesPerArticle, tt.low, tt.high)
		}
	}
}

func TestClairvoyant(t *testing.T) {
	list := []Timeline{line("a", 10, 20), line("a", 30), line("b"), line("b", 5)}
	for _, tt := range []struct {
		visits, made, caught, overwritten float64
	}{{0, 2, 1, 1}, {10, 2, 1, 1}, {2, 2, 1, 1}, {1.5, 1.5, .5, .5}, {1, 1, 0, 0}, {.5, 1, 0, 0}} {
		want := Result{Policy: "clairvoyant", Articles: 4, Changes: 4, FetchesPerArticle: tt.made, Caught: tt.caught, CaughtOverwritten: tt.overwritten}
		if got := Clairvoyant(list, tt.visits); !equal(got, want) {
			t.Errorf("%v visits: %+v, want %+v", tt.visits, got, want)
		}
	}
	if got, want := Clairvoyant([]Timeline{line("a")}, 0), (Result{Policy: "clairvoyant", Articles: 1, FetchesPerArticle: 1}); !equal(got, want) {
		t.Errorf("no change: %+v, want %+v", got, want)
	}
	if got, want := Clairvoyant(nil, 5), (Result{Policy: "clairvoyant"}); !equal(got, want) {
		t.Errorf("no article: %+v, want %+v", got, want)
	}
}

// No policy passes the bound.
func TestClairvoyantIsABound(t *testing.T) {
	list := fading(rand.New(rand.NewPCG(3, 3)), 200, 2)
	for _, p := range []schedule.Policy{schedule.NewLearned(), schedule.NewsSniffer{}, schedule.NewsDiffs{}, schedule.Every(6 * time.Hour)} {
		r := watched(t, list, p, Options{})
		if c := Clairvoyant(list, r.FetchesPerArticle); r.Caught > c.Caught+1e-9 {
			t.Errorf("%s caught %.4f with %.2f visits, the bound is %.4f", r.Policy, r.Caught, r.FetchesPerArticle, c.Caught)
		}
	}
}
