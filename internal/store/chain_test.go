package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"stet/internal/news"
	"stet/internal/pgtest"
)

// prose makes paragraphs of invented words that occur as words do, so that they
// pack as prose does.
func prose(r *rand.Rand, paragraphs int) (out []string) {
	for range paragraphs {
		var p strings.Builder
		for range 40 + r.IntN(40) {
			n := r.IntN(30)
			fmt.Fprintf(&p, "%s%c ", []string{"ferry", "harbour", "mayor", "bridge", "ward"}[n%5], 'a'+rune(r.IntN(n+1)))
		}
		out = append(out, p.String())
	}
	return out
}

// edited is a text with a few changes, now and then another text altogether.
func edited(r *rand.Rand, c news.Content) news.Content {
	if r.IntN(12) == 0 {
		return content(fmt.Sprint("Anew ", r.Uint32()), prose(r, 1+r.IntN(12))...)
	}
	c.Blocks = append([]news.Block(nil), c.Blocks...)
	c.Headline = fmt.Sprint("Headline ", r.Uint32())
	if i := r.IntN(len(c.Blocks)); r.IntN(3) > 0 {
		c.Blocks[i].Text = strings.Repeat("ж 雨 \U0001F30A <&> \u2028\x00", r.IntN(9)) + strings.ToValidUTF8(c.Blocks[i].Text[:len(c.Blocks[i].Text)/2], "")
	} else {
		c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: prose(r, 1)[0]})
	}
	return c
}

// longHistory records n versions of an article by random edits.
func (b *bench) longHistory(r *rand.Rand, l Lease, name string, n int) (id int64, texts []news.Content) {
	b.t.Helper()
	id = b.article(name).ID
	c := content("First", prose(r, 6)...)
	for range n {
		b.publish(l, id, c)
		texts = append(texts, c)
		c = edited(r, c)
	}
	return id, texts
}

// speak sets the language of all articles.
func (b *bench) speak(language string) {
	b.t.Helper()
	_, err := b.writer.ExecContext(b.ctx, `UPDATE article SET language = $1`, language)
	b.must(err)
}

// encodings counts the versions of an article by encoding.
func (b *bench) encodings(id int64) map[int]int {
	b.t.Helper()
	out := map[int]int{}
	b.must(b.read(b.ctx, "encodings", func(t *tx) error {
		_, err := list(b.ctx, t, func(r row) (e int, err error) { err = r.Scan(&e); out[e]++; return e, err },
			`SELECT encoding FROM version WHERE article_id = $1`, id)
		return err
	}))
	return out
}

// TestChains: random histories, with and without a dictionary, come back as they
// were, read at random by many at once.
func TestChains(t *testing.T) {
	b := newBench(t)
	l := b.lease()
	r := rand.New(rand.NewPCG(7, 7))
	for i := range MinSamples {
		b.publish(l, b.article(fmt.Sprint("sample", i)).ID, content("Sample", prose(r, 6)...))
	}
	histories := map[int64][]news.Content{}
	for i := range 3 {
		if i == 2 {
			b.speak("en-GB")
			_, err := b.TrainDictionary(b.ctx, "en", MinSamples)
			b.must(err)
		}
		id, texts := b.longHistory(r, l, fmt.Sprint("a", i), 40)
		histories[id] = texts
		got := b.encodings(id)
		if i < 2 && got[encodedDictionary] != 0 || i == 2 && (got[encodedPlain] != 0 || got[encodedDictionary] < 3) || got[encodedDelta] < 20 {
			t.Errorf("history %d: versions by encoding %v", i, got)
		}
	}
	var g sync.WaitGroup
	for seed := range uint64(4) {
		g.Go(func() {
			r := rand.New(rand.NewPCG(seed, 1))
			for range 40 {
				for id, texts := range histories {
					n := r.IntN(len(texts))
					v, err := b.VersionByNumber(b.ctx, id, n)
					if want := texts[n].Canonical(); err != nil || string(v.Content.Canonical()) != string(want) || v.Digest != news.Sum(want) {
						t.Errorf("version %d of article %d: %v", n, id, err)
					}
				}
			}
		})
	}
	g.Wait()
	for id, texts := range histories {
		if x := b.visiting(id); x.Damaged != nil || x.Current.Content.Headline != texts[39].Headline {
			t.Errorf("article %d for a visit: %v", id, x.Damaged)
		}
	}
	if n := b.verify().Checked["dictionaries"]; n != 1 {
		t.Errorf("%d dictionaries checked", n)
	}
}

