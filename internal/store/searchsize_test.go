package store

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/pgtest"
	"stet/internal/search"
)

// corpusHistories reads the articles of a corpus, each with all its versions; a corpus
// that is not there skips the test.
func corpusHistories(t testing.TB, name string, each func(language string, versions []news.Content)) {
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: no corpus")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(z)
	in.Buffer(nil, 64<<20)
	var url, language string
	var versions []news.Content
	for in.Scan() {
		var x struct {
			URL        string   `json:"url"`
			Lang       string   `json:"lang"`
			Title      string   `json:"title"`
			Paragraphs []string `json:"paragraphs"`
		}
		if err := json.Unmarshal(in.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		if x.URL != url && versions != nil {
			each(language, versions)
			versions = nil
		}
		c := content(x.Title, x.Paragraphs...)
		url, language, versions = x.URL, x.Lang, append(versions, c)
	}
	if err := errors.Join(in.Err()); err != nil || versions == nil {
		t.Fatal(err)
	}
	each(language, versions)
}

// MaxIndexShare is how large the index may be, in hundredths of the text of the
// newest versions.
const MaxIndexShare = 65

// TestSearchSize measures the index over real histories: its size, how long a
// document takes, and some queries. With -v it tells.
func TestSearchSize(t *testing.T) {
	pgtest.SQLiteOnly(t)
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	b := newBench(t)
	type made struct {
		fields   search.Fields
		language string
	}
	var docs []made
	var newest, all int
	var took time.Duration
	corpusHistories(t, "versions-dev.jsonl.gz", func(language string, versions []news.Content) {
		began := time.Now()
		var d search.Draft
		for _, v := range versions {
			d.Add(v)
			all += len(v.Text())
		}
		docs = append(docs, made{d.Fields(language), language})
		took += time.Since(began)
		newest += len(versions[len(versions)-1].Text())
	})
	began := time.Now()
	languages := map[string]bool{}
	b.must(b.write(b.ctx, "put documents", func(t *tx) error {
		for i, d := range docs {
			languages[search.Stemmed(d.language)] = true
			if _, err := t.ExecContext(b.ctx, t.s.d.search.put, t.s.d.search.row(int64(i+1), d.fields, facets(1, d.language))...); err != nil {
				return err
			}
		}
		_, err := t.ExecContext(b.ctx, `INSERT INTO article_search (article_search) VALUES ('optimize')`)
		return err
	}))
	wrote := time.Since(began)
	var size int
	b.must(b.reader.QueryRowContext(b.ctx, `SELECT sum(length(block)) FROM article_search_data`).Scan(&size))
	t.Logf("%d articles, %d bytes of newest text, %d of all versions", len(docs), newest, all)
	t.Logf("index: %d bytes, %.0f %% of the newest text", size, 100*float64(size)/float64(newest))
	t.Logf("documents made in %v (%.0f a second), written in %v (%.0f a second)", took, float64(len(docs))/took.Seconds(), wrote, float64(len(docs))/wrote.Seconds())
	if size*100 > newest*MaxIndexShare {
		t.Errorf("the index has %d bytes for %d of text", size, newest)
	}
	var tags []string
	for l := range languages {
		tags = append(tags, l)
	}
	slices.Sort(tags)
	for _, text := range []string{"the", "government", "government in:removed", `"foreign travel advice"`, "vaccin*", "travel -covid in:any", "zebra"} {
		q, err := search.Parse(text)
		b.must(err)
		began := time.Now()
		n := 0
		w := &where{}
		cond := b.d.search.clause(searchTerms(asked{Query: q, languages: tags}), w.arg)
		b.must(b.reader.QueryRowContext(b.ctx, `SELECT count(*) FROM (SELECT rowid FROM article_search f WHERE `+cond+` ORDER BY rowid DESC)`, w.args...).Scan(&n))
		t.Logf("%s: %d found in %v", text, n, time.Since(began))
	}
	t.Log(fmt.Sprint("languages: ", strings.Join(tags, " ")))
}
