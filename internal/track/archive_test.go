package track

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// A shelf is a store to which tests add versions as a former extractor recorded
// them, beside the pages that were captured.
type shelf struct {
	t     *testing.T
	st    *store.Store
	dir   string
	src   news.Source
	lease store.Lease
	now   time.Time
}

func newShelf(t *testing.T) *shelf {
	s := &shelf{t: t, now: morning, dir: t.TempDir()}
	var err error
	if s.st, err = store.Open(t.Context(), store.Options{Dir: s.dir, Now: func() time.Time { return s.now }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.st.Close() })
	if s.src, err = s.st.AddSource(t.Context(), news.Source{Key: "post", Name: "The Lindhaven Post"}); err != nil {
		t.Fatal(err)
	}
	return s
}

// article adds the article of that name.
func (s *shelf) article(name string) news.Article {
	s.t.Helper()
	address, err := news.ParseAddress("https://post.example.org/"+name, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	a, _, err := s.st.AddArticle(s.t.Context(), s.src.ID, address, name, "import", time.Time{}, time.Time{})
	if err != nil {
		s.t.Fatal(err)
	}
	if s.lease.Token == "" {
		if s.lease, _, err = s.st.LeaseNamed(s.t.Context(), "post.example.org", store.MaxLease); err != nil {
			s.t.Fatal(err)
		}
	}
	return a
}

// publish records the next version of an article: content, and the page in
// which it was read; "" = its bytes are not kept.
func (s *shelf) publish(a news.Article, page string, content news.Content) news.Version {
	s.t.Helper()
	s.now = s.now.Add(time.Second)
	now, _, err := s.st.Article(s.t.Context(), a.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	c := news.Capture{URL: a.URL, FinalURL: a.URL, At: s.now, Outcome: news.OK, Status: 200, Extractor: "former-1"}
	if page != "" {
		var wire bytes.Buffer
		z := gzip.NewWriter(&wire)
		z.Write([]byte(page))
		z.Close()
		c.Header, c.Encoding = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n", "gzip"
		if c.Raw, err = s.st.PutBlob(s.t.Context(), wire.Bytes(), news.Digest{}); err != nil {
			s.t.Fatal(err)
		}
	}
	_, err = s.st.RecordVisit(s.t.Context(), store.Visit{
		Lease: s.lease, ArticleID: a.ID, State: news.Live, Period: time.Hour, Capture: c,
		Version: &news.Version{Number: now.Versions, Content: content, Extractor: "former-1"},
		Changes: []news.Change{{Type: news.VersionAppeared, Before: s.now}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	v, err := s.st.VersionByNumber(s.t.Context(), a.ID, now.Versions)
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

// asRead is what today's extractor reads in story(headline, more...).
func asRead(headline string, more ...string) news.Content {
	c := news.Content{Headline: headline, Language: "en"}
	for _, line := range strings.Split(story(headline, more...), "<p>")[1:] {
		text, _, _ := strings.Cut(line, "</p>")
		c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: text})
	}
	c.Blocks = c.Blocks[:len(c.Blocks)-1] // the footer
	return c
}

// everything is all that is recorded of the versions of the source's articles,
// as text.
func (s *shelf) everything() string {
	s.t.Helper()
	var b strings.Builder
	rows, _, err := s.st.ArticleList(s.t.Context(), store.ArticleQuery{Page: store.Page{Size: store.MaxPageSize}})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, a := range rows {
		for n := range a.Versions {
			v, err := s.st.VersionByNumber(s.t.Context(), a.ID, n)
			if err != nil {
				s.t.Fatal(err)
			}
			fmt.Fprintf(&b, "%d/%d %s %s %s %v\n", a.ID, v.Number, v.Digest, v.Extractor, v.Content.Canonical(), v.Seen)
		}
	}
	return b.String()
}

// verify checks every invariant of the store.
func (s *shelf) verify() {
	s.t.Helper()
	r, err := s.st.Verify(s.t.Context(), nil)
	if err != nil || len(r.Problems) > 0 {
		s.t.Errorf("verify: %v: %q", err, r.Problems)
	}
}
