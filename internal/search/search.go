// Package search says what is searched and how: the query language, what a
// reader types ⇄ a syntax tree; the document that the index holds of an article;
// and the words that both are made of. The databases that keep the index are
// given words alone, so all of them find the same.
//
// A [Draft] makes one document of all versions of an article, its text parted
// into [Fields] by what became of each sentence, so that nothing is held twice.
// [Words] cuts texts and queries into words; [Term.Forms] are the words that a
// term may be held as in the languages of the store.
//
// The query language:
//
//	bridge closed            both words, anywhere in headline or text
//	"bridge closed"          the phrase
//	-bridge                  without the word; -"two words" too
//	title:bridge             in the headline; headline:bridge too
//	bridg*                   words that begin so
//	source:courier           only this source, by its key
//	lang:ar                  only this language (BCP 47, its start is enough)
//	after:2026-03-01         versions first seen on or after the day (UTC)
//	before:2026-03-05        … before the day
//	version:0                only articles with a version of this number
//	in:removed               in what no longer stands; see [Scope]
//
// Words are looked for in the newest text unless in: says otherwise, those that
// must not be there in the same texts.
//
// A leading + is allowed and means nothing, as do unknown prefixes: "12:30" is
// a word. created_at:D is the older name of after:D. Letter case never counts.
//
// Nothing a reader types is an error but a limit that is met or a date that is
// none: [Parse] says which. [Query.String] writes a query that parses to the
// same tree.
package search

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Limits of a query.
const (
	MaxLength = 1000 // bytes
	MaxTerms  = 32
)

// A Term is one word or phrase.
type Term struct {
	Text    string // without quotation marks; lower or upper case as typed
	Phrase  bool   // several words in this order
	Prefix  bool   // words that begin so
	Exclude bool
	Title   bool // in the headline only
}

// A Scope is the texts of an article in which the terms of a query are looked
// for. The zero Scope is the newest text.
type Scope string

// The scopes. A sentence is removed when the newest version lacks it, and added
// when the first version lacked it; one that came and went is both.
const (
	Current   Scope = ""
	AnyText   Scope = "any"
	Removed   Scope = "removed" // sentences and headlines
	Added     Scope = "added"
	Headlines Scope = "headlines" // of all versions
)

// Scopes are all scopes but Current, in the order in which help names them.
func Scopes() []Scope { return []Scope{AnyText, Removed, Added, Headlines} }

// ParseScope reads the name of a scope; "current" is Current.
func ParseScope(name string) (Scope, error) {
	s := Scope(strings.ToLower(name))
	switch {
	case s == "current" || s == Current:
		return Current, nil
	case slices.Contains(Scopes(), s):
		return s, nil
	}
	return Current, fmt.Errorf("in:%s: want current, any, removed, added or headlines", name)
}

// A Query is what all of must hold. The zero Query matches nothing to search for.
type Query struct {
	Terms    []Term
	Scope    Scope
	Source   string
	Language string
	After    time.Time // zero = no bound
	Before   time.Time
	Version  *int
}

// ErrTooLong means that a query is past MaxLength or MaxTerms.
var ErrTooLong = errors.New("query too long")

// Empty reports whether the query asks for nothing; a scope alone does not.
func (q Query) Empty() bool {
	return len(q.Terms) == 0 && q.Source == "" && q.Language == "" && q.After.IsZero() && q.Before.IsZero() && q.Version == nil
}

// Parse reads a query.
func Parse(text string) (Query, error) {
	var q Query
	if len(text) > MaxLength {
		return q, fmt.Errorf("%w: more than %d bytes", ErrTooLong, MaxLength)
	}
	rest := text
	for {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		if rest == "" {
			return q, nil
		}
		var err error
		if rest, err = q.next(rest); err != nil {
			return Query{}, err
		}
		if len(q.Terms) > MaxTerms {
			return Query{}, fmt.Errorf("%w: more than %d words", ErrTooLong, MaxTerms)
		}
	}
}

