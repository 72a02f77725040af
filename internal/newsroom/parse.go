package newsroom

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of one file of the script.
const (
	maxFile    = 64 << 10 // bytes
	maxMoments = 64
)

// parseArticle reads one file of the script: a head of "name: value" lines,
// then moments. A moment begins with a line
//
//	=== TIME[..TIME] KIND [announced]: what happens, in words
//
// where a time is hours and minutes since the start of the day ("4h30",
// "-2h00") and the second one ends trouble. The first moment is of kind
// "published" and holds the whole text: the lines "headline:" and (if any)
// "standfirst:", then blocks with an empty line between them. A block that
// begins with "## " is a subheading, "- " a list item, "> " a quotation, and
// "@ 14:05 " the heading of a live-blog post. Later moments hold the directives
// that [text.edit] describes, or nothing; before them may stand "kinds: " with
// what a reader would say that the edit touches (number, headline …).
//
// Files are UTF-8, at most maxFile bytes and maxMoments moments. Errors name
// the line or the moment.
func parseArticle(data []byte) (*article, error) {
	if len(data) > maxFile {
		return nil, fmt.Errorf("file of %d bytes: more than %d", len(data), maxFile)
	}
	if !utf8.Valid(data) {
		return nil, errors.New("not UTF-8")
	}
	parts := strings.Split("\n"+strings.ReplaceAll(string(data), "\r\n", "\n"), "\n=== ")
	if len(parts)-1 > maxMoments {
		return nil, fmt.Errorf("%d moments: more than %d", len(parts)-1, maxMoments)
	}
	a := &article{language: "en"}
	if err := a.parseHead(parts[0]); err != nil {
		return nil, err
	}
	for _, part := range parts[1:] {
		if err := a.parseMoment(part); err != nil {
			title, _, _ := strings.Cut(part, "\n")
			return nil, fmt.Errorf("moment %q: %w", title, err)
		}
	}
	return a, a.check()
}

// parseHead reads the lines before the first moment.
func (a *article) parseHead(head string) error {
	for line := range strings.Lines(head) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return fmt.Errorf("head: line %q has no colon", strings.TrimSpace(line))
		}
		if err := a.setHead(name, strings.TrimSpace(value)); err != nil {
			return err
		}
	}
	return nil
}

func (a *article) setHead(name, value string) error {
	switch name {
	case "path":
		a.path = value
	case "section":
		a.section = value
	case "language":
		a.language = value
	case "byline":
		a.byline = value
	case "caption":
		a.caption = value
	case "feeds":
		a.feeds = strings.Fields(value)
		return allKnown("feed", a.feeds, feedNames)
	case "markup":
		a.markup = strings.Fields(value)
		return allKnown("markup", a.markup, markupNames)
	default:
		return fmt.Errorf("head: unknown name %q", name)
	}
	return nil
}

func allKnown(what string, names, known []string) error {
	for _, n := range names {
		if !slices.Contains(known, n) {
			return fmt.Errorf("head: unknown %s %q", what, n)
		}
	}
	return nil
}

// parseMoment reads one moment, whose title line has lost its "=== ".
func (a *article) parseMoment(part string) error {
	title, body, _ := strings.Cut(part, "\n")
	m, err := parseTitle(title)
	if err != nil {
		return err
	}
	if (m.kind == published) != (len(a.moments) == 0) {
		return errors.New("the first moment, and only it, is published")
	}
	switch {
	case m.kind == published:
		m.text, err = parseText(body)
	default:
		last := a.moments[len(a.moments)-1]
		m.text, err = last.text.clone(), m.parseBody(body)
		if err == nil && m.kind.changesText() {
			m.text, err = last.text.edit(m.takeKinds(body))
		}
	}
	a.moments = append(a.moments, m)
	return err
}

// takeKinds takes the line "kinds:" off the directives of an edit, if it is the
// first.
func (m *moment) takeKinds(body string) string {
	first, rest, _ := strings.Cut(body, "\n")
	names, ok := strings.CutPrefix(first, "kinds: ")
	if !ok {
		return body
	}
	m.kinds = strings.Fields(names)
	return rest
}

