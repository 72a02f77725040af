package track

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/store"
)

// derive runs Reextract and compares what it says of itself.
func (s *shelf) derive(want Derivation) {
	s.t.Helper()
	steps := 0
	got, err := Reextract(s.t.Context(), s.st, s.src.ID, func(done, total int) {
		if steps++; done != steps || total < done {
			s.t.Errorf("progress %d of %d after %d steps", done, total, steps)
		}
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if want.NotArticle == nil {
		want.NotArticle = map[string]int{}
	}
	if !maps.Equal(got.NotArticle, want.NotArticle) {
		s.t.Errorf("not an article: %v, want %v", got.NotArticle, want.NotArticle)
	}
	got.NotArticle, want.NotArticle = nil, nil
	if fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Errorf("derivation %+v, want %+v", got, want)
	}
}

// derived is the text derived from a version, by its extractor; "" = none.
func (s *shelf) derived(v news.Version) (extractor, text string) {
	s.t.Helper()
	d, _, err := s.st.DerivedVersion(s.t.Context(), v.ID)
	if errors.Is(err, store.ErrNotFound) {
		return "", ""
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return d.Extractor, d.Content.Text()
}

// An extractor that read the furniture of 300 pages as their text is replaced:
// no recorded number, text or digest moves by a byte, and today's reading stands
// beside it.
func TestReextractKeepsHistory(t *testing.T) {
	const articles, each = 60, 5
	s := newShelf(t)
	var last news.Version
	for i := range articles {
		a := s.article(fmt.Sprint("story-", i))
		for n := range each {
			headline, extra := fmt.Sprintf("Part %d of the harbour's story", i), fmt.Sprintf("In its issue number %d the Post counted %d boats more in the harbour of Lindhaven than in the week before.", i, n+2)
			old := asRead(headline, extra)
			old.Blocks = append(old.Blocks, news.Block{Kind: news.Paragraph, Text: "The Lindhaven Post, Quay Street"})
			last = s.publish(a, story(headline, extra), old)
		}
	}
	before := s.everything()
	for range 2 { // the second finds it all done
		s.derive(Derivation{Versions: articles * each, Derived: articles * each})
		if s.everything() != before {
			t.Fatal("recorded versions are not what they were")
		}
	}
	extractor, text := s.derived(last)
	if extractor != extract.Extractor() || strings.Contains(text, "Quay Street") || !strings.Contains(text, fmt.Sprint(each+1, " boats")) {
		t.Errorf("derived by %q: %s", extractor, text)
	}
	changes, err := s.st.Changes(t.Context(), 0, 2*articles*each)
	if err != nil || len(changes) != articles*each {
		t.Errorf("%d entries of the change log, want one for each version: %v", len(changes), err)
	}
	s.verify()
}

// Each thing that can become of a version.
func TestReextractOutcomes(t *testing.T) {
	s := newShelf(t)
	a := s.article("bridge")
	same := s.publish(a, story("Bridge to close"), asRead("Bridge to close"))
	other := s.publish(a, story("Bridge to close", extra), asRead("Bridge to close", "Former words."))
	bare := s.publish(a, "", asRead("Bridge to stay"))
	missing := s.publish(a, "<!DOCTYPE html><title>Page not found</title><h1>Page not found</h1><p>Sorry.</p>", asRead("Bridge to open"))
	damaged := s.publish(a, story("Bridge is gone"), asRead("Bridge is away"))
	c, err := s.st.CaptureOf(t.Context(), damaged.CaptureID)
	if err != nil {
		t.Fatal(err)
	}
	s.damage(c.Raw)
	s.derive(Derivation{
		Versions: 5, Same: 1, Derived: 1, WithoutRaw: 1, Damaged: 1,
		NotArticle: map[string]int{s.outcome(missing): 1},
	})
	for _, v := range []news.Version{same, bare, missing, damaged} {
		if by, text := s.derived(v); by != "" {
			t.Errorf("version %d has a derived text: %s", v.Number, text)
		}
	}
	if _, text := s.derived(other); !strings.Contains(text, extra) || strings.Contains(text, "Former") {
		t.Errorf("derived: %s", text)
	}
}

// outcome is how today's extractor says that a page is no article.
func (s *shelf) outcome(v news.Version) string {
	s.t.Helper()
	c, err := s.st.CaptureOf(s.t.Context(), v.CaptureID)
	if err != nil {
		s.t.Fatal(err)
	}
	page, found, err := archive{st: s.st}.read(s.t.Context(), c)
	if err != nil || !found {
		s.t.Fatalf("page of version %d: %v", v.Number, err)
	}
	r := extract.Read(page)
	if r.Outcome == news.OK {
		s.t.Fatalf("version %d is an article", v.Number)
	}
	return fmt.Sprintf("%s: %s", r.Outcome, r.Reason)
}

// damage overwrites a blob.
func (s *shelf) damage(d news.Digest) {
	s.t.Helper()
	found := 0
	err := filepath.WalkDir(s.dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && strings.HasPrefix(e.Name(), d.String()) {
			found++
			os.Chmod(path, 0o600)
			return os.WriteFile(path, []byte("rot"), 0o600)
		}
		return err
	})
	if err != nil || found != 1 {
		s.t.Fatalf("%d blobs of %s: %v", found, d, err)
	}
}

// A rule that is added makes what was derived without it old; when it goes, the
// text is as recorded again, and says so.
func TestReextractRules(t *testing.T) {
	s := newShelf(t)
	v := s.publish(s.article("bridge"), story("Bridge to close", extra), asRead("Bridge to close", extra))
	s.derive(Derivation{Versions: 1, Same: 1})
	rule, err := s.st.AddIgnore(t.Context(), news.Ignore{SourceID: s.src.ID, Pattern: "^" + extra[:12]})
	if err != nil {
		t.Fatal(err)
	}
	s.derive(Derivation{Versions: 1, Derived: 1})
	if by, text := s.derived(v); !strings.HasPrefix(by, extract.Extractor()+"+ignore-") || strings.Contains(text, extra) {
		t.Errorf("derived by %q: %s", by, text)
	}
	if err := s.st.RemoveIgnore(t.Context(), rule.ID); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s.derive(Derivation{Versions: 1, Same: 1})
		if by, text := s.derived(v); by != extract.Extractor() || !strings.Contains(text, extra) {
			t.Errorf("derived by %q: %s", by, text)
		}
	}
	if _, err := s.st.AddIgnore(t.Context(), news.Ignore{SourceID: s.src.ID, Selector: "p:hover"}); err != nil {
		t.Fatal(err)
	}
	if _, err := Reextract(t.Context(), s.st, s.src.ID, nil); err == nil || !strings.Contains(err.Error(), "p:hover") {
		t.Errorf("a rule that cannot be read: %v", err)
	}
}

