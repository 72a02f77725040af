package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"stet/internal/news"
)

const articleColumns = `a.id, a.source_id, a.url, a.state, a.headline, a.language, a.versions, a.found_at, a.published, a.due,
	a.last_visit, a.last_ok, a.changed_at, a.gone_at, a.state_at, a.hidden, a.captures, a.held, a.alternates, a.returns,
	a.reserved, a.reserved_at, a.tdm_policy`

// articleInto is where articleColumns go; alternates are read by parseNumbers.
func articleInto(a *news.Article, alternates *string) []any {
	return []any{&a.ID, &a.SourceID, &a.URL, &a.State, &a.Headline, &a.Language, &a.Versions, when{&a.FoundAt}, when{&a.Published}, when{&a.Due},
		when{&a.LastVisit}, when{&a.LastOK}, when{&a.ChangedAt}, when{&a.GoneAt}, when{&a.StateAt},
		&a.Hidden, &a.Captures, &a.Held, alternates, &a.Sightings,
		reservedList{&a.Reserved.What}, when{&a.ReservedAt}, &a.Reserved.Policy}
}

func scanArticle(r row) (a news.Article, err error) {
	var alternates string
	if err = r.Scan(articleInto(&a, &alternates)...); err == nil {
		a.Between, err = parseNumbers(alternates)
	}
	return a, err
}

// formatNumbers and parseNumbers are the form of a list of version numbers.
func formatNumbers(numbers []int) string {
	parts := make([]string, len(numbers))
	for i, n := range numbers {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, ",")
}

