package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/dict"
	"github.com/klauspost/compress/zstd"

	"stet/internal/news"
)

// Limits of trained dictionaries.
const (
	DictionarySize   = 112 << 10 // bytes of phrases that training makes; more brings little
	MaxDictionary    = 1 << 20   // bytes of one in the database
	MinSamples       = 20        // texts below which training is refused: it would learn the texts, not the language
	MaxSamples       = 10_000    // texts that one training takes
	MaxSampleBytes   = 4 << 20   // of them together; training takes some 50 times that memory
	maxSampleText    = 32 << 10  // bytes of one text that are learnt from
	phraseBytes      = 6         // what training counts: phrases of so many bytes
	keptDictionaries = 16        // that stay in memory, each with some 2 MB of coders
)

// firstDictionaryID is added to a dictionary's number for its zstd id: those below
// are reserved for public use (RFC 8878, 5).
const firstDictionaryID = 32768

// ErrFewSamples means that there are too few texts to train a dictionary from.
var ErrFewSamples = errors.New("too few texts to learn from")

// A Dictionary is what was learnt from many texts of a language, so that a text
// alone packs better. It is named by frames, so it is never altered or deleted.
type Dictionary struct {
	ID        int64
	Language  string // of the texts that it is used for, as in BCP 47 before the first hyphen, lower case; "" = all that have none of their own
	Size      int    // bytes
	TrainedAt time.Time
	Samples   int // texts that it was learnt from
	Versions  int // that name it
}

// A dictionary is one with its coders.
type dictionary struct {
	id  int64
	enc *zstd.Encoder
	dec *zstd.Decoder
}

// newDictionary makes the coders; bytes that are no dictionary are an error.
func newDictionary(id int64, data []byte) (*dictionary, error) {
	dec, err := newDecoder(zstd.WithDecoderDicts(data))
	if err != nil {
		return nil, err
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false),
		zstd.WithEncoderDict(data), zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true))
	return &dictionary{id, enc, dec}, err
}

// dictionaries are those that were read, by number. They never change, so that
// none is ever out of date.
type dictionaries struct {
	mu   sync.Mutex
	byID map[int64]*dictionary
}

func (d *dictionaries) get(id int64) *dictionary {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.byID[id]
}

// put keeps x. When there are too many all others are forgotten: they are read
// again when they are asked for, and whoever uses one goes on with it.
func (d *dictionaries) put(x *dictionary) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byID == nil || len(d.byID) >= keptDictionaries {
		d.byID = map[int64]*dictionary{}
	}
	d.byID[x.id] = x
}

// dictionary gives the one of that number; ErrDamaged when it is missing or is
// not what was trained.
func (t *tx) dictionary(ctx context.Context, id int64) (*dictionary, error) {
	if d := t.s.dictionaries.get(id); d != nil {
		return d, nil
	}
	d, err := t.readDictionary(ctx, id)
	if err == nil {
		t.s.dictionaries.put(d)
	}
	return d, err
}

func (t *tx) readDictionary(ctx context.Context, id int64) (*dictionary, error) {
	var digest news.Digest
	data, err := one(ctx, t, func(r row) (data []byte, err error) { return data, r.Scan(&data, bytes32{(*[32]byte)(&digest)}) },
		`SELECT bytes, digest FROM dictionary WHERE id = $1`, id)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, damaged("dictionary %d is missing", id)
	case err != nil:
		return nil, err
	case news.Sum(data) != digest:
		return nil, damaged("dictionary %d has another digest", id)
	}
	d, err := newDictionary(id, data)
	if err != nil {
		return nil, damaged("dictionary %d: %v", id, err)
	}
	return d, nil
}

// newestDictionary gives the one to write texts of that language with; nil when
// there is none, or none that can be read: a text can be written without.
func (t *tx) newestDictionary(ctx context.Context, language string) (*dictionary, error) {
	id, err := t.id(ctx, `SELECT coalesce((SELECT max(id) FROM dictionary WHERE language = $1), (SELECT max(id) FROM dictionary WHERE language = ''), 0)`,
		primary(language))
	if err != nil || id == 0 {
		return nil, err
	}
	d, err := t.dictionary(ctx, id)
	if errors.Is(err, ErrDamaged) {
		return nil, nil
	}
	return d, err
}

