// Command train learns the weights by which the extractor tells an article's
// text from the rest of a page, and writes them with where they come from.
//
//	go run ./bench/train -data DIR
//
// DIR holds extraction-train.tar.zst and, for the check, extraction-dev.tar.zst:
// pages and a truth.json with the text of each. See README.md.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"stet/internal/extract"
)

func main() {
	data := flag.String("data", "", "folder with the archives")
	out := flag.String("o", "internal/extract/weights.json", "file to write")
	day := flag.String("date", time.Now().UTC().Format(time.DateOnly), "date to note in it")
	flag.Parse()
	if *data == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*data, *out, *day); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

// run learns, shows the figures and writes the file.
func run(data, out, day string) error {
	pages, err := load(filepath.Join(data, "extraction-train.tar.zst"))
	if err != nil {
		return err
	}
	w, figures := learn(pages)
	w.Provenance = map[string]string{
		"data":   "extraction-train.tar.zst: Web Content Extraction Benchmark, development part, articles; CC-BY-4.0",
		"pages":  fmt.Sprint(len(pages)),
		"date":   day,
		"method": fmt.Sprintf("logistic regression in two passes, ridge %g; thresholds chosen on the same folds; no random numbers", ridge),
		"folds":  fmt.Sprintf("%d, by FNV-1a of the host", folds),
		"votes":  measure(pages, func(*page) *extract.Weights { return nil }).String(),
		"result": figures.String(),
	}
	if err := write(out, w); err != nil {
		return err
	}
	fmt.Println("votes alone:     ", w.Provenance["votes"])
	fmt.Println("cross-validated: ", figures)
	check, err := load(filepath.Join(data, "extraction-dev.tar.zst"))
	if err != nil {
		return err
	}
	fmt.Println("untouched, votes:", measure(check, func(*page) *extract.Weights { return nil }))
	fmt.Println("untouched:       ", measure(check, func(*page) *extract.Weights { return w }))
	return nil
}

func write(name string, w *extract.Weights) error {
	data, err := json.MarshalIndent(w, "", "\t")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return os.WriteFile(name, append(data, '\n'), 0o644)
}
