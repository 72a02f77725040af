package store

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"stet/internal/news"
	"stet/internal/pgtest"
)

// partitionScript divides the versions of a store; docs/scale.md has the reasons.
const partitionScript = "testdata/partition.sql"

// A store whose versions were divided into parts is the same store: what was
// recorded is read, what comes is recorded, what was refused is refused.
func TestPartition(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	db := pgtest.Database(t, dir)
	b := divisible(t, dir, db)
	l := b.lease()
	var ids []int64
	for i := range 40 {
		a := b.article(fmt.Sprint("a", i))
		ids = append(ids, a.ID)
		for n := range 3 {
			b.publish(l, a.ID, content(fmt.Sprint("Ferry ", i), fmt.Sprintf("The ferry was %d hours late.", n+1)))
		}
	}
	b.must(b.ReleaseHost(b.ctx, l, b.clock.t))
	before := recorded(b)
	b.must(b.Close())
	divide(t, db)

	b = divisible(t, dir, db)
	defer func() { b.must(b.Close()) }()
	b.verify()
	if after := recorded(b); after != before {
		t.Errorf("versions before:\n%s\nafter:\n%s", before, after)
	}
	b.clock.pass(MaxRest)
	l = b.lease()
	log := b.publish(l, ids[7], content("Ferry 7", "The ferry did not come."))
	v, err := b.Version(b.ctx, log[0].VersionID)
	b.must(err)
	if v.ID != 121 || v.Number != 3 {
		t.Errorf("the next version has id %d and number %d, want 121 and 3", v.ID, v.Number)
	}
	_, err = b.RecordVisit(b.ctx, b.visit(l, ids[7], news.OK).withVersion(3, content("Ferry 7", "Another third version.")))
	wantErr(t, "a number twice", err, ErrConflict)
	refused(t, db)
	rows, _, err := b.VersionList(b.ctx, VersionQuery{Page: Page{Size: 10}, ChangedOnly: true})
	b.must(err)
	if len(rows) != 10 || rows[0].ID != v.ID {
		t.Errorf("the newest versions: %+v, want %d first of 10", rows, v.ID)
	}
	b.verify()
}

// divisible opens the store on PostgreSQL, with its source.
func divisible(t *testing.T, dir, db string) *bench {
	t.Helper()
	c := newClock()
	s, err := Open(t.Context(), Options{Dir: dir, DB: db, Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{Store: s, t: t, ctx: t.Context(), clock: c}
	b.src, err = b.AddSource(b.ctx, news.Source{Key: "courier", Name: "The Harbour Courier", Home: "https://courier.example.org/"})
	b.must(err)
	return b
}

// divide runs the script as its first lines say.
func divide(t *testing.T, db string) {
	t.Helper()
	script, err := os.ReadFile(partitionScript)
	if err != nil {
		t.Fatal(err)
	}
	if err := onDatabase(t, db, string(script)); err != nil {
		t.Fatal(err)
	}
}

// refused checks what the schema itself refuses of divided versions.
func refused(t *testing.T, db string) {
	t.Helper()
	const columns = `source_id, capture_id, digest, identity, headline, words, extractor, encoding, body`
	for what, statement := range map[string]string{
		"a number twice":                  `INSERT INTO version (article_id, number, ` + columns + `) SELECT article_id, number, ` + columns + ` FROM version WHERE id = 5`,
		"a capture twice":                 `INSERT INTO version (article_id, number, ` + columns + `) SELECT article_id, 99, ` + columns + ` FROM version WHERE id = 5`,
		"an altered version":              `UPDATE version SET words = 1 WHERE id = 5`,
		"a deleted version":               `DELETE FROM version WHERE id = 5`,
		"a capture of what is not there":  `UPDATE capture SET shown = 9999 WHERE id = 1`,
		"a change that nobody recorded":   `INSERT INTO change SELECT * FROM change WHERE seq = 1`,
		"a change of another's version":   `INSERT INTO change (article_id, type, version_id, number, recorded_at, before_at, headline, words_added, words_removed, silent, note) VALUES (2, 'version', 9999, 0, 1, 1, 0, 0, 0, 0, '')`,
		"a version of an unknown article": `INSERT INTO version (article_id, number, ` + columns + `) SELECT 9999, 0, ` + columns + ` FROM version WHERE id = 5`,
	} {
		if err := onDatabase(t, db, statement); err == nil {
			t.Errorf("%s: not refused", what)
		}
	}
}

// onDatabase runs statements in one transaction.
func onDatabase(t *testing.T, db, statements string) error {
	t.Helper()
	conn, err := sql.Open("pgx", db)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	tx, err := conn.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() // does nothing after Commit
	if _, err := tx.ExecContext(t.Context(), statements); err != nil {
		return err
	}
	return tx.Commit()
}

// recorded lists all versions, by id and by number.
func recorded(b *bench) (all string) {
	b.t.Helper()
	for id := int64(1); id <= 120; id++ {
		v, err := b.Version(b.ctx, id)
		b.must(err)
		w, err := b.VersionByNumber(b.ctx, v.ArticleID, v.Number)
		b.must(err)
		all += fmt.Sprintln(v.ID, w.ID, v.ArticleID, w.Number, v.Digest, w.Content.Text(), w.Seen)
	}
	rows, _, err := b.VersionList(b.ctx, VersionQuery{Page: Page{Size: 50}, ChangedOnly: true})
	b.must(err)
	for _, r := range rows {
		all += fmt.Sprintln(r.ID, r.ArticleID, r.Number, r.Change.Seq)
	}
	return all
}
