package store

import (
	"strconv"
	"strings"

	"stet/internal/search"
)

// Facets are words by which the index itself narrows a search: every row has
// facetAll, and one for its source and one for each beginning of its language
// tag. Characters for private use keep them apart from the words of texts.
const (
	facetMark  = "\ue001"
	facetJoint = '\ue002'
	facetAll   = facetMark + "all"
)

func facets(source int64, language string) []string {
	out := []string{facetAll, sourceFacet(source)}
	parts := strings.Split(plainTag(language), string(facetJoint))
	for i := range parts {
		if tag := strings.Join(parts[:i+1], string(facetJoint)); tag != "" {
			out = append(out, facetMark+"l"+tag)
		}
	}
	return out
}

func sourceFacet(id int64) string { return facetMark + "s" + strconv.FormatInt(id, 10) }

// maxTag is how many bytes of a language tag are looked at.
const maxTag = 35 // the room that RFC 5646 (4.4.1) asks for

// plainTag is a language tag in lower case, whatever is no letter or digit of
// ASCII being a joint.
func plainTag(language string) string {
	tag := strings.ToLower(language[:min(len(language), maxTag)])
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return facetJoint
	}, tag)
}

// searchTerms are the terms of a query, and its facets; one at least is wanted.
func searchTerms(q asked) []searchTerm {
	out := make([]searchTerm, 0, len(q.Terms)+2)
	for _, t := range q.Terms {
		out = append(out, searchTerm{q.Scope.Fields(t.Title), t.Forms(q.languages), t.Exclude})
	}
	facet := func(word string) {
		out = append(out, searchTerm{forms: []search.Form{{Words: []string{word}}}})
	}
	if q.Source != "" {
		facet(sourceFacet(q.source))
	}
	if q.Language != "" {
		facet(facetMark + "l" + plainTag(q.Language))
	}
	for _, t := range out {
		if !t.exclude {
			return out
		}
	}
	facet(facetAll)
	return out
}

// searchRules are the promises about the index that SQL can check; id is its
// column of articles.
func searchRules(id string) []string {
	return []string{
		`SELECT 'search: no row for article ' || a.id FROM article a WHERE a.versions > 0 AND length(a.hidden) = 0
			AND (SELECT max(c.seq) FROM change c WHERE c.article_id = a.id AND c.type = 'version')
				<= (SELECT k.seq FROM cursor k WHERE k.name = 'search')
			AND a.id NOT IN (SELECT f.` + id + ` FROM article_search f)`,
		`SELECT 'search: a row for ' || f.` + id + ` || ', which is no article that may be found' FROM article_search f
			WHERE f.` + id + ` NOT IN (SELECT id FROM article WHERE versions > 0 AND length(hidden) = 0)`,
	}
}
