package web

import (
	"time"

	"stet/internal/diff"
)

// A heading is the headline with its change.
type heading struct {
	Changed bool
	N       int
	Pieces  []piece
	Old     []piece // for the split view
	New     []piece
}

// A fieldRow is a field that differs, other than the headline.
type fieldRow struct {
	N      int
	ID     string
	Name   string
	Tongue tongue
	Pieces []piece
}

// fieldNames are the fields as readers know them.
var fieldNames = map[string]string{
	"headline": "Headline", "standfirst": "Standfirst", "byline": "Byline", "section": "Section",
	"published": "Published", "modified": "Modified", "language": "Language", "cut": "Text cut at a limit",
	"correction": "Correction", "image": "Lead image", "caption": "Caption", "alt": "Text in place of the image",
	"paywalled": "Not free to read", "links": "Links",
}

// fields fills heading and fields, and gives how many changes they are.
func (p *diffPage) fields(newHeadline, oldHeadline string) int {
	p.Heading = heading{
		Pieces: []piece{{Op: diff.Equal, Text: visible(newHeadline)}},
		Old:    []piece{{Op: diff.Equal, Text: visible(oldHeadline)}}, New: []piece{{Op: diff.Equal, Text: visible(newHeadline)}},
	}
	for i, f := range p.Script.Fields {
		if f.Field == "headline" {
			p.Heading = heading{
				Changed: true, N: i + 1, Pieces: pieces(f.Runs),
				Old: pieces(diff.OldRuns(f.Runs)), New: pieces(diff.NewRuns(f.Runs)),
			}
			continue
		}
		row := fieldRow{N: i + 1, ID: "c-" + f.Field, Name: fieldName(f.Field), Pieces: pieces(f.Runs)}
		if f.Field == "published" || f.Field == "modified" {
			row.Pieces = datePieces(f)
		}
		switch f.Field {
		case "standfirst", "byline", "section", "correction", "caption", "alt":
			row.Tongue = p.Tongue
		case "cut", "paywalled":
			row.Pieces = yesNo(f)
		}
		p.Fields = append(p.Fields, row)
	}
	return len(p.Script.Fields)
}

// datePieces shows a changed date as people write it; the script has it as
// machines do.
func datePieces(f diff.FieldEdit) []piece {
	var runs []diff.Run
	for _, r := range []diff.Run{{Op: diff.Delete, Text: f.Old}, {Op: diff.Insert, Text: f.New}} {
		if t, err := time.Parse(time.RFC3339, r.Text); err == nil {
			r.Text = clock(t)
		}
		if r.Text != "" {
			runs = append(runs, r)
		}
	}
	return pieces(runs)
}

// yesNo shows a field that is "true" or nothing.
func yesNo(f diff.FieldEdit) []piece {
	word := map[string]string{"true": "yes", "": "no"}
	return pieces([]diff.Run{{Op: diff.Delete, Text: word[f.Old]}, {Op: diff.Insert, Text: word[f.New]}})
}
