package archive

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// Export writes all versions of a source (0 = of all sources) as JSON lines, by
// article and number, and gives how many. What was imported from JSON lines comes
// out as it went in, its members in their order; docs/moving.md tells of the form.
func Export(ctx context.Context, s *store.Store, sourceID int64, w io.Writer) (n int, err error) {
	out := bufio.NewWriterSize(w, 1<<16)
	var line []byte
	for x, err := range s.ExportVersions(ctx, sourceID) {
		if err != nil {
			return n, err
		}
		if line, err = appendLine(line[:0], &x); err != nil {
			return n, fmt.Errorf("export version %d of article %d: %w", x.Number, x.ArticleID, err)
		}
		if _, err = out.Write(append(line, '\n')); err != nil {
			return n, fmt.Errorf("export: %w", err)
		}
		n++
	}
	if err := out.Flush(); err != nil {
		return n, fmt.Errorf("export: %w", err)
	}
	return n, nil
}

// appendLine appends the line of a version.
func appendLine(b []byte, x *store.Exported) ([]byte, error) {
	v := Version{Content: x.Content, At: x.Seen.First, LastSeen: x.Seen.Last}
	made := lineMembers(&v, x.SourceKey, x.URL)
	if x.Extra == "" {
		return appendMembers(b, made), nil
	}
	kept, err := members([]byte(x.Extra))
	if err != nil {
		return nil, fmt.Errorf("what else its record said: %w", err)
	}
	return appendMembers(b, fill(kept, made)), nil
}

// fill puts what export makes where a kept member is null. What the kept ones
// lack goes before them if each line has it, else behind.
func fill(kept, made []member) []member {
	var before, behind []member
	for i, m := range made {
		at := -1
		for j := range kept {
			if kept[j].name == m.name {
				at = j
			}
		}
		switch {
		case at >= 0 && kept[at].null():
			kept[at].value = m.value
		case at >= 0:
		case i < fixedMembers:
			before = append(before, m)
		default:
			behind = append(behind, m)
		}
	}
	return append(append(before, kept...), behind...)
}

// fixedMembers is how many members each line has.
const fixedMembers = 5

// lineMembers are the members of a line that export makes: first those that each
// line has, then those that say more. content is there when the rest does not
// say all of it.
func lineMembers(v *Version, key, url string) []member {
	c := &v.Content
	list := make([]string, len(c.Blocks))
	size := 2
	for i, b := range c.Blocks {
		list[i] = b.Text
		size += len(b.Text) + 8
	}
	made := make([]member, 0, 9)
	put := func(name, value string) {
		made = append(made, member{name, appendText(make([]byte, 0, len(value)+8), value)})
	}
	put(nameSource, key)
	put(nameURL, url)
	put(nameSeenAt, formatTime(v.At))
	put(nameTitle, c.Headline)
	made = append(made, member{nameParagraphs, appendTexts(make([]byte, 0, size), list)})
	if c.Language != "" {
		put(nameLanguage, c.Language)
	}
	if !c.Published.IsZero() {
		put(namePublished, formatTime(c.Published.Truncate(time.Second)))
	}
	if v.LastSeen.After(v.At) {
		put(nameLastSeen, formatTime(v.LastSeen))
	}
	if !said(c) {
		made = append(made, member{nameContent, c.Canonical()})
	}
	return made
}

// said reports whether title, paragraphs, language and date say all of a content.
func said(c *news.Content) bool {
	for _, b := range c.Blocks {
		if b.Kind != news.Paragraph || b.ID != "" || !b.At.IsZero() {
			return false
		}
	}
	return c.Standfirst == "" && c.Byline == nil && c.Section == "" && c.Modified.IsZero() && c.Correction == "" && !c.Paywalled &&
		c.Image == (news.Image{}) && c.Links == nil && c.Claims == nil && !c.Cut
}
