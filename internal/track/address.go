package track

import (
	"context"
	"errors"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// addresses are those under which the article answered.
func (l look) addresses() []news.Address {
	var out []news.Address
	for _, raw := range []string{l.fetch.URL, l.fetch.Final} {
		if a, err := news.ParseAddress(raw, nil); err == nil {
			out = append(out, a)
		}
	}
	if a, ok := l.canonical(); ok {
		out = append(out, a)
	}
	return out
}

// canonical is the address by which the page names itself. A front page is
// never believed: it is a template's mistake, and would make all articles of
// the source one.
func (l look) canonical() (news.Address, bool) {
	a, err := news.ParseAddress(l.page.Canonical, nil)
	return a, err == nil && !isFront(a)
}

// movedTo is where the article's address redirects for good; false when it does
// not, or not for good.
func movedTo(a store.Visiting, l look) (from, to news.Address, ok bool) {
	if len(l.fetch.Hops) == 0 {
		return from, to, false
	}
	for _, h := range l.fetch.Hops {
		if h.Status != 301 && h.Status != 308 {
			return from, to, false
		}
	}
	from, err1 := news.ParseAddress(a.URL, nil)
	to, err2 := news.ParseAddress(l.fetch.Final, nil)
	return from, to, err1 == nil && err2 == nil && from.URL != to.URL
}

// follow moves the visits of an article to where its address redirects for
// good. It is a change when the new address is another one, not just another
// spelling, and the article was known before.
func follow(v *store.Visit, a store.Visiting, l look) {
	from, to, ok := movedTo(a, l)
	if !ok {
		return
	}
	v.MoveTo = to.URL
	if from.Key != to.Key && a.Current != nil {
		v.Changes = append(v.Changes, news.Change{Type: news.ArticleMoved, After: a.LastOK, Before: l.got, Note: to.URL})
	}
}

// owner is the other article that has an address; 0 if none has.
func (t *Tracker) owner(ctx context.Context, a store.Visiting, addr news.Address) (news.Article, error) {
	id, err := t.o.Store.Lookup(ctx, addr.Key)
	if errors.Is(err, store.ErrNotFound) || err == nil && id == a.ID {
		return news.Article{}, nil
	}
	if err != nil {
		return news.Article{}, err
	}
	other, _, err := t.o.Store.Article(ctx, id)
	return other, err
}

// duplicate finds the article that an article without versions turns out to
// be: the one that owns the address it redirects to or names itself by, and
// has the same headline.
func (t *Tracker) duplicate(ctx context.Context, a store.Visiting, l look) (int64, error) {
	for _, addr := range l.addresses() {
		other, err := t.owner(ctx, a, addr)
		if err != nil {
			return 0, err
		}
		if other.Versions > 0 && news.Fold(other.Headline) == news.Fold(l.page.Content.Headline) {
			return other.ID, nil
		}
	}
	return 0, nil
}

// merged finds the article that goes on where this one, known for long, has
// moved for good: the publisher gave it a new address, and a feed told of that
// address first.
func (t *Tracker) merged(ctx context.Context, a store.Visiting, l look) (int64, error) {
	_, to, ok := movedTo(a, l)
	if !ok {
		return 0, nil
	}
	other, err := t.owner(ctx, a, to)
	if other.Versions == 0 {
		return 0, err
	}
	return other.ID, err
}

// leave ends the visits to an article in favour of the other that it is.
func (t *Tracker) leave(ctx context.Context, a store.Visiting, l look, other int64, err error) (store.Visit, error) {
	if err != nil {
		return store.Visit{}, err
	}
	v, err := t.basis(ctx, a, l, true)
	v.State, v.DuplicateOf, v.Due = news.Duplicate, other, time.Time{}
	if a.Current != nil {
		v.Changes = append(v.Changes, news.Change{Type: news.ArticleMoved, After: a.LastOK, Before: l.got, Note: l.fetch.Final})
	}
	return v, err
}
