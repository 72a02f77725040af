package diff

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

var update = flag.Bool("update", false, "write the wanted output in testdata/*.txt anew")

// TestCases reads testdata/*.txt: a sentence that tells the news case, the old
// and the new text, and the marks an editor would make.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			parts := archive(string(data))
			if strings.TrimSpace(parts[""]) == "" {
				t.Error("no title sentence")
			}
			old, new := parseContent(t, parts["old"]), parseContent(t, parts["new"])
			s := Compare(old, new)
			checkLaws(t, old, new, s)
			got := summary(s) + "\n" + Plain(s, Whole)
			if *update {
				kept, _, _ := strings.Cut(string(data), "-- want --\n")
				if err := os.WriteFile(file, []byte(kept+"-- want --\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := parts["want"]; got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// archive reads the txtar form: a comment (under ""), then files, each after a
// line "-- name --".
func archive(s string) map[string]string {
	parts, name := map[string]string{}, ""
	for line := range strings.Lines(s) {
		if mid, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok && strings.HasSuffix(mid, " --") {
			name = strings.TrimSuffix(mid, " --")
			continue
		}
		parts[name] += line
	}
	return parts
}

func summary(s Script) string {
	return fmt.Sprintf("%d changes, words: %d added, %d removed, %d moved\n", s.Changes(), s.WordsAdded, s.WordsRemoved, s.WordsMoved)
}

// parseContent reads a content: fields, one a line, then blocks with a blank
// line before each. "h: " and "post#id: " begin blocks of other kinds.
func parseContent(t *testing.T, s string) news.Content {
	t.Helper()
	parts := strings.Split(strings.TrimRight(s, "\n"), "\n\n")
	var c news.Content
	for _, line := range strings.Split(parts[0], "\n") {
		name, value, _ := strings.Cut(line, ": ")
		switch name {
		case "headline":
			c.Headline = value
		case "standfirst":
			c.Standfirst = value
		case "byline":
			c.Byline = strings.Split(value, ", ")
		case "section":
			c.Section = value
		case "language":
			c.Language = value
		case "modified":
			at, err := time.Parse(time.RFC3339, value)
			if err != nil {
				t.Fatal(err)
			}
			c.Modified = at
		default:
			t.Fatalf("unknown field %q", name)
		}
	}
	for _, p := range parts[1:] {
		b := news.Block{Kind: news.Paragraph, Text: p}
		if kind, text, ok := strings.Cut(p, ": "); ok {
			if id, isPost := strings.CutPrefix(kind, "post#"); isPost {
				b = news.Block{Kind: news.Post, Text: text, ID: id}
			} else if kind == "h" {
				b = news.Block{Kind: news.Heading, Text: text}
			}
		}
		c.Blocks = append(c.Blocks, b)
	}
	return c
}
