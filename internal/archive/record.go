package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// Names of the members of a line that stet knows; docs/moving.md tells of them.
const (
	nameSource     = "source"
	nameURL        = "url"
	nameSeenAt     = "seen_at"
	nameTitle      = "title"
	nameParagraphs = "paragraphs"
	nameLanguage   = "lang"
	namePublished  = "published"
	nameLastSeen   = "last_seen"
	nameID         = "id"
	nameArticleID  = "article_id"
	nameAliases    = "aliases"
	nameContent    = "content"
)

// A record is one line: a version, and what it says of its article.
type record struct {
	source, url         string
	language, articleID string
	published           time.Time
	aliases             []string
	version             Version
}

// parseRecord reads a line. What export makes again from the rest is null in
// Version.Extra; all else stands there as it was.
func parseRecord(line []byte, want Source) (x record, err error) {
	list, err := members(line)
	if err != nil {
		return x, err
	}
	for _, m := range list {
		if err := x.read(m); err != nil {
			return x, fmt.Errorf("%s: %w", m.name, err)
		}
	}
	switch c := &x.version.Content; {
	case x.url == "":
		return x, errors.New("no url")
	case x.version.At.IsZero():
		return x, errors.New("no seen_at")
	case c.Headline == "" && len(c.Blocks) == 0:
		return x, errors.New("neither title nor paragraphs")
	}
	if err := x.content(list); err != nil {
		return x, fmt.Errorf("%s: %w", nameContent, err)
	}
	x.version.Extra = x.extra(list, want)
	return x, nil
}

// read takes what one member says. What is there for people to know more, as the
// language, is left alone when it is not as expected.
func (x *record) read(m member) (err error) {
	if m.null() {
		return nil
	}
	v := &x.version
	switch m.name {
	case nameSource:
		x.source, err = text(m.value)
	case nameURL:
		x.url, err = text(m.value)
	case nameSeenAt:
		v.At, err = moment(m.value)
	case nameLastSeen:
		v.LastSeen, err = moment(m.value)
	case nameTitle:
		v.Content.Headline, err = text(m.value)
	case nameParagraphs:
		var list []string
		list, err = texts(m.value)
		v.Content.Blocks, v.Content.Cut = paragraphs(list)
	case nameLanguage:
		x.language = short(m.value, maxLanguage)
		v.Content.Language = x.language
	case namePublished:
		x.published, _ = moment(m.value)
		v.Content.Published = x.published
	case nameID:
		v.OldID = short(m.value, store.MaxOldID)
	case nameArticleID:
		x.articleID = short(m.value, store.MaxOldID)
	case nameAliases:
		x.aliases, err = texts(m.value)
	}
	return err
}

// maxLanguage is the length beyond which a text is not taken for a language, in
// bytes (RFC 5646, 4.4.1).
const maxLanguage = 35

// short reads a string or a number that is not too long; "" when it is neither.
func short(value []byte, limit int) string {
	s, err := text(value)
	if err != nil && bytes.Trim(value, "0123456789") == nil {
		s = string(value)
	}
	if len(s) > limit {
		return ""
	}
	return s
}

// moment reads a time: RFC 3339, or without a zone, which is UTC, or a date.
func moment(value []byte) (time.Time, error) {
	s, err := text(value)
	if err != nil {
		return time.Time{}, err
	}
	return parseTime(s)
}

func parseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC().Truncate(time.Microsecond), nil
		}
	}
	return time.Time{}, fmt.Errorf("time %.40q: want a form like 2006-01-02T15:04:05Z", s)
}

// formatTime is the form in which times are written.
func formatTime(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// paragraphs makes blocks of texts; those without a letter are left out, and what
// is beyond the limits of a content is cut off.
func paragraphs(list []string) (blocks []news.Block, cut bool) {
	blocks = make([]news.Block, 0, len(list))
	size := 0
	for _, s := range list {
		if strings.TrimSpace(s) == "" {
			continue
		}
		if size += len(s); size > news.MaxText || len(blocks) == news.MaxBlocks {
			return blocks, true
		}
		blocks = append(blocks, news.Block{Kind: news.Paragraph, Text: s})
	}
	return blocks, false
}

// content takes the whole content where a line has one, in place of what title
// and paragraphs say.
func (x *record) content(list []member) error {
	for _, m := range list {
		if m.name != nameContent || m.null() || m.value[0] != '{' {
			continue
		}
		var c news.Content
		if err := json.Unmarshal(m.value, &c); err != nil {
			return err
		}
		size := 0
		for i := range c.Blocks {
			c.Blocks[i].Text = clean(c.Blocks[i].Text)
			size += len(c.Blocks[i].Text)
		}
		if size > news.MaxText || len(c.Blocks) > news.MaxBlocks {
			return fmt.Errorf("%d blocks with %d bytes of text: at most %d and %d", len(c.Blocks), size, news.MaxBlocks, news.MaxText)
		}
		c.Headline = clean(c.Headline)
		x.version.Content = c
	}
	return nil
}

// clean leaves out what databases do not take in a text.
func clean(s string) string {
	if strings.Contains(s, "\x00") {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// extra is the line without what export makes again; nil when nothing else is
// there and all is in the order of export.
func (x *record) extra(list []member, want Source) json.RawMessage {
	key := sourceKey(x.source)
	if want.Key != "" {
		key = want.Key
	}
	made := lineMembers(&x.version, key, addressOf(x.url))
	plain := len(made) == len(list)
	kept := make([]member, len(list))
	size := 2
	for i, m := range list {
		kept[i] = m
		if again(made, m) {
			kept[i].value = []byte("null")
		}
		plain = plain && made[i].name == m.name && again(made, m)
		size += len(m.name) + len(kept[i].value) + 6
	}
	if plain {
		return nil
	}
	return appendMembers(make([]byte, 0, size), kept)
}

// again reports whether what export would write for a member says the same. The
// spelling of text does not count: export has one for all.
func again(made []member, m member) bool {
	for _, n := range made {
		if n.name != m.name {
			continue
		}
		if m.null() || bytes.Equal(n.value, m.value) {
			return true
		}
		switch m.name {
		case nameTitle:
			a, errA := text(n.value)
			b, errB := fullText(m.value)
			return errA == nil && errB == nil && a == b
		case nameParagraphs:
			return sameTexts(n.value, m.value)
		}
	}
	return false
}

// fullText is text with nothing left out.
func fullText(value []byte) (s string, err error) { return s, json.Unmarshal(value, &s) }

func sameTexts(a, b []byte) bool {
	var x, y []string
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil || len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] {
			return false
		}
	}
	return true
}

// addressOf is the form in which export gives an address, as far as it can be
// told.
func addressOf(raw string) string {
	a, err := news.ParseAddress(raw, nil)
	if err != nil {
		return ""
	}
	return a.URL
}

// sourceKey makes a key of the name of a source: lower case, other signs as "-".
func sourceKey(name string) string {
	key := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '.', r == '_':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, strings.TrimSpace(name))
	if len(key) > store.MaxKey {
		key = key[:store.MaxKey]
	}
	return strings.Trim(key, "-")
}
