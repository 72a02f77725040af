package store

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"stet/internal/search"
)

// SearchCursor is the name of the search index's cursor.
const SearchCursor = "search"

// IndexChanges is a step of the follower that keeps the search index: it takes
// up to limit entries of the change log and puts the newest text of their
// articles into the index, in one transaction with its cursor. It gives how many
// entries it took; 0 = the index is up to date. Hidden articles are taken out;
// articles that are gone stay, with their last text.
func (s *Store) IndexChanges(ctx context.Context, limit int) (n int, err error) {
	err = s.write(ctx, "index changes", func(t *tx) error {
		n = 0
		from, err := t.cursor(ctx, SearchCursor)
		if err != nil {
			return err
		}
		log, err := list(ctx, t, scanChange, `SELECT `+changeColumns+` FROM change c WHERE c.seq > $1 ORDER BY c.seq LIMIT $2`, from, max(limit, 0))
		if err != nil || len(log) == 0 {
			return err
		}
		done := make(map[int64]bool)
		for _, c := range log {
			if done[c.ArticleID] {
				continue
			}
			done[c.ArticleID] = true
			if err := t.index(ctx, c.ArticleID); err != nil {
				return fmt.Errorf("article %d: %w", c.ArticleID, err)
			}
		}
		n = len(log)
		return t.setCursor(ctx, SearchCursor, log[n-1].Seq)
	})
	return n, err
}

// index makes the article's row of the search index true.
func (t *tx) index(ctx context.Context, articleID int64) error {
	if _, err := t.ExecContext(ctx, `DELETE FROM article_search WHERE rowid = $1`, articleID); err != nil {
		return err
	}
	shown, err := t.id(ctx, `SELECT count(*) FROM article WHERE id = $1 AND versions > 0 AND length(hidden) = 0`, articleID)
	if err != nil || shown == 0 {
		return err
	}
	v, err := t.version(ctx, `v.article_id = $1 AND v.number = (SELECT versions - 1 FROM article WHERE id = $1)`, articleID)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `INSERT INTO article_search (rowid, headline, body) VALUES ($1, $2, $3)`,
		articleID, parted(v.Content.Headline), parted(v.Content.Standfirst+"\n"+v.Content.Text()))
	return err
}

