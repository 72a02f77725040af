package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"stet/internal/search"
	"stet/internal/store"
)

// queries is how many of each kind are asked in turn.
const queries = 20

// searchSize is how many articles a page of results has.
const searchSize = 20

// search times queries whose words are drawn from the sample by how many of its
// articles have them.
func (b *bench) search(ctx context.Context) error {
	words, phrases := b.vocabulary()
	if len(words) < 2*queries || len(phrases) == 0 {
		return fmt.Errorf("a sample of %d words and %d phrases is too small", len(words), len(phrases))
	}
	// Most words of a text stand in it alone, so three quarters down the list they
	// are rare, and no mistake of spelling yet.
	rare := len(words) * 3 / 4
	for _, k := range []struct {
		name  string
		texts []string
	}{
		{"common words", words[:queries]},
		{"rare words", words[rare:min(rare+queries, len(words))]},
		{"two words", pairs(words[queries/2 : queries/2+queries+1])},
		{"phrases of three words", phrases},
	} {
		if err := b.timeSearch(ctx, k.name, k.texts); err != nil {
			return err
		}
	}
	return nil
}

// timeSearch asks for the texts in turn, so that no answer is the last one's.
func (b *bench) timeSearch(ctx context.Context, name string, texts []string) error {
	found := 0
	times, err := repeat(max(b.o.turns/10, len(texts)), func(i int) error {
		q, err := search.Parse(texts[i%len(texts)])
		if err != nil {
			return err
		}
		_, total, _, err := b.store.Search(ctx, q, store.Page{Size: searchSize})
		if i < len(texts) { // each text once
			found += total
		}
		return err
	})
	if err != nil {
		return err
	}
	b.addTimes(name, times)
	b.add(name+", articles found", float64(found)/float64(len(texts)), "")
	return nil
}

// vocabulary gives the words of the sample's newest texts, those that most
// articles have first, and some phrases.
func (b *bench) vocabulary() (words, phrases []string) {
	articles := map[string]int{}
	for h := range b.sampled() {
		fields := strings.FieldsFunc(h.Versions[len(h.Versions)-1].Content.Text(), func(c rune) bool {
			return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '\n')
		})
		// From within a text, where no capital letter begins a sentence.
		if len(phrases) < queries && len(fields) > 12 {
			phrases = append(phrases, `"`+strings.Join(fields[8:11], " ")+`"`)
		}
		once := map[string]bool{}
		for _, f := range fields {
			if w := strings.ToLower(f); len(w) > 3 && !once[w] {
				once[w] = true
				articles[w]++
			}
		}
	}
	for w := range articles {
		words = append(words, w)
	}
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(articles[b], articles[a]), cmp.Compare(a, b))
	})
	return words, phrases
}

// pairs joins neighbours.
func pairs(words []string) (out []string) {
	for i := range words[1:] {
		out = append(out, words[i]+" "+words[i+1])
	}
	return out
}
