package main

import (
	"bytes"
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"stet/bench/corpus"
)

func TestCompare(t *testing.T) {
	truth := []string{"The ferry sails on Monday morning.", "Nobody knows the fare yet, says the board."}
	tests := []struct {
		name                             string
		want, got                        []string
		precision, recall, f1, paragraph float64
		exact                            bool
	}{
		{"the same", truth, truth, 1, 1, 1, 1, true},
		{"case, marks and spaces do not count", truth, []string{"the ferry  sails on Monday morning", "NOBODY knows the fare yet – says the board"}, 1, 1, 1, 1, true},
		{"nothing found", truth, nil, 0, 0, 0, 0, false},
		{"paragraphs run together", truth, []string{strings.Join(truth, " ")}, 1, 1, 1, 0, true},
		{"half of the text", truth, truth[:1], 1, 3.0 / 11, 6.0 / 14, 2.0 / 3, false},
		{"furniture after it", truth[:1], truth, 3.0 / 11, 1, 6.0 / 14, 2.0 / 3, false},
		{"a text shorter than a shingle", []string{"Quite so"}, []string{"quite so"}, 1, 1, 1, 1, true},
		{"a script without spaces", []string{"市場は明日開く"}, []string{"市場は明日開く"}, 1, 1, 1, 1, true},
		{"repeated words count as often as they stand", []string{"a b c d"}, []string{"a b c d", "a b c d"}, 1.0 / 5, 1, 1.0 / 3, 2.0 / 3, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := compare(tt.want, tt.got)
			for _, x := range []struct {
				name      string
				got, want float64
			}{{"precision", s.precision, tt.precision}, {"recall", s.recall, tt.recall}, {"F1", s.shingle, tt.f1}, {"paragraph F1", s.paragraph, tt.paragraph}} {
				if math.Abs(x.got-x.want) > 1e-9 {
					t.Errorf("%s %.4f, want %.4f", x.name, x.got, x.want)
				}
			}
			if s.exact() != tt.exact {
				t.Errorf("exact %v", s.exact())
			}
		})
	}
}

func TestBlocks(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string
	}{
		{"paragraphs", "<p>One <b>bold</b>\n word</p><p>Two</p>", []string{"One bold word", "Two"}},
		{"text beside a paragraph", "<div>Before<p>One</p>after</div>", []string{"Before", "One", "after"}},
		{"a line break parts words", "<p>One<br>two</p>", []string{"One two"}},
		{"scripts are no text", "<p>One</p><script>two()</script><style>p{}</style>", []string{"One"}},
		{"nothing", "<div> </div>", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root, err := html.Parse(strings.NewReader(tt.src))
			if err != nil {
				t.Fatal(err)
			}
			if got := blocks(root); !slices.Equal(got, tt.want) {
				t.Errorf("blocks %q, want %q", got, tt.want)
			}
		})
	}
}

func TestReadLinked(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string
	}{
		{"a body in a graph", `<script type="application/ld+json">{"@graph":[{"articleBody":"One.\nTwo."}]}</script>`, []string{"One.", "Two."}},
		{"a body in HTML", `<script type="application/ld+json">{"articleBody":"<p>One.</p><p>Two.</p>"}</script>`, []string{"One.", "Two."}},
		{"the longest wins", `<script>{"articleBody":"One."}</script><script>{"articleBody":"Longer."}</script>`, []string{"Longer."}},
		{"broken JSON says nothing", `<script>{"articleBody":"One.</script>`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := readLinked(corpus.Page{HTML: []byte(tt.src)}, nil); !slices.Equal(got, tt.want) {
				t.Errorf("read %q, want %q", got, tt.want)
			}
		})
	}
}

// All extractors in Go read pages of our own, and stet reads them exactly.
func TestMeasure(t *testing.T) {
	pages := corpus.Own(4, 9)
	for _, x := range extractors() {
		r := measure(x, pages)
		if r.Pages != 4 || r.OK > 4 || r.F1 > 1+1e-9 || !(r.Speed > 0) {
			t.Errorf("%s: %+v", x.name, r)
		}
		switch {
		case x.name == "stet" && (r.OK != 4 || r.F1 < 0.98):
			t.Errorf("stet: %+v", r)
		case strings.HasPrefix(x.name, "JSON-LD") && r.OK != 0:
			t.Errorf("articleBody was found where there is none: %+v", r)
		}
	}
}

func TestPrint(t *testing.T) {
	var b bytes.Buffer
	printHead(&b, "set", 3)
	row{Name: "stet", Pages: 3, OK: 2, F1: .5, Exact: 1.0 / 3}.print(&b)
	if s := b.String(); !strings.Contains(s, "3 pages") || !strings.Contains(s, "0.500") || !strings.Contains(s, "33.3%") {
		t.Errorf("table:\n%s", s)
	}
}

func TestDecode(t *testing.T) {
	u, _ := url.Parse("https://news.example.org/a")
	latin := []byte("<html><head><meta charset=\"iso-8859-1\"></head><body><script>{\"articleBody\":\"Stra\xdfe\"}</script></body></html>")
	if got := readLinked(corpus.Page{HTML: latin}, u); !slices.Equal(got, []string{"Straße"}) {
		t.Errorf("a page in Latin-1 reads %q", got)
	}
}
