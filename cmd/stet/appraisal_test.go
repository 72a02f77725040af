package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"stet/internal/appraise"
	"stet/internal/news"
)

// TestAppraisalText: significance, kinds and evidence, as watch and the demo print
// them.
func TestAppraisalText(t *testing.T) {
	a := news.Appraisal{
		Kinds: []news.Kind{news.KindNumber, news.KindName, news.KindWording}, Significance: 61.6, Disclosure: news.Silent,
		Findings: []news.Finding{
			{Kind: news.KindNumber, Of: "people", Old: "12", New: "15", What: "dead"},
			{Kind: news.KindName, Old: "", New: "\u202eRolfe"},
			{Kind: news.KindQuotation, Of: "removed", Old: "“We are sorry”", What: "a spokeswoman"},
			{Kind: news.KindWording, Old: "a", New: "b"},
		},
	}
	for range maxEvidenceLines {
		a.Findings = append(a.Findings, news.Finding{Kind: news.KindNumber, Old: "1", New: "2"})
	}
	var out bytes.Buffer
	sayAppraisal(&out, a)
	const want = `  significance 62 of 100: number, name, wording; silent
    number, people: 12 → 15 (dead)
    name: added ⟦U+202E⟧Rolfe
    quotation, removed: removed “We are sorry” (a spokeswoman)
    number: 1 → 2
    number: 1 → 2
    number: 1 → 2
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
	if got := appraisalLine(news.Appraisal{Trivial: true, Kinds: []news.Kind{news.KindStamp}, Significance: 1}); got != "significance 1 of 100, trivial: stamp" {
		t.Errorf("trivial: %q", got)
	}
}

// TestWeightsValue: weights as a flag, and back.
func TestWeightsValue(t *testing.T) {
	var w appraise.Weights
	v := (*weightsValue)(&w)
	if err := v.Set(" headline=7.5, number-people = 50,"); err != nil || w["headline"] != 7.5 || w["number-people"] != 50 || len(w) != 2 {
		t.Errorf("%v, %v", w, err)
	}
	if v.String() != "headline=7.5,number-people=50" {
		t.Errorf("written %q", v.String())
	}
	for _, bad := range []string{"headline", "headline=", "headline=many", "headline=NaN", "headline=+Inf", "gossip=1", "headline=-1"} {
		if err := v.Set(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	if len(w) != 2 {
		t.Errorf("what was refused was kept: %v", w)
	}
}

// TestWatchAppraises: watch prints what each change means, by the weights that are
// asked for.
func TestWatchAppraises(t *testing.T) {
	var asked atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/bridge" {
			http.NotFound(w, r)
			return
		}
		n := asked.Add(1)
		hurt := "twelve"
		if n > 1 {
			hurt = "fifteen"
		}
		if n > 6 {
			stop()
		}
		fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>Bridge falls</title><meta property="og:type" content="article"></head><body><article><h1>Bridge falls</h1>
<p>The harbour bridge fell on Monday morning, the port office of Lindhaven said, and %s people were hurt when it came down into the river.</p>
<p>Buses take the long way round by the mill, and the ferry runs every ten minutes from six in the morning until midnight, free of charge.</p>
<p>Shopkeepers on the north bank said that they had been told of the closure by their customers, and not by the port, and asked for help.</p>
</article></body></html>`, hurt)
	}))
	defer server.Close()
	u, _ := url.Parse(server.URL)
	var out, talk bytes.Buffer
	code := run(ctx, []string{"watch", "--json", "--data", t.TempDir(), "--allow-net", u.Hostname() + "/32:" + u.Port(), "--every", "1s", "--pace", "0s",
		"--for", "2m", "--significance", "number-people=91", server.URL + "/bridge"}, strings.NewReader(""), &out, &talk)
	if code != exitDone {
		t.Fatalf("stet watch ended with %d:\n%s", code, talk.String())
	}
	var last changeRow
	for line := range strings.Lines(out.String()) {
		last = changeRow{}
		if err := json.Unmarshal([]byte(line), &last); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
	}
	if last.Appraisal == nil || !last.Appraisal.Has(news.KindNumber) || last.Appraisal.Significance < 91 {
		t.Errorf("the last change is appraised as %+v\n%s", last.Appraisal, out.String())
	}
}
