package feed

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite what the cases in testdata want")

// cases runs got on each case in the folder. A case is a title, the files that
// go in, and a file "want" that must come out.
func cases(t *testing.T, folder string, got func(t *testing.T, files map[string]string) string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases in %s (%v)", folder, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files := archive(string(data))
			title := strings.TrimSpace(files[""])
			if !strings.HasSuffix(title, ".") {
				t.Fatalf("the case has no title sentence")
			}
			out := got(t, files)
			if *update {
				in, _, _ := strings.Cut(string(data), "-- want --\n")
				if err := os.WriteFile(path, []byte(in+"-- want --\n"+out), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if out != files["want"] {
				t.Errorf("%s\ngot:\n%swant:\n%s", title, out, files["want"])
			}
		})
	}
}

// archive reads the txtar form: a comment (under ""), then files, each after a
// line "-- name --".
func archive(s string) map[string]string {
	files, name := map[string]string{}, ""
	for line := range strings.Lines(s) {
		trimmed := strings.TrimSpace(line)
		if inner, ok := strings.CutPrefix(trimmed, "-- "); ok && strings.HasSuffix(inner, " --") {
			name = strings.TrimSuffix(inner, " --")
			files[name] = ""
			continue
		}
		files[name] += line
	}
	return files
}

// show writes a document for people to check: facts, then entries as JSON lines.
func show(t *testing.T, d Document) string {
	t.Helper()
	var b strings.Builder
	for _, f := range []struct {
		name  string
		value string
	}{
		{"format", string(d.Format)}, {"title", d.Title}, {"description", d.Description}, {"home", d.Home},
		{"self", d.Self}, {"hub", d.Hub}, {"language", d.Language}, {"updated", stamp(d.Updated)},
	} {
		if f.value != "" {
			fmt.Fprintf(&b, "%s: %s\n", f.name, f.value)
		}
	}
	if d.TTL > 0 {
		fmt.Fprintf(&b, "ttl: %s\n", d.TTL)
	}
	for _, m := range d.Mended {
		fmt.Fprintf(&b, "mended: %s\n", m)
	}
	b.WriteString(lines(t, d.Entries))
	b.WriteString(lines(t, d.Sitemaps))
	return b.String()
}

func lines[T any](t *testing.T, list []T) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, v := range list {
		if err := enc.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func TestParseCases(t *testing.T) {
	base := address(t, "https://news.example.org/feeds/all.xml")
	cases(t, "parse", func(t *testing.T, files map[string]string) string {
		d, err := Parse([]byte(files["feed"]), "", base)
		if err != nil {
			return "error: " + err.Error() + "\n"
		}
		return show(t, d)
	})
}

func TestParseDate(t *testing.T) {
	at := func(y int, m time.Month, d, h, min, s int) time.Time {
		return time.Date(y, m, d, h, min, s, 0, time.UTC)
	}
	for _, tt := range []struct {
		text string
		want time.Time
	}{
		{"Thu, 01 Jan 2026 00:00:00 GMT", at(2026, 1, 1, 0, 0, 0)},
		{"Thu, 1 Jan 2026 00:30 +0530", at(2025, 12, 31, 19, 0, 0)},
		{"01-Jan-2026 00:00:00 EDT", at(2026, 1, 1, 4, 0, 0)},
		{"jeudi 1 Sept 2026 12:00", at(2026, 9, 1, 12, 0, 0)},
		{"20260102T030405Z", at(2026, 1, 2, 3, 4, 5)},
		{"2026-01-02 03:04:05 -0330", at(2026, 1, 2, 6, 34, 5)},
		{"2026-01-02T03:04:05.999999999+00:00", at(2026, 1, 2, 3, 4, 5)},
		{"2026", at(2026, 1, 1, 0, 0, 0)},
		{"1/2", time.Time{}},
		{"Jan 2nd, 2026 at 12:30 a.m.", at(2026, 1, 2, 0, 30, 0)},
		{"Thu, 1 Jan 69 00:00 Z", at(2069, 1, 1, 0, 0, 0)},
		{"Thu, 1 Jan 70 00:00 Z", at(1970, 1, 1, 0, 0, 0)},
		{"0001-01-01T00:00:00+14:00", time.Time{}},
		{"32 Jan 2026", time.Time{}},
		{strings.Repeat("2026-01-02 ", 10), time.Time{}},
		{"", time.Time{}},
	} {
		if got := parseDate(tt.text); !got.Equal(tt.want) {
			t.Errorf("parseDate(%q) = %v, want %v", tt.text, got, tt.want)
		}
	}
}
