package appraise

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"stet/internal/diff"
	"stet/internal/news"
)

// Parameters of the significance.
const (
	// MaxSignificance is the most that a change can have, in points.
	MaxSignificance = 100

	quarter      = 4    // points are whole quarters, so that sums are exact
	halfWords    = 12   // words taken out or added that give half of the weight
	halfWording  = 5    // words changed inside sentences that do
	halfHeadline = 1    // words changed in a headline that do
	earlyBlocks  = 3    // blocks at the beginning of the body that are early
	rewriteFrom  = 0.25 // share of changed words from which a change is a rewrite
	rewriteWords = 40   // words that must have changed for that
)

// Names of the reasons that keep the sum on its side of a line.
const (
	limitReason = "limit" // takes away what is too much
	floorReason = "floor" // adds what lacks for a change never to be trivial
)

// significance weighs the findings. Each reason gives its weight for the first
// finding and half as much for each further one; reasons that count words near
// their weight the more words there are. Points are whole quarters. The reasons,
// the weightiest first, add up to the significance exactly.
func significance(all []news.Finding, s diff.Script, w Weights) (reasons []news.Reason, points float64, trivial bool) {
	reasons = weigh(all, s, w.filled())
	slices.SortStableFunc(reasons, func(a, b news.Reason) int {
		return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(a.Name, b.Name))
	})
	for _, r := range reasons {
		points += r.Points
	}
	most, least := bounds(all)
	if points > most {
		reasons = append(reasons, news.Reason{Name: limitReason, Points: most - points})
		points = most
	}
	if points < least {
		reasons = append(reasons, news.Reason{Name: floorReason, Points: least - points})
		points = least
	}
	return reasons, points, points < TrivialBelow
}

// bounds are the most and the least points of a change with the findings: one
// of furniture alone is always trivial, one with a number, name, negation or
// quotation never.
func bounds(all []news.Finding) (most, least float64) {
	soft := true
	for _, f := range all {
		switch f.Kind {
		case news.KindNumber, news.KindName, news.KindNegation, news.KindQuotation:
			return MaxSignificance, TrivialBelow
		case news.KindTypography, news.KindStamp, news.KindLinks, news.KindByline, news.KindImage:
		default:
			soft = false
		}
	}
	if soft {
		return TrivialBelow - 1.0/quarter, 0
	}
	return MaxSignificance, 0
}

// A tally is what stands behind a reason.
type tally struct{ count, words int }

// weigh makes the reasons of findings.
func weigh(all []news.Finding, s diff.Script, w Weights) []news.Reason {
	tallies := map[string]tally{}
	early := earlyEdits(s)
	for _, f := range all {
		n := max(textWords(f.Old), textWords(f.New))
		if f.Kind == news.KindHeadline {
			n = wordsBetween(f.Old, f.New)
		}
		names := []string{reasonOf(f)}
		if (f.Kind == news.KindRemoval || f.Kind == news.KindAddition) && early[f.Edit] {
			names = append(names, names[0]+"-early")
		}
		for _, name := range names {
			t := tallies[name]
			tallies[name] = tally{t.count + 1, t.words + n}
		}
	}
	reasons := []news.Reason{}
	for _, name := range reasonNames() {
		t, ok := tallies[name]
		if !ok {
			continue
		}
		reasons = appendReason(reasons, name, w[name]*share(name, t), t.count)
	}
	if len(all) == 0 {
		return reasons
	}
	return appendReason(reasons, "large-rewrite", w["large-rewrite"]*rewritten(s), 1)
}

// appendReason appends a reason that gives points.
func appendReason(rs []news.Reason, name string, points float64, count int) []news.Reason {
	if points = math.Round(points*quarter) / quarter; points <= 0 {
		return rs
	}
	return append(rs, news.Reason{Name: name, Points: points, Count: count})
}

// share is how much of its weight a reason gives.
func share(name string, t tally) float64 {
	switch name {
	case "removal", "removal-early", "addition", "addition-early":
		return 1 - math.Exp2(-float64(t.words)/halfWords)
	case "wording":
		return 1 - math.Exp2(-float64(t.words)/halfWording)
	case "headline":
		return 1 - math.Exp2(-float64(t.words)/halfHeadline)
	}
	return 2 * (1 - math.Exp2(-float64(t.count)))
}

// reasonOf is the name of the reason that a finding is behind.
func reasonOf(f news.Finding) string {
	switch f.Kind {
	case news.KindNumber:
		switch f.Of {
		case "people", "money", "percent", "date", "time":
			return "number-" + f.Of
		}
		return "number-count"
	case news.KindQuotation:
		switch f.Of {
		case "added", "removed":
			return "quotation-" + f.Of
		}
		return "quotation-changed"
	case news.KindNegation:
		if f.Of == "modality" {
			return "modality"
		}
	case news.KindAttribution:
		switch f.Of {
		case "added", "removed":
			return "attribution-source"
		case "speaker", "doubt":
			return f.Of
		}
		return "attribution-verb"
	}
	return string(f.Kind)
}

// earlyEdits are the ids of the rows that took out what stood at the beginning of
// the body, or put something there.
func earlyEdits(s diff.Script) map[string]bool {
	out := map[string]bool{}
	for _, e := range s.Edits {
		if e.ID != "" && (len(e.Old) > 0 && e.Old[0] < earlyBlocks || len(e.New) > 0 && e.New[0] < earlyBlocks) {
			out[e.ID] = true
		}
	}
	return out
}

// rewritten is how far the share of changed words is from rewriteFrom to all.
func rewritten(s diff.Script) float64 {
	changed, of := s.WordsAdded+s.WordsRemoved, s.WordsOld+s.WordsNew
	if changed < rewriteWords || of <= 0 {
		return 0
	}
	return min(1, max(0, (float64(changed)/float64(of)-rewriteFrom)/(1-rewriteFrom)))
}

// textWords is the number of words of a text, without addresses.
func textWords(s string) int {
	if strings.Contains(s, "/") {
		s = strings.Join(slices.DeleteFunc(strings.Fields(s), isLinkTarget), " ")
	}
	return wordCount(tokens(s, &lexicon{}))
}

// wordsBetween is the number of words in which two texts differ, of the side that
// has more.
func wordsBetween(old, new string) int {
	o, n := tokens(old, &lexicon{}), tokens(new, &lexicon{})
	count := 0
	for _, g := range gapsOf(o, n) {
		count += max(wordCount(o[g.o.from:g.o.to]), wordCount(n[g.n.from:g.n.to]))
	}
	return max(1, count)
}
