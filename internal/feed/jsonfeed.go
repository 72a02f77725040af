package feed

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// loose is a text that feeds also write as a number or a truth value. Any
// other value counts as absent.
type loose string

func (l *loose) UnmarshalJSON(b []byte) error {
	switch {
	case len(b) > 0 && b[0] == '"':
		var s string
		err := json.Unmarshal(b, &s)
		*l = loose(s)
		return err
	case len(b) > 0 && (b[0] == '{' || b[0] == '[') || string(b) == "null":
		*l = ""
	default:
		*l = loose(b)
	}
	return nil
}

// looseList is a list of T; a value that is no list counts as absent, and a
// member that is no T is left out.
type looseList[T any] []T

func (l *looseList[T]) UnmarshalJSON(b []byte) error {
	*l = nil
	var raw []json.RawMessage
	if json.Unmarshal(b, &raw) != nil {
		return nil
	}
	for _, r := range raw[:min(len(raw), maxList)] {
		var v T
		if json.Unmarshal(r, &v) == nil {
			*l = append(*l, v)
		}
	}
	return nil
}

// A jsonAuthor is an author of version 1 or 1.1; they differ only in number.
type jsonAuthor struct {
	Name loose `json:"name"`
}

// A jsonItem is an item of a JSON Feed, 1 or 1.1. No member can make the
// decoding fail, since one odd member must not cost the entry.
type jsonItem struct {
	ID        loose                 `json:"id"`
	URL       loose                 `json:"url"`
	External  loose                 `json:"external_url"`
	Title     loose                 `json:"title"`
	Summary   loose                 `json:"summary"`
	HTML      loose                 `json:"content_html"`
	Text      loose                 `json:"content_text"`
	Published loose                 `json:"date_published"`
	Modified  loose                 `json:"date_modified"`
	Author    json.RawMessage       `json:"author"`
	Authors   looseList[jsonAuthor] `json:"authors"`
	Tags      looseList[loose]      `json:"tags"`
	Language  loose                 `json:"language"`
}

// parseJSON reads a JSON Feed member by member, so that a list without end
// costs nothing and a document that breaks off gives what stood before. gofeed
// is not used here: it holds the whole document and wants all of it.
func parseJSON(text string, base *url.URL) (Document, error) {
	dec := json.NewDecoder(strings.NewReader(text))
	if _, err := dec.Token(); err != nil {
		return Document{}, fmt.Errorf("read JSON: %v: %w", err, ErrNotFeed)
	}
	d := Document{Format: JSONFeed}
	var version loose
	items := false
	var err error
	for err == nil && dec.More() {
		var key json.Token
		if key, err = dec.Token(); err != nil {
			break
		}
		switch name, _ := key.(string); name {
		case "items":
			items, err = d.readItems(dec, base)
		case "version":
			err = dec.Decode(&version)
		default:
			err = d.readJSONField(dec, name, base)
		}
	}
	if !strings.Contains(string(version), "jsonfeed.org") && !items {
		return Document{}, fmt.Errorf("JSON without a JSON Feed version or items: %w", ErrNotFeed)
	}
	if err != nil {
		d.Mended = append(d.Mended, "the JSON is broken; read up to there: "+err.Error())
	}
	return d, nil
}

// readJSONField reads one member of the feed object itself.
func (d *Document) readJSONField(dec *json.Decoder, name string, base *url.URL) error {
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return err
	}
	var s loose
	s.UnmarshalJSON(raw) // a valid value cannot fail
	text := string(s)
	switch name {
	case "title":
		d.Title = jsonText(text)
	case "description":
		d.Description = jsonText(text)
	case "home_page_url":
		d.Home = webURL(base, text)
	case "feed_url":
		d.Self = webURL(base, text)
	case "language":
		d.Language = oneLine(text)
	case "hubs":
		var hubs looseList[struct {
			Type, URL loose
		}]
		hubs.UnmarshalJSON(raw) // never fails
		for _, h := range hubs {
			if strings.EqualFold(string(h.Type), "websub") {
				d.Hub = firstOf(d.Hub, webURL(base, string(h.URL)))
			}
		}
	}
	return nil
}

// readItems reads the list of items; false when the value is no list. Past the
// limit items are still counted, to say how many were left out, but only so
// many: a list of a million empty items must not cost a million steps.
func (d *Document) readItems(dec *json.Decoder, base *url.URL) (bool, error) {
	t, err := dec.Token()
	if err != nil {
		return false, err
	}
	if t != json.Delim('[') {
		if t == json.Delim('{') {
			return false, fmt.Errorf("items is an object")
		}
		return false, nil
	}
	extra, broken := 0, 0
	defer func() { d.sayItems(extra, broken) }()
	for dec.More() && err == nil {
		var raw json.RawMessage
		if err = dec.Decode(&raw); err != nil {
			break
		}
		var item jsonItem
		switch {
		case extra+broken >= MaxEntries:
			return true, fmt.Errorf("more than %d items that cannot be kept", MaxEntries)
		case len(d.Entries) == MaxEntries:
			extra++
		case len(raw) == 0 || raw[0] != '{' || json.Unmarshal(raw, &item) != nil:
			broken++
		default:
			d.Entries = append(d.Entries, item.entry(base))
		}
	}
	if err == nil {
		_, err = dec.Token()
	}
	return true, err
}

// sayItems notes how many items were not taken, and why.
func (d *Document) sayItems(extra, broken int) {
	if extra > 0 {
		d.Mended = append(d.Mended, count(extra, "entry", "entries")+" "+pastLimit(MaxEntries))
	}
	if broken > 0 {
		d.Mended = append(d.Mended, count(broken, "item", "items")+" that should be an object left out")
	}
}

// entry makes an entry of the item.
func (i jsonItem) entry(base *url.URL) Entry {
	e := Entry{
		GUID:      oneLine(string(i.ID)),
		Title:     jsonText(string(i.Title)),
		Summary:   jsonText(firstOf(string(i.Summary), string(i.Text))),
		HTML:      string(i.HTML),
		Language:  oneLine(string(i.Language)),
		Published: parseDate(string(i.Published)),
		Updated:   parseDate(string(i.Modified)),
	}
	e.URL = entryURL(base, []string{string(i.URL), string(i.External)})
	if e.URL == "" {
		e.URL = webURL(nil, e.GUID) // jsonfeed.org: the id is ideally the address
	}
	authors := i.Authors
	if len(authors) == 0 {
		var a jsonAuthor
		if json.Unmarshal(i.Author, &a) == nil {
			authors = append(authors, a)
		}
	}
	var list []string
	for _, a := range authors {
		list = appendNew(list, oneLine(string(a.Name)))
	}
	e.Author = strings.Join(list, ", ")
	for _, tag := range i.Tags {
		e.Categories = appendNew(e.Categories, jsonText(string(tag)))
	}
	return e
}

// jsonText is a text of a JSON Feed, which is plain by the standard: nothing
// is stripped, only references that publishers leave in are decoded.
func jsonText(s string) string { return oneLine(unescape(s)) }
