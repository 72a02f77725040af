package archive

import (
	"errors"
	"fmt"
	"strconv"

	"stet/internal/news"
)

// NewsSnifferDump reads the MySQL dump of a News Sniffer (Ruby on Rails): what
// mysqldump or mariadb-dump write of the tables news_articles,
// news_article_versions and, in newer ones, news_article_version_texts, plain or
// as .gz.
//
//   - The source's name becomes its key; title and text are those of each version,
//     a paragraph a line; ids, version numbers, addresses and digests are kept.
//   - A version was seen when it was made. That an article was looked at later
//     (updated_at) does not say that the text still stood, for News Sniffer
//     notes failed looks alike.
//   - Hidden articles are not given but named: their operator took them down.
//   - Of a dump that is cut short, articles with fewer versions than
//     versions_count says are named and not given.
//
// With DumpOptions.Home the old addresses HOME/articles/ID are aliases.
func NewsSnifferDump(path string, o DumpOptions) (Reader, error) {
	return newTables(newsSniffer(), path, o, mysql)
}

func newsSniffer() format {
	return format{
		origin: "newssniffer",
		relations: []relation{
			{name: "news_articles", whole: []string{"id"}, index: "id",
				columns: []string{"source", "guid", "url", "title", "published_at", "versions_count", "hidden"}},
			{name: "news_article_versions", whole: []string{"id", "news_article_id"}, index: "news_article_id",
				columns: []string{"title", "url", "created_at", "version", "text", "text_hash"}},
			{name: "news_article_version_texts", whole: []string{"news_article_version_id"}, index: "news_article_version_id",
				columns: []string{"text"}},
		},
		keeps: []string{"version", "url", "text_hash"},
		next:  `SELECT id FROM news_articles WHERE id > $1 ORDER BY id LIMIT 1`,
		orphans: `SELECT count(*), min(id) FROM news_article_versions v
			WHERE NOT EXISTS (SELECT 1 FROM news_articles a WHERE a.id = v.news_article_id)`,
		history: sniffed,
		lacks:   sniffedLacks,
	}
}

const sniffedArticle = `SELECT source, guid, url, title, published_at, versions_count, hidden FROM news_articles WHERE id = $1`

func sniffed(t *tables, id int64) (History, []*Fault, error) {
	a, err := t.one(sniffedArticle, id)
	if err != nil {
		return History{}, nil, err
	}
	if a["hidden"] != "" && a["hidden"] != "0" {
		return History{}, []*Fault{{Where: fmt.Sprintf("article %d", id), Subject: a["url"], Err: errors.New("hidden by its operator: left out")}}, nil
	}
	h := History{Source: Source{Key: sourceKey(a["source"]), Name: a["source"]}, URL: a["url"], Title: a["title"], OldID: strconv.FormatInt(id, 10)}
	h.Published, _ = sqlTime(a["published_at"], t.o.Zone) // what cannot be read is not known
	others := append(t.link("/articles/"+h.OldID), a["guid"])
	versions, faults, err := t.versionsOf(`SELECT v.id, v.title, v.url, v.created_at, v.version, v.text_hash, coalesce(x.text, v.text) AS text
		FROM news_article_versions v LEFT JOIN news_article_version_texts x ON x.news_article_version_id = v.id
		WHERE v.news_article_id = $1 ORDER BY CAST(v.version AS INTEGER), v.id`, id, h.OldID, func(r fields) (Version, error) {
		others = append(others, r["url"])
		if r["url"] == h.URL {
			r["url"] = ""
		}
		return t.sniffedVersion(r)
	})
	h.Versions, h.Aliases = versions, addresses(h.URL, others...)
	return h, faults, err
}

func (t *tables) sniffedVersion(r fields) (v Version, err error) {
	if v.At, err = at(r["created_at"], t.o.Zone); err != nil {
		return v, err
	}
	if r["text"] == "" {
		return v, errors.New("without text")
	}
	v.Content = news.Content{Headline: r["title"]}
	v.Content.Blocks, v.Content.Cut = blocksOfText(r["text"])
	return v, nil
}

// sniffedLacks compares with Rails' count of the versions.
func sniffedLacks(t *tables, id int64, h *History) error {
	a, err := t.one(sniffedArticle, id)
	if err != nil {
		return err
	}
	if n, err := strconv.Atoi(a["versions_count"]); err == nil && n > len(h.Versions) {
		return fmt.Errorf("%d of its %d versions are in the dump: left out", len(h.Versions), n)
	}
	return nil
}
