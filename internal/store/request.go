package store

import (
	"context"
	"errors"
	"fmt"

	"stet/internal/news"
)

const requestColumns = `r.id, r.url, r.host_id, r.name, r.state, r.result, r.requested_at, r.done_at, r.due`

func scanRequest(r row) (q Request, err error) {
	return q, r.Scan(&q.ID, &q.URL, &q.HostID, &q.Name, &q.State, &q.Result, when{&q.RequestedAt}, when{&q.DoneAt}, when{&q.Due})
}

// AddRequest asks for an address to be watched: due now, and its host ready. A
// request for the same URL that is pending is given back as it is. The URL has 1
// to news.MaxAddress bytes.
func (s *Store) AddRequest(ctx context.Context, url, host, name string) (q Request, err error) {
	if url == "" || len(url) > news.MaxAddress {
		return q, fmt.Errorf("add request: address of %d bytes: want 1 to %d", len(url), news.MaxAddress)
	}
	err = s.write(ctx, "add request "+url, func(t *tx) error {
		q, err = one(ctx, t, scanRequest, `SELECT `+requestColumns+` FROM request r WHERE r.url = $1 AND r.state = 'pending'`, url)
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		hostID, err := t.host(ctx, host)
		if err != nil {
			return err
		}
		q = Request{URL: url, HostID: hostID, Name: name, State: RequestPending, RequestedAt: t.now, Due: t.now}
		q.ID, err = t.id(ctx, `INSERT INTO request (url, host_id, name, state, result, requested_at, due)
			VALUES ($1, $2, $3, $4, '', $5, $6) RETURNING id`, url, hostID, name, q.State, micros(q.RequestedAt), micros(q.Due))
		if err != nil {
			return err
		}
		return t.ready(ctx, hostID, q.Due)
	})
	return q, err
}

// Request gives a request; ErrNotFound when there is none.
func (s *Store) Request(ctx context.Context, id int64) (q Request, err error) {
	err = s.read(ctx, fmt.Sprintf("request %d", id), func(t *tx) (err error) {
		q, err = one(ctx, t, scanRequest, `SELECT `+requestColumns+` FROM request r WHERE r.id = $1`, id)
		return err
	})
	return q, err
}

// Requests lists the newest requests first, at most limit.
func (s *Store) Requests(ctx context.Context, limit int) (qs []Request, err error) {
	err = s.read(ctx, "requests", func(t *tx) (err error) {
		qs, err = list(ctx, t, scanRequest, `SELECT `+requestColumns+` FROM request r ORDER BY r.id DESC LIMIT $1`, max(limit, 0))
		return err
	})
	return qs, err
}

// FinishRequest says what came of a request, in words. ErrConflict when it was
// finished before.
func (s *Store) FinishRequest(ctx context.Context, l Lease, id int64, ok bool, result string) error {
	state := RequestFailed
	if ok {
		state = RequestDone
	}
	return s.write(ctx, fmt.Sprintf("finish request %d", id), func(t *tx) error {
		if err := t.holds(ctx, l); err != nil {
			return err
		}
		q, err := one(ctx, t, scanRequest, `SELECT `+requestColumns+` FROM request r WHERE r.id = $1`, id)
		if err != nil {
			return err
		}
		if q.State != RequestPending {
			return fmt.Errorf("%w: it is %s", ErrConflict, q.State)
		}
		return t.exec(ctx, `UPDATE request SET state = $2, result = $3, done_at = $4, due = NULL WHERE id = $1`,
			id, state, result, micros(t.now))
	})
}
