package extract

import (
	"archive/tar"
	"encoding/json"
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
func readArchive(t testing.TB, name string) map[string][]byte {
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
	shingle, prec, rec, para, exact  float64
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
		l := Lesson{truth: tr.Paras}
		x := l.Score(got)
		f.pages++
		if r.Outcome == news.OK {
			f.ok++
		} else {
			t.Logf("%s: %s: %s", tr.File, r.Outcome, r.Reason)
		}
		f.prec, f.rec, f.shingle, f.para = f.prec+x.Precision, f.rec+x.Recall, f.shingle+x.F1, f.para+x.Paragraphs
		f.exact += bit(x.Exact)
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
	}
	n := float64(f.pages)
	f.prec, f.rec, f.shingle, f.para, f.exact = f.prec/n, f.rec/n, f.shingle/n, f.para/n, f.exact/n
	t.Logf("%d pages, %d ok; shingle F1 %.4f (P %.4f R %.4f), paragraph F1 %.4f, exact %.3f, headline %d, date %d of %d",
		f.pages, f.ok, f.shingle, f.prec, f.rec, f.para, f.exact, f.headline, f.date, f.dated)
	return f
}

func TestCorpusDev(t *testing.T) {
	f := measure(t, "extraction-dev.tar.zst", "extraction-dev")
	f.atLeast(t, figures{ok: 250, shingle: 0.957, para: 0.910, exact: 0.40, headline: 185, date: 240})
}

func TestCorpusTrain(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: takes a minute")
	}
	f := measure(t, "extraction-train.tar.zst", "extraction-train")
	f.atLeast(t, figures{ok: 780, shingle: 0.930, para: 0.810, exact: 0.18, headline: 665, date: 500})
}

// atLeast fails when a figure is below a little less than what was reached.
func (f figures) atLeast(t *testing.T, floor figures) {
	t.Helper()
	if f.ok < floor.ok || f.headline < floor.headline || f.date < floor.date {
		t.Errorf("ok %d, headline %d, date %d; want %d, %d, %d", f.ok, f.headline, f.date, floor.ok, floor.headline, floor.date)
	}
	if f.shingle < floor.shingle || f.para < floor.para || f.exact < floor.exact {
		t.Errorf("shingle F1 %.4f, paragraph F1 %.4f, exact %.3f; want %.4f, %.4f, %.3f", f.shingle, f.para, f.exact, floor.shingle, floor.para, floor.exact)
	}
}
