package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

// day is the day of March 2020 with that number.
func day(n int) time.Time { return time.Date(2020, 3, n, 6, 0, 0, 0, time.UTC) }

// telling is an Import of an article with a version a day, whose texts are given.
func telling(name string, from int, texts ...string) Import {
	in := Import{Source: news.Source{Key: "gazette"}, Address: address("https://gazette.example.org/" + name), Origin: "test", OldID: "old-" + name}
	for i, text := range texts {
		in.Versions = append(in.Versions, ImportVersion{Content: content("Bridge of "+name, strings.Split(text, "|")...), At: day(from + i),
			OldID: fmt.Sprintf("%s-%d", name, from+i), Extra: fmt.Sprintf(`{"day": %d}`, from+i)})
	}
	return in
}

func (b *bench) imported(in Import) Imported {
	b.t.Helper()
	done, err := b.ImportArticle(b.ctx, in)
	b.must(err)
	b.verify()
	return done
}

// TestImport: an imported history is a history like any other.
func TestImport(t *testing.T) {
	b := newBench(t)
	in := telling("north", 1, "The bridge is open.", "The bridge is shut.", "The bridge is shut.", "The bridge is shut for good.|Ships pass.")
	in.Aliases = []news.Address{address("https://old.example.org/n?id=7")}
	in.Versions[3].LastSeen = day(9)
	done := b.imported(in)
	if done.Refused != nil || !done.New || done.Added != 3 || done.Same != 1 || done.Known != 0 {
		t.Fatalf("imported: %+v", done)
	}
	a, src, err := b.Article(b.ctx, done.ArticleID)
	b.must(err)
	if a.State != news.Live || a.Versions != 3 || !a.Due.IsZero() || src.Key != "gazette" || !a.FoundAt.Equal(day(1)) || !a.ChangedAt.Equal(day(4)) {
		t.Errorf("article: %+v of %+v", a, src)
	}
	v, err := b.VersionByNumber(b.ctx, a.ID, 1)
	b.must(err)
	if !v.Seen.First.Equal(day(2)) || !v.Seen.Last.Equal(day(3)) || v.Content.Text() != "The bridge is shut." || v.Extractor != "import/test" {
		t.Errorf("second version: %+v", v)
	}
	log, err := b.ArticleChanges(b.ctx, a.ID)
	b.must(err)
	if len(log) != 3 || !log[2].After.Equal(day(3)) || !log[2].Before.Equal(day(4)) || log[2].WordsAdded != 5 || log[2].WordsRemoved != 1 {
		t.Errorf("log: %+v", log)
	}
	if id, err := b.Lookup(b.ctx, "old.example.org/n?id=7"); err != nil || id != a.ID {
		t.Errorf("alias: %d, %v", id, err)
	}
	if id, err := b.ImportedArticle(b.ctx, "test", "old-north", 0); err != nil || id != a.ID {
		t.Errorf("old id: %d, %v", id, err)
	}
	if id, err := b.ImportedVersion(b.ctx, "test", "north-2", a.SourceID); err != nil || id != v.ID {
		t.Errorf("old id of a version: %d, %v", id, err)
	}
	if _, err := b.ImportedVersion(b.ctx, "test", "north-2", b.src.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("old id in another source: %v", err)
	}
	for n := 1; n > 0; {
		n, err = b.IndexChanges(b.ctx, 100)
		b.must(err)
	}
	b.verify()
}

// TestImportAgain: what is there is not added twice, what is later is, and what
// contradicts the history that is here is left alone.
func TestImportAgain(t *testing.T) {
	for _, c := range []struct {
		name               string
		again              Import
		added, known, same int
		refused            bool
	}{
		{"the same", telling("x", 2, "one", "two", "one"), 0, 3, 0, false},
		{"its beginning", telling("x", 2, "one", "two"), 0, 2, 0, false},
		{"more of it", telling("x", 2, "one", "two", "one", "three"), 1, 3, 0, false},
		{"a later part", telling("x", 5, "three", "four"), 2, 0, 0, false},
		{"a later part that begins with the last text", telling("x", 5, "one", "four"), 1, 0, 1, false},
		{"an earlier part", telling("x", 1, "zero"), 0, 0, 0, true},
		{"another text at the same time", telling("x", 2, "uno", "two"), 0, 0, 0, true},
		{"the same text at another time", telling("x", 1, "one"), 0, 0, 0, true},
		{"another end", telling("x", 2, "one", "2"), 0, 0, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.imported(telling("x", 2, "one", "two", "one"))
			done := b.imported(c.again)
			if c.refused {
				if !errors.Is(done.Refused, ErrConflict) || done.ArticleID != 0 {
					t.Errorf("not refused: %+v", done)
				}
			} else if done.Refused != nil || done.New || done.Added != c.added || done.Known != c.known || done.Same != c.same {
				t.Errorf("imported: %+v", done)
			}
			before := b.rowsOf("version")
			b.imported(c.again)
			if after := b.rowsOf("version"); after != before {
				t.Errorf("a third time: %d versions, then %d", before, after)
			}
		})
	}
}

