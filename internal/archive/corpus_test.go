package archive

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"slices"
	"syscall"
	"testing"
	"time"

	"stet/internal/store"
)

const corpus = "../../../shared/data/versions-dev.jsonl.gz"

func openStore(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func exported(t testing.TB, s *store.Store) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := Export(t.Context(), s, 0, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sortedLines(text []byte) [][]byte {
	lines := bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	slices.SortFunc(lines, bytes.Compare)
	return lines
}

func cpu(t testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestCorpus: real histories go in, and come out equal to the byte.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	f, err := OpenFile(corpus)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: no corpus")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := openStore(t, t.TempDir())
	var want bytes.Buffer
	r, err := NewJSONLines(io.TeeReader(f, &want), Source{}, "")
	if err != nil {
		t.Fatal(err)
	}
	start := cpu(t)
	sum, err := Import(t.Context(), s, r, Options{Fault: func(f *Fault) { t.Error(f) }})
	used := cpu(t) - start
	if err != nil || sum.Articles != 3449 || sum.Versions != 14258 {
		t.Fatalf("imported %+v: %v", sum, err)
	}
	t.Logf("%d versions, %.0f a CPU-second", sum.Versions, float64(sum.Versions)/used.Seconds())
	start = cpu(t)
	got := exported(t, s)
	t.Logf("exported %.0f a CPU-second", float64(sum.Versions)/(cpu(t)-start).Seconds())
	a, b := sortedLines(want.Bytes()), sortedLines(got)
	if len(a) != len(b) {
		t.Fatalf("%d lines, want %d", len(b), len(a))
	}
	for i := range a {
		if !bytes.Equal(a[i], b[i]) {
			t.Fatalf("line came back another:\n%.3000s\nwant\n%.3000s", b[i], a[i])
		}
	}
	report, err := s.Verify(t.Context(), nil)
	if err != nil || len(report.Problems) > 0 {
		t.Errorf("verify: %v %v", report.Problems, err)
	}
}

// BenchmarkImport imports the corpus; versions/cpu-s is by the CPU time of the
// whole process, decompression and decoding of the lines included.
func BenchmarkImport(b *testing.B) {
	for b.Loop() {
		f, err := OpenFile(corpus)
		if errors.Is(err, fs.ErrNotExist) {
			b.Skip("skipped: no corpus")
		}
		if err != nil {
			b.Fatal(err)
		}
		s := openStore(b, b.TempDir())
		start := cpu(b)
		r, err := NewJSONLines(f, Source{}, "")
		if err != nil {
			b.Fatal(err)
		}
		sum, err := Import(b.Context(), s, r, Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(sum.Versions)/(cpu(b)-start).Seconds(), "versions/cpu-s")
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
