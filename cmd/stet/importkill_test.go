package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/archive"
	"stet/internal/store"
)

// importKills is how often TestImportKill kills an import, at most.
const importKills = 6

// TestImportKill kills an import at any moment and begins it again, until it
// ends: what is there then is what one run would have made, and at no time half an
// article.
func TestImportKill(t *testing.T) {
	var text bytes.Buffer
	random := rand.New(rand.NewPCG(3, 4))
	for article := range 4000 {
		for version := range 3 {
			words := strings.Repeat(fmt.Sprintf("word%d ", random.IntN(1e9)), 20)
			fmt.Fprintf(&text, `{"source": "gazette", "url": "https://gazette.example.org/%d", "seen_at": "2020-03-0%dT06:00:00Z", "title": "Count", "paragraphs": ["%s%d"], "n": %d}`+"\n",
				article, version+1, words, version, version)
		}
	}
	file := filepath.Join(t.TempDir(), "gazette.jsonl")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	killed, gone := 0, 0
	for ended := false; !ended; {
		cmd := exec.CommandContext(t.Context(), exe, "import", "versions", "--data", data, file)
		cmd.Args[0] = "stet"
		cmd.Env = append(os.Environ(), "STET_TEST_MAIN=1")
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if killed < importKills {
			timer := time.AfterFunc(time.Duration(random.Int64N(int64(1500*time.Millisecond))), func() { cmd.Process.Kill() })
			defer timer.Stop()
		}
		err := cmd.Wait()
		if ended = err == nil; !ended {
			killed++
		}
		if strings.Contains(out.String(), "gone on from") {
			gone++
		}
		whole(t, data, text.Bytes(), ended)
	}
	t.Logf("killed %d times, the last run had gone on: %v", killed, gone > 0)
}

// whole checks that the export of the store is the beginning of the text, up to
// a whole article, or all of it.
func whole(t *testing.T, data string, text []byte, all bool) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var out bytes.Buffer
	n, err := archive.Export(t.Context(), s, 0, &out)
	if err != nil {
		t.Fatal(err)
	}
	if n%3 != 0 || !bytes.HasPrefix(text, out.Bytes()) || all && out.Len() != len(text) {
		t.Fatalf("%d versions, %d bytes: not what one run makes (ended: %v)", n, out.Len(), all)
	}
	if report, err := s.Verify(t.Context(), nil); err != nil || len(report.Problems) > 0 {
		t.Fatalf("verify: %v %v", report.Problems, err)
	}
}
