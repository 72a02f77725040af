package main

import (
	"database/sql"

	"github.com/rogpeppe/go-internal/testscript"
)

// makeDatabase is a command of the scripts: "database FILE SQL" makes an SQLite
// file by the statements in a file.
func makeDatabase(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: database FILE SQL")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = db.Exec(ts.ReadFile(args[1]))
	ts.Check(err)
	ts.Check(db.Close())
}
