package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"stet/internal/news"
)

// add adds an article of a source that is there.
func add(ctx context.Context, s *Store, sourceID int64, url string) error {
	a, err := news.ParseAddress(url, nil)
	if err == nil {
		_, _, err = s.AddArticle(ctx, sourceID, a, "Bridge to close", "import", time.Time{}, time.Time{})
	}
	return err
}

// Done together is done whole or not at all; a part that fails is undone alone, and
// what was written is read before it is acknowledged.
func TestTogether(t *testing.T) {
	s := openStore(t, Options{Dir: t.TempDir()})
	ctx := t.Context()
	src, err := s.AddSource(ctx, news.Source{Key: "courier"})
	if err != nil {
		t.Fatal(err)
	}
	count := func(s *Store) int {
		row, err := s.Source(ctx, "courier")
		if err != nil {
			t.Fatal(err)
		}
		return row.Articles
	}
	odd := errors.New("odd")
	err = s.Together(ctx, func(v *Store) error {
		if err := add(ctx, v, src.ID, "https://courier.example.org/a"); err != nil {
			return err
		}
		err := v.Together(ctx, func(v *Store) error {
			if err := add(ctx, v, src.ID, "https://courier.example.org/b"); err != nil {
				return err
			}
			if n := count(v); n != 2 {
				t.Errorf("%d articles within the part, want 2", n)
			}
			return odd
		})
		if !errors.Is(err, odd) {
			t.Errorf("the part's error: %v", err)
		}
		if err := add(ctx, v, src.ID, "not an address"); err == nil {
			t.Error("no address was added")
		}
		if n, before := count(v), count(s); n != 1 || before != 0 {
			t.Errorf("%d articles in the view and %d outside, want 1 and 0", n, before)
		}
		return nil
	})
	if err != nil || count(s) != 1 {
		t.Fatalf("%v; %d articles, want 1", err, count(s))
	}
	err = s.Together(ctx, func(v *Store) error {
		if err := add(ctx, v, src.ID, "https://courier.example.org/c"); err != nil {
			return err
		}
		return odd
	})
	if !errors.Is(err, odd) || count(s) != 1 {
		t.Errorf("%v; %d articles, want 1", err, count(s))
	}
	cancelled, cancel := context.WithCancel(ctx)
	err = s.Together(cancelled, func(v *Store) error {
		err := add(ctx, v, src.ID, "https://courier.example.org/d")
		cancel()
		return err
	})
	if !errors.Is(err, context.Canceled) || count(s) != 1 {
		t.Errorf("cancelled: %v; %d articles, want 1", err, count(s))
	}
}

func TestCaptureAt(t *testing.T) {
	s := openStore(t, Options{Dir: t.TempDir()})
	if _, err := s.CaptureAt(t.Context(), 1, time.Now()); !errors.Is(err, ErrNotFound) {
		t.Errorf("of no article: %v", err)
	}
}
