package extract

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"stet/internal/news"
)

const tdmPolicy = "https://lindhaven.example.org/tdm.json"

// reserves reads a page of that head and those headers.
func reserves(t *testing.T, head string, headers ...string) string {
	t.Helper()
	base, err := url.Parse("https://lindhaven.example.org/town/bridge")
	if err != nil {
		t.Fatal(err)
	}
	r := Reserved(Page{URL: base, Status: 200, RobotsTag: headers,
		Body: []byte("<!DOCTYPE html><html><head><title>Bridge</title>" + head + "</head><body><h1>Bridge</h1><p>It is open.</p></body></html>")})
	text := r.String()
	if r.Policy != "" {
		text += " " + r.Policy
	}
	return text
}

func TestReservedMeta(t *testing.T) {
	for _, tt := range []struct{ name, head, want string }{
		{"nothing", ``, ""},
		{"noindex", `<meta name="robots" content="noindex">`, "noindex"},
		{"any case, white space", `<META NAME=" Robots " CONTENT=" NoIndex ,nofollow,  NOARCHIVE ">`, "noindex, noarchive"},
		{"none is both", `<meta name=robots content=none>`, "noindex, noarchive"},
		{"without a comma", `<meta name="robots" content="noindex noarchive">`, "noindex, noarchive"},
		{"content first, self-closing", `<meta content="noarchive" name="robots"/>`, "noarchive"},
		{"allowed", `<meta name="robots" content="index, follow, max-snippet:-1, archive, all">`, ""},
		{"parts of words", `<meta name="robots" content="noindexing, x-noarchive, nonenone">`, ""},
		{"our own name", `<meta name="Stet" content="noarchive">`, "noarchive"},
		{"others' names", `<meta name="googlebot" content="noindex"><meta name="stetson" content="noindex">`, ""},
		{"what restricts counts", `<meta name="robots" content="noindex"><meta name="stet" content="all">`, "noindex"},
		{"a sum of several", `<meta name="robots" content="noindex"><meta name="robots" content="noarchive">`, "noindex, noarchive"},
		{"the first of two attributes", `<meta name="robots" content="all" content="noindex">`, ""},
		{"property is no name", `<meta property="robots" content="noindex">`, ""},
		{"unavailable_after", `<meta name="robots" content="unavailable_after: 2031-02-03">`, ""},
		{"mining", `<meta name="tdm-reservation" content="1">`, "tdm"},
		{"mining allowed", `<meta name="tdm-reservation" content="0"><meta name="tdm-policy" content="/tdm.json">`, ""},
		{"mining of an odd value", `<meta name="tdm-reservation" content="yes">`, ""},
		{"policy", `<meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="` + tdmPolicy + `">`, "tdm " + tdmPolicy},
		{"policy beside", `<meta name="tdm-policy" content="../tdm.json"><meta name="TDM-Reservation" content=" 1 ">`, "tdm " + tdmPolicy},
		{"policy that is none", `<meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="javascript:alert(1)">`, "tdm"},
		{"commented out", `<!-- <meta name="robots" content="noindex"> -->`, ""},
		{"in a script", `<script>document.write('<meta name="robots" content="noindex">')</script>`, ""},
		{"in the title", `<title><meta name="robots" content="noindex"></title>`, ""},
		{"entities", `<meta name="robots" content="no&#105;ndex">`, "noindex"},
		{"many directives", `<meta name="robots" content="` + strings.Repeat("x,", MaxDirectives-1) + `noindex">`, "noindex"},
		{"too many directives", `<meta name="robots" content="` + strings.Repeat("x,", MaxDirectives) + `noindex">`, ""},
	} {
		if got := reserves(t, tt.head); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestReservedHeader(t *testing.T) {
	for _, tt := range []struct {
		name    string
		headers []string
		want    string
	}{
		{"noindex", []string{"noindex"}, "noindex"},
		{"none", []string{"NONE"}, "noindex, noarchive"},
		{"several", []string{"nofollow", "noarchive", "noindex"}, "noindex, noarchive"},
		{"for another", []string{"googlebot: noindex, noarchive"}, ""},
		{"for us", []string{"Stet: noarchive, nofollow"}, "noarchive"},
		{"for all by a star", []string{"*: noindex"}, "noindex"},
		{"for all, then for another", []string{"noarchive, otherbot: noindex, none"}, "noarchive"},
		{"for another, then for us", []string{"otherbot: noindex, stet: noarchive"}, "noarchive"},
		{"a line of its own ends the robot", []string{"otherbot: nofollow", "noindex"}, "noindex"},
		{"unavailable_after", []string{"unavailable_after: Friday, 25-Jun-10 15:00:00 UTC, noarchive"}, "noarchive"},
		{"values are no robots", []string{"max-snippet: 20, max-image-preview:none, noindex"}, "noindex"},
		{"a robot with dots and digits", []string{"bot_2.0: noindex"}, ""},
		{"empty", []string{"", ",", ":", "stet:", ": noindex"}, ""},
		{"broken bytes", []string{"\xff\xfe: noindex", "no\x00index"}, ""},
	} {
		if got := reserves(t, "", tt.headers...); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestReservedElsewhere: bodies of other charsets, other kinds and none, and
// headers that come with no page.
func TestReservedElsewhere(t *testing.T) {
	base, _ := url.Parse("https://lindhaven.example.org/bridge")
	const page = `<html><meta name="robots" content="noarchive">`
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(page)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for name, tt := range map[string]struct {
		page Page
		want string
	}{
		"utf-16":         {Page{Body: wide}, "noarchive"},
		"in the body":    {Page{Body: []byte("<body><p>Text<meta name=robots content=noindex>")}, "noindex"},
		"a file":         {Page{Body: []byte(page)}, "noarchive"},
		"not there":      {Page{Status: 404, Body: []byte(page), RobotsTag: []string{"noindex"}}, "noindex"},
		"no HTML":        {Page{Status: 200, ContentType: "application/pdf", Body: []byte(page)}, ""},
		"headers alone":  {Page{Status: 304, RobotsTag: []string{"noindex"}, TDMReservation: "1", TDMPolicy: "/tdm.json"}, "noindex, tdm"},
		"an open tag":    {Page{Body: []byte(`<meta name="robots" content="noindex"`)}, ""},
		"a policy alone": {Page{TDMPolicy: tdmPolicy}, ""},
		"both":           {Page{TDMReservation: "0", Body: []byte(`<meta name="tdm-reservation" content="1">`)}, "tdm"},
		"beyond the end": {Page{Body: []byte(strings.Repeat(" ", MaxHTML) + page)}, ""},
		"at the end":     {Page{Body: []byte(strings.Repeat(" ", MaxHTML-len(page)) + page)}, "noarchive"},
	} {
		tt.page.URL = base
		if got := Reserved(tt.page).String(); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// FuzzReserved: nothing panics, and what comes out is in order and can be shown.
func FuzzReserved(f *testing.F) {
	f.Add(`<meta name="robots" content="noindex"><meta name=tdm-reservation content=1>`, "otherbot: none, stet: noarchive", "1", "/tdm.json")
	f.Add("<meta", "unavailable_after: 1, noindex", "0", "javascript:x")
	f.Fuzz(func(t *testing.T, body, tag, tdm, policy string) {
		base, _ := url.Parse("https://lindhaven.example.org/bridge")
		r := Reserved(Page{URL: base, Body: []byte(body), RobotsTag: []string{tag}, TDMReservation: tdm, TDMPolicy: policy})
		if again := news.Reserves(r.What, r.Policy); !again.Equal(r) {
			t.Errorf("%+v is not in order", r)
		}
		if u, err := url.Parse(r.Policy); err != nil || r.Policy != "" && (u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
			t.Errorf("policy %q", r.Policy)
		}
		if r.What == nil && strings.Contains(strings.ToLower(tag), "noindex") && !strings.ContainsAny(tag, ":") && fmt.Sprint(strings.Fields(tag)) == "[noindex]" {
			t.Errorf("%q reserves nothing", tag)
		}
	})
}
