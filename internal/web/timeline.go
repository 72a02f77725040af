package web

import (
	"slices"
	"time"

	"stet/internal/news"
)

// timeline shows the newest MaxStrip versions, each leading to what it changed.
// Places and sizes are classes in few steps, because the policy of the pages
// allows no style attributes; exact times are in the table.
func timeline(article int64, versions []news.Version, changes map[int]news.Change) []dot {
	if len(versions) > MaxStrip {
		versions = versions[len(versions)-MaxStrip:]
	}
	out := make([]dot, 0, len(versions))
	for i, v := range versions {
		d := dot{Number: v.Number, Href: versionPath(article, v.Number), Label: ", " + clock(v.Seen.First), Class: "d1"}
		if v.Number > 0 {
			c := changes[v.Number]
			d.Href = diffPath(article, v.Number-1, v.Number)
			d.Label += ", " + signed(c.WordsAdded, c.WordsRemoved) + " words"
			d.Class = weight(c.WordsAdded + c.WordsRemoved)
			if c.Grown { // no edit: as light as can be
				d.Label, d.Class = ", "+clock(v.Seen.First)+", "+grew(c.Posts), "d1 grown"
			}
			if c.Headline {
				d.Class += " head"
				d.Label += ", headline changed"
			}
		}
		if i > 0 {
			d.Class += " " + distance(v.Seen.First.Sub(versions[i-1].Seen.First))
		}
		out = append(out, d)
	}
	return out
}

// weight is the class of a dot by the words that changed.
func weight(words int) string {
	switch {
	case words < 15:
		return "d1"
	case words < 60:
		return "d2"
	}
	return "d3"
}

// distance is the class of the line before a dot by the time it stands for.
func distance(d time.Duration) string {
	switch {
	case d < time.Hour:
		return "g1"
	case d < 24*time.Hour:
		return "g2"
	case d < 7*24*time.Hour:
		return "g3"
	}
	return "g4"
}

// headlines lists the headlines one after the other, the newest first.
func headlines(versions []news.Version) []headlineSpan {
	var out []headlineSpan
	for _, v := range versions {
		if n := len(out); n > 0 {
			if out[n-1].Text == v.Content.Headline {
				continue
			}
			out[n-1].To = v.Seen.First
			out[n-1].Stood = span(v.Seen.First.Sub(out[n-1].From))
		}
		out = append(out, headlineSpan{Text: v.Content.Headline, From: v.Seen.First})
	}
	slices.Reverse(out)
	return out
}

// lines are the versions as a table, the oldest first (K27); of very many, the
// newest.
func lines(article int64, versions []news.Version, changes map[int]news.Change, means map[int]news.Appraisal) []versionLine {
	var out []versionLine
	for i, v := range versions {
		c := changes[v.Number]
		line := versionLine{
			Number: v.Number, Headline: v.Content.Headline, Href: versionPath(article, v.Number), Seen: v.Seen,
			Newer: i == len(versions)-1, Older: i == len(versions)-2,
		}
		if v.Number > 0 {
			line.Diff = diffPath(article, v.Number-1, v.Number)
			line.Was = c.After
			line.Words = signed(c.WordsAdded, c.WordsRemoved)
			line.Label = line.Words + " words"
			if c.Grown {
				line.Words, line.Label = grew(c.Posts), grew(c.Posts)
			} else {
				line.tell(c, means)
			}
		}
		if i > 0 {
			line.Period = span(v.Seen.First.Sub(versions[i-1].Seen.First)) + " later"
		}
		out = append(out, line)
	}
	return out[max(0, len(out)-MaxTableRows):]
}

// tell adds to the line of a version what its change means.
func (l *versionLine) tell(c news.Change, means map[int]news.Appraisal) {
	a, ok := means[l.Number]
	var known *news.Appraisal
	if ok {
		known = &a
		if len(a.Kinds) > 0 {
			l.Means = &badge{Text: listed(a.Kinds), Why: significanceBadge(a).Why}
		}
	}
	if b, ok := disclosureBadge(c, known); ok {
		l.Admitted = &b
	}
}
