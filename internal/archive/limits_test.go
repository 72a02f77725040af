package archive

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

func TestBlocks(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"paragraphs", "<p>one</p> <p>two<p>three", "p one|p two|p three"},
		{"text between", "a<p>b</p>c<div>d</div>", "p a|p b|p c|p d"},
		{"white space", "<p> a \n b\tc </p><p>no\u00a0break</p>", "p a b c|p no\u00a0break"},
		{"entities", "<p>Q&amp;A &lt;b&gt; &eacute;</p>", "p Q&A <b> é"},
		{"headings and lists", "<h1>H</h1><ul><li>a<li>b</ul><ol><li><p>c</p></li></ol>", "h H|li a|li b|li c"},
		{"quotations", "<blockquote>q<p>r</p><ul><li>s</li></ul></blockquote>t", "quote q|quote r|li s|p t"},
		{"line breaks", "a<br>b<br/><br/>c", "p a b|p c"},
		{"table", "<table><tr><th>a</th><td>b</td></tr></table>", "row a b"},
		{"not shown", "a<script>if (a<p>b) x()</script><style>p{}</style><template><p>x</p></template>b", "p ab"},
		{"caption", "<figure><img><figcaption>who</figcaption></figure>", "caption who"},
		{"broken", "</p></blockquote><p", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			blocks, cut := blocksOfHTML(tt.in)
			var got []string
			for _, b := range blocks {
				got = append(got, string(b.Kind)+" "+b.Text)
			}
			if strings.Join(got, "|") != tt.want || cut {
				t.Errorf("%q, cut %v, want %q", got, cut, tt.want)
			}
		})
	}
}

func TestBlocksLimits(t *testing.T) {
	tests := []struct {
		name   string
		in     string
		blocks int
		cut    bool
	}{
		{"blocks", strings.Repeat("a\n", news.MaxBlocks), news.MaxBlocks, false},
		{"blocks beyond", strings.Repeat("a\n", news.MaxBlocks+1), news.MaxBlocks, true},
		{"text", strings.Repeat("a", news.MaxText-1) + "\nb", 2, false},
		{"text beyond", strings.Repeat("a", news.MaxText-1) + "\nbc", 1, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if blocks, cut := blocksOfText(tt.in); len(blocks) != tt.blocks || cut != tt.cut {
				t.Errorf("%d blocks, cut %v, want %d and %v", len(blocks), cut, tt.blocks, tt.cut)
			}
		})
	}
}

func FuzzBlocks(f *testing.F) {
	for _, s := range []string{"<p>a</p>", "<ul><li>a<li><p>b</ul>", "<blockquote></p><br><br>x", "<script>", "</script><!--", "<svg><p>x</svg>y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		blocks, _ := blocksOfHTML(in)
		size := 0
		for _, b := range blocks {
			if b.Text == "" || strings.Trim(b.Text, " \t\r\n\f") != b.Text {
				t.Errorf("block %q", b.Text)
			}
			size += len(b.Text)
		}
		if size > 2*len(in)+8 {
			t.Errorf("%d bytes of text out of %d", size, len(in))
		}
	})
}

func TestTimes(t *testing.T) {
	east := time.FixedZone("", 3*3600)
	tests := []struct{ in, want string }{
		{"2012-03-04 05:06:07", "2012-03-04T02:06:07Z"},
		{"2012-03-04 05:06:07.25", "2012-03-04T02:06:07.25Z"},
		{"2012-03-04 05:06:07+00", "2012-03-04T05:06:07Z"},
		{"2012-03-04 05:06:07.123456+05:30", "2012-03-03T23:36:07.123456Z"},
		{"2012-03-04T05:06:07Z", "2012-03-04T05:06:07Z"},
		{"2012-03-04T05:06:07", "2012-03-04T02:06:07Z"},
		{"2012-03-04", "2012-03-03T21:00:00Z"},
		{"", "0001-01-01T00:00:00Z"},
		{"0000-00-00 00:00:00", "0001-01-01T00:00:00Z"},
	}
	for _, tt := range tests {
		if got, err := sqlTime(tt.in, east); err != nil || got.Format(time.RFC3339Nano) != tt.want {
			t.Errorf("%q: %v, %v, want %s", tt.in, got, err, tt.want)
		}
	}
	for _, in := range []string{"yesterday", "2012-13-01 00:00:00", "12:00"} {
		if got, err := sqlTime(in, nil); err == nil {
			t.Errorf("%q: %v, want an error", in, got)
		}
	}
}

func TestTooLarge(t *testing.T) {
	for _, tt := range []struct {
		versions, size int
		want           bool
	}{{MaxVersions, MaxHistory, false}, {MaxVersions + 1, 0, true}, {1, MaxHistory + 1, true}} {
		if err := tooLarge(tt.versions, tt.size); (err != nil) != tt.want {
			t.Errorf("%d versions of %d bytes: %v", tt.versions, tt.size, err)
		}
	}
}

// Of bad rows so many are named, and the rest is counted.
func TestMaxFaults(t *testing.T) {
	for _, n := range []int{MaxFaults, MaxFaults + 1} {
		path := filepath.Join(t.TempDir(), "bad.sql")
		sql := "INSERT INTO news_articles (id, url) VALUES " + strings.Repeat("(1),", n) + "(7,'https://example.org/');\n"
		if err := os.WriteFile(path, []byte(sql), 0o644); err != nil {
			t.Fatal(err)
		}
		r, err := NewsSnifferDump(path, DumpOptions{})
		got := given(t, r, err)
		want := MaxFaults
		if n > MaxFaults {
			want++ // the line that counts
		}
		if lines := strings.Count(got, "\n"); lines != want || (n > MaxFaults) != strings.Contains(got, "dump: 1 more bad rows") {
			t.Errorf("%d bad rows: %d lines, the last %q", n, lines, got[max(0, len(got)-80):])
		}
	}
}

func TestMaxRepositories(t *testing.T) {
	dir := t.TempDir()
	commits(t, dir, "x|y")
	r, err := newRepositories(filepath.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for i := range MaxRepositories { // each of them is no repository
		if _, _, err := r.text(fmt.Sprintf("none%d", i), "abcdef0", "http://example.org/"); err == nil || strings.Contains(err.Error(), "more than") {
			t.Fatalf("repository %d: %v", i, err)
		}
	}
	if _, _, err := r.text("one-more", "abcdef0", "http://example.org/"); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("one more: %v", err)
	}
}

func TestCommittedAt(t *testing.T) {
	for in, want := range map[string]string{
		"tree x\nauthor A <a@b> 1 +0000\ncommitter B > C <b> 1338559200 -0400\n\ntext": "2012-06-01T14:00:00Z",
		"tree x\n\ncommitter B <b> 1338559200 -0400":                                   "",
		"committer B <b>":                  "",
		"committer B <b> soon -0400\n\nx":  "",
		"committer no mail 7 +0000\n\nxyz": "",
	} {
		got, err := committedAt([]byte(in))
		if (err == nil) != (want != "") || err == nil && got.Format(time.RFC3339) != want {
			t.Errorf("%q: %v, %v, want %q", in, got, err, want)
		}
	}
}
