// Package internal_test guards the shape of stet: which package may import
// which, how deep the chains are, what folders are called, that every package
// says what it is, and which words no file may hold. The rules are those of
// docs/design.md ("Folders"); change both or neither.
//
// Only what ships is looked at: tests may import what they need.
package internal_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// module is the name in go.mod, and the beginning of every import of ours.
const module = "stet"

// MaxDepth is the longest chain of imports inside the module, counted in
// arrows.
const MaxDepth = 4

// A rule is what one package may import.
type rule struct {
	ours   []string // packages of ours; all = each of them
	pure   bool     // no network, database, log or operating system
	others []string // the only imports from outside the standard library; nil = any
}

const all = "everything"

// rules are the arrows. Names are folders, those below internal/ without it.
func rules() map[string]rule {
	news := []string{"news"}
	return map[string]rule{
		"news": {pure: true, others: []string{
			"golang.org/x/net/idna", "golang.org/x/net/publicsuffix", "golang.org/x/text/unicode/norm"}},
		"feed":          {pure: true},
		"schedule":      {pure: true},
		"simulate":      {pure: true, ours: []string{"schedule", "news"}},
		"search":        {pure: true, ours: news},
		"newsroom":      {},
		"pgtest":        {}, // of tests
		"extract":       {pure: true, ours: news},
		"diff":          {pure: true, ours: news},
		"compare":       {pure: true, ours: []string{"extract", "news"}},
		"appraise":      {pure: true, ours: []string{"diff", "news"}},
		"health":        {pure: true, ours: news},
		"crawl":         {ours: news},
		"browser":       {ours: []string{"crawl", "news"}},
		"blob":          {ours: news},
		"store":         {ours: []string{"blob", "search", "news"}},
		"archive":       {ours: []string{"store", "news"}},
		"track":         {ours: []string{"feed", "crawl", "browser", "extract", "compare", "schedule", "diff", "appraise", "health", "store", "news"}},
		"web":           {ours: []string{"store", "search", "diff", "appraise", "feed", "news"}},
		"cmd/stet":      {ours: []string{all}},
		"archive/warc":  {others: []string{}},
		"scripts/tally": {others: []string{}},

		"bench/corpus":         {},
		"bench/diff":           {ours: []string{all}},
		"bench/extract":        {ours: []string{all}},
		"bench/refetch":        {ours: []string{all}},
		"bench/refetch/noise":  {ours: news},
		"bench/refetch/visits": {ours: []string{all}},
		"bench/store":          {ours: []string{all}},
		"bench/store/invent":   {ours: []string{"archive", "news"}},
		"bench/train":          {ours: []string{"extract"}},
		"bench/watch":          {ours: []string{all}},
	}
}

// impure is what a pure package must not import.
func impure() []string { return []string{"net/http", "database/sql", "log/slog", "os"} }

// vague are names that tell nothing about what is in a folder.
func vague() []string {
	return []string{"util", "utils", "common", "helper", "helpers", "manager", "managers", "misc", "shared", "base"}
}

// A folder is what a package is seen to be.
type folder struct {
	imports map[string]string // import path → a file that has it
	comment bool              // some file has a package comment
}

// load reads the imports and package comments of every package below the root
// of fsys, by name as in [rules]. Tests, testdata, hidden folders and modules
// of their own are left out; build constraints are not looked at.
func load(fsys fs.FS) (map[string]folder, error) {
	folders := map[string]folder{}
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return enter(fsys, p)
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		return read(fsys, p, folders)
	})
	return folders, err
}

func enter(fsys fs.FS, dir string) error {
	name := path.Base(dir)
	if dir == "." {
		return nil
	}
	if name[0] == '.' || name[0] == '_' || name == "testdata" || name == "vendor" || name == "node_modules" {
		return fs.SkipDir
	}
	if _, err := fs.Stat(fsys, path.Join(dir, "go.mod")); err == nil {
		return fs.SkipDir
	}
	return nil
}

func read(fsys fs.FS, file string, folders map[string]folder) error {
	src, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, src, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return err
	}
	name := strings.TrimPrefix(path.Dir(file), "internal/")
	f, ok := folders[name]
	if !ok {
		f.imports = map[string]string{}
	}
	text := parsed.Doc.Text()
	f.comment = f.comment || strings.HasPrefix(text, "Package "+parsed.Name.Name+" ") || strings.HasPrefix(text, "Command ")
	for _, spec := range parsed.Imports {
		f.imports[strings.Trim(spec.Path.Value, "`\"")] = file
	}
	folders[name] = f
	return nil
}

// ours is the name of an imported package of ours, empty for others.
func ours(imported string) string {
	rest, ok := strings.CutPrefix(imported, module+"/")
	if !ok {
		return ""
	}
	return strings.TrimPrefix(rest, "internal/")
}

