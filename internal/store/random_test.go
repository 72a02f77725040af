package store

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"stet/internal/news"
)

// A player does random things to a store, the way a pipeline would, and keeps
// in mind what must be true afterwards.
type player struct {
	*bench
	r     *rand.Rand
	held  Lease
	texts map[int64][]news.Digest // identities of the versions of each article
	ids   []int64
	seq   int64
}

// TestRandomEvents: after every step of a random life, every promise holds.
func TestRandomEvents(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			p := &player{bench: b, r: rand.New(rand.NewPCG(seed, 1)), texts: map[int64][]news.Digest{}}
			p.held = b.lease()
			for step := range 50 {
				p.clock.pass(time.Duration(p.r.IntN(5000)) * time.Millisecond)
				name := p.step()
				r, err := b.Verify(b.ctx, nil)
				b.must(err)
				if len(r.Problems) > 0 {
					t.Fatalf("step %d, %s: %q", step, name, r.Problems)
				}
				p.check(name)
			}
		})
	}
}

// step does one thing and names it.
func (p *player) step() string {
	if len(p.ids) == 0 {
		p.find()
		return "find"
	}
	id := p.ids[p.r.IntN(len(p.ids))]
	switch n := p.r.IntN(20); {
	case n < 3:
		p.find()
		return "find"
	case n < 13:
		return p.look(id)
	case n < 15:
		_, err := p.IndexChanges(p.ctx, p.r.IntN(4))
		p.must(err)
		return "index"
	case n == 15:
		reason := ""
		if p.r.IntN(2) == 0 {
			reason = "law"
		}
		p.must(p.Hide(p.ctx, id, reason))
		return "hide"
	case n == 16:
		p.must(p.ReleaseHost(p.ctx, p.held, time.Time{}))
		p.held = p.lease()
		return "lease"
	case n == 17:
		_, err := p.AddRequest(p.ctx, fmt.Sprint("https://courier.example.org/q", p.r.IntN(3)), "courier.example.org", "")
		p.must(err)
		return "request"
	case n == 18:
		p.must(p.SetCursor(p.ctx, SearchCursor, 0))
		return "index anew"
	default:
		p.clock.pass(-time.Hour)
		return "clock back"
	}
}

func (p *player) find() {
	name := fmt.Sprint("n", p.r.IntN(12))
	res, err := p.RecordFeedVisit(p.ctx, p.held, FeedVisit{Feed: p.feed, Entries: []FoundEntry{
		{Address: address("https://courier.example.org/" + name), Updated: p.clock.t}}})
	p.must(err)
	if res.Added == 1 {
		id, err := p.Lookup(p.ctx, "courier.example.org/"+name)
		p.must(err)
		p.ids = append(p.ids, id)
	}
}

// look visits an article: anything may come back.
func (p *player) look(id int64) string {
	x := p.visiting(id)
	v := p.visit(p.held, id, news.OK)
	v.State = x.State
	switch n := p.r.IntN(10); {
	case x.State == news.Duplicate:
		return "leave the duplicate alone"
	case n < 4:
		c := content("Headline", fmt.Sprint("text ", p.r.IntN(3)))
		texts := p.texts[id]
		newest := len(texts) > 0 && c.Identity() == texts[len(texts)-1]
		if newest && x.Current.Number < x.Versions-1 {
			back := x.Versions - 1
			v.Return, v.State = &back, news.Live
			p.recorded(id, v)
			return "return to the newest"
		}
		if newest || x.Current != nil && c.Identity() == x.Current.Content.Identity() && p.r.IntN(2) == 0 {
			v.Sighting = true
			p.recorded(id, v)
			return "sighting"
		}
		v = p.withBody(v.withVersion(x.Versions, c), fmt.Sprint("body ", p.r.IntN(5)))
		v.State, v.Changes[0].After, v.Keys, v.Memory = news.Live, x.LastOK, []uint64{p.r.Uint64()}, []byte{1}
		v.Changes[0].Grown = p.r.IntN(4) == 0
		p.texts[id] = append(p.texts[id], c.Identity())
		if p.r.IntN(3) == 0 {
			confirm := v.Capture
			v.Confirm = &confirm
		}
		p.recorded(id, v)
		return "version"
	case n == 4 && x.Versions > 1:
		back := p.r.IntN(x.Versions)
		v.Return, v.State = &back, news.Live
		p.recorded(id, v)
		return "return"
	case n == 5 && x.State == news.Live:
		lost := []struct {
			state  news.State
			change news.ChangeType
		}{{news.StateGone, news.ArticleGone}, {news.Away, news.ArticleMoved}, {news.Barred, news.ArticleBarred}, {news.Paywalled, news.ArticlePaywall}}[p.r.IntN(4)]
		v.Capture.Outcome, v.State = news.Gone, lost.state
		v.Changes = []news.Change{{Type: lost.change, After: x.LastOK}}
		p.recorded(id, v)
		return string(lost.state)
	case n == 6 && len(p.ids) > 1 && id != p.ids[0]:
		v.DuplicateOf = p.ids[0]
		p.recorded(id, v)
		return "duplicate"
	case n == 7:
		return p.wrong(x, v)
	default:
		v.Capture.Outcome = news.Failed
		p.recorded(id, v)
		return "failure"
	}
}