// TestChainRules: where a chain ends.
func TestChainRules(t *testing.T) {
	b := newBench(t)
	r := rand.New(rand.NewPCG(1, 1))
	c := &chain{s: b.Store}
	long := prose(r, 8)
	next := func(extractor string, c *chain, paragraphs ...string) int {
		t.Helper()
		e, err := c.encode(news.Version{Content: content("Ferry late", paragraphs...), Extractor: extractor})
		b.must(err)
		return e.encoding
	}
	for n := range 2*MaxChain + 1 {
		long[0] = fmt.Sprint("The ferry was late ", n, " times.")
		want := encodedDelta
		if n%MaxChain == 0 {
			want = encodedPlain
		}
		if got := next("test/1", c, long...); got != want {
			t.Errorf("version %d: encoding %d, want %d", n, got, want)
		}
	}
	if got := next("test/2", c, long...); got != encodedPlain {
		t.Errorf("another extractor: encoding %d", got)
	}
	if got := next("test/2", c, prose(rand.New(rand.NewPCG(2, 2)), 8)...); got != encodedPlain {
		t.Errorf("another text altogether: encoding %d", got)
	}
	if got := next("test/2", &chain{s: b.Store}, long...); got != encodedPlain {
		t.Errorf("nothing before: encoding %d", got)
	}
	huge := news.Version{Content: content("Huge", strings.Repeat("x", MaxContent))}
	before := c.length
	if _, err := c.encode(huge); err == nil || c.length != before {
		t.Errorf("a text above MaxContent: %v", err)
	}
	for _, x := range []struct {
		delta, key int
		want       bool
	}{{600, 1000, true}, {601, 1000, false}, {0, 0, true}} {
		if deltaPays(x.delta, x.key) != x.want {
			t.Errorf("a difference of %d for a key frame of %d: pays = %v", x.delta, x.key, !x.want)
		}
	}
}

// TestLargeTexts: those on both sides of what the kept coders take, and of what a
// difference is made for.
func TestLargeTexts(t *testing.T) {
	b := newBench(t)
	r := rand.New(rand.NewPCG(3, 3))
	var noise strings.Builder
	for range MaxDelta / 32 {
		fmt.Fprintf(&noise, "%016x", r.Uint64())
	}
	frames := len(content("H", "").Canonical())
	for _, size := range []int{deltaWindow/2 - frames, deltaWindow/2 - frames + 1, MaxDelta/2 - frames, MaxDelta/2 - frames + 1} {
		c := &chain{s: b.Store}
		text := noise.String()[:size]
		var before []byte
		second := encodedDelta
		if size > MaxDelta/2-frames {
			second = encodedPlain
		}
		for n, want := range []int{encodedPlain, second} {
			v := content("H", text)
			if n > 0 {
				v = content("J", text)
			}
			e, err := c.encode(news.Version{Content: v})
			b.must(err)
			if e.encoding != want || want == encodedDelta && len(e.body) > 100+size/1000 {
				t.Errorf("text of %d bytes, version %d: encoding %d of %d bytes", size, n, e.encoding, len(e.body))
			}
			back, err := b.openFrame(e.frame, before, nil)
			if err != nil || news.Sum(back) != e.digest {
				t.Errorf("text of %d bytes: %v", size, err)
			}
			before = back
		}
	}
}

