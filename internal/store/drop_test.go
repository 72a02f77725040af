package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/blob"
	"stet/internal/news"
)

const keepDay = 24 * time.Hour

// edits records visits to an article, an hour apart, each of which finds the next
// body and a new version; it gives the names of the bodies.
func (b *bench) edits(articleID int64, pages [][]byte) (raws []news.Digest) {
	b.t.Helper()
	for i, page := range pages {
		b.clock.pass(time.Hour)
		v := b.visit(b.later(), articleID, news.OK).withVersion(i, content("A", fmt.Sprint(articleID, i)))
		v.Capture.Raw = b.putLike(articleID, page)
		b.record(v)
		b.must(b.ReleaseHost(b.ctx, v.Lease, time.Time{}))
		raws = append(raws, v.Capture.Raw)
	}
	return raws
}

// putLike puts a body as the next capture of an article.
func (b *bench) putLike(articleID int64, page []byte) news.Digest {
	b.t.Helper()
	like, err := b.LastRaw(b.ctx, articleID)
	b.must(err)
	d, err := b.PutBlob(b.ctx, page, like)
	b.must(err)
	return d
}

// dropAll walks over everything.
func (b *bench) dropAll() (all Dropping) {
	b.t.Helper()
	for after := int64(0); ; after = all.Next {
		d, err := b.DropRaw(b.ctx, after, 1)
		b.must(err)
		all.Blobs, all.Next = all.Blobs+d.Blobs, d.Next
		if all.Problems = append(all.Problems, d.Problems...); d.Next == 0 {
			return all
		}
	}
}

// there is which of the blobs can be read, a mark each: + yes, - given up, ? else.
func (b *bench) there(raws []news.Digest, pages [][]byte) string {
	b.t.Helper()
	out := ""
	for i, d := range raws {
		data, err := b.Blob(b.ctx, d)
		switch {
		case err == nil && bytes.Equal(data, pages[i]):
			out += "+"
		case errors.Is(err, ErrDropped) && !errors.Is(err, ErrNotFound):
			out += "-"
		default:
			out += "?"
		}
	}
	return out
}

func TestDropRaw(t *testing.T) {
	b := newBench(t)
	pages := bodies(blob.MaxDepth + 3)
	a, other := b.article("a"), b.article("b")
	raws := b.edits(a.ID, pages)
	b.edits(other.ID, [][]byte{[]byte("first"), pages[4], []byte("last")}) // which has the bytes of a's
	b.clock.pass(keepDay)
	equal(t, "without a rule", b.dropAll().Blobs, 0)

	b.must(b.SetKeepRaw(b.ctx, "courier", keepDay))
	d := b.dropAll()
	// Too old are all; the first and the newest of each article stay.
	equal(t, "what is there", b.there(raws, pages), "+"+strings.Repeat("-", len(pages)-2)+"+")
	equal(t, "given up", fmt.Sprint(d.Blobs, d.Problems), fmt.Sprint(len(pages)-2, " []"))
	equal(t, "again", b.dropAll().Blobs, 0)
	_, err := b.Blob(b.ctx, raws[1])
	if err == nil || !strings.Contains(err.Error(), b.clock.t.Format(time.DateOnly)) || !strings.Contains(err.Error(), "1 days") {
		t.Errorf("what is said of it: %v", err)
	}
	r := b.verify()
	equal(t, "checked", fmt.Sprint(r.Checked["blobs given up"], r.Checked["orphan blobs"]), fmt.Sprint(len(pages)-2, 0))

	dir := filepath.Join(t.TempDir(), "copy")
	b.must(b.Backup(b.ctx, dir))
	backup, err := Open(b.ctx, Options{Dir: dir, Now: b.clock.now}) // embedded, whatever it is a backup of
	b.must(err)
	defer backup.Close()
	copied := &bench{Store: backup, t: t, ctx: b.ctx, clock: b.clock}
	equal(t, "in the copy", copied.there(raws, pages), b.there(raws, pages))

	equal(t, "put again", b.putLike(a.ID, pages[2]), raws[2])
	equal(t, "what is there then", b.there(raws[2:3], pages[2:3]), "+")
	b.verify()
}

// TestDropKeeps: bytes stay while any capture that is not too old names them.
func TestDropKeeps(t *testing.T) {
	b := newBench(t)
	pages := bodies(4)
	a := b.article("a")
	raws := b.edits(a.ID, pages)
	b.clock.pass(2 * keepDay)
	young := b.article("b")
	youngRaws := b.edits(young.ID, [][]byte{[]byte("first"), pages[1], []byte("last")})
	b.must(b.SetKeepRaw(b.ctx, "courier", keepDay))
	equal(t, "given up", b.dropAll().Blobs, 1)
	equal(t, "what is there", b.there(raws, pages), "++-+")

	b.clock.pass(2 * keepDay)
	v := b.visit(b.later(), a.ID, news.OK)
	v.Sighting = true
	v.Capture.Screenshot = youngRaws[1]
	b.record(v)
	equal(t, "given up of what is a picture too", b.dropAll().Blobs, 0)
	equal(t, "the rule of one who keeps for ever", b.there(youngRaws, [][]byte{[]byte("first"), pages[1], []byte("last")}), "+++")
	b.must(b.SetKeepRaw(b.ctx, "courier", 0))
	equal(t, "for ever", b.dropAll().Blobs, 0)
	b.verify()
}

