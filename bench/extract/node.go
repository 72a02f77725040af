package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/net/html"

	"stet/bench/corpus"
)

// maxAnswer is the longest line that the script may answer, in bytes.
const maxAnswer = 64 << 20

// nodeExtractors are those that node/extract.mjs knows, by our name for them.
func nodeExtractors() map[string]string {
	return map[string]string{"Mozilla Readability 0.6.0, jsdom": "readability", "Defuddle 0.19.4, linkedom": "defuddle"}
}

// install fetches the packages that the lock file names, unless they are here.
func install(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	cmd := exec.Command("npm", "ci", "--ignore-scripts")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm ci in %s: %w", dir, err)
	}
	return nil
}

// An answer is what the script says of one page.
type answer struct {
	HTML  string  `json:"html"`
	MS    float64 `json:"ms"` // CPU time
	Error string  `json:"error"`
}

// runNode has a script's extractor read all pages, one after the other, and
// gives the paragraphs of each and the CPU time of all.
func runNode(dir, name string, pages []corpus.Page) (read [][]string, took time.Duration, err error) {
	cmd := exec.Command("node", "extract.mjs", name)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, 0, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, 0, err
	}
	if err := cmd.Start(); err != nil {
		return nil, 0, fmt.Errorf("node: %w", err)
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, maxAnswer)
	for _, p := range pages {
		a, err := ask(in, lines, p)
		if err != nil {
			return nil, 0, errors.Join(fmt.Errorf("node %s: %s: %w", name, p.File, err), cmd.Process.Kill(), cmd.Wait())
		}
		took += time.Duration(a.MS * float64(time.Millisecond))
		var paragraphs []string
		if tree, err := html.Parse(strings.NewReader(a.HTML)); err == nil {
			paragraphs = blocks(tree)
		}
		read = append(read, paragraphs)
	}
	return read, took, errors.Join(in.Close(), cmd.Wait())
}

func ask(in io.Writer, lines *bufio.Scanner, p corpus.Page) (a answer, err error) {
	text, err := io.ReadAll(decode(p.HTML))
	if err != nil {
		return a, err
	}
	at := p.URL
	if _, err := url.Parse(at); err != nil {
		at = "https://news.example.org/"
	}
	if err := json.NewEncoder(in).Encode(map[string]string{"url": at, "html": string(text)}); err != nil {
		return a, err
	}
	if !lines.Scan() {
		return a, errors.Join(lines.Err(), io.ErrUnexpectedEOF)
	}
	return a, json.Unmarshal(lines.Bytes(), &a)
}
