package main

import (
	"context"

	"github.com/klauspost/compress/zstd"

	"stet/internal/archive"
)

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
	return b.size(ctx)
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

// stored sums the bodies of the sample. Articles have the numbers of their
// histories, from 1.
func (b *bench) stored(ctx context.Context) (n int64, err error) {
	db, err := b.database()
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, `SELECT coalesce(sum(length(body)), 0) FROM version WHERE article_id > $1 AND article_id <= $2`,
		b.first(), b.first()+b.report.Sample).Scan(&n)
	return n, err
}

// size adds the size of the database, and of each table and index in it.
func (b *bench) size(ctx context.Context) error {
	db, err := b.database()
	if err != nil {
		return err
	}
	defer db.Close()
	var all int64
	if err := db.QueryRowContext(ctx, b.engine().size).Scan(&all); err != nil {
		return err
	}
	// By version also what is there once an article: so sizes of tables add up.
	n := float64(max(b.report.Versions, 1))
	b.add("database", float64(all)/1e6, "MB")
	b.add("database", float64(all)/n, "B/version")
	rows, err := db.QueryContext(ctx, b.engine().tables)
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
		if float64(bytes) >= smallest*float64(all) {
			b.add("  "+name, float64(bytes)/n, "B/version")
		}
	}
	return rows.Err()
}
