package newsroom

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"html/template"
	"strconv"
	"strings"
	"time"
)

// parsePages parses the templates that are built in.
func parsePages() (*template.Template, error) {
	return template.ParseFS(templateFiles, "templates/*.html")
}

// A view is what the templates show.
type view struct {
	furniture
	Paper, Base, Path      string
	Title, Description     string
	Canonical, Charset     string
	Language, Dir, Picture string
	Date                   string
	OpenGraph              bool
	JSONLD                 template.JS
	Sections               []teaser
	List                   []teaser
	Article                *articleView
	Wall, Captcha, Consent bool
	Notice                 []string
	Request                uint64
	evening                bool
}

// An articleView is what the templates show of an article.
type articleView struct {
	Section, SectionPath, By, Byline string
	Caption, Ago                     string
	Published, Modified              stamp
	Updated, Plain                   bool
	Parts                            []part
}

// A part is one thing in the body: a block, a list of items, or furniture.
type part struct {
	Text, Head, Quote, Post string
	ID                      string // of a live-blog post
	Clock                   stamp
	List                    []string
	Advert                  *advert
	More                    *teaser
}

// A stamp is a time as pages show it.
type stamp struct{ time.Time }

// ISO is the time in RFC 3339.
func (s stamp) ISO() string { return s.Format(time.RFC3339) }

// Human is the time for readers.
func (s stamp) Human() string { return s.Format("2 January 2006, 15:04") }

// Hour is the time of day for readers.
func (s stamp) Hour() string { return s.Format("15:04") }

// Class gives a class name and beside it one that differs at each request, as
// style sheets built by machines do.
func (v view) Class(name string) string {
	h := fnv.New32a()
	fmt.Fprint(h, name, v.Request)
	return name + " " + name + "-" + strconv.FormatUint(uint64(h.Sum32()), 36)
}

// template names the template for this hour.
func (v view) template(what string) string {
	if v.evening {
		return "evening-" + what
	}
	return "morning-" + what
}

// view makes what all pages share. base is scheme and host.
func (p *Paper) view(base, path string, d time.Duration, request uint64) view {
	v := view{
		Paper: p.name, Base: base, Path: path, Charset: "utf-8", Language: "en",
		Request: request, evening: d >= redesignAt,
		Date: p.start.Add(d).Format("Monday, 2 January 2006"),
	}
	for _, s := range p.sections {
		v.Sections = append(v.Sections, teaser{Headline: s, Path: sectionPath(s)})
	}
	v.furniture = p.furnish(d, request)
	return v
}

func sectionPath(section string) string { return "/" + strings.ToLower(section) + "/" }

// articlePage shows an article in a state.
func (p *Paper) articlePage(v view, s state, d time.Duration) view {
	a := s.article
	v.Title, v.Description = s.text.headline, s.text.standfirst
	v.Language = a.language
	if a.rtl() {
		v.Dir = "rtl"
	}
	if a.has("latin") {
		v.Charset = "windows-1252"
	}
	if a.caption != "" {
		v.Picture = picturePath(a)
	}
	v.Canonical, v.OpenGraph = v.Base+s.path, a.has("og")
	if a.has("plain") {
		v.Canonical = ""
	}
	v.Article = &articleView{
		Section: a.section, SectionPath: sectionPath(a.section), By: by(a.language), Byline: a.byline, Caption: a.caption,
		Published: stamp{p.start.Add(a.published())}, Modified: stamp{p.start.Add(s.modified)},
		Updated: s.modified > a.published(), Plain: a.has("plain"), Ago: ago(d - s.modified),
	}
	blocks := s.text.blocks
	if s.trouble == paywall {
		v.Wall, blocks = true, blocks[:1]
	}
	v.Article.Parts = p.parts(v, blocks)
	v.JSONLD = p.jsonLD(v, s)
	return v
}

// by is the word before the name of the author.
func by(language string) string {
	switch {
	case strings.HasPrefix(language, "ar"):
		return "بقلم"
	case strings.HasPrefix(language, "zh"):
		return "文："
	}
	return "By"
}

// parts groups blocks for the page and puts furniture among them, never within
// a list, and at other places each time.
func (p *Paper) parts(v view, blocks []block) []part {
	var out []part
	for i, b := range blocks {
		if i > 0 && b.kind == paragraph && blocks[i-1].kind == paragraph {
			if f, ok := v.between(i); ok {
				out = append(out, f)
			}
		}
		out = p.appendBlock(out, b, len(blocks)-i)
	}
	return out
}

func (p *Paper) appendBlock(out []part, b block, fromEnd int) []part {
	switch b.kind {
	case subhead:
		return append(out, part{Head: b.text})
	case quotation:
		return append(out, part{Quote: b.text})
	case postHead:
		return append(out, part{Post: b.text, ID: "post-" + strconv.Itoa(fromEnd), Clock: stamp{p.start.Add(b.clock)}})
	case listItem:
		if n := len(out); n > 0 && out[n-1].List != nil {
			out[n-1].List = append(out[n-1].List, b.text)
			return out
		}
		return append(out, part{List: []string{b.text}})
	}
	return append(out, part{Text: b.text})
}

// jsonLD is the page's structured data, or empty.
func (p *Paper) jsonLD(v view, s state) template.JS {
	a := s.article
	if !a.has("jsonld") && !a.has("body") && !a.has("badjson") && !a.has("live") {
		return ""
	}
	data := map[string]any{
		"@context": "https://schema.org", "@type": "NewsArticle",
		"headline": v.Title, "inLanguage": a.language, "articleSection": a.section,
		"mainEntityOfPage": v.Base + s.path,
		"datePublished":    v.Article.Published.ISO(), "dateModified": v.Article.Modified.ISO(),
		"author":    map[string]string{"@type": "Person", "name": a.byline},
		"publisher": map[string]string{"@type": "NewsMediaOrganization", "name": p.name},
	}
	if v.Description != "" {
		data["description"] = v.Description
	}
	if a.has("body") && !v.Wall {
		data["articleBody"] = strings.Join(s.text.lines(), "\n\n")
	}
	if v.Wall {
		data["isAccessibleForFree"] = false
	}
	if a.has("live") {
		data["@type"], data["liveBlogUpdate"] = "LiveBlogPosting", p.updates(s.text.blocks)
	}
	out, err := json.Marshal(data)
	if err != nil { // maps of strings: cannot fail
		panic("newsroom: JSON-LD does not marshal: " + err.Error())
	}
	if a.has("badjson") { // a comma too many, as templates leave it
		out = append(out[:len(out)-1], ",}"...)
	}
	return template.JS(out)
}

// updates are the posts of a live blog in the form of schema.org.
func (p *Paper) updates(blocks []block) []map[string]string {
	var out []map[string]string
	for _, b := range blocks {
		if b.kind == postHead {
			out = append(out, map[string]string{
				"@type": "BlogPosting", "headline": b.text, "datePublished": stamp{p.start.Add(b.clock)}.ISO()})
		} else if n := len(out); n > 0 {
			out[n-1]["articleBody"] = strings.TrimSpace(out[n-1]["articleBody"] + "\n\n" + b.text)
		}
	}
	return out
}
