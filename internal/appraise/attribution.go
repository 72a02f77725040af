package appraise

import (
	"strings"

	"stet/internal/news"
)

// Limits of what is one attribution.
const (
	// maxSpeech is how many words a gap may have in which an attribution came or
	// went: "police said", "a spokesman for the ministry said on Monday".
	maxSpeech = 10
	// maxSpeaker is the number of words of a speaker.
	maxSpeaker = 12
)

// attributions finds what changed in who says it: another verb, a source that
// came or went, a doubt, another speaker.
func attributions(e edited, add func(news.Finding)) {
	if !e.both() || !e.lex().knows("attribution") {
		return
	}
	s := newSpeech(e)
	s.verbs(add)
	s.phrases("according", "removed", "added", add)
	s.phrases("doubt", "doubt", "doubt", add)
	s.speakers(add)
}

// A speech is a sentence pair as the rules of attribution see it.
type speech struct {
	edited
	gaps               []gap
	oldVerbs, newVerbs []verb
}

// A verb attributes words to somebody.
type verb struct {
	at     span
	lemma  string
	class  string // how it stands to what is said
	speech bool   // attributes wherever it stands
}

func newSpeech(e edited) speech {
	return speech{edited: e, gaps: gapsOf(e.old.toks, e.new.toks),
		oldVerbs: verbsOf(e.old.toks, e.lex()), newVerbs: verbsOf(e.new.toks, e.lex())}
}

// verbsOf finds the verbs that attribute; participles and nouns ("was told",
// "the claims") do not.
func verbsOf(toks []token, l *lexicon) []verb {
	var out []verb
	for i := 0; i < len(toks); {
		if _, n := l.at("doubt", toks, i); n > 1 { // "is said to"
			i += n
			continue
		}
		if _, n := l.at("unattributed", toks, i); n > 0 {
			i += n
			continue
		}
		p, n := l.at("attribution", toks, i)
		if n == 0 {
			i++
			continue
		}
		if i == 0 || !l.has("passive", toks[i-1].key) {
			_, k := l.at("speech", toks, i)
			out = append(out, verb{span{i, i + n}, p.value, p.class, k > 0})
		}
		i += n
	}
	return out
}

// verbs finds verbs of speech that were replaced by others, came or went.
func (s speech) verbs(add func(news.Finding)) {
	if sameLemmas(s.oldVerbs, s.newVerbs) {
		return
	}
	for _, g := range s.gaps {
		o, n := verbsIn(s.oldVerbs, g.o), verbsIn(s.newVerbs, g.n)
		oldWords, newWords := wordCount(s.old.toks[g.o.from:g.o.to]), wordCount(s.new.toks[g.n.from:g.n.to])
		switch {
		case oldWords > maxSpeech || newWords > maxSpeech:
		case len(o) > 0 && len(n) > 0:
			if o[0].lemma != n[0].lemma && (o[0].class != "promising" || n[0].class != "promising") { // to pledge is to promise
				add(s.find(news.KindAttribution, "verb", "",
					excerpt(s.old.text, s.old.toks, o[0].at, 2, 0), excerpt(s.new.text, s.new.toks, n[0].at, 2, 0)))
			}
		case len(o) > 0 && o[0].speech && s.names(s.old.toks, g.o, o[0].at) && newWords < oldWords:
			add(s.find(news.KindAttribution, "removed", "", excerpt(s.old.text, s.old.toks, g.o, 0, 0), ""))
		case len(n) > 0 && n[0].speech && s.names(s.new.toks, g.n, n[0].at) && oldWords < newWords:
			add(s.find(news.KindAttribution, "added", "", "", excerpt(s.new.text, s.new.toks, g.n, 0, 0)))
		}
	}
}

// names reports whether a gap has, beside its verb, a word for who speaks.
func (s speech) names(toks []token, at, verb span) bool {
	for i := at.from; i < at.to; i++ {
		if toks[i].sort == wordToken && (i < verb.from || i >= verb.to) &&
			!s.lex().has("modal", toks[i].key) && (!s.lex().has("light", toks[i].key) || s.lex().has("pronouns", toks[i].key)) {
			return true
		}
	}
	return false
}

func verbsIn(vs []verb, at span) []verb {
	var out []verb
	for _, v := range vs {
		if v.at.overlaps(at) {
			out = append(out, v)
		}
	}
	return out
}

