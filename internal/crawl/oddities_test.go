package crawl

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"
)

// say plays a text and hangs up.
func say(parts ...any) func(net.Conn) {
	return func(c net.Conn) { fmt.Fprint(c, parts...) }
}

// encoded plays a whole response with a body in an encoding.
func encoded(names string, body []byte) func(net.Conn) {
	return func(c net.Conn) {
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s", names, len(body), body)
	}
}

// drip plays a beginning and then single bytes for ever.
func drip(head, piece string, every time.Duration) func(net.Conn) {
	return func(c net.Conn) {
		_, err := io.WriteString(c, head)
		for data := []byte(piece); err == nil; time.Sleep(every) {
			_, err = c.Write(data)
		}
	}
}

// until holds the connection open until the other side is gone.
func until(play func(net.Conn)) func(net.Conn) {
	return func(c net.Conn) {
		play(c)
		io.Copy(io.Discard, c)
	}
}

func redirect(location string) func(net.Conn) {
	return say("HTTP/1.1 302 Found\r\nLocation: ", location, "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

const ok = "HTTP/1.1 200 OK\r\n"

// oddities are servers that do odd things. A failure of "" means that the
// whole body "ok" must be had; a failure that is not named here (some) may be
// any but none.
func oddities(t *testing.T) []struct {
	name string
	play func(net.Conn)
	want Failure
} {
	mega := strings.Repeat("a", 1<<20)
	gz := encode(t, noise(100_000), "gzip")
	bomb := encode(t, make([]byte, 100<<20), "gzip")
	return []struct {
		name string
		play func(net.Conn)
		want Failure
	}{
		{"a plain answer", say(ok, "Content-Length: 2\r\n\r\nok"), ""},
		{"chunks", say(ok, "Transfer-Encoding: chunked\r\n\r\n1\r\no\r\n1;x=y\r\nk\r\n0\r\nX: trailer\r\n\r\n"), ""},
		{"HTTP/1.0 and no length", say("HTTP/1.0 200 OK\r\n\r\nok"), ""},
		{"HTTP/1.1 and no length", say(ok, "\r\nok"), ""},
		{"lines end in LF only", say("HTTP/1.1 200 OK\nContent-Length: 2\n\nok"), ""},
		{"a folded header", say(ok, "X-A: 1\r\n  2\r\nContent-Length: 2\r\n\r\nok"), ""},
		{"a charset that nobody knows", say(ok, "Content-Type: text/html; charset=\"u-9\xff\"\r\nContent-Length: 2\r\n\r\nok"), ""},
		{"times at both ends of time", say(ok, "Date: Fri, 31 Dec 9999 23:59:59 GMT\r\nLast-Modified: Thu, 01 Jan 1970 00:00:00 GMT\r\nRetry-After: -99999999999\r\nContent-Length: 2\r\n\r\nok"), ""},
		{"more bytes than announced", say(ok, "Content-Length: 2\r\n\r\nokokok"), ""},
		{"length and chunks at once", say(ok, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"), ""},
		{"five thousand cookies", say(ok, strings.Repeat("Set-Cookie: a=b\r\n", 5000), "Content-Length: 2\r\n\r\nok"), ""},
		{"four early hints", say(strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 4), ok, "Content-Length: 2\r\n\r\nok"), ""},
		{"an ETag of half a megabyte", say(ok, "ETag: \"", mega[:1<<19], "\"\r\nContent-Length: 2\r\n\r\nok"), ""},
		{"a hundred gzip members", encoded("gzip", append(bytes.Repeat(encode(t, nil, "gzip"), 100), encode(t, []byte("ok"), "gzip")...)), ""},
		{"hung up without a word", say(""), FailConnect},
		{"hung up in the status line", say("HTTP/1.1 2"), FailProtocol},
		{"hung up in the headers", say(ok, "Content-Le"), FailProtocol},
		{"bytes that are no HTTP", say("\x00\x01\x02 hello\r\n\r\n"), FailProtocol},
		{"HTTP/0.9", say("<html>ok</html>"), FailProtocol},
		{"a mail server", say("220 mail.example.org ESMTP\r\n"), FailProtocol},
		{"HTTP/2 in words", say("HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok"), ""},
		{"status 000", say("HTTP/1.1 000 x\r\nContent-Length: 0\r\n\r\n"), FailProtocol},
		{"status 099", say("HTTP/1.1 099 x\r\nContent-Length: 0\r\n\r\n"), FailProtocol},
		{"status 600", say("HTTP/1.1 600 x\r\nContent-Length: 0\r\n\r\n"), FailProtocol},
		{"status 999", say("HTTP/1.1 999 x\r\nContent-Length: 0\r\n\r\n"), FailProtocol},
		{"status -1", say("HTTP/1.1 -1 x\r\nContent-Length: 0\r\n\r\n"), FailProtocol},
		{"status 20", say("HTTP/1.1 20 x\r\nContent-Length: 0\r\n\r\n"), FailProtocol},
		{"101 unasked", say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nok"), FailProtocol},
		{"304 unasked", say("HTTP/1.1 304 Not Modified\r\n\r\n"), FailProtocol},
		{"206 unasked", say("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/9\r\nContent-Length: 2\r\n\r\nok"), FailProtocol},
		{"early hints for ever", drip("", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 0), FailTooLarge},
		{"a negative length", say(ok, "Content-Length: -5\r\n\r\nok"), FailProtocol},
		{"two lengths that differ", say(ok, "Content-Length: 2\r\nContent-Length: 3\r\n\r\nok"), FailProtocol},
		{"a length beyond numbers", say(ok, "Content-Length: 99999999999999999999\r\n\r\nok"), FailProtocol},
		{"a length beyond us", say(ok, "Content-Length: 9000000000000000000\r\n\r\nok"), FailTooLarge},
		{"a length one beyond the limit", say(ok, "Content-Length: ", MaxWire+1, "\r\n\r\nok"), FailTooLarge},
		{"fewer bytes than announced", say(ok, "Content-Length: 100\r\n\r\nok"), FailTruncated},
		{"chunks without an end", say(ok, "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"), FailTruncated},
		{"a chunk cut short", say(ok, "Transfer-Encoding: chunked\r\n\r\n5\r\nok"), FailTruncated},
		{"reset within the body", func(c net.Conn) {
			io.WriteString(c, ok+"Content-Length: 100\r\n\r\nabc")
			time.Sleep(20 * time.Millisecond)
			c.(*net.TCPConn).SetLinger(0)
		}, FailTruncated},
		{"an unknown transfer coding", say(ok, "Transfer-Encoding: foo\r\n\r\nok"), FailProtocol},
		{"a chunk beyond numbers", say(ok, "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nok"), FailProtocol},
		{"a chunk length in words", say(ok, "Transfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n"), FailProtocol},
		{"a chunk extension of a megabyte", say(ok, "Transfer-Encoding: chunked\r\n\r\n1;", mega, "\r\no\r\n0\r\n\r\n"), FailProtocol},
		{"two hundred thousand chunks and no end", say(ok, "Transfer-Encoding: chunked\r\n\r\n", strings.Repeat("1\r\na\r\n", 200_000)), FailTruncated},
		{"a trailer of two megabytes", say(ok, "Transfer-Encoding: chunked\r\n\r\n1\r\no\r\n0\r\n", strings.Repeat("X-T: yyyyyyyyyyyyyyyy\r\n", 90_000), "\r\n"), some},
		{"NUL in a header", say(ok, "X-A: a\x00b\r\nContent-Length: 2\r\n\r\nok"), FailProtocol},
		{"a bare CR in a header", say(ok, "X-A: a\rb\r\nContent-Length: 2\r\n\r\nok"), FailProtocol},
		{"a space before the colon", say(ok, "X-A : a\r\nContent-Length: 2\r\n\r\nok"), ""},
		{"a header line of 2 MB", say(ok, "X-A: ", mega, mega, "\r\nContent-Length: 2\r\n\r\nok"), FailTooLarge},
		{"two hundred thousand headers", say(ok, strings.Repeat("X-A: a\r\n", 200_000), "Content-Length: 2\r\n\r\nok"), FailTooLarge},
		{"a redirect in a circle", redirect("/"), FailRedirects},
		{"a redirect to nowhere", say("HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\nok"), FailRedirects},
		{"a redirect with a line break in it", redirect("/%0d%0aX:y"), FailRedirects},
		{"a redirect of half a megabyte", redirect("/" + mega[:1<<19]), FailURL},
		{"a redirect to a file", redirect("file:///etc/passwd"), FailURL},
		{"a redirect to half an address", redirect("http://[::1"), FailURL},
		{"plain text called gzip", encoded("gzip", []byte("<p>The bridge is open.")), FailEncoding},
		{"plain text called br", encoded("br", []byte("ok")), some},
		{"an encoding that nobody knows", encoded("rot13", []byte("bx")), FailEncoding},
		{"three layers of gzip", encoded("gzip, gzip, gzip", encode(t, gz, "gzip", "gzip")), FailEncoding},
		{"gzip cut short, with the right length", encoded("gzip", gz[:len(gz)/2]), FailTruncated},
		{"a gzip bomb", encoded("gzip", bomb), some},
		{"a gzip bomb in gzip", encoded("gzip, gzip", encode(t, bomb, "gzip")), FailRatio},
		{"a header that drips", drip("HTTP/1.1 200 OK\r\n", "X", 20*time.Millisecond), FailTimeout},
		{"a body that drips", drip(ok+"Content-Length: 100000\r\n\r\n", "a", 20*time.Millisecond), FailTimeout},
		{"a body that stops", until(say(ok, "Content-Length: 100\r\n\r\nabc")), FailTimeout},
		{"a server that says nothing", until(say("")), FailTimeout},
		{"a body without end", drip(ok+"Connection: close\r\n\r\n", mega, 0), FailTooLarge},
		{"a body of zeros without end", drip(ok+"Transfer-Encoding: chunked\r\n\r\n", "100000\r\n"+mega+"\r\n", 0), FailTooLarge},
	}
}

// some stands for whatever failure there is.
const some Failure = "some"

func TestOddities(t *testing.T) {
	cases := oddities(t)
	if len(cases) < 60 {
		t.Fatalf("only %d cases", len(cases))
	}
	short := times{total: 2 * time.Second, connect: 2 * time.Second, header: 500 * time.Millisecond, idle: 500 * time.Millisecond}
	for _, x := range cases {
		t.Run(x.name, func(t *testing.T) {
			limits := testTimes
			if x.want == FailTimeout { // those that wait do it side by side
				t.Parallel()
				limits = short
			} else {
				defer checkMemory(t)()
			}
			a := rawServer(t, x.play)
			c, _ := newTestClient(t, Options{}, limits, a)
			f := get(t, c, Request{URL: "http://" + a + "/news"})
			if x.want == some {
				if f.Failure == "" {
					t.Errorf("no failure: status %d, %.80q", f.Status, f.Body)
				}
				return
			}
			wantFailure(t, f, x.want)
			if x.want == "" && string(f.Body) != "ok" {
				t.Errorf("body %.80q", f.Body)
			}
			if x.want == FailTruncated && len(f.Wire) == 0 && f.Status != 200 {
				t.Errorf("what came was not kept: %+v", f)
			}
		})
	}
}

// checkMemory fails the test when it allocates more than 128 MB: some 10 MB as
// sent and 20 MB decoded, read in growing pieces, and the server's own part.
func checkMemory(t *testing.T) func() {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	return func() {
		runtime.ReadMemStats(&after)
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 128 {
			t.Errorf("%d MB allocated", mb)
		}
	}
}

// A cut that the protocol cannot show is told as such.
func TestDelimited(t *testing.T) {
	for head, want := range map[string]bool{"HTTP/1.0 200 OK\r\n\r\n": false, ok + "\r\n": false, ok + "Content-Length: 2\r\n\r\n": true} {
		a := rawServer(t, say(head, "ok"))
		c, _ := newTestClient(t, Options{}, testTimes, a)
		if f := get(t, c, Request{URL: "http://" + a + "/"}); f.Delimited != want || string(f.Body) != "ok" {
			t.Errorf("%q: delimited %v, body %q", head, f.Delimited, f.Body)
		}
	}
}

func TestConnectionRefused(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	c, _ := newTestClient(t, Options{}, testTimes, ln.Addr().String())
	wantFailure(t, get(t, c, Request{URL: "http://" + ln.Addr().String()}), FailConnect)
}
