package diff

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestTokens shows what is kept whole. "|" stands between tokens; white space
// before a token is left out.
func TestTokens(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Don't go.", "Don't|go|."},
		{"1,204.50 people", "1,204.50|people"},
		{"up 12.5%, or 3 %", "up|12.5%|,|or|3 %"},
		{"cost US$3.4m or £5 or 7 €", "cost|US$3.4m|or|£5|or|7 €"},
		{"-5 degrees, well-known", "-5|degrees|,|well|-|known"},
		{"from 10:30 to 11.45", "from|10:30|to|11.45"},
		{"won 3-2 in 2019/20", "won|3-2|in|2019/20"},
		{"10 000 000 kronor, 10\u00a0000", "10 000 000|kronor|,|10\u00a0000"},
		{"in 2019 500 came", "in|2019|500|came"},
		{"on 2031-05-03 at", "on|2031-05-03|at"},
		{"on 3 May 2031, then", "on|3|May|2031|,|then"},
		{"on May 3, 2031. Then", "on|May|3|,|2031|.|Then"},
		{"on May 3 it; in May 2031", "on|May|3|it|;|in|May|2031"},
		{"el 3 de mayo de 2031", "el|3|de|mayo|de|2031"},
		{"am 3. Mai 2031 in", "am|3|.|Mai|2031|in"},
		{"3 men came", "3|men|came"},
		{"may 3 men", "may|3|men"},
		{"COVID-19 cases", "COVID-19|cases"},
		{"2031年5月3日に12万人", "2031年5月3日|に|12万|人"},
		{"see https://a.example.org/b?c=1&d=2. Then", "see|https://a.example.org/b?c=1&d=2|.|Then"},
		{"[text](https://a.example.org/x.jpg)The end", "[|text|]|(|https://a.example.org/x.jpg|)|The|end"},
		{"(see https://a.example.org/x_(y)_z, or https://b.example.org/c.)", "(|see|https://a.example.org/x_(y)_z|,|or|https://b.example.org/c|.|)"},
		{"see example.org/path, now", "see|example.org/path|,|now"},
		{"mail me@example.org.", "mail|me@example.org|."},
		{"by @someone on #topic", "by|@someone|on|#topic"},
		{"a “bad joke” he", "a|“bad joke”|he"},
		{"a “one two three” he", "a|“one two three”|he"},
		{"a “one two three four” he", "a|“|one|two|three|four|”|he"},
		{"a \"bad\" b \"c\"", "a|\"bad\"|b|\"c\""},
		{"„schlimm“ und «mal»", "„schlimm“|und|«mal»"},
		{"“Open “again” and", "“|Open|“again”|and"},
		{"市议会", "市|议|会"},
		{"ก่อน", "ก่|อ|น"},
		{"", ""},
		{" \u00a0 ", ""},
	} {
		tx := cut(c.in, newNames(), new([]piece))
		var got []string
		var all strings.Builder
		for k, tok := range tx.toks {
			all.WriteString(tx.gap(k) + tx.body(k))
			if tok.id != endID {
				got = append(got, tx.body(k))
			}
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%q: got %s, want %s", c.in, s, c.want)
		}
		if all.String() != c.in {
			t.Errorf("%q: tokens make %q", c.in, all.String())
		}
	}
}

func TestSentences(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"One. Two! Three?", "One.|Two!|Three?"},
		{"Mr. Dale came. He sat.", "Mr. Dale came.|He sat."},
		{"J. R. Hall came. He sat.", "J. R. Hall came.|He sat."},
		{"See https://a.example.org/?b=1 now. He sat.", "See https://a.example.org/?b=1 now.|He sat."},
		{"一。二。", "一。|二。"},
		{"", ""},
	} {
		tx := cut(c.in, newNames(), new([]piece))
		var got []string
		for _, r := range sentenceRanges(&tx) {
			got = append(got, strings.TrimSpace(tx.between(r)))
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%q: got %s, want %s", c.in, s, c.want)
		}
	}
}

// longestCommon is the textbook table.
func longestCommon(a, b []int32) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			up := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(up, row[j])
			}
			diagonal = up
		}
	}
	return row[len(b)]
}

// TestLCS compares with the textbook table on random sequences.
func TestLCS(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	random := func(letters int) []int32 {
		s := make([]int32, rng.IntN(40))
		for i := range s {
			s[i] = int32(rng.IntN(letters))
		}
		return s
	}
	for k := range 20000 {
		letters := 1 + k%30
		a, b := random(letters), random(letters)
		w := budget{left: MaxWork}
		got := lcs(a, b, &w)
		if len(got) != longestCommon(a, b) || !commonSubsequence(a, b, got) {
			t.Fatalf("%v\n%v: got %v, want length %d", a, b, got, longestCommon(a, b))
		}
		w = budget{left: rng.IntN(50)}
		if !commonSubsequence(a, b, lcs(a, b, &w)) {
			t.Fatalf("%v\n%v: no common subsequence with a small budget", a, b)
		}
		if !commonSubsequence(a, b, patience(a, b, count(a), count(b), &w)) {
			t.Fatalf("%v\n%v: no common subsequence by patience", a, b)
		}
	}
}

func commonSubsequence(a, b []int32, ps []pair) bool {
	rises := slices.IsSortedFunc(ps, func(x, y pair) int {
		if x.o < y.o && x.n < y.n {
			return -1
		}
		return 1
	})
	return rises && !slices.ContainsFunc(ps, func(p pair) bool { return a[p.o] != b[p.n] })
}