func parseNumbers(s string) (numbers []int, err error) {
	if s == "" {
		return nil, nil
	}
	for p := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(p)
		if err != nil {
			return nil, fmt.Errorf("list of numbers %q: %w", s, err)
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}

// found is an article as it is first heard of.
type found struct {
	sourceID  int64
	address   news.Address
	title     string
	origin    string
	published time.Time
	due       time.Time
}

// AddArticle adds an article that was found outside of feeds; when one is known
// under the address, that one is given back, and false. origin says how it was
// found: "request", "import". A zero due is now.
func (s *Store) AddArticle(ctx context.Context, sourceID int64, a news.Address, title, origin string, published, due time.Time) (art news.Article, added bool, err error) {
	err = s.write(ctx, "add article "+a.URL, func(t *tx) (err error) {
		art, added, err = t.addArticle(ctx, found{sourceID, a, title, origin, published, due})
		return err
	})
	return art, added && err == nil, err
}

// addArticle is found by the key of its address alone: the same page under
// another spelling, or in another source's feed, is the same article.
func (t *tx) addArticle(ctx context.Context, f found) (a news.Article, added bool, err error) {
	if f.address.Key == "" || f.address.Host == "" {
		return a, false, fmt.Errorf("address %q: not parsed", f.address.URL)
	}
	a, err = one(ctx, t, scanArticle, `SELECT `+articleColumns+` FROM address d JOIN article a ON a.id = d.article_id WHERE d.key = $1`, f.address.Key)
	if err == nil {
		return a, false, t.address(ctx, a.ID, f.address, f.origin)
	}
	if !errors.Is(err, ErrNotFound) {
		return a, false, err
	}
	if f.due.IsZero() {
		f.due = t.now
	}
	hostID, err := t.host(ctx, f.address.Host)
	if err != nil {
		return a, false, err
	}
	a, err = one(ctx, t, scanArticle, `INSERT INTO article AS a (source_id, host_id, url, state, headline, language, hidden, found_at, published, due,
		period, versions, captures, etag, last_modified, doubt_outcome, doubt_count, alternates, returns)
		VALUES ($1, $2, $3, 'new', $4, '', '', $5, $6, $7, 0, 0, 0, '', '', '', 0, '', 0)
		RETURNING `+strings.ReplaceAll(articleColumns, "a.", ""),
		f.sourceID, hostID, f.address.URL, f.title, micros(t.now), micros(f.published), micros(t.planned(f.due)))
	if err != nil {
		return a, false, err
	}
	if err := t.address(ctx, a.ID, f.address, f.origin); err != nil {
		return a, false, err
	}
	if err := t.count(ctx, f.sourceID, tally{articles: 1}); err != nil {
		return a, false, err
	}
	return a, true, t.ready(ctx, hostID, t.planned(f.due))
}

// address notes that the article was seen under the address. An address that
// belongs to another article stays with it: to move it is a decision.
func (t *tx) address(ctx context.Context, articleID int64, a news.Address, origin string) error {
	_, err := t.ExecContext(ctx, `INSERT INTO address AS d (key, article_id, url, origin, first_seen, last_seen) VALUES ($1, $2, $3, $4, $5, $5)
		ON CONFLICT (key) DO UPDATE SET last_seen = excluded.last_seen
		WHERE d.article_id = excluded.article_id AND d.last_seen < excluded.last_seen`,
		a.Key, articleID, a.URL, origin, micros(t.now))
	return err
}

// Lookup gives the article that was seen under the address of this key (see
// news.Address); ErrNotFound when there is none.
func (s *Store) Lookup(ctx context.Context, key string) (articleID int64, err error) {
	err = s.read(ctx, "look up "+key, func(t *tx) (err error) {
		articleID, err = t.id(ctx, `SELECT article_id FROM address WHERE key = $1`, key)
		return err
	})
	return articleID, err
}

// Article gives an article and its source, also when it is hidden; ErrNotFound
// when there is none.
func (s *Store) Article(ctx context.Context, id int64) (a news.Article, src news.Source, err error) {
	err = s.read(ctx, fmt.Sprintf("article %d", id), func(t *tx) error {
		if a, err = one(ctx, t, scanArticle, `SELECT `+articleColumns+` FROM article a WHERE a.id = $1`, id); err != nil {
			return err
		}
		src, err = one(ctx, t, scanSource, `SELECT `+sourceColumns+` FROM source s WHERE s.id = $1`, a.SourceID)
		return err
	})
	return a, src, err
}

// ArticleAddresses lists the addresses that the article was seen under, first
// seen first.
func (s *Store) ArticleAddresses(ctx context.Context, id int64) (rows []AddressRow, err error) {
	scan := func(r row) (a AddressRow, err error) {
		return a, r.Scan(&a.URL, &a.Key, &a.Origin, when{&a.FirstSeen}, when{&a.LastSeen})
	}
	err = s.read(ctx, fmt.Sprintf("addresses of article %d", id), func(t *tx) (err error) {
		rows, err = list(ctx, t, scan, `SELECT url, key, origin, first_seen, last_seen FROM address WHERE article_id = $1 ORDER BY first_seen, key`, id)
		return err
	})
	return rows, err
}

// Hide keeps an article out of lists, search and feeds, for a reason in words
// (law); an empty reason shows it again. Nothing of it is deleted. What is hidden
// by hand so, no visit shows again (see Visit.Withhold).
func (s *Store) Hide(ctx context.Context, articleID int64, reason string) error {
	return s.write(ctx, fmt.Sprintf("hide article %d", articleID), func(t *tx) error {
		if err := t.exec(ctx, `UPDATE article SET hidden = $2, hidden_by_page = 0 WHERE id = $1`, articleID, reason); err != nil {
			return err
		}
		return t.index(ctx, articleID) // at once: the log has no entry for it
	})
}

// siblings takes article, limit.
const siblings = `SELECT a.id FROM article x JOIN article a ON a.source_id = x.source_id
	WHERE x.id = $1 AND a.id <> x.id AND a.host_id = x.host_id AND a.state = 'live' AND a.last_ok IS NOT NULL
	AND EXISTS (SELECT 1 FROM baseline b WHERE b.article_id = a.id) ORDER BY a.last_ok DESC LIMIT $2`

// Siblings lists other live articles of the article's source and host that have
// a baseline, the last seen first, at most n: any of them may be looked at as a
// witness of what the whole source does.
func (s *Store) Siblings(ctx context.Context, articleID int64, n int) (ids []int64, err error) {
	err = s.read(ctx, fmt.Sprintf("siblings of article %d", articleID), func(t *tx) (err error) {
		ids, err = list(ctx, t, func(r row) (id int64, err error) { return id, r.Scan(&id) }, siblings, articleID, max(n, 0))
		return err
	})
	return ids, err
}