// sameLemmas reports whether two sentences have the same verbs of speech, in
// some order.
func sameLemmas(a, b []verb) bool {
	if len(a) != len(b) {
		return false
	}
	count := map[string]int{}
	for i := range a {
		count[a[i].lemma]++
		count[b[i].lemma]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

// phrases finds the phrases of a list ("according to", "reportedly") that came
// or went. What only stands elsewhere in the sentence has not.
func (s speech) phrases(list, went, came string, add func(news.Finding)) {
	old, new := phrasesOf(s.old.toks, list, s.lex()), phrasesOf(s.new.toks, list, s.lex())
	switch {
	case len(old) > len(new):
		for _, at := range old {
			if s.changed(at, func(g gap) span { return g.o }) {
				add(s.find(news.KindAttribution, went, "", excerpt(s.old.text, s.old.toks, at, 0, 3), ""))
				return
			}
		}
	case len(new) > len(old):
		for _, at := range new {
			if s.changed(at, func(g gap) span { return g.n }) {
				add(s.find(news.KindAttribution, came, "", "", excerpt(s.new.text, s.new.toks, at, 0, 3)))
				return
			}
		}
	case len(old) == 1 && list == "doubt" && s.old.span(old[0].from, old[0].to) != s.new.span(new[0].from, new[0].to):
		if s.changed(old[0], func(g gap) span { return g.o }) {
			add(s.find(news.KindAttribution, came, "", excerpt(s.old.text, s.old.toks, old[0], 0, 2), excerpt(s.new.text, s.new.toks, new[0], 0, 2)))
		}
	}
}

func phrasesOf(toks []token, list string, l *lexicon) []span {
	var out []span
	for i := 0; i < len(toks); {
		if _, n := l.at("unattributed", toks, i); n > 0 {
			i += n
			continue
		}
		_, n := l.at(list, toks, i)
		if n == 0 {
			i++
			continue
		}
		out = append(out, span{i, i + n})
		i += n
	}
	return out
}

// changed reports whether a span lies in a gap.
func (s speech) changed(at span, side func(gap) span) bool {
	for _, g := range s.gaps {
		if at.overlaps(side(g)) {
			return true
		}
	}
	return false
}

// speakers finds verbs of speech and "according to" that stay while who they
// belong to is replaced.
func (s speech) speakers(add func(news.Finding)) {
	for k, g := range s.gaps {
		if g.o.len() == 0 || g.n.len() == 0 || wordCount(s.old.toks[g.o.from:g.o.to]) > maxSpeaker || wordCount(s.new.toks[g.n.from:g.n.to]) > maxSpeaker {
			continue
		}
		if !s.speaks(k) || !s.otherSpeaker(g) {
			continue
		}
		add(s.find(news.KindAttribution, "speaker", "",
			excerpt(s.old.text, s.old.toks, g.o, 0, 1), excerpt(s.new.text, s.new.toks, g.n, 0, 1)))
	}
}

// speaks reports whether a verb of speech stands after gap k, or "according to"
// before it, on both sides.
func (s speech) speaks(k int) bool {
	g := s.gaps[k]
	for _, v := range s.oldVerbs {
		if v.speech && v.at.from == g.o.to && s.begins(s.old.toks, g.o.from) {
			return s.verbAt(s.newVerbs, g.n.to)
		}
	}
	for _, at := range phrasesOf(s.old.toks, "according", s.lex()) {
		to := at.to
		for to < g.o.from && s.lex().has("light", s.old.toks[to].key) {
			to++
		}
		if to == g.o.from {
			return true
		}
	}
	return false
}

func (s speech) verbAt(vs []verb, i int) bool {
	for _, v := range vs {
		if v.at.from == i {
			return true
		}
	}
	return false
}

// begins reports whether a subject can begin at token i: at the beginning or
// after a mark, a conjunction, an article or whose it is ("the town's").
func (s speech) begins(toks []token, i int) bool {
	return i == 0 || strings.HasSuffix(toks[i-1].key, "'s") || toks[i-1].sort == markToken || s.lex().has("joiner", toks[i-1].key) || s.lex().has("light", toks[i-1].key)
}

// otherSpeaker reports whether the two sides of a gap are two speakers: no
// pronoun for a name, no name in another form.
func (s speech) otherSpeaker(g gap) bool {
	o, n := s.speakerWords(s.old.toks, g.o), s.speakerWords(s.new.toks, g.n)
	return len(o) > 0 && len(n) > 0 && !akin(o, n, s.lex())
}

// speakerWords is the words of a span that name somebody, without the titles of
// names; none if one of them is a pronoun.
func (s speech) speakerWords(toks []token, at span) []token {
	var out []token
	for i := at.from; i < at.to; i++ {
		t := toks[i]
		beforeName := i+1 < at.to && capital(toks[i+1].text)
		switch {
		case t.sort != wordToken || beforeName && s.lex().has("titles", t.key) || s.lex().has("light", t.key) && !s.lex().has("pronouns", t.key):
		case s.lex().has("pronouns", t.key) || strings.HasSuffix(t.key, "'s"):
			return nil
		default:
			out = append(out, t)
		}
	}
	return out
}
