package store

import (
	"net/url"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// A dialect is what differs between databases; all other SQL is one text.
type dialect struct {
	driver     string
	goose      goose.Dialect
	migrations string
	// dsn names the database; readOnly connections refuse to write.
	dsn func(path string, readOnly bool) string
	// claim ends the inner select of a claim, so that two claims that run at
	// once take different rows. SQLite has one writer and needs nothing.
	claim string
	// match is a condition on article_search, its query being the parameter
	// that follows; see matchQuery for the query.
	match string
	// integrity are statements that each give one row "ok", or say what is wrong.
	integrity []string
	// foreignKeys gives a row for each row whose reference leads nowhere.
	foreignKeys string
	// checkSearch fails when the full-text index is damaged.
	checkSearch string
	// copyTo writes a consistent copy of the database to the path $1.
	copyTo string
	// given is how many ids a table has given so far; they have no gaps.
	given string
}

// sqlite is SQLite through modernc.org/sqlite.
var sqlite = dialect{
	driver:      "sqlite",
	goose:       goose.DialectSQLite3,
	migrations:  "migrations/sqlite",
	dsn:         sqliteDSN,
	claim:       "",
	match:       "article_search MATCH ",
	integrity:   []string{"PRAGMA integrity_check(10)"},
	foreignKeys: "PRAGMA foreign_key_check",
	checkSearch: "INSERT INTO article_search (article_search) VALUES ('integrity-check')",
	copyTo:      "VACUUM INTO $1",
	given:       "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = $1",
}

// sqliteDSN: FULL because NORMAL loses acknowledged commits in a power cut;
// immediate because a transaction that reads first and writes later would
// otherwise fail instead of wait; an untrusted schema and checked cells because
// the file may come from somebody else.
func sqliteDSN(path string, readOnly bool) string {
	q := url.Values{"_pragma": {
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)",
		"foreign_keys(1)", "trusted_schema(0)", "cell_size_check(1)",
	}}
	if readOnly {
		q.Add("_pragma", "query_only(1)")
	} else {
		q.Set("_txlock", "immediate")
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String()
}
