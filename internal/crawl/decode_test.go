package crawl

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// encode applies encodings in order.
func encode(t testing.TB, data []byte, names ...string) []byte {
	t.Helper()
	for _, name := range names {
		if name == "" {
			continue
		}
		var b bytes.Buffer
		var w io.WriteCloser
		switch name {
		case "gzip", "x-gzip":
			w = gzip.NewWriter(&b)
		case "br":
			w = brotli.NewWriterLevel(&b, 2)
		case "zstd":
			z, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
			if err != nil {
				t.Fatal(err)
			}
			w = z
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		data = b.Bytes()
	}
	return data
}

// noise is text that does not compress.
func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{}).Read(b)
	return b
}

func TestEncodings(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "gzip": "gzip", "GZip , br": "gzip br", "identity": "", "identity, gzip,": "gzip",
	} {
		h := http.Header{"Content-Encoding": {in}}
		if got := strings.Join(encodings(h), " "); got != want {
			t.Errorf("%q: got %q", in, got)
		}
	}
	if got := encodings(http.Header{"Content-Encoding": {"br", "gzip"}}); !slices.Equal(got, []string{"br", "gzip"}) {
		t.Errorf("two lines: got %v", got)
	}
}

func TestDecodeRoundTrip(t *testing.T) {
	text := []byte(strings.Repeat("The bridge stays closed until Friday. ", 500))
	for _, names := range [][]string{nil, {"gzip"}, {"x-gzip"}, {"br"}, {"zstd"}, {"gzip", "gzip"}, {"br", "zstd"}} {
		got, err := decode(encode(t, text, names...), names, MaxDecoded)
		if err != nil || !bytes.Equal(got, text) {
			t.Errorf("%v: %d bytes, %v", names, len(got), err)
		}
	}
	if got, err := decode(nil, []string{"gzip"}, MaxDecoded); err != nil || len(got) != 0 {
		t.Errorf("empty body: %v, %v", got, err)
	}
	twice := append(encode(t, []byte("The bridge "), "gzip"), encode(t, []byte("is open."), "gzip")...)
	if got, err := decode(twice, []string{"gzip"}, MaxDecoded); err != nil || string(got) != "The bridge is open." {
		t.Errorf("two members: %q, %v", got, err)
	}
}

func TestDecodeLimits(t *testing.T) {
	data := noise(5000)
	for _, name := range []string{"", "gzip", "br", "zstd"} {
		var names []string
		if name != "" {
			names = []string{name}
		}
		wire := encode(t, data, names...)
		if got, err := decode(wire, names, 5000); err != nil || len(got) != 5000 {
			t.Errorf("%q at the limit: %d bytes, %v", name, len(got), err)
		}
		if got, err := decode(wire, names, 4999); !errors.Is(err, errTooLarge) || !bytes.Equal(got, data[:4999]) {
			t.Errorf("%q over the limit: %d bytes, %v", name, len(got), err)
		}
	}
}

// The first RatioFree bytes are free; after them each wire byte buys MaxRatio.
func TestDecodeRatio(t *testing.T) {
	for _, name := range []string{"gzip", "br", "zstd"} {
		names := []string{name}
		wire := encode(t, make([]byte, RatioFree), name)
		if got, err := decode(wire, names, MaxDecoded); err != nil || len(got) != RatioFree {
			t.Errorf("%s: free bytes: %d, %v", name, len(got), err)
		}
		if _, err := decode(encode(t, make([]byte, RatioFree+1), name), names, MaxDecoded); !errors.Is(err, errRatio) {
			t.Errorf("%s: one more: %v", name, err)
		}
	}
	// About 100:1 with 40 kB of noise in it: nobody's bomb.
	page := append(noise(40_000), make([]byte, 4_000_000)...)
	if got, err := decode(encode(t, page, "gzip"), []string{"gzip"}, MaxDecoded); err != nil || len(got) != len(page) {
		t.Errorf("an honest page: %d, %v", len(got), err)
	}
}

