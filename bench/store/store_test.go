package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/archive"
	"stet/internal/news"
	"stet/internal/pgtest"
	"stet/internal/store"
)

// small are options of a run of seconds, without a corpus.
func small(t *testing.T) options {
	return options{articles: 60, seed: 1, dir: filepath.Join(t.TempDir(), "store"), data: t.TempDir(), sample: 40, turns: 16, progress: io.Discard}
}

// figures gives the values of a measure by name and unit.
func (r report) figures(measure string) map[string]float64 {
	out := map[string]float64{}
	for _, f := range r.Figures {
		if f.Measure == measure {
			out[f.What+" "+f.Unit] = f.Value
		}
	}
	return out
}

func TestRun(t *testing.T) {
	o := small(t)
	for _, tool := range []string{"git", "xz", "zstd"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("skipped: no " + tool)
		}
	}
	var out bytes.Buffer
	o.json = true
	if err := show(t.Context(), &out, o); err != nil {
		t.Fatal(err)
	}
	var r report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Articles != 60 || r.Versions <= 60 || r.Sample != 40 {
		t.Errorf("%d articles, %d versions, sample %d; want 60, more, and 40", r.Articles, r.Versions, r.Sample)
	}
	for _, m := range append([]string{"build"}, names()...) {
		if len(r.figures(m)) == 0 {
			t.Errorf("%s: no figures", m)
		}
	}
	for _, f := range r.Figures {
		if f.Value < 0 || f.Value == 0 && f.Unit != "" && f.Unit != "/s" && f.Unit != "/CPU-s" {
			t.Errorf("%s: %s is %v %s", f.Measure, f.What, f.Value, f.Unit)
		}
	}
	checkBytes(t, r)
	out.Reset()
	r.print(&out)
	for _, m := range names() {
		if !strings.Contains(out.String(), "\n"+m+"\n") {
			t.Errorf("the table has no %s:\n%s", m, &out)
		}
	}
}

// On PostgreSQL the same measures are taken.
func TestPostgres(t *testing.T) {
	o := small(t)
	o.db = pgtest.Database(t, o.dir)
	o.only = []string{"bytes", "read", "pages", "claims", "visit"}
	r, err := run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range append([]string{"build"}, o.only...) {
		if len(r.figures(m)) == 0 {
			t.Errorf("%s: no figures", m)
		}
	}
	f := r.figures("bytes")
	if all, versions := f["database B/version"], f["  version B/version"]; versions <= 0 || versions >= all {
		t.Errorf("versions take %.0f of %.0f B/version", versions, all)
	}
	if f["sample: texts in the store B/version"] <= 0 {
		t.Error("no texts")
	}
}

// checkBytes holds the sizes against each other: what is known before measuring.
func checkBytes(t *testing.T, r report) {
	t.Helper()
	f := r.figures("bytes")
	text, form, packed := f["sample: plain text B/version"], f["sample: canonical form B/version"], f["sample: zstd of each version B/version"]
	if !(packed < text && text < form) {
		t.Errorf("zstd %.0f, plain %.0f, canonical %.0f: want them to rise", packed, text, form)
	}
	if ours := f["sample: texts in the store B/version"]; ours <= 0 || ours > packed+1 {
		t.Errorf("texts in the store take %.0f B/version, zstd of each %.0f", ours, packed)
	}
	if solid := r.figures("xz")["sample as one file B/version"]; solid >= packed {
		t.Errorf("all together take %.0f B/version, each by itself %.0f", solid, packed)
	}
}

