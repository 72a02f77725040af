package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/pgtest"
)

// withBody adds a kept body to the visit.
func (b *bench) withBody(v Visit, body string) Visit {
	b.t.Helper()
	d, err := b.PutBlob(b.ctx, []byte(body), news.Digest{})
	b.must(err)
	v.Capture.Raw = d
	return v
}

func TestBackup(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	a := b.article("a")
	l := b.lease()
	for i := range 5 {
		b.clock.pass(time.Minute)
		b.record(b.withBody(b.visit(l, a.ID, news.OK).withVersion(i, content("A", fmt.Sprint(i))), fmt.Sprint("body ", i)))
	}
	_, err := b.IndexChanges(b.ctx, 3)
	b.must(err)
	empty := t.TempDir()
	for _, dir := range []string{filepath.Join(t.TempDir(), "new"), empty} {
		b.must(b.Backup(b.ctx, dir))
		copied := openStore(t, Options{Dir: dir, MustExist: true, Now: b.clock.now})
		r, err := copied.Verify(b.ctx, nil)
		b.must(err)
		if len(r.Problems) != 0 || r.Checked["versions"] != 5 || r.Checked["blobs"] != 5 {
			t.Errorf("copy: %+v", r)
		}
	}
	if err := b.Backup(b.ctx, empty); err == nil {
		t.Error("backup over a backup: no error")
	}
	if left, _ := filepath.Glob(empty + ".partial-*"); left != nil {
		t.Errorf("left: %v", left)
	}
}

// TestBackupOfDamage: a copy that does not verify is no backup.
func TestBackupOfDamage(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	a := b.article("a")
	v := b.withBody(b.visit(b.lease(), a.ID, news.OK).withVersion(0, content("A", "x")), "body")
	b.record(v)
	b.must(os.Remove(b.blobPath(v.Capture.Raw)))
	dir := filepath.Join(t.TempDir(), "backup")
	wantErr(t, "backup without a body", b.Backup(b.ctx, dir), ErrNotFound)
	if _, err := os.Stat(dir); err == nil {
		t.Error("there is a directory that looks like a backup")
	}
}

// TestBackupUnderWrites: the store goes on, and the copy is one moment of it.
func TestBackupUnderWrites(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	a := b.article("a")
	l := b.lease()
	ctx, stop := context.WithCancel(b.ctx)
	done := make(chan error)
	written := make(chan bool, 1)
	go func() {
		for i := 0; ; i++ {
			_, err := b.RecordVisit(ctx, b.visit(l, a.ID, news.OK).withVersion(i, content("A", fmt.Sprint(i))))
			if err != nil {
				if errors.Is(err, context.Canceled) {
					err = nil
				}
				done <- err
				return
			}
			select {
			case written <- true:
			default:
			}
		}
	}()
	for i := range 3 {
		<-written
		b.must(b.Backup(b.ctx, filepath.Join(t.TempDir(), fmt.Sprint(i))))
	}
	stop()
	b.must(<-done)
	b.verify()
}
