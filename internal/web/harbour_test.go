package web

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// The harbour is a source to which everything happened: its articles are gone,
// moved, blocked, paywalled and back, one is a live blog, its template changed
// and an alarm is on.

func live(posts ...news.Block) news.Content {
	c := text2content("en-GB", "Harbour strike: as it happened", "Follow the day at the docks")
	c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: "The docks of Port Lessing stand still since dawn."})
	c.Blocks = append(c.Blocks, posts...)
	return c
}

// postAt are the blocks of a post: its head, and paragraphs.
func postAt(id string, at time.Time, title string, paragraphs ...string) []news.Block {
	out := []news.Block{{Kind: news.Post, ID: id, At: at, Text: title}}
	for _, p := range paragraphs {
		out = append(out, news.Block{Kind: news.Paragraph, ID: id, Text: p})
	}
	return out
}

// strike is a live blog of three versions: posts added, then a post edited and
// another taken out.
func strike(day time.Time) []news.Content {
	at := func(h, m int) time.Time { return day.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute) }
	dawn := postAt("p1", at(5, 40), "Pickets at gate four", "About 40 dockers stood at gate four before dawn.")
	talks := postAt("p2", at(9, 15), "Talks begin", "Both sides met at the rope works.", "The mayor is not at the table.")
	offer := postAt("p3", at(11, 5), "The board makes an offer", "The board offered four per cent.")
	var old []news.Block
	for i := range 6 {
		old = append(old, postAt(fmt.Sprint("q", i), at(4, 10*i), fmt.Sprintf("Before dawn, part %d", 6-i), fmt.Sprintf("Ship number %d waited in the roads.", 10+i))...)
	}
	join := func(parts ...[]news.Block) (out []news.Block) {
		for _, p := range parts {
			out = append(out, p...)
		}
		return out
	}
	edited := postAt("p2", at(9, 25), "Talks begin", "Both sides met at the rope works.", "The mayor is at the table since ten.")
	return []news.Content{
		live(join(dawn, old)...),
		live(join(offer, talks, dawn, old)...),
		live(join(offer, edited, old)...),
	}
}

// turned records that an article left the state live.
func (d *desk) turned(name string, s news.State, t news.ChangeType, o news.Outcome, note string) {
	d.t.Helper()
	d.visit(d.ids[name], store.Visit{State: s, StateAt: d.at.Add(-30 * time.Minute), Due: d.at.Add(5 * time.Hour),
		Capture: news.Capture{Outcome: o, Reason: note},
		Changes: []news.Change{{Type: t, After: d.at.Add(-time.Hour), Before: d.at.Add(-30 * time.Minute), Note: note}}})
}

// full is a content with all that a page can say of itself.
func full() news.Content {
	c := text2content("en-GB", "Ferry fares rise in May", "The board calls it modest", "A day ticket will cost 9 marks.", "Children travel for half.")
	c.Published = start.Add(-2 * time.Hour)
	c.Correction = "An earlier version named the wrong pier."
	c.Paywalled = true
	c.Image = news.Image{URL: "https://harbour.example.org/pictures/ferry.jpg", Caption: "The ferry Ilse at pier two.", Alt: "A ferry"}
	c.Links = []news.Link{{URL: "https://board.example.org/fares", Text: "the board's table"}, {URL: "https://board.example.org/pier"}}
	c.Claims = []news.Claim{
		{Field: "headline", Origin: "json-ld", Value: "Ferry fares rise in May"}, {Field: "headline", Origin: "title", Value: "Ferry fares to rise – The Harbour"},
		{Field: "published", Origin: "json-ld", Value: "2026-03-02T06:00:00Z"}, {Field: "published", Origin: "text", Value: "2026-03-01T00:00:00Z"},
	}
	return c
}

// hostileContent says everything in payloads.
func hostileContent() news.Content {
	c := text2content(`en" onload="alert(6)`, hostile("Fare"), hostile("Fare two"), hostile("It costs more"))
	c.Correction, c.Paywalled = hostile("Correction"), true
	c.Image = news.Image{URL: "javascript:alert(5)", Caption: hostile("Caption"), Alt: hostile("Alt")}
	for _, p := range payloads {
		c.Links = append(c.Links, news.Link{URL: p, Text: p})
		c.Claims = append(c.Claims, news.Claim{Field: p, Origin: p, Value: p})
		c.Blocks = append(c.Blocks, postAt(p, start, p, p)...)
	}
	return c
}

// smallPNG is a picture.
func smallPNG(d *desk) []byte {
	var b bytes.Buffer
	d.must(png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))))
	return b.Bytes()
}

// pictured records a version whose capture has a screenshot.
func (d *desk) pictured(name string, c news.Content, picture []byte) {
	d.t.Helper()
	blob, err := d.store.PutBlob(context.Background(), picture, news.Digest{})
	d.must(err)
	d.visit(d.ids[name], store.Visit{State: news.Live, Capture: news.Capture{Extractor: "article/4", Screenshot: blob},
		Version: &news.Version{Content: c, Extractor: "article/4"},
		Changes: []news.Change{{Type: news.VersionAppeared, Before: d.at}}})
}

