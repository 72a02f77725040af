package store

import (
	"fmt"
	"strings"
	"testing"

	"stet/internal/search"
)

func TestTextVector(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		parts      []weighted
	}{
		{"nothing", "", nil},
		{"words, in order", `'a':2A 'b':1A,3A`, []weighted{{'A', []string{"b", "a", "b"}}}},
		{"weights, and no phrase over the end of a field", `'a':1A,3B`, []weighted{{'A', []string{"a"}}, {'B', []string{"a"}}}},
		{"a gap", `'a':1C 'b':3C`, []weighted{{'C', []string{"a", search.Gap, "b"}}}},
		{"signs that mean something", `'a''b':1D 'c\\d':2D`, []weighted{{'D', []string{"a'b", `c\d`}}}},
	} {
		if got := textVector(tt.parts...); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestTextVectorLimits(t *testing.T) {
	long := make([]string, maxPosition)
	for i := range long {
		long[i] = "x"
	}
	got := textVector(weighted{'A', append(long, "last", "after")})
	if !strings.HasPrefix(got, `'after':16383A 'last':16383A`) {
		t.Errorf("words after the last position: %.60s", got)
	}
	if n := strings.Count(got, "A"); n != maxPositions-3+2 {
		t.Errorf("%d places of words, want %d", n, maxPositions-3+2)
	}
	got = textVector(weighted{'A', long[:300]}, weighted{'B', long[:300]}, weighted{'C', []string{"x"}}, weighted{'D', []string{"x"}})
	if a, rest := strings.Count(got, "A"), strings.Count(got, "B")+strings.Count(got, "C")+strings.Count(got, "D"); a != maxPositions-3 || rest != 3 {
		t.Errorf("a word that is everywhere: %d places of the first weight, %d of the others", a, rest)
	}
	var many []string
	for n := range 100_000 {
		many = append(many, fmt.Sprintf("w%05d", n))
	}
	fit := maxVector / (6 + vectorWordCost + vectorPositionCost)
	got = textVector(weighted{'A', many})
	if n := strings.Count(got, " ") + 1; n != fit || !strings.Contains(got, many[fit-1]) || strings.Contains(got, many[fit]) {
		t.Errorf("%d words fit, want %d", n, fit)
	}
}

func TestTextQuery(t *testing.T) {
	forms := []search.Form{{Words: []string{"a", "b"}}, {Words: []string{"c", "d'"}, Prefix: true}}
	if got, want := textQuery(forms, "AB"), `('a':AB <-> 'b':AB) | ('c':AB <-> 'd''':AB*)`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestClauses: both databases are asked the same.
func TestClauses(t *testing.T) {
	terms := []searchTerm{
		{fields: search.Current.Fields(false), forms: []search.Form{{Words: []string{"tea"}}}},
		{fields: search.Removed.Fields(false), forms: []search.Form{{Words: []string{"x"}, Prefix: true}}, exclude: true},
		{forms: []search.Form{{Words: []string{facetAll}}}},
		{fields: search.Headlines.Fields(false)},
	}
	for _, tt := range []struct {
		name string
		d    searchDialect
		want string
	}{
		{"sqlite", sqliteSearch(), `article_search MATCH «({headline stayed added} : ("tea") AND {facet} : ("_all") AND {headline former} : ("_nothing")) NOT ({former removed passed} : ("x"*))»`},
		{"postgres", postgresSearch(), `(f.title @@ CAST(CAST(«('tea':A)» AS TEXT) AS tsquery) OR f.body @@ CAST(CAST(«('tea':AB)» AS TEXT) AS tsquery))` +
			` AND NOT (f.title @@ CAST(CAST(«('x':B*)» AS TEXT) AS tsquery) OR f.body @@ CAST(CAST(«('x':CD*)» AS TEXT) AS tsquery))` +
			` AND (f.title @@ CAST(CAST(«('_all':D)» AS TEXT) AS tsquery)) AND (FALSE)`},
	} {
		got := tt.d.clause(terms, func(v any) string { return fmt.Sprintf("«%v»", v) })
		if got = strings.ReplaceAll(got, facetMark, "_"); got != tt.want {
			t.Errorf("%s:\n%s, want\n%s", tt.name, got, tt.want)
		}
	}
}
