package extract

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	maxLinked      = 2 << 20 // bytes of one JSON-LD script
	maxLinkedDepth = 32      // levels of it that are looked at
	maxNodes       = 5000    // objects of it that can be referred to
	maxPosts       = 500     // live-blog posts read from it
)

// Linked is what the page's JSON-LD says of its article.
type linked struct {
	found       bool
	types       []string
	headlines   []string
	others      []string // name and alternativeHeadline: titles for another purpose
	description []string
	authors     []author
	sites       []string // names of publisher, source organisation and web site
	section     string
	published   string
	modified    string
	language    string
	correction  string
	images      []linkedImage
	body        string
	url         string
	posts       []post
	live        bool
	closed      bool // isAccessibleForFree is false
	nodes       map[string]map[string]any
}

// A linkedImage is an image that JSON-LD gives of the article.
type linkedImage struct{ url, caption string }

// readLinked reads all JSON-LD of a tree; the first article object leads, the
// others fill what it lacks.
func readLinked(root *html.Node) linked {
	l := linked{nodes: map[string]map[string]any{}}
	var all []any
	each(root, func(n *html.Node) {
		if n.DataAtom != atom.Script || !strings.Contains(strings.ToLower(attr(n, "type")), "ld+json") || n.FirstChild == nil {
			return
		}
		if v, ok := parseLinked(n.FirstChild.Data); ok {
			all = append(all, v)
			l.name(v, 0)
		}
	})
	l.gather(all, 0)
	return l
}

// name notes the objects that have an @id and say something of it.
func (l *linked) name(v any, depth int) {
	if depth > maxLinkedDepth || len(l.nodes) >= maxNodes {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			l.name(x, depth+1)
		}
	case map[string]any:
		if id, ok := v["@id"].(string); ok && l.nodes[id] == nil && (v["name"] != nil || v["url"] != nil || v["contentUrl"] != nil) {
			l.nodes[id] = v
		}
		for _, k := range sortedKeys(v) {
			l.name(v[k], depth+1)
		}
	}
}

// resolve gives the object that a mere reference stands for.
func (l *linked) resolve(m map[string]any) map[string]any {
	id, ok := m["@id"].(string)
	if !ok || m["name"] != nil || m["url"] != nil || m["contentUrl"] != nil {
		return m
	}
	if to := l.nodes[id]; to != nil {
		return to
	}
	return m
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
		types := stringsOf(v["@type"])
		if articleTypes(types) {
			l.article(v, types)
		}
		if hasType(types, "WebSite") {
			l.sites = append(l.sites, stringsOf(v["name"])...)
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

// hasType reports whether a type is among the types, however they are spelt.
func hasType(types []string, want string) bool {
	for _, t := range types {
		if t[strings.LastIndexAny(t, "/:#")+1:] == want {
			return true
		}
	}
	return false
}

func (l *linked) article(m map[string]any, types []string) {
	l.found = true
	l.types = append(l.types, types...)
	l.live = l.live || hasType(types, "LiveBlogPosting")
	l.headlines = append(l.headlines, stringsOf(m["headline"])...)
	l.others = append(append(l.others, stringsOf(m["alternativeHeadline"])...), stringsOf(m["name"])...)
	l.description = append(l.description, stringsOf(m["description"])...)
	l.description = append(l.description, stringsOf(m["alternativeHeadline"])...)
	if len(l.authors) == 0 {
		l.authors = l.authorsOf(m["author"], 0)
	}
	for _, k := range []string{"publisher", "sourceOrganization", "isPartOf"} {
		l.sites = append(l.sites, l.namesOf(m[k], 0)...)
	}
	fill(&l.section, strings.Join(stringsOf(m["articleSection"]), ", "))
	fill(&l.published, first(stringsOf(m["datePublished"])))
	fill(&l.modified, first(stringsOf(m["dateModified"])))
	fill(&l.language, first(l.namesOf(m["inLanguage"], 0)))
	fill(&l.url, first(stringsOf(m["url"])))
	fill(&l.correction, l.correctionOf(m["correction"], 0))
	l.images = append(l.images, l.imagesOf(m["image"], 0)...)
	l.closed = l.closed || denied(m["isAccessibleForFree"]) || l.partDenied(m["hasPart"])
	l.posts = append(l.posts, l.postsOf(m["liveBlogUpdate"])...)
	body := strings.Join(stringsOf(m["articleBody"]), "\n") + postTexts(l.posts)
	if len(body) > len(l.body) {
		l.body = body
	}
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
			if _, deeper := x.([]any); !deeper {
				out = append(out, stringsOf(x)...)
			}
		}
		return out
	case map[string]any:
		s, _ := v["@value"].(string)
		return stringsOf(s)
	}
	return nil
}

// namesOf gives the names of persons, organisations or plain strings.
func (l *linked) namesOf(v any, depth int) []string {
	var out []string
	for _, a := range l.authorsOf(v, depth) {
		out = append(out, a.name)
	}
	return out
}

// authorsOf gives persons and organisations with their names.
func (l *linked) authorsOf(v any, depth int) (out []author) {
	if depth > maxLinkedDepth {
		return nil
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			out = append(out, l.authorsOf(x, depth+1)...)
		}
		return out
	case map[string]any:
		v = l.resolve(v)
		if _, plain := v["name"].(string); !plain && v["name"] != nil && v["@value"] == nil {
			if _, list := v["name"].([]any); !list {
				return l.authorsOf(v["name"], depth+1)
			}
		}
		names := stringsOf(v["name"])
		for _, k := range []string{"alternateName", "@value"} {
			if len(names) == 0 {
				names = stringsOf(v[k])
			}
		}
		types := stringsOf(v["@type"])
		for _, n := range names {
			out = append(out, author{name: n, group: hasType(types, "Organization") || hasType(types, "NewsMediaOrganization"), person: hasType(types, "Person")})
		}
		return out
	}
	for _, n := range stringsOf(v) {
		out = append(out, author{name: n})
	}
	return out
}

// imagesOf gives images: addresses, or objects with one and maybe a caption.
func (l *linked) imagesOf(v any, depth int) (out []linkedImage) {
	if depth > maxLinkedDepth {
		return nil
	}
	switch v := v.(type) {
	case string:
		if s := first(stringsOf(v)); s != "" {
			out = append(out, linkedImage{url: s})
		}
	case []any:
		for _, x := range v {
			out = append(out, l.imagesOf(x, depth+1)...)
		}
	case map[string]any:
		v = l.resolve(v)
		for _, k := range []string{"url", "contentUrl", "@id"} {
			if s := first(stringsOf(v[k])); s != "" {
				return append(out, linkedImage{url: s, caption: first(append(stringsOf(v["caption"]), stringsOf(v["description"])...))})
			}
		}
	}
	return out
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

// sortedKeys are the keys of an object, in an order that does not change.
func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
