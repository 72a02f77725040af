package track

import (
	"context"
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
	saved, err := st.Ignores(ctx, sourceID)
	if err != nil {
		return nil, err
	}
	var rules []extract.Ignore
	for _, g := range saved {
		rule, err := extract.ParseIgnore(g.Selector, g.Pattern)
		if err != nil {
			log.Error("an ignore rule cannot be read and is not applied", "rule", g.ID, "source", sourceID, "error", err)
			continue
		}
		rule.ID = g.ID
		rules = append(rules, rule)
	}
	b.pages[sourceID] = rulePage{rules, now.Add(RulesTime)}
	return rules, nil
}
