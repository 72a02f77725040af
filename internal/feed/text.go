package feed

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/encoding/charmap"
)

// plain turns a title or summary, which may be HTML or not, into plain text on
// one line: the tags of HTML are removed and what else is in angle brackets
// stays; references are decoded, and once more where the feed escaped twice.
func plain(s string) string {
	if len(s) > MaxPlain {
		s = strings.ToValidUTF8(s[:MaxPlain], "")
	}
	if strings.IndexByte(s, '<') >= 0 || strings.IndexByte(s, '&') >= 0 {
		s = strings.TrimSpace(unescape(strip(s, true)))
		if strings.HasPrefix(s, "<") && strings.HasSuffix(s, ">") && strings.Contains(s, "</") {
			s = strip(s, true) // markup from end to end, escaped twice
		}
	}
	return oneLine(s)
}

// strip removes tags and decodes references once. With known set, only the
// tags of HTML, and tags with attributes, are removed.
func strip(s string, known bool) string {
	if strings.IndexByte(s, '<') < 0 {
		return unescape(s)
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	hidden, gone := "", ""
	for {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			return b.String()
		case html.CommentToken, html.DoctypeToken:
			b.WriteString(declaration(string(z.Raw())))
		case html.TextToken:
			if hidden == "" {
				b.WriteString(unescape(string(z.Raw())))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			raw := string(z.Raw()) // before TagName, which lowers it in place
			name, attrs := z.TagName()
			tag := atom.Lookup(name)
			if known && !isElement(tag) && !attrs && string(name) != gone {
				b.WriteString(raw)
				continue
			}
			if attrs && !isElement(tag) {
				gone = string(name) // and so its end tag
			}
			if !isPhrase(tag) {
				b.WriteByte(' ')
			}
			switch {
			case kind == html.StartTagToken && (tag == atom.Script || tag == atom.Style):
				hidden = tag.String()
			case kind == html.EndTagToken && tag.String() == hidden:
				hidden = ""
			}
		}
	}
}

// declaration is what stays of "<!…>" in a text: nothing of a comment, the
// inside of a CDATA section that was wrapped twice, and all of anything else,
// because somebody wrote about it.
func declaration(raw string) string {
	inside, cdata := strings.CutPrefix(raw, "<![CDATA[")
	switch {
	case cdata:
		return unescape(strings.TrimSuffix(strings.TrimSuffix(inside, ">"), "]]"))
	case strings.HasPrefix(raw, "<!--") || strings.HasPrefix(raw, "<?"):
		return ""
	}
	return raw
}

// isElement reports whether HTML has, or had, an element of the name. The
// table of the library holds the names of attributes too, so that "list" and
// "value" would pass for tags.
func isElement(tag atom.Atom) bool {
	switch tag {
	case atom.Address, atom.Area, atom.Article, atom.Aside, atom.Audio, atom.Base, atom.Big, atom.Blink,
		atom.Blockquote, atom.Body, atom.Br, atom.Button, atom.Canvas, atom.Caption, atom.Center, atom.Col,
		atom.Colgroup, atom.Dd, atom.Details, atom.Dfn, atom.Div, atom.Dl, atom.Dt, atom.Embed, atom.Fieldset,
		atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.Frame, atom.Frameset, atom.H1, atom.H2,
		atom.H3, atom.H4, atom.H5, atom.H6, atom.Head, atom.Header, atom.Hr, atom.Html, atom.Iframe, atom.Img,
		atom.Input, atom.Label, atom.Legend, atom.Li, atom.Link, atom.Main, atom.Map, atom.Marquee, atom.Meta,
		atom.Nav, atom.Nobr, atom.Noframes, atom.Noscript, atom.Object, atom.Ol, atom.Optgroup, atom.Option,
		atom.P, atom.Param, atom.Picture, atom.Pre, atom.Rp, atom.Rt, atom.Ruby, atom.Script, atom.Section,
		atom.Select, atom.Source, atom.Strike, atom.Style, atom.Summary, atom.Svg, atom.Table, atom.Tbody,
		atom.Td, atom.Template, atom.Textarea, atom.Tfoot, atom.Th, atom.Thead, atom.Tr, atom.Track, atom.Tt,
		atom.Ul, atom.Video:
		return true
	}
	return isPhrase(tag)
}

// isPhrase reports whether the element stands within a line, so that its tags
// do not part words.
func isPhrase(tag atom.Atom) bool {
	switch tag {
	case atom.A, atom.Abbr, atom.B, atom.Bdi, atom.Bdo, atom.Cite, atom.Code, atom.Del, atom.Em,
		atom.Font, atom.I, atom.Ins, atom.Kbd, atom.Mark, atom.Q, atom.S, atom.Samp, atom.Small,
		atom.Span, atom.Strong, atom.Sub, atom.Sup, atom.Time, atom.U, atom.Var, atom.Wbr:
		return true
	}
	return false
}

// oneLine makes each run of white space, and of control characters, one space.
// The upper control characters stand for those of Windows-1252, which is what
// publishers who have them meant.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if 0x80 <= r && r < 0xa0 {
			r = charmap.Windows1252.DecodeByte(byte(r))
		}
		if r < ' ' || 0x80 <= r && r < 0xa0 || r == 0x7f || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// resolve resolves an address against the base; what is no address, or has
// nothing to be resolved against, stays as it is.
func resolve(base *url.URL, ref string) string {
	ref = strings.TrimSpace(ref)
	if base == nil || ref == "" {
		return ref
	}
	u, err := url.Parse(ref)
	if err != nil || u.IsAbs() {
		return ref
	}
	return base.ResolveReference(u).String()
}

// maxURL is the longest address that is taken, in bytes.
const maxURL = 4096

// webURL is the absolute http or https address that ref is, seen from base;
// empty if it is none.
func webURL(base *url.URL, ref string) string {
	ref = strings.Map(func(r rune) rune { // as browsers do with wrapped addresses
		if r == '\n' || r == '\r' || r == '\t' {
			return -1
		}
		return r
	}, strings.TrimSpace(ref))
	ref = strings.ReplaceAll(ref, " ", "%20")
	if ref == "" || len(ref) > maxURL {
		return ""
	}
	u, err := url.Parse(ref)
	if err != nil {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return ""
	}
	return u.String()
}

// markup is the text if it holds tags: a summary that is more than its plain
// text, and stands for the content where a feed has none.
func markup(s string) string {
	if strings.IndexByte(s, '<') < 0 {
		return ""
	}
	return s
}

// firstOf is the first text that is not empty.
func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