// TestChainDamage: of each kind of damage the version that has it is named, and so
// are those that rest on it, but no other; and the article goes on.
func TestChainDamage(t *testing.T) {
	pgtest.SQLiteOnly(t)
	original := newBench(t)
	l := original.lease()
	r := rand.New(rand.NewPCG(9, 9))
	for i := range MinSamples {
		original.publish(l, original.article(fmt.Sprint("sample", i)).ID, content("Sample", prose(r, 6)...))
	}
	_, err := original.TrainDictionary(original.ctx, "", MinSamples)
	original.must(err)
	id := original.article("a").ID
	c := content("A", prose(r, 6)...)
	for n := range MaxChain + 4 {
		c.Headline = fmt.Sprint("A ", n)
		original.publish(l, id, c)
	}
	first := int64(MinSamples + 1) // id of version 0
	copied := filepath.Join(t.TempDir(), "copy")
	original.must(original.Backup(original.ctx, copied))
	rests := func(from, to int64) (ids []int64) {
		for n := from; n <= to; n++ {
			ids = append(ids, first+n)
		}
		return ids
	}
	last := int64(MaxChain - 1)
	tests := []struct {
		name, sql, reason string
		root              int64
		damaged           []int64
	}{
		{"key frame", `UPDATE version SET body = x'28b52ffd' WHERE id = $1`, "frame: ", first, rests(0, last)},
		{"difference", `UPDATE version SET body = substr(body, 1, length(body) - 1) WHERE id = $1`, "frame: ", first + 5, rests(5, last)},
		{"last difference", `UPDATE version SET body = x'' WHERE id = $1`, "another digest", first + last, rests(last, last)},
		{"difference replaced", `UPDATE version SET body = (SELECT body FROM version v WHERE v.id = version.id - 1) WHERE id = $1`, "another digest", first + 5, rests(5, 5)},
		{"digest", `UPDATE version SET digest = zeroblob(32) WHERE id = $1`, "another digest", first + 5, rests(5, 5)},
		{"dictionary missing", `DELETE FROM dictionary WHERE id < $1`, "dictionary 1 is missing", 0, nil},
		{"dictionary altered", `UPDATE dictionary SET bytes = zeroblob(100) WHERE id < $1`, "dictionary 1 ", 0, nil},
		{"unknown encoding", `UPDATE version SET encoding = 9 WHERE id = $1`, "unknown encoding 9", first + 5, rests(5, last)},
		{"base missing", `DELETE FROM version WHERE id = $1`, "the version before is missing", first + 6, rests(6, last)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			original.must(os.CopyFS(dir, os.DirFS(copied)))
			b := &bench{Store: openStore(t, Options{Dir: dir, Now: original.clock.now}), t: t, ctx: t.Context(), clock: original.clock, src: original.src}
			at := tt.root
			if tt.name == "base missing" {
				at--
			}
			b.attack("DROP TRIGGER dictionary_is_never_altered; DROP TRIGGER dictionary_is_never_deleted; " + strings.ReplaceAll(tt.sql, "$1", fmt.Sprint(max(at, 2))))
			want := map[int64]bool{}
			for _, id := range tt.damaged {
				want[id] = true
			}
			for vid := first; vid < first+MaxChain+4; vid++ {
				_, err := b.Version(b.ctx, vid)
				if errors.Is(err, ErrNotFound) && tt.name == "base missing" && vid == at {
					continue
				}
				bad := want[vid] || tt.root == 0
				if errors.Is(err, ErrDamaged) != bad || err != nil && !bad {
					t.Errorf("version %d: %v, damaged = %v", vid, err, bad)
				} else if bad && !strings.Contains(err.Error(), tt.reason) {
					t.Errorf("version %d: %v, want %q", vid, err, tt.reason)
				} else if bad && vid > tt.root && tt.root != 0 && !strings.Contains(err.Error(), fmt.Sprintf("rests on version %d, which is damaged", tt.root)) {
					t.Errorf("version %d: %v, want the name of version %d", vid, err, tt.root)
				}
			}
			rep, err := b.Verify(b.ctx, nil)
			b.must(err)
			said := strings.Join(rep.Problems, "\n")
			for vid := first; vid < first+MaxChain+4; vid++ {
				if n := strings.Count(said, fmt.Sprintf("version %d (article %d, number %d): text damaged", vid, id, vid-first)); (n == 1) != (want[vid] || tt.root == 0) {
					t.Errorf("verify names version %d %d times in\n%s", vid, n, said)
				}
			}
			if !strings.Contains(said, tt.reason) || tt.root != 0 && len(tt.damaged) > 1 && !strings.Contains(said, fmt.Sprintf("rests on version %d, which is damaged", tt.root)) {
				t.Errorf("verify: want %q in\n%s", tt.reason, said)
			}
		})
	}
}

