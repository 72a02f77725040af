package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"stet/internal/news"
)

// A testStore is a store with the folder in which its objects are.
type testStore struct {
	Store
	folder string
}

// stores is each kind of store, empty.
func stores(t *testing.T) map[string]func(*testing.T) testStore {
	return map[string]func(*testing.T) testStore{
		"directory": func(t *testing.T) testStore {
			root := filepath.Join(t.TempDir(), "blobs")
			s, err := Open(root, Options{})
			must(t, err)
			return testStore{s, root}
		},
		"bucket": func(t *testing.T) testStore {
			endpoint, folder := startGateway(t)
			s, err := Open("s3://captures/of/courier/?insecure=1&endpoint="+endpoint, Options{Env: env})
			must(t, err)
			return testStore{s, filepath.Join(folder, "of", "courier")}
		},
	}
}

// inEach runs a test on each kind of store.
func inEach(t *testing.T, test func(*testing.T, testStore)) {
	t.Helper()
	for kind, open := range stores(t) {
		t.Run(kind, func(t *testing.T) { test(t, open(t)) })
	}
}

func archive(t testing.TB, s Store) *Archive {
	t.Helper()
	a, err := NewArchive(s)
	must(t, err)
	t.Cleanup(func() { must(t, a.Close()) })
	return a
}

// names lists the store.
func names(t testing.TB, s Store) []string {
	t.Helper()
	found := map[string]int64{}
	must(t, s.Each(t.Context(), func(name string, size int64) error {
		found[name] = size
		return nil
	}))
	return slices.Sorted(maps.Keys(found))
}

func TestStore(t *testing.T) {
	inEach(t, func(t *testing.T, s testStore) {
		ctx := t.Context()
		if got := names(t, s); len(got) != 0 {
			t.Errorf("a new store lists %v", got)
		}
		if _, err := s.Get(ctx, "ab/none.zst"); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "ab/none.zst") {
			t.Errorf("get of nothing: %v", err)
		}
		if found, err := s.Has(ctx, "ab/none.zst"); found || err != nil {
			t.Errorf("has nothing: %v, %v", found, err)
		}
		must(t, s.Delete(ctx, "ab/none.zst"))
		objects := map[string][]byte{"ab/one.zst": []byte("one"), "ab/two": {}, "cd/three.zst": bytes.Repeat([]byte("3"), 300_000), "cd/largest": make([]byte, MaxObject)}
		for name, data := range objects {
			must(t, s.Put(ctx, name, []byte("first")))
			must(t, s.Put(ctx, name, data))
			must(t, s.Settle(ctx, name))
		}
		for name, data := range objects {
			got, err := s.Get(ctx, name)
			found, hasErr := s.Has(ctx, name)
			if err != nil || hasErr != nil || !found || !bytes.Equal(got, data) {
				t.Errorf("%s: %d bytes, %v, has %v, %v", name, len(got), err, found, hasErr)
			}
		}
		if got := names(t, s); !slices.Equal(got, slices.Sorted(maps.Keys(objects))) {
			t.Errorf("lists %v", got)
		}
		must(t, s.Delete(ctx, "ab/two"))
		if got := names(t, s); len(got) != 3 {
			t.Errorf("lists %v after one was deleted", got)
		}
		stop := errors.New("enough")
		if err := s.Each(ctx, func(string, int64) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("a list that is stopped: %v", err)
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if err := s.Put(ended, "ab/late.zst", nil); !errors.Is(err, context.Canceled) {
			t.Errorf("put after the end: %v", err)
		}
	})
}

func TestProbe(t *testing.T) {
	inEach(t, func(t *testing.T, s testStore) {
		must(t, Probe(t.Context(), s))
		if left := names(t, s); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
	})
	b, _ := bad(t, func(w http.ResponseWriter, _ *http.Request) {
		header(w, "1")
		io.WriteString(w, "x")
	})
	if err := Probe(t.Context(), b); !errors.Is(err, ErrDamaged) {
		t.Errorf("other bytes: %v", err)
	}
}

