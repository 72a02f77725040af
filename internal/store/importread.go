package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"stet/internal/news"
)

// mark writes how far the import of a file has come.
func (t *tx) mark(ctx context.Context, m ImportMark) error {
	if m.Position == "" {
		_, err := t.ExecContext(ctx, `DELETE FROM import_position WHERE origin = $1 AND file = $2`, m.Origin, m.File[:])
		return err
	}
	_, err := t.ExecContext(ctx, `INSERT INTO import_position (origin, file, name, position, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (origin, file) DO UPDATE SET name = excluded.name, position = excluded.position, at = excluded.at`,
		m.Origin, m.File[:], m.Name, m.Position, micros(t.now))
	return err
}

// ImportPosition is how far the import of a file had come when it was cut short;
// "" when it was not begun, or ended.
func (s *Store) ImportPosition(ctx context.Context, origin string, file news.Digest) (position string, err error) {
	err = s.read(ctx, "position of an import", func(t *tx) error {
		position, err = one(ctx, t, scanText, `SELECT position FROM import_position WHERE origin = $1 AND file = $2`, origin, file[:])
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	})
	return position, err
}

// ImportedArticle gives the article that had this id where it came from;
// ErrNotFound when there is none. Ids are of one source; 0 looks at all, and takes the
// article that was imported first.
func (s *Store) ImportedArticle(ctx context.Context, origin, oldID string, sourceID int64) (articleID int64, err error) {
	err = s.read(ctx, fmt.Sprintf("article %s of %s", oldID, origin), func(t *tx) (err error) {
		articleID, err = t.id(ctx, `SELECT article_id FROM import_article WHERE origin = $1 AND old_id = $2
			AND (source_id = $3 OR CAST($3 AS BIGINT) = 0) ORDER BY article_id LIMIT 1`, origin, oldID, sourceID)
		return err
	})
	return articleID, err
}

// ImportedVersion gives the version that had this id where it came from, as
// ImportedArticle gives an article.
func (s *Store) ImportedVersion(ctx context.Context, origin, oldID string, sourceID int64) (versionID int64, err error) {
	err = s.read(ctx, fmt.Sprintf("version %s of %s", oldID, origin), func(t *tx) (err error) {
		versionID, err = t.id(ctx, `SELECT i.version_id FROM import_version i JOIN version v ON v.id = i.version_id
			WHERE i.origin = $1 AND i.old_id = $2 AND i.old_id <> '' AND (v.source_id = $3 OR CAST($3 AS BIGINT) = 0)
			ORDER BY i.version_id LIMIT 1`, origin, oldID, sourceID)
		return err
	})
	return versionID, err
}

// An Exported is a version as it is written out.
type Exported struct {
	news.Version
	SourceKey string
	URL       string    // of the article
	Published time.Time // of the article, by the publisher's word; zero = not known
	Extra     string    // as in ImportVersion
}

// exportBatch is how many versions are read at once.
const exportBatch = 200

// exportVersions takes article, number, source, limit: what comes behind that place.
const exportVersions = `SELECT ` + versionColumns + `, s.key, a.url, a.published, coalesce(i.extra, ''), ` + linkColumns + `
	FROM article a JOIN version v ON v.article_id = a.id JOIN seen n ON n.version_id = v.id JOIN source s ON s.id = a.source_id
	LEFT JOIN import_version i ON i.version_id = v.id
	WHERE (a.id > $1 OR (a.id = $1 AND v.number > $2)) AND a.id >= $1 AND (a.source_id = $3 OR CAST($3 AS BIGINT) = 0) AND a.hidden = ''
	ORDER BY a.id, v.number LIMIT $4`

// ExportVersions gives all versions of a source (0 = of all) with their texts, by
// article and number, a batch in a transaction; those of hidden articles are left
// out. It ends at the first error.
func (s *Store) ExportVersions(ctx context.Context, sourceID int64) iter.Seq2[Exported, error] {
	return func(yield func(Exported, error) bool) {
		article, number := int64(0), -1
		var w walk
		for {
			var batch []Exported
			err := s.read(ctx, "export versions", func(t *tx) (err error) {
				batch = nil
				rows, err := list(ctx, t, scanExported, exportVersions, article, number, sourceID, exportBatch)
				for i := range rows {
					if err == nil {
						rows[i].Content, err = w.next(ctx, t, rows[i].link)
					}
					batch = append(batch, rows[i].Exported)
				}
				return err
			})
			if err != nil {
				yield(Exported{}, err)
				return
			}
			for _, x := range batch {
				if !yield(x, nil) {
					return
				}
			}
			if len(batch) < exportBatch {
				return
			}
			last := batch[len(batch)-1]
			article, number = last.ArticleID, last.Number
		}
	}
}

// An exportRow is a row of exportVersions, its text not read yet.
type exportRow struct {
	Exported
	link
}

func scanExported(r row) (x exportRow, err error) {
	return x, r.Scan(append(append(versionInto(&x.Version), &x.SourceKey, &x.URL, when{&x.Published}, &x.Extra), linkInto(&x.link)...)...)
}
