package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/pgtest"
)

// history makes a store with a bit of everything.
func history(t testing.TB) (*bench, news.Digest) {
	b := newBench(t)
	l := b.lease()
	var raw news.Digest
	for i := range 3 {
		a := b.article(fmt.Sprint("a", i))
		for n := range 3 {
			b.clock.pass(time.Minute)
			v := b.withBody(b.visit(l, a.ID, news.OK).withVersion(n, content("Headline", fmt.Sprint("text ", i, n))), fmt.Sprint("body ", i, n))
			v.Keys, v.Extractor = []uint64{1, 2, 3}, "test/1"
			b.record(v)
			raw = v.Capture.Raw
		}
	}
	_, err := b.IndexChanges(b.ctx, 100)
	b.must(err)
	b.verify()
	return b, raw
}

// TestTampering: whatever is altered from outside, Verify says so.
func TestTampering(t *testing.T) {
	pgtest.SQLiteOnly(t)
	tests := []struct{ name, sql, part string }{
		{"a version taken away", `DELETE FROM version WHERE article_id = 2 AND number = 1`, "version 2 where 1 should be"},
		{"the last version taken away without a trace in its article", `DELETE FROM change WHERE seq = 9; DELETE FROM seen WHERE version_id = 9; DELETE FROM version WHERE id = 9;
			UPDATE article SET versions = 2, current = 1, changed_at = (SELECT first_at FROM seen WHERE version_id = 8) WHERE id = 3`, "version: 8 rows, the last is 8, but 9 were recorded"},
		{"a text replaced", `UPDATE version SET body = (SELECT body FROM version WHERE id = 4) WHERE id = 1`, "another digest"},
		{"a text and its digest replaced", `UPDATE version SET (body, digest) = (SELECT body, digest FROM version WHERE id = 4) WHERE id = 1`, "another identity"},
		{"a text destroyed", `UPDATE version SET body = x'00' WHERE id = 5`, "text damaged"},
		{"a version told twice", `UPDATE version SET (body, digest, identity, words) = (SELECT body, digest, identity, words FROM version WHERE id = 2) WHERE id = 3`, "same text as the version before"},
		{"a headline altered", `UPDATE version SET headline = 'Other' WHERE id = 4`, "headline"},
		{"words altered", `UPDATE version SET words = 99 WHERE id = 4`, "count of words"},
		{"a version of another number", `UPDATE version SET number = 7 WHERE id = 3`, "version 7 where 2 should be"},
		{"a version given to another source", `INSERT INTO source (id, key, name, home, created_at) VALUES (9, 'x', '', '', 0); INSERT INTO tally (source_id) VALUES (9); UPDATE version SET source_id = 9 WHERE id = 3`, "another source"},
		{"a change taken away", `DELETE FROM change WHERE seq = 4`, "no entry in the change log"},
		{"a change renumbered", `UPDATE change SET number = 5 WHERE seq = 4`, "of another version"},
		{"a capture taken away", `DELETE FROM capture WHERE id = 6`, "capture"},
		{"a capture at another time", `UPDATE capture SET at = at + 1 WHERE id = 6`, "another time than its capture"},
		{"a capture of another article", `UPDATE capture SET article_id = 3 WHERE id = 1`, "capture is of another article"},
		{"a body's name altered", `UPDATE capture SET raw = x'` + strings.Repeat("ab", 32) + `' WHERE id = 1`, "missing"},
		{"seen more often", `UPDATE seen SET sightings = 5 WHERE version_id = 2`, "counts 5 sightings"},
		{"a seen window taken away", `DELETE FROM seen WHERE version_id = 2`, "no sane seen window"},
		{"an article's count altered", `UPDATE article SET versions = 9 WHERE id = 2`, "counts 9 versions"},
		{"an article's visits altered", `UPDATE article SET captures = 9 WHERE id = 2`, "counts 9 captures"},
		{"an article's headline altered", `UPDATE article SET headline = 'Other' WHERE id = 2`, "its headline"},
		{"an article's time of change altered", `UPDATE article SET changed_at = 1 WHERE id = 2`, "another time than its newest"},
		{"an article's time of going altered", `UPDATE article SET state = 'gone', gone_at = 5, state_at = 6 WHERE id = 2; UPDATE tally SET gone = 1`, "gone since another time"},
		{"an address taken away", `DELETE FROM address WHERE article_id = 1`, "no address"},
		{"counts altered", `UPDATE tally SET versions = 100`, "counts are not true"},
		{"counts taken away", `DELETE FROM tally`, "counts are not true"},
		{"a follower past the end", `UPDATE cursor SET seq = 10`, "past the end"},
		{"a row of the index taken away", `DELETE FROM article_search WHERE rowid = 2`, "no row for article 2"},
		{"a row of the index too many", `INSERT INTO article_search (rowid, headline, stayed) VALUES (77, 'x', 'y')`, "77"},
		{"the index damaged", `DELETE FROM article_search_idx; UPDATE article_search_data SET block = x'00' WHERE id > 10`, "search"},
		{"blocks held back counted wrongly", `UPDATE tally SET held = 5`, "counts are not true"},
		{"more blocks held back than counted", `INSERT INTO held VALUES (1, 7, 0, 'x', 'rotates', 1, 0, 0)`, "counts 0 blocks held back, has 1"},
		{"a derived text destroyed", `INSERT INTO derived SELECT id, 'test/2', digest, identity, headline, words, 0, x'00', 0 FROM version WHERE id = 2`, "derived from version 2: text damaged"},
		{"a derived text replaced", `INSERT INTO derived SELECT 2, 'test/2', digest, x'` + strings.Repeat("ab", 32) + `', headline, words, 0, body, 0 FROM version WHERE id = 4`, "derived from version 2: its text has another identity"},
		{"a picture's name altered", `UPDATE capture SET screenshot = x'` + strings.Repeat("ab", 32) + `' WHERE id = 1`, "missing"},
		{"an appraisal of a first version", appraisalRow(1, "number", noFindings), "appraisal 1: of no change of a text"},
		{"an appraisal of no change", appraisalRow(99, "number", noFindings), "appraisal 99: of no change of a text"},
		{"an unknown kind", appraisalRow(2, "number,gossip", noFindings), "appraisal 2: unknown kind gossip"},
		{"kinds out of order", appraisalRow(2, "name,number", noFindings), "appraisal 2: kind number is out of order"},
		{"findings destroyed", appraisalRow(2, "number", "00"), "appraisal 2: findings: "},
		{"a baseline of no capture", `UPDATE baseline SET capture_id = 99 WHERE article_id = 1`, "baseline"},
	}
	original, _ := history(t)
	copied := filepath.Join(t.TempDir(), "copy")
	original.must(original.Backup(t.Context(), copied))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			original.must(os.CopyFS(dir, os.DirFS(copied)))
			b := &bench{Store: openStore(t, Options{Dir: dir}), t: t, ctx: t.Context()}
			b.attack(tt.sql)
			r, err := b.Verify(b.ctx, nil)
			b.must(err)
			if all := strings.Join(r.Problems, "\n"); !strings.Contains(all, tt.part) {
				t.Errorf("want %q in:\n%s", tt.part, all)
			}
		})
	}
}

