package store

import (
	"database/sql"
	"errors"
	"net/url"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
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
	// machines: several processes may crawl at once, each of which tells that it
	// lives (see Beat); else one does, which holds a lock on the data directory.
	machines bool
	// compile: statements that are run often are worth compiling by ourselves.
	compile bool
	// read and write are how transactions begin.
	read, write *sql.TxOptions
	// again reports whether a transaction failed only because another ran at the
	// same time, so that it may be run again.
	again func(error) bool
	// claim ends the inner select of a claim, so that two claims that run at
	// once take different rows. SQLite has one writer and needs nothing.
	claim string
	// hold ends a select of rows on which the transaction's writes depend: nobody
	// changes them until it ends.
	hold string
	// appendLog is run before the change log grows: entries become visible in the
	// order of their numbers. Empty = nothing is needed.
	appendLog string
	// search is the full-text index.
	search searchDialect
	// integrity are statements that each give one row "ok", or say what is wrong.
	integrity []string
	// foreignKeys gives a row for each row whose reference leads nowhere.
	foreignKeys string
	// copyTo writes a consistent copy of the database to the path $1; empty =
	// the database has no such statement.
	copyTo string
	// references switches the checks of references off (0) and on (1) for one
	// connection; empty = rows must come after those that they refer to.
	references string
	// bytewise follows a column of text that is to be ordered by its bytes.
	bytewise string
	// renumber makes the ids of a table of numbered go on after the highest.
	renumber string
	numbered []string
	// given is how many ids a table has given so far; they have no gaps. Empty =
	// they may have, but in the change log.
	given string
}

// sqlite is SQLite through modernc.org/sqlite.
var sqlite = dialect{
	driver:      "sqlite",
	compile:     true,
	again:       func(error) bool { return false },
	goose:       goose.DialectSQLite3,
	migrations:  "migrations/sqlite",
	dsn:         sqliteDSN,
	claim:       "",
	search:      sqliteSearch(),
	integrity:   []string{"PRAGMA integrity_check(10)"},
	foreignKeys: "PRAGMA foreign_key_check",
	copyTo:      "VACUUM INTO $1",
	references:  "PRAGMA foreign_keys = %d",
	given:       "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = $1",
}

// sqliteDSN: FULL because NORMAL loses acknowledged commits in a power cut;
// immediate because a transaction that reads first and writes later would
// otherwise fail instead of wait; pages of 8 KiB, in new files, because most rows
// of texts fit into them without a page of their own (6 % of the file); an untrusted schema and checked cells because
// the file may come from somebody else.
func sqliteDSN(path string, readOnly bool) string {
	q := url.Values{"_pragma": {
		"busy_timeout(5000)", "page_size(8192)", "journal_mode(WAL)", "synchronous(FULL)",
		"foreign_keys(1)", "trusted_schema(0)", "cell_size_check(1)",
	}}
	if readOnly {
		q.Add("_pragma", "query_only(1)")
	} else {
		q.Set("_txlock", "immediate")
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String()
}

// postgres is PostgreSQL 15 or later through pgx. Writers run side by side at
// READ COMMITTED and lock the rows that they decide by; readers see one state.
var postgres = dialect{
	driver:     "pgx",
	goose:      goose.DialectPostgres,
	migrations: "migrations/postgres",
	machines:   true,
	read:       &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
	again:      collided,
	claim:      "FOR UPDATE SKIP LOCKED",
	hold:       " FOR UPDATE",
	appendLog:  "SELECT pg_advisory_xact_lock(1937007988)", // "stet" in ASCII
	bytewise:   ` COLLATE "C"`,
	renumber:   "SELECT setval(pg_get_serial_sequence('%[1]s', 'id'), coalesce((SELECT max(id) FROM %[1]s), 0) + 1, false)",
	numbered: []string{"source", "domain", "host", "article", "feed", "subscription", "dictionary", "capture", "version", "event", "filter",
		"ignore_rule", "request"},
	search: postgresSearch(),
}

// collided: two transactions waited for each other, or made the same row at the
// same time. PostgreSQL ends one of them, and says that it may try again.
func collided(err error) bool {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case "40001", "40P01", "23505": // serialization failure, deadlock, unique violation
		return true
	}
	return false
}