// parted puts spaces around each character of the scripts that write no spaces
// between words, so that the index takes each for a word: a word of such a
// script is then a phrase of characters, found wherever it stands.
func parted(text string) string {
	if !strings.ContainsFunc(text, unspaced) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if unspaced(r) {
			b.WriteByte(' ')
			b.WriteRune(r)
			b.WriteByte(' ')
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// MaxFound is up to which number what a search finds is counted.
const MaxFound = 1000

// Search finds articles whose newest text fits the query, newest article first,
// and gives the newest version of each; cursors of pages are ids of articles. total
// counts all that fit, up to MaxFound+1, which stands for more. An empty query finds
// nothing. q.After and q.Before bound when that version was first
// seen; q.Version asks that the article have a version of that number. Only
// texts that IndexChanges has taken are found by words.
func (s *Store) Search(ctx context.Context, q search.Query, p Page) (rows []VersionRow, total int, ends Ends, err error) {
	if q.Empty() {
		return nil, 0, Ends{}, nil
	}
	err = s.read(ctx, "search "+q.String(), func(t *tx) error {
		query, args := s.foundQuery(q)
		if err := t.QueryRowContext(ctx, query, args...).Scan(&total); err != nil {
			return err
		}
		var ids []int64
		if ids, ends, err = t.cut(ctx, s.searchKeys(q), p); err != nil || len(ids) == 0 {
			return err
		}
		query, args = searchRows(ids)
		rows, err = list(ctx, t, scanVersionRow, query, args...)
		rows = inOrder(ids, rows, func(r VersionRow) int64 { return r.ArticleID })
		return err
	})
	return rows, total, ends, err
}

// foundQuery counts articles alone: the joins would be made for all that fit, not
// for a page.
func (s *Store) foundQuery(q search.Query) (query string, args []any) {
	w := s.searchWhere(q)
	return `SELECT count(*) FROM (SELECT a.id FROM article a` + w.String() + ` LIMIT ` + w.arg(MaxFound+1) + `) AS found`, w.args
}

// searchKeys are the keys of what a search finds, none of it hidden.
func (s *Store) searchKeys(q search.Query) keyset {
	return keyset{from: `article a`, id: `a.id`, order: `a.id`, shown: `1`, where: *s.searchWhere(q)}
}

// searchRows reads the newest version of each article.
func searchRows(ids []int64) (query string, args []any) {
	w := &where{}
	w.and(`a.id IN ` + w.in(ids))
	return `SELECT ` + versionRowColumns + ` FROM article a JOIN source s ON s.id = a.source_id
		JOIN version v ON v.article_id = a.id AND v.number = a.versions - 1
		JOIN seen n ON n.version_id = v.id JOIN change c ON c.version_id = v.id
		LEFT JOIN appraisal p ON p.seq = c.seq` + w.String(), w.args
}

// searchWhere are the conditions, all on the article.
func (s *Store) searchWhere(q search.Query) *where {
	w := &where{}
	w.and(`length(a.hidden) = 0`)
	w.and(`a.versions > 0`)
	var wanted, barred []string
	for _, t := range q.Terms {
		if t.Exclude {
			barred = append(barred, matchTerm(t))
		} else {
			wanted = append(wanted, matchTerm(t))
		}
	}
	if len(wanted) > 0 {
		w.and(`a.id IN (SELECT rowid FROM article_search WHERE ` + s.d.match + w.arg(strings.Join(wanted, " AND ")) + `)`)
	}
	if len(barred) > 0 {
		w.and(`a.id NOT IN (SELECT rowid FROM article_search WHERE ` + s.d.match + w.arg(strings.Join(barred, " OR ")) + `)`)
	}
	if q.Source != "" {
		w.and(`a.source_id = (SELECT id FROM source WHERE key = ` + w.arg(q.Source) + `)`)
	}
	if q.Language != "" {
		lang := w.arg(strings.ToLower(q.Language))
		w.and(`(lower(a.language) = ` + lang + ` OR substr(lower(a.language), 1, length(` + lang + `) + 1) = ` + lang + ` || '-')`)
	}
	if !q.After.IsZero() {
		w.and(`a.changed_at >= ` + w.arg(micros(q.After)))
	}
	if !q.Before.IsZero() {
		w.and(`a.changed_at < ` + w.arg(micros(q.Before)))
	}
	if q.Version != nil {
		w.and(`a.versions > ` + w.arg(*q.Version))
	}
	return w
}

// matchTerm writes a term in the language of FTS5. All that a reader typed is
// inside a string, where only the quotation mark and NUL mean anything.
func matchTerm(t search.Term) string {
	s := matchString(t.Text)
	if t.Prefix {
		s = matchPrefix(t.Text)
	}
	if t.Title {
		s = "headline : " + s
	}
	return s
}

func matchString(text string) string {
	return `"` + strings.NewReplacer(`"`, `""`, "\x00", " ").Replace(parted(text)) + `"`
}

// matchPrefix finds words that begin so. The index holds stems, and the stemmer
// takes the given letters for a word: mostly it shortens them, which finds too
// much rather than too little, but it turns "may" into "mai", which is not how
// "mayor" begins. So a y at the end is also tried with each letter after it.
func matchPrefix(text string) string {
	alternatives := []string{matchString(text) + "*"}
	if strings.HasSuffix(text, "y") || strings.HasSuffix(text, "Y") {
		for c := 'a'; c <= 'z'; c++ {
			alternatives = append(alternatives, matchString(text+string(c))+"*")
		}
	}
	return "(" + strings.Join(alternatives, " OR ") + ")"
}
