package web

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/andybalholm/cascadia"

	"stet/internal/news"
	"stet/internal/store"
)

// Limits of ignore rules and of their trial.
const (
	MaxSelector   = 512      // bytes of a selector, as extraction takes it
	MaxParts      = 16       // compound selectors in it, likewise
	TrialVersions = 50       // stored versions that a trial looks at, the newest
	TrialShown    = 10       // different blocks that it shows
	TrialText     = 16 << 10 // bytes of a block that the pattern is shown, as extraction does
	MaxNote       = 500      // bytes of the note of a rule
)

// A trial is what a rule would have done to the texts that are stored. A rule
// with a selector cannot be tried here, because texts have no elements.
type trial struct {
	Selector bool
	Changed  bool // the rule is not the one that was tried before
	Blocks   int  // that would have been hidden
	Hit      int  // versions that would have lost a block
	Versions int  // that were looked at
	Shown    []string
}

// wrongPattern says what is wrong with the pattern of a rule.
func wrongPattern(selector, pattern string) string {
	switch {
	case selector == "" && pattern == "":
		return "Give a selector, a pattern, or both."
	case len(pattern) > news.MaxPattern:
		return "At most " + count(news.MaxPattern) + " bytes."
	}
	if _, err := regexp.Compile(pattern); err != nil {
		return "It cannot be read: " + err.Error() + "."
	}
	return ""
}

// wrongSelector says what is wrong with the selector of a rule. It takes nothing
// that extraction would refuse, for a rule that cannot be read stops the visits
// of its source; a test holds the two together.
func wrongSelector(selector string) string {
	if len(selector) > MaxSelector {
		return "At most " + count(MaxSelector) + " bytes."
	}
	if selector == "" {
		return ""
	}
	parts, complaint := compounds(selector)
	if complaint != "" {
		return complaint
	}
	if len(parts) > MaxParts {
		return "At most " + count(MaxParts) + " parts: “div > p, li” has three."
	}
	for _, p := range parts {
		if _, err := cascadia.Parse(p); err != nil {
			return "It cannot be read: " + err.Error() + "."
		}
	}
	return ""
}

// white is the white space of CSS, and combinators what may part compounds
// beside it.
const (
	white       = " \t\r\n\f"
	combinators = ">+~,"
)

// compounds parts a selector at white space, commas and combinators outside of
// brackets and quotation marks.
func compounds(s string) (parts []string, complaint string) {
	for rest := strings.Trim(s, white); ; {
		n, complaint := compound(rest)
		if complaint != "" {
			return nil, complaint
		}
		parts = append(parts, rest[:n])
		if rest = strings.TrimLeft(rest[n:], white); rest == "" {
			return parts, ""
		}
		if strings.IndexByte(combinators, rest[0]) >= 0 {
			rest = strings.TrimLeft(rest[1:], white) // nothing left makes an empty compound, which is refused
		}
	}
}

// compound is the length of the compound selector that s begins with. Brackets
// hold attributes, round ones are only those of :not(), which holds compounds
// parted by commas alone.
func compound(s string) (n int, complaint string) {
	open := byte(0) // the bracket that waits to be closed
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case c == '"' || c == '\'':
			end := quoted(s[i+1:], c)
			if end < 0 {
				return 0, "A quotation mark is not closed."
			}
			i += end + 1
		case open == '[':
			if c == ']' {
				open = 0
			}
		case open == '(' && c == ')':
			open = 0
		case c == '[' && open == 0:
			open = c
		case c == ':' && open == 0 && len(s) >= i+5 && strings.EqualFold(s[i:i+5], ":not("):
			open = '('
			i += 4
		case strings.IndexByte(":([", c) >= 0:
			return 0, "Of pseudo-classes only :not() is understood, with names, classes and ids in it."
		case strings.IndexByte(white+combinators, c) >= 0 && open == 0:
			return i, ""
		case strings.IndexByte(white+">+~", c) >= 0:
			return 0, "No white space and no combinator may stand inside :not()."
		}
	}
	return len(s), "" // an open bracket is for the compiler to refuse
}

// quoted is the place of the mark that ends a string, or -1.
func quoted(s string, mark byte) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case mark:
			return i
		}
	}
	return -1
}

// try counts what a rule would have hidden in the newest stored versions of its
// source.
func (s *Site) try(ctx context.Context, rule news.Ignore, source string) (t trial, err error) {
	if rule.Selector != "" {
		return trial{Selector: true}, nil
	}
	pattern, err := regexp.Compile(rule.Pattern)
	if err != nil {
		return t, errors.New("try ignore rule: pattern was not checked")
	}
	rows, _, err := s.store.VersionList(ctx, store.VersionQuery{Page: store.Page{Size: TrialVersions}, SourceKey: source})
	if err != nil {
		return t, err
	}
	seen := map[uint64]bool{}
	for _, row := range rows {
		v, err := s.store.Version(ctx, row.ID)
		if err != nil {
			return t, err
		}
		t.look(v.Content.Blocks, pattern, seen)
	}
	return t, nil
}

// look adds one version; seen are the blocks that are shown already.
func (t *trial) look(blocks []news.Block, pattern *regexp.Regexp, seen map[uint64]bool) {
	hidden := 0
	for _, b := range blocks {
		if !pattern.MatchString(clip(b.Text, TrialText)) {
			continue
		}
		hidden++
		if k := news.Key(b.Text); !seen[k] && len(t.Shown) < TrialShown {
			seen[k] = true
			t.Shown = append(t.Shown, cut(b.Text, SnippetLength))
		}
	}
	t.Versions++
	t.Blocks += hidden
	if hidden > 0 {
		t.Hit++
	}
}

// clip cuts a text to at most n bytes, between characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
