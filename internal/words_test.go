package internal_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// forbidden matches what no file of the repository may hold: paths that exist
// on one machine only, and hosts of package registries (packages are asked for
// by name, from wherever the reader's tools get them). It is put together from
// pieces so that this file does not hold them either.
func forbidden() *regexp.Regexp {
	paths := `(?:^|[^\w./-])/(?:` + strings.Join([]string{"work", "farm"}, "|") + `)/`
	hosts := []string{"proxy", "golang", "org"}
	return regexp.MustCompile(`(?i)` + paths + `|` + strings.Join(hosts, `\.`) +
		`|registry\.` + `npmjs|deb\.` + `debian\.org|\b(?:developer|agent)s?.? ` + `session`)
}

func TestWords(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("skipped: no git")
	}
	cmd := exec.Command(git, "ls-files", "-z")
	cmd.Dir = ".."
	list, err := cmd.Output()
	if err != nil {
		t.Skip("skipped: not a git checkout")
	}
	re := forbidden()
	for name := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		data, err := os.ReadFile(filepath.Join("..", name))
		if os.IsNotExist(err) { // removed, and not yet committed so
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if at := re.FindIndex(data); at != nil {
			line := 1 + bytes.Count(data[:at[0]], []byte("\n"))
			t.Errorf("%s:%d holds %q: no paths of one machine, no registry hosts", name, line, strings.TrimSpace(string(data[at[0]:at[1]])))
		}
	}
}

func TestForbidden(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"cd /wor" + "k/main", true},
		{"/wor" + "k/main", true},
		{"\"/far" + "m/x\"", true},
		{"https://proxy." + "golang.org/x", true},
		{"http://deb." + "debian.org/debian", true},
		{"https://registry." + "npmjs.org/axe-core", true},
		{"https://news.example.org/wor" + "k/strike-ends", false},
		{"../wor" + "k/x", false},
		{"the fieldwor" + "k/house balance", false},
		{"example.org", false},
	}
	for _, tt := range tests {
		if got := forbidden().MatchString(tt.text); got != tt.want {
			t.Errorf("forbidden in %q = %v, want %v", tt.text, got, tt.want)
		}
	}
}
