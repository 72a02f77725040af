package warc

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// page is a response with a body of that text.
func page(text string) []byte {
	return fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s", len(text), text)
}

// file writes n responses, after the file's own record and a request each.
func file(t testing.TB, packed bool, n int) []byte {
	t.Helper()
	var out bytes.Buffer
	w := NewWriter(&out, packed)
	if err := w.Info(noon, "software: stet"); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		x := Exchange{Target: fmt.Sprintf("https://news.example.org/%d", i), Date: noon.Add(time.Duration(i) * time.Minute), IP: "192.0.2.1"}
		if err := w.Request(x, []byte("GET / HTTP/1.1\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Response(x, page(fmt.Sprintf("<p>Text number %d</p>", i))); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

// readAll reads a file to its end: the targets of its responses, and its faults.
func readAll(t testing.TB, data []byte, from int64) (targets []string, faults []Fault) {
	t.Helper()
	r, err := NewReader(bytes.NewReader(data), from)
	if err != nil {
		t.Fatal(err)
	}
	for range len(data) + 2 {
		rec, fault, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return targets, faults
		case err != nil:
			t.Fatal(err)
		case fault != nil:
			faults = append(faults, *fault)
		case rec.Type == TypeResponse:
			targets = append(targets, strings.TrimPrefix(rec.Target, "https://news.example.org/"))
		}
	}
	t.Fatal("the reader gives more records than there are bytes")
	return nil, nil
}

func TestWhatWasWrittenIsRead(t *testing.T) {
	for _, packed := range []bool{true, false} {
		var out bytes.Buffer
		w := NewWriter(&out, packed)
		x := Exchange{Target: "https://news.example.org/a?b=c", Date: noon.Add(123456 * time.Microsecond), IP: "192.0.2.7"}
		payload, err := w.Response(x, page("<p>One</p>"))
		if err != nil {
			t.Fatal(err)
		}
		later := Exchange{Target: x.Target, Date: noon.Add(time.Hour)}
		if err := w.Revisit(later, x, payload, []byte("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		r, err := NewReader(bytes.NewReader(out.Bytes()), 0)
		if err != nil {
			t.Fatal(err)
		}
		one, fault, err := r.Next()
		if err != nil || fault != nil {
			t.Fatal(fault, err)
		}
		if one.Target != x.Target || !one.Date.Equal(x.Date) || one.IP != x.IP || !bytes.Equal(one.Block, page("<p>One</p>")) || one.Offset != 0 {
			t.Errorf("packed %v: %+v", packed, one)
		}
		at := r.Offset()
		two, fault, err := r.Next()
		if err != nil || fault != nil {
			t.Fatal(fault, err)
		}
		if two.Type != TypeRevisit || !two.NotModified() || two.Of != x.Target || !two.OfDate.Equal(x.Date) || two.Offset != at {
			t.Errorf("packed %v, record at %d: %+v", packed, at, two)
		}
		if _, _, err := r.Next(); !errors.Is(err, io.EOF) {
			t.Errorf("after the last record: %v", err)
		}
	}
}

// A reader that begins at the offset of any record gives that and all after it.
func TestAnyRecordIsABeginning(t *testing.T) {
	for _, packed := range []bool{true, false} {
		data := file(t, packed, 5)
		r, err := NewReader(bytes.NewReader(data), 0)
		if err != nil {
			t.Fatal(err)
		}
		for {
			rec, _, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if rec.Type != TypeResponse {
				continue
			}
			if got, faults := readAll(t, data, rec.Offset); len(faults) > 0 || "https://news.example.org/"+got[0] != rec.Target || got[len(got)-1] != "4" {
				t.Errorf("packed %v, from %d: %v, %v", packed, rec.Offset, got, faults)
			}
		}
	}
}

// record is a plain record of three fields and what else is given.
func record(block string, fields ...string) string {
	return "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <https://news.example.org/x>\r\nWARC-Date: 2026-05-04T12:00:00Z\r\n" +
		strings.Join(fields, "\r\n") + "\r\n\r\n" + block + "\r\n\r\n"
}

// Each broken record is named at its place, and costs itself alone.
func TestBrokenRecords(t *testing.T) {
	good := func(name string) string {
		p := string(page("<p>" + name + "</p>"))
		return strings.ReplaceAll(record(p, fmt.Sprintf("Content-Length: %d", len(p))), "/x>", "/"+name+">")
	}
	block := string(page("<p>x</p>"))
	size := fmt.Sprintf("Content-Length: %d", len(block))
	tests := []struct{ name, broken, reason string }{
		{"length too large", record(block, "Content-Length: 300"), "content-length"},
		{"length beyond the file", record(block, "Content-Length: 9000"), "the 9000 bytes"},
		{"length too small", record(block, "Content-Length: 20"), "content-length"},
		{"no length", record(block), "no length"},
		{"negative length", record(block, "Content-Length: -1"), "no length"},
		{"too large to be kept", record(strings.Repeat("x", MaxBlock+1), fmt.Sprintf("Content-Length: %d", MaxBlock+1)), "more than 11000000"},
		{"header too large", record(block, size, "X: "+strings.Repeat("y", MaxHeader)), "header of more than"},
		{"date", strings.Replace(record(block, size), "2026-05-04T12:00:00Z", "yesterday", 1), `date "yesterday"`},
		{"no type", strings.Replace(record(block, size), "WARC-Type", "X-Type", 1), "without a type"},
		{"block digest", record(block, size, "WARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "block is not"},
		{"payload digest", record(block, size, "WARC-Payload-Digest: sha256:00"), "payload is not"},
		{"junk", "<html>what is this\r\n", "no record follows"},
	}
	for _, tt := range tests {
		for _, packed := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/packed=%v", tt.name, packed), func(t *testing.T) {
				var data bytes.Buffer
				for _, part := range []string{good("a"), tt.broken, good("b"), good("c")} {
					if packed {
						z := gzip.NewWriter(&data)
						io.WriteString(z, part)
						z.Close()
					} else {
						data.WriteString(part)
					}
				}
				targets, faults := readAll(t, data.Bytes(), 0)
				want, reason := "a b c", tt.reason
				if tt.name == "junk" && !packed {
					want = "b c" // the record before it cannot be told from one whose length is wrong
				}
				if tt.name == "junk" && packed {
					reason = "no version line"
				}
				if strings.HasPrefix(tt.name, "length") && packed {
					reason = "content-length"
				}
				if got := strings.Join(targets, " "); got != want || len(faults) != 1 {
					t.Fatalf("records %q, want %q; faults %v", got, want, faults)
				}
				if !strings.Contains(faults[0].Reason, reason) {
					t.Errorf("fault %q, want %q", faults[0].Reason, reason)
				}
			})
		}
	}
}

// Limits hold at their edges.
func TestLimits(t *testing.T) {
	body := strings.Repeat("x", MaxBlock)
	if got, faults := readAll(t, []byte(record(body, fmt.Sprintf("Content-Length: %d", MaxBlock))), 0); len(got) != 1 || len(faults) != 0 {
		t.Errorf("a block of MaxBlock: %d records, %v", len(got), faults)
	}
	head := record("", "Content-Length: 0", "X: ")
	pad := MaxHeader - (len(head) - len("\r\n\r\n") - len("WARC/1.0\r\n"))
	for more, want := range []int{1, 0} {
		data := record("", "Content-Length: 0", "X: "+strings.Repeat("y", pad+more))
		if got, faults := readAll(t, []byte(data), 0); len(got) != want || len(faults) != 1-want {
			t.Errorf("a header of MaxHeader and %d: %d records, %v", more, len(got), faults)
		}
	}
}

// Wherever one byte of a packed file is wrong, or the file ends, at most one record
// is lost, and never without a fault.
func TestDamagedMembers(t *testing.T) {
	data := file(t, true, 4)
	_, whole := readAll(t, data, 0)
	if len(whole) != 0 {
		t.Fatal(whole)
	}
	for at := 3; at < len(data); at += 2 { // before that it would be no gzip file
		bad := bytes.Clone(data)
		bad[at] ^= 0x55
		targets, faults := readAll(t, bad, 0)
		if len(targets) < 3 || len(targets) < 4 && len(faults) == 0 || len(faults) > 2 {
			t.Errorf("byte %d of %d: %d records, faults %v", at, len(data), len(targets), faults)
		}
	}
	for end := 3; end < len(data); end += 3 {
		targets, faults := readAll(t, data[:end], 0)
		again, _ := readAll(t, append(bytes.Clone(data[:end]), data...), 0)
		if len(again) < 4 {
			t.Errorf("cut at %d and appended to: %d records", end, len(again))
		}
		if len(faults) > 1 || len(targets) > 4 {
			t.Errorf("cut at %d: %d records, faults %v", end, len(targets), faults)
		}
	}
}

func TestOddForms(t *testing.T) {
	one := string(page("<p>1</p>"))
	rec := record(one, fmt.Sprintf("content-length:%d", len(one)))
	whole := func(s string) []byte {
		var out bytes.Buffer
		z := gzip.NewWriter(&out)
		io.WriteString(z, s)
		z.Close()
		return out.Bytes()
	}
	tests := []struct {
		name string
		data []byte
		want int
	}{
		{"empty file", nil, 0},
		{"empty lines before", []byte("\r\n\r\n" + rec), 1},
		{"line ends without CR", []byte(strings.Replace(rec, "\r\n", "\n", 6)), 1},
		{"one line end behind the block", []byte(strings.TrimSuffix(rec, "\r\n") + rec), 2},
		{"no line end behind the last block", []byte(strings.TrimSpace(rec)), 1},
		{"all records in one member", whole(rec + rec + rec), 3},
		{"a folded field", []byte(strings.Replace(rec, "WARC-Type: ", "WARC-Type:\r\n ", 1)), 1},
	}
	for _, tt := range tests {
		if got, faults := readAll(t, tt.data, 0); len(got) != tt.want || len(faults) != 0 {
			t.Errorf("%s: %d records, want %d; %v", tt.name, len(got), tt.want, faults)
		}
	}
	if _, err := NewReader(bytes.NewReader([]byte{0x28, 0xb5, 0x2f, 0xfd, 0}), 0); err == nil {
		t.Error("a file of zstd was taken")
	}
}

func TestParseResponse(t *testing.T) {
	tests := []struct{ name, block, body, cut, fails string }{
		{"plain", "HTTP/1.1 200 OK\r\nA: b\r\n\r\ntext", "text", "", ""},
		{"no CR", "HTTP/1.0 404 Not Found\nA: b\n\ntext", "text", "", ""},
		{"no reason", "HTTP/2 200\r\n\r\ntext", "text", "", ""},
		{"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntext\r\n0\r\n\r\n", "text", "", ""},
		{"chunked by its header only", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>text", "<p>text", "", ""},
		{"last chunk missing", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntext\r\n4\r\nmo", "textmo", "last chunk", ""},
		{"shorter than announced", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ntext", "text", "4 of 9", ""},
		{"unpacked by the archive", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Encoding: gzip\r\n\r\ntext", "text", "", ""},
		{"lines that are no fields", "HTTP/1.1 200 OK\r\nnonsense\r\n: x\r\n\r\ntext", "text", "", ""},
		{"no HTTP", "<html>", "", "", "no http response"},
		{"no status", "HTTP/1.1 OK\r\n\r\n", "", "", "status"},
		{"header too large", "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("b", MaxHTTPHeader) + "\r\n\r\n", "", "", "more than"},
	}
	for _, tt := range tests {
		r, err := ParseResponse([]byte(tt.block))
		if tt.fails != "" {
			if err == nil || !strings.Contains(err.Error(), tt.fails) {
				t.Errorf("%s: %v, want %q", tt.name, err, tt.fails)
			}
			continue
		}
		if err != nil || string(r.Body) != tt.body || (tt.cut == "") != (r.Cut == "") || !strings.Contains(r.Cut, tt.cut) {
			t.Errorf("%s: %+v, %v", tt.name, r, err)
		}
	}
}

// Each way of naming a digest is checked, and one that nobody knows is believed.
func TestDigests(t *testing.T) {
	for _, d := range []string{
		"sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N", "sha1:AAF4C61DDCC5E8A2DABEDE0F3B482CD9AEA9434D",
		"sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
		"md5:5d41402abc4b2a76b9719d911017c592", "blake3:00", "unlabelled",
	} {
		if !matches(d, []byte("hello")) {
			t.Errorf("%s is not the digest of hello", d)
		}
		if strings.Contains(d, ":") && !strings.HasPrefix(d, "blake3") && matches(d, []byte("hullo")) {
			t.Errorf("%s is the digest of hullo", d)
		}
	}
}

// A foreign reader finds the records: warcio, of npm or of Python.
func TestForeignReader(t *testing.T) {
	warcio, err := exec.LookPath("warcio")
	if err != nil {
		t.Skip("skipped: no warcio")
	}
	path := filepath.Join(t.TempDir(), "made.warc.gz")
	if err := os.WriteFile(path, file(t, true, 3), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(warcio, "index", path).CombinedOutput()
	if err != nil || strings.Count(strings.ReplaceAll(string(out), " ", ""), `"warc-type":"response"`) != 3 {
		t.Errorf("warcio index: %v\n%s", err, out)
	}
}

func FuzzReader(f *testing.F) {
	f.Add(file(f, true, 2))
	f.Add(file(f, false, 2))
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, err := NewReader(bytes.NewReader(data), 0); err != nil || r == nil {
			return
		}
		readAll(t, data, 0)
	})
}

func FuzzParseResponse(f *testing.F) {
	f.Add(page("text"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntext\r\n0\r\n\r\n"))
	f.Fuzz(func(t *testing.T, block []byte) {
		if r, err := ParseResponse(block); err == nil && len(r.Body) > len(block) {
			t.Errorf("a body of %d bytes of a block of %d", len(r.Body), len(block))
		}
	})
}