// TestDropAge: to the microsecond.
func TestDropAge(t *testing.T) {
	b := newBench(t)
	a := b.article("a")
	pages := bodies(3)
	b.edits(a.ID, pages)
	cs, err := b.Captures(b.ctx, a.ID, 3)
	b.must(err)
	b.must(b.SetKeepRaw(b.ctx, "courier", keepDay))
	b.clock.t = cs[1].At.Add(keepDay)
	equal(t, "as old as may be", b.dropAll().Blobs, 0)
	b.clock.pass(time.Microsecond)
	equal(t, "older", b.dropAll().Blobs, 1)
}

func TestSetKeepRaw(t *testing.T) {
	b := newBench(t)
	for _, keep := range []time.Duration{MinKeepRaw - 1, MaxKeepRaw + 1, -1} {
		if err := b.SetKeepRaw(b.ctx, "courier", keep); err == nil {
			t.Errorf("%v: no error", keep)
		}
	}
	for _, keep := range []time.Duration{MinKeepRaw, MaxKeepRaw, 0} {
		b.must(b.SetKeepRaw(b.ctx, "courier", keep))
		src, err := b.Source(b.ctx, "courier")
		b.must(err)
		equal(t, "kept for", src.KeepRaw, keep)
	}
	wantErr(t, "no such source", b.SetKeepRaw(b.ctx, "none", keepDay), ErrNotFound)
}

// A frail place fails at one operation, counted from 1, before or after it is
// done; in between it is a real directory.
type frail struct {
	blob.Store
	failAt int // 0 = never
	after  bool
	n      int
}

var errFrail = errors.New("the power went")

func (f *frail) step(do func() error) error {
	f.n++
	if f.failAt != 0 && f.n > f.failAt || f.n == f.failAt && !f.after {
		return errFrail
	}
	err := do()
	if f.n == f.failAt && err == nil {
		err = errFrail
	}
	return err
}

func (f *frail) Put(ctx context.Context, name string, data []byte) error {
	return f.step(func() error { return f.Store.Put(ctx, name, data) })
}

func (f *frail) Delete(ctx context.Context, name string) error {
	return f.step(func() error { return f.Store.Delete(ctx, name) })
}

func (f *frail) Get(ctx context.Context, name string) (data []byte, err error) {
	return data, f.step(func() error {
		data, err = f.Store.Get(ctx, name)
		return err
	})
}

// on puts the blobs of a store on a frail place, from its first operation on.
func (b *bench) on(f *frail) {
	b.t.Helper()
	objects, err := blob.Open(filepath.Join(b.dir, blobDir), blob.Options{})
	b.must(err)
	f.Store = objects
	old := b.blobs
	b.blobs, err = blob.NewArchive(f)
	b.must(errors.Join(err, old.Close()))
}

// TestDropCrash: whatever operation is the last before the power goes, nothing that
// is to be kept is lost, and the next walk ends what was begun.
func TestDropCrash(t *testing.T) {
	pages := bodies(4)
	want := "+--+"
	for _, after := range []bool{false, true} {
		for at := 1; ; at++ {
			b := newBench(t)
			a := b.article("a")
			raws := b.edits(a.ID, pages)
			b.clock.pass(keepDay + time.Hour)
			b.must(b.SetKeepRaw(b.ctx, "courier", keepDay))
			f := &frail{failAt: at, after: after}
			b.on(f)
			crashed := b.dropAll()
			b.on(&frail{})
			if got := b.there(raws, pages); got[0] != '+' || got[3] != '+' || strings.Contains(got, "?") {
				t.Errorf("at %d, after %v: %s", at, after, got)
			}
			b.verify()
			b.clock.pass(time.Hour)
			b.dropAll()
			equal(t, fmt.Sprintf("at %d, after %v, and again", at, after), b.there(raws, pages), want)
			b.verify()
			if f.n < at { // it never came to that
				equal(t, "problems", len(crashed.Problems), 0)
				break
			}
			if len(crashed.Problems) == 0 {
				t.Errorf("at %d, after %v: no problem is told of", at, after)
			}
		}
	}
}

