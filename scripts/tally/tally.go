package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A test is one test or subtest of a package.
type test struct {
	result string // "pass", "fail", "skip"; empty while it runs
	output []string
}

// A suite is the tests of one package.
type suite struct {
	tests  map[string]*test
	output []string // what no test printed
	ended  bool
}

// A count is a number of tests by result.
type count struct{ passed, failed, skipped int }

// A tally counts the tests of all packages.
type tally struct {
	w        io.Writer
	suites   map[string]*suite
	builds   map[string][]string // by import path: what the compiler said
	total    count
	failures []string       // what to show at the end, in the order of the packages
	reasons  map[string]int // of skips
}

func newTally(w io.Writer) *tally {
	return &tally{w: w, suites: map[string]*suite{}, builds: map[string][]string{}, reasons: map[string]int{}}
}

// add takes one event in.
func (t *tally) add(e event) {
	switch e.Action {
	case "build-output":
		t.builds[e.ImportPath] = append(t.builds[e.ImportPath], e.Output)
		return
	case "build-fail":
		return // each package that could not run because of it says so
	}
	s := t.suites[e.Package]
	if s == nil {
		s = &suite{tests: map[string]*test{}}
		t.suites[e.Package] = s
	}
	if e.Test == "" {
		t.addSuite(s, e)
		return
	}
	one := s.tests[e.Test]
	if one == nil {
		one = &test{}
		s.tests[e.Test] = one
	}
	switch e.Action {
	case "output":
		one.output = append(one.output, e.Output)
	case "pass", "fail", "skip":
		one.result = e.Action
	}
}

// addSuite takes in an event of a whole package.
func (t *tally) addSuite(s *suite, e event) {
	switch e.Action {
	case "output":
		s.output = append(s.output, e.Output)
	case "pass", "fail", "skip":
		t.end(s, e)
	}
}

// end counts the tests of a package and prints its line.
func (t *tally) end(s *suite, e event) {
	s.ended = true
	n := t.count(s, e.Package)
	if e.Action == "fail" {
		t.showStray(s, e.Package)
	}
	if e.Action == "fail" && n.failed == 0 {
		n.failed = 1
		said := slices.Concat(t.builds[e.FailedBuild], s.output)
		t.failures = append(t.failures, block(e.Package+" (the package itself)", said))
	}
	t.total.passed += n.passed
	t.total.failed += n.failed
	t.total.skipped += n.skipped

	verdict := "ok"
	switch {
	case n.failed > 0:
		verdict = "FAIL"
	case len(s.tests) == 0:
		verdict = "none"
	}
	fmt.Fprintf(t.w, "%-4s  %s  tests %d, failed %d, skipped %d, %.1f s\n",
		verdict, e.Package, n.passed+n.failed+n.skipped, n.failed, n.skipped, e.Elapsed)
}

// showStray keeps what good tests of a failed package printed if a panic is in
// it: of tests that run side by side, go test cannot tell whose panic it is and
// books it on the one that spoke last.
func (t *tally) showStray(s *suite, pkg string) {
	for _, name := range slices.Sorted(maps.Keys(s.tests)) {
		one := s.tests[name]
		if one.result != "fail" && one.result != "" && slices.ContainsFunc(one.output, isPanic) {
			t.failures = append(t.failures, block(pkg+" "+name+" (printed here, whosever it is)", one.output))
		}
	}
}

func isPanic(line string) bool {
	return strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ")
}

// count counts the tests of a package by the rules of the package comment and
// keeps what is to be shown of them.
func (t *tally) count(s *suite, pkg string) count {
	var n count
	parents := map[string]bool{} // tests that have subtests
	blamed := map[string]bool{}  // tests one of whose subtests failed
	names := slices.SortedFunc(maps.Keys(s.tests), func(a, b string) int {
		return cmp.Or(strings.Count(b, "/")-strings.Count(a, "/"), strings.Compare(a, b))
	})
	for _, name := range names { // subtests before their parents
		one := s.tests[name]
		bad := one.result == "fail" || one.result == ""
		if up := parent(name, s.tests); up != "" {
			parents[up] = true
			blamed[up] = blamed[up] || bad || blamed[name]
		}
		switch {
		case bad && !blamed[name]:
			n.failed++
			title := pkg + " " + name
			if one.result == "" {
				title += " (did not end)"
			}
			t.failures = append(t.failures, block(title, one.output))
		case bad || parents[name]:
		case one.result == "skip":
			n.skipped++
			t.reasons[reason(one.output)]++
		default:
			n.passed++
		}
	}
	return n
}

// parent is the nearest test above a subtest, empty when there is none. Names
// of subtests may hold slashes of their own.
func parent(name string, tests map[string]*test) string {
	for {
		cut := strings.LastIndexByte(name, '/')
		if cut < 0 {
			return ""
		}
		name = name[:cut]
		if tests[name] != nil {
			return name
		}
	}
}

// spoken matches what t.Log, t.Skip and their kin print: place, then text.
var spoken = regexp.MustCompile(`^\s+\S+\.go:\d+: (.*)$`)

// reason is why a test was skipped: the last thing it said.
func reason(output []string) string {
	why := "no reason given"
	for line := range strings.Lines(strings.Join(output, "")) {
		if m := spoken.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil {
			why = strings.TrimPrefix(m[1], "skipped: ")
		}
	}
	return why
}

// block is a title and what was printed, indented so that no line of it can be
// taken for ours.
func block(title string, output []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n--- %s\n", title)
	for line := range strings.Lines(strings.Join(output, "")) {
		line = strings.TrimRight(line, "\n")
		if !strings.HasPrefix(line, "=== ") {
			fmt.Fprintf(&b, "    %s\n", line)
		}
	}
	return b.String()
}

// close counts what never ended, prints failures, reasons and the closing line
// and returns how many tests failed.
func (t *tally) close() int {
	for _, pkg := range slices.Sorted(maps.Keys(t.suites)) {
		if s := t.suites[pkg]; !s.ended {
			t.end(s, event{Action: "fail", Package: pkg})
		}
	}
	if len(t.suites) == 0 {
		t.total.failed++
		said := slices.Concat(slices.Collect(maps.Values(t.builds))...)
		t.failures = append(t.failures, block("no package was tested", said))
	}
	for _, f := range t.failures {
		fmt.Fprint(t.w, f)
	}
	if len(t.reasons) > 0 {
		fmt.Fprint(t.w, "\nskipped:\n")
	}
	for _, why := range slices.Sorted(maps.Keys(t.reasons)) {
		fmt.Fprintf(t.w, "%6d  %s\n", t.reasons[why], why)
	}
	fmt.Fprintf(t.w, "\n%d passed, %d failed, %d skipped\n", t.total.passed, t.total.failed, t.total.skipped)
	return t.total.failed
}
