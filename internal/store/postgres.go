package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
)

// connections is how many connections one process has to PostgreSQL.
const connections = 16

// leastServer is the oldest PostgreSQL that the SQL is tested on.
const leastServer = 150000

// openServer opens the database at o.DB, makes its schema when it is empty, and
// refuses one that has tables of somebody else.
func (s *Store) openServer(ctx context.Context, o Options) (err error) {
	if !strings.HasPrefix(o.DB, "postgres://") && !strings.HasPrefix(o.DB, "postgresql://") {
		return errors.New("the address of a database begins with postgres://")
	}
	if err := os.MkdirAll(s.dir, 0o750); err != nil {
		return err
	}
	if s.writer, err = sql.Open(s.d.driver, o.DB); err != nil {
		return redact(err)
	}
	s.reader = s.writer
	s.writer.SetMaxOpenConns(connections)
	s.writer.SetMaxIdleConns(connections)
	if err := s.checkServer(ctx, o); err != nil {
		return err
	}
	if err := s.migrate(ctx); err != nil {
		return err
	}
	return s.nameDomains(ctx)
}

// checkServer looks whether the database may be used.
func (s *Store) checkServer(ctx context.Context, o Options) error {
	var version, ours, tables int
	err := s.writer.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int,
		(SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'goose_db_version'),
		(SELECT count(*) FROM pg_tables WHERE schemaname = current_schema())`).Scan(&version, &ours, &tables)
	switch {
	case err != nil:
		return redact(err)
	case version < leastServer:
		return fmt.Errorf("PostgreSQL %d.%d: want 15 or later", version/10000, version%10000)
	case ours == 0 && tables > 0:
		return fmt.Errorf("the database has %d tables of another program; give stet one of its own", tables)
	case ours == 0 && o.MustExist:
		return ErrNoStore
	}
	return nil
}

// redact keeps what the driver says of an address that it cannot read, without
// the address, which may have a password in it.
func redact(err error) error {
	if at := strings.Index(err.Error(), "cannot parse"); at >= 0 {
		return errors.New("the address of the database cannot be read: want postgres://USER@HOST:PORT/NAME")
	}
	return err
}