// TestDropRaces: what other processes do between the steps.
func TestDropRaces(t *testing.T) {
	pages := bodies(4)
	marked := func(t *testing.T) (*bench, news.Article, []news.Digest, []news.Digest) {
		b := newBench(t)
		a := b.article("a")
		raws := b.edits(a.ID, pages)
		b.clock.pass(keepDay + time.Hour)
		b.must(b.SetKeepRaw(b.ctx, "courier", keepDay))
		found, err := b.markAged(b.ctx, agedArticle{a.ID, keepDay})
		b.must(err)
		equal(t, "marked", fmt.Sprint(found), fmt.Sprint([]news.Digest{raws[2], raws[1]}))
		equal(t, "still there", b.there(raws, pages), "++++")
		return b, a, raws, found
	}
	finish := func(b *bench, found []news.Digest) {
		for _, d := range found {
			fault, err := b.freeBase(b.ctx, d)
			b.must(errors.Join(fault, err))
			_, fault, err = b.deleteDropped(b.ctx, d)
			b.must(errors.Join(fault, err))
		}
	}
	t.Run("the bytes are captured again", func(t *testing.T) {
		b, a, raws, found := marked(t)
		v := b.visit(b.later(), a.ID, news.OK)
		v.Sighting, v.Capture.Raw = true, b.putLike(a.ID, pages[2])
		b.record(v)
		finish(b, found)
		equal(t, "what is there", b.there(raws, pages), "+-++")
		b.verify()
	})
	t.Run("the bytes were put before, and are named after", func(t *testing.T) {
		b := newBench(t)
		a := b.article("a")
		raws := b.edits(a.ID, pages)
		b.clock.pass(keepDay + time.Hour)
		b.must(b.SetKeepRaw(b.ctx, "courier", keepDay))
		v := b.visit(b.later(), a.ID, news.OK)
		v.Sighting, v.Capture.Raw = true, b.putLike(a.ID, pages[2])
		b.dropAll()
		_, err := b.RecordVisit(b.ctx, v)
		wantErr(t, "a capture of bytes that are gone", err, ErrNotFound)
		b.putLike(a.ID, pages[2])
		b.record(v)
		equal(t, "what is there", b.there(raws, pages), "+-++")
		b.verify()
	})
	t.Run("something new would rest on it", func(t *testing.T) {
		b, _, raws, found := marked(t)
		next := append(bytes.Clone(pages[2]), "<p>More</p>"...)
		d, err := b.PutBlob(b.ctx, next, raws[2])
		b.must(err)
		base, err := b.blobs.Base(b.ctx, d)
		b.must(err)
		equal(t, "its base", base, news.Digest{})
		finish(b, found)
		equal(t, "what is there", b.there(append(raws, d), append(pages[:4:4], next)), "+--++")
	})
	t.Run("a process that ended before it wrote", func(t *testing.T) {
		b, _, raws, found := marked(t)
		_, err := b.writer.ExecContext(b.ctx, `INSERT INTO blob_base VALUES ($1, $2)`, make([]byte, 32), raws[1][:])
		b.must(err)
		finish(b, found)
		equal(t, "what is there", b.there(raws, pages), "+--+")
	})
	t.Run("the rule is taken back", func(t *testing.T) {
		b, _, raws, found := marked(t)
		b.must(b.SetKeepRaw(b.ctx, "courier", 0))
		b.dropAll()
		finish(b, found) // by one who does not know
		equal(t, "what is there", b.there(raws, pages), "++++")
		b.verify()
	})
}

// TestDropProblem: a blob that cannot be written whole keeps what it rests on, and
// everything else goes on.
func TestDropProblem(t *testing.T) {
	b := newBench(t)
	pages := bodies(3)
	a, other := b.article("a"), b.article("b")
	raws := b.edits(a.ID, pages)
	rest := b.edits(other.ID, [][]byte{[]byte("x"), []byte("y"), []byte("z")})
	whole, err := os.ReadFile(b.blobPath(raws[2]))
	b.must(err)
	b.must(flip(b.blobPath(raws[2]), -1))
	b.clock.pass(keepDay + time.Hour)
	b.must(b.SetKeepRaw(b.ctx, "courier", keepDay))
	d := b.dropAll()
	if d.Blobs != 1 || len(d.Problems) != 1 || !strings.Contains(d.Problems[0], raws[2].String()) {
		t.Errorf("%+v", d)
	}
	equal(t, "the other article", b.there(rest, [][]byte{[]byte("x"), []byte("y"), []byte("z")}), "+-+")
	b.must(os.WriteFile(b.blobPath(raws[2]), whole, 0o600))
	equal(t, "what is there", b.there(raws, pages), "+++")
	equal(t, "mended", b.dropAll().Blobs, 1)
	b.verify()
}

// TestVerifyBlobs: a place that fails is told of once and for all, and bytes of a
// first version that somebody gave up are missed.
func TestVerifyBlobs(t *testing.T) {
	b := newBench(t)
	raws := b.edits(b.article("a").ID, bodies(maxSilent+5))
	b.on(&frail{failAt: 1})
	r, err := b.Verify(b.ctx, nil)
	b.must(err)
	if n := len(r.Problems); n != maxSilent+1 || !strings.Contains(r.Problems[n-1], "the rest was not looked at") {
		t.Errorf("%d problems: %v", n, r.Problems)
	}
	b.on(&frail{})
	b.verify()
	b.must(b.giveUp(b.ctx, raws[0], Drop{b.clock.t, "on a whim", true}))
	b.must(os.Remove(b.blobPath(raws[0])))
	r, err = b.Verify(b.ctx, nil)
	b.must(err)
	if all := strings.Join(r.Problems, "\n"); !strings.Contains(all, "given up, and it is that of a first version") {
		t.Errorf("problems: %s", all)
	}
}
