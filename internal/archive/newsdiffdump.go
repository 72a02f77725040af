package archive

import (
	"errors"
	"fmt"
	"strconv"

	"stet/internal/news"
)

// NewsdiffDump reads the PostgreSQL dump of an rmdes/newsdiff: what pg_dump
// writes as plain text (COPY or INSERT) of the tables feeds, articles, versions
// and diffs, plain or as .gz.
//
//   - The name of the feed's site names the source; its key is made from the host.
//     Title, byline and text are those of each version, paragraphs parted by line
//     feeds; ids, version numbers, digests and Wayback addresses are kept.
//   - The newest version was last seen at last_checked_at, which newsdiff sets
//     when it has read the page.
//   - Of a dump that is cut short, articles with differences to versions that are
//     not there are named and not given.
//
// With DumpOptions.Home the old addresses HOME/article/ID are aliases.
func NewsdiffDump(path string, o DumpOptions) (Reader, error) {
	return newTables(newsdiff(), path, o, standard)
}

func newsdiff() format {
	return format{
		origin: "newsdiff",
		relations: []relation{
			{name: "feeds", whole: []string{"id"}, columns: []string{"name", "url", "site_name"}, index: "id"},
			{name: "articles", whole: []string{"id"}, columns: []string{"feed_id", "url", "last_checked_at"}, index: "id"},
			{name: "versions", whole: []string{"id", "article_id"}, index: "article_id",
				columns: []string{"title", "byline", "content_text", "content_hash", "version_number", "archive_url", "created_at"}},
			{name: "diffs", whole: []string{"article_id", "new_version_id"}, columns: []string{"id"}, index: "article_id"},
		},
		keeps: []string{"version_number", "content_hash", "archive_url"},
		next:  `SELECT id FROM articles WHERE id > $1 ORDER BY id LIMIT 1`,
		orphans: `SELECT count(*), min(id) FROM versions v
			WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = v.article_id)`,
		history: diffed,
		lacks:   diffedLacks,
	}
}

func diffed(t *tables, id int64) (History, []*Fault, error) {
	a, err := t.one(`SELECT a.url, a.last_checked_at, coalesce(f.site_name, f.name) AS source
		FROM articles a LEFT JOIN feeds f ON f.id = CAST(a.feed_id AS INTEGER) WHERE a.id = $1`, id)
	if err != nil {
		return History{}, nil, err
	}
	h := History{Source: Source{Name: a["source"]}, URL: a["url"], OldID: strconv.FormatInt(id, 10)}
	h.Aliases = addresses(h.URL, t.link("/article/"+h.OldID)...)
	var faults []*Fault
	h.Versions, faults, err = t.versionsOf(`SELECT id, title, byline, content_text, content_hash, version_number, archive_url, created_at
		FROM versions WHERE article_id = $1 ORDER BY CAST(version_number AS INTEGER), id`, id, h.OldID, t.diffedVersion)
	h.lastSeen(a["last_checked_at"], t.o)
	return h, faults, err
}

func (t *tables) diffedVersion(r fields) (v Version, err error) {
	if v.At, err = at(r["created_at"], t.o.Zone); err != nil {
		return v, err
	}
	v.Content = news.Content{Headline: r["title"]}
	if r["byline"] != "" {
		v.Content.Byline = []string{r["byline"]}
	}
	if v.Content.Blocks, v.Content.Cut = blocksOfText(r["content_text"]); len(v.Content.Blocks) == 0 {
		return v, errors.New("without text")
	}
	return v, nil
}

// lastSeen notes when the newest version was seen last.
func (h *History) lastSeen(said string, o DumpOptions) {
	when, err := sqlTime(said, o.Zone)
	if err != nil || len(h.Versions) == 0 {
		return
	}
	newest := &h.Versions[0]
	for i := range h.Versions {
		if !h.Versions[i].At.Before(newest.At) {
			newest = &h.Versions[i]
		}
	}
	if when.After(newest.At) {
		newest.LastSeen = when
	}
}

// diffedLacks looks for versions that differences tell of.
func diffedLacks(t *tables, id int64, h *History) error {
	r, err := t.one(`SELECT count(*) AS n FROM diffs d WHERE d.article_id = $1
		AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.article_id = d.article_id AND v.id = d.new_version_id)`, id)
	if err != nil {
		return err
	}
	if r["n"] != "0" {
		return fmt.Errorf("%s of its versions are not in the dump: left out", r["n"])
	}
	return nil
}
