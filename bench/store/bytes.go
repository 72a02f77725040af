package main

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"stet/internal/archive"
)

// databaseFile is where the store keeps its rows.
const databaseFile = "stet.db"

// smallest is the share of the file below which a table is not named.
const smallest = 0.002

// bytes measures the sample as it was given and as zstd packs each version by
// itself, its texts in the store, and where the bytes of the whole file are.
func (b *bench) bytes(ctx context.Context) error {
	raw, err := b.raw()
	if err != nil {
		return err
	}
	n := float64(raw.versions)
	b.add("sample: plain text", float64(raw.plain)/n, "B/version")
	b.add("sample: canonical form", float64(raw.canonical)/n, "B/version")
	b.add("sample: zstd of each version", float64(raw.zstd)/n, "B/version")
	ours, err := b.stored(ctx)
	if err != nil {
		return err
	}
	b.add("sample: texts in the store", float64(ours)/n, "B/version")
	b.add("  of the plain text", 100*float64(ours)/float64(raw.plain), "%")
	return b.file(ctx)
}

// A volume is the sample in bytes.
type volume struct{ versions, plain, canonical, zstd int }

// plain is a version as text: the headline, then a line for each block.
func plain(v archive.Version) string { return v.Content.Headline + "\n" + v.Content.Text() + "\n" }

// raw packs each version of the sample by itself, with the store's own coder and
// level: what rows would take that know nothing of one another.
func (b *bench) raw() (sum volume, err error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return sum, err
	}
	defer enc.Close()
	var packed []byte
	for h := range b.sampled() {
		for _, v := range h.Versions {
			form := v.Content.Canonical()
			packed = enc.EncodeAll(form, packed[:0])
			sum.versions++
			sum.plain += len(plain(v))
			sum.canonical += len(form)
			sum.zstd += len(packed)
		}
	}
	return sum, nil
}

// database opens the file beside the store, to look at its pages.
func (b *bench) database() (*sql.DB, error) {
	return sql.Open("sqlite", "file:"+filepath.Join(b.dir, databaseFile)+"?mode=ro&_pragma=query_only(1)")
}

// stored sums the bodies of the sample: the first articles are its.
func (b *bench) stored(ctx context.Context) (n int64, err error) {
	db, err := b.database()
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, `SELECT coalesce(sum(length(body)), 0) FROM version WHERE article_id <= $1`, b.report.Sample).Scan(&n)
	return n, err
}

// file adds the size of the database, and of each table and index in it.
func (b *bench) file(ctx context.Context) error {
	info, err := os.Stat(filepath.Join(b.dir, databaseFile))
	if err != nil {
		return err
	}
	size := info.Size()
	// By version also what is there once an article: so sizes of tables add up.
	n := float64(max(b.report.Versions, 1))
	b.add("database file", float64(size)/1e6, "MB")
	b.add("database file", float64(size)/n, "B/version")
	db, err := b.database()
	if err != nil {
		return err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, `SELECT name, sum(pgsize) FROM dbstat WHERE aggregate = 1 GROUP BY name ORDER BY 2 DESC`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var bytes int64
		if err := rows.Scan(&name, &bytes); err != nil {
			return err
		}
		if float64(bytes) >= smallest*float64(size) {
			b.add("  "+name, float64(bytes)/n, "B/version")
		}
	}
	return rows.Err()
}
