package archive

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"stet/internal/store"
)

// line is a line of the gazette with that text, on that day of March 2020.
func line(name string, day int, text, more string) string {
	return fmt.Sprintf(`{"source": "gazette", "url": "https://gazette.example.org/%s", "seen_at": "2020-03-%02dT06:00:00Z", "title": "Bridge of %[1]s", "paragraphs": ["%[3]s"]%s}`+"\n", name, day, text, more)
}

// lines imports a text, and gives the summary and the faults.
func lines(t *testing.T, s *store.Store, text string) (Summary, []string) {
	t.Helper()
	r, err := NewJSONLines(strings.NewReader(text), Source{}, "")
	if err != nil {
		t.Fatal(err)
	}
	return taken(t, s, r)
}

func taken(t *testing.T, s *store.Store, r Reader) (Summary, []string) {
	t.Helper()
	var faults []string
	sum, err := Import(t.Context(), s, r, Options{Fault: func(f *Fault) { faults = append(faults, f.Error()) }})
	if err != nil {
		t.Fatal(err)
	}
	report, err := s.Verify(t.Context(), nil)
	if err != nil || len(report.Problems) > 0 {
		t.Fatalf("verify: %v %v", report.Problems, err)
	}
	return sum, faults
}

// TestLines: what lines say comes out again as they said it.
func TestLines(t *testing.T) {
	for name, text := range map[string]string{
		"plain":               line("a", 1, "one", ""),
		"two of an article":   line("a", 1, "one", "") + line("a", 2, "two", ""),
		"same time":           line("a", 1, "one", "") + line("a", 1, "two", ""),
		"typography alone":    line("a", 1, `\"no\"`, "") + line("a", 2, "“no”", ""),
		"there and back":      line("a", 1, "one", "") + line("a", 2, "two", "") + line("a", 3, "one", ""),
		"other members":       line("a", 1, "one", `, "genre": null, "n": 1.50, "o": {"a":[1,  "}"]}, "lang": "en", "version": 0`),
		"other order":         `{"note": "x", "title": "T", "seen_at": "2020-03-01T06:00:00Z", "paragraphs": [], "url": "https://gazette.example.org/a", "source": "gazette"}` + "\n",
		"date without time":   line("a", 1, "one", `, "published": "2020-02-29"`),
		"date with time":      line("a", 1, "one", `, "published": "2020-02-29T10:00:00Z"`),
		"last seen":           line("a", 1, "one", `, "last_seen": "2020-03-05T06:00:00Z"`),
		"last seen at once":   line("a", 1, "one", `, "last_seen": "2020-03-01T06:00:00Z"`),
		"nulls":               line("a", 1, "one", `, "last_seen": null, "lang": null, "published": null, "content": null`),
		"ids":                 line("a", 1, "one", `, "id": "v1", "article_id": 77, "aliases": ["https://gazette.example.org/old"]`),
		"spelled otherwise":   `{"source": "The Gazette", "url": "https://www.gazette.example.org/a?utm_source=x#top", "seen_at": "2020-03-01 06:00:00", "title": "T", "paragraphs": ["one"]}` + "\n",
		"fractions":           strings.Replace(line("a", 1, "one", ""), "06:00:00Z", "06:00:00.25Z", 1),
		"zone":                strings.Replace(line("a", 1, "one", ""), "06:00:00Z", "06:00:00+02:00", 1),
		"empty paragraphs":    strings.Replace(line("a", 1, "one", ""), `["one"]`, `["one", "", " "]`, 1),
		"NUL":                 strings.Replace(line("a", 1, `one\u0000`, ""), `Bridge of`, `Bridge\u0000 of`, 1),
		"escapes that we use": line("a", 1, `\"\\\n\r\t\b\f\u0001 / é 橋 \\\"`, ""),
		"whole content":       line("a", 1, "one", `, "content": {"headline":"Bridge of a","standfirst":"S","blocks":[{"kind":"h","text":"one"}]}`),
		"title alone":         strings.Replace(line("a", 1, "", ""), `[""]`, `[]`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t, t.TempDir())
			n := strings.Count(text, "\n")
			if sum, faults := lines(t, s, text); sum.Versions != n || faults != nil {
				t.Fatalf("imported %+v, %q", sum, faults)
			}
			once := string(exported(t, s))
			if once != text {
				t.Errorf("came out as\n%swent in as\n%s", once, text)
			}
			if sum, faults := lines(t, s, text); sum.Versions != 0 || sum.Known != n || faults != nil {
				t.Errorf("again: %+v, %q", sum, faults)
			}
			other := openStore(t, t.TempDir())
			lines(t, other, once)
			if twice := string(exported(t, other)); twice != once {
				t.Errorf("out of another store:\n%s", twice)
			}
		})
	}
}