// next reads one word, phrase or prefixed word off the front of s.
func (q *Query) next(s string) (rest string, err error) {
	var t Term
	switch s[0] {
	case '-':
		t.Exclude, s = true, s[1:]
	case '+':
		s = s[1:]
	}
	if name, after, ok := strings.Cut(s, ":"); ok && !strings.ContainsFunc(name, notLetter) && name != "" {
		if value, tail, quoted := value(after); value != "" {
			known, err := q.filter(strings.ToLower(name), value)
			if known || err != nil {
				return tail, err
			}
			if strings.EqualFold(name, "title") || strings.EqualFold(name, "headline") {
				t.Title = true
				q.add(t, value, quoted)
				return tail, nil
			}
		}
	}
	word, tail, quoted := value(s)
	q.add(t, word, quoted)
	return tail, nil
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) && r != '_' }

// value reads a quoted phrase or the characters up to white space.
func value(s string) (text, rest string, quoted bool) {
	if strings.HasPrefix(s, `"`) {
		text, rest, _ = strings.Cut(s[1:], `"`)
		return text, rest, true
	}
	end := strings.IndexFunc(s, unicode.IsSpace)
	if end < 0 {
		end = len(s)
	}
	return s[:end], s[end:], false
}

func (q *Query) add(t Term, text string, quoted bool) {
	if !quoted {
		text, t.Prefix = strings.CutSuffix(text, "*")
	}
	text = strings.Join(strings.Fields(strings.ReplaceAll(text, `"`, " ")), " ")
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return // punctuation alone finds nothing
	}
	t.Text, t.Phrase = text, quoted || strings.Contains(text, " ")
	q.Terms = append(q.Terms, t)
}

// filter takes the prefixes that are no search words.
func (q *Query) filter(name, value string) (known bool, err error) {
	switch name {
	case "in":
		scope, unknown := ParseScope(value)
		if unknown != nil {
			return false, nil // "in:" is also how people write
		}
		q.Scope = scope
	case "source":
		q.Source = strings.ToLower(value)
	case "lang", "language":
		q.Language = strings.ToLower(value)
	case "after", "created_at":
		q.After, err = day(value)
	case "before":
		q.Before, err = day(value)
	case "version":
		n, bad := strconv.Atoi(value)
		if bad != nil || n < 0 {
			return true, fmt.Errorf("version:%s: want a number from 0", value)
		}
		q.Version = &n
	default:
		return false, nil
	}
	return true, err
}

func day(s string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return t, fmt.Errorf("date %q: want YYYY-MM-DD", s)
	}
	return t, nil
}

// String writes the query in the language, filters last.
func (q Query) String() string {
	var out []string
	for _, t := range q.Terms {
		s := t.Text
		switch {
		case t.Phrase:
			s = `"` + s + `"`
		case t.Prefix:
			s += "*"
		}
		if t.Title {
			s = "title:" + s
		} else if !t.Phrase && strings.ContainsAny(s[:1], `+-`) || strings.Contains(s, ":") && !t.Phrase {
			s = `"` + s + `"` // or it would read as an operator or a prefix
		}
		if t.Exclude {
			s = "-" + s
		}
		out = append(out, s)
	}
	put := func(name, value string) {
		if strings.ContainsFunc(value, unicode.IsSpace) {
			value = `"` + value + `"`
		}
		if value != "" {
			out = append(out, name+":"+value)
		}
	}
	put("in", string(q.Scope))
	put("source", q.Source)
	put("lang", q.Language)
	if !q.After.IsZero() {
		put("after", q.After.Format(time.DateOnly))
	}
	if !q.Before.IsZero() {
		put("before", q.Before.Format(time.DateOnly))
	}
	if q.Version != nil {
		put("version", strconv.Itoa(*q.Version))
	}
	return strings.Join(out, " ")
}
