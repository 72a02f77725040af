package track

import (
	"context"
	"errors"
	"fmt"
	"time"

	"stet/internal/compare"
	"stet/internal/news"
	"stet/internal/store"
)

// A source's template changes when many of its articles change by the same
// blocks, or their texts stand elsewhere on the page, at once.
const (
	Witnesses    = 2              // siblings that are asked, at most, whether their pages changed alike
	HomeArticles = 5              // articles whose text moved to one new place, from which the template has changed
	TemplateTime = 48 * time.Hour // without another article, after which such a change is over
)

// templateSubject is what a template event is about: a source has one at a time.
const templateSubject = "template"

// witness looks at another article of the source before a block is believed
// that came or went alone: if that article's page won or lost the same block, or
// its text moved to the same new place, the source's template changed, and not
// the article. The look is no visit and leaves no capture.
func (t *Tracker) witness(ctx context.Context, c *comparison) error {
	ids, err := t.o.Store.Siblings(ctx, c.a.ID, Witnesses)
	if err != nil {
		return err
	}
	for _, id := range ids {
		told, err := t.ask(ctx, c, id)
		if err != nil {
			return err
		}
		if told {
			return t.judge(ctx, c)
		}
	}
	return nil
}

// ask looks at a sibling. It reports whether that changed what is known; a
// sibling that cannot be looked at tells nothing.
func (t *Tracker) ask(ctx context.Context, c *comparison, id int64) (told bool, err error) {
	sibling, err := t.o.Store.Visiting(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && (sibling.Current == nil || sibling.Damaged != nil) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	l, err := t.look(ctx, sibling, true)
	if err != nil || l.outcome != news.OK {
		return false, err
	}
	known, err := t.known(ctx, sibling, l)
	if err != nil {
		return false, err
	}
	return c.compareWith(known.Judge(compare.Look{Page: l.page, At: l.got})), nil
}

// compareWith takes over what a sibling's page shows: blocks that both won or
// lost, and the new home of both texts.
func (c *comparison) compareWith(w compare.Verdict) bool {
	open := map[uint64]bool{}
	for _, b := range w.Open {
		open[news.Key(b.Text)] = true
	}
	for _, b := range c.result.Lone {
		if k := news.Key(b.Text); open[k] {
			c.flooded = append(c.flooded, k)
		}
	}
	c.redone = c.result.Home != 0 && w.Home == c.result.Home
	c.known.Redesign = c.known.Redesign || c.redone
	return len(c.flooded) > 0 || c.redone
}

// event tells of the template when this visit shows that it changed: a witness
// said so, or so many articles' texts moved to one new place, and none back; or
// that it changed for this article too.
func (t *Tracker) event(ctx context.Context, v *store.Visit, c comparison) error {
	note, articles, err := t.templateNote(ctx, v, c)
	if err != nil || note == "" && len(c.known.Template) == 0 {
		return err
	}
	open, err := t.o.Store.OpenEvents(ctx, c.a.SourceID, news.TemplateChanged)
	if err != nil {
		return err
	}
	if len(open) > 0 {
		articles = 1
		if note == "" {
			note = open[0].Note
		}
	}
	if note != "" {
		v.Event = &news.Event{Kind: news.TemplateChanged, Subject: templateSubject, Note: note, Articles: articles}
	}
	return nil
}

// templateNote says how the template is seen to have changed, and for how many
// articles; nothing when it is not.
func (t *Tracker) templateNote(ctx context.Context, v *store.Visit, c comparison) (note string, articles int, err error) {
	articles = 1
	switch {
	case len(c.flooded) > 0:
		note, articles = "the same blocks came or went on several articles at once", 2
	case c.redone:
		note, articles = "the text of several articles stands elsewhere on the page", 2
	case c.known.Redesign:
		note = "the text of several articles stands elsewhere on the page"
	}
	if c.result.Home == 0 {
		return note, articles, nil
	}
	n, err := t.moves(ctx, v, c)
	if n >= HomeArticles && note == "" {
		note, articles = "the text of many articles stands elsewhere on the page", n
	}
	return note, articles, err
}

// moves counts the articles whose text moved as this one's did, this one
// included; none when some moved back, as in a test of two templates.
func (t *Tracker) moves(ctx context.Context, v *store.Visit, c comparison) (int, error) {
	name := func(from, to uint64) uint64 { return news.Key(fmt.Sprintf("home %x to %x", from, to)) }
	there, back := name(c.result.FromHome, c.result.Home), name(c.result.Home, c.result.FromHome)
	n, err := t.o.Store.Recurring(ctx, c.a.SourceID, []uint64{there, back})
	if err != nil || n[back] > 0 {
		return 0, err
	}
	v.Recur = append(v.Recur, there)
	return n[there] + 1, nil
}