func (b *bench) rowsOf(table string) (n int) {
	b.t.Helper()
	b.must(b.reader.QueryRowContext(b.ctx, `SELECT count(*) FROM `+table).Scan(&n))
	return n
}

// TestImportKnown: an article that was found but never seen takes a history; one
// that our visits have seen does not.
func TestImportKnown(t *testing.T) {
	b := newBench(t)
	a := b.article("quay")
	in := telling("quay", 1, "one", "two")
	in.Address = address("https://courier.example.org/quay")
	if done := b.imported(in); done.Refused != nil || done.New || done.Added != 2 || done.ArticleID != a.ID {
		t.Errorf("found before: %+v", done)
	}
	l := b.lease()
	v := b.visit(l, a.ID, news.OK).withVersion(2, content("Quay", "three"))
	_, err := b.RecordVisit(b.ctx, v)
	b.must(err)
	if done := b.imported(in); done.Refused != nil || done.Known != 2 {
		t.Errorf("again: %+v", done)
	}
	b.clock.pass(48 * time.Hour)
	in.Versions = append(in.Versions, ImportVersion{Content: content("Quay", "four"), At: b.clock.t})
	if done := b.imported(in); !errors.Is(done.Refused, ErrConflict) {
		t.Errorf("behind our own visits: %+v", done)
	}
}

// TestImportRefused: what cannot be recorded is refused by name, and its
// neighbours in the batch are taken.
func TestImportRefused(t *testing.T) {
	for name, spoil := range map[string]func(*Import){
		"no address":         func(in *Import) { in.Address = news.Address{} },
		"no key":             func(in *Import) { in.Source.Key = "The Gazette" },
		"no origin":          func(in *Import) { in.Origin = "" },
		"origin too long":    func(in *Import) { in.Origin = strings.Repeat("o", MaxOrigin+1) },
		"no versions":        func(in *Import) { in.Versions = nil },
		"old id too long":    func(in *Import) { in.OldID = strings.Repeat("7", MaxOldID+1) },
		"old id of no text":  func(in *Import) { in.Versions[0].OldID = "a\x00b" },
		"backwards":          func(in *Import) { in.Versions[1].At = day(0) },
		"no time":            func(in *Import) { in.Versions[0].At = time.Time{} },
		"before 1970":        func(in *Import) { in.Versions[0].At = time.UnixMicro(-1) },
		"future":             func(in *Import) { in.Versions[1].At = newClock().t.Add(time.Microsecond) },
		"seen in the future": func(in *Import) { in.Versions[1].LastSeen = newClock().t.Add(time.Microsecond) },
		"too much beside":    func(in *Import) { in.Versions[0].Extra = strings.Repeat(" ", MaxImportExtra+1) },
		"headline no text":   func(in *Import) { in.Versions[0].Content.Headline = "\xff" },
		"text too long":      func(in *Import) { in.Versions[0].Content = content("x", strings.Repeat("x", MaxContent)) },
		"too many versions":  func(in *Import) { in.Versions = make([]ImportVersion, MaxImportVersions+1) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			bad := telling("bad", 1, "one", "two")
			spoil(&bad)
			done, err := b.ImportArticles(b.ctx, []Import{telling("a", 1, "one"), bad, telling("b", 1, "one")}, nil)
			b.must(err)
			if done[0].Refused != nil || done[2].Refused != nil {
				t.Errorf("neighbours: %+v", done)
			}
			if done[1].Refused == nil || b.rowsOf("article") != 2 || b.rowsOf("version") != 2 {
				t.Errorf("taken: %+v", done[1])
			}
			b.verify()
		})
	}
}

