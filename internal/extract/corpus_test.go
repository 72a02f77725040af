package extract

import (
	"archive/tar"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"stet/internal/news"
)

const corpus = "../../../shared/data"

// readArchive reads all files of a tar.zst by name.
func readArchive(t *testing.T, name string) map[string][]byte {
	t.Helper()
	f, err := os.Open(filepath.Join(corpus, name))
	if err != nil {
		t.Skip("skipped: no corpus")
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	files := map[string][]byte{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			if files[h.Name], err = io.ReadAll(r); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A truth is what a person says a page holds.
type truth struct {
	URL   string
	Title string
	Paras []string
	File  string
	Date  string
}

// figures sums up the scores of many pages.
type figures struct {
	pages, ok, headline, date, dated int
	shingle, prec, rec, para         float64
}

// score compares two lists of paragraphs: the F1 of the 4-word shingles, and
// of the exact paragraphs.
func score(want, got []string) (p, r, para float64) {
	w, g := shingles(want), shingles(got)
	both := 0
	for k, n := range g {
		both += min(n, w[k])
	}
	p, r = ratio(both, total(g)), ratio(both, total(w))
	pw, pg := paraKeys(want), paraKeys(got)
	both = 0
	for k, n := range pg {
		both += min(n, pw[k])
	}
	return p, r, f1(ratio(both, total(pg)), ratio(both, total(pw)))
}

func f1(p, r float64) float64 {
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func total(m map[uint64]int) (n int) {
	for _, x := range m {
		n += x
	}
	return n
}

func shingles(paras []string) map[uint64]int {
	words := tokens(strings.Join(paras, "\n"))
	out := map[uint64]int{}
	if len(words) < 4 && len(words) > 0 {
		out[gram(words)]++
	}
	for i := 0; i+4 <= len(words); i++ {
		out[gram(words[i:i+4])]++
	}
	return out
}

func paraKeys(paras []string) map[uint64]int {
	out := map[uint64]int{}
	for _, p := range paras {
		if w := tokens(p); len(w) > 0 {
			out[gram(w)]++
		}
	}
	return out
}

// coreTexts are the texts that make a version.
func coreTexts(c news.Content) []string {
	var out []string
	if c.Standfirst != "" {
		out = append(out, c.Standfirst)
	}
	for _, b := range c.Blocks {
		if b.Core() {
			out = append(out, b.Text)
		}
	}
	return out
}

func measure(t *testing.T, archive, dir string) figures {
	files := readArchive(t, archive)
	var truths []truth
	if err := json.Unmarshal(files[dir+"/truth.json"], &truths); err != nil {
		t.Fatal(err)
	}
	var f figures
	for _, tr := range truths {
		u, _ := url.Parse(tr.URL)
		r := Read(Page{URL: u, Status: 200, ContentType: "text/html", Body: files[dir+"/"+tr.File]})
		got := coreTexts(r.Content)
		p, rec, para := score(tr.Paras, got)
		f.pages++
		if r.Outcome == news.OK {
			f.ok++
		} else {
			t.Logf("%s: %s: %s", tr.File, r.Outcome, r.Reason)
		}
		f.prec, f.rec, f.shingle, f.para = f.prec+p, f.rec+rec, f.shingle+f1(p, rec), f.para+para
		same := strings.EqualFold(news.Fold(tr.Title), news.Fold(r.Content.Headline))
		if same {
			f.headline++
		}
		if len(tr.Date) >= 10 {
			f.dated++
			if r.Content.Published.Format("2006-01-02") == tr.Date[:10] {
				f.date++
			}
		}
		if os.Getenv("DUMP") != "" {
			dump(tr, r, p, rec, para, same)
		}
	}
	n := float64(f.pages)
	f.prec, f.rec, f.shingle, f.para = f.prec/n, f.rec/n, f.shingle/n, f.para/n
	t.Logf("%d pages, %d ok; shingle F1 %.4f (P %.4f R %.4f), paragraph F1 %.4f, headline %d, date %d of %d",
		f.pages, f.ok, f.shingle, f.prec, f.rec, f.para, f.headline, f.date, f.dated)
	return f
}

func dump(tr truth, r Result, p, rec, para float64, same bool) {
	fmt.Printf("@@ %.3f p=%.3f r=%.3f para=%.3f %s\n", f1(p, rec), p, rec, para, tr.File)
	if !same {
		fmt.Printf("  HEAD want %q got %q\n", tr.Title, r.Content.Headline)
	}
	want, got := paraKeys(tr.Paras), paraKeys(coreTexts(r.Content))
	for _, x := range tr.Paras {
		if got[gram(tokens(x))] == 0 {
			st := "ABSENT"
			for _, b := range r.Blocks {
				if b.Key == news.Key(x) {
					st = fmt.Sprintf("body=%v soft=%v %s", b.Body, b.Soft, b.Kind)
				}
			}
			fmt.Printf("  MISS [%s] %.120s\n", st, x)
		}
	}
	for _, b := range r.Content.Blocks {
		if b.Core() && want[gram(tokens(b.Text))] == 0 {
			fmt.Printf("  EXTRA %s %.120s\n", b.Kind, b.Text)
		}
	}
	if s := r.Content.Standfirst; s != "" && want[gram(tokens(s))] == 0 {
		fmt.Printf("  EXTRA-SF %.120s\n", s)
	}
}

func TestCorpusDev(t *testing.T) {
	f := measure(t, "extraction-dev.tar.zst", "extraction-dev")
	if f.shingle < 0.93 {
		t.Errorf("shingle F1 %.4f", f.shingle)
	}
}

func TestCorpusTrain(t *testing.T) {
	measure(t, "extraction-train.tar.zst", "extraction-train")
}
