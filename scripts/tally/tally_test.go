package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCount gives events in the order in which go test writes them.
func TestCount(t *testing.T) {
	tests := []struct {
		name   string
		in     string
		want   string // the closing line
		failed int
		shows  []string
		hides  []string
	}{
		{
			name: "a test without subtests counts once",
			in: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Elapsed":1.25}`,
			want:  "1 passed, 0 failed, 0 skipped",
			shows: []string{"ok    p  tests 1, failed 0, skipped 0, 1.2 s\n"},
		},
		{
			name: "of a test with subtests only the subtests count",
			in: `{"Action":"pass","Package":"p","Test":"TestA/one"}
{"Action":"pass","Package":"p","Test":"TestA/two/with a slash"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p"}`,
			want: "2 passed, 0 failed, 0 skipped",
		},
		{
			name: "a failed subtest is not counted again in its parents",
			in: `{"Action":"fail","Package":"p","Test":"TestA/one/deep"}
{"Action":"fail","Package":"p","Test":"TestA/one"}
{"Action":"pass","Package":"p","Test":"TestA/two"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}`,
			want: "1 passed, 1 failed, 0 skipped", failed: 1,
		},
		{
			name: "a parent that fails by itself counts",
			in: `{"Action":"pass","Package":"p","Test":"TestA/one"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:9: own fault\n"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}`,
			want: "1 passed, 1 failed, 0 skipped", failed: 1, shows: []string{"--- p TestA\n", "own fault"},
		},
		{
			name: "reasons of skips are grouped, whatever the line they stand on",
			in: `{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:9: skipped: no corpus\n"}
{"Action":"skip","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:10: skipped: no corpus\n"}
{"Action":"skip","Package":"p","Test":"TestB"}
{"Action":"skip","Package":"p","Test":"TestC"}
{"Action":"pass","Package":"p"}`,
			want:  "0 passed, 0 failed, 3 skipped",
			shows: []string{"     2  no corpus\n", "     1  no reason given\n"},
		},
		{
			name: "what passing tests print is not shown",
			in: `{"Action":"output","Package":"p","Test":"TestA","Output":"chatter\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p"}`,
			want: "1 passed, 0 failed, 0 skipped", hides: []string{"chatter"},
		},
		{
			name: "a package that does not build is one failure, with the compiler's words",
			in: `{"ImportPath":"p [p.test]","Action":"build-output","Output":"p.go:2:13: no such thing\n"}
{"ImportPath":"p [p.test]","Action":"build-fail"}
{"Action":"fail","Package":"p","FailedBuild":"p [p.test]"}`,
			want: "0 passed, 1 failed, 0 skipped", failed: 1, shows: []string{"no such thing"},
		},
		{
			name: "a test that never ended failed, and so did its package",
			in: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestB"}
{"Action":"fail","Package":"p"}`,
			want: "1 passed, 1 failed, 0 skipped", failed: 1, shows: []string{"p TestA (did not end)"},
		},
		{
			name: "an input that breaks off in a package",
			in:   `{"Action":"pass","Package":"p","Test":"TestB"}`,
			want: "1 passed, 1 failed, 0 skipped", failed: 1,
		},
		{
			name: "nothing at all is a failure",
			in:   "go: cannot find main module\n",
			want: "0 passed, 1 failed, 0 skipped", failed: 1, shows: []string{"cannot find main module"},
		},
		{
			name: "a package without tests is named and counts nothing",
			in:   `{"Action":"skip","Package":"p"}`,
			want: "0 passed, 0 failed, 0 skipped", shows: []string{"none  p"},
		},
		{
			name: "a panic booked on a neighbour is shown",
			in: `{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestB","Output":"panic: boom\n"}
{"Action":"pass","Package":"p","Test":"TestB"}
{"Action":"fail","Package":"p"}`,
			want: "1 passed, 1 failed, 0 skipped", failed: 1, shows: []string{"panic: boom"},
		},
		{
			name: "what a test prints cannot pass for the closing line",
			in: `{"Action":"output","Package":"p","Test":"TestA","Output":"9 passed, 0 failed, 0 skipped\n"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}`,
			want: "0 passed, 1 failed, 0 skipped", failed: 1, hides: []string{"\n9 passed"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			failed, err := run(strings.NewReader(tt.in), &out)
			if err != nil {
				t.Fatal(err)
			}
			got := out.String()
			if failed != tt.failed || closing(got) != tt.want {
				t.Errorf("failed = %d, closing line %q; want %d, %q", failed, closing(got), tt.failed, tt.want)
			}
			for _, s := range tt.shows {
				if !strings.Contains(got, s) {
					t.Errorf("output lacks %q", s)
				}
			}
			for _, s := range tt.hides {
				if strings.Contains(got, s) {
					t.Errorf("output has %q", s)
				}
			}
			if t.Failed() {
				t.Log(got)
			}
		})
	}
}

// closing is the last line, when exactly one line has its form.
func closing(out string) string {
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	for _, l := range lines[:len(lines)-1] {
		if strings.Contains(l, " passed, ") && !strings.HasPrefix(l, " ") {
			return "a second closing line: " + l
		}
	}
	return lines[len(lines)-1]
}

// TestRealGo counts what the go command itself says of a small module that has
// every way of failing.
func TestRealGo(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("skipped: no go command")
	}
	dir := t.TempDir()
	const head = "\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nvar _ = os.Args\n\n"
	files := map[string]string{
		"go.mod":          "module example.org/sample\n\ngo 1.24\n",
		"mixed/a_test.go": "package mixed" + head + "func TestA(t *testing.T) {\n\tt.Run(\"one\", func(t *testing.T) {})\n\tt.Run(\"two\", func(t *testing.T) { t.Error(\"wrong sum\") })\n}\n\nfunc TestB(t *testing.T) { t.Skip(\"skipped: no corpus\") }\n\nfunc FuzzC(f *testing.F) { f.Add(1); f.Fuzz(func(t *testing.T, n int) {}) }\n",
		"build/b.go":      "package build\n\nvar X int = \"no number\"\n",
		"build/b_test.go": "package build" + head + "func TestA(t *testing.T) {}\n",
		"setup/s.go":      "package setup\n\nimport _ \"example.org/sample/missing\"\n",
		"main/m_test.go":  "package main" + head + "func TestMain(m *testing.M) { os.Exit(3) }\n\nfunc TestA(t *testing.T) {}\n",
		"panic/p_test.go": "package panics" + head + "func TestA(t *testing.T) { panic(\"boom\") }\n",
		"none/n.go":       "package none\n",
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(goTool, "test", "-json", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	events, err := cmd.Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("go test of a module full of faults: %v", err)
	}
	var out strings.Builder
	failed, err := run(strings.NewReader(string(events)), &out)
	if err != nil {
		t.Fatal(err)
	}
	if want := "2 passed, 5 failed, 1 skipped"; failed != 5 || closing(out.String()) != want {
		t.Errorf("closing line %q, want %q\n%s", closing(out.String()), want, out.String())
	}
	for _, s := range []string{"wrong sum", "no number", "missing", "exit status 3", "boom", "     1  no corpus"} {
		if !strings.Contains(out.String(), s) {
			t.Errorf("output lacks %q:\n%s", s, out.String())
		}
	}
}

func TestLongLine(t *testing.T) {
	line := strings.Repeat("x", MaxLine-1)
	if _, err := run(strings.NewReader(line), &strings.Builder{}); err != nil {
		t.Errorf("a line of MaxLine - 1 bytes: %v", err)
	}
	if _, err := run(strings.NewReader(line+"xx"), &strings.Builder{}); err == nil {
		t.Error("a line longer than MaxLine: no error")
	}
}

func FuzzRun(f *testing.F) {
	f.Add([]byte(`{"Action":"fail","Package":"p","Test":"TestA/b"}` + "\n" + `{"Action":"pass","Package":"p"}`))
	f.Add([]byte("plain\n{}\n{\"Action\":\"skip\"}"))
	f.Fuzz(func(t *testing.T, in []byte) {
		var out strings.Builder
		if _, err := run(strings.NewReader(string(in)), &out); err != nil {
			return
		}
		if !strings.HasSuffix(out.String(), " skipped\n") {
			t.Errorf("no closing line after %q:\n%s", in, out.String())
		}
	})
}
