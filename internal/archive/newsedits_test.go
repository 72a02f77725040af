package archive

import (
	"database/sql"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// editsFile makes a file as NewsEdits has them, of these rows: entry, version,
// title, summary, url, created.
func editsFile(t *testing.T, rows ...[6]any) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "gazette.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TABLE entryversion (id INTEGER PRIMARY KEY, summary TEXT, title TEXT, url TEXT, entry_id INTEGER,
		archive_url TEXT, num_versions INTEGER, created TEXT, version INTEGER)`); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if _, err := db.Exec(`INSERT INTO entryversion (entry_id, version, title, summary, url, created, archive_url, num_versions)
			VALUES ($1, $2, $3, $4, $5, $6, 'https://archive.example.org/' || $1, 2)`, r[0], r[1], r[2], r[3], r[4], r[5]); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

const editsArticle = "https://www.gazette.example.org/bridge"

// editsRows are an article of two versions, a bad one, and one more.
func editsRows() [][6]any {
	return [][6]any{
		{7, 1, "Bridge shut", "<p>The bridge is shut.</p><p>Ships &amp; boats  pass.</p>", editsArticle, "2015-03-02 10:00:00"},
		{7, 0, "Bridge open", "The bridge is open.</p><p>Ships <b>pass</b>.", editsArticle, "2015-03-01 10:00:00"},
		{8, 0, "No time", "Text.", "https://www.gazette.example.org/notime", "once"},
		{9, 0, "Quay", "<p>Text of the quay.</p>", "https://www.gazette.example.org/quay", "1425376800"},
	}
}

// TestNewsEdits: an entry is an article, with its versions in order, its old ids,
// and what else its rows said.
func TestNewsEdits(t *testing.T) {
	path := editsFile(t, editsRows()...)
	open := func(position string) *NewsEdits {
		t.Helper()
		r, err := OpenNewsEdits(path, Source{}, position)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.Close() })
		return r
	}
	s := openStore(t, t.TempDir())
	sum, faults := taken(t, s, open(""))
	if sum.New != 2 || sum.Versions != 3 || len(faults) != 1 || !strings.HasPrefix(faults[0], "entry 8, version 0: https://www.gazette.example.org/notime: created: time") {
		t.Fatalf("imported %+v, %q", sum, faults)
	}
	id, err := s.ImportedVersion(t.Context(), OriginNewsEdits, "7-1", 0)
	if err != nil {
		t.Fatal(err)
	}
	v, err := s.Version(t.Context(), id)
	if err != nil || v.Number != 1 || v.Content.Headline != "Bridge shut" || v.Content.Text() != "The bridge is shut.\nShips & boats pass." {
		t.Errorf("version: %+v, %v", v, err)
	}
	article, err := s.ImportedArticle(t.Context(), OriginNewsEdits, "7", 0)
	if err != nil || article != v.ArticleID {
		t.Errorf("article %d, %v", article, err)
	}
	if _, err := s.Source(t.Context(), "gazette.example.org"); err != nil {
		t.Error(err)
	}
	want := `{"source": "gazette.example.org", "url": "https://www.gazette.example.org/bridge", "seen_at": "2015-03-01T10:00:00Z", "title": "Bridge open", "paragraphs": ["The bridge is open.", "Ships pass."], "newsedits_id": 2, "entry_id": 7, "archive_url": "https://archive.example.org/7", "num_versions": 2, "created": "2015-03-01 10:00:00", "version": 0}`
	if got, _, _ := strings.Cut(string(exported(t, s)), "\n"); got != want {
		t.Errorf("exported\n%s\nwant\n%s", got, want)
	}
	if sum, _ := taken(t, s, open("")); sum.Versions != 0 || sum.Known != 3 {
		t.Errorf("again: %+v", sum)
	}
	h, err := open("7").Next()
	if f, ok := IsFault(err); !ok || f.Where != "entry 8, version 0" {
		t.Errorf("after entry 7: %+v, %v", h, err)
	}
	r := open("8")
	if h, err = r.Next(); err != nil || h.OldID != "9" || !h.Versions[0].At.Equal(time.Date(2015, 3, 3, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("after entry 8: %+v, %v", h, err)
	}
	if _, err = r.Next(); err != io.EOF || r.Position() != "9" {
		t.Errorf("at the end: %v, position %s", err, r.Position())
	}
}

// TestNewsEditsRefused: what is no such file is refused by name, and not made.
func TestNewsEditsRefused(t *testing.T) {
	for name, path := range map[string]string{
		"no file":      filepath.Join(t.TempDir(), "none.db"),
		"no database":  "newsedits_test.go",
		"other tables": otherDatabase(t, `CREATE TABLE x (y)`),
		"no column":    otherDatabase(t, `CREATE TABLE entryversion (entry_id, version, title, url, created)`),
		"no time":      otherDatabase(t, `CREATE TABLE entryversion (entry_id, version, title, summary, url)`),
	} {
		if r, err := OpenNewsEdits(path, Source{}, ""); err == nil {
			t.Errorf("%s: opened", name)
			r.Close()
		}
	}
	if _, err := OpenNewsEdits(editsFile(t), Source{}, "12/3"); err == nil {
		t.Error("another reader's position was taken")
	}
}

func otherDatabase(t *testing.T, schema string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(schema); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestEditsParagraphs: what News Sniffer's pages show around a text is left out,
// at the edges only.
func TestEditsParagraphs(t *testing.T) {
	const footer = "</p><p>Currently monitoring 56,789 news articles and 1,234 versions.</p>"
	for in, want := range map[string]string{
		"":                       "",
		"<p></p>":                "",
		"one</p><p>two":          "one|two",
		"<p>one</p>\n<P>two</p>": "one|two",
		"one<br><br/>two":        "one|two",
		"<p>Version 1 of 3</p><p>one</p><p>two" + footer:                                 "one|two",
		`<p><a href="/a">Article</a></p><p>Version 1 of 3</p><p>one` + footer:            "one",
		`<p><a href="/a">Article</a></p><p>one` + footer:                                 "one",
		`<p><a href="/a">A link</a></p><p>one`:                                           "A link|one",
		"one</p><p>Version 2 of 3</p><p>two":                                             "one|Version 2 of 3|two",
		"one</p><p>The label reads Version 2 of 3 today</p><p>two":                       "one|The label reads Version 2 of 3 today|two",
		"one</p><p>Currently monitoring 7 news articles is what the page said</p><p>two": "one|Currently monitoring 7 news articles is what the page said|two",
		"Currently monitoring 7 news articles":                                           "",
		"Version 1 of 1":                                                                 "",
		"3 &lt; 4 &amp;amp; 5 < 6":                                                       "3 < 4 &amp; 5 < 6",
		"<p class=\"x\">one</p><p class=\"y\">two <i>three</i></p>":                      "one|two three",
	} {
		if got := strings.Join(editsParagraphs(in), "|"); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// FuzzEditsParagraphs: no summary breaks the reading, and no paragraph is empty.
func FuzzEditsParagraphs(f *testing.F) {
	f.Add("<p><a href=x></p><p>Version 1 of 3</p><p>one</p><p>Currently monitoring 5 news articles")
	f.Fuzz(func(t *testing.T, summary string) {
		for _, p := range editsParagraphs(summary) {
			if strings.TrimSpace(p) == "" {
				t.Errorf("%q has an empty paragraph", summary)
			}
		}
	})
}