// harbour adds the source and its articles to a desk.
func (d *desk) harbour() *desk {
	d.t.Helper()
	src := d.source("harbour", "The Harbour")
	at := func(name string) int64 { return d.found(name, src, "https://harbour.example.org/news/"+name) }
	d.tell("strike", src, strike(start.Truncate(24 * time.Hour))[:1], time.Hour)
	d.grow("strike", strike(start.Truncate(24 * time.Hour))[1], 2)
	d.wait(time.Hour)
	d.see(d.ids["strike"], strike(start.Truncate(24 * time.Hour))[2], true)

	at("fares")
	d.pictured("fares", full(), smallPNG(d))
	at("vicious")
	d.pictured("vicious", hostileContent(), []byte("<script>alert(1)</script>"))
	for _, name := range []string{"walled", "away", "stub", "back"} {
		d.tell(name, src, []news.Content{text2content("en", "The "+name+" article", "", "Nothing to see but rain on the "+name+" pier.")}, time.Hour)
	}
	d.turned("walled", news.Barred, news.ArticleBarred, news.Blocked, "captcha page")
	d.turned("away", news.Away, news.ArticleMoved, news.Moved, "https://other.example.org/away")
	d.turned("stub", news.Paywalled, news.ArticlePaywall, news.Paywall, hostile("stub of 40 words"))
	d.turned("back", news.StateGone, news.ArticleGone, news.Gone, "HTTP 404")
	d.wait(time.Hour)
	d.visit(d.ids["back"], store.Visit{State: news.Live, Sighting: true, Changes: []news.Change{{Type: news.ArticleReturned, Before: d.at}}})
	d.fare(src)
	d.wait(10 * time.Minute)
	d.index()
	return d
}

// grow records a version that only got posts.
func (d *desk) grow(name string, c news.Content, posts int) {
	d.t.Helper()
	d.wait(time.Hour)
	a, _, err := d.store.Article(context.Background(), d.ids[name])
	d.must(err)
	d.visit(a.ID, store.Visit{State: news.Live, Version: &news.Version{Number: a.Versions, Content: c, Extractor: "article/4"},
		Changes: []news.Change{{Type: news.VersionAppeared, After: d.at.Add(-20 * time.Minute), Before: d.at, Grown: true, Posts: posts, Silent: true, WordsAdded: 20}}})
	d.wait(10 * time.Minute)
}

// fare adds what tells how a source fares: blocks held back, figures of some
// days, a template event and an alarm, rules.
func (d *desk) fare(src news.Source) {
	d.t.Helper()
	ctx := context.Background()
	d.visit(d.ids["fares"], store.Visit{Sighting: true, Held: []news.Held{
		{Key: 1, Text: "Most read: ten beaches", Why: "rotates", Times: 4, First: d.at.Add(-3 * time.Hour), Last: d.at},
		{Key: 2, Text: hostile("Subscribe now"), Why: "on many articles", Absent: true},
	}, Event: &news.Event{Kind: news.TemplateChanged, Subject: "template", Note: "the text of several articles stands elsewhere on the page", Articles: 212}})
	now := d.at
	for i := 6; i >= 0; i-- {
		if i == 3 { // a day without a visit
			continue
		}
		d.at = now.AddDate(0, 0, -i)
		p := news.Pulse{Visits: 40, Seen: 38 - 5*i, Blocked: i}
		for w := range 20 {
			p.AddRead(300+10*w-40*i, 0.3)
		}
		d.visit(d.ids["fares"], store.Visit{Sighting: true, Pulse: &p})
	}
	d.at = now
	_, err := d.store.OpenEvent(ctx, src.ID, news.HealthAlarm, "words", d.at.Add(-time.Hour), "extraction broke: "+hostile("0 words"))
	d.must(err)
	_, err = d.store.OpenEvent(ctx, src.ID, news.HealthAlarm, "empty", d.at.Add(-9*time.Hour), "all pages empty")
	d.must(err)
	d.must(d.store.EndEvent(ctx, src.ID, news.HealthAlarm, "empty", d.at.Add(-8*time.Hour), ""))
	_, err = d.store.AddIgnore(ctx, news.Ignore{SourceID: src.ID, Selector: "aside.related > p", Note: hostile("teasers")})
	d.must(err)
	_, err = d.store.AddIgnore(ctx, news.Ignore{Pattern: hostile("^Read more")[:40], Note: "everywhere"})
	d.must(err)
	d.must(d.store.SetRender(ctx, "harbour", "screenshot"))
}

// harbourPages are one address of each page that shows what happened there.
func harbourPages(d *desk) []struct{ name, path string } {
	return []struct{ name, path string }{
		{"harbour-list", "/"},
		{"harbour-articles", "/articles"},
		{"harbour-blocked", d.path("/articles/%d", "walled")},
		{"harbour-paywalled", d.path("/articles/%d", "stub")},
		{"harbour-fares", d.path("/articles/%d", "fares")},
		{"harbour-vicious", d.path("/articles/%d", "vicious")},
		{"harbour-strike", d.path("/articles/%d", "strike")},
		{"harbour-version", d.path("/articles/%d/versions/0", "fares")},
		{"harbour-version-live", d.path("/articles/%d/versions/1", "strike")},
		{"harbour-version-vicious", d.path("/articles/%d/versions/0", "vicious")},
		{"harbour-diff-grown", d.path("/articles/%d/diff/0/1", "strike")},
		{"harbour-diff-live", d.path("/articles/%d/diff/1/2", "strike")},
		{"harbour-diff-split", d.path("/articles/%d/diff/1/2?view=split", "strike")},
		{"harbour-sources", "/sources"},
		{"harbour-source", "/sources/harbour"},
	}
}
