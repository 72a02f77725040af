package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"stet/internal/news"
)

// Live blogs. A post is known by an id that stays with it while others are put
// above it: the id of its element, or the fragment of the address that JSON-LD
// gives it. Ids that only count posts from the top are no names; such posts
// are named by their time. The first block of a post, its heading where it has
// one, is of kind post and says when it was written; all blocks of it carry
// its id.

// A post is what JSON-LD says of one post of a live blog.
type post struct {
	id       string // fragment of its address, or its @id
	at       time.Time
	headline string
	text     string
}

// postsOf reads liveBlogUpdate.
func (l *linked) postsOf(v any) (out []post) {
	if m, ok := v.(map[string]any); ok {
		v = []any{m}
	}
	list, _ := v.([]any)
	for _, x := range list[:min(len(list), maxPosts)] {
		m, ok := x.(map[string]any)
		if !ok {
			continue
		}
		m = l.resolve(m)
		out = append(out, post{
			id:       postName(append(stringsOf(m["@id"]), append(stringsOf(m["url"]), stringsOf(m["identifier"])...)...)),
			at:       firstDate(first(stringsOf(m["datePublished"])), first(stringsOf(m["dateCreated"])), first(stringsOf(m["dateModified"]))),
			headline: first(stringsOf(m["headline"])),
			text:     first(stringsOf(m["articleBody"])),
		})
	}
	return out
}

// postName is the part of a post's addresses that tells it from the others.
func postName(refs []string) string {
	for _, ref := range refs {
		if _, fragment, ok := strings.Cut(ref, "#"); ok && fragment != "" {
			return clip(fragment, maxPostID)
		}
		if !strings.Contains(ref, "/") && ref != "" {
			return clip(ref, maxPostID)
		}
	}
	return ""
}

// maxPostID is the longest id of a post, in bytes.
const maxPostID = 100

// postTexts joins the texts of live-blog posts.
func postTexts(posts []post) string {
	var b strings.Builder
	for _, p := range posts {
		b.WriteString("\n" + p.headline + "\n" + p.text)
	}
	return b.String()
}

// postID is the id of a live-blog post whose element n is: it has an id of its
// own, holds a time, and stands among others of its make.
func postID(n *html.Node) string {
	switch n.DataAtom {
	case atom.Article, atom.Li, atom.Div, atom.Section:
	default:
		return ""
	}
	id := ownID(n)
	if id == "" || !holdsTime(n, 6) {
		return ""
	}
	if alike(n.PrevSibling, n, false) || alike(n.NextSibling, n, true) {
		return id
	}
	return ""
}

func ownID(n *html.Node) string {
	for _, name := range [...]string{"data-post-id", "data-block-id", "data-entry-id", "data-update-id", "id", "data-id"} {
		if v := attr(n, name); v != "" && len(v) <= maxPostID {
			return v
		}
	}
	return ""
}

func alike(s, n *html.Node, forward bool) bool {
	for steps := 0; s != nil && steps < 8; steps++ {
		if s.Type == html.ElementNode && s.DataAtom == n.DataAtom && ownID(s) != "" && holdsTime(s, 6) {
			return true
		}
		if forward {
			s = s.NextSibling
		} else {
			s = s.PrevSibling
		}
	}
	return false
}

// holdsTime reports whether a time element is within depth levels below n.
func holdsTime(n *html.Node, depth int) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && (c.DataAtom == atom.Time || depth > 0 && holdsTime(c, depth-1)) {
			return true
		}
	}
	return false
}

// A postMark is an element of the page that is a post.
type postMark struct {
	id string
	at time.Time
}

// markPosts names the posts of a live blog on its pieces, and gives when each
// was written.
func (d *document) markPosts() map[string]time.Time {
	if !d.isLive() {
		return nil
	}
	times := map[string]time.Time{}
	elements := d.postElements(times)
	heads, texts := d.declaredPosts(times)
	current := "" // post known by its text that goes on
	for i := range d.pieces {
		p := &d.pieces[i]
		id := d.postAround(p, elements)
		if id == "" && p.ID == "" {
			if id = texts[p.Key]; id == "" && p.level > 0 {
				id = heads[p.Key]
			}
			if id == "" && p.core() {
				id = current
			}
			current = id
		}
		if id != "" {
			p.ID = id
		}
	}
	return times
}

// declaredPosts gives the posts that JSON-LD names by the keys of their
// headings and of their texts, and notes their times.
func (d *document) declaredPosts(times map[string]time.Time) (heads, texts map[uint64]string) {
	heads, texts = map[uint64]string{}, map[uint64]string{}
	for _, p := range d.ld.posts {
		if p.id == "" && !p.at.IsZero() {
			p.id = timeName(p.at)
		}
		if p.id == "" {
			continue
		}
		if times[p.id].IsZero() {
			times[p.id] = p.at
		}
		heads[news.Key(tidy(p.headline))] = p.id
		for line := range strings.SplitSeq(p.text, "\n") {
			if line = tidy(line); len(line) >= minPostText {
				texts[news.Key(line)] = p.id
			}
		}
	}
	return heads, texts
}

// minPostText is the number of bytes from which a text that is no heading is
// enough to find the post that it belongs to.
const minPostText = 30

