package archive

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"stet/internal/news"
)

// NewsDiffsRepository reads a NewsDiffs (Django and git): path is its SQL – the
// SQLite file, or a dump by mysqldump, mariadb-dump or pg_dump, plain or as .gz
// – with the tables Articles and version. The texts are in git repositories, one
// file for each article and one commit for each version; see
// DumpOptions.Repository. They are read by the program git, which must be there.
//
//   - Headline and byline are those of each version, the text is the file as of
//     its commit without the first lines (date, title, byline), a paragraph a line;
//     ids and commits are kept.
//   - The time is that of the commit, which has a zone; that in SQL has none, and
//     is used when DumpOptions.Zone says what it is.
//   - A version that NewsDiffs calls boring has the text of the one before, which
//     was then still seen.
//   - Of a dump that is cut short, articles whose last_update is later than their
//     newest version are named and not given.
//
// With DumpOptions.Home the old addresses HOME/article-history/URL are aliases.
func NewsDiffsRepository(path string, o DumpOptions) (Reader, error) {
	folder := o.Repository
	if folder == "" {
		folder = filepath.Join(filepath.Dir(path), "articles")
	}
	git, err := newRepositories(folder)
	if err != nil {
		return nil, err
	}
	t, err := newTables(newsDiffs(git), path, o, mysql)
	if err != nil {
		return nil, errors.Join(err, git.Close())
	}
	t.close = append(t.close, git.Close)
	return t, nil
}

func newsDiffs(git *repositories) format {
	return format{
		origin: "newsdiffs",
		relations: []relation{
			{name: "Articles", whole: []string{"id"}, columns: []string{"url", "last_update", "git_dir"}, index: "id"},
			{name: "version", whole: []string{"id", "article_id"}, index: "article_id",
				columns: []string{"v", "title", "byline", "date", "boring"}},
		},
		keeps: []string{"v", "date"},
		next:  `SELECT id FROM Articles WHERE id > $1 ORDER BY id LIMIT 1`,
		orphans: `SELECT count(*), min(id) FROM version v
			WHERE NOT EXISTS (SELECT 1 FROM Articles a WHERE a.id = v.article_id)`,
		history: func(t *tables, id int64) (History, []*Fault, error) { return t.committed(git, id) },
		lacks:   committedLacks,
	}
}

const committedArticle = `SELECT url, last_update, git_dir FROM Articles WHERE id = $1`

// committed makes the history of one article from SQL and its repository.
func (t *tables) committed(git *repositories, id int64) (History, []*Fault, error) {
	a, err := t.one(committedArticle, id)
	if err != nil {
		return History{}, nil, err
	}
	h := History{URL: a["url"], OldID: strconv.FormatInt(id, 10)}
	h.Aliases = addresses(h.URL, t.link("/article-history/"+withoutScheme(h.URL))...)
	count, size := 0, 0
	boring := map[string]time.Time{} // old id → when; of versions that are none
	versions, faults, err := t.versionsOf(`SELECT id, v, title, byline, date, boring FROM version
		WHERE article_id = $1 ORDER BY date, id`, id, h.OldID, func(r fields) (Version, error) {
		text, when, err := git.text(a["git_dir"], r["v"], h.URL)
		if count, size = count+1, size+len(text); err == nil {
			err = tooLarge(count, size)
		}
		if err != nil {
			return Version{}, err
		}
		v, err := t.committedVersion(r, text, when)
		if isTrue(r["boring"]) {
			boring[r["id"]] = v.At
		}
		return v, err
	})
	h.Versions = withoutBoring(versions, boring)
	return h, faults, err
}

func (t *tables) committedVersion(r fields, text string, when time.Time) (v Version, err error) {
	v.At = when
	if t.o.Zone != nil {
		if v.At, err = at(r["date"], t.o.Zone); err != nil {
			return v, err
		}
	}
	v.Content = news.Content{Headline: r["title"]}
	if r["byline"] != "" {
		v.Content.Byline = []string{r["byline"]}
	}
	if v.Content.Blocks, v.Content.Cut = blocksOfText(body(text, r["title"])); len(v.Content.Blocks) == 0 {
		return v, errors.New("without text")
	}
	return v, nil
}

// headLines are the lines before the text: date, title and byline.
const headLines = 3

// body is the text without the lines before it. The first of them is missing
// when it is empty, for NewsDiffs strips the file; the title, of which SQL may hold
// the beginning only, tells where they end.
func body(text, title string) string {
	title = strings.TrimSpace(title)
	first := 1 // the line of the title
	if head, _, _ := strings.Cut(text, "\n"); title != "" && strings.HasPrefix(head, title) {
		first = 0
	}
	lines := strings.SplitN(text, "\n", first+headLines)
	if len(lines) < first+headLines {
		return ""
	}
	return lines[first+headLines-1]
}

// withoutBoring takes out the versions that are boring: the text before them was
// still seen then. One that has none before it stays.
func withoutBoring(versions []Version, boring map[string]time.Time) []Version {
	var out []Version
	for _, v := range versions {
		when, is := boring[v.OldID]
		if !is || len(out) == 0 {
			out = append(out, v)
			continue
		}
		last := &out[len(out)-1]
		if when.After(last.At) && when.After(last.LastSeen) {
			last.LastSeen = when
		}
	}
	return out
}

// isTrue reads a truth value of any of the databases.
func isTrue(s string) bool { return s == "1" || s == "t" || strings.EqualFold(s, "true") }

func withoutScheme(url string) string {
	if _, rest, ok := strings.Cut(url, "://"); ok {
		return rest
	}
	return url
}

// committedLacks compares with the time of the newest version that NewsDiffs
// noted with the article; the two are one time in its program.
func committedLacks(t *tables, id int64, h *History) error {
	a, err := t.one(committedArticle, id)
	if err != nil {
		return err
	}
	newest, err := t.one(`SELECT max(date) AS date FROM version WHERE article_id = $1`, id)
	if err != nil {
		return err
	}
	told, err1 := sqlTime(a["last_update"], nil)
	have, err2 := sqlTime(newest["date"], nil)
	// Older MySQL drops fractions of a second, and not always in both tables.
	if err1 == nil && err2 == nil && told.Sub(have) > time.Second {
		return fmt.Errorf("its newest version, of %s, is not in the dump: left out", a["last_update"])
	}
	return nil
}
