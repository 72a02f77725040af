package extract

import "strings"

// cutScripts leaves out what is inside script and style elements, a third to
// two thirds of most pages, which the parser would read byte by byte only for
// it to be thrown away. Scripts whose tag speaks of JSON are data and stay. The
// tree of the page is the same but for those texts.
//
// It reads the page as the tokenizer of x/net/html does. Where the same bytes
// mean different things by what is open around them (in SVG and MathML, CDATA,
// scripts in scripts), after plaintext and frameset, it leaves the rest as it is.
func cutScripts(text string) string {
	c := scriptCutter{text: text}
	for c.markup() {
	}
	if c.kept == 0 {
		return text
	}
	c.out.WriteString(text[c.kept:])
	return c.out.String()
}

// A scriptCutter goes through a page from tag to tag.
type scriptCutter struct {
	text    string
	at      int // read so far
	kept    int // of which this much is dealt with
	out     strings.Builder
	foreign int // svg elements open
}

// markup reads up to and over the next tag, comment or declaration; false when
// there is none, or none that can be relied on.
func (c *scriptCutter) markup() bool {
	i := strings.IndexByte(c.text[c.at:], '<')
	if i < 0 || c.at+i+2 >= len(c.text) {
		return false
	}
	c.at += i + 1
	switch b := c.text[c.at]; {
	case isLetter(b):
		return c.startTag()
	case b == '/' && isLetter(c.text[c.at+1]):
		c.at++
		if c.word() == "svg" && c.foreign > 0 {
			c.foreign--
		}
		return c.tagEnd()
	case b == '!' && strings.HasPrefix(c.text[c.at:], "!--"):
		return c.comment()
	case b == '!' && strings.HasPrefix(c.text[c.at:], "![CDATA["):
		return false
	case b == '/' && c.text[c.at+1] == '>': // no tag at all
	case b == '!' || b == '?' || b == '/':
		return c.over('>')
	}
	return true
}

// over goes over the next b.
func (c *scriptCutter) over(b byte) bool {
	i := strings.IndexByte(c.text[c.at:], b)
	c.at += i + 1
	return i >= 0
}

// comment goes over a comment: it ends with -->, --!>, or at once.
func (c *scriptCutter) comment() bool {
	c.at += len("!--")
	dashes, empty := 0, true
	for ; c.at < len(c.text); c.at++ {
		switch b := c.text[c.at]; {
		case b == '-':
			dashes++
			continue
		case b == '>' && (dashes >= 2 || empty):
			c.at++
			return true
		case b == '!' && dashes >= 2 && strings.HasPrefix(c.text[c.at+1:], ">"):
			c.at += 2
			return true
		}
		dashes, empty = 0, false
	}
	return false
}

// word reads the name of a tag, in lower case.
func (c *scriptCutter) word() string {
	from := c.at
	for c.at < len(c.text) && !isSpace(c.text[c.at]) && c.text[c.at] != '/' && c.text[c.at] != '>' {
		c.at++
	}
	return strings.ToLower(c.text[from:c.at])
}

// tagEnd goes over the attributes of a tag and its end.
func (c *scriptCutter) tagEnd() bool {
	for c.space(); c.at < len(c.text); c.space() {
		if c.text[c.at] == '>' {
			c.at++
			return true
		}
		c.attribute()
	}
	return false
}

func (c *scriptCutter) space() {
	for c.at < len(c.text) && isSpace(c.text[c.at]) {
		c.at++
	}
}

// attribute goes over a name, and over its value if there is one. A name may
// begin with an equals sign; a slash in its place stands alone.
func (c *scriptCutter) attribute() {
	for from := c.at; c.at < len(c.text); c.at++ {
		if b := c.text[c.at]; isSpace(b) || b == '/' || b == '>' || b == '=' && c.at > from {
			break
		}
	}
	c.space()
	if c.at == len(c.text) || c.text[c.at] != '=' {
		if c.at < len(c.text) && c.text[c.at] == '/' {
			c.at++
		}
		return
	}
	c.at++
	if c.space(); c.at == len(c.text) || c.text[c.at] == '>' {
		return
	}
	if q := c.text[c.at]; q == '"' || q == '\'' {
		if c.at++; !c.over(q) {
			c.at = len(c.text)
		}
		return
	}
	for c.at++; c.at < len(c.text) && !isSpace(c.text[c.at]) && c.text[c.at] != '>'; {
		c.at++
	}
}

// startTag reads a start tag, and what is inside the element if that is no
// markup.
func (c *scriptCutter) startTag() bool {
	from := c.at
	name := c.word()
	if !c.tagEnd() {
		return false
	}
	switch name {
	case "svg":
		if c.text[from:c.at] != "svg/>" { // a slash elsewhere may belong to a value
			c.foreign++
		}
	case "math", "foreignobject", "desc", "plaintext", "frameset":
		return false
	case "script", "style":
		data := name == "script" && strings.Contains(strings.ToLower(c.text[from:c.at]), "json")
		return c.raw(name, !data)
	case "iframe", "noembed", "noframes", "noscript", "textarea", "title", "xmp":
		return c.raw(name, false)
	}
	return true
}

// raw goes up to the end tag of an element that holds no markup, and cuts out
// what is before it if that is wished for.
func (c *scriptCutter) raw(name string, cut bool) bool {
	n := endTag(c.text[c.at:], name)
	if n < 0 {
		return false
	}
	inside := c.text[c.at : c.at+n]
	if c.foreign > 0 && strings.IndexByte(inside, '<') >= 0 {
		return false // it may be markup there
	}
	if name == "script" && strings.Contains(inside, "<!--") && strings.Contains(strings.ToLower(inside), "<script") {
		return false // the end tag may be that of the inner one
	}
	if cut && c.foreign == 0 {
		c.out.WriteString(c.text[c.kept:c.at])
		c.kept = c.at + n
	}
	c.at += n
	return true
}

// endTag is the place of the first end tag of that name, or -1.
func endTag(s, name string) int {
	for from := 0; ; {
		i := strings.Index(s[from:], "</")
		if i < 0 {
			return -1
		}
		from += i + 2
		rest := s[from:]
		if len(rest) > len(name) && strings.EqualFold(rest[:len(name)], name) && (isSpace(rest[len(name)]) || rest[len(name)] == '/' || rest[len(name)] == '>') {
			return from - 2
		}
	}
}
