package extract

import (
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stet/internal/news"
)

// An outcomeCase is a page of the labelled set, with the outcomes that are
// right for it, the first the best.
type outcomeCase struct {
	class, language, half, name string
	page                        Page
	want                        []news.Outcome
}

// A wording is a line of notices.txt or articles.txt.
type wording struct {
	class, language, half string
	fields                []string
}

func (w wording) field(i int) string {
	if i < len(w.fields) && w.fields[i] != "-" {
		return w.fields[i]
	}
	return ""
}

func (w wording) texts(i int) []string {
	if w.field(i) == "" {
		return nil
	}
	return strings.Split(w.field(i), " ¶ ")
}

func wordings(t testing.TB, file string) []wording {
	t.Helper()
	data, err := os.ReadFile("testdata/outcomes/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out []wording
	for line := range strings.Lines(string(data)) {
		head, rest, ok := strings.Cut(strings.TrimSpace(line), " | ")
		f := strings.Fields(head)
		if !ok || len(f) != 3 || len(f[1]) != 2 {
			continue // the words above the table
		}
		out = append(out, wording{class: f[0], language: f[1], half: f[2], fields: splitFields(rest)})
	}
	return out
}

// splitFields parts a line at " | ", except before the site's own name, where
// it is part of a title ("404 | {site}").
func splitFields(rest string) []string {
	var out []string
	for _, f := range strings.Split(rest, " | ") {
		if n := len(out); n == 1 && f == "{site}" {
			out[0] += " | " + f
			continue
		}
		out = append(out, f)
	}
	return out
}

// vendorCases are the pages of vendors.txtar as they stand.
func vendorCases(t testing.TB) []outcomeCase {
	t.Helper()
	data, err := os.ReadFile("testdata/outcomes/vendors.txtar")
	if err != nil {
		t.Fatal(err)
	}
	_, sections := parseCase(string(data))
	var out []outcomeCase
	for _, s := range sections {
		f := strings.Split(s.name, "/")
		if len(f) != 4 {
			t.Fatalf("vendors.txtar: part %q", s.name)
		}
		c := outcomeCase{class: f[0], language: "en", half: f[2], name: f[0] + "/" + f[1], page: answer(nil)}
		for _, w := range strings.Split(f[3], "|") {
			c.want = append(c.want, news.Outcome(w))
		}
		head, body, ok := strings.Cut(s.data, "\n\n")
		if !ok || !strings.HasPrefix(head, "status: ") && !strings.HasPrefix(head, "type: ") && !strings.HasPrefix(head, "url: ") {
			head, body = "", s.data
		}
		c.page.Body = []byte(strings.TrimSpace(body))
		for line := range strings.Lines(head) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch key {
			case "status":
				c.page.Status, _ = strconv.Atoi(value)
			case "type":
				c.page.ContentType = value
			case "url":
				c.page.URL = mustURL(value)
			}
		}
		out = append(out, c)
	}
	return out
}

// answer is a page as the made-up site sends it.
func answer(body []byte) Page {
	u := mustURL("https://www.example.org/news/2031/02/ferry-returns")
	asked, _ := url.Parse(u.String())
	return Page{URL: u, Asked: asked, Status: 200, ContentType: "text/html; charset=utf-8", Body: body}
}

// labelled is the whole set.
func labelled(t testing.TB) []outcomeCase {
	m := newMaker(t)
	out := vendorCases(t)
	for _, w := range wordings(t, "notices.txt") {
		out = append(out, m.notices(w)...)
	}
	for _, w := range m.stories {
		out = append(out, m.articles(w)...)
	}
	for _, language := range slices.Sorted(maps.Keys(m.sites)) {
		out = append(out, m.indexes(language)...)
	}
	return out
}

// A count sums up how a group of cases was judged.
type count struct{ all, kept, exact int }

func (c *count) add(o outcomeCase, got news.Outcome) {
	c.all++
	if (got == news.OK) == (o.want[0] == news.OK) {
		c.kept++
	}
	if slices.Contains(o.want, got) {
		c.exact++
	}
}

func (c count) String() string {
	if c.all == 0 {
		return "-"
	}
	if c.exact == c.all {
		return strconv.Itoa(c.all)
	}
	return fmt.Sprintf("%d/%d", c.exact, c.all)
}

// The shares of the labelled set that must be judged right.
const (
	wantKeptOut = 0.99  // of the pages that are no articles: any outcome but ok
	wantKeptIn  = 0.995 // of the articles: ok
	wantExact   = 0.97  // of all: the outcome itself
)

// TestOutcomes judges the labelled set and prints how it went, by class and
// language.
func TestOutcomes(t *testing.T) {
	cells, languages := map[string]map[string]*count{}, map[string]bool{}
	sums := map[string]*count{"article a": {}, "article b": {}, "other a": {}, "other b": {}, "other c": {}}
	for _, c := range labelled(t) {
		r := Read(c.page)
		check(t, c.page, r)
		if cells[c.class] == nil {
			cells[c.class] = map[string]*count{}
		}
		if cells[c.class][c.language] == nil {
			cells[c.class][c.language] = &count{}
		}
		cells[c.class][c.language].add(c, r.Outcome)
		languages[c.language] = true
		kind := "other "
		if c.want[0] == news.OK {
			kind = "article "
		}
		sums[kind+c.half].add(c, r.Outcome)
		if !slices.Contains(c.want, r.Outcome) && (os.Getenv("STET_HALF") == "" || os.Getenv("STET_HALF") == c.half) {
			t.Logf("%s %s %s: %s (%s), want %v", c.language, c.half, c.name, r.Outcome, r.Reason, c.want)
		}
	}
	t.Log("right/all by class and language; a single number is all right\n" + table(cells, slices.Sorted(maps.Keys(languages))))
	in, out := *sums["article a"], *sums["other a"]
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		s := sums[name]
		t.Logf("%-9s %4d pages, %4d on the right side of ok, %4d exact", name, s.all, s.kept, s.exact)
	}
	in.join(*sums["article b"])
	out.join(*sums["other b"])
	out.join(*sums["other c"])
	if ratio(out.kept, out.all) < wantKeptOut || ratio(in.kept, in.all) < wantKeptIn || ratio(in.exact+out.exact, in.all+out.all) < wantExact {
		t.Errorf("kept out %.4f, kept in %.4f, exact %.4f; want %v, %v, %v", ratio(out.kept, out.all), ratio(in.kept, in.all),
			ratio(in.exact+out.exact, in.all+out.all), wantKeptOut, wantKeptIn, wantExact)
	}
	if in.all+out.all < 450 || len(cells) < 15 || len(languages) < 6 {
		t.Errorf("the set has %d pages, %d classes, %d languages", in.all+out.all, len(cells), len(languages))
	}
}

func (c *count) join(o count) { c.all, c.kept, c.exact = c.all+o.all, c.kept+o.kept, c.exact+o.exact }

func table(cells map[string]map[string]*count, languages []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-14s", "")
	for _, l := range languages {
		fmt.Fprintf(&b, "%8s", l)
	}
	for _, class := range slices.Sorted(maps.Keys(cells)) {
		fmt.Fprintf(&b, "\n%-14s", class)
		for _, l := range languages {
			c := cells[class][l]
			if c == nil {
				c = &count{}
			}
			fmt.Fprintf(&b, "%8s", c)
		}
	}
	return b.String()
}
