package main

import (
	"database/sql"
	"path/filepath"
)

// An engine is what differs between the databases when one looks at their pages:
// the store's own methods have no need to know of them.
type engine struct {
	driver string
	settle string // makes the sizes true
	size   string // of the database, in bytes
	tables string // name and bytes of each table and index, the largest first
}

// databaseFile is where a store on SQLite keeps its rows.
const databaseFile = "stet.db"

// sqlite has a table of its pages. The journal is moved into the file first.
func sqlite() engine {
	return engine{
		driver: "sqlite",
		settle: `PRAGMA wal_checkpoint(TRUNCATE)`,
		size:   `SELECT sum(pgsize) FROM dbstat WHERE aggregate = 1`,
		tables: `SELECT name, sum(pgsize) FROM dbstat WHERE aggregate = 1 GROUP BY name ORDER BY 2 DESC`,
	}
}

// postgres counts what is kept aside of a table (TOAST) as the table's. Without
// statistics the first queries would be planned for empty tables.
func postgres() engine {
	return engine{
		driver: "pgx",
		settle: `ANALYZE`,
		size:   `SELECT pg_database_size(current_database())`,
		tables: `SELECT relname, CASE relkind WHEN 'r' THEN pg_table_size(oid) ELSE pg_relation_size(oid) END FROM pg_class
			WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'i') ORDER BY 2 DESC`,
	}
}

func (b *bench) engine() engine {
	if b.o.db != "" {
		return postgres()
	}
	return sqlite()
}

// database opens the database beside the store.
func (b *bench) database() (*sql.DB, error) {
	address := b.o.db
	if address == "" {
		address = "file:" + filepath.Join(b.dir, databaseFile)
	}
	return sql.Open(b.engine().driver, address)
}
