package track

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"stet/internal/extract"
	"stet/internal/store"
)

// RulesTime is how long the ignore rules of a source are remembered: a new rule
// is in force that much later at most.
const RulesTime = time.Minute

// A ruleBook remembers the ignore rules of sources, ready to be used.
type ruleBook struct {
	mu    sync.Mutex // protects pages
	pages map[int64]rulePage
}

// A rulePage holds the rules of one source.
type rulePage struct {
	rules []extract.Ignore
	until time.Time
}

func newRuleBook() *ruleBook { return &ruleBook{pages: map[int64]rulePage{}} }

// of gives the rules of a source. One that cannot be read, since another program
// saved it, is left out and told of: it must not stop the visits.
func (b *ruleBook) of(ctx context.Context, st *store.Store, sourceID int64, now time.Time, log *slog.Logger) ([]extract.Ignore, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p, ok := b.pages[sourceID]; ok && now.Before(p.until) {
		return p.rules, nil
	}
	rules, bad, err := rulesOf(ctx, st, sourceID)
	if err != nil {
		return nil, err
	}
	if bad != nil {
		log.Error("ignore rules that cannot be read are not applied", "error", bad)
	}
	b.pages[sourceID] = rulePage{rules, now.Add(RulesTime)}
	return rules, nil
}

// rulesOf reads the rules of a source; bad tells of those that cannot be read.
func rulesOf(ctx context.Context, st *store.Store, sourceID int64) (rules []extract.Ignore, bad, err error) {
	saved, err := st.Ignores(ctx, sourceID)
	if err != nil {
		return nil, nil, err
	}
	for _, g := range saved {
		rule, err := extract.ParseIgnore(g.Selector, g.Pattern)
		if err != nil {
			bad = errors.Join(bad, fmt.Errorf("rule %d of source %d: %w", g.ID, sourceID, err))
			continue
		}
		rule.ID = g.ID
		rules = append(rules, rule)
	}
	return rules, bad, nil
}