// primary is the language of a BCP 47 tag, without region and script; "" for what
// is none.
func primary(tag string) string {
	p, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if len(p) < 2 || len(p) > 8 || strings.Trim(p, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return p
}

// TrainDictionary learns a dictionary from the newest texts of at most samples
// articles, and keeps it: first versions of articles in that language ("" = of all)
// are written with it from now on, and whatever else begins a chain. Texts that are
// stored stay as they are. It takes seconds, outside of any transaction.
//
// ErrFewSamples when there are fewer than MinSamples texts, or they have nothing in
// common; ErrConflict when another one was trained at the same time.
func (s *Store) TrainDictionary(ctx context.Context, language string, samples int) (Dictionary, error) {
	op := "train dictionary"
	if language != "" && primary(language) != strings.ToLower(language) {
		return Dictionary{}, fmt.Errorf("%s: %q is no language such as en or de", op, language)
	}
	if samples < MinSamples || samples > MaxSamples {
		return Dictionary{}, fmt.Errorf("%s: %d samples, want %d to %d", op, samples, MinSamples, MaxSamples)
	}
	d := Dictionary{Language: primary(language)}
	var texts [][]byte
	err := s.read(ctx, op, func(t *tx) (err error) {
		texts, err = t.samples(ctx, d.Language, samples)
		if err == nil {
			d.ID, err = t.id(ctx, `SELECT coalesce(max(id), 0) + 1 FROM dictionary`)
		}
		return err
	})
	if err != nil {
		return d, err
	}
	data, err := train(d.ID, texts)
	if err != nil {
		return d, fmt.Errorf("%s from %d texts: %w", op, len(texts), err)
	}
	d.Samples, d.Size = len(texts), len(data)
	err = s.write(ctx, op, func(t *tx) error { return t.keepDictionary(ctx, &d, data) })
	return d, err
}

// train learns from the texts; a dictionary that cannot be used is an error.
func train(id int64, texts [][]byte) ([]byte, error) {
	if len(texts) < MinSamples {
		return nil, fmt.Errorf("%w: want %d", ErrFewSamples, MinSamples)
	}
	data, err := dict.BuildZstdDict(texts, dict.Options{
		MaxDictSize: DictionarySize, HashBytes: phraseBytes, ZstdDictID: uint32(firstDictionaryID + id), ZstdLevel: zstd.SpeedDefault,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFewSamples, err)
	}
	if len(data) > MaxDictionary {
		return nil, fmt.Errorf("%d bytes, more than %d", len(data), MaxDictionary)
	}
	_, err = newDictionary(id, data)
	return data, err
}

func (t *tx) keepDictionary(ctx context.Context, d *Dictionary, data []byte) error {
	digest := news.Sum(data)
	d.TrainedAt = t.now
	res, err := t.ExecContext(ctx, `INSERT INTO dictionary (id, language, bytes, digest, trained_at, samples) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO NOTHING`, d.ID, d.Language, data, digest[:], micros(t.now), d.Samples)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fmt.Errorf("%w: another dictionary %d was trained meanwhile", ErrConflict, d.ID)
}

// sampled lists the articles whose texts are learnt from. It takes language twice.
const sampled = `SELECT id FROM article WHERE versions > 0 AND ($1 = '' OR lower(language) = $1 OR substr(lower(language), 1, length($1) + 1) = $1 || '-') ORDER BY id`

// samples gives the newest texts of at most n articles, spread evenly over those
// that there are. Texts that are damaged teach nothing.
func (t *tx) samples(ctx context.Context, language string, n int) (texts [][]byte, err error) {
	ids, err := list(ctx, t, func(r row) (id int64, err error) { return id, r.Scan(&id) }, sampled, language)
	if err != nil {
		return nil, err
	}
	total, n := 0, min(n, len(ids))
	for i := 0; i < n && total < MaxSampleBytes; i++ {
		text, err := t.sample(ctx, ids[i*len(ids)/n])
		if errors.Is(err, ErrDamaged) {
			continue
		}
		if err != nil {
			return nil, err
		}
		text = text[:min(len(text), maxSampleText, MaxSampleBytes-total)]
		texts, total = append(texts, slices.Clip(text)), total+len(text)
	}
	return texts, nil
}

func (t *tx) sample(ctx context.Context, articleID int64) ([]byte, error) {
	x, err := one(ctx, t, scanLink, `SELECT `+linkColumns+` FROM version v WHERE v.article_id = $1 ORDER BY v.number DESC LIMIT 1`, articleID)
	if err != nil {
		return nil, err
	}
	text, _, err := t.text(ctx, x)
	return text, err
}

// Dictionaries lists the dictionaries, in the order in which they were trained.
func (s *Store) Dictionaries(ctx context.Context) (ds []Dictionary, err error) {
	err = s.read(ctx, "dictionaries", func(t *tx) (err error) {
		ds, err = list(ctx, t, func(r row) (d Dictionary, err error) {
			return d, r.Scan(&d.ID, &d.Language, &d.Size, when{&d.TrainedAt}, &d.Samples, &d.Versions)
		}, `SELECT d.id, d.language, length(d.bytes), d.trained_at, d.samples, (SELECT count(*) FROM version v WHERE v.dictionary = d.id)
			FROM dictionary d ORDER BY d.id`)
		return err
	})
	return ds, err
}

// dictionaries checks every dictionary, and keeps those that are sound for the
// texts.
func (v *verifier) dictionaries(ctx context.Context) error {
	ids, err := list(ctx, v.tx, func(r row) (id int64, err error) { return id, r.Scan(&id) }, `SELECT id FROM dictionary ORDER BY id`)
	if err != nil {
		return err
	}
	v.sound = map[int64]*dictionary{}
	for _, id := range ids {
		d, err := v.readDictionary(ctx, id)
		if err != nil && !errors.Is(err, ErrDamaged) {
			return err
		}
		if err != nil {
			v.problem("%v", err)
		} else {
			v.sound[id] = d
		}
		v.step("dictionaries")
	}
	return nil
}
