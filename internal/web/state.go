package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"stet/internal/news"
)

// A turn is how the pages tell of a state in which an article is not to be
// read at its publisher, and of the entry of the log that began it.
type turn struct {
	kind news.ChangeType
	word string // on badges, on the timeline
	why  string // of the badge
	call string // at the head of the article's page, before the time
	end  string // there, after the reason
}

// turns are the states that pages tell of.
var turns = map[news.State]turn{
	news.StateGone: {news.ArticleGone, "gone", "The article is no longer at its publisher",
		"Gone: not found at its publisher since", "The versions below are what was there."},
	news.Away: {news.ArticleMoved, "moved", "The address of the article leads to another site",
		"Moved: its address leads to another site since", "The versions below are what was there."},
	news.Barred: {news.ArticleBarred, "kept out", "Our visits are kept out, and what the article says now cannot be known",
		"Kept out since", "What the article says now cannot be known."},
	news.Paywalled: {news.ArticlePaywall, "paywalled", "Only a stub of the article is shown",
		"Paywalled: only a stub is shown since", "The versions below are what was there."},
}

// turnNames are the entries of the log beside versions, as readers know them.
var turnNames = map[news.ChangeType]string{
	news.ArticleGone: "Gone", news.ArticleReturned: "Returned", news.ArticleMoved: "Moved",
	news.ArticleBarred: "Kept out", news.ArticlePaywall: "Paywalled",
}

// lastTurn is the last entry of an article's log that tells where it stands;
// its Type is empty when there is none.
func lastTurn(log []news.Change) (last news.Change) {
	for _, c := range log {
		if turnNames[c.Type] != "" && c.Seq >= last.Seq {
			last = c
		}
	}
	return last
}

// began is when the state of an article began: its own word, else that of the
// log; zero when neither tells.
func began(a news.Article, log []news.Change) time.Time {
	last := lastTurn(log)
	switch {
	case !a.StateAt.IsZero():
		return a.StateAt
	case a.State == news.StateGone && !a.GoneAt.IsZero():
		return a.GoneAt
	case last.Type == turns[a.State].kind:
		return last.Before
	}
	return time.Time{}
}

// stateBadge is the remark on where an article stands; false when there is
// nothing to remark. since is zero when unknown.
func stateBadge(s news.State, since time.Time, log []news.Change) (badge, bool) {
	last := lastTurn(log)
	if t, ok := turns[s]; ok {
		if since.IsZero() && last.Type == t.kind {
			since = last.Before
		}
		return badge{Text: t.word, Why: t.why, Class: "warn", Since: since}, true
	}
	if s == news.Live && last.Type == news.ArticleReturned {
		return badge{Text: "returned", Why: "The article was not to be read for a time, and is back", Class: "warn", Since: last.Before}, true
	}
	return badge{}, false
}

// calls are the remarks at the head of an article's page.
func calls(a news.Article, log []news.Change, means map[int]news.Appraisal, now time.Time) []string {
	var out []string
	if text := stateCall(a, log, now); text != "" {
		out = append(out, text)
	}
	silent := 0
	for _, c := range log {
		if c.Type == news.VersionAppeared && c.Number > 0 && !c.Grown && isSilent(c, means) {
			silent++
		}
	}
	if silent > 0 {
		out = append(out, plural(silent, "silent edit", "silent edits")+": the text changed, and the page does not admit it.")
	}
	if text := alternating(a); text != "" {
		out = append(out, text)
	}
	return out
}

// isSilent reports whether a change was silent, as it was appraised or else
// recorded.
func isSilent(c news.Change, means map[int]news.Appraisal) bool {
	if a, ok := means[c.Number]; ok {
		return a.Disclosure == news.Silent
	}
	return c.Silent
}

// stateCall tells where the article stands, since when and why.
func stateCall(a news.Article, log []news.Change, now time.Time) string {
	last := lastTurn(log)
	t, ok := turns[a.State]
	if !ok {
		if a.State == news.Live && last.Type == news.ArticleReturned {
			return "Returned: it was not to be read for a time, and is back since " + ago(last.Before, now) + "."
		}
		return ""
	}
	text := t.call + " " + sinceWhen(began(a, log), now)
	if last.Type == t.kind && last.Note != "" {
		text += ": " + strings.TrimRight(last.Note, ".")
	}
	if !a.LastOK.IsZero() {
		text += "; last seen " + ago(a.LastOK, now)
	}
	return text + ". " + t.end
}

// sinceWhen is a time after the word "since"; an unknown one is said to be so.
func sinceWhen(t, now time.Time) string {
	if t.IsZero() {
		return "an unknown time"
	}
	return ago(t, now)
}

// alternating tells of an article that goes back and forth.
func alternating(a news.Article) string {
	if len(a.Between) < 2 {
		return ""
	}
	names := make([]string, len(a.Between))
	for i, n := range a.Between {
		names[i] = strconv.Itoa(n)
	}
	last := len(names) - 1
	return "Alternates between versions " + strings.Join(names[:last], ", ") + " and " + names[last] + ", " +
		plural(a.Sightings, "sighting", "sightings") + ": a headline test, or two copies of the page."
}

// A turnLine is an entry of an article's log that is no version.
type turnLine struct {
	What   string
	Note   string
	After  time.Time // T1; zero = unknown
	Before time.Time // T2
}

// turnLines are the entries of the log beside versions, the newest first, at
// most MaxTableRows.
func turnLines(log []news.Change) (out []turnLine) {
	for _, c := range log {
		if what := turnNames[c.Type]; what != "" {
			out = append(out, turnLine{what, c.Note, c.After, c.Before})
		}
	}
	slices.Reverse(out)
	return out[:min(len(out), MaxTableRows)]
}

// grew says by how much a live blog grew.
func grew(posts int) string { return plural(posts, "post added", "posts added") }
