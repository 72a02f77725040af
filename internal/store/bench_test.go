package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/search"
)

// longText is a text of about 4 KB.
func longText(n int) news.Content {
	return content(fmt.Sprint("Headline ", n), strings.Repeat("The ferry to Port Amber was late again, said the harbour master. ", 60), fmt.Sprint("Number ", n))
}

func BenchmarkRecordVisit(b *testing.B) {
	for _, kind := range []string{"version", "sighting", "sighting with findings", "failure"} {
		b.Run(kind, func(b *testing.B) {
			x := newBench(b)
			a := x.article("a")
			l := x.lease()
			x.publish(l, a.ID, content("A", "x"))
			n, memory := 1, []byte(strings.Repeat("m", 8<<10))
			for b.Loop() {
				v := x.visit(l, a.ID, news.Failed)
				switch kind {
				case "version":
					v = x.visit(l, a.ID, news.OK).withVersion(n, longText(n))
					n++
				case "sighting":
					v.Sighting = true
				case "sighting with findings":
					v.Sighting = true
					v.Pulse, v.Memory = &news.Pulse{Visits: 1, Seen: 1}, memory
					v.Event = &news.Event{Kind: news.TemplateChanged, Subject: "f00d"}
					for k := range uint64(100) { // of a page of 100 blocks, ten are held back
						v.Recur = append(v.Recur, k)
						if k%10 == 0 {
							v.Held = append(v.Held, news.Held{Key: k, Text: "Read also", Why: "rotates"})
						}
					}
				}
				x.record(v)
			}
		})
	}
}

// library is a store of 200 articles with 10 versions each.
func library(b *testing.B) *bench {
	x := newBench(b)
	l := x.lease()
	for i := range 200 {
		a := x.article(fmt.Sprint("a", i))
		for n := range 10 {
			x.record(x.visit(l, a.ID, news.OK).withVersion(n, longText(i*10+n)))
		}
	}
	_, err := x.IndexChanges(x.ctx, 1<<20)
	x.must(err)
	return x
}

func BenchmarkReading(b *testing.B) {
	x := library(b)
	for _, bb := range []struct {
		name string
		f    func() error
	}{
		{"VersionList", func() error {
			_, _, err := x.VersionList(x.ctx, VersionQuery{Page: Page{Size: 50}, ChangedOnly: true})
			return err
		}},
		{"VersionListOfSource", func() error {
			_, _, err := x.VersionList(x.ctx, VersionQuery{Page: Page{Size: 50, Before: 1900}, SourceKey: "courier"})
			return err
		}},
		{"ArticleList", func() error { _, _, err := x.ArticleList(x.ctx, ArticleQuery{Page: Page{Size: 50}}); return err }},
		{"Version", func() error { _, err := x.Version(x.ctx, 777); return err }},
		{"Search", func() error {
			_, _, _, err := x.Search(x.ctx, search.Query{Terms: []search.Term{{Text: "ferry"}}}, Page{Size: 20})
			return err
		}},
		{"Totals", func() error { _, err := x.Totals(x.ctx); return err }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			for b.Loop() {
				x.t = b
				x.must(bb.f())
			}
		})
	}
}

func BenchmarkLeaseHost(b *testing.B) {
	x := newBench(b)
	for i := range 500 {
		x.feedOn(fmt.Sprintf("h%d.example.org", i))
	}
	for b.Loop() {
		l := x.leaseAny(time.Minute)
		x.must(x.ReleaseHost(x.ctx, l, time.Time{}))
	}
}
