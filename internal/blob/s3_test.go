package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"stet/internal/news"
)

// bad serves a bucket that does as the handler does, and counts the requests.
func bad(t *testing.T, h http.HandlerFunc) (*bucket, *atomic.Int64) {
	t.Helper()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		io.Copy(io.Discard, r.Body) // the end of the connection is seen only then
		h(w, r)
	}))
	t.Cleanup(server.Close)
	b, err := openBucket("s3://captures/x?insecure=1&endpoint="+strings.TrimPrefix(server.URL, "http://"), env, 200*time.Millisecond, time.Millisecond)
	must(t, err)
	return b, &asked
}

// answer writes an error of S3.
func answer(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<?xml version="1.0"?><Error><Code>%s</Code><Message>told so</Message></Error>`, code)
}

func header(w http.ResponseWriter, size string) {
	w.Header().Set("Last-Modified", "Mon, 02 Mar 2026 09:00:00 GMT")
	w.Header().Set("ETag", `"1"`)
	if size != "" {
		w.Header().Set("Content-Length", size)
	}
}

// TestBadBucket: whatever a bucket does, each operation ends with an error that
// names the object and none of the credentials.
func TestBadBucket(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	tests := []struct {
		name  string
		serve http.HandlerFunc
		asked int64 // by one get
	}{
		{"is silent", hang, Attempts},
		{"fails", func(w http.ResponseWriter, _ *http.Request) { answer(w, 500, "InternalError") }, Attempts},
		{"is busy", func(w http.ResponseWriter, _ *http.Request) { answer(w, 503, "SlowDown") }, Attempts},
		{"refuses", func(w http.ResponseWriter, _ *http.Request) { answer(w, 403, "AccessDenied") }, 1},
		{"is not there", func(w http.ResponseWriter, r *http.Request) {
			if answer(w, 404, "NoSuchBucket"); r.Method == http.MethodHead {
				return
			}
		}, 1},
		{"breaks off", func(w http.ResponseWriter, r *http.Request) {
			header(w, "1000")
			io.WriteString(w, "half")
			panic(http.ErrAbortHandler)
		}, Attempts},
		{"stops in the middle", func(w http.ResponseWriter, r *http.Request) {
			header(w, "1000")
			io.WriteString(w, "half")
			w.(http.Flusher).Flush()
			hang(w, r)
		}, Attempts},
		{"is a page", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) }, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, asked := bad(t, tt.serve)
			_, err := b.Get(t.Context(), "ab/x.zst")
			if err == nil || errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "ab/x.zst") || !strings.Contains(err.Error(), "captures") {
				t.Errorf("get: %v", err)
			}
			if n := asked.Load(); n != tt.asked {
				t.Errorf("asked %d times, want %d", n, tt.asked)
			}
			list := b.Each(t.Context(), func(string, int64) error { return nil })
			if list == nil {
				t.Error("list: no error")
			}
			if strings.Contains(fmt.Sprint(err, list), env(envSecret)) {
				t.Errorf("the secret is told: %v, %v", err, list)
			}
		})
	}
}

// TestPassing: a fault that passes is not seen.
func TestPassing(t *testing.T) {
	var n atomic.Int64
	b, asked := bad(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) < Attempts {
			answer(w, 500, "InternalError")
			return
		}
		header(w, "3")
		io.WriteString(w, "yes")
	})
	got, err := b.Get(t.Context(), "ab/x.zst")
	if string(got) != "yes" || err != nil || asked.Load() != Attempts {
		t.Errorf("got %q, %v after %d", got, err, asked.Load())
	}
	n.Store(0)
	must(t, b.Put(t.Context(), "ab/x.zst", []byte("data")))
}

// TestPatience: the caller may end the waiting.
func TestPatience(t *testing.T) {
	b, asked := bad(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for asked.Load() == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	if err := b.Put(ctx, "ab/x.zst", []byte("data")); !errors.Is(err, context.Canceled) || asked.Load() != 1 {
		t.Errorf("put: %v after %d", err, asked.Load())
	}
}

// TestLyingBucket: bytes are never believed, nor more of them read than may be.
func TestLyingBucket(t *testing.T) {
	data := []byte("the bytes that were put")
	d := news.Sum(data)
	t.Run("other bytes", func(t *testing.T) {
		b, _ := bad(t, func(w http.ResponseWriter, _ *http.Request) {
			other := archive(t, nil).Whole([]byte("other bytes")).object
			header(w, fmt.Sprint(len(other)))
			w.Write(other)
		})
		if _, err := archive(t, b).Get(t.Context(), d); !errors.Is(err, ErrDamaged) {
			t.Errorf("get: %v", err)
		}
	})
	t.Run("too large", func(t *testing.T) {
		sent := 0
		b, asked := bad(t, func(w http.ResponseWriter, _ *http.Request) {
			header(w, fmt.Sprint(1<<40))
			for chunk := make([]byte, 64<<10); ; {
				n, err := w.Write(chunk)
				if sent += n; err != nil {
					return
				}
			}
		})
		if _, err := archive(t, b).Get(t.Context(), d); !errors.Is(err, ErrTooLarge) || asked.Load() != 1 {
			t.Errorf("get: %v after %d", err, asked.Load())
		}
	})
	t.Run("without end", func(t *testing.T) {
		b, _ := bad(t, func(w http.ResponseWriter, r *http.Request) {
			header(w, "")
			for chunk := make([]byte, 64<<10); r.Context().Err() == nil; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		})
		if _, err := archive(t, b).Get(t.Context(), d); err == nil || errors.Is(err, ErrNotFound) {
			t.Errorf("get: %v", err)
		}
	})
	t.Run("nothing was put", func(t *testing.T) {
		b, _ := bad(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut {
				header(w, "")
				return
			}
			answer(w, 404, "NoSuchKey")
		})
		a := archive(t, b)
		if _, err := a.Put(t.Context(), data, news.Digest{}); err != nil {
			t.Errorf("put: %v", err)
		}
		if found, err := a.Has(t.Context(), d); found || err != nil {
			t.Errorf("has: %v, %v", found, err)
		}
	})
}

// TestLyingList: a list ends, and lists what was asked for, or is an error.
func TestLyingList(t *testing.T) {
	list := func(truncated bool, keys ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/xml")
			fmt.Fprintf(w, `<?xml version="1.0"?><ListBucketResult><Name>captures</Name><IsTruncated>%v</IsTruncated><NextContinuationToken>again</NextContinuationToken>`, truncated)
			for _, key := range keys {
				fmt.Fprintf(w, `<Contents><Key>%s</Key><Size>1</Size></Contents>`, key)
			}
			fmt.Fprint(w, `</ListBucketResult>`)
		}
	}
	for _, tt := range []struct {
		name  string
		serve http.HandlerFunc
		part  string
	}{
		{"the same page for ever", list(true, "x/ab/a", "x/ab/b"), "out of order"},
		{"out of order", list(false, "x/ab/b", "x/ab/a"), "out of order"},
		{"of another prefix", list(false, "y/ab/a"), "not below"},
		{"no list", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") }, "captures"},
		{"stops in the middle", func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, `<?xml version="1.0"?><ListBucketResult>`)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "captures"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, _ := bad(t, tt.serve)
			err := b.Each(t.Context(), func(string, int64) error { return nil })
			if err == nil || !strings.Contains(err.Error(), tt.part) {
				t.Errorf("want %q: %v", tt.part, err)
			}
		})
	}
	b, _ := bad(t, list(false, "x/../../etc", "x/ab/zz.zst", "x/zz"))
	must(t, archive(t, b).Each(t.Context(), func(name string, d news.Digest) error {
		if !d.IsZero() {
			t.Errorf("%s is taken for %s", name, d)
		}
		return nil
	}))
}

func TestOpen(t *testing.T) {
	file := t.TempDir() + "/file"
	s, err := Open(file, Options{})
	must(t, err)
	must(t, s.Put(t.Context(), "ab", nil))
	for where, part := range map[string]string{
		"":                                 "no directory",
		"ftp://captures":                   `"ftp"`,
		"s3://":                            "want s3://BUCKET",
		"s3:///prefix":                     "want s3://BUCKET",
		"s3://key:courier-secret@captures": "no credentials here",
		"s3://captures?endpoint=":          "endpoint",
		"s3://captures?endpoint=http://127.0.0.1":   "want endpoint=HOST:PORT",
		"s3://captures?endpoint=k:s@h":              "want endpoint=HOST:PORT",
		"s3://captures?insecure=yes":                "insecure",
		"s3://captures?secret=1":                    `"1"`,
		"s3://captures\x7f:courier-secret@captures": "cannot be read",
		file + "/ab/below":                          "not a directory",
	} {
		_, err := Open(where, Options{Env: env})
		if err == nil || errors.Is(err, ErrPlace) == (part == "not a directory") || !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "courier-secret") {
			t.Errorf("%s: want %q: %v", where, part, err)
		}
	}
	if _, err := Open("s3://captures", Options{}); err == nil || !strings.Contains(err.Error(), envKey) {
		t.Errorf("without credentials: %v", err)
	}
	p, err := parsePlace("s3://captures/of/courier?endpoint=s3.example.org&region=eu-1")
	must(t, err)
	if want := (place{"captures", "of/courier/", "s3.example.org", "eu-1", false}); p != want {
		t.Errorf("%+v, want %+v", p, want)
	}
	p, err = parsePlace("s3://captures")
	must(t, err)
	if want := (place{"captures", "", defaultEndpoint, defaultRegion, false}); p != want {
		t.Errorf("%+v, want %+v", p, want)
	}
}