// TestDamagedIsNotBuiltOn: an article whose newest text is damaged goes on with a
// key frame, and nothing else on its host stands still.
func TestDamagedIsNotBuiltOn(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	l := b.lease()
	a, other := b.article("a").ID, b.article("b").ID
	b.publish(l, a, longText(1))
	b.publish(l, other, longText(1))
	b.publish(l, a, longText(2))
	b.attack(`UPDATE version SET body = x'00' WHERE article_id = 1 AND number = 1; UPDATE article SET due = 1`)
	w, err := b.Due(b.ctx, l, 10)
	b.must(err)
	if len(w.Articles) != 2 {
		t.Fatalf("%d articles are due", len(w.Articles))
	}
	for _, x := range w.Articles {
		if errors.Is(x.Damaged, ErrDamaged) != (x.ID == a) || x.Current == nil || (x.Current.Content.Blocks == nil) != (x.ID == a) {
			t.Errorf("article %d: %v", x.ID, x.Damaged)
		}
	}
	b.publish(l, a, longText(3))
	v, err := b.VersionByNumber(b.ctx, a, 2)
	if err != nil || v.Content.Blocks[1].Text != "Number 3" {
		t.Errorf("the version after a damaged one: %v", err)
	}
	if got := b.encodings(a); got[encodedDelta] != 1 || got[encodedPlain] != 2 {
		t.Errorf("versions by encoding: %v", got)
	}
}

// TestStockZstd: another program reads every frame.
func TestStockZstd(t *testing.T) {
	zstd, err := exec.LookPath("zstd")
	if err != nil {
		t.Skip("skipped: no zstd program")
	}
	b := newBench(t)
	l := b.lease()
	r := rand.New(rand.NewPCG(4, 4))
	b.longHistory(r, l, "plain", 3)
	for i := range MinSamples {
		b.publish(l, b.article(fmt.Sprint("sample", i)).ID, content("Sample", prose(r, 6)...))
	}
	b.speak("en")
	_, err = b.TrainDictionary(b.ctx, "en", MinSamples)
	b.must(err)
	id, texts := b.longHistory(r, l, "trained", MaxChain+2)
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		b.must(os.WriteFile(path, data, 0o600))
		return path
	}
	b.must(b.read(b.ctx, "frames", func(tx *tx) error {
		trained, err := one(b.ctx, tx, func(r row) (d []byte, err error) { return d, r.Scan(&d) }, `SELECT bytes FROM dictionary WHERE id = 1`)
		b.must(err)
		links, err := list(b.ctx, tx, scanLink, `SELECT `+linkColumns+` FROM version v WHERE v.article_id = $1 ORDER BY v.number`, id)
		b.must(err)
		for i, x := range links {
			args := []string{"-q", "-d", "-c", file("frame.zst", x.body)}
			switch x.encoding {
			case encodedDictionary:
				args = append(args, "-D", file("trained", trained))
			case encodedDelta:
				args = append(args, []string{"-D", "--patch-from"}[i%2])
				base := file("base", texts[i-1].Canonical())
				if i%2 == 1 {
					args[len(args)-1] += "=" + base
				} else {
					args = append(args, base)
				}
			}
			out, err := exec.Command(zstd, args...).CombinedOutput()
			if err != nil || string(out) != string(texts[i].Canonical()) {
				t.Errorf("version %d, encoding %d: %v: %.100s", i, x.encoding, err, out)
			}
		}
		return nil
	}))
}

// FuzzOpenFrame: whatever stands in a row is a text or a damage.
func FuzzOpenFrame(f *testing.F) {
	b := newBench(f)
	r := rand.New(rand.NewPCG(5, 5))
	base := content("A", prose(r, 3)...).Canonical()
	c := &chain{s: b.Store}
	for _, v := range []news.Content{content("A", prose(r, 3)...), content("B", prose(r, 3)...)} {
		e, err := c.encode(news.Version{Content: v})
		b.must(err)
		f.Add(e.encoding, base, e.body)
	}
	f.Add(encodedDictionary, []byte(nil), []byte("\x28\xb5\x2f\xfd"))
	f.Add(encodedDelta, []byte{}, []byte{})
	f.Add(-1, []byte("x"), []byte("y"))
	f.Fuzz(func(t *testing.T, encoding int, base, body []byte) {
		text, err := b.openFrame(frame{encoding: encoding, body: body}, base, nil)
		if err != nil && !errors.Is(err, ErrDamaged) || len(text) > MaxContent {
			t.Errorf("%d bytes, %v", len(text), err)
		}
	})
}
