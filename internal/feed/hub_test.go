package feed

import (
	"net/url"
	"strings"
	"testing"
)

// TestHubAndTopic: where hub and topic are named, and which word counts.
func TestHubAndTopic(t *testing.T) {
	base, err := url.Parse("https://paper.example.org/news/rss")
	if err != nil {
		t.Fatal(err)
	}
	atom := `<feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title><link rel="hub" href="https://hub.example.org/"/><link rel="self" href="/atom"/></feed>`
	for _, tt := range []struct {
		name, body string
		headers    []string
		want       string
	}{
		{"atom", atom, nil, "https://hub.example.org/ https://paper.example.org/atom"},
		{"rss", `<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>Paper</title><a:link rel="self" href="https://paper.example.org/rss"/><a:link rel="hub" href="//hub.example.org/a"/></channel></rss>`, nil,
			"https://hub.example.org/a https://paper.example.org/rss"},
		{"json", `{"version":"https://jsonfeed.org/version/1.1","feed_url":"https://paper.example.org/j","hubs":[{"type":"rssCloud","url":"https://x.example.org/"},{"type":"WebSub","url":"https://hub.example.org/j"}],"items":[]}`, nil,
			"https://hub.example.org/j https://paper.example.org/j"},
		{"headers come first", atom, []string{`<https://other.example.org/>; rel="hub", </topic>; rel=self`}, "https://other.example.org/ https://paper.example.org/topic"},
		{"one relation in a header", atom, []string{`<https://other.example.org/>; rel="preload hub"`}, "https://other.example.org/ https://paper.example.org/atom"},
		{"headers of other things", atom, []string{`</style.css>; rel=preload; as=style`, `<javascript:x>; rel=hub`, `<`, `;rel=hub`}, "https://hub.example.org/ https://paper.example.org/atom"},
		{"two hubs", strings.Replace(atom, "<link", `<link rel="hub" href="https://first.example.org/"/><link`, 1), nil, "https://first.example.org/ https://paper.example.org/atom"},
		{"no topic", strings.Replace(atom, `rel="self"`, `rel="via"`, 1), nil, " "},
		{"no hub", strings.Replace(atom, `rel="hub"`, `rel="via"`, 1), nil, " "},
		{"a hub that is no web address", strings.Replace(atom, "https://hub", "mailto://hub", 1), nil, " "},
	} {
		d, err := Parse([]byte(tt.body), "", base)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		hub, topic := d.HubAndTopic(tt.headers, base)
		if got := hub + " " + topic; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	page := Links([]byte(`<html><head><link rel="hub" href="https://hub.example.org/p"><link rel="self" href="/town"></head></html>`), "text/html", base)
	if hub, topic := page.HubAndTopic(nil, base); hub != "https://hub.example.org/p" || topic != "https://paper.example.org/town" {
		t.Errorf("page: %q %q", hub, topic)
	}
}

// FuzzHubAndTopic: whatever a header holds, both come or neither, as addresses.
func FuzzHubAndTopic(f *testing.F) {
	f.Add(`<https://hub.example.org/>; rel="hub", <https://paper.example.org/rss>; rel="self"`)
	f.Add(`<//[::1>;rel=hub,<\>;rel="self`)
	f.Fuzz(func(t *testing.T, header string) {
		hub, topic := Document{Hub: "https://hub.example.org/"}.HubAndTopic([]string{header}, nil)
		if (hub == "") != (topic == "") {
			t.Fatalf("%q %q", hub, topic)
		}
		for _, s := range []string{hub, topic} {
			if u, err := url.Parse(s); err != nil || s != "" && (u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
				t.Fatalf("%q is no address", s)
			}
		}
	})
}