// parseBody reads what a moment after the first holds if it is no edit.
func (m *moment) parseBody(body string) error {
	body = strings.TrimSpace(body)
	switch to, ok := strings.CutPrefix(body, "to: "); {
	case m.kind.changesText():
		return nil
	case m.kind == moved && ok:
		m.to = strings.TrimSpace(to)
		return nil
	case m.kind == moved:
		return errors.New(`wants a line "to: /path"`)
	case body != "":
		return fmt.Errorf("kind %s takes no lines", m.kind)
	}
	return nil
}

// parseTitle reads "TIME[..TIME] KIND [announced]: what".
func parseTitle(title string) (m moment, err error) {
	head, what, ok := strings.Cut(title, ": ")
	f := strings.Fields(head)
	if !ok || len(f) < 2 || len(f) > 3 || strings.TrimSpace(what) == "" {
		return m, errors.New(`want "TIME KIND [announced]: what"`)
	}
	from, until, isRange := strings.Cut(f[0], "..")
	if m.at, err = parseTime(from); err != nil {
		return m, err
	}
	if isRange {
		if m.until, err = parseTime(until); err != nil {
			return m, err
		}
	}
	m.kind, m.what = kind(f[1]), strings.TrimSpace(what)
	m.announced = len(f) == 3
	switch {
	case !m.kind.known():
		return m, fmt.Errorf("unknown kind %q", m.kind)
	case m.announced && f[2] != "announced":
		return m, fmt.Errorf("unknown word %q", f[2])
	case m.kind.lasts() != isRange:
		return m, fmt.Errorf("kind %s: trouble, and only trouble, has a second time", m.kind)
	case isRange && m.until <= m.at:
		return m, errors.New("ends before it begins")
	}
	return m, nil
}

// parseTime reads hours and minutes: "4h30", "-2h00".
func parseTime(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s + "m")
	if err != nil || !strings.Contains(s, "h") || d%time.Minute != 0 || d < -7*day || d > day {
		return 0, fmt.Errorf("time %q: want hours and minutes like 4h30, within the day or the week before", s)
	}
	return d, nil
}

// parseText reads the whole text of the first moment.
func parseText(body string) (text, error) {
	var t text
	var err error
	body = strings.ReplaceAll(body, "\n- ", "\n\n- ") // items need no empty lines
	for chunk := range strings.SplitSeq(body, "\n\n") {
		chunk = strings.TrimSpace(chunk)
		if chunk == "" {
			continue
		}
		if t.headline == "" {
			t.headline, t.standfirst, err = parseHeadlines(chunk)
			if err != nil {
				return t, err
			}
			continue
		}
		b, err := parseBlock(chunk)
		if err != nil {
			return t, err
		}
		t.blocks = append(t.blocks, b)
	}
	return t, t.check()
}

func parseHeadlines(chunk string) (headline, standfirst string, err error) {
	first, second, _ := strings.Cut(chunk, "\n")
	headline, ok := strings.CutPrefix(first, "headline: ")
	if !ok || headline == "" {
		return "", "", errors.New(`the text begins with "headline: "`)
	}
	if second != "" {
		if standfirst, ok = strings.CutPrefix(second, "standfirst: "); !ok || strings.Contains(second, "\n") {
			return "", "", errors.New(`after the headline comes "standfirst: " or an empty line`)
		}
	}
	return headline, standfirst, nil
}

// parseBlock reads one block; its lines are joined by spaces.
func parseBlock(chunk string) (block, error) {
	s := strings.Join(strings.Fields(chunk), " ")
	for prefix, k := range map[string]blockKind{"## ": subhead, "- ": listItem, "> ": quotation} {
		if rest, ok := strings.CutPrefix(s, prefix); ok {
			return block{kind: k, text: rest}, nil
		}
	}
	rest, ok := strings.CutPrefix(s, "@ ")
	if !ok {
		return block{text: s}, nil
	}
	clock, head, ok := strings.Cut(rest, " ")
	at, err := parseTime(clock)
	if err != nil || !ok {
		return block{}, fmt.Errorf("live-blog post %q: want a time and a heading", s)
	}
	return block{kind: postHead, text: head, clock: at}, nil
}