// wrong tries what must be refused.
func (p *player) wrong(x Visiting, v Visit) string {
	v = v.withVersion(x.Versions+1, content("Wrong"))
	if _, err := p.RecordVisit(p.ctx, v); !errors.Is(err, ErrConflict) {
		p.t.Fatalf("a gap in the numbers: %v", err)
	}
	v.Lease.Token = "stolen"
	if _, err := p.RecordVisit(p.ctx, v); !errors.Is(err, ErrLeaseLost) {
		p.t.Fatalf("another's lease: %v", err)
	}
	return "wrong"
}

func (p *player) recorded(id int64, v Visit) {
	key := uint64(p.r.IntN(5))
	v.Held, v.Recur = []news.Held{{Key: key, Absent: p.r.IntN(2) == 0}}, []uint64{key}
	v.Event = &news.Event{Kind: news.TemplateChanged, Subject: fmt.Sprint(key)}
	v.Pulse = &news.Pulse{Visits: 1}
	v.Pulse.AddRead(p.r.IntN(99), p.r.Float64())
	for _, c := range p.record(v) {
		if c.Seq != p.seq+1 || c.ArticleID != id {
			p.t.Fatalf("change %+v after %d", c, p.seq)
		}
		p.seq = c.Seq
	}
}

// check compares the store with what the player has in mind.
func (p *player) check(step string) {
	versions := 0
	for id, texts := range p.texts {
		versions += len(texts)
		for number, want := range texts {
			v, err := p.VersionByNumber(p.ctx, id, number)
			p.must(err)
			if v.Content.Identity() != want {
				p.t.Fatalf("%s: version %d of article %d has another text", step, number, id)
			}
		}
	}
	n, err := p.Totals(p.ctx)
	p.must(err)
	if n.Versions != versions || n.Articles != len(p.ids) {
		p.t.Fatalf("%s: totals %+v, want %d versions, %d articles", step, n, versions, len(p.ids))
	}
	p.leaf(step)
}

// leaf goes through the list of changed versions from its newest page to its end and
// back: each version that may be shown is there once, in order, both ways.
func (p *player) leaf(step string) {
	want := 0
	for id, texts := range p.texts {
		if a, _, err := p.Article(p.ctx, id); err == nil && a.Hidden == "" {
			want += max(0, len(texts)-1)
		}
	}
	var down, up []int64
	size := 1 + p.r.IntN(4)
	page := Page{Size: size}
	for last := int64(0); ; {
		rows, ends, err := p.VersionList(p.ctx, VersionQuery{Page: page, ChangedOnly: true})
		p.must(err)
		for _, r := range rows {
			down = append(down, r.ID)
		}
		if len(rows) > 0 {
			last = rows[len(rows)-1].ID
		}
		if page.Before = ends.Older; page.Before == 0 {
			page = Page{Size: size, After: last}
			break
		}
	}
	if !slices.IsSortedFunc(down, func(a, b int64) int { return cmp.Compare(b, a) }) || len(down) != want {
		p.t.Fatalf("%s: downwards %v, want %d", step, down, want)
	}
	for page.After != 0 {
		rows, ends, err := p.VersionList(p.ctx, VersionQuery{Page: page, ChangedOnly: true})
		p.must(err)
		for _, r := range slices.Backward(rows) {
			if r.ID > page.After { // the newest page may begin below
				up = append(up, r.ID)
			}
		}
		page.After = ends.Newer
	}
	slices.Reverse(up)
	if want > 0 && !slices.Equal(up, down[:want-1]) {
		p.t.Fatalf("%s: upwards %v, downwards %v", step, up, down)
	}
}

// TestLifeSurvivesReopening: after a random life
// the store, opened anew, says the same.
func TestLifeSurvivesReopening(t *testing.T) {
	b := newBench(t)
	p := &player{bench: b, r: rand.New(rand.NewPCG(99, 1)), texts: map[int64][]news.Digest{}, held: b.lease()}
	for range 100 {
		p.clock.pass(time.Second)
		p.step()
	}
	again := openStore(t, Options{Dir: filepath.Clean(b.dir), Now: b.clock.now, MustExist: true})
	p.Store = again
	p.check("reopened")
	p.verify()
}
