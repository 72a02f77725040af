package archive

import (
	"strconv"

	"stet/internal/news"
)

// Diffengine reads the SQLite database of a DocNow/diffengine (diffengine.db):
// its tables entry, entryversion, feed and feedentry.
//
//   - Versions of one address are one article, as diffengine compares them, even
//     when feeds linked it in several ways; those links are aliases. Its old id is
//     that of the entry.
//   - Title and summary (HTML) are those of each version; ids and Wayback addresses
//     are kept. The name of the feed names the source; its key is made from the host.
//   - The newest version was last seen when its entry was checked, which
//     diffengine notes when it has read the page.
func Diffengine(path string, o DumpOptions) (Reader, error) {
	return newTables(diffengine(), path, o, standard)
}

func diffengine() format {
	return format{
		origin: "diffengine",
		relations: []relation{
			{name: "feed", columns: []string{"url", "name"}, index: "url"},
			{name: "feedentry", whole: []string{"entry_id"}, columns: []string{"feed_id"}, index: "entry_id"},
			{name: "entry", whole: []string{"id"}, columns: []string{"url", "checked"}, index: "id"},
			{name: "entryversion", whole: []string{"id", "entry_id"}, index: "url, id",
				columns: []string{"title", "url", "summary", "created", "archive_url"}},
		},
		keeps: []string{"archive_url"},
		// An article goes by its first version: the ids of entries are not its own.
		next: `SELECT v.id FROM entryversion v WHERE v.id > $1 AND v.url IS NOT NULL
			AND NOT EXISTS (SELECT 1 FROM entryversion e WHERE e.url = v.url AND e.id < v.id) ORDER BY v.id LIMIT 1`,
		orphans: `SELECT count(*), min(id) FROM entryversion v WHERE v.url IS NULL`,
		history: engined,
	}
}

func engined(t *tables, id int64) (History, []*Fault, error) {
	a, err := t.one(`SELECT v.url, v.entry_id, f.name FROM entryversion v
		LEFT JOIN feedentry fe ON fe.entry_id = v.entry_id LEFT JOIN feed f ON f.url = fe.feed_id WHERE v.id = $1 LIMIT 1`, id)
	if err != nil {
		return History{}, nil, err
	}
	h := History{Source: Source{Name: a["name"]}, URL: a["url"], OldID: a["entry_id"]}
	checked, newest := "", int64(0)
	var others []string
	versions, faults, err := t.versionsOf(`SELECT v.id, v.title, v.summary, v.created, v.archive_url, e.url AS link, e.checked AS checked
		FROM entryversion v LEFT JOIN entry e ON e.id = v.entry_id
		WHERE v.url = (SELECT url FROM entryversion WHERE id = $1) ORDER BY v.id`, id, h.OldID, func(r fields) (Version, error) {
		others = append(others, r["link"])
		if n, err := strconv.ParseInt(r["id"], 10, 64); err == nil && n >= newest {
			checked, newest = r["checked"], n
		}
		return t.enginedVersion(r)
	})
	h.Versions, h.Aliases = versions, addresses(h.URL, others...)
	h.lastSeen(checked, t.o)
	return h, faults, err
}

func (t *tables) enginedVersion(r fields) (v Version, err error) {
	if v.At, err = at(r["created"], t.o.Zone); err != nil {
		return v, err
	}
	v.Content = news.Content{Headline: r["title"]}
	v.Content.Blocks, v.Content.Cut = blocksOfHTML(r["summary"])
	return v, nil
}
