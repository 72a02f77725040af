package extract

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"stet/internal/news"
)

// Limits of ignore rules.
const (
	MaxSelector    = 512      // bytes of a selector
	MaxParts       = 16       // compound selectors in it: "div > p, li" has three
	MaxIgnore      = 64       // rules of a page; those after are not applied
	MaxIgnoredText = 16 << 10 // bytes of a block that a pattern is shown
	MaxSelected    = 200000   // elements of a page that selectors are asked about
)

// An Ignore is a rule that keeps blocks out of the article: those inside an
// element that the selector matches, those whose text the pattern matches, or
// where both are given, those of which both hold. [ParseIgnore] makes it; its
// ID, which must not be 0, is for the caller to set.
type Ignore struct {
	ID      int64
	parts   []part         // empty = any element
	pattern *regexp.Regexp // nil = any text
}

// A part is one compound selector of a rule, with its relation to the one
// before it. All parts of a rule are matched in one walk over the tree.
type part struct {
	match    cascadia.Sel
	relation byte // one of the relations below
	last     bool // an element that the part matches is matched by the rule
}

// How an element stands to the one that the part before it matches.
const (
	relFirst      = ',' // there is none
	relDescendant = ' '
	relChild      = '>'
	relNext       = '+'
	relSibling    = '~'
)

// ParseIgnore reads a rule. The selector is CSS: lists, all four combinators,
// and compounds of type, class, id, attributes and :not(). Other pseudo-classes
// are refused, for what they cost depends on the page. The pattern is RE2 of at
// most news.MaxPattern bytes, unanchored. One of the two may be empty.
func ParseIgnore(selector, pattern string) (Ignore, error) {
	var r Ignore
	var err error
	switch selector = strings.TrimSpace(selector); {
	case selector == "" && pattern == "":
		return r, errors.New("ignore rule: neither selector nor pattern")
	case len(selector) > MaxSelector:
		return r, fmt.Errorf("ignore rule: selector of %d bytes: want at most %d", len(selector), MaxSelector)
	case len(pattern) > news.MaxPattern:
		return r, fmt.Errorf("ignore rule: pattern of %d bytes: want at most %d", len(pattern), news.MaxPattern)
	}
	if selector != "" {
		if r.parts, err = parseSelector(selector); err != nil {
			return Ignore{}, fmt.Errorf("ignore rule: selector %q: %w", selector, err)
		}
	}
	if pattern != "" {
		if r.pattern, err = regexp.Compile(pattern); err != nil {
			return Ignore{}, fmt.Errorf("ignore rule: pattern %q: %w", pattern, err)
		}
	}
	return r, nil
}

// parseSelector parts a selector at commas and combinators and compiles what
// stands between.
func parseSelector(s string) ([]part, error) {
	var parts []part
	for relation := byte(relFirst); ; {
		s = strings.TrimLeft(s, space)
		n, err := compound(s)
		if err != nil {
			return nil, err
		}
		match, err := cascadia.Parse(s[:n])
		if err != nil {
			return nil, err
		}
		if len(parts) == MaxParts {
			return nil, fmt.Errorf("more than %d parts", MaxParts)
		}
		parts = append(parts, part{match: match, relation: relation})
		if relation, s = combinator(s[n:]); relation == 0 || relation == relFirst {
			parts[len(parts)-1].last = true
		}
		if relation == 0 {
			return parts, nil
		}
	}
}

// space is the white space of CSS.
const space = " \t\r\n\f"

// combinator reads what stands between two compounds; it is 0 at the end.
func combinator(s string) (relation byte, rest string) {
	rest = strings.TrimLeft(s, space)
	switch {
	case rest == "":
		return 0, ""
	case strings.IndexByte(",>+~", rest[0]) >= 0:
		return rest[0], rest[1:]
	}
	return relDescendant, rest
}

