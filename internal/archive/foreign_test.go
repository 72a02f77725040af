package archive

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write testdata/*.want anew")

// given reads all of a reader and tells it as text.
func given(t *testing.T, r Reader, err error) string {
	t.Helper()
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	defer func() {
		if err := r.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}()
	var b strings.Builder
	for range 10_000 {
		h, err := r.Next()
		f, bad := IsFault(err)
		switch {
		case bad:
			fmt.Fprintf(&b, "! %v\n", f)
		case errors.Is(err, io.EOF):
			return b.String()
		case err != nil:
			return b.String() + "error: " + err.Error() + "\n"
		default:
			tell(&b, h)
		}
	}
	return b.String() + "no end\n"
}

func tell(b *strings.Builder, h History) {
	fmt.Fprintf(b, "%s %s %s %q source=%q,%q", h.Origin, h.OldID, h.URL, h.Title, h.Source.Key, h.Source.Name)
	if !h.Published.IsZero() {
		fmt.Fprintf(b, " published=%s", h.Published.Format(time.RFC3339))
	}
	fmt.Fprintf(b, " %s\n", h.Aliases)
	for _, v := range h.Versions {
		fmt.Fprintf(b, "  %s %s", v.OldID, v.At.Format(time.RFC3339Nano))
		if !v.LastSeen.IsZero() {
			fmt.Fprintf(b, " – %s", v.LastSeen.Format(time.RFC3339Nano))
		}
		fmt.Fprintf(b, " %q %q %s\n", v.Content.Headline, v.Content.Byline, v.Extra)
		for _, x := range v.Content.Blocks {
			fmt.Fprintf(b, "    %s: %s\n", x.Kind, x.Text)
		}
	}
}

// wanted compares with testdata/NAME.want.
func wanted(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".want")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNewsSniffer(t *testing.T) {
	o := DumpOptions{Home: "https://sniffer.example.org/", Temporary: t.TempDir()}
	r, err := NewsSnifferDump("testdata/newssniffer.sql", o)
	whole := given(t, r, err)
	wanted(t, "newssniffer", whole)
	left, err := os.ReadDir(o.Temporary)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	t.Run("latin1", func(t *testing.T) {
		r, err := NewsSnifferDump("testdata/newssniffer-latin1.sql", o)
		// The dog was no latin1 letter, and the server wrote a question mark.
		if got := given(t, r, err); got != strings.ReplaceAll(whole, "🐕", "?") {
			t.Errorf("got\n%s\nwant\n%s", got, whole)
		}
	})
}

func TestNewsdiff(t *testing.T) {
	for _, name := range []string{"newsdiff.sql", "newsdiff-inserts.sql"} {
		t.Run(name, func(t *testing.T) {
			r, err := NewsdiffDump(filepath.Join("testdata", name), DumpOptions{Home: "https://diff.example.org"})
			wanted(t, "newsdiff", given(t, r, err))
		})
	}
}

// database makes an SQLite file of the statements in testdata/NAME.sql.
func database(t *testing.T, name string, values ...any) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".sql"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name+".db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(fmt.Sprintf(string(text), values...)); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDiffengine(t *testing.T) {
	path := database(t, "diffengine")
	r, err := Diffengine(path, DumpOptions{})
	whole := given(t, r, err)
	wanted(t, "diffengine", whole)

	t.Run("damaged", func(t *testing.T) {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := len(file) / 2; i < len(file); i++ {
			file[i] ^= 0x5a
		}
		bad := filepath.Join(t.TempDir(), "bad.db")
		if err := os.WriteFile(bad, file, 0o644); err != nil {
			t.Fatal(err)
		}
		r, err := Diffengine(bad, DumpOptions{})
		if got := given(t, r, err); !strings.Contains(got, "database damaged") {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("not a database", func(t *testing.T) {
		r, err := Diffengine("testdata/diffengine.want", DumpOptions{})
		if got := given(t, r, err); !strings.HasPrefix(got, "! ") && !strings.HasPrefix(got, "error: ") {
			t.Errorf("got\n%s", got)
		}
	})
}

// commits makes a repository of NewsDiffs and gives the names of its commits.
func commits(t *testing.T, dir string, texts ...string) (names []any) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("skipped: no git")
	}
	git := func(when string, args ...string) string {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org",
			"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org", "GIT_AUTHOR_DATE="+when, "GIT_COMMITTER_DATE="+when)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	git("", "init", "-q")
	for i, text := range texts {
		name, body, _ := strings.Cut(text, "|")
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
		when := fmt.Sprintf("2012-06-%02dT10:00:00-0400", i+1)
		git(when, "add", name)
		git(when, "commit", "-q", "-m", "Change to "+name)
		names = append(names, git(when, "rev-parse", "HEAD"))
	}
	return names
}

// newsDiffsTexts are the files of each commit: name and text.
func newsDiffsTexts() []string {
	return []string{
		"www.example.org/a/one|June 1, 2012\nRain is coming\nBy ANN WRITER\n\nIt will rain.\n\nTake a coat, the \"office\" said.\n",
		"www.example.org/a/one|June 2, 2012\nRain is coming\nBy ANN WRITER\n\nIt will rain.\n\nTake a coat, the \"office\" said.\n",
		"www.example.org/a/one|June 3, 2012\nRain has come\nBy ANN WRITER\n\nIt rains.\n\nTake a coat, the \"office\" said.\n",
		"www.example.org/b two?x=1|A title without a date\nBy BOB\nThe text.\n",
	}
}

// newsDiffsHere makes a NewsDiffs and gives its SQL as a file.
func newsDiffsHere(t *testing.T) string {
	root := t.TempDir()
	names := commits(t, filepath.Join(root, "articles", "old"), newsDiffsTexts()...)
	path := database(t, "newsdiffs", append(names, names[0])...)
	to := filepath.Join(root, "newsdiffs.db")
	if err := os.Rename(path, to); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestNewsDiffs(t *testing.T) {
	path := newsDiffsHere(t)
	r, err := NewsDiffsRepository(path, DumpOptions{Home: "https://diffs.example.org"})
	wanted(t, "newsdiffs", given(t, r, err))

	t.Run("dump cut short", func(t *testing.T) {
		text, err := os.ReadFile("testdata/newsdiffs.sql")
		if err != nil {
			t.Fatal(err)
		}
		names := commits(t, filepath.Join(t.TempDir(), "old"), newsDiffsTexts()...)
		sql := fmt.Sprintf(string(text), append(names, names[0])...)
		for _, tt := range []struct {
			until string
			want  []string
		}{
			{"", []string{"1", "2"}},
			{",\n (4, 2", []string{"1"}},
			{",\n (3, 1", nil}, // its newest version is missing
		} {
			sql := sql
			if tt.until != "" {
				sql = sql[:strings.Index(sql, tt.until)]
			}
			dump := filepath.Join(t.TempDir(), "newsdiffs.sql")
			if err := os.WriteFile(dump, []byte(sql), 0o644); err != nil {
				t.Fatal(err)
			}
			r, err := NewsDiffsRepository(dump, DumpOptions{Repository: filepath.Join(filepath.Dir(path), "articles")})
			got := given(t, r, err)
			var ids []string
			for _, h := range histories(got) {
				ids = append(ids, strings.Fields(h)[1])
			}
			slices.Sort(ids)
			if !slices.Equal(ids, tt.want) || (tt.until != "") != strings.Contains(got, "cut short") {
				t.Errorf("until %q: articles %v, want %v\n%s", tt.until, ids, tt.want, got)
			}
		}
	})
	t.Run("no repository", func(t *testing.T) {
		r, err := NewsDiffsRepository(path, DumpOptions{Repository: filepath.Join(t.TempDir(), "nowhere")})
		if got := given(t, r, err); !strings.HasPrefix(got, "error: read repository") {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("a folder that is none", func(t *testing.T) {
		r, err := NewsDiffsRepository(path, DumpOptions{Repository: t.TempDir()})
		got := given(t, r, err)
		if strings.Count(got, "\n") < 3 || strings.Contains(got, "newsdiffs") || !strings.Contains(got, "no repository, or it stopped") {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("no git", func(t *testing.T) {
		t.Setenv("PATH", "")
		r, err := NewsDiffsRepository(path, DumpOptions{})
		if got := given(t, r, err); !strings.Contains(got, "the program git is not here") {
			t.Errorf("got\n%s", got)
		}
	})
}

// A reader that is told a position goes on behind it.
func TestForeignPosition(t *testing.T) {
	r, err := NewsSnifferDump("testdata/newssniffer.sql", DumpOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if p := r.Position(); p != "" {
		t.Errorf("position %q at the beginning", p)
	}
	var h History
	for h.URL == "" {
		if h, err = r.Next(); err == io.EOF {
			t.Fatal("no article")
		}
	}
	if r.Position() != "11" {
		t.Errorf("position %q, want the first article's id", r.Position())
	}
	rest, err := NewsSnifferDump("testdata/newssniffer.sql", DumpOptions{Position: r.Position()})
	got := given(t, rest, err)
	if strings.Contains(got, "newssniffer 11 ") || !strings.Contains(got, "newssniffer 15 ") {
		t.Errorf("after the first article:\n%s", got)
	}
	if _, err := NewsSnifferDump("testdata/newssniffer.sql", DumpOptions{Position: "x"}); err == nil {
		t.Error("a position that is none was taken")
	}
}

// Wherever a dump is cut, what is given is whole: no article has fewer versions
// than the whole dump gives it, and the cut is named.
func TestForeignCut(t *testing.T) {
	formats := []struct {
		name, file string
		open       func(string, DumpOptions) (Reader, error)
	}{
		{"newssniffer", "newssniffer.sql", NewsSnifferDump},
		{"newsdiff", "newsdiff.sql", NewsdiffDump},
		{"newsdiff by INSERT", "newsdiff-inserts.sql", NewsdiffDump},
	}
	for _, f := range formats {
		t.Run(f.name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", f.file))
			if err != nil {
				t.Fatal(err)
			}
			r, err := f.open(filepath.Join("testdata", f.file), DumpOptions{})
			whole := histories(given(t, r, err))
			from := bytes.Index(text, []byte("\n-- ")) // the first line names the program
			for cut := bytes.LastIndex(text, []byte("omplete")); cut > from+80; cut -= len(text) / 60 {
				path := filepath.Join(t.TempDir(), "cut.sql.gz")
				packed(t, path, text[:cut])
				r, err := f.open(path, DumpOptions{})
				got := given(t, r, err)
				if !strings.Contains(got, "cut short") {
					t.Errorf("cut at %d: not named\n%s", cut, got)
				}
				for url, h := range histories(got) {
					if h != whole[url] {
						t.Errorf("cut at %d: got\n%s\nwant\n%s", cut, h, whole[url])
					}
				}
			}
		})
	}
}

// histories parts what given tells by articles.
func histories(told string) map[string]string {
	out := map[string]string{}
	name := ""
	for line := range strings.SplitAfterSeq(told, "\n") {
		switch {
		case strings.HasPrefix(line, "!"):
			name = ""
			continue
		case line != "" && line[0] != ' ':
			name = strings.Fields(line)[2]
		}
		if name != "" {
			out[name] += line
		}
	}
	return out
}

func packed(t *testing.T, path string, text []byte) {
	t.Helper()
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, z.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestOpenDump(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"pg_dump's own format": {"PGDMP\x01\x0e", "pg_restore"},
		"empty":                {"", "is empty"},
		"binary":               {"\x7fELF\x00\x00", "no SQL text"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "dump")
			if err := os.WriteFile(path, []byte(tt.text), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := NewsdiffDump(path, DumpOptions{}); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}