// attack alters the database as one who does not care for its rules.
func (b *bench) attack(sql string) {
	b.t.Helper()
	_, err := b.writer.ExecContext(b.ctx, `PRAGMA foreign_keys = 0; PRAGMA ignore_check_constraints = 1;
		DROP TRIGGER capture_is_never_altered; DROP TRIGGER capture_is_never_deleted; DROP TRIGGER version_is_never_altered;
		DROP TRIGGER version_is_never_deleted; DROP TRIGGER change_is_never_altered; DROP TRIGGER change_is_never_deleted;`+sql)
	b.must(err)
}

// TestNeverAltered: while the triggers are there, it cannot be done by accident.
func TestNeverAltered(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b, _ := history(t)
	for _, table := range []string{"capture", "version", "change"} {
		for _, sql := range []string{"DELETE FROM " + table, "UPDATE " + table + " SET article_id = 1"} {
			if _, err := b.writer.ExecContext(b.ctx, sql); err == nil || !strings.Contains(err.Error(), "never") {
				t.Errorf("%s: %v", sql, err)
			}
		}
	}
	b.verify()
}

// TestFlippedBytes: a byte of any file altered is found, by Verify or already by
// opening the store.
func TestFlippedBytes(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b, raw := history(t)
	b.must(flip(b.blobPath(raw), 3))
	r, err := b.Verify(b.ctx, nil)
	b.must(err)
	if len(r.Problems) != 1 || !strings.Contains(r.Problems[0], raw.String()) {
		t.Errorf("blob: %v", r.Problems)
	}
	b.must(os.Remove(b.blobPath(raw)))
	r, err = b.Verify(b.ctx, nil)
	b.must(err)
	if len(r.Problems) != 1 || !strings.Contains(r.Problems[0], "missing") {
		t.Errorf("blob: %v", r.Problems)
	}

	// The texts: find each body in the file and alter it there.
	b, _ = history(t)
	dir := filepath.Join(t.TempDir(), "copy")
	b.must(b.Backup(b.ctx, dir))
	path := filepath.Join(dir, databaseFile)
	whole, err := os.ReadFile(path)
	b.must(err)
	found := 0
	for at := range whole {
		// A zstd frame begins so; alter the inside of each that is a body.
		if string(whole[at:min(at+4, len(whole))]) != "\x28\xb5\x2f\xfd" || at+20 > len(whole) {
			continue
		}
		b.must(os.WriteFile(path, whole, 0o600))
		b.must(flip(path, at+12))
		if problems := inspect(t, dir); problems == "" {
			t.Errorf("a byte altered at %d was not found", at+12)
		}
		found++
	}
	if found != 9 {
		t.Errorf("%d bodies in the file, want 9", found)
	}
}