// standard reports whether the import is of the standard library, whose paths
// have no dot in the first element.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// broken lists what goes against the rules, a sentence each, in order.
func broken(folders map[string]folder) []string {
	var faults []string
	say := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	for _, name := range slices.Sorted(maps.Keys(folders)) {
		f := folders[name]
		for part := range strings.SplitSeq(name, "/") {
			if slices.Contains(vague(), part) {
				say("folder %s: the name %q tells nothing; name it for what is in it", name, part)
			}
		}
		if !f.comment {
			say("package %s has no package comment: say what it takes, gives and promises", name)
		}
		r, ok := rules()[name]
		if !ok {
			say("package %s is not known: add it to the list in internal/arrows_test.go and to docs/design.md", name)
			continue
		}
		for _, imported := range slices.Sorted(maps.Keys(f.imports)) {
			if why := r.forbids(imported); why != "" {
				say("%s imports %s, but %s %s", f.imports[imported], imported, name, why)
			}
		}
	}
	return faults
}

// forbids says why a package with this rule may not import that; empty when
// it may.
func (r rule) forbids(imported string) string {
	if to := ours(imported); to != "" {
		switch {
		case slices.Contains(r.ours, all) || slices.Contains(r.ours, to):
			return ""
		case len(r.ours) == 0:
			return "imports nothing of ours"
		}
		return "may import only " + strings.Join(r.ours, ", ") + " of ours"
	}
	if standard(imported) {
		if r.pure && slices.Contains(impure(), imported) {
			return "is pure: no " + strings.Join(impure(), ", ")
		}
		return ""
	}
	if r.others != nil && !slices.Contains(r.others, imported) {
		if len(r.others) == 0 {
			return "keeps to the standard library"
		}
		return "takes from outside the standard library only " + strings.Join(r.others, ", ")
	}
	return ""
}

// chain is the longest chain of imports that begins at a package.
func chain(folders map[string]folder, name string) []string {
	var longest []string
	for imported := range folders[name].imports {
		if to := ours(imported); to != "" && to != name {
			if c := chain(folders, to); len(c) > len(longest) {
				longest = c
			}
		}
	}
	return append([]string{name}, longest...)
}

func TestArrows(t *testing.T) {
	folders, err := load(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := folders["news"]; !ok {
		t.Fatalf("internal/news was not found among %d packages", len(folders))
	}
	for _, fault := range broken(folders) {
		t.Error(fault)
	}
}

func TestDepth(t *testing.T) {
	folders, err := load(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	var deepest []string
	for name := range folders {
		if strings.HasPrefix(name, "bench/") { // measures what ships, and is no part of it
			continue
		}
		if c := chain(folders, name); len(c) > len(deepest) {
			deepest = c
		}
	}
	t.Logf("depth %d: %s", len(deepest)-1, strings.Join(deepest, " → "))
	if len(deepest)-1 > MaxDepth {
		t.Errorf("%s is %d arrows deep, want at most %d", strings.Join(deepest, " → "), len(deepest)-1, MaxDepth)
	}
}

// TestArrowsCatch shows that each rule can fail, and that right code does not.
func TestArrowsCatch(t *testing.T) {
	tests := []struct{ name, file, src, want string }{
		{"a right arrow", "internal/store/a.go", "// Package store keeps.\npackage store\nimport _ \"stet/internal/news\"", ""},
		{"the command sees all", "cmd/stet/a.go", "// Command stet watches.\npackage main\nimport _ \"stet/internal/newsroom\"", ""},
		{"a page that fetches", "internal/web/a.go", "// Package web shows.\npackage web\nimport _ \"stet/internal/crawl\"",
			"internal/web/a.go imports stet/internal/crawl, but web may import only store, search, diff, appraise, feed, news of ours"},
		{"a leaf that looks up", "internal/news/a.go", "// Package news holds.\npackage news\nimport _ \"stet/internal/store\"", "imports nothing of ours"},
		{"a pure package with a client", "internal/feed/a.go", "// Package feed reads.\npackage feed\nimport _ \"net/http\"", "feed is pure"},
		{"a pure package that logs", "internal/diff/a.go", "// Package diff compares.\npackage diff\nimport _ \"log/slog\"", "diff is pure"},
		{"a dependency of the nouns", "internal/news/a.go", "// Package news holds.\npackage news\nimport _ \"example.org/x\"", "only golang.org/x/net/idna"},
		{"a new package", "internal/oracle/a.go", "// Package oracle guesses.\npackage oracle", "package oracle is not known: add it to the list"},
		{"a folder for anything", "internal/store/util/a.go", "// Package util has.\npackage util", "the name \"util\" tells nothing"},
		{"no package comment", "internal/diff/a.go", "package diff", "package diff has no package comment"},
		{"a comment on something else", "internal/diff/a.go", "// Copyright\n\npackage diff", "package diff has no package comment"},
		{"a test may import anything", "internal/diff/a_test.go", "package diff\nimport _ \"stet/internal/store\"", ""},
		{"data of tests is no package", "internal/diff/testdata/a.go", "package x", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			folders, err := load(fstest.MapFS{tt.file: {Data: []byte(tt.src)}})
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(broken(folders), "\n")
			if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
				t.Errorf("faults:\n%s\nwant %q", got, tt.want)
			}
		})
	}
}

func TestChain(t *testing.T) {
	folders := map[string]folder{
		"a": {imports: map[string]string{"stet/internal/b": "", "stet/internal/c": "", "os": ""}},
		"b": {imports: map[string]string{"stet/internal/c": ""}},
		"c": {},
	}
	if got := strings.Join(chain(folders, "a"), " "); got != "a b c" {
		t.Errorf("chain = %s, want a b c", got)
	}
}