// TestLinesFolded: what is not as we write it comes out so, and says the same.
func TestLinesFolded(t *testing.T) {
	s := openStore(t, t.TempDir())
	if sum, faults := lines(t, s, "\ufeff \n"+` { "url":"https://gazette.example.org/a","title":"\u00e9","seen_at":"2020-03-01T06:00:00Z","paragraphs":[ "\/" , "b" ] , "k":1 } `); sum.Versions != 1 || faults != nil {
		t.Fatalf("imported %+v, %q", sum, faults)
	}
	want := `{"source": "gazette.example.org", "url": "https://gazette.example.org/a", "title": "é", "seen_at": "2020-03-01T06:00:00Z", "paragraphs": ["/", "b"], "k": 1}` + "\n"
	if got := string(exported(t, s)); got != want {
		t.Errorf("got %swant %s", got, want)
	}
}

// TestFaults: a bad line is named, and its neighbours are taken.
func TestFaults(t *testing.T) {
	good := line("a", 1, "one", "")
	for name, c := range map[string]struct{ line, fault string }{
		"broken":           {`{"url": "https://gazette.example.org/b", `, "line 2: not JSON"},
		"no object":        {`[1]`, "line 2: not a JSON object"},
		"no url":           {`{"seen_at": "2020-03-01T06:00:00Z", "title": "x"}`, "line 2: no url"},
		"bad url":          {`{"url": "mailto:x@example.org", "seen_at": "2020-03-01T06:00:00Z", "title": "x"}`, `article: mailto:x@example.org: address "mailto:x@example.org": want http:// or https://`},
		"no time":          {`{"url": "https://gazette.example.org/b", "title": "x"}`, "line 2: https://gazette.example.org/b: no seen_at"},
		"bad time":         {`{"url": "https://gazette.example.org/b", "seen_at": "yesterday"}`, `line 2: https://gazette.example.org/b: seen_at: time "yesterday": want a form like 2006-01-02T15:04:05Z`},
		"future":           {`{"url": "https://gazette.example.org/b", "seen_at": "2999-01-01", "title": "x"}`, "version: https://gazette.example.org/b: seen at 2999-01-01T00:00:00Z: not between 1970 and now"},
		"long ago":         {`{"url": "https://gazette.example.org/b", "seen_at": "1969-12-31", "title": "x"}`, "version: https://gazette.example.org/b: seen at 1969-12-31T00:00:00Z: not between 1970 and now"},
		"no text":          {`{"url": "https://gazette.example.org/b", "seen_at": "2020-03-01"}`, "line 2: https://gazette.example.org/b: neither title nor paragraphs"},
		"no paragraphs":    {`{"url": "https://gazette.example.org/b", "seen_at": "2020-03-01", "paragraphs": "x"}`, `line 2: https://gazette.example.org/b: paragraphs: "x": want an array of strings`},
		"paragraph number": {`{"url": "https://gazette.example.org/b", "seen_at": "2020-03-01", "paragraphs": ["x", 1]}`, `line 2: https://gazette.example.org/b: paragraphs: 1: want a string`},
		"twice":            {`{"url": "https://gazette.example.org/b", "url": "https://gazette.example.org/c"}`, `line 2: member "url" twice`},
		"no UTF-8":         {"{\"url\": \"\xff\"}", "line 2: not UTF-8"},
		"bad content":      {`{"url": "https://gazette.example.org/b", "seen_at": "2020-03-01", "title": "x", "content": {"headline": 1}}`, "line 2: https://gazette.example.org/b: content: json: cannot unmarshal number into Go struct field Content.headline of type string"},
		"other text then":  {line("a", 1, "another", ""), ""},
		"earlier then":     {line("a", 1, "x", "") + line("c", 1, "x", "") + line("a", 1, "y", "") + strings.Replace(line("c", 1, "z", ""), "03-01", "02-01", 1), "article: https://gazette.example.org/c: conflict: the version of 2020-02-01T06:00:00Z is not in the history that is here, which reaches to 2020-03-01T06:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t, t.TempDir())
			sum, faults := lines(t, s, good+strings.TrimSuffix(c.line, "\n")+"\n"+line("z", 1, "last", ""))
			if got := strings.Join(faults, "\n"); got != c.fault || sum.Faults != len(faults) {
				t.Errorf("faults:\n%s\nwant\n%s", got, c.fault)
			}
			out := string(exported(t, s))
			if !strings.Contains(out, good) || !strings.Contains(out, `"last"`) {
				t.Errorf("neighbours:\n%s", out)
			}
		})
	}
}

