package store

import (
	"strings"

	"stet/internal/search"
)

// A searchDialect is what differs between databases in the full-text index,
// article_search. Both are given words that need no more than to be kept apart.
type searchDialect struct {
	id    string // column that is the article's id
	put   string // insert or replace a row, its parameters as row gives them
	check string // fails when the index is damaged; "" = the database has no such check
	// row makes the parameters of put.
	row func(articleID int64, f search.Fields, facets []string) []any
	// clause writes terms as a condition on article_search AS f; arg adds a
	// parameter and gives its name. There are terms.
	clause func(terms []searchTerm, arg func(any) string) string
}

// A searchTerm is looked for in some fields, or in the facets when there are none.
type searchTerm struct {
	fields  []search.Field
	forms   []search.Form // any of them; without any it fits nothing
	exclude bool
}

// sqliteSearch is FTS5.
func sqliteSearch() searchDialect {
	return searchDialect{
		id: "rowid",
		put: `INSERT INTO article_search (rowid, headline, former, stayed, added, removed, passed, facet)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		check: "INSERT INTO article_search (article_search) VALUES ('integrity-check')",
		row: func(articleID int64, f search.Fields, facets []string) []any {
			args := []any{articleID}
			for _, words := range f.All() {
				args = append(args, strings.Join(words, " "))
			}
			return append(args, strings.Join(facets, " "))
		},
		clause: func(terms []searchTerm, arg func(any) string) string {
			return "article_search MATCH " + arg(matchTerms(terms))
		},
	}
}

// matchTerms writes the terms in the language of FTS5. The first wanted one is
// there: a query always has a facet.
func matchTerms(terms []searchTerm) string {
	var wanted, barred []string
	for _, t := range terms {
		if t.exclude {
			barred = append(barred, matchTerm(t))
		} else {
			wanted = append(wanted, matchTerm(t))
		}
	}
	out := "(" + strings.Join(wanted, " AND ") + ")"
	if len(barred) > 0 {
		out += " NOT (" + strings.Join(barred, " OR ") + ")"
	}
	return out
}

func matchTerm(t searchTerm) string {
	columns := []string{"facet"}
	if len(t.fields) > 0 {
		columns = nil
	}
	for _, f := range t.fields {
		columns = append(columns, [...]string{"headline", "former", "stayed", "added", "removed", "passed"}[f])
	}
	forms := make([]string, len(t.forms))
	for i, f := range t.forms {
		forms[i] = `"` + strings.Join(f.Words, " ") + `"` // words have no quotation marks
		if f.Prefix {
			forms[i] += "*"
		}
	}
	if len(forms) == 0 {
		forms = []string{`"` + nothing + `"`}
	}
	return "{" + strings.Join(columns, " ") + "} : (" + strings.Join(forms, " OR ") + ")"
}

// nothing is a word that no text has.
const nothing = facetMark + "nothing"

// postgresSearch is tsvector with weights.
func postgresSearch() searchDialect {
	return searchDialect{
		id: "article_id",
		put: `INSERT INTO article_search (article_id, title, body)
			VALUES ($1, CAST(CAST($2 AS TEXT) AS tsvector), CAST(CAST($3 AS TEXT) AS tsvector))`,
		row: func(articleID int64, f search.Fields, facets []string) []any {
			return []any{articleID,
				textVector(weighted{'D', facets}, weighted{'A', f.Headline}, weighted{'B', f.Former}),
				textVector(weighted{'A', f.Stayed}, weighted{'B', f.Added}, weighted{'C', f.Removed}, weighted{'D', f.Passed})}
		},
		clause: postgresClause,
	}
}

// postgresClause gives each term a condition of its own: a term may stand in the
// headline or in the body, which the index keeps apart.
func postgresClause(terms []searchTerm, arg func(any) string) string {
	conds := make([]string, len(terms))
	for i, t := range terms {
		conds[i] = "(" + strings.Join(postgresTerm(t, arg), " OR ") + ")"
		if t.exclude {
			conds[i] = "NOT " + conds[i]
		}
	}
	return strings.Join(conds, " AND ")
}

func postgresTerm(t searchTerm, arg func(any) string) (conds []string) {
	if len(t.forms) == 0 {
		return []string{"FALSE"}
	}
	var weights [2]string // of title, of body
	if len(t.fields) == 0 {
		weights[0] = "D"
	}
	for _, f := range t.fields {
		at := [...]struct {
			column int
			weight string
		}{{0, "A"}, {0, "B"}, {1, "A"}, {1, "B"}, {1, "C"}, {1, "D"}}[f]
		weights[at.column] += at.weight
	}
	for column, w := range weights {
		if w != "" {
			conds = append(conds, "f."+[...]string{"title", "body"}[column]+" @@ CAST(CAST("+arg(textQuery(t.forms, w))+" AS TEXT) AS tsquery)")
		}
	}
	return conds
}
