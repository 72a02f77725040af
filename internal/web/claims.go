package web

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"stet/internal/news"
)

// remarks are what a page says beside its text: a correction, that it is not free
// to read, its lead image. Pictures of others are named and never loaded.
type remarks struct {
	Correction string
	Paywalled  bool
	Image      news.Image
	Tongue     tongue
}

func remarksOf(c news.Content) remarks {
	return remarks{c.Correction, c.Paywalled, c.Image, tongueOf(c.Language)}
}

// A claimGroup is what the origins on a page say of one field.
type claimGroup struct {
	Field  string
	Tongue tongue // of the values
	Claims []news.Claim
}

// claimGroups groups the claims of a page by field, fields and claims in the
// order in which the page has them; dates are written as people do.
func claimGroups(c news.Content) (out []claimGroup) {
	at := map[string]int{}
	for _, x := range c.Claims {
		i, ok := at[x.Field]
		if !ok {
			i = len(out)
			at[x.Field] = i
			g := claimGroup{Field: x.Field}
			if name, ok := fieldNames[x.Field]; ok {
				g.Field = name
			}
			if x.Field == "headline" || x.Field == "standfirst" || x.Field == "byline" || x.Field == "section" {
				g.Tongue = tongueOf(c.Language)
			}
			out = append(out, g)
		}
		if t, err := time.Parse(time.RFC3339, x.Value); err == nil {
			x.Value = clock(t)
		}
		out[i].Claims = append(out[i].Claims, x)
	}
	return out
}

// A textBlock is a block of a version as its page shows it.
type textBlock struct {
	Kind   news.BlockKind
	Text   string
	Post   bool      // begins a post of a live blog; Text may be empty then
	Anchor string    // names the post in addresses; empty = it has none
	At     time.Time // when the post says it was written; zero = unknown
}

// PostTitle is the longest text of a post's first block, in characters, that
// makes a heading. A longer one is a paragraph, and the post has only its time
// over it.
const PostTitle = 160

// textBlocks prepares the blocks of a version. An id of a post is used once:
// two elements of one name would make both hard to reach.
func textBlocks(c news.Content) []textBlock {
	out := make([]textBlock, 0, len(c.Blocks))
	used := map[string]bool{}
	for _, b := range c.Blocks {
		if b.Kind != news.Post {
			out = append(out, textBlock{Kind: b.Kind, Text: b.Text})
			continue
		}
		head := textBlock{Kind: b.Kind, Post: true, At: b.At}
		if a := postAnchor(b.ID); !used[a] {
			head.Anchor, used[a] = a, true
		}
		long := cut(b.Text, PostTitle) != b.Text
		if !long {
			head.Text = b.Text
		}
		out = append(out, head)
		if long {
			out = append(out, textBlock{Kind: news.Paragraph, Text: b.Text})
		}
	}
	return out
}

// plainID is what an id of a post may look like to be used as it is.
var plainID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$`)

// postAnchor names a post in addresses: "post-" and its id, or the hash of an id
// that is no plain name; empty without an id. The prefix keeps ids of others
// apart from ours.
func postAnchor(id string) string {
	switch {
	case id == "":
		return ""
	case plainID.MatchString(id):
		return "post-" + id
	}
	return "post-" + strconv.FormatUint(news.Key(id), 16)
}

// namedLinks are the links of a text; one without words is called by its address.
func namedLinks(c news.Content) []news.Link {
	out := make([]news.Link, 0, len(c.Links))
	for _, l := range c.Links {
		if l.Text = strings.TrimSpace(l.Text); l.Text == "" {
			l.Text = l.URL
		}
		out = append(out, l)
	}
	return out
}