// TestLongLine: a line of MaxLine bytes is read, one more is a fault, and the
// rest goes on.
func TestLongLine(t *testing.T) {
	good := line("a", 1, "one", "")
	for _, extra := range []int{0, 1} {
		long := strings.TrimSuffix(good, "\n")
		long += strings.Repeat(" ", MaxLine-len(long)-1+extra) + "\n"
		r, err := NewJSONLines(strings.NewReader(long+line("b", 1, "two", "")), Source{}, "")
		if err != nil {
			t.Fatal(err)
		}
		h, err := r.Next()
		f, isFault := IsFault(err)
		if isFault != (extra == 1) || isFault && f.Error() != fmt.Sprintf("line 1: longer than %d bytes", MaxLine) {
			t.Errorf("%d bytes: %v", len(long), err)
		}
		if isFault {
			h, err = r.Next()
		}
		if want := []string{"a", "b"}[extra]; err != nil || h.URL != "https://gazette.example.org/"+want {
			t.Errorf("%d bytes: %+v, %v", len(long), h, err)
		}
	}
}

// TestMixed: versions of articles that take turns in a file are put together.
func TestMixed(t *testing.T) {
	s := openStore(t, t.TempDir())
	var text strings.Builder
	for day := 1; day <= 5; day++ {
		for _, name := range []string{"a", "b", "c"} {
			text.WriteString(line(name, day, fmt.Sprint("text of day ", day), ""))
		}
	}
	if sum, faults := lines(t, s, text.String()); sum.New != 3 || sum.Versions != 15 || faults != nil {
		t.Errorf("imported %+v, %q", sum, faults)
	}
	if sum, faults := lines(t, s, text.String()); sum.New != 0 || sum.Versions != 0 || sum.Known != 15 || faults != nil {
		t.Errorf("again: %+v, %q", sum, faults)
	}
	want, got := sortedLines([]byte(text.String())), sortedLines(exported(t, s))
	if !bytes.Equal(bytes.Join(want, nil), bytes.Join(got, nil)) {
		t.Errorf("exported %s", bytes.Join(got, []byte("\n")))
	}
}

// TestNewestFirst: the versions of a history are put in order of time.
func TestNewestFirst(t *testing.T) {
	s := openStore(t, t.TempDir())
	lines(t, s, line("a", 3, "three", "")+line("a", 1, "one", "")+line("a", 2, "two", ""))
	if got, want := string(exported(t, s)), line("a", 1, "one", "")+line("a", 2, "two", "")+line("a", 3, "three", ""); got != want {
		t.Errorf("got\n%s", got)
	}
}

// TestOneSource: the operator's word stands for the file's.
func TestOneSource(t *testing.T) {
	s := openStore(t, t.TempDir())
	r, err := NewJSONLines(strings.NewReader(line("a", 1, "one", "")), Source{Key: "mine"}, "")
	if err != nil {
		t.Fatal(err)
	}
	taken(t, s, r)
	if _, err := s.Source(t.Context(), "mine"); err != nil {
		t.Error(err)
	}
	if got := string(exported(t, s)); got != line("a", 1, "one", "") {
		t.Errorf("the file's own word: %s", got)
	}
}

func gzipped(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, text)
	z.Close()
	return b.Bytes()
}

