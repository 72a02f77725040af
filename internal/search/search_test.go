package search

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	zero := 0
	tests := []struct {
		name, in string
		want     Query
	}{
		{"nothing", "  ", Query{}},
		{"two words", "bridge closed", Query{Terms: []Term{{Text: "bridge"}, {Text: "closed"}}}},
		{"phrase", `"bridge  closed" now`, Query{Terms: []Term{{Text: "bridge closed", Phrase: true}, {Text: "now"}}}},
		{"open quotation", `"bridge closed`, Query{Terms: []Term{{Text: "bridge closed", Phrase: true}}}},
		{"without", `-bridge -"two words"`, Query{Terms: []Term{{Text: "bridge", Exclude: true}, {Text: "two words", Phrase: true, Exclude: true}}}},
		{"plus", "+bridge", Query{Terms: []Term{{Text: "bridge"}}}},
		{"prefix", "bridg*", Query{Terms: []Term{{Text: "bridg", Prefix: true}}}},
		{"title", `title:bridge -title:"old town"`, Query{Terms: []Term{{Text: "bridge", Title: true}, {Text: "old town", Phrase: true, Title: true, Exclude: true}}}},
		{"headline is title", "headline:bridge", Query{Terms: []Term{{Text: "bridge", Title: true}}}},
		{"scope", "bridge in:Removed", Query{Terms: []Term{{Text: "bridge"}}, Scope: Removed}},
		{"the newest text", "bridge in:any in:current", Query{Terms: []Term{{Text: "bridge"}}}},
		{"no scope is a word", "in:tears", Query{Terms: []Term{{Text: "in:tears"}}}},
		{"filters", "source:BBC lang:en version:0", Query{Source: "bbc", Language: "en", Version: &zero}},
		{"days", "after:2026-03-01 before:2026-03-05", Query{After: date(1), Before: date(5)}},
		{"older name", "created_at:2026-03-01", Query{After: date(1)}},
		{"a time is a word", "12:30", Query{Terms: []Term{{Text: "12:30"}}}},
		{"unknown prefix is a word", "note:this", Query{Terms: []Term{{Text: "note:this"}}}},
		{"empty prefix is a word", "source:", Query{Terms: []Term{{Text: "source:"}}}},
		{"punctuation alone", `- " " * --`, Query{}},
		{"Chinese", "大桥", Query{Terms: []Term{{Text: "大桥"}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Parse(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Parse(%q) =\n%+v, want\n%+v", tt.in, got, tt.want)
			}
			if got.Empty() != reflect.DeepEqual(got, Query{}) {
				t.Errorf("Empty() = %v of %+v", got.Empty(), got)
			}
		})
	}
}

func date(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }

func TestParseRefuses(t *testing.T) {
	for in, part := range map[string]string{
		"after:yesterday":                "yesterday",
		"before:2026-13-01":              "2026-13-01",
		"version:x":                      "version:x",
		"version:-1":                     "version:-1",
		strings.Repeat("a", 1001):        "1000 bytes",
		strings.Repeat("a ", MaxTerms+1): "32 words",
	} {
		if _, err := Parse(in); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("Parse(%.20q): error %v, want one that names %q", in, err, part)
		}
	}
	if _, err := Parse(strings.Repeat("a", MaxLength+1)); !errors.Is(err, ErrTooLong) {
		t.Errorf("error %v, want ErrTooLong", err)
	}
	if _, err := Parse(strings.Repeat("a", MaxLength)); err != nil {
		t.Errorf("a query of MaxLength bytes: %v", err)
	}
	if q, err := Parse(strings.Repeat("a ", MaxTerms)); err != nil || len(q.Terms) != MaxTerms {
		t.Errorf("a query of MaxTerms words: %d, %v", len(q.Terms), err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`a -b "c d" title:e* source:x after:2026-01-01 version:3`, `-"+x" 12:30 ::`, "\"\u00a0\" *", `title:"a:b"`, `+-x`, `a in:any in:x headline:y`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := Parse(s)
		if err != nil {
			return
		}
		again, err := Parse(q.String())
		if errors.Is(err, ErrTooLong) {
			return // quoting may lengthen a query at the limit
		}
		if err != nil || again.String() != q.String() {
			t.Errorf("Parse(%q) writes %q, which reads back as %q, %v", s, q.String(), again.String(), err)
		}
	})
}