// postElements finds the elements that are posts: those that the segmenter
// knew, and those whose id JSON-LD names.
func (d *document) postElements(times map[string]time.Time) map[*html.Node]string {
	declared := map[string]bool{}
	for _, p := range d.ld.posts {
		declared[p.id] = p.id != ""
	}
	var marks []postMark
	var nodes []*html.Node
	each(d.root, func(n *html.Node) {
		if n.Type != html.ElementNode || n.DataAtom == atom.Body || n.DataAtom == atom.Html {
			return
		}
		id := attr(n, "id")
		if !declared[id] || id == "" {
			if id = postID(n); id == "" {
				return
			}
		}
		nodes, marks = append(nodes, n), append(marks, postMark{id, firstTime(n)})
	})
	renamed := counted(marks)
	out := map[*html.Node]string{}
	for i, n := range nodes {
		id := marks[i].id
		if renamed && !declared[id] {
			id = timeName(marks[i].at)
		}
		out[n] = id
		if times[id].IsZero() {
			times[id] = marks[i].at
		}
	}
	return out
}

// postAround is the id of the innermost post that a piece stands in.
func (d *document) postAround(p *piece, elements map[*html.Node]string) string {
	if len(elements) == 0 {
		return ""
	}
	for n := p.parent; n != nil; n = n.Parent {
		if id := elements[n]; id != "" {
			return id
		}
	}
	return ""
}

// timeName is the id of a post that has none of its own.
func timeName(t time.Time) string { return "t" + t.UTC().Format("20060102T150405Z") }

var rxCounted = regexp.MustCompile(`^(.*?)(\d{1,4})$`)

// counted reports whether the ids of posts only count them from the top of the
// page, newest first: 1, 2, 3 while the times go back. Put a post on top, and
// each id would name another post.
func counted(marks []postMark) bool {
	var prefix string
	for i, m := range marks {
		parts := rxCounted.FindStringSubmatch(m.id)
		if parts == nil || m.at.IsZero() || i > 0 && (parts[1] != prefix || m.at.After(marks[i-1].at)) {
			return false
		}
		n, _ := strconv.Atoi(parts[2])
		if n != i && n != i+1 {
			return false
		}
		prefix = parts[1]
	}
	return len(marks) >= 2 && marks[0].at.After(marks[len(marks)-1].at)
}

// firstTime is the first time below n.
func firstTime(n *html.Node) (t time.Time) {
	each(n, func(c *html.Node) {
		if t.IsZero() && c.Type == html.ElementNode && c.DataAtom == atom.Time {
			t = parseDate(attr(c, "datetime"))
		}
	})
	return t
}

// headPosts makes the first block of each post its head, preferring headings,
// and puts the time on it.
func headPosts(blocks []news.Block, times map[string]time.Time) {
	heads := map[string]int{}
	for i, b := range blocks {
		at, known := heads[b.ID]
		if b.ID == "" || b.Kind == news.Caption {
			continue
		}
		title := b.Kind == news.Heading || b.Kind == news.Post
		if !known || title && blocks[at].Kind != news.Heading && blocks[at].Kind != news.Post {
			heads[b.ID] = i
		}
	}
	for i := range blocks {
		if at, ok := heads[blocks[i].ID]; ok && blocks[i].ID != "" && at == i {
			blocks[i].Kind, blocks[i].At = news.Post, times[blocks[i].ID]
		} else if blocks[i].Kind == news.Post {
			blocks[i].Kind = news.Heading
		}
	}
}

// rxMore matches the ways to further posts that a live blog offers among its
// posts, in the larger languages.
var rxMore = newPattern(`(?i)^\W*((load|show|see|view) (\d+ )?(more|older|newer|new|latest|all|earlier|previous)( \S+){0,3}|(more|older|newer|earlier|previous|next|latest|oldest|newest)( \d+)? (posts?|updates?|entries|page)|\d+ new (posts?|updates?)|(back to|go to) (top|latest)|page \d+ (of|/) \d+|(newest|oldest) first|auto.?(update|refresh)( on| off)?` +
	`|(mehr|weitere|ältere|neuere|neue|frühere)( \S+)? (laden|anzeigen|beiträge|einträge|meldungen)|(beiträge|einträge) laden|mehr (laden|anzeigen)|seite \d+ von \d+` +
	`|(voir|afficher|charger) (plus|la suite|les (messages|articles|posts) (précédents|suivants))( \S+){0,3}|page (suivante|précédente)` +
	`|(cargar|ver|mostrar) m[áa]s( \S+){0,3}|(carica|mostra|vedi) (altr[io]|di più)( \S+){0,3}|(carregar|ver|mostrar) mais( \S+){0,3}|(meer|oudere|nieuwe) (laden|tonen|berichten|updates)|(pokaż|załaduj|wczytaj) (więcej|starsze)( \S+){0,3}|(visa|läs in|ladda) (fler|mer)( \S+){0,3}` +
	`|(показать|загрузить) (ещ[её]|больше)( \S+){0,3}|(daha fazla|devamını) (göster|yükle)|(تحميل|عرض|اقرأ) المزيد.{0,20}|(加载|載入|查看|显示|顯示)更多.{0,6}|もっと(見る|読む)|続きを(読む|見る)|さらに(表示|読み込む)|더 ?보기)\W*$`)

// moreText reports whether a piece only leads to further posts.
func moreText(p *piece) bool { return len(p.Text) <= maxClock && rxMore.MatchString(p.Text) }