// TestCompressed: files are known by how they begin; one that was cut short is an
// error, and what came before is there.
func TestCompressed(t *testing.T) {
	var text strings.Builder
	for i := range 3000 {
		text.WriteString(line(fmt.Sprint("n", i), 1, fmt.Sprint("text ", i*i*i), ""))
	}
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	squeezed := enc.EncodeAll([]byte(text.String()), nil)
	for name, c := range map[string]struct {
		bytes []byte
		whole bool
	}{
		"plain":    {[]byte(text.String()), true},
		"gzip":     {gzipped(text.String()), true},
		"zstd":     {squeezed, true},
		"cut gzip": {gzipped(text.String())[:len(gzipped(text.String()))*2/3], false},
		"cut zstd": {squeezed[:len(squeezed)*2/3], false},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(path, c.bytes, 0o600); err != nil {
				t.Fatal(err)
			}
			digest, err := Identify(path)
			if err != nil {
				t.Fatal(err)
			}
			r, err := OpenJSONLines(path, Source{}, "")
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			s := openStore(t, t.TempDir())
			sum, err := Import(t.Context(), s, r, Options{File: digest})
			position, perr := s.ImportPosition(t.Context(), OriginJSONLines, digest)
			if perr != nil {
				t.Fatal(perr)
			}
			if c.whole {
				if err != nil || sum.Versions != 3000 || sum.Faults != 0 || position != "" {
					t.Errorf("%+v, %v, position %q", sum, err, position)
				}
				return
			}
			if !errors.Is(err, io.ErrUnexpectedEOF) || sum.Versions >= 3000 || sum.Faults != 0 {
				t.Errorf("%+v, %v, position %q", sum, err, position)
			}
			if out := exported(t, s); !strings.HasPrefix(text.String(), string(out)) {
				t.Errorf("what came out is not how the file begins")
			}
		})
	}
}

// TestPosition: a reader that resumes gives what the first one had not given,
// wherever it stopped.
func TestPosition(t *testing.T) {
	text := line("a", 1, "one", "") + line("a", 2, "two", "") + "broken\n" + line("b", 1, "one", "") + "\n" + line("c", 1, "one", "") + line("c", 2, "two", "")
	for stop := range 6 {
		var got []string
		position := ""
		for _, limit := range []int{stop, 10} {
			r, err := NewJSONLines(strings.NewReader(text), Source{}, position)
			if err != nil {
				t.Fatal(err)
			}
			for range limit {
				h, err := r.Next()
				if err == io.EOF {
					break
				}
				if f, ok := IsFault(err); ok {
					if f.Where != "line 3" {
						t.Errorf("fault at %s", f.Where)
					}
					continue
				}
				got = append(got, fmt.Sprint(h.URL[len(h.URL)-1:], len(h.Versions)))
			}
			position = r.Position()
		}
		if strings.Join(got, " ") != "a2 b1 c2" {
			t.Errorf("stopped after %d: %v", stop, got)
		}
	}
	for _, bad := range []string{"x", "1", "-1/2", "1/x", "99999/1"} {
		if _, err := NewJSONLines(strings.NewReader(text), Source{}, bad); err == nil {
			t.Errorf("position %q was taken", bad)
		}
	}
}

// FuzzRecord: whatever a line is, it is a record or a fault; and a record comes
// out as a line that says the same.
func FuzzRecord(f *testing.F) {
	f.Add([]byte(line("a", 1, "one", `, "x": {"y": [1, "\"}"]}`)))
	f.Add([]byte(`{"url":"https://example.org/\\","seen_at":"2020-01-01","title":"\\","paragraphs":["\\\"",""]}`))
	f.Add([]byte(`{"a":{},"b":[],"c":"","d":-1e5,"e":true}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		x, err := parseRecord(in, Source{})
		if err != nil {
			return
		}
		out := store.Exported{SourceKey: sourceKey(x.source), URL: addressOf(x.url), Extra: string(x.version.Extra)}
		out.Content, out.Seen.First, out.Seen.Last = x.version.Content, x.version.At, x.version.LastSeen
		text, err := appendLine(nil, &out)
		if err != nil {
			t.Fatalf("%q: %v", in, err)
		}
		again, err := parseRecord(text, Source{})
		if err != nil {
			t.Fatalf("%q, from %q: %v", text, in, err)
		}
		if string(again.version.Content.Canonical()) != string(x.version.Content.Canonical()) || !again.version.At.Equal(x.version.At) || addressOf(again.url) != addressOf(x.url) {
			t.Errorf("%q came out as %q", in, text)
		}
	})
}