func TestDecodeFailures(t *testing.T) {
	text := []byte(strings.Repeat("The bridge stays closed. ", 100))
	var window bytes.Buffer
	z, err := zstd.NewWriter(&window, zstd.WithWindowSize(2*MaxZstdWindow), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	z.Write(noise(3 * MaxZstdWindow))
	z.Close()
	gz := encode(t, text, "gzip")
	broken := bytes.Clone(gz)
	broken[len(broken)-5] ^= 1 // of the checksum
	tests := []struct {
		name  string
		wire  []byte
		names []string
		want  error
	}{
		{"unknown", text, []string{"compress"}, errEncoding},
		{"deflate, which was not offered", text, []string{"deflate"}, errEncoding},
		{"three layers", encode(t, text, "gzip", "gzip", "gzip"), []string{"gzip", "gzip", "gzip"}, errEncoding},
		{"plain text called gzip", text, []string{"gzip"}, errEncoding},
		{"plain text called br", text, []string{"br"}, errEncoding},
		{"plain text called zstd", text, []string{"zstd"}, errEncoding},
		{"gzip with a wrong checksum", broken, []string{"gzip"}, errEncoding},
		{"gzip cut short", gz[:len(gz)-9], []string{"gzip"}, io.ErrUnexpectedEOF},
		{"gzip cut in its header", gz[:5], []string{"gzip"}, io.ErrUnexpectedEOF},
		{"br cut short", encode(t, text, "br")[:20], []string{"br"}, io.ErrUnexpectedEOF},
		{"zstd cut short", encode(t, text, "zstd")[:20], []string{"zstd"}, io.ErrUnexpectedEOF},
		{"zstd with a large window", window.Bytes(), []string{"zstd"}, errEncoding},
		{"inner layer cut short", encode(t, gz[:30], "br"), []string{"gzip", "br"}, io.ErrUnexpectedEOF},
	}
	for _, x := range tests {
		got, err := decode(x.wire, x.names, 100_000_000)
		if !errors.Is(err, x.want) || got != nil {
			t.Errorf("%s: %d bytes, %v", x.name, len(got), err)
		}
	}
}

// What was kept as it was sent can be read again.
func TestDecodeStored(t *testing.T) {
	text := []byte("<p>The bridge is open.</p>")
	for _, names := range []string{"", "gzip", "BR", "gzip, zstd"} {
		wire := encode(t, text, strings.Split(strings.ToLower(strings.ReplaceAll(names, " ", "")), ",")...)
		if got, err := Decode(wire, names); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%q: %q, %v", names, got, err)
		}
	}
	if got, err := Decode(make([]byte, MaxDecoded+1), ""); err == nil || got != nil {
		t.Errorf("over the limit: %d bytes, %v", len(got), err)
	}
}

// A stream of empty gzip members decodes to nothing; packed once more it costs
// hours of work to find out. The middle layer has limits, too.
func TestDecodeHiddenBomb(t *testing.T) {
	members := bytes.Repeat(encode(t, nil, "gzip"), 2_000_000/23)
	_, err := decode(encode(t, members, "br"), []string{"gzip", "br"}, MaxDecoded)
	if !errors.Is(err, errRatio) {
		t.Errorf("got %v", err)
	}
}

// Each bomb of the corpus ends in a named failure within 128 MB of allocations.
func TestDecodeBombs(t *testing.T) {
	want := map[string]error{
		"zeros-1GiB.gz": errTooLarge, // within 200:1 of 1 MB: the size is what stops it
		"zeros-1GiB.br": errRatio, "zeros-1GiB.zst": errRatio, "zeros-1GiB.gz.gz": errRatio,
		"zstd-window-2GiB-trunc.zst": errEncoding,
	}
	names := map[string][]string{".gz": {"gzip"}, ".br": {"br"}, ".zst": {"zstd"}, ".gz.gz": {"gzip", "gzip"}}
	n := 0
	for file, data := range hostile(t, "generated/bombs/z") {
		base := path.Base(file)
		_, ext, _ := strings.Cut(strings.TrimPrefix(base, "zstd-window-2GiB-trunc"), ".")
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := decode(data, names["."+ext], MaxDecoded)
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 128<<20 {
			t.Errorf("%s: %d MB allocated", base, grown>>20)
		}
		if want[base] == nil || !errors.Is(err, want[base]) {
			t.Errorf("%s: %v, want %v", base, err, want[base])
		}
		n++
	}
	if n != len(want) {
		t.Errorf("%d bombs, want %d", n, len(want))
	}
}

func FuzzDecode(f *testing.F) {
	for _, names := range []string{"gzip", "br", "zstd", "br,gzip"} {
		f.Add(encode(f, []byte("The bridge is open."), strings.Split(names, ",")...), names)
	}
	f.Fuzz(func(t *testing.T, wire []byte, names string) {
		h := http.Header{"Content-Encoding": {names}}
		got, err := decode(wire, encodings(h), 100_000)
		if len(got) > 100_000 {
			t.Errorf("%d bytes", len(got))
		}
		named := errors.Is(err, errTooLarge) || errors.Is(err, errRatio) || errors.Is(err, errEncoding) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !named {
			t.Error(fmt.Errorf("no name for %w", err))
		}
	})
}
