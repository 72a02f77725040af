package feed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
)

func sample() Document {
	at := time.Date(2026, 7, 8, 9, 10, 11, 0, time.UTC)
	return Document{
		Title: "Changes & <deletions>", Description: "Said 'a < b' & more", Home: "https://stet.example.org/",
		Self: "https://stet.example.org/changes", Hub: "https://hub.example.net/", Language: "en", Updated: at, TTL: 15 * time.Minute,
		Entries: []Entry{
			{
				URL: "https://stet.example.org/a/1?x=1&y=2", GUID: "tag:stet.example.org,2026:1-2", Title: `"Quoted" 3 < 4 & 5 > 4`,
				Summary: "AT&T & co say <b>no</b>", HTML: `<p class="x">old <del>a</del> &amp; <ins>b ]]> c</ins></p>`,
				Author: "Maud Tessel", Categories: []string{"number", "R&D"}, Language: "de", Published: at.Add(-time.Hour), Updated: at,
			},
			{URL: "https://stet.example.org/a/2", GUID: "2", Title: "नमस्ते 😀", Published: at, Updated: at},
			{GUID: "3", Title: "No address", Summary: "only words", Updated: at},
		},
	}
}

func write(t *testing.T, f Format, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestRoundTrip checks that Parse gives what Write was given, in each format.
func TestRoundTrip(t *testing.T) {
	for _, f := range []Format{RSS, Atom, JSONFeed} {
		want := sample()
		want.Format = f
		if f != RSS {
			want.TTL = 0 // only RSS has it
		}
		if f == JSONFeed { // nor does a JSON Feed have a date of its own
			want.Updated = time.Time{}
		}
		body := write(t, f, want)
		got, err := Parse(body, "", nil)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if len(got.Entries) != len(want.Entries) {
			t.Fatalf("%s: %d entries\n%s", f, len(got.Entries), body)
		}
		for i := range want.Entries {
			if !reflect.DeepEqual(got.Entries[i], want.Entries[i]) {
				t.Errorf("%s entry %d:\n got %+v\nwant %+v\n%s", f, i, got.Entries[i], want.Entries[i], body)
			}
		}
		got.Entries, want.Entries = nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v\n%s", f, got, want, body)
		}
	}
}

func TestRoundTripPermalink(t *testing.T) {
	d := Document{Entries: []Entry{{URL: "https://a.example.org/1", GUID: "https://a.example.org/1", Permalink: true}, {GUID: "not an address", Permalink: true}}}
	got, err := Parse(write(t, RSS, d), "", nil)
	if err != nil || !got.Entries[0].Permalink || got.Entries[1].Permalink {
		t.Errorf("%+v, %v", got.Entries, err)
	}
}

// TestWriteHostile writes what no publisher should send and checks that the
// result is well-formed and leads nowhere but to the web.
func TestWriteHostile(t *testing.T) {
	const bad = "a\x00\x01\x0b\x1f\uFFFE\xff]]></title><script>alert(1)</script>&nope;"
	d := Document{Title: bad, Description: bad, Home: "javascript:alert(1)", Self: "data:text/html,x", Hub: "ftp://x/", Language: bad,
		Entries: []Entry{{URL: "JavaScript:alert(1)", Title: bad, Summary: bad, HTML: bad, Author: bad, Categories: []string{bad}, Language: bad,
			Published: time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC), Updated: time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)}}}
	for _, f := range []Format{RSS, Atom, JSONFeed} {
		body := write(t, f, d)
		if strings.Contains(strings.ToLower(string(body)), "javascript:") || bytes.Contains(body, []byte("<script")) || bytes.Contains(body, []byte("data:")) {
			t.Errorf("%s holds an address or element that is not its own:\n%s", f, body)
		}
		if f == JSONFeed {
			if !json.Valid(body) {
				t.Errorf("not JSON:\n%s", body)
			}
			continue
		}
		for dec := xml.NewDecoder(bytes.NewReader(body)); ; {
			_, err := dec.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v\n%s", f, err, body)
			}
		}
	}
}

func TestWriteEmpty(t *testing.T) {
	for _, f := range []Format{RSS, Atom, JSONFeed} {
		body := write(t, f, Document{})
		if d, err := Parse(body, "", nil); err != nil || d.Format != f || len(d.Entries) != 0 {
			t.Errorf("%s: %+v, %v\n%s", f, d, err, body)
		}
		if again := write(t, f, Document{}); !bytes.Equal(body, again) {
			t.Errorf("%s: written twice, it differs", f)
		}
	}
	if !bytes.Contains(write(t, JSONFeed, Document{}), []byte(`"items": []`)) {
		t.Error("JSON Feed without its list of items")
	}
	if !bytes.Contains(write(t, Atom, Document{}), []byte("<updated>1970-01-01T00:00:00Z</updated>")) {
		t.Error("Atom without its date")
	}
}

type brokenWriter struct{}

var errBroken = errors.New("disk full")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteErrors(t *testing.T) {
	for _, f := range []Format{RSS, Atom, JSONFeed} {
		if err := Write(brokenWriter{}, f, sample()); !errors.Is(err, errBroken) {
			t.Errorf("%s: %v, want %v", f, err, errBroken)
		}
	}
	if err := Write(io.Discard, Sitemap, Document{}); err == nil {
		t.Error("a sitemap was written")
	}
	if err := WriteOPML(brokenWriter{}, "", time.Time{}, nil); !errors.Is(err, errBroken) {
		t.Errorf("OPML: %v, want %v", err, errBroken)
	}
}
