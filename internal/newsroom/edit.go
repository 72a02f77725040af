package newsroom

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// clone copies the text, so that an edit does not reach into the one before.
func (t text) clone() text {
	t.blocks = slices.Clone(t.blocks)
	return t
}

// edit gives the text after the directives, one a line, in order:
//
//	headline: TEXT             a new headline
//	standfirst: TEXT           a new standfirst
//	change: OLD                OLD, found once in the standfirst and blocks,
//	into: NEW                  becomes NEW (empty: is left out)
//	after: BEGINNING           a new block after the one that begins so
//	add: BLOCK                 (without "after:": at the end)
//	top: BLOCK                 a new block before all others; several keep their order
//	remove: BEGINNING          the block that begins so is left out
//	move: BEGINNING            the block that begins so is put
//	before: BEGINNING          before the other one
//	split: WORDS               the block with these words is split before them
//
// A beginning must fit one block only. A text that comes out the same is an
// error: an edit edits.
func (t text) edit(body string) (text, error) {
	e := editing{text: t.clone()}
	for line := range strings.Lines(body) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return t, fmt.Errorf("line %q has no colon", strings.TrimSpace(line))
		}
		if err := e.take(name, strings.TrimSpace(value)); err != nil {
			return t, fmt.Errorf("%s: %w", name, err)
		}
	}
	if e.pending() != "" {
		return t, fmt.Errorf("%s is not followed by its other line", e.pending())
	}
	if e.same(t) {
		return t, errors.New("the edit changes nothing")
	}
	return e.text, e.check()
}

// editing is a text under edit and what the lines so far wait for.
type editing struct {
	text
	change, after, move string
	top                 int // blocks put on top so far
}

// pending is the directive that waits for its second line, or empty.
func (e *editing) pending() string {
	switch {
	case e.change != "":
		return "change"
	case e.after != "":
		return "after"
	case e.move != "":
		return "move"
	}
	return ""
}

func (e *editing) take(name, value string) error {
	second := map[string]string{"into": "change", "before": "move"}[name]
	if p := e.pending(); second != p && (p != "after" || name != "add") {
		return errors.New("out of order")
	}
	if value == "" && name != "into" {
		return errors.New("empty")
	}
	switch name {
	case "headline":
		e.headline = value
	case "standfirst":
		e.standfirst = value
	case "change":
		e.change = value
	case "after":
		e.after = value
	case "move":
		e.move = value
	case "into":
		return e.replace(value)
	case "add", "top":
		return e.insert(name, value)
	case "remove":
		i, err := e.find(value)
		if err == nil {
			e.blocks = slices.Delete(e.blocks, i, i+1)
		}
		return err
	case "before":
		return e.moveBefore(value)
	case "split":
		return e.split(value)
	default:
		return errors.New("unknown directive")
	}
	return nil
}

// replace does "change" and "into".
func (e *editing) replace(value string) error {
	old := e.change
	e.change = ""
	n := strings.Count(e.standfirst, old)
	for _, b := range e.blocks {
		n += strings.Count(b.text, old)
	}
	if n != 1 {
		return fmt.Errorf("%q is in the text %d times, want once", old, n)
	}
	swap := func(s string) string {
		if !strings.Contains(s, old) {
			return s
		}
		return strings.Join(strings.Fields(strings.Replace(s, old, value, 1)), " ")
	}
	e.standfirst = swap(e.standfirst)
	for i, b := range e.blocks {
		e.blocks[i].text = swap(b.text)
	}
	return nil
}

// insert does "add" and "top".
func (e *editing) insert(name, value string) error {
	b, err := parseBlock(value)
	if err != nil {
		return err
	}
	at := len(e.blocks)
	switch {
	case name == "top":
		at = e.top
		e.top++
	case e.after != "":
		if at, err = e.find(e.after); err != nil {
			return err
		}
		at++
		e.after = ""
	}
	e.blocks = slices.Insert(e.blocks, at, b)
	return nil
}

func (e *editing) moveBefore(value string) error {
	i, err := e.find(e.move)
	if err != nil {
		return err
	}
	e.move = ""
	b := e.blocks[i]
	e.blocks = slices.Delete(e.blocks, i, i+1)
	j, err := e.find(value)
	if err != nil {
		return err
	}
	e.blocks = slices.Insert(e.blocks, j, b)
	return nil
}

func (e *editing) split(words string) error {
	i := slices.IndexFunc(e.blocks, func(b block) bool { return strings.Contains(b.text, words) })
	if i < 0 {
		return fmt.Errorf("%q is not in the text", words)
	}
	before, after, _ := strings.Cut(e.blocks[i].text, words)
	if before == "" {
		return errors.New("a block is not split at its beginning")
	}
	second := e.blocks[i]
	e.blocks[i].text, second.text = strings.TrimSpace(before), words+after
	e.blocks = slices.Insert(e.blocks, i+1, second)
	return nil
}

// find gives the one block that begins so.
func (t text) find(beginning string) (int, error) {
	found := -1
	for i, b := range t.blocks {
		if !strings.HasPrefix(b.text, beginning) {
			continue
		}
		if found >= 0 {
			return 0, fmt.Errorf("two blocks begin %q", beginning)
		}
		found = i
	}
	if found < 0 {
		return 0, fmt.Errorf("no block begins %q", beginning)
	}
	return found, nil
}

func (t text) same(u text) bool {
	return t.headline == u.headline && t.standfirst == u.standfirst && slices.Equal(t.blocks, u.blocks)
}

// check holds a text to what every article has.
func (t text) check() error {
	if t.headline == "" || len(t.blocks) == 0 {
		return errors.New("a text has a headline and a block")
	}
	if slices.ContainsFunc(t.blocks, func(b block) bool { return b.text == "" }) {
		return errors.New("a block is empty")
	}
	return nil
}

// check holds an article to the script's form: what it must have, and moments
// in ascending order that do not reach into trouble, with nothing after an end.
func (a *article) check() error {
	if !strings.HasPrefix(a.path, "/") || a.section == "" || a.byline == "" || len(a.feeds) == 0 {
		return errors.New("the head wants path, section, byline and feeds")
	}
	if len(a.moments) == 0 {
		return errors.New("no moment: an article is published")
	}
	var busyUntil time.Duration
	for i, m := range a.moments[1:] {
		before := a.moments[i]
		switch {
		case m.at <= before.at:
			return fmt.Errorf("moment %q is not later than the one before", m.what)
		case before.kind.ends():
			return fmt.Errorf("moment %q comes after the end", m.what)
		case m.at < busyUntil:
			return fmt.Errorf("moment %q falls into trouble", m.what)
		case m.kind == moved && !strings.HasPrefix(m.to, "/"):
			return fmt.Errorf("moment %q: path %q", m.what, m.to)
		}
		busyUntil = max(busyUntil, m.until)
	}
	return nil
}
