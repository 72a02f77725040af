package store

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/pgtest"
)

// firstTables and so on are how many tables those schemas had.
const (
	firstTables   = 15
	secondTables  = 21
	thirdTables   = 22
	seventhTables = 23
	eighthNew     = 1
	eighthTables  = 24
)

// oldSchema makes, out of a store of today, a directory as the program with that
// many migrations left it: each table has the rows and columns that it had then.
func (b *bench) oldSchema(migrations int64, count int) (dir string) {
	b.t.Helper()
	dir = filepath.Join(b.t.TempDir(), "old")
	b.must(os.CopyFS(filepath.Join(dir, blobDir), os.DirFS(filepath.Join(b.dir, blobDir))))
	db, err := sql.Open(sqlite.driver, sqlite.dsn(filepath.Join(dir, databaseFile), false))
	b.must(err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	p, err := provider(sqlite, db)
	b.must(err)
	_, err = p.UpTo(b.ctx, migrations)
	b.must(err)
	exec := func(query string) {
		b.t.Helper()
		_, err := db.ExecContext(b.ctx, query)
		b.must(err)
	}
	strs := func(query string) (out []string) {
		b.t.Helper()
		rows, err := db.QueryContext(b.ctx, query)
		b.must(err)
		defer rows.Close()
		for rows.Next() {
			s, err := scanText(rows)
			b.must(err)
			out = append(out, s)
		}
		b.must(rows.Err())
		return out
	}
	exec(fmt.Sprintf("PRAGMA application_id = %d; PRAGMA foreign_keys = 0; ATTACH '%s' AS today", applicationID, filepath.Join(b.dir, databaseFile)))
	tables := strs(`SELECT name FROM main.sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%'`)
	if len(tables) != count {
		b.t.Fatalf("tables of schema %d: %v", migrations, tables)
	}
	for _, table := range tables {
		columns := strings.Join(strs(`SELECT name FROM pragma_table_info('`+table+`', 'main')`), ", ")
		if table == "version" && migrations < textsMigration {
			b.plainVersions(db, columns)
			continue
		}
		exec(`INSERT INTO main.` + table + ` (` + columns + `) SELECT ` + columns + ` FROM today.` + table)
	}
	exec(`DELETE FROM main.cursor; DETACH today`) // the index is not copied
	return dir
}

// textsMigration is the number of the one that brought chains of differences.
const textsMigration = 9

// plainVersions copies the versions of today with their texts as frames that stand
// for themselves, as all were before.
func (b *bench) plainVersions(db *sql.DB, columns string) {
	b.t.Helper()
	rows, err := db.QueryContext(b.ctx, `SELECT id FROM today.version ORDER BY id`)
	b.must(err)
	var ids []int64
	for rows.Next() {
		ids = append(ids, 0)
		b.must(rows.Scan(&ids[len(ids)-1]))
	}
	b.must(errors.Join(rows.Err(), rows.Close()))
	from := strings.Replace(strings.Replace(columns, "encoding", "0", 1), "body", "$2", 1)
	for _, id := range ids {
		v, err := b.Version(b.ctx, id)
		b.must(err)
		_, err = db.ExecContext(b.ctx, `INSERT INTO main.version (`+columns+`) SELECT `+from+` FROM today.version WHERE id = $1`,
			id, b.enc.EncodeAll(v.Content.Canonical(), nil))
		b.must(err)
	}
}

// rows writes out all rows of the tables of the first schema, as far as it knew
// them.
func (b *bench) rows(s *Store) string {
	b.t.Helper()
	var out strings.Builder
	for _, q := range []string{
		`SELECT id || key || name || home || created_at FROM source`,
		`SELECT id || url || state || headline || versions || captures || coalesce(gone_at, '-') || coalesce(due, '-') || doubt_count FROM article`,
		`SELECT id || article_id || at || outcome || hex(coalesce(raw, '')) || coalesce(shown, '-') FROM capture`,
		`SELECT id || article_id || number || capture_id || hex(digest) || hex(identity) FROM version`,
		`SELECT version_id || first_at || last_at || sightings FROM seen`,
		`SELECT article_id || capture_id || extractor || hex(keys) FROM baseline`,
		`SELECT seq || article_id || type || coalesce(version_id, '-') || recorded_at || coalesce(after_at, '-') || before_at || note FROM change`,
		`SELECT source_id || feeds || articles || versions || changes || gone FROM tally`,
		`SELECT key || article_id || url || origin FROM address`,
		`SELECT id || name || coalesce(ready_at, '-') FROM host`,
	} {
		b.must(s.read(b.ctx, "rows", func(t *tx) error {
			lines, err := list(b.ctx, t, scanText, q)
			if len(lines) == 0 {
				b.t.Errorf("no rows: %s", q)
			}
			fmt.Fprintln(&out, strings.Join(lines, "\n"))
			return err
		}))
	}
	return out.String()
}

// TestUpgrade: a store of the first schema opens with all that is in it, and
// takes what is new.
func TestUpgrade(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b, _ := history(t)
	b.lost(b.later(), 1, news.Gone, news.StateGone, news.ArticleGone)
	goneAt := b.clock.t
	want := b.rows(b.Store)
	dir := b.oldSchema(1, firstTables)
	other, err := sql.Open(sqlite.driver, sqlite.dsn(filepath.Join(dir, databaseFile), true)) // a reader that stays
	b.must(err)
	defer other.Close()
	var n int
	b.must(other.QueryRowContext(b.ctx, `SELECT count(*) FROM article`).Scan(&n))

	u := &bench{Store: openStore(t, Options{Dir: dir, Now: b.clock.now, Exclusive: true}), t: t, ctx: b.ctx, clock: b.clock, src: b.src}
	if got := b.rows(u.Store); got != want {
		t.Errorf("rows before:\n%s\nafter:\n%s", want, got)
	}
	u.verify()
	if x := u.visiting(1); !x.StateAt.Equal(goneAt) || x.Memory != nil || x.Held != 0 || x.SourceKey != "courier" {
		t.Errorf("article that was gone: %+v", x)
	}
	if x := u.visiting(2); !x.StateAt.IsZero() || len(x.Baseline) != 3 {
		t.Errorf("article that was live: %+v", x)
	}
	l := u.lease()
	u.lost(l, 2, news.Blocked, news.Barred, news.ArticleBarred)
	u.publish(l, 1, content("Back", "x"))
	u.teach(l, 3)
	u.verify()
	var columns int
	b.must(other.QueryRowContext(b.ctx, `SELECT count(state_at) + count(held) FROM article`).Scan(&columns))
	u.must(u.Backup(u.ctx, filepath.Join(t.TempDir(), "copy")))
	if _, err := u.writer.ExecContext(u.ctx, `UPDATE article SET state = 'asleep' WHERE id = 3`); err == nil {
		t.Error("the state machine is open")
	}
	if _, err := u.writer.ExecContext(u.ctx, `UPDATE sqlite_schema SET sql = ''`); err == nil {
		t.Error("the schema can be written")
	}
}

// later leases the host that history left leased.
func (b *bench) later() Lease {
	b.clock.pass(MaxLease + time.Minute)
	return b.lease()
}

// teach records a visit to a live article that teaches all that is new.
func (b *bench) teach(l Lease, id int64) {
	v := b.visit(l, id, news.OK)
	v.Sighting, v.Memory, v.Model, v.Recur = true, []byte("m"), "model/1", []uint64{1}
	v.Held, v.Pulse = []news.Held{{Key: 1, Text: "x", Why: "rotates"}}, &news.Pulse{Visits: 1}
	v.Event = &news.Event{Kind: news.TemplateChanged, Subject: "f00d"}
	b.record(v)
}

// TestUpgradeRefused: what cannot be brought up to date stays as it was, whole.
func TestUpgradeRefused(t *testing.T) {
	pgtest.SQLiteOnly(t)
	for name, spoil := range map[string]string{
		"a table is in the way": `CREATE TABLE derived (x)`,
		"the text of a table is not what it was": `PRAGMA writable_schema = 1;
			UPDATE sqlite_schema SET sql = replace(sql, '''new'', ''live''', '''new'',''live''') WHERE name = 'article'; PRAGMA writable_schema = 0`,
	} {
		t.Run(name, func(t *testing.T) {
			b, _ := history(t)
			dir := b.oldSchema(1, firstTables)
			db, err := sql.Open(sqlite.driver, sqlite.dsn(filepath.Join(dir, databaseFile), false))
			b.must(err)
			defer db.Close()
			db.SetMaxOpenConns(1)
			schema := func() string {
				var s string
				b.must(db.QueryRowContext(b.ctx, `SELECT group_concat(sql, char(10)) || (SELECT max(version_id) FROM goose_db_version) FROM sqlite_schema`).Scan(&s))
				return s
			}
			_, err = db.ExecContext(b.ctx, spoil)
			b.must(err)
			before := schema()
			if s, err := Open(b.ctx, Options{Dir: dir}); err == nil {
				s.Close()
				t.Fatal("opened")
			}
			if after := schema(); after != before {
				t.Errorf("schema before:\n%s\nafter:\n%s", before, after)
			}
		})
	}
}

// TestUpgradeSecond: a store of the second schema opens with all that is in it, and
// takes appraisals.
func TestUpgradeSecond(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b, _ := history(t)
	b.teach(b.later(), 2)
	want := b.rows(b.Store)
	dir := b.oldSchema(2, secondTables)
	u := &bench{Store: openStore(t, Options{Dir: dir, Now: b.clock.now}), t: t, ctx: b.ctx, clock: b.clock, src: b.src}
	if got := u.rows(u.Store); got != want {
		t.Errorf("rows before:\n%s\nafter:\n%s", want, got)
	}
	u.verify()
	basis := Basis{1, "w"}
	u.must(u.BeginAppraisals(u.ctx, basis))
	u.must(u.PutAppraisals(u.ctx, basis, 9, []Appraised{{Seq: 2, Appraisal: meaning(40, news.KindNumber)}}))
	if n := u.verify().Checked["appraisals"]; n != 1 {
		t.Errorf("%d appraisals", n)
	}
	if held, err := u.HeldBlocks(u.ctx, 2); err != nil || len(held) != 1 {
		t.Errorf("blocks held back: %v, %v", held, err)
	}
}

// TestUpgradeThird: a store of the third schema opens with all that is in it, its
// open events among them, and takes outages and reservations.
func TestUpgradeThird(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b, _ := history(t)
	b.teach(b.later(), 2)
	want := b.rows(b.Store)
	dir := b.oldSchema(3, thirdTables)
	u := &bench{Store: openStore(t, Options{Dir: dir, Now: b.clock.now}), t: t, ctx: b.ctx, clock: b.clock, src: b.src}
	if got := u.rows(u.Store); got != want {
		t.Errorf("rows before:\n%s\nafter:\n%s", want, got)
	}
	u.verify()
	if open, err := u.OpenEvents(u.ctx, u.src.ID, news.TemplateChanged); err != nil || len(open) != 1 {
		t.Errorf("open events: %v, %v", open, err)
	}
	l := u.later()
	_, err := u.OpenEvent(u.ctx, u.src.ID, news.Outage, l.Host, u.clock.t, "refused")
	u.must(err)
	u.reserve(l, 2, "its page reserves: noarchive", news.NoArchive)
	if a := u.visiting(2); a.Hidden == "" || a.Reserved.String() != "noarchive" {
		t.Errorf("article that reserves: %+v", a.Article)
	}
	if _, err := u.OpenEvent(u.ctx, u.src.ID, "party", "x", u.clock.t, ""); err == nil {
		t.Error("an event of an unknown kind: no error")
	}
	u.verify()
}

// TestUpgradeThirdFeeds: a store of the third schema opens; its feeds that had the
// default period learn their pace, and those with another keep it.
func TestUpgradeThirdFeeds(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b, _ := history(t)
	b.must(b.SetFeedPeriod(b.ctx, b.feed.ID, 10*time.Minute))
	other, _, err := b.AddFeed(b.ctx, news.Feed{SourceID: b.src.ID, URL: "https://courier.example.org/sport", Period: 20 * time.Minute})
	b.must(err)
	want := b.rows(b.Store)
	dir := b.oldSchema(3, thirdTables)
	u := &bench{Store: openStore(t, Options{Dir: dir, Now: b.clock.now}), t: t, ctx: b.ctx, clock: b.clock, src: b.src}
	if got := u.rows(u.Store); got != want {
		t.Errorf("rows before:\n%s\nafter:\n%s", want, got)
	}
	u.verify()
	feeds, err := u.Feeds(u.ctx, b.src.ID)
	b.must(err)
	if len(feeds) != 2 || feeds[0].Period != 0 || feeds[1].Period != other.Period || feeds[0].Pace.Listed != nil || !feeds[0].OutrunAt.IsZero() {
		t.Errorf("feeds: %+v", feeds)
	}
	if _, err := u.writer.ExecContext(u.ctx, `UPDATE feed SET period = -1`); err == nil {
		t.Error("a negative period can be written")
	}
}

// TestUpgradeSeventh: a store of the seventh schema opens with its feeds, which can
// be subscribed to.
func TestUpgradeSeventh(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b, _ := history(t)
	b.must(b.ReleaseHost(b.ctx, b.later(), time.Time{}))
	want := b.rows(b.Store)
	dir := b.oldSchema(7, seventhTables)
	u := &bench{Store: openStore(t, Options{Dir: dir, Now: b.clock.now}), t: t, ctx: b.ctx, clock: b.clock, src: b.src, feed: b.feed}
	if got := u.rows(u.Store); got != want {
		t.Errorf("rows before:\n%s\nafter:\n%s", want, got)
	}
	u.verify()
	if f := u.theFeed(); f.Hub != "" || f.Pushed || f.URL != b.feed.URL {
		t.Errorf("feed: %+v", f)
	}
	u.names(testHub, testTopic, testBase)
	u.must(u.Pushed(u.ctx, u.subscribed().Token))
	if f := u.theFeed(); f.Hub != testHub || !f.Pushed {
		t.Errorf("feed that was pushed: %+v", f)
	}
	u.verify()
	for _, spoil := range []string{`UPDATE feed SET topic = ''`, `UPDATE subscription SET feed_id = NULL`, `UPDATE subscription SET state = 'verified'`, `UPDATE subscription SET secret = 'x'`} {
		if _, err := u.writer.ExecContext(u.ctx, spoil); err == nil {
			t.Errorf("%s: no error", spoil)
		}
	}
}

// TestUpgradeEighthSearch: a store of the eighth schema opens; its search index, which
// held the newest texts alone, is made anew, and holds what was removed, too.
func TestUpgradeEighthSearch(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b, _ := history(t)
	want := b.rows(b.Store)
	dir := b.oldSchema(8, eighthTables)
	old, err := sql.Open(sqlite.driver, sqlite.dsn(filepath.Join(dir, databaseFile), false))
	b.must(err)
	_, err = old.ExecContext(b.ctx, `INSERT INTO article_search (rowid, headline, body) VALUES (1, 'Headline', 'text');
		INSERT INTO cursor (name, seq, updated_at) VALUES ('search', 9, 1)`)
	b.must(err)
	b.must(old.Close())
	u := &bench{Store: openStore(t, Options{Dir: dir, Now: b.clock.now}), t: t, ctx: b.ctx, clock: b.clock, src: b.src, feed: b.feed}
	if got := u.rows(u.Store); got != want {
		t.Errorf("rows before:\n%s\nafter:\n%s", want, got)
	}
	lag, err := u.SearchLag(u.ctx)
	u.must(err)
	equal(t, "entries to take", lag.Entries, 9)
	equal(t, "found before", u.found("headline"), "")
	u.verify()
	u.indexAll()
	u.verify()
	equal(t, "found", u.found("headline")+u.found(`"text 1 0" in:removed`)+u.found(`"text 1 2"`)+u.found(`"text 1 0"`), "210"+"1"+"1")
}

// TestUpgradeEighthBlobs: a store of the eighth schema opens; its raw captures are kept
// for ever, until a rule is set.
func TestUpgradeEighthBlobs(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b, raw := history(t)
	want := b.rows(b.Store)
	dir := b.oldSchema(8, eighthTables)
	u := &bench{Store: openStore(t, Options{Dir: dir, Now: b.clock.now}), t: t, ctx: b.ctx, clock: b.clock, src: b.src, feed: b.feed}
	if got := u.rows(u.Store); got != want {
		t.Errorf("rows before:\n%s\nafter:\n%s", want, got)
	}
	u.verify()
	u.clock.pass(2 * keepDay)
	equal(t, "without a rule", u.dropAll().Blobs, 0)
	u.must(u.SetKeepRaw(u.ctx, "courier", keepDay))
	equal(t, "of three articles", u.dropAll().Blobs, 3)
	if _, err := u.Blob(u.ctx, raw); err != nil {
		t.Errorf("the newest: %v", err)
	}
	u.verify()
	for _, spoil := range []string{`UPDATE source SET keep_raw = 0`, `UPDATE dropped SET why = ''`, `UPDATE dropped SET gone = 2`, `INSERT INTO blob_base VALUES (x'00', x'01')`} {
		if _, err := u.writer.ExecContext(u.ctx, spoil); err == nil {
			t.Errorf("%s: no error", spoil)
		}
	}
}
