package news

import (
	"slices"
	"strings"
	"testing"
)

func TestReserves(t *testing.T) {
	const policy = "https://lindhaven.example.org/tdm.json"
	long := "https://example.org/" + strings.Repeat("p", MaxPolicy-len("https://example.org/"))
	for name, tt := range map[string]struct {
		what   []Reservation
		policy string
		want   Reserved
		text   string
	}{
		"nothing":             {nil, "", Reserved{}, ""},
		"in order, each once": {[]Reservation{TDM, NoArchive, NoIndex, TDM}, policy, Reserved{Reservations, policy}, "noindex, noarchive, tdm"},
		"unknown":             {[]Reservation{"nofollow"}, "", Reserved{}, ""},
		"policy of nothing":   {[]Reservation{NoIndex}, policy, Reserved{What: []Reservation{NoIndex}}, "noindex"},
		"longest policy":      {[]Reservation{TDM}, long, Reserved{[]Reservation{TDM}, long}, "tdm"},
		"policy too long":     {[]Reservation{TDM}, long + "p", Reserved{What: []Reservation{TDM}}, "tdm"},
	} {
		got := Reserves(tt.what, tt.policy)
		if !got.Equal(tt.want) || got.String() != tt.text {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
	if (Reserved{What: []Reservation{TDM}, Policy: policy}).Equal(Reserved{What: []Reservation{TDM}}) {
		t.Error("the policy does not count")
	}
}

// TestHonesty: one lie is enough when there is nothing else to go by, few among
// many are borne, and a host that was mended is believed again.
func TestHonesty(t *testing.T) {
	for _, tt := range []struct {
		lies, honest int
		believed     bool
	}{{0, 0, true}, {0, 9, true}, {1, 0, false}, {1, 2, false}, {1, 3, true}, {2, 6, true}, {3, 8, false}, {HonestyKept, 0, false}} {
		if h := (Honesty{Lies: tt.lies, Honest: tt.honest}); h.Believed() != tt.believed {
			t.Errorf("%+v: believed %v", h, h.Believed())
		}
	}
	h, trail := Honesty{Host: "example.org"}, []bool{}
	for range 1000 {
		h = h.Add(true)
		if h.Lies+h.Honest > HonestyKept {
			t.Fatalf("%+v: more than is remembered", h)
		}
	}
	for range 2 * HonestyKept {
		h = h.Add(false)
		trail = append(trail, h.Believed())
	}
	if n := slices.Index(trail, true); n < 3 || n > HonestyKept || slices.Contains(trail[n:], false) {
		t.Errorf("mended, it is believed after %d changes: %v", n, trail)
	}
}
