package crawl

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// door matches what opens a connection to the outside. Serving (net.Listen,
// http.Server) is no such door.
var door = regexp.MustCompile(`\bhttp\.(Client\{|Get\(|Head\(|Post\(|PostForm\(|DefaultClient\b|DefaultTransport\b|Transport\{)|\bnet\.(Dial|Dialer\b)|\btls\.Dial|\bsmtp\.`)

// operators is the one other door: to the bucket of raw captures, whose address the
// operator gives and no page does. (The database's is in its driver.)
const operators = "../../internal/blob/s3open.go"

// The address guard is worth something only if there is no second door: no
// other package of ours makes connections to where pages lead.
func TestNoOtherDoor(t *testing.T) {
	seen := 0
	for _, root := range []string{"../../internal", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			own := filepath.ToSlash(path) == "../../internal/crawl"
			if err != nil || d.IsDir() && own {
				return filepath.SkipDir
			}
			if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || filepath.ToSlash(path) == operators {
				return nil
			}
			source, err := os.ReadFile(path)
			if os.IsNotExist(err) { // an editor's file that is gone again
				return nil
			}
			seen++
			for i, line := range strings.Split(string(source), "\n") {
				if found := door.FindString(line); found != "" && !strings.HasPrefix(strings.TrimSpace(line), "//") {
					t.Errorf("%s:%d: %s: connections are made by crawl only", path, i+1, found)
				}
			}
			return err
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	if seen == 0 {
		t.Error("no source was looked at")
	}
	for _, bad := range []string{"c := http.Client{}", "http.Get(u)", "net.Dial(\"tcp\", a)", "&net.Dialer{}", "http.DefaultClient.Do(r)"} {
		if !door.MatchString(bad) {
			t.Errorf("%q is not found", bad)
		}
	}
}
