package blob

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

// pages is two captures of one page: an edit in the midst of much that stays.
func pages() (before, after []byte) {
	r := rand.New(rand.NewPCG(1, 2))
	var page strings.Builder
	for range 4000 {
		fmt.Fprintf(&page, "<p>%x</p>\n", r.Uint64())
	}
	before = []byte(page.String())
	return before, bytes.Replace(before, []byte("<p>"), []byte("<p>The ferry is late. "), 1)
}

func openArchive(t testing.TB) (*Archive, string) {
	t.Helper()
	root := t.TempDir()
	s, err := OpenDir(root, time.Now)
	must(t, err)
	return archive(t, s), root
}

// TestDepth: a chain ends at MaxDepth, and each blob of it comes back.
func TestDepth(t *testing.T) {
	a, _ := openArchive(t)
	data, _ := pages()
	var like news.Digest
	var kept [][]byte
	for i := range MaxDepth + 3 {
		data = append(data, fmt.Sprintf("<p>Edit %d</p>", i)...)
		kept = append(kept, bytes.Clone(data))
		d, err := a.Put(t.Context(), data, like)
		must(t, err)
		if whole := i == 0 || i == MaxDepth+1; d.Base.IsZero() != whole {
			t.Errorf("blob %d rests on %q", i, d.Base)
		}
		base, err := a.Base(t.Context(), d.Digest)
		must(t, err)
		if base != d.Base {
			t.Errorf("blob %d: base %s, want %s", i, base, d.Base)
		}
		like = d.Digest
	}
	for i, data := range kept {
		if got, err := a.Get(t.Context(), news.Sum(data)); err != nil || !bytes.Equal(got, data) {
			t.Errorf("blob %d: %v", i, err)
		}
	}
}

// TestShare: a base is used only where it brings enough.
func TestShare(t *testing.T) {
	a, _ := openArchive(t)
	r := rand.New(rand.NewPCG(3, 4))
	noise := func(n int) []byte {
		out := make([]byte, 0, n)
		for len(out) < n {
			out = binary.LittleEndian.AppendUint64(out, r.Uint64())
		}
		return out[:n]
	}
	const size = 100_000
	base := noise(size)
	b, err := a.Put(t.Context(), base, news.Digest{})
	must(t, err)
	for _, tt := range []struct {
		fresh int // per cent of the bytes that the base has not
		rests bool
	}{{0, true}, {50, true}, {58, true}, {62, false}, {100, false}} {
		data := append(noise(size*tt.fresh/100), base[size*tt.fresh/100:]...)
		data[0] ^= 1
		d, err := a.Put(t.Context(), data, b.Digest)
		must(t, err)
		if d.Base.IsZero() == tt.rests {
			t.Errorf("%d %% fresh: rests on %q, %d bytes", tt.fresh, d.Base, d.Size())
		}
		if got, err := a.Get(t.Context(), d.Digest); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d %% fresh: %v", tt.fresh, err)
		}
	}
	for what, like := range map[string]news.Digest{"missing": news.Sum([]byte("gone")), "itself": news.Sum([]byte("new"))} {
		d, err := a.Put(t.Context(), []byte("new"), like)
		if err != nil || !d.Base.IsZero() {
			t.Errorf("a base that is %s: %+v, %v", what, d, err)
		}
	}
}

// TestLargeBase: all of a base can be referred to, its beginning too.
func TestLargeBase(t *testing.T) {
	a, _ := openArchive(t)
	base := make([]byte, 4<<20)
	r := rand.New(rand.NewPCG(5, 6))
	for i := range base {
		base[i] = byte(r.Uint32())
	}
	b, err := a.Put(t.Context(), base, news.Digest{})
	must(t, err)
	data := append(bytes.Clone(base[:1<<20]), base[1<<20+1:]...)
	d, err := a.Put(t.Context(), data, b.Digest)
	must(t, err)
	if d.Base.IsZero() || d.Size() > 2000 {
		t.Errorf("a byte taken out of %d: %d bytes", len(base), d.Size())
	}
	if got, err := a.Get(t.Context(), d.Digest); err != nil || !bytes.Equal(got, data) {
		t.Error(err)
	}
}

// TestBadBase: what rests on something that is missing, altered or no less deep is
// damaged, and says why.
func TestBadBase(t *testing.T) {
	a, _ := openArchive(t)
	ctx := t.Context()
	before, after := pages()
	b, err := a.Put(ctx, before, news.Digest{})
	must(t, err)
	d, err := a.Put(ctx, after, b.Digest)
	must(t, err)
	object, _, err := a.object(ctx, d.Digest)
	must(t, err)
	with := func(n note) []byte { return append(n.appendTo(nil), object[noteSize:]...) }
	for what, tt := range map[string]struct {
		object []byte
		part   string
	}{
		"itself as base":    {with(note{d.Digest, 1}), "want less than 1"},
		"another base":      {with(note{news.Sum([]byte("x")), 1}), "is missing"},
		"no depth":          {with(note{b.Digest, 0}), "depth 0"},
		"too much depth":    {with(note{b.Digest, MaxDepth + 1}), "depth 9"},
		"no base":           {with(note{depth: 1}), "damaged"},
		"a note cut short":  {object[:noteSize-1], "cannot be read"},
		"a note alone":      {object[:noteSize], "digest"},
		"no note":           {object[noteSize:], "damaged"},
		"a note of another": {append([]byte("\x53\x2a\x4d\x18\x04\x00\x00\x00xxxx"), make([]byte, 60)...), "cannot be read"},
	} {
		must(t, a.store.Put(ctx, Name(d.Digest), tt.object))
		if _, err := a.Get(ctx, d.Digest); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), tt.part) {
			t.Errorf("%s: %v", what, err)
		}
	}
	must(t, a.store.Put(ctx, Name(d.Digest), object))
	must(t, a.store.Put(ctx, Name(b.Digest), []byte("junk")))
	if _, err := a.Get(ctx, d.Digest); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), b.Digest.String()) {
		t.Errorf("a damaged base: %v", err)
	}
}

