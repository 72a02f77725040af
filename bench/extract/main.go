// Command extract measures how well and how fast article bodies are found:
// stet, the libraries that it asks for votes, each alone, and on demand the
// JavaScript extractors that others use. See README.md.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"stet/bench/corpus"
)

// A row is what one extractor came to, means over the pages.
type row struct {
	Name      string  `json:"name"`
	Pages     int     `json:"pages"`
	OK        int     `json:"ok"` // pages that it gave any text for
	F1        float64 `json:"f1"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	Paragraph float64 `json:"paragraph_f1"`
	Exact     float64 `json:"exact"`           // share of pages that are exactly right
	Speed     float64 `json:"pages_per_cpu_s"` // on one core, parsing included
}

func main() {
	data := flag.String("data", "../shared/data", "`folder` of the corpus")
	set := flag.String("set", "dev", "dev (news) or train (blogs, guides, magazines)")
	node := flag.Bool("node", false, "also measure JavaScript extractors; needs node, and npm the first time")
	dir := flag.String("node-dir", filepath.Join("bench", "extract", "node"), "`folder` of the script for node")
	asJSON := flag.Bool("json", false, "print JSON")
	flag.Parse()
	if err := run(os.Stdout, *data, *set, *node, *dir, *asJSON); err != nil {
		fmt.Fprintln(os.Stderr, "extract:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, data, set string, node bool, dir string, asJSON bool) error {
	name, ok := map[string]string{"dev": corpus.Dev, "train": corpus.Train}[set]
	if !ok {
		return fmt.Errorf("set %q: want dev or train", set)
	}
	pages, err := corpus.Load(data, name)
	if err != nil {
		return err
	}
	runtime.GOMAXPROCS(1) // so that CPU time is one core's
	rows := []row{}
	show := func(r row) {
		rows = append(rows, r)
		if !asJSON {
			r.print(w) // each when it is there: some take minutes
		}
	}
	if !asJSON {
		printHead(w, name, len(pages))
	}
	for _, x := range extractors() {
		show(measure(x, pages))
	}
	if node {
		if err := measureNode(dir, pages, show); err != nil {
			return err
		}
	}
	if !asJSON {
		return nil
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(rows)
}

// measure reads all pages once, timed, and scores what came.
func measure(x extractor, pages []corpus.Page) row {
	var read [][]string
	runtime.GC()
	before := cpu()
	for _, p := range pages {
		at, err := url.Parse(p.URL)
		if err != nil {
			at = nil
		}
		read = append(read, x.read(p, at))
	}
	return tally(x.name, pages, read, cpu()-before)
}

func measureNode(dir string, pages []corpus.Page, show func(row)) error {
	if err := install(dir); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(nodeExtractors())) {
		read, took, err := runNode(dir, nodeExtractors()[name], pages)
		if err != nil {
			return err
		}
		show(tally(name, pages, read, took))
	}
	return nil
}

// cpu is the time that this process has spent on a processor.
func cpu() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		panic("getrusage: " + err.Error()) // it knows only our own mistakes
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func tally(name string, pages []corpus.Page, read [][]string, took time.Duration) row {
	r := row{Name: name, Pages: len(pages), Speed: float64(len(pages)) / took.Seconds()}
	n := float64(len(pages))
	for i, p := range pages {
		s := compare(p.Paragraphs, read[i])
		if len(read[i]) > 0 {
			r.OK++
		}
		if s.exact() {
			r.Exact += 1 / n
		}
		r.F1, r.Precision, r.Recall, r.Paragraph = r.F1+s.shingle/n, r.Precision+s.precision/n, r.Recall+s.recall/n, r.Paragraph+s.paragraph/n
	}
	return r
}

func printHead(w io.Writer, set string, pages int) {
	fmt.Fprintf(w, "%s, %d pages; means over pages; shingles of %d words; CPU time on one core, decoding and parsing included\n\n", set, pages, gramSize)
	fmt.Fprintf(w, "%-34s %6s %6s %6s %12s %7s %7s %12s\n", "", "F1", "prec", "recall", "paragraph F1", "exact", "ok", "pages/CPU s")
}

func (r row) print(w io.Writer) {
	fmt.Fprintf(w, "%-34s %6.3f %6.3f %6.3f %12.3f %6.1f%% %7d %12.1f\n", r.Name, r.F1, r.Precision, r.Recall, r.Paragraph, 100*r.Exact, r.OK, r.Speed)
}
