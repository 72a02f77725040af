package store

import (
	"context"
	"database/sql"
	"errors"
)

// hotReads and hotWrites are the statements of every claim of a host and its
// work. They are compiled once: to read the SQL takes longer than to run it.
var hotReads = []string{
	holdsLease, dueRequests, dueSubscriptions, waitingFeeds, dueFeeds, waitingArticles, dueArticles, sourceFacts, lastSeen, linksBefore,
}

func (s *Store) hotWrites() []string {
	return append(importWrites(), holdsLease, s.claimQuery(), waitingRequests, waitingSubscriptions, waitingFeeds, waitingArticles, releaseQuery)
}

// prepare compiles the hot statements; each connection keeps them.
func (s *Store) prepare(ctx context.Context) (err error) {
	if !s.d.compile {
		return nil
	}
	if s.hotRead, err = prepareAll(ctx, s.reader, hotReads); err != nil {
		return err
	}
	s.hotWrite, err = prepareAll(ctx, s.writer, s.hotWrites())
	return err
}

func prepareAll(ctx context.Context, db *sql.DB, queries []string) (hot map[string]*sql.Stmt, err error) {
	hot = map[string]*sql.Stmt{}
	for _, q := range queries {
		stmt, perr := db.PrepareContext(ctx, q)
		if perr != nil {
			return hot, errors.Join(perr, closeAll(hot))
		}
		hot[q] = stmt
	}
	return hot, nil
}

func closeAll(hot map[string]*sql.Stmt) (err error) {
	for _, stmt := range hot {
		err = errors.Join(err, stmt.Close())
	}
	return err
}

// QueryContext is that of sql.Tx, by the compiled statement if there is one.
func (t *tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	t.s.statements(query, args)
	if stmt := t.hot[query]; stmt != nil {
		return t.StmtContext(ctx, stmt).QueryContext(ctx, plainArgs(args)...)
	}
	return t.Tx.QueryContext(ctx, query, plainArgs(args)...)
}

// QueryRowContext is that of sql.Tx, by the compiled statement if there is one.
func (t *tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	t.s.statements(query, args)
	if stmt := t.hot[query]; stmt != nil {
		return t.StmtContext(ctx, stmt).QueryRowContext(ctx, plainArgs(args)...)
	}
	return t.Tx.QueryRowContext(ctx, query, plainArgs(args)...)
}

// ExecContext is that of sql.Tx, by the compiled statement if there is one.
func (t *tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	t.s.statements(query, args)
	if stmt := t.hot[query]; stmt != nil {
		return t.StmtContext(ctx, stmt).ExecContext(ctx, plainArgs(args)...)
	}
	return t.Tx.ExecContext(ctx, query, plainArgs(args)...)
}
