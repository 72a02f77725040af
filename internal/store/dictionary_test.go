package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"stet/internal/news"
	"stet/internal/pgtest"
)

// TestDictionaries: they are trained from enough texts of a language, used for it,
// and never altered or deleted.
func TestDictionaries(t *testing.T) {
	b := newBench(t)
	l := b.lease()
	r := rand.New(rand.NewPCG(6, 6))
	for i := range MinSamples - 1 {
		b.publish(l, b.article(fmt.Sprint("a", i)).ID, content("Sample", prose(r, 5)...))
	}
	b.speak("en-GB")
	for _, n := range []int{MinSamples - 1, MaxSamples + 1} {
		if _, err := b.TrainDictionary(b.ctx, "", n); err == nil {
			t.Errorf("%d samples: no error", n)
		}
	}
	_, err := b.TrainDictionary(b.ctx, "", MaxSamples)
	wantErr(t, "one text too few", err, ErrFewSamples)
	b.publish(l, b.article("last").ID, content("Sample", prose(r, 5)...))
	b.speak("en-GB")
	_, err = b.TrainDictionary(b.ctx, "de", MinSamples)
	wantErr(t, "no German text", err, ErrFewSamples)
	if _, err = b.TrainDictionary(b.ctx, "Deutsch-Latein", MinSamples); err == nil {
		t.Error("no language: no error")
	}
	all, err := b.TrainDictionary(b.ctx, "", MinSamples)
	b.must(err)
	en, err := b.TrainDictionary(b.ctx, "EN", MinSamples)
	b.must(err)
	if all.ID != 1 || en.ID != 2 || en.Language != "en" || en.Samples != MinSamples || en.TrainedAt != b.clock.t || en.Size > DictionarySize+2048 {
		t.Errorf("dictionaries %+v, %+v", all, en)
	}
	german := content("Die Fähre", prose(r, 5)...)
	german.Language = "de"
	b.publish(l, b.article("german").ID, german)
	b.publish(l, b.article("english").ID, content("The ferry", prose(r, 5)...))
	list, err := b.Dictionaries(b.ctx)
	b.must(err)
	all.Versions, en.Versions = 1, 1
	equal(t, "dictionaries", list, []Dictionary{all, en})
	for _, sql := range []string{"DELETE FROM dictionary", "UPDATE dictionary SET language = 'fr'"} {
		if _, err := b.writer.ExecContext(b.ctx, sql); err == nil || !strings.Contains(err.Error(), "never") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	if _, err := b.writer.ExecContext(b.ctx, `INSERT INTO version SELECT 999, article_id, source_id, 9, 999, digest, identity, headline, words, extractor, 1, body, NULL FROM version WHERE id = 1`); err == nil {
		t.Error("a frame with a dictionary that it does not name: no error")
	}
	b.verify()
	b.must(b.Backup(b.ctx, filepath.Join(t.TempDir(), "copy")))
}

// TestDictionaryTwice: of two that were trained at once one is kept.
func TestDictionaryTwice(t *testing.T) {
	b := newBench(t)
	d := Dictionary{ID: 1, Samples: 20}
	keep := func() error {
		return b.write(b.ctx, "keep", func(t *tx) error { return t.keepDictionary(b.ctx, &d, []byte("x")) })
	}
	b.must(keep())
	wantErr(t, "the second", keep(), ErrConflict)
}

// TestDictionaryUnusable: a text is written without a dictionary that does not give
// it back, or that is damaged.
func TestDictionaryUnusable(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	r := rand.New(rand.NewPCG(8, 8))
	trained := func(id int64) *dictionary {
		var texts [][]byte
		for range MinSamples {
			texts = append(texts, content("Sample", prose(r, 5)...).Canonical())
		}
		data, err := train(id, texts)
		b.must(err)
		d, err := newDictionary(id, data)
		b.must(err)
		return d
	}
	mixed := trained(1)
	mixed.dec = trained(1).dec // reads by another dictionary than it writes by
	c := &chain{s: b.Store, dictionary: mixed}
	e, err := c.encode(news.Version{Content: content("Sample", prose(r, 5)...)})
	if err != nil || e.encoding != encodedPlain {
		t.Errorf("encoding %d, %v", e.encoding, err)
	}
	_, err = b.writer.ExecContext(b.ctx, `INSERT INTO dictionary (id, language, bytes, digest, trained_at, samples) VALUES (7, '', x'00', zeroblob(32), 0, 20)`)
	b.must(err)
	b.publish(b.lease(), b.article("a").ID, longText(1))
	rep, err := b.Verify(b.ctx, nil)
	if err != nil || len(rep.Problems) != 1 || !strings.Contains(rep.Problems[0], "dictionary 7 has another digest") {
		t.Errorf("verify: %v, %v", rep.Problems, err)
	}
}

// TestKeptDictionaries: no more stay in memory than may.
func TestKeptDictionaries(t *testing.T) {
	var d dictionaries
	for id := range int64(keptDictionaries) {
		d.put(&dictionary{id: id})
	}
	if len(d.byID) != keptDictionaries {
		t.Errorf("%d are kept", len(d.byID))
	}
	d.put(&dictionary{id: 99})
	if len(d.byID) != 1 || d.get(99) == nil || d.get(0) != nil {
		t.Errorf("%d are kept after one more", len(d.byID))
	}
}

func TestPrimary(t *testing.T) {
	for tag, want := range map[string]string{"en-GB": "en", "DE": "de", "": "", "x": "", "zh-Hant-TW": "zh", "e1": "", "deutschland": "", "en_GB": ""} {
		if got := primary(tag); got != want {
			t.Errorf("primary(%q) = %q, want %q", tag, got, want)
		}
	}
}

// TestUpgradeEighth: a store from before chains keeps its texts as they are, and
// goes on with differences against them.
func TestUpgradeEighth(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b, _ := history(t)
	want := b.rows(b.Store)
	dir := b.oldSchema(textsMigration-1, seventhTables+eighthNew)
	u := &bench{Store: openStore(t, Options{Dir: dir, Now: b.clock.now}), t: t, ctx: b.ctx, clock: b.clock, src: b.src}
	if got := u.rows(u.Store); got != want {
		t.Errorf("rows before:\n%s\nafter:\n%s", want, got)
	}
	if got := u.encodings(1); got[encodedPlain] != 3 {
		t.Errorf("texts of before, by encoding: %v", got)
	}
	u.publish(u.later(), 1, content("Headline", "text 03"))
	if got := u.encodings(1); got[encodedPlain] != 3 || got[encodedDelta] != 1 {
		t.Errorf("texts by encoding: %v", got)
	}
	v, err := u.VersionByNumber(u.ctx, 1, 3)
	if err != nil || v.Content.Blocks[0].Text != "text 03" {
		t.Errorf("the text on an old one: %v", err)
	}
	for _, spoil := range []string{`UPDATE sqlite_schema SET sql = ''`, `INSERT INTO version SELECT 999, article_id, source_id, 9, 999, digest, identity, headline, words, extractor, 3, body, NULL FROM version WHERE id = 1`} {
		if _, err := u.writer.ExecContext(u.ctx, spoil); err == nil || errors.Is(err, ErrNotFound) {
			t.Errorf("%s: no error", spoil)
		}
	}
	u.verify()
}
