package diff

import (
	"slices"
	"strings"
	"time"

	"stet/internal/news"
)

// fields compares what stands outside the body, in the order in which a page
// shows it, and the lists.
func (c *comparison) fields(old, new news.Content) {
	c.textField("headline", old.Headline, new.Headline, true)
	c.textField("standfirst", old.Standfirst, new.Standfirst, true)
	c.byline(old.Byline, new.Byline)
	c.textField("section", old.Section, new.Section, false)
	c.valueField("published", stamp(old.Published), stamp(new.Published))
	c.valueField("modified", stamp(old.Modified), stamp(new.Modified))
	c.valueField("language", old.Language, new.Language)
	c.textField("correction", old.Correction, new.Correction, false)
	c.valueField("image", old.Image.URL, new.Image.URL)
	c.textField("caption", old.Image.Caption, new.Image.Caption, false)
	c.textField("alt", old.Image.Alt, new.Image.Alt, false)
	c.valueField("paywalled", yes(old.Paywalled), yes(new.Paywalled))
	c.valueField("cut", yes(old.Cut), yes(new.Cut))
	c.script.Links = listEdits(old.Links, new.Links, &c.work)
	c.script.Claims = listEdits(old.Claims, new.Claims, &c.work)
}

// textField compares a field word by word. Words of the headline and the
// standfirst are counted with the body.
func (c *comparison) textField(name, old, new string, counts bool) {
	runs, typography := whole(Equal, new), false
	if old != new {
		a, b := cut(old, c.names), cut(new, c.names)
		runs, typography = weave(compareTexts(a, b, c.names, &c.work), a, b)
		c.script.Fields = append(c.script.Fields, FieldEdit{Field: name, Old: old, New: new, Runs: runs, Typography: typography})
	}
	if counts {
		c.countRuns(runs)
	}
}

// byline compares the lists of names, and shows them as one text.
func (c *comparison) byline(old, new []string) {
	if slices.Equal(old, new) {
		return
	}
	f := FieldEdit{Field: "byline", Old: strings.Join(old, ", "), New: strings.Join(new, ", ")}
	f.OldNames, f.NewNames = slices.Clone(old), slices.Clone(new)
	a, b := cut(f.Old, c.names), cut(f.New, c.names)
	f.Runs, f.Typography = weave(compareTexts(a, b, c.names, &c.work), a, b)
	c.script.Fields = append(c.script.Fields, f)
}

// valueField compares a field that is replaced as a whole.
func (c *comparison) valueField(name, old, new string) {
	if old != new {
		c.script.Fields = append(c.script.Fields, FieldEdit{Field: name, Old: old, New: new, Runs: replaced(old, new)})
	}
}

// stamp is a time as RFC 3339 in UTC and whole seconds, as in the canonical
// form of a content; empty for the zero time and years without four digits.
func stamp(t time.Time) string {
	t = t.UTC().Truncate(time.Second)
	if t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return ""
	}
	return t.Format(time.RFC3339)
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return ""
}
