package crawl

import (
	"context"
	"net/http"
	"testing"
	"time"
)

// instant answers every request at once.
type instant struct{}

func (instant) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

// What a paced GET costs beside the network and the gap.
func BenchmarkGet(b *testing.B) {
	k := newClock()
	o := Options{Now: k.now, Sleep: func(context.Context, time.Duration) error { return nil }}
	o.setDefaults()
	c := newClient(o, testTimes)
	c.keeping.RegisterProtocol("http", instant{})
	b.ReportAllocs()
	for b.Loop() {
		if f := get(b, c, Request{URL: "http://www.example.org/news"}); f.Status != 200 {
			b.Fatal(f.Reason)
		}
	}
}

// What the pacer has of it.
func BenchmarkPace(b *testing.B) {
	k := newClock()
	p := newPacer(k.now, elapsedBy(k.now), func(context.Context, time.Duration) error { return nil })
	b.ReportAllocs()
	for b.Loop() {
		turn, _, err := p.enter(context.Background(), place{"example.org", "www.example.org"}, time.Second)
		if err != nil {
			b.Fatal(err)
		}
		turn.leave(good)
	}
}
