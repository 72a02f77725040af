package appraise

import (
	"strings"

	"stet/internal/news"
)

// shifted finds gaps in which a modal gave way to one of another class. A
// future that came or went alone is time passing; a modal that came or went
// alone must be all that did, unless it casts doubt.
func (s statement) shifted(add func(news.Finding)) {
	if sameClasses(s.oldSigns, s.newSigns) {
		return
	}
	for _, g := range s.gaps {
		o, n := modals(s.oldSigns, g.o), modals(s.newSigns, g.n)
		if len(o) == 0 && len(n) == 0 || common(o, n) || !s.sameClause(g) && !s.facing(g) {
			continue
		}
		// beside the gap there may be the modal that was qualified
		beside := len(o) == 0 && common(modalsBeside(s.oldSigns, g.o), n) || len(n) == 0 && common(o, modalsBeside(s.newSigns, g.n))
		if beside {
			continue
		}
		if len(o) > 0 && len(n) > 0 {
			if !s.reported(o, n) {
				s.found(add, g, "modality")
			}
			continue
		}
		if s.alone(g, append(o, n...)) {
			s.found(add, g, "modality")
		}
	}
}

// facing reports whether a gap begins with a modal on both sides, after a word that
// stayed: what the subject may, must or will do is another thing now, even with
// another verb.
func (s statement) facing(g gap) bool {
	if g.o.from == 0 || s.oldTerms[g.o.from-1].sort != wordToken {
		return false
	}
	return modalFirst(s.oldSigns, g.o) && modalFirst(s.newSigns, g.n) &&
		len(s.content(s.oldTerms, s.oldSigns, g.o)) <= maxClause && len(s.content(s.newTerms, s.newSigns, g.n)) <= maxClause
}

// modalFirst reports whether a gap's side begins with a modal. What is to come may
// be told with any verb, and says little of the subject.
func modalFirst(signs []sign, at span) bool {
	for _, x := range signs {
		if x.modal && x.at.from == at.from && x.class != "future" && x.class != "conditional" {
			return true
		}
	}
	return false
}

// alone reports whether a modal that has no counterpart is a shift: it came to or
// went from the verb that stands there ("is" → "could be"), and nothing else did.
func (s statement) alone(g gap, classes []string) bool {
	if c := classes[0]; c == "future" || c == "conditional" {
		return false
	}
	return s.verbsOnly(s.oldTerms, s.oldSigns, g.o) && s.verbsOnly(s.newTerms, s.newSigns, g.n)
}

// verbsOnly reports whether a span holds only signs and forms of "be", "have"
// and the like.
func (s statement) verbsOnly(toks []token, signs []sign, at span) bool {
	for i := at.from; i < at.to; i++ {
		if p, _ := s.lex().word("light", toks[i].key); toks[i].sort != markToken && !signed(signs, i) && p.class != "verb" {
			return false
		}
	}
	return true
}

// reported reports whether a future became a conditional or back beside a verb
// of speech: that is the sequence of tenses.
func (s statement) reported(o, n []string) bool {
	both := strings.Join(o, " ") + " " + strings.Join(n, " ")
	if both != "future conditional" && both != "conditional future" {
		return false
	}
	for i := range s.newTerms {
		if _, k := s.lex().at("attribution", s.newTerms, i); k > 0 {
			return true
		}
	}
	return false
}

// modals is the classes of the modals in a gap's side.
func modals(signs []sign, at span) []string {
	var out []string
	for _, x := range signs {
		if x.modal && x.at.overlaps(at) {
			out = append(out, strings.Fields(x.class)...)
		}
	}
	return out
}

// modalsBeside is the classes of the modals beside a gap's side.
func modalsBeside(signs []sign, at span) []string {
	var out []string
	for _, x := range signs {
		if x.modal && x.at.touches(at) {
			out = append(out, strings.Fields(x.class)...)
		}
	}
	return out
}

func common(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// sameClasses reports whether two sentences have the same modals, in some order.
func sameClasses(a, b []sign) bool {
	count := map[string]int{}
	for _, x := range a {
		if x.modal && x.class != "" {
			count[x.class]++
		}
	}
	for _, x := range b {
		if x.modal && x.class != "" {
			count[x.class]--
		}
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}
