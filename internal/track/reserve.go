package track

import (
	"fmt"
	"slices"
	"strings"

	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/store"
)

// A Treatment is what is done with an article whose page reserves something.
type Treatment string

// The treatments, the weakest first.
const (
	Keep Treatment = "keep" // recorded and shown as all others; the reservation is shown beside it
	Hide Treatment = "hide" // recorded, and kept from readers
	Skip Treatment = "skip" // not recorded: neither text nor raw bytes; what was recorded earlier is kept from readers
)

// treatments are all of them, the weakest first.
func treatments() []Treatment { return []Treatment{Keep, Hide, Skip} }

// A ReservedPolicy says how articles are treated by what their pages reserve;
// what it does not name is kept.
type ReservedPolicy map[news.Reservation]Treatment

// ParseReservedPolicy reads a policy: a treatment for all reservations, or
// RESERVATION=TREATMENT for single ones, or both, the first for those that are not
// named: "hide", "noarchive=hide,tdm=skip", "hide,tdm=skip". Empty keeps all.
func ParseReservedPolicy(text string) (ReservedPolicy, error) {
	p := ReservedPolicy{}
	if text == "" {
		return p, nil
	}
	named := map[news.Reservation]bool{}
	all := false
	for part := range strings.SplitSeq(text, ",") {
		name, value, one := strings.Cut(strings.TrimSpace(part), "=")
		if !one {
			name, value = "", name
		}
		t, what := Treatment(value), news.Reservation(name)
		switch {
		case !slices.Contains(treatments(), t):
			return nil, fmt.Errorf("reserved %q: treatment %q: want keep, hide or skip", text, value)
		case one && !slices.Contains(news.Reservations, what):
			return nil, fmt.Errorf("reserved %q: %q: want noindex, noarchive or tdm", text, name)
		case one && named[what], !one && all:
			return nil, fmt.Errorf("reserved %q: %q: said twice", text, part)
		case one:
			p[what], named[what] = t, true
			continue
		}
		all = true
		for _, r := range news.Reservations {
			if !named[r] {
				p[r] = t
			}
		}
	}
	return p, nil
}

// of is how an article is treated whose page reserves that, the strictest of all
// that apply, and for which reservations.
func (p ReservedPolicy) of(r news.Reserved) (Treatment, string) {
	strictest, why := Keep, []string(nil)
	for _, what := range r.What {
		t := p[what]
		switch a, b := slices.Index(treatments(), t), slices.Index(treatments(), strictest); {
		case a > b:
			strictest, why = t, []string{string(what)}
		case a == b:
			why = append(why, string(what))
		}
	}
	if strictest == Keep {
		return Keep, ""
	}
	return strictest, "its page reserves: " + strings.Join(why, ", ")
}

// reserve notes what a page reserves that shows the article, and takes away what
// must not be recorded of it. A 304 tells that the page is as it was.
func (t *Tracker) reserve(l *look, a store.Visiting) {
	switch {
	case l.outcome == news.OK, l.outcome == news.Unchanged && len(l.fetch.Body) > 0:
		l.reserved = extract.Reserved(pageOf(l.fetch))
	case l.outcome == news.Unchanged:
		l.reserved = a.Reserved
	default: // an error page reserves nothing for the article
		return
	}
	l.read = true
	var treatment Treatment
	if treatment, l.withhold = t.o.Reserved.of(l.reserved); treatment == Skip {
		l.withheld = true
		l.outcome, l.reason = news.Blocked, l.withhold
		l.page, l.picture, l.body = extract.Result{}, nil, news.Digest{}
	}
}

// reservation adds to a visit what its look taught of the page's reservations.
// Nothing is kept of a page that was withheld, validators included: they would
// spare us the page that reserves nothing any more.
func (l look) reservation(v *store.Visit) {
	if !l.read {
		return
	}
	v.Reserved, v.Withhold = &l.reserved, &l.withhold
	if l.withheld {
		v.ETag, v.LastModified, v.Body = "", "", news.Digest{}
	}
}
