package feed

// A jsonOut is a JSON Feed 1.1 as it is written.
type jsonOut struct {
	Version     string        `json:"version"`
	Title       string        `json:"title"`
	Home        string        `json:"home_page_url,omitempty"`
	Self        string        `json:"feed_url,omitempty"`
	Description string        `json:"description,omitempty"`
	Language    string        `json:"language,omitempty"`
	Hubs        []jsonHub     `json:"hubs,omitempty"`
	Items       []jsonItemOut `json:"items"`
}

type jsonHub struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

// A jsonItemOut is an entry; ID and one of HTML and Text are required.
type jsonItemOut struct {
	ID        string          `json:"id"`
	URL       string          `json:"url,omitempty"`
	Title     string          `json:"title,omitempty"`
	Summary   string          `json:"summary,omitempty"`
	HTML      string          `json:"content_html,omitempty"`
	Text      *string         `json:"content_text,omitempty"`
	Published string          `json:"date_published,omitempty"`
	Modified  string          `json:"date_modified,omitempty"`
	Authors   []jsonAuthorOut `json:"authors,omitempty"`
	Tags      []string        `json:"tags,omitempty"`
	Language  string          `json:"language,omitempty"`
}

type jsonAuthorOut struct {
	Name string `json:"name"`
}

// jsonDocument gives the document as a JSON Feed. Items is never null: readers
// take a feed without a list for broken.
func jsonDocument(d Document) jsonOut {
	o := jsonOut{
		Version:     "https://jsonfeed.org/version/1.1",
		Title:       d.Title,
		Home:        webURL(nil, d.Home),
		Self:        webURL(nil, d.Self),
		Description: d.Description,
		Language:    d.Language,
		Items:       []jsonItemOut{},
	}
	if hub := webURL(nil, d.Hub); hub != "" {
		o.Hubs = []jsonHub{{"WebSub", hub}}
	}
	for _, e := range d.Entries {
		i := jsonItemOut{
			ID: e.id(), URL: webURL(nil, e.URL), Title: e.Title, Summary: e.Summary, HTML: e.HTML,
			Published: stamp(e.Published), Modified: stamp(e.Updated), Tags: e.Categories, Language: e.Language,
		}
		if e.HTML == "" { // one of the two contents is required
			i.Text = &e.Summary
		}
		if e.Author != "" {
			i.Authors = []jsonAuthorOut{{e.Author}}
		}
		o.Items = append(o.Items, i)
	}
	return o
}