// A store whose building was cut short is gone on with, and is then the same as
// one that was built at once.
func TestResume(t *testing.T) {
	o := small(t)
	o.articles, o.only = batchArticles+10, []string{"read"}
	ctx, cancel := context.WithCancel(t.Context())
	b, err := newBench(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	batch, err := b.batch(0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.store.ImportArticles(ctx, batch, nil); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := b.build(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a build that was stopped: %v", err)
	}
	if err := b.close(); err != nil {
		t.Fatal(err)
	}
	resumed, err := run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	again := o
	again.dir = filepath.Join(t.TempDir(), "other")
	whole, err := run(t.Context(), again)
	if err != nil {
		t.Fatal(err)
	}
	if resumed.Articles != o.articles || resumed.Articles != whole.Articles || resumed.Versions != whole.Versions {
		t.Errorf("resumed: %d articles, %d versions; at once: %d and %d", resumed.Articles, resumed.Versions, whole.Articles, whole.Versions)
	}
	if a, b := texted(t, o.dir), texted(t, again.dir); !slices.Equal(a, b) {
		t.Error("the texts of the two stores differ")
	}
	o.seed = 2
	if _, err := run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "built of") {
		t.Errorf("another seed in the same folder: error %v", err)
	}
}

// texted gives the digests of a store's versions, which must be whole.
func texted(t *testing.T, dir string) (digests []string) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: dir, MustExist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Verify(t.Context(), nil)
	if err != nil || len(r.Problems) > 0 {
		t.Fatalf("verify: %v, %q", err, r.Problems)
	}
	for id := int64(1); ; id++ {
		v, err := s.Version(t.Context(), id)
		if errors.Is(err, store.ErrNotFound) {
			return digests
		}
		if err != nil {
			t.Fatal(err)
		}
		digests = append(digests, fmt.Sprint(v.ArticleID, v.Number, v.Digest))
	}
}

// What was measured before a measure fails is printed.
func TestPrintedOnFailure(t *testing.T) {
	o := small(t)
	o.only = []string{"bytes", "git"}
	t.Setenv("PATH", "")
	var out bytes.Buffer
	if err := show(t.Context(), &out, o); err == nil || !strings.Contains(err.Error(), "git") {
		t.Errorf("error %v, want that there is no git", err)
	}
	if !strings.Contains(out.String(), "\nbytes\n") {
		t.Errorf("printed %q, want the bytes", &out)
	}
}

