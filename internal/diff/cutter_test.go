package diff

import (
	"math/rand/v2"
	"slices"
	"stet/internal/news"
	"strings"
	"testing"
	"unicode"

	"github.com/clipperhouse/uax29/v2/words"
)

// libraryPieces is what the cutter must give: the library's segments.
func libraryPieces(out []piece, s string) []piece {
	at := 0
	for it := words.FromString(s); it.Next(); {
		v := it.Value()
		out = append(out, piece{v, at, sortOf(v)})
		at += len(v)
	}
	return out
}

func libraryCount(s string) int {
	n := 0
	for it := words.FromString(s); it.Next(); {
		if k := sortOf(it.Value()); k == word || k == number {
			n++
		}
	}
	return n
}

// A cutterCheck compares the cutter with the library, in buffers that it keeps.
type cutterCheck struct{ got, want []piece }

func (c *cutterCheck) text(t testing.TB, s string) {
	c.got, c.want = appendPieces(c.got[:0], s), libraryPieces(c.want[:0], s)
	if !slices.Equal(c.got, c.want) {
		t.Fatalf("%+q: got %v, want %v", s, c.got, c.want)
	}
	n := 0
	for _, p := range c.want {
		if p.sort == word || p.sort == number {
			n++
		}
	}
	if got := fastCountWords(s); got != n {
		t.Fatalf("%+q: %d words, want %d", s, got, n)
	}
}

// classSamples has a character of each class of which others are told by the
// library's segments alone.
var classSamples = []struct {
	class  traits
	sample string
}{
	{wbLetter, "a"}, {wbNumeric, "1"}, {wbKatakana, "ア"}, {wbExtendNumLet, "_"}, {wbMidLetter, ":"}, {wbMidNum, ","},
	{wbMidNumLet, "."}, {wbSpace, " "}, {wbCR, "\r"}, {wbLF, "\n"}, {wbOther, "!"},
}

// behaviour tells how many segments the library finds in short strings of r and
// the samples.
func behaviour(r string) string {
	var b strings.Builder
	count := func(s string) {
		n := 0
		for it := words.FromString(s); it.Next(); {
			n++
		}
		b.WriteByte(byte('0' + n))
	}
	count(r + r)
	for _, x := range classSamples {
		count(r + x.sample)
		count(r + x.sample + r)
		for _, y := range classSamples {
			count(x.sample + r + y.sample)
		}
	}
	return b.String()
}

// TestTraits derives the class of every character that the cutter knows, and of
// every one in its table that it does not, from what the library does with it.
func TestTraits(t *testing.T) {
	classes := map[string]traits{}
	for _, c := range classSamples {
		classes[behaviour(c.sample)] = c.class
	}
	if len(classes) != len(classSamples) {
		t.Fatalf("%d classes behave in %d ways", len(classSamples), len(classes))
	}
	counted := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		s := string(r)
		got, n := traitsAt(s, 0)
		tabled := slices.ContainsFunc(tableBlocks, func(b struct{ from, to rune }) bool { return b.from <= r && r <= b.to })
		if got == foreign && !tabled {
			continue
		}
		counted++
		if want := traitsOf(r, classes[behaviour(s)]); got != want {
			t.Errorf("%U: traits %b, want %b", r, got, want)
		}
		if got != foreign && n != len(s) {
			t.Errorf("%U: %d bytes, want %d", r, n, len(s))
		}
	}
	if counted < 40_000 {
		t.Errorf("%d characters known, want Han and Hangul among them", counted)
	}
}

// cutterChars are one of each class, in one, two and three bytes, those that are
// letters to one standard only, foreign ones, and broken bytes.
func cutterChars() []string {
	return []string{
		"a", "é", "Ⅳ", "ⓐ", "1", "１", "_", "\u202f", "ア", ":", ",", ".", "'", "’", "\"", " ", "\u2003", "\u00a0", "\r", "\n", "\v",
		"!", "²", "˂", "漢", "한", "\u200b", "\u00ad", "\u0301", "\u200d", "א", "🇫", "☺", "\xe2", "\x82", "\xc3", "\xe0\x81\x81",
	}
}