// TestImportEdges: what is just within the limits is taken.
func TestImportEdges(t *testing.T) {
	b := newBench(t)
	in := telling("edge", 1, "one", "two")
	in.OldID = strings.Repeat("7", MaxOldID)
	in.Origin = strings.Repeat("o", MaxOrigin)
	in.Versions[0].At = time.UnixMicro(0)
	in.Versions[0].Extra = strings.Repeat(" ", MaxImportExtra)
	in.Versions[1].LastSeen = b.clock.t
	if done := b.imported(in); done.Refused != nil || done.Added != 2 {
		t.Errorf("imported: %+v", done)
	}
	if _, err := b.ImportArticles(b.ctx, make([]Import, MaxImports+1), nil); err == nil {
		t.Error("a batch above the limit was taken")
	}
}

// TestImportSameIdentity: versions that differ in typography alone, or were
// seen at one time, both come out.
func TestImportSameIdentity(t *testing.T) {
	b := newBench(t)
	in := telling("typo", 1, `He said "no".`, `He said “no”.`, `He said “yes”.`)
	in.Versions[2].At = in.Versions[1].At
	if done := b.imported(in); done.Added != 3 {
		t.Errorf("imported: %+v", done)
	}
	var texts []string
	for x, err := range b.ExportVersions(b.ctx, 0) {
		b.must(err)
		texts = append(texts, x.Content.Text()+x.Extra)
	}
	if got := strings.Join(texts, "\n"); got != "He said \"no\".{\"day\": 1}\nHe said “no”.{\"day\": 2}\nHe said “yes”.{\"day\": 3}" {
		t.Errorf("exported: %s", got)
	}
}

// TestImportDue: an article that is to be visited makes its host due.
func TestImportDue(t *testing.T) {
	b := newBench(t)
	in := telling("due", 1, "one")
	in.Due = b.clock.t.Add(time.Hour)
	b.imported(in)
	if _, ok, err := b.LeaseHost(b.ctx, time.Minute); err != nil || !ok {
		t.Fatalf("the feed's host: %v, %v", ok, err) // the courier's, which is due at once
	}
	if l, ok, err := b.LeaseHost(b.ctx, time.Minute); err != nil || ok {
		t.Fatalf("leased before it is due: %+v, %v", l, err)
	}
	b.clock.pass(time.Hour)
	if l, ok, err := b.LeaseNamed(b.ctx, "gazette.example.org", time.Minute); err != nil || !ok || l.Host != "gazette.example.org" {
		t.Errorf("lease: %+v %v %v", l, ok, err)
	}
}

// TestImportMark: the place in the file stands with what was recorded.
func TestImportMark(t *testing.T) {
	b := newBench(t)
	m := ImportMark{Origin: "test", File: news.Sum([]byte("file")), Name: "file.jsonl", Position: "17"}
	position := func() string {
		p, err := b.ImportPosition(b.ctx, m.Origin, m.File)
		b.must(err)
		return p
	}
	if position() != "" {
		t.Error("a position before the beginning")
	}
	_, err := b.ImportArticles(b.ctx, []Import{telling("a", 1, "one")}, &m)
	b.must(err)
	if position() != "17" {
		t.Errorf("position %q", position())
	}
	m.Position = ""
	_, err = b.ImportArticles(b.ctx, nil, &m)
	b.must(err)
	if position() != "" || b.rowsOf("import_position") != 0 {
		t.Error("the position outlived the import")
	}
}

// TestExportVersions: more versions than are read at once, of one source.
func TestExportVersions(t *testing.T) {
	b := newBench(t)
	for i := range 3 {
		in := telling(fmt.Sprint("many", i), 1, "zero")
		for n := range exportBatch {
			in.Versions = append(in.Versions, ImportVersion{Content: content("x", fmt.Sprint("text ", n)), At: day(2).Add(time.Duration(n) * time.Hour)})
		}
		in.Source.Key = fmt.Sprint("s", i%2)
		b.imported(in)
	}
	src, err := b.Source(b.ctx, "s0")
	b.must(err)
	var got []string
	for x, err := range b.ExportVersions(b.ctx, src.ID) {
		b.must(err)
		got = append(got, fmt.Sprint(x.ArticleID, "/", x.Number))
	}
	if len(got) != 2*(exportBatch+1) || got[0] != "1/0" || got[len(got)-1] != fmt.Sprint("3/", exportBatch) {
		t.Errorf("%d versions, from %s to %s", len(got), got[0], got[len(got)-1])
	}
}