// A dictionary is trained on the first articles, and makes the others smaller.
func TestDictionary(t *testing.T) {
	o := small(t)
	o.articles, o.learn, o.only = batchArticles+60, batchArticles, []string{"bytes"}
	with, err := run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if with.Sample != 40 || with.figures("build")["dictionary B"] <= 0 {
		t.Errorf("a sample of %d, and %v; want 40, and a dictionary", with.Sample, with.figures("build"))
	}
	without := o
	without.dir = filepath.Join(t.TempDir(), "without")
	b, err := newBench(t.Context(), without)
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	b.o.learn = 0
	if err := b.build(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.o.learn = o.learn // the same sample
	n, err := b.stored(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	versions := 0
	for h := range b.sampled() {
		versions += len(h.Versions)
	}
	if ours, plainly := with.figures("bytes")["sample: texts in the store B/version"], float64(n)/float64(versions); ours >= plainly {
		t.Errorf("%.0f B/version with a dictionary, %.0f without", ours, plainly)
	}
}

// Visits are recorded as visits are: the store is whole after them.
func TestVisit(t *testing.T) {
	o := small(t)
	o.only = []string{"visit"}
	r, err := run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(texted(t, o.dir)), r.Versions+o.turns/8; got != want {
		t.Errorf("%d versions after the visits, want %d", got, want)
	}
}

func TestOptions(t *testing.T) {
	tests := []struct {
		name   string
		change func(*options)
	}{
		{"an unknown measure", func(o *options) { o.only = []string{"weight"} }},
		{"no article", func(o *options) { o.articles = 0 }},
		{"no sample", func(o *options) { o.sample = 0 }},
		{"a dictionary of part of a batch", func(o *options) { o.learn = batchArticles + 1 }},
		{"no turn", func(o *options) { o.turns = 0 }},
		{"a server without a folder", func(o *options) { o.db, o.dir = "postgres://stet@127.0.0.1:1/none", "" }},
		{"real histories that are not there", func(o *options) { o.real = true }},
	}
	for _, tt := range tests {
		o := small(t)
		tt.change(&o)
		if _, err := run(t.Context(), o); err == nil {
			t.Errorf("%s: no error", tt.name)
		}
		if _, err := os.Stat(o.dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: a store was made", tt.name)
		}
	}
}

const ferry = `{"source":"courier","url":"https://courier.example.org/ferry","seen_at":"2026-03-01T10:00:00Z","title":"Ferry late","paragraphs":["The ferry was late again on Monday.","Nobody knew why it was."],"lang":"en"}
{"source":"courier","url":"https://courier.example.org/ferry","seen_at":"2026-03-01T12:00:00Z","title":"Ferry late","paragraphs":["The ferry was late again on Monday."],"lang":"en"}
{"source":"courier","url":"https://courier.example.org/choir","seen_at":"2026-03-02T10:00:00Z","title":"Choir sings","paragraphs":["The choir sang all night long."],"lang":"en"}
`

func TestReal(t *testing.T) {
	o := small(t)
	o.real, o.only = true, []string{"bytes", "read"}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.WriteString(z, ferry)
	z.Close()
	if err := os.WriteFile(filepath.Join(o.data, realFile), packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Articles != 2 || r.Versions != 3 {
		t.Errorf("%d articles, %d versions; want 2 and 3", r.Articles, r.Versions)
	}
	if len(texted(t, o.dir)) != 3 {
		t.Error("not all versions are in the store")
	}
	if paragraphs, name, err := texts(o.data); err != nil || name != realFile || len(paragraphs) != 2 {
		t.Errorf("learned from %q of %s, %v; want the newest texts", paragraphs, name, err)
	}
}

func TestReadRealFaults(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a broken line", ferry + "{", "line 4"},
		{"a record without an address", `{"title":"x"}`, "line 1: no url"},
		{"a time that is none", `{"url":"https://a.example.org/","seen_at":"noon"}`, "line 1"},
	}
	for _, tt := range tests {
		if _, err := readReal(strings.NewReader(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
}

func FuzzReadReal(f *testing.F) {
	f.Add(ferry)
	f.Add(`{"url":"x"}`)
	f.Fuzz(func(t *testing.T, text string) {
		all, err := readReal(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, h := range all {
			if h.URL == "" || len(h.Versions) == 0 {
				t.Errorf("a history without address or versions of %q", text)
			}
		}
	})
}

// What git is told is what it keeps: a commit for each version, the newest text
// of each article in its file.
func TestFastImport(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("skipped: no git")
	}
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	text := func(s string) archive.Version {
		return archive.Version{At: at, Content: news.Content{Headline: s, Blocks: []news.Block{{Kind: news.Paragraph, Text: "Früh am Morgen.\nData 1"}}}}
	}
	dir := t.TempDir()
	var in bytes.Buffer
	if err := fastImport(&in, []commit{{"a.example.org/1.txt", text("one")}, {"a.example.org/2.txt", text("two")}, {"a.example.org/1.txt", text("three")}}); err != nil {
		t.Fatal(err)
	}
	if err := git(t.Context(), dir, nil, "init", "-q", "--bare"); err != nil {
		t.Fatal(err)
	}
	if err := git(t.Context(), dir, &in, "fast-import", "--quiet"); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ want, args string }{
		{"3\n", "rev-list --count main"},
		{plain(text("three")), "show main:a.example.org/1.txt"},
		{plain(text("two")), "show main:a.example.org/2.txt"},
	} {
		cmd := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir}, strings.Fields(tt.args)...)...)
		if got, err := cmd.Output(); err != nil || string(got) != tt.want {
			t.Errorf("git %s: %q, %v; want %q", tt.args, got, err, tt.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0.1234: "0.123", 12.34: "12.3", 1234.5: "1234", 99.96: "100.0"} {
		if got := number(v); got != want {
			t.Errorf("%v is written %s, want %s", v, got, want)
		}
	}
}
