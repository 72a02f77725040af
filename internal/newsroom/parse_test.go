package newsroom

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write what the cases of testdata give into them")

// TestParse reads testdata/*.txt: a sentence that says what is shown, a file
// of the script, and what it gives.
func TestParse(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			title, file, want := readCase(t, name)
			got := describe(parseArticle([]byte(file)))
			if *update {
				all := title + articleMark + file + wantMark + got
				if err := os.WriteFile(name, []byte(all), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("%s\ngot:\n%s\nwant:\n%s", title, got, want)
			}
		})
	}
}

// The marks of the txtar form between the parts of a case.
const (
	articleMark = "\n-- article --\n"
	wantMark    = "\n-- want --\n"
)

// readCase gives the parts of one case.
func readCase(t testing.TB, name string) (title, file, want string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	title, rest, ok := strings.Cut(string(data), articleMark)
	file, want, ok2 := strings.Cut(rest, wantMark)
	if !ok || !ok2 || title == "" {
		t.Fatalf("%s: want a title, an article and what it gives", name)
	}
	return title, file, want
}

// describe writes an article or the error, as the cases have it.
func describe(a *article, err error) string {
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s in %s, %s, by %s, feeds %v, markup %v\n", a.path, a.section, a.language, a.byline, a.feeds, a.markup)
	for _, m := range a.moments {
		fmt.Fprintf(&b, "\n%v %s: %s", m.at, m.kind, m.what)
		if m.until != 0 {
			fmt.Fprintf(&b, ", until %v", m.until)
		}
		if m.announced {
			b.WriteString(", announced")
		}
		fmt.Fprintf(&b, "\n  %s | %s\n", m.text.headline, m.text.standfirst)
		for _, x := range m.text.blocks {
			fmt.Fprintf(&b, "  %d %s\n", x.kind, x.text)
		}
	}
	return b.String()
}

const head = "path: /a\nsection: Town\nbyline: B\nfeeds: rss\n\n=== 0h00 published: first\n\nheadline: H\n\nText.\n"

// TestParseLimits tries each limit at its edge.
func TestParseLimits(t *testing.T) {
	moments := func(n int) string {
		var b strings.Builder
		b.WriteString(head)
		for i := range n - 1 {
			fmt.Fprintf(&b, "\n=== 1h%02d bump: again\n", i)
		}
		return b.String()
	}
	for _, tc := range []struct {
		name, file string
		ok         bool
	}{
		{"as many moments as are allowed", strings.Replace(moments(60), "1h59", "2h00", 1) + more(maxMoments-60), true},
		{"one moment more", strings.Replace(moments(60), "1h59", "2h00", 1) + more(maxMoments-59), false},
		{"as long as is allowed", head + strings.Repeat("a", maxFile-len(head)), true},
		{"one byte longer", head + strings.Repeat("a", maxFile-len(head)+1), false},
		{"the last minute of the day", strings.Replace(head, "0h00", "34h00", 1), true},
		{"after the day", strings.Replace(head, "0h00", "34h01", 1), false},
		{"not UTF-8", head + "\xff", false},
		{"carriage returns", strings.ReplaceAll(head, "\n", "\r\n"), true},
		{"empty", "", false},
	} {
		if _, err := parseArticle([]byte(tc.file)); (err == nil) != tc.ok {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

// more is n moments in the third hour.
func more(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "\n=== 3h%02d bump: again\n", i)
	}
	return b.String()
}

// TestOpenNamesTheFile: an error in the script says in which file it is, and
// two articles cannot have one path.
func TestOpenNamesTheFile(t *testing.T) {
	p := testPaper(t)
	if err := p.add([]byte(strings.Replace(head, "/a", ferry, 1))); err == nil || !strings.Contains(err.Error(), "taken") {
		t.Errorf("the path of another article: %v", err)
	}
	if err := p.add([]byte(strings.Replace(head, "Town", "Nowhere", 1))); err == nil || !strings.Contains(err.Error(), "section") {
		t.Errorf("an unknown section: %v", err)
	}
	if err := p.add([]byte(head)); err != nil {
		t.Errorf("a new article: %v", err)
	}
}

// FuzzParseArticle: whatever is read, moments ascend and every text has a
// headline and blocks; nothing panics.
func FuzzParseArticle(f *testing.F) {
	names, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		_, file, _ := readCase(f, name)
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := parseArticle(data)
		if err != nil {
			return
		}
		if !slices.IsSortedFunc(a.moments, func(x, y moment) int { return int(x.at - y.at) }) {
			t.Error("moments do not ascend")
		}
		for _, m := range a.moments {
			if err := m.text.check(); err != nil {
				t.Errorf("%q: %v", m.what, err)
			}
		}
		if _, ok := a.at(a.published() - time.Minute); ok {
			t.Error("published before it was published")
		}
	})
}
