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

// Limits of a trial.
const (
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

// wrongSelector says what is wrong with the selector of a rule, so that none is
// kept that extraction would refuse.
func wrongSelector(selector string) string {
	switch {
	case selector == "":
		return ""
	case len(selector) > news.MaxSelector:
		return "At most " + count(news.MaxSelector) + " bytes."
	case otherPseudo(selector):
		return "Of pseudo-classes only :not() is understood."
	}
	if _, err := cascadia.ParseGroup(selector); err != nil {
		return "It cannot be read: " + err.Error() + "."
	}
	return ""
}

// otherPseudo reports whether a selector has a pseudo-class other than :not(),
// outside of brackets and quotation marks.
func otherPseudo(selector string) bool {
	var quote byte
	depth := 0 // of brackets
	for i := 0; i < len(selector); i++ {
		switch c := selector[i]; {
		case c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == ':' && depth == 0 && !strings.HasPrefix(strings.ToLower(selector[i:]), ":not("):
			return true
		}
	}
	return false
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
	rows, _, err := s.store.VersionList(ctx, store.VersionQuery{Page: store.Page{Number: 1, Size: TrialVersions}, SourceKey: source})
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