// TestCutterShort cuts all strings of up to four of the characters.
func TestCutterShort(t *testing.T) {
	chars := cutterChars()
	c := &cutterCheck{}
	buf := make([]byte, 0, 16)
	var grow func(left int)
	grow = func(left int) {
		c.text(t, string(buf))
		if left == 0 {
			return
		}
		n := len(buf)
		for _, x := range chars {
			buf = append(buf[:n], x...)
			grow(left - 1)
		}
		buf = buf[:n]
	}
	if testing.Short() {
		grow(3)
	} else {
		grow(4)
	}
}

// TestCutterLong cuts longer strings, each of few of the characters, so that
// they hold together often.
func TestCutterLong(t *testing.T) {
	chars, order, c := cutterChars(), rand.New(rand.NewPCG(1, 2)), &cutterCheck{}
	for range 200_000 {
		order.Shuffle(len(chars), func(i, j int) { chars[i], chars[j] = chars[j], chars[i] })
		var b strings.Builder
		for range 24 {
			b.WriteString(chars[order.IntN(4)])
		}
		c.text(t, b.String())
	}
}

// TestRunEnd has every pair of bytes at every place of the eight that are looked
// at together, and after them.
func TestRunEnd(t *testing.T) {
	alnum := func(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' || b >= '0' && b <= '9' }
	const all = "aZ0zA9mMx5"
	for pair := range 1 << 16 {
		a, b := byte(pair>>8), byte(pair)
		want := 0 // of the pair
		if alnum(a) {
			want = 1
			if alnum(b) {
				want = len(all)
			}
		}
		for i := range len(all) - 1 {
			s := all[:i] + string([]byte{a, b}) + all[i+2:]
			if got := runEnd(s, 0); got != min(i+want, len(all)) {
				t.Fatalf("%q: ends at %d, want %d", s, got, min(i+want, len(all)))
			}
		}
	}
}

// TestCutterNamed shows what the rules mean.
func TestCutterNamed(t *testing.T) {
	sorts := "_wn!" // blank, word, number, mark
	for _, c := range []struct{ in, want, sorts string }{
		{"can’t stop", "can’t| |stop", "w_w"},
		{"'tis 3.5% of 1,000.", "'|tis| |3.5|%| |of| |1,000|.", "!w_n!_w_n!"},
		{"a.b.c. d", "a.b.c|.| |d", "w!_w"},
		{"1.a 1.2.a", "1|.|a| |1.2|.|a", "n!w_n!w"},
		{"  x\r\n\ny", "  |x|\r\n|\n|y", "_w__w"},
		{"10\u202f000 _1 __", "10\u202f000| |_1| |__", "n_w_!"},
		{"アa漢字", "ア|a|漢|字", "wwww"},
		{"˂˂a ˂˂ aé1,5", "˂˂a| |˂˂| |aé1,5", "w_!_w"},
		{"½ ² é\u0301.", "½| |²| |é\u0301|.", "w_w_w!"},
		{"x\xe2\x82", "x\xe2\x82", "w"},
	} {
		var parts []string
		var got strings.Builder
		for _, p := range appendPieces(nil, c.in) {
			parts = append(parts, p.s)
			got.WriteByte(sorts[p.sort])
		}
		if s := strings.Join(parts, "|"); s != c.want || got.String() != c.sorts {
			t.Errorf("%+q: got %+q %s, want %+q %s", c.in, s, got.String(), c.want, c.sorts)
		}
	}
}

// TestCutterAppends keeps what is there, and takes no memory if there is room.
func TestCutterAppends(t *testing.T) {
	out := appendPieces([]piece{{"x", 7, word}}, "a")
	if want := []piece{{"x", 7, word}, {"a", 0, word}}; !slices.Equal(out, want) {
		t.Errorf("got %v, want %v", out, want)
	}
	s := europeanProse + chineseProse + "e\u0301 سلام 👩\u200d👩\u200d👧"
	out = make([]piece, 0, len(s))
	if n := testing.AllocsPerRun(20, func() { appendPieces(out, s); fastCountWords(s) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestCutterCorpus cuts each paragraph of real pages once.
func TestCutterCorpus(t *testing.T) {
	c, seen, size := &cutterCheck{}, map[string]bool{}, 0
	eachPair(t, "versions-dev.jsonl.gz", 1, func(old, new news.Content) bool {
		for _, p := range append(append(texts(old), texts(new)...), old.Headline, new.Headline) {
			if !seen[p] {
				seen[p] = true
				size += len(p)
				c.text(t, p)
			}
		}
		return true
	})
	t.Logf("%d texts, %d MB", len(seen), size>>20)
}

func FuzzCutter(f *testing.F) {
	for _, s := range []string{
		"can't", "'tis the dogs' 'n' \"x\"", "3.5", "a.b", "U.S. and U.S", "1,000", "1.2.3,4", "a.1 1.a", "l'été", "l’été", "rock ’n’ roll",
		"foo_bar _1_ __", "a:b 10:30 a: b", "x\r\n\r\ny\rz\n", "10\u00a0000\u00a0%", "10\u202f000", "a\u200bb\u200dc\u2060d\ufeff",
		"🇫🇷🇩🇪🇪", "👩\u200d👩\u200d👧 ☺\ufe0f ©\u200d®", "한국어 \u1112\u1161\u11ab", "ก่อน ไทย", "سلام عليكم", "צה\"ל ג'ו", "漢字かなカナー。「」",
		"\xff\xfea\x80b\xe2\x80", "a\xed\xa0\x80b \xc0\x80", "e\u0301te\u0301", "Ver\u00adein", "１，２ ＡＢ：Ｃ ﾊﾟ", "½ ² Ⅳ ⓐ ª º", "aé1,5 é1.5", "˂˂a ⓐⓐ1 _ⓐ",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { new(cutterCheck).text(t, s) })
}

const (
	asciiProse = `The harbour board said on Tuesday that 1,204 crates had been moved since March, or 12.5 percent more than planned.
"We don't expect a delay," said Ada Holm, its head. The ferry will leave at 10:30, and the council's vote is due next week. `
	europeanProse = `Le conseil a voté mardi l’achat de trois navires pour 1 250 000 €, « une décision historique » selon la maire, Zoé Lefèvre.
Der Ausschuß prüft, ob die Brücke über die Mühlbach – wie geplant – für „höchstens“ 3,4 Millionen Euro erneuert werden könne. `
	greekProse   = `Το συμβούλιο αποφάσισε χθες να αγοράσει τρία πλοία. Совет решил во вторник купить три судна за 1,2 млн рублей. `
	chineseProse = `市议会周二决定购买三艘船，费用为1,250万元。“这是历史性的决定”，市长说。港では新しいフェリーが10時30分に出る。 `
	foreignProse = `قرر المجلس يوم الثلاثاء شراء ثلاث سفن بتكلفة ١٢٥ مليونا. สภาเมืองตัดสินใจซื้อเรือสามลำ `
)

// shuffled gives texts of 3 KB from the words of one, so many and so mixed that
// the processor cannot learn them.
func shuffled(s string) (texts []string) {
	order := rand.New(rand.NewPCG(1, 2))
	all := strings.Fields(s)
	for range 100 {
		var b strings.Builder
		for b.Len() < 3<<10 {
			b.WriteString(all[order.IntN(len(all))] + " ")
		}
		texts = append(texts, b.String())
	}
	return texts
}

// realTexts gives the paragraphs of real pages, most of them in English.
func realTexts(b *testing.B) (out []string) {
	for _, p := range corpusPairs(b, 40, 300) {
		out = append(out, strings.Join(texts(p[1]), "\n"))
	}
	return out
}

func BenchmarkCutter(b *testing.B) {
	var out []piece
	runs := []struct {
		name string
		cut  func(s string)
	}{
		{"count", func(s string) { fastCountWords(s) }},
		{"count-library", func(s string) { libraryCount(s) }},
		{"pieces", func(s string) { out = appendPieces(out[:0], s) }},
		{"pieces-library", func(s string) { out = libraryPieces(out[:0], s) }},
	}
	for _, c := range []struct {
		name  string
		texts func() []string
	}{
		{"ascii", func() []string { return shuffled(asciiProse) }},
		{"european", func() []string { return shuffled(europeanProse) }},
		{"greek", func() []string { return shuffled(greekProse) }},
		{"chinese", func() []string { return shuffled(chineseProse) }},
		{"foreign", func() []string { return shuffled(foreignProse) }},
		{"real", func() []string { return realTexts(b) }},
	} {
		texts := c.texts()
		size := len(strings.Join(texts, ""))
		for _, r := range runs {
			b.Run(c.name+"/"+r.name, func(b *testing.B) {
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for b.Loop() {
					for _, s := range texts {
						r.cut(s)
					}
				}
			})
		}
	}
}