// Work that is cut short keeps what it read, and goes on from there.
func TestReextractResumes(t *testing.T) {
	s := newShelf(t)
	a := s.article("bridge")
	for i := range derivedLot + 3 {
		s.publish(a, story("Bridge to close", extra), asRead("Bridge to close", fmt.Sprint("Former words ", i)))
	}
	ctx, stop := context.WithCancel(t.Context())
	got, err := Reextract(ctx, s.st, s.src.ID, func(done, _ int) {
		if done == derivedLot+1 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) || got.Derived != derivedLot+1 {
		t.Errorf("cut short: %+v, %v", got, err)
	}
	kept := 0
	for n := range derivedLot + 3 {
		v, err := s.st.VersionByNumber(t.Context(), a.ID, n)
		if err != nil {
			t.Fatal(err)
		}
		if by, _ := s.derived(v); by != "" {
			kept++
		}
	}
	if kept != derivedLot+1 {
		t.Errorf("%d texts kept, want %d", kept, derivedLot+1)
	}
	s.derive(Derivation{Versions: derivedLot + 3, Derived: derivedLot + 3})
}

func TestReextractNoSource(t *testing.T) {
	s := newShelf(t)
	if _, err := Reextract(t.Context(), s.st, 99, nil); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("error %v", err)
	}
	s.derive(Derivation{})
}

func TestMaxReasons(t *testing.T) {
	d := deriving{done: Derivation{NotArticle: map[string]int{}}}
	for range 2 {
		for i := range MaxReasons + 2 {
			d.notArticle(extract.Result{Outcome: news.NotArticle, Reason: fmt.Sprint(i)})
		}
	}
	if n := len(d.done.NotArticle); n != MaxReasons+1 || d.done.NotArticle["other"] != 4 || d.done.NotArticle["not-article: 39"] != 2 {
		t.Errorf("%d reasons: %v", n, d.done.NotArticle)
	}
}
