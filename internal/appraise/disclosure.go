package appraise

import (
	"slices"
	"time"

	"stet/internal/diff"
	"stet/internal/news"
)

// disclosure says whether the page admits the change: by a notice, or by a date
// of its modification. A date tells something where it is known on both sides.
func disclosure(old, new news.Content, s diff.Script, d Dates, all []news.Finding) news.Disclosure {
	if !wordsChanged(s) {
		if moved, _ := datesMoved(old, new, d); moved {
			return news.Bumped
		}
		return news.NotKnown
	}
	for _, f := range all {
		if f.Kind == news.KindCorrection && f.New != "" {
			return news.Noticed
		}
	}
	switch moved, known := datesMoved(old, new, d); {
	case moved:
		return news.Disclosed
	case known:
		return news.Silent
	}
	return news.NotKnown
}

// wordsChanged reports whether headline, standfirst or a core block differ by
// more than typography, or stand in another order.
func wordsChanged(s diff.Script) bool {
	for _, f := range s.Fields {
		if (f.Field == "headline" || f.Field == "standfirst") && !f.Typography {
			return true
		}
	}
	for _, e := range s.Edits {
		if e.Changed() && !e.Typography && (news.Block{Kind: e.Kind}).Core() {
			return true
		}
	}
	return false
}

// datesMoved reports whether a date of the modification differs, and whether one
// is known on both sides at all.
func datesMoved(old, new news.Content, d Dates) (moved, known bool) {
	look := func(a, b time.Time) {
		if a.IsZero() || b.IsZero() {
			return
		}
		known = true
		moved = moved || !a.Truncate(time.Second).Equal(b.Truncate(time.Second))
	}
	look(old.Modified, new.Modified)
	look(d.OldLastmod, d.NewLastmod)
	for _, origin := range believed() {
		look(claimed(old, origin), claimed(new, origin))
	}
	return moved, known
}

// believed are the origins whose claims of a modified date the publisher makes
// about the article. The HTTP header is about the file.
func believed() []string { return []string{"json-ld", "og", "meta", "time", "text"} }

// claimed is the newest time of modification that an origin claims; zero if none
// does, or none that can be read.
func claimed(c news.Content, origin string) time.Time {
	var times []time.Time
	for _, x := range c.Claims {
		if x.Field != "modified" || x.Origin != origin {
			continue
		}
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
			if t, err := time.Parse(layout, x.Value); err == nil {
				times = append(times, t)
				break
			}
		}
	}
	if len(times) == 0 {
		return time.Time{}
	}
	return slices.MaxFunc(times, time.Time.Compare)
}
