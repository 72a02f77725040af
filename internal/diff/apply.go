package diff

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"stet/internal/news"
)

// Apply gives the newer content from the older one and their script. It is an
// error if the script was not made from this content.
func Apply(old news.Content, s Script) (news.Content, error) {
	c, err := replay(old, s, oldSide(), newSide())
	if err != nil {
		return news.Content{}, fmt.Errorf("apply script: %w", err)
	}
	return c, nil
}

// Revert gives the older content from the newer one and their script.
func Revert(new news.Content, s Script) (news.Content, error) {
	c, err := replay(new, s, newSide(), oldSide())
	if err != nil {
		return news.Content{}, fmt.Errorf("revert script: %w", err)
	}
	return c, nil
}

// A side reads one side of a script.
type side struct {
	alone  Op // of what only this side has
	field  func(FieldEdit) (string, []string)
	at     func(Edit) []int
	blocks func(Edit) ([]news.Block, error)
}

func oldSide() side {
	return side{
		Delete,
		func(f FieldEdit) (string, []string) { return f.Old, f.OldNames },
		func(e Edit) []int { return e.Old },
		func(e Edit) ([]news.Block, error) {
			b := news.Block{Kind: e.Kind, ID: e.Post}
			at := e.At
			if e.Op == Replace || e.Op == Move {
				b, at = news.Block{Kind: e.OldKind, ID: e.OldPost}, e.OldAt
			}
			return blocksOf(e.Old, textOf(e.Runs, Insert), b, at)
		},
	}
}

func newSide() side {
	return side{
		Insert,
		func(f FieldEdit) (string, []string) { return f.New, f.NewNames },
		func(e Edit) []int { return e.New },
		func(e Edit) ([]news.Block, error) {
			return blocksOf(e.New, textOf(e.Runs, Delete), news.Block{Kind: e.Kind, ID: e.Post}, e.At)
		},
	}
}

// blocksOf cuts the text of a row into the blocks it stands for.
func blocksOf(at []int, text string, like news.Block, stamped string) ([]news.Block, error) {
	when, err := parseStamp(stamped)
	if err != nil {
		return nil, err
	}
	like.At = when
	parts := []string{text}
	switch len(at) {
	case 0:
		if text != "" {
			return nil, fmt.Errorf("row has text and no block")
		}
		return nil, nil
	case 1:
	default:
		parts = strings.Split(text, paragraphBreak)
		if len(parts) != len(at) {
			return nil, fmt.Errorf("row has %d texts for %d blocks", len(parts), len(at))
		}
	}
	out := make([]news.Block, len(parts))
	for i, p := range parts {
		out[i] = like
		out[i].Text = p
	}
	return out, nil
}

// replay checks that c is one side of the script, and gives the other.
func replay(c news.Content, s Script, from, to side) (news.Content, error) {
	out := c
	out.Byline = slices.Clone(nilIfEmpty(c.Byline))
	out.Published, out.Modified = moment(c.Published), moment(c.Modified)
	for _, f := range s.Fields {
		if err := replayField(&out, f, from, to); err != nil {
			return c, fmt.Errorf("%s: %w", f.Field, err)
		}
	}
	var err error
	if out.Links, err = replayList(c.Links, s.Links, from.alone); err != nil {
		return c, fmt.Errorf("links: %w", err)
	}
	if out.Claims, err = replayList(c.Claims, s.Claims, from.alone); err != nil {
		return c, fmt.Errorf("claims: %w", err)
	}
	if err = covers(c.Blocks, s.Edits, from); err != nil {
		return c, err
	}
	out.Blocks, err = gather(s.Edits, to)
	return out, err
}

func nilIfEmpty[T any](s []T) []T {
	if len(s) == 0 {
		return nil
	}
	return s
}

// moment is a time as the canonical form of a content has it.
func moment(t time.Time) time.Time {
	if stamp(t) == "" {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}

func replayField(c *news.Content, f FieldEdit, from, to side) error {
	was, wasNames := from.field(f)
	now, nowNames := to.field(f)
	texts := map[string]*string{
		"headline": &c.Headline, "standfirst": &c.Standfirst, "section": &c.Section, "language": &c.Language,
		"correction": &c.Correction, "image": &c.Image.URL, "caption": &c.Image.Caption, "alt": &c.Image.Alt,
	}
	times := map[string]*time.Time{"published": &c.Published, "modified": &c.Modified}
	switch p, t := texts[f.Field], times[f.Field]; {
	case p != nil && *p == was:
		*p = now
	case t != nil && stamp(*t) == was:
		at, err := parseStamp(now)
		*t = at
		return err
	case f.Field == "byline" && slices.Equal(c.Byline, wasNames):
		c.Byline = slices.Clone(nilIfEmpty(nowNames))
	case f.Field == "cut" && yes(c.Cut) == was:
		c.Cut = now == yes(true)
	case f.Field == "paywalled" && yes(c.Paywalled) == was:
		c.Paywalled = now == yes(true)
	case p == nil && t == nil && f.Field != "byline" && f.Field != "cut" && f.Field != "paywalled":
		return fmt.Errorf("no such field")
	default:
		return fmt.Errorf("content is not the one compared")
	}
	return nil
}

func parseStamp(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	return t.UTC(), err
}

// covers checks that the rows have every block once, with its text and kind.
func covers(blocks []news.Block, edits []Edit, from side) error {
	seen := make([]bool, len(blocks))
	for k, e := range edits {
		if e.Origin() {
			continue
		}
		bs, err := from.blocks(e)
		if err != nil {
			return fmt.Errorf("edit %d: %w", k, err)
		}
		for x, i := range from.at(e) {
			if i < 0 || i >= len(blocks) || seen[i] || !same(blocks[i], bs[x]) {
				return fmt.Errorf("edit %d: block %d is not the one compared", k, i)
			}
			seen[i] = true
		}
	}
	if i := slices.Index(seen, false); i >= 0 {
		return fmt.Errorf("block %d is in no edit", i)
	}
	return nil
}

// same reports whether two blocks are one, also when the moment of a post is
// written in two zones.
func same(a, b news.Block) bool {
	at := moment(a.At).Equal(moment(b.At))
	a.At, b.At = time.Time{}, time.Time{}
	return a == b && at
}

// gather puts the blocks of a side in their places.
func gather(edits []Edit, to side) ([]news.Block, error) {
	n := 0
	for _, e := range edits {
		if !e.Origin() {
			n += len(to.at(e))
		}
	}
	var out []news.Block
	if n > 0 {
		out = make([]news.Block, n)
	}
	filled := make([]bool, n)
	for k, e := range edits {
		if e.Origin() {
			continue
		}
		bs, err := to.blocks(e)
		if err != nil {
			return nil, fmt.Errorf("edit %d: %w", k, err)
		}
		for x, i := range to.at(e) {
			if i < 0 || i >= n || filled[i] {
				return nil, fmt.Errorf("edit %d: no place for block %d", k, i)
			}
			out[i], filled[i] = bs[x], true
		}
	}
	return out, nil
}
