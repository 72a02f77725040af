package news

import (
	"slices"
	"strings"
)

// A Reservation is something that a page reserves for its publisher: what others
// are asked not to do with it.
type Reservation string

// The reservations.
const (
	NoIndex   Reservation = "noindex"   // not to be listed or found
	NoArchive Reservation = "noarchive" // no copy to be shown
	TDM       Reservation = "tdm"       // text and data mining (W3C TDMRep)
)

// Reservations lists every reservation, in the order in which they are told.
var Reservations = []Reservation{NoIndex, NoArchive, TDM}

// Reserved is what a page reserves, in headers and meta elements together.
type Reserved struct {
	What   []Reservation // in the order of Reservations, each once; empty = nothing
	Policy string        // absolute http(s) address of the policy of TDM; empty = none told
}

// Reserves puts reservations in order, each once. A policy without TDM is no
// policy, nor is one longer than MaxPolicy.
func Reserves(what []Reservation, policy string) Reserved {
	var r Reserved
	for _, one := range Reservations {
		if slices.Contains(what, one) {
			r.What = append(r.What, one)
		}
	}
	if slices.Contains(what, TDM) && len(policy) <= MaxPolicy {
		r.Policy = policy
	}
	return r
}

// MaxPolicy is the longest address of a TDM policy, in bytes.
const MaxPolicy = 2048

// String lists what is reserved: "noindex, tdm".
func (r Reserved) String() string {
	names := make([]string, len(r.What))
	for i, one := range r.What {
		names[i] = string(one)
	}
	return strings.Join(names, ", ")
}

// Equal reports whether both reserve the same.
func (r Reserved) Equal(other Reserved) bool {
	return slices.Equal(r.What, other.What) && r.Policy == other.Policy
}

// An Honesty counts what became of the validators (ETag, Last-Modified) of a
// host when a text had changed: whether a conditional request would have told us.
type Honesty struct {
	Host   string
	Lies   int // another text under the very validators that we held
	Honest int // another text, and other validators
}

// When a host's 304 is believed.
const (
	LieShare    = 0.25 // share of lies above which it is not
	HonestyKept = 32   // changes that are remembered: beyond, both counts are halved
)

// Believed reports whether the host's 304 is believed: while no more than
// LieShare of the changes seen came under validators that had not moved.
func (h Honesty) Believed() bool {
	return float64(h.Lies) <= LieShare*float64(h.Lies+h.Honest)
}

// Add counts one change, and forgets half when more than HonestyKept would be
// remembered, so that a host that was mended is believed again.
func (h Honesty) Add(lie bool) Honesty {
	if lie {
		h.Lies++
	} else {
		h.Honest++
	}
	if h.Lies+h.Honest > HonestyKept {
		h.Lies, h.Honest = h.Lies/2, h.Honest/2
	}
	return h
}
