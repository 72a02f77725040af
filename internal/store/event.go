package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"stet/internal/news"
)

const eventColumns = `e.id, e.source_id, e.kind, e.subject, e.note, e.articles, e.first_at, e.last_at, e.ended_at`

func scanEvent(r row) (e news.Event, err error) {
	return e, r.Scan(&e.ID, &e.SourceID, &e.Kind, &e.Subject, &e.Note, &e.Articles, when{&e.First}, when{&e.Last}, when{&e.Ended})
}

// tellEvent opens the event, or lets the open one of its source, kind and
// subject go on: its articles are added, its note replaces the earlier one.
func (t *tx) tellEvent(ctx context.Context, e news.Event) (news.Event, error) {
	return one(ctx, t, scanEvent, `INSERT INTO event AS e (source_id, kind, subject, note, articles, first_at, last_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (source_id, kind, subject) WHERE ended_at IS NULL DO UPDATE SET note = excluded.note, articles = e.articles + excluded.articles,
			last_at = CASE WHEN e.last_at < excluded.last_at THEN excluded.last_at ELSE e.last_at END
		RETURNING id, source_id, kind, subject, note, articles, first_at, last_at, ended_at`,
		e.SourceID, e.Kind, e.Subject, e.Note, e.Articles, micros(e.First), micros(e.Last))
}

// OpenEvent notes that something happens to a source since at, or that it goes
// on at that time: there is one open event of a source, kind and subject (1 to
// MaxSubject characters). A later note replaces the earlier one.
func (s *Store) OpenEvent(ctx context.Context, sourceID int64, kind news.EventKind, subject string, at time.Time, note string) (e news.Event, err error) {
	err = s.write(ctx, fmt.Sprintf("open %s event %q of source %d", kind, subject, sourceID), func(t *tx) (err error) {
		e, err = t.tellEvent(ctx, news.Event{SourceID: sourceID, Kind: kind, Subject: subject, Note: note, First: at, Last: at})
		return err
	})
	return e, err
}

// EndEvent notes that the open event of that source, kind and subject ended at
// that time, or when it was last seen if that is later. An empty note keeps the
// earlier one. ErrNotFound when none is open.
func (s *Store) EndEvent(ctx context.Context, sourceID int64, kind news.EventKind, subject string, at time.Time, note string) error {
	return s.write(ctx, fmt.Sprintf("end %s event %q of source %d", kind, subject, sourceID), func(t *tx) error {
		return t.exec(ctx, `UPDATE event SET note = CASE WHEN $5 = '' THEN note ELSE $5 END,
			ended_at = CASE WHEN last_at < $4 THEN $4 ELSE last_at END
			WHERE source_id = $1 AND kind = $2 AND subject = $3 AND ended_at IS NULL`, sourceID, kind, subject, micros(at), note)
	})
}

// They take source, limit.
const (
	eventsOfAll    = `SELECT ` + eventColumns + ` FROM event e WHERE $1 = 0 ORDER BY e.id DESC LIMIT $2`
	eventsOfSource = `SELECT ` + eventColumns + ` FROM event e WHERE e.source_id = $1 ORDER BY e.id DESC LIMIT $2`
)

// Events lists the events of a source, 0 = of all sources, the last opened
// first, at most limit.
func (s *Store) Events(ctx context.Context, sourceID int64, limit int) (events []news.Event, err error) {
	query := eventsOfSource
	if sourceID == 0 {
		query = eventsOfAll
	}
	err = s.read(ctx, fmt.Sprintf("events of source %d", sourceID), func(t *tx) (err error) {
		events, err = list(ctx, t, scanEvent, query, sourceID, max(limit, 0))
		return err
	})
	return events, err
}

// They take source, kind; of all sources, kind.
const (
	openEvents      = `SELECT ` + eventColumns + ` FROM event e WHERE e.source_id = $1 AND e.kind = $2 AND e.ended_at IS NULL ORDER BY e.subject`
	openEventsOfAll = `SELECT ` + eventColumns + ` FROM event e WHERE e.kind = $1 AND e.ended_at IS NULL ORDER BY e.source_id`
)

// OpenEvents lists the events of that source, 0 = of all sources, and kind that go
// on, by source and subject.
func (s *Store) OpenEvents(ctx context.Context, sourceID int64, kind news.EventKind) (events []news.Event, err error) {
	query, args := openEvents, []any{sourceID, kind}
	if sourceID == 0 {
		query, args = openEventsOfAll, []any{kind}
	}
	err = s.read(ctx, fmt.Sprintf("open %s events of source %d", kind, sourceID), func(t *tx) (err error) {
		events, err = list(ctx, t, scanEvent, query, args...)
		return err
	})
	slices.SortFunc(events, func(a, b news.Event) int {
		return cmp.Or(cmp.Compare(a.SourceID, b.SourceID), cmp.Compare(a.Subject, b.Subject))
	})
	return events, err
}
