package extract

import (
	"encoding/json"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	maxLinked      = 2 << 20 // bytes of one JSON-LD script
	maxLinkedDepth = 32      // levels of it that are looked at
	maxPosts       = 500     // live-blog posts read from it
)

// Linked is what the page's JSON-LD says of its article.
type linked struct {
	found       bool
	types       []string
	headlines   []string
	description []string
	authors     []string
	section     string
	published   string
	modified    string
	language    string
	body        string
	url         string
	live        bool
	closed      bool // isAccessibleForFree is false
}

// readLinked reads all JSON-LD of a tree; the first article object leads, the
// others fill what it lacks.
func readLinked(root *html.Node) linked {
	var l linked
	each(root, func(n *html.Node) {
		if n.DataAtom != atom.Script || !strings.Contains(strings.ToLower(attr(n, "type")), "ld+json") || n.FirstChild == nil {
			return
		}
		if v, ok := parseLinked(n.FirstChild.Data); ok {
			l.gather(v, 0)
		}
	})
	return l
}

var (
	rxCDATA    = regexp.MustCompile(`(?s)^\s*(?://)?\s*(?:/\*)?\s*<!\[CDATA\[(?:\*/)?(.*?)(?://)?\s*(?:/\*)?\s*\]\]>(?:\*/)?\s*$`)
	rxComment  = regexp.MustCompile(`(?s)^\s*<!--(.*?)(?://)?\s*-->\s*$`)
	rxTrailing = regexp.MustCompile(`,\s*([}\]])`)
)

// parseLinked reads JSON as publishers write it: CDATA or comment marks
// around it, a semicolon after it, raw line feeds in strings, commas too many.
func parseLinked(s string) (v any, ok bool) {
	if len(s) > maxLinked {
		return nil, false
	}
	if json.Unmarshal([]byte(s), &v) == nil {
		return v, true
	}
	for _, rx := range []*regexp.Regexp{rxCDATA, rxComment} {
		if m := rx.FindStringSubmatch(s); m != nil {
			s = m[1]
		}
	}
	s = strings.TrimRight(strings.TrimSpace(s), "; \n\t\r")
	s = escapeControls(s)
	if json.Unmarshal([]byte(s), &v) == nil {
		return v, true
	}
	return v, json.Unmarshal([]byte(rxTrailing.ReplaceAllString(s, "$1")), &v) == nil
}

// escapeControls writes control characters within strings as JSON wants them.
func escapeControls(s string) string {
	var b strings.Builder
	inside, escaped := false, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case escaped:
			escaped = false
		case c == '\\':
			escaped = inside
		case c == '"':
			inside = !inside
		case c < 0x20 && inside:
			b.WriteByte(' ')
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// gather looks for article objects. It does not go into item lists: the
// articles that an index page lists do not make it an article.
func (l *linked) gather(v any, depth int) {
	if depth > maxLinkedDepth {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			l.gather(x, depth+1)
		}
	case map[string]any:
		if types := stringsOf(v["@type"]); articleTypes(types) {
			l.article(v, types)
		}
		for _, k := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			l.gather(v[k], depth+1)
		}
	}
}

func articleTypes(types []string) bool {
	for _, t := range types {
		t = t[strings.LastIndexAny(t, "/:#")+1:]
		switch t {
		case "LiveBlogPosting", "BlogPosting", "Report", "SocialMediaPosting", "Review", "ClaimReview":
			return true
		}
		if strings.HasSuffix(t, "Article") {
			return true
		}
	}
	return false
}

func (l *linked) article(m map[string]any, types []string) {
	l.found = true
	l.types = append(l.types, types...)
	for _, t := range types {
		l.live = l.live || strings.HasSuffix(t, "LiveBlogPosting")
	}
	for _, k := range []string{"headline", "alternativeHeadline", "name"} {
		l.headlines = append(l.headlines, stringsOf(m[k])...)
	}
	l.description = append(l.description, stringsOf(m["description"])...)
	l.description = append(l.description, stringsOf(m["alternativeHeadline"])...)
	if len(l.authors) == 0 {
		l.authors = namesOf(m["author"])
	}
	fill(&l.section, strings.Join(stringsOf(m["articleSection"]), ", "))
	fill(&l.published, first(stringsOf(m["datePublished"])))
	fill(&l.modified, first(stringsOf(m["dateModified"])))
	fill(&l.language, first(namesOf(m["inLanguage"])))
	fill(&l.url, first(stringsOf(m["url"])))
	l.closed = l.closed || denied(m["isAccessibleForFree"])
	body := strings.Join(stringsOf(m["articleBody"]), "\n") + l.posts(m["liveBlogUpdate"])
	if len(body) > len(l.body) {
		l.body = body
	}
}

// posts joins the texts of live-blog posts.
func (l *linked) posts(v any) string {
	list, ok := v.([]any)
	if !ok {
		return ""
	}
	var b strings.Builder
	for _, x := range list[:min(len(list), maxPosts)] {
		if m, ok := x.(map[string]any); ok {
			b.WriteString("\n" + first(stringsOf(m["headline"])) + "\n" + first(stringsOf(m["articleBody"])))
		}
	}
	return b.String()
}

func denied(v any) bool {
	switch v := v.(type) {
	case bool:
		return !v
	case string:
		return strings.EqualFold(v, "false") || strings.HasSuffix(v, "/False")
	}
	return false
}

// stringsOf gives a value's strings, entities resolved.
func stringsOf(v any) []string {
	switch v := v.(type) {
	case string:
		if s := strings.TrimSpace(html.UnescapeString(v)); s != "" {
			return []string{s}
		}
	case []any:
		var out []string
		for _, x := range v {
			if s, ok := x.(string); ok {
				out = append(out, stringsOf(s)...)
			}
		}
		return out
	case map[string]any:
		return stringsOf(v["@value"])
	}
	return nil
}

// namesOf gives the names of persons, organisations or plain strings.
func namesOf(v any) []string {
	switch v := v.(type) {
	case []any:
		var out []string
		for _, x := range v {
			out = append(out, namesOf(x)...)
		}
		return out
	case map[string]any:
		if n := stringsOf(v["name"]); len(n) > 0 {
			return n
		}
		return stringsOf(v["alternateName"])
	}
	return stringsOf(v)
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func fill(dst *string, v string) {
	if *dst == "" {
		*dst = v
	}
}

// each visits all nodes of a tree in document order, without recursion.
func each(root *html.Node, f func(*html.Node)) {
	for n := root; n != nil; {
		f(n)
		if n.FirstChild != nil {
			n = n.FirstChild
			continue
		}
		for n != nil && n != root && n.NextSibling == nil {
			n = n.Parent
		}
		if n == nil || n == root {
			return
		}
		n = n.NextSibling
	}
}