// TestTooLarge: what somebody else put there is not read when it is beyond all bounds.
func TestTooLarge(t *testing.T) {
	inEach(t, func(t *testing.T, s testStore) {
		must(t, s.Put(t.Context(), "ab/huge.zst", make([]byte, MaxObject+1)))
		if _, err := s.Get(t.Context(), "ab/huge.zst"); !errors.Is(err, ErrTooLarge) {
			t.Errorf("get: %v", err)
		}
	})
}

// TestMany: a list of more names than one answer of S3 holds, and writers at once.
func TestMany(t *testing.T) {
	inEach(t, func(t *testing.T, s testStore) {
		const n = 1100
		var all sync.WaitGroup
		for part := range 4 {
			all.Go(func() {
				for i := part; i < n; i += 4 {
					if err := s.Put(t.Context(), fmt.Sprintf("%02x/%04d.zst", i%256, i), []byte{1}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if got := len(names(t, s)); got != n {
			t.Errorf("%d names, want %d", got, n)
		}
	})
}

func TestBlobs(t *testing.T) {
	noise := make([]byte, 10_000)
	rand.Read(noise)
	whole := make([]byte, MaxBlob)
	rand.Read(whole)
	inEach(t, func(t *testing.T, s testStore) {
		a, ctx := archive(t, s), t.Context()
		for name, data := range map[string][]byte{
			"nothing": {}, "one byte": {0}, "text": []byte(strings.Repeat("All the news. ", 1000)), "noise": noise, "as large as can be": whole,
		} {
			first, err := a.Put(ctx, data, news.Digest{})
			must(t, err)
			again, err := a.Put(ctx, data, news.Digest{})
			must(t, err)
			got, err := a.Get(ctx, first.Digest)
			must(t, err)
			if first.Digest != news.Sum(data) || first.Stored || !again.Stored || !bytes.Equal(got, data) {
				t.Errorf("%s: %d bytes came back as %d under %s", name, len(data), len(got), first.Digest)
			}
			if found, err := a.Has(ctx, first.Digest); !found || err != nil {
				t.Errorf("%s: has %v, %v", name, found, err)
			}
		}
		if _, err := a.Put(ctx, make([]byte, MaxBlob+1), news.Digest{}); !errors.Is(err, ErrTooLarge) {
			t.Errorf("a blob beyond MaxBlob: %v", err)
		}
		must(t, s.Put(ctx, "zz/foreign", nil))
		must(t, s.Put(ctx, "stray", nil))
		ours, foreign := 0, 0
		must(t, a.Each(ctx, func(name string, d news.Digest) error {
			if d.IsZero() {
				foreign++
			} else {
				ours++
			}
			return nil
		}))
		if ours != 5 || foreign != 2 {
			t.Errorf("%d of ours, %d foreign", ours, foreign)
		}
		for _, d := range []news.Digest{{}, news.Sum([]byte("never kept"))} {
			if _, err := a.Get(ctx, d); !errors.Is(err, ErrNotFound) {
				t.Errorf("get %q: %v", d, err)
			}
		}
	})
}

// TestPlain: objects of the older form, the bytes themselves, stay readable.
func TestPlain(t *testing.T) {
	inEach(t, func(t *testing.T, s testStore) {
		a, ctx := archive(t, s), t.Context()
		data := []byte("x")
		d := news.Sum(data)
		must(t, s.Put(ctx, plainName(d), data))
		got, err := a.Get(ctx, d)
		found, hasErr := a.Has(ctx, d)
		draft, putErr := a.Put(ctx, data, news.Digest{})
		base, baseErr := a.Base(ctx, d)
		must(t, errors.Join(err, hasErr, putErr, baseErr))
		if string(got) != "x" || !found || !draft.Stored || !base.IsZero() {
			t.Errorf("got %q, has %v, %+v", got, found, draft)
		}
		must(t, s.Put(ctx, plainName(d), []byte("y")))
		if _, err := a.Get(ctx, d); !errors.Is(err, ErrDamaged) {
			t.Errorf("an altered one: %v", err)
		}
		if _, err := a.Put(ctx, data, news.Digest{}); err != nil {
			t.Error(err)
		}
		if got, err := a.Get(ctx, d); string(got) != "x" || err != nil {
			t.Errorf("not healed: %q, %v", got, err)
		}
		must(t, a.Delete(ctx, d))
		if left := names(t, s); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
	})
}

// TestHeals: bytes that are put again make a damaged object good.
func TestHeals(t *testing.T) {
	inEach(t, func(t *testing.T, s testStore) {
		a, ctx := archive(t, s), t.Context()
		base, data := pages()
		b, err := a.Put(ctx, base, news.Digest{})
		must(t, err)
		for _, like := range []news.Digest{{}, b.Digest} {
			draft, err := a.Put(ctx, data, like)
			must(t, err)
			name := Name(draft.Digest)
			object, err := s.Get(ctx, name)
			must(t, err)
			flipped := slices.Clone(object)
			flipped[len(flipped)-1] ^= 0xff
			for what, harm := range map[string][]byte{"a flipped byte": flipped, "cut short": object[:len(object)/2], "empty": {}, "junk": []byte("junk"), "another blob": a.Whole([]byte("other")).object} {
				must(t, s.Put(ctx, name, harm))
				if _, err := a.Get(ctx, draft.Digest); !errors.Is(err, ErrDamaged) {
					t.Errorf("%s: %v", what, err)
				}
				again, err := a.Put(ctx, data, like)
				if err != nil || again.Stored {
					t.Errorf("%s: put again: %+v, %v", what, again, err)
				}
				if got, err := a.Get(ctx, draft.Digest); err != nil || !bytes.Equal(got, data) {
					t.Errorf("%s: not healed: %v", what, err)
				}
			}
			must(t, a.Delete(ctx, draft.Digest))
		}
	})
}

// TestReadOnly: a directory that cannot be written is an error with its name, and
// is read all the same.
func TestReadOnly(t *testing.T) {
	if os.Geteuid() == 0 { // for whom no directory is read-only; a file in the way is
		root := t.TempDir()
		s, err := OpenDir(root, time.Now)
		must(t, err)
		must(t, os.WriteFile(filepath.Join(root, "ab"), nil, 0o600))
		if err := s.Put(t.Context(), "ab/x.zst", nil); err == nil || !strings.Contains(err.Error(), "ab/x.zst") {
			t.Errorf("put: %v", err)
		}
		must(t, s.Put(t.Context(), "cd/x.zst", nil))
		return
	}
	root := t.TempDir()
	s, err := OpenDir(root, time.Now)
	must(t, err)
	must(t, s.Put(t.Context(), "ab/x.zst", []byte("x")))
	must(t, os.Chmod(filepath.Join(root, tempDir), 0o500))
	t.Cleanup(func() { os.Chmod(filepath.Join(root, tempDir), 0o700) })
	if err := s.Put(t.Context(), "ab/y.zst", nil); !errors.Is(err, os.ErrPermission) {
		t.Errorf("put: %v", err)
	}
	if got, err := s.Get(t.Context(), "ab/x.zst"); string(got) != "x" || err != nil {
		t.Errorf("get: %q, %v", got, err)
	}
}

func TestSweep(t *testing.T) {
	root, now := t.TempDir(), time.Now()
	temp := filepath.Join(root, tempDir)
	must(t, os.Mkdir(temp, 0o700))
	for name, age := range map[string]time.Duration{"old": tempAge + time.Second, "young": tempAge} {
		path := filepath.Join(temp, name)
		must(t, os.WriteFile(path, []byte("half"), 0o600))
		must(t, os.Chtimes(path, now, now.Add(-age)))
	}
	_, err := OpenDir(root, func() time.Time { return now })
	must(t, err)
	_, oldErr := os.Stat(filepath.Join(temp, "old"))
	_, youngErr := os.Stat(filepath.Join(temp, "young"))
	if oldErr == nil || youngErr != nil {
		t.Errorf("old: %v, young: %v", oldErr, youngErr)
	}
}
