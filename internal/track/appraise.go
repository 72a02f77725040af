package track

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"stet/internal/appraise"
	"stet/internal/diff"
	"stet/internal/news"
	"stet/internal/store"
)

// How the follower that appraises works.
const (
	AppraiseBatch = 50          // entries of the change log in one step
	AppraiseRest  = time.Second // between steps when the log is at its end
)

// An Appraiser is the follower of the change log that says what each change of a
// text means (package appraise) and keeps that beside the change. It reads and
// compares outside of any transaction, and writes a batch in one, so that it never
// keeps the pipeline waiting. When rules, weights or the comparison are others than
// last time, it begins at the beginning of the log.
//
// A change of which a version cannot be read is logged and left out. What is known
// of a change's dates is what its two versions say: the store keeps no history of
// the lastmod of a sitemap's entries.
type Appraiser struct {
	store   *store.Store
	weights appraise.Weights
	basis   store.Basis
	log     *slog.Logger
}

// NewAppraiser makes an Appraiser; log nil means silence. It errs when a weight is
// none.
func NewAppraiser(s *store.Store, w appraise.Weights, log *slog.Logger) (*Appraiser, error) {
	if err := w.Check(); err != nil {
		return nil, err
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Appraiser{s, w, basis(w), log}, nil
}

// basis names what an appraisal follows from beside its two texts.
func basis(w appraise.Weights) store.Basis {
	// Findings name changes by ids that the comparison gives, so another comparison
	// is another basis.
	h := sha256.New()
	fmt.Fprintf(h, "comparison %d\n", diff.Algorithm)
	for _, name := range slices.Sorted(maps.Keys(w)) {
		fmt.Fprintf(h, "%s = %g\n", name, w[name])
	}
	return store.Basis{Rules: appraise.Rules, Weights: hex.EncodeToString(h.Sum(nil)[:6])}
}

// CatchUp appraises all that the change log holds by now, and gives how many
// changes of a text it appraised. store.ErrConflict when another process appraises
// by other weights.
func (a *Appraiser) CatchUp(ctx context.Context) (appraised int, err error) {
	if err := a.store.BeginAppraisals(ctx, a.basis); err != nil {
		return 0, err
	}
	for {
		read, done, err := a.step(ctx)
		appraised += done
		if err != nil || read == 0 {
			return appraised, err
		}
	}
}

// Run appraises until ctx ends, resting between looks at the log. Faults of our own
// are logged and it tries again later: what it makes can always be made anew. When
// another process appraises by other weights, it leaves the log to that one.
func (a *Appraiser) Run(ctx context.Context, rest time.Duration) error {
	begun := false
	for ctx.Err() == nil {
		err := a.turn(ctx, &begun)
		wait := rest
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, store.ErrConflict):
			a.log.Warn("appraisals are left to another process", "error", err)
			return nil
		case err != nil:
			a.log.Error("appraise", "error", err, "rest", ErrorRest)
			wait = ErrorRest
		}
		if err := sleep(ctx, wait); err != nil {
			return nil
		}
	}
	return nil
}

// turn begins once, and then goes on to the end of the log.
func (a *Appraiser) turn(ctx context.Context, begun *bool) error {
	if !*begun {
		if err := a.store.BeginAppraisals(ctx, a.basis); err != nil {
			return err
		}
		*begun = true
	}
	for {
		if read, _, err := a.step(ctx); err != nil || read == 0 {
			return err
		}
	}
}

// step appraises the next changes of the log; read is 0 at its end.
func (a *Appraiser) step(ctx context.Context) (read, done int, err error) {
	from, err := a.store.Cursor(ctx, a.basis.Cursor())
	if err != nil {
		return 0, 0, err
	}
	log, err := a.store.Changes(ctx, from, AppraiseBatch)
	if err != nil || len(log) == 0 {
		return 0, 0, err
	}
	var batch []store.Appraised
	for _, c := range log {
		if c.Type != news.VersionAppeared || c.Number == 0 {
			continue
		}
		x, err := a.appraise(ctx, c)
		if errors.Is(err, store.ErrDamaged) || errors.Is(err, store.ErrNotFound) {
			a.log.Error("a change cannot be appraised", "article", c.ArticleID, "version", c.Number, "error", err)
			continue
		}
		if err != nil {
			return 0, 0, err
		}
		batch = append(batch, store.Appraised{Seq: c.Seq, Appraisal: x})
	}
	return len(log), len(batch), a.store.PutAppraisals(ctx, a.basis, log[len(log)-1].Seq, batch)
}

func (a *Appraiser) appraise(ctx context.Context, c news.Change) (news.Appraisal, error) {
	is, err := a.store.Version(ctx, c.VersionID)
	if err != nil {
		return news.Appraisal{}, err
	}
	was, err := a.store.VersionByNumber(ctx, c.ArticleID, c.Number-1)
	if err != nil {
		return news.Appraisal{}, err
	}
	script := diff.Compare(was.Content, is.Content)
	return appraise.Change(was.Content, is.Content, script, appraise.Dates{}, a.weights), nil
}
