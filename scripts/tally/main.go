// Command tally counts what "go test -json" says and ends with one line.
//
// It reads the events of "go test -json ./..." on standard input (see "go doc
// test2json") and writes, as they come, one line for each package; then what
// the failed tests printed, the reasons of the skipped ones with how many gave
// each, and last, alone on its line:
//
//	N passed, N failed, N skipped
//
// What counts as one test: every test, subtest, example and fuzz seed that has
// no subtests of its own. Moreover one failure each for
//   - a test with subtests that failed although none of them did;
//   - a test that began and never ended (panic, time-out, os.Exit);
//   - a package that failed and no test in it did (it does not build, TestMain
//     failed, a data race after the last test);
//   - an input that holds no package at all, for then nothing was tested.
//
// So "0 failed" means that everything that was asked for ran and passed. The
// exit code is 0 when nothing failed, 1 when something did, and 2 when the
// input cannot be read. Lines that are no events are passed on as they are.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// MaxLine is the longest line of input, in bytes; go test cuts what tests print
// into much shorter events.
const MaxLine = 16 << 20

func main() {
	failed, err := run(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "tally:", err)
		os.Exit(2)
	}
	if failed > 0 {
		os.Exit(1)
	}
}

// An event is one line of "go test -json".
type event struct {
	Action      string
	Package     string
	Test        string
	Elapsed     float64 // seconds
	Output      string
	ImportPath  string // of build events
	FailedBuild string // ImportPath of the build that kept this package from running
}

// run copies what is to be shown of the events in r to w and returns how many
// tests failed. Errors are those of reading and writing.
func run(r io.Reader, w io.Writer) (failed int, err error) {
	out := bufio.NewWriter(w)
	t := newTally(out)
	in := bufio.NewScanner(r)
	in.Buffer(nil, MaxLine)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil || e.Action == "" {
			fmt.Fprintf(out, "%s\n", in.Bytes())
		} else {
			t.add(e)
		}
		if err := out.Flush(); err != nil { // so that a watcher sees each package when it ends
			return 0, fmt.Errorf("write: %w", err)
		}
	}
	if err := in.Err(); err != nil {
		return 0, fmt.Errorf("read events: %w", err)
	}
	failed = t.close()
	if err := out.Flush(); err != nil {
		return 0, fmt.Errorf("write: %w", err)
	}
	return failed, nil
}
