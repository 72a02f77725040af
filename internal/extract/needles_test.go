package extract

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
)

func TestNeedsOf(t *testing.T) {
	tests := []struct{ name, expr, want string }{
		{"a word is needed whole", `harbour`, "harbour"},
		{"case is folded, the long s and the Kelvin sign too", "(?i)KſK", "ksk"},
		{"alternatives are all listed", `ferry|boat`, "boat ferry"},
		{"parts in a row are joined", `fer(ry|ries)`, "ferries ferry"},
		{"an optional part is both there and not", `ferry ?boat`, "ferry boat,ferryboat"},
		{"of two parts the longer counts", `(we|our) .{0,9}cookies?`, "cookie,cookies"},
		{"a small class is spelt out", `b[oi]at`, "biat boat"},
		{"boundaries need nothing", `\bboat\b$`, "boat"},
		{"what may be left out is not needed", `(boat)*`, ""},
		{"a repeated part is needed once", `(?:boat){2,}`, "boat"},
		{"one alternative without a word spoils all", `boat|.*`, ""},
		{"a large class says nothing", `\W+`, ""},
	}
	for _, tt := range tests {
		tree, err := syntax.Parse(tt.expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		got := needsOf(tree).words()
		if want := strings.FieldsFunc(tt.want, func(r rune) bool { return r == ',' || r == ' ' && !strings.Contains(tt.want, ",") }); !slices.Equal(got, want) {
			t.Errorf("%s: %s needs %q, want %q", tt.name, tt.expr, got, want)
		}
	}
}

func TestFinder(t *testing.T) {
	f := newFinder([]string{"she", "hers", "his", "cookie", "реклама", "同意"})
	for s, want := range map[string]bool{
		"": false, "ushers": true, "hErS": true, "hi": false, "this": true, "cooki": false, "ccookie": true, "cooCookie": true,
		"COO\u212aIE": true, "COOKİE": true, "РЕКЛАМА": true, "реклам": false, "不同意": true, "同\xff意": false,
	} {
		if f.in(s) != want {
			t.Errorf("in(%q) = %v, want %v", s, !want, want)
		}
	}
}

// guarded are the patterns of the package.
func guarded() map[string]pattern {
	return map[string]pattern{"promo": rxPromo, "teaser": rxTeaser, "newsletter": rxNewsletter, "consent": rxConsentText, "correction": rxCorrection}
}

// TestPatternsAreGuarded fails when a pattern is changed so that it needs no
// word any more and is asked about every text again.
func TestPatternsAreGuarded(t *testing.T) {
	for name, p := range guarded() {
		if p().words == nil {
			t.Errorf("%s needs no word", name)
		}
	}
}

// FuzzPattern holds patterns to their law: they match what their expressions
// match.
func FuzzPattern(f *testing.F) {
	for _, s := range []string{"We use cookies", "ADVERTISEMENT", "Read more: the ferry", "Реклама", "Sign up to our newſletter", "Correction: the boat", "Accept all coo\u212aies", "更正", "İstanbul"} {
		f.Add(s, "(?i)b[oi]at|ferry")
	}
	f.Fuzz(func(t *testing.T, text, expr string) {
		for name, p := range guarded() {
			if p.MatchString(text) != p().rx.MatchString(text) {
				t.Errorf("%s on %q: the guard is wrong", name, text)
			}
		}
		if len(expr) > 100 {
			return
		}
		if rx, err := regexp.Compile(expr); err == nil && newPattern(expr).MatchString(text) != rx.MatchString(text) {
			t.Errorf("%q on %q: the guard is wrong", expr, text)
		}
	})
}