// compound is the length of the compound selector that s begins with: up to
// white space, comma or combinator outside of brackets and quotes.
func compound(s string) (int, error) {
	var open []byte // brackets that wait to be closed
	for i := 0; i < len(s); i++ {
		inner := byte(0)
		if len(open) > 0 {
			inner = open[len(open)-1]
		}
		switch c := s[i]; {
		case c == '\\':
			i++
		case c == '"' || c == '\'':
			n := closing(s[i+1:], c)
			if n < 0 {
				return 0, errors.New("a quotation mark is not closed")
			}
			i += n + 1
		case c == ']' && inner == '[' || c == ')' && inner == '(':
			open = open[:len(open)-1]
		case inner == '[':
		case c == '[' || c == '(':
			open = append(open, c)
		case c == ':':
			if len(s) < i+5 || !strings.EqualFold(s[i:i+5], ":not(") {
				return 0, errors.New("of the pseudo-classes only :not() is allowed")
			}
		case inner == '(' && (strings.IndexByte(">+~", c) >= 0 || strings.IndexByte(space, c) >= 0 && inWords(s, i)):
			return 0, errors.New("combinator inside :not()")
		case inner == 0 && strings.IndexByte(space+">+~,", c) >= 0:
			return i, nil
		}
	}
	return len(s), nil // an open bracket is for the compiler to refuse
}

// inWords reports whether the white space at i parts two compounds, rather than
// standing beside a comma or bracket.
func inWords(s string, i int) bool {
	left, right := strings.TrimRight(s[:i], space), strings.TrimLeft(s[i:], space)
	return !strings.HasSuffix(left, ",") && !strings.HasSuffix(left, "(") && !strings.HasPrefix(right, ",") && !strings.HasPrefix(right, ")")
}

// closing is the place of the quotation mark that ends a string, or -1.
func closing(s string, mark byte) int {
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

// A ruleSet is a set of rules, by their place in Page.Ignore.
type ruleSet uint64

// ignored gives the rules whose selector matches an element, for each element
// that any does.
func ignored(root *html.Node, rules []Ignore) map[*html.Node]ruleSet {
	out := map[*html.Node]ruleSet{}
	for i := range rules {
		if len(rules[i].parts) > 0 {
			w := selection{parts: rules[i].parts, left: MaxSelected, hit: func(n *html.Node) { out[n] |= 1 << i }}
			w.below(root, 0, 0)
		}
	}
	return out
}

// A selection is one walk of one rule over a tree. In its sets of parts a bit
// stands for each.
type selection struct {
	parts []part
	left  int // elements that may still be asked about
	hit   func(*html.Node)
}

// below asks about the elements below parent. above are the parts that parent
// matches, around those that it or an element around it does.
func (w *selection) below(parent *html.Node, above, around uint64) {
	before, beside := uint64(0), uint64(0) // of the element before; of all before
	for n := parent.FirstChild; n != nil && w.left > 0; n = n.NextSibling {
		if n.Type != html.ElementNode {
			continue
		}
		w.left--
		here := w.at(n, above, around, before, beside)
		before, beside = here, beside|here
		w.below(n, here, around|here)
	}
}

// at gives the parts that match an element whose surroundings match others.
func (w *selection) at(n *html.Node, above, around, before, beside uint64) (here uint64) {
	hit := false
	for i, p := range w.parts {
		prior := ^uint64(0)
		switch p.relation {
		case relDescendant:
			prior = around
		case relChild:
			prior = above
		case relNext:
			prior = before
		case relSibling:
			prior = beside
		}
		if (i == 0 || prior&(1<<(i-1)) != 0) && p.match.Match(n) {
			here |= 1 << i
			hit = hit || p.last
		}
	}
	if hit {
		w.hit(n)
	}
	return here
}

// ruleOn is the ID of the first rule that holds for a block, 0 for none;
// inside are the rules whose selector matches an element around it.
func ruleOn(rules []Ignore, inside ruleSet, text string) int64 {
	text = clip(text, MaxIgnoredText)
	for i, r := range rules {
		if (len(r.parts) == 0 || inside&(1<<i) != 0) && (r.pattern == nil || r.pattern.MatchString(text)) && r.ID != 0 {
			return r.ID
		}
	}
	return 0
}