// TestZstd: the tool reads what we write, without us.
func TestZstd(t *testing.T) {
	program, err := exec.LookPath("zstd")
	if err != nil {
		t.Skip("skipped: no program zstd")
	}
	a, root := openArchive(t)
	before, after := pages()
	b, err := a.Put(t.Context(), before, news.Digest{})
	must(t, err)
	d, err := a.Put(t.Context(), after, b.Digest)
	must(t, err)
	if d.Base.IsZero() {
		t.Fatal("no base is used")
	}
	base := filepath.Join(t.TempDir(), "base")
	for _, args := range [][]string{
		{"-d", "-q", filepath.Join(root, Name(b.Digest)), "-o", base},
		{"-d", "-q", "--patch-from=" + base, filepath.Join(root, Name(d.Digest)), "-o", base + ".next"},
	} {
		if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
			t.Fatalf("zstd %v: %v: %s", args, err, out)
		}
	}
	got, err := os.ReadFile(base + ".next")
	if err != nil || !bytes.Equal(got, after) {
		t.Errorf("zstd made %d bytes of it, want %d: %v", len(got), len(after), err)
	}
}

func FuzzReadNote(f *testing.F) {
	f.Add([]byte{})
	f.Add(note{news.Sum(nil), 3}.appendTo(nil))
	f.Add([]byte("\x53\x2a\x4d\x18\x25\x00\x00\x00stet"))
	f.Add([]byte("\x28\xb5\x2f\xfd\x20\x02\x11\x00\x00[]"))
	f.Fuzz(func(t *testing.T, object []byte) {
		n, frame, err := readNote(object)
		switch {
		case err != nil:
			if !errors.Is(err, ErrDamaged) {
				t.Error(err)
			}
		case n.depth == 0:
			if !bytes.Equal(frame, object) {
				t.Error("a whole frame was altered")
			}
		case !bytes.Equal(append(n.appendTo(nil), frame...), object):
			t.Error("a note that is written another way than it was read")
		}
	})
}

func FuzzParsePlace(f *testing.F) {
	for _, seed := range []string{"s3://captures", "s3://captures/a/b/?endpoint=127.0.0.1:9&insecure=1&region=eu", "s3://key:secret@captures", "s3://%zz", "s3://x?y=1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, where string) {
		p, err := parsePlace(where)
		if err == nil && (p.bucket == "" || p.endpoint == "" || p.region == "" || p.prefix != "" && !strings.HasSuffix(p.prefix, "/")) {
			t.Errorf("%q: %+v", where, p)
		}
	})
}

// TestPairs measures what the second of two captures of a page costs, whole and on
// the first, of pages that were edited in between.
func TestPairs(t *testing.T) {
	first, err := filepath.Glob("../../../shared/data/html-pairs/*/*/a.html")
	if err != nil || len(first) == 0 {
		t.Skip("skipped: no corpus")
	}
	packed := func(page []byte) []byte { // as most servers send it
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		_, err := w.Write(page)
		must(t, errors.Join(err, w.Close()))
		return out.Bytes()
	}
	for what, form := range map[string]func([]byte) []byte{"as sent without compression": bytes.Clone, "as sent with gzip": packed} {
		a, _ := openArchive(t)
		size, whole, kept, rest := 0, 0, 0, 0
		for _, path := range first {
			before, err1 := os.ReadFile(path)
			after, err2 := os.ReadFile(filepath.Join(filepath.Dir(path), "b.html"))
			must(t, errors.Join(err1, err2))
			base, err := a.Put(t.Context(), form(before), news.Digest{})
			must(t, err)
			d, err := a.Put(t.Context(), form(after), base.Digest)
			must(t, err)
			if !d.Base.IsZero() {
				rest++
			}
			size, whole, kept = size+len(form(after)), whole+a.Whole(form(after)).Size(), kept+d.Size()
			if got, err := a.Get(t.Context(), d.Digest); err != nil || !bytes.Equal(got, form(after)) {
				t.Errorf("%s: %v", path, err)
			}
		}
		n := len(first)
		t.Logf("%s: %d pairs, a second page has %d bytes, whole %d, as kept %d; %d rest on the first", what, n, size/n, whole/n, kept/n, rest)
		if kept > whole {
			t.Errorf("%s: %d bytes kept, more than %d", what, kept, whole)
		}
	}
}