// inspect opens and verifies, and gives all that is wrong.
func inspect(t *testing.T, dir string) string {
	s, err := Open(t.Context(), Options{Dir: dir, MustExist: true})
	if err != nil {
		return err.Error()
	}
	defer s.Close()
	r, err := s.Verify(t.Context(), nil)
	if err != nil {
		return err.Error()
	}
	return strings.Join(r.Problems, "\n")
}

func TestVerifyProgress(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b, _ := history(t)
	last, total := 0, 0
	r, err := b.Verify(b.ctx, func(d, n int) { last, total = d, n })
	b.must(err)
	if last != 18 || total != 18 || r.Checked["versions"] != 9 || r.Checked["captures"] != 9 || r.Checked["blobs"] != 9 || r.Checked["search rows"] != 3 {
		t.Errorf("%d of %d, %v", last, total, r.Checked)
	}
}

func TestManyProblems(t *testing.T) {
	pgtest.SQLiteOnly(t)
	v := &verifier{}
	for range MaxProblems + 5 {
		v.problem("x")
	}
	if len(v.report.Problems) != MaxProblems {
		t.Errorf("%d problems listed", len(v.report.Problems))
	}
}

// noFindings is a zstd frame of "[]": one raw block of two bytes.
const noFindings = "28b52ffd2002110000" + "5b5d"

// appraisalRow writes an appraisal into the database; findings are in hexadecimal
// digits.
func appraisalRow(seq int, kinds, findings string) string {
	return fmt.Sprintf(`INSERT INTO appraisal VALUES (%d, 1, 'w', 'en', '%s', 5, 0, '', 0, '[]', x'%s')`, seq, kinds, findings)
}
