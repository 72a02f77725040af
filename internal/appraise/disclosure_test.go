package appraise

import (
	"testing"
	"time"

	"stet/internal/diff"
	"stet/internal/news"
)

func TestDisclosure(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2031, 5, n, 9, 0, 0, 0, time.UTC) }
	claim := func(origin string, n int) []news.Claim {
		return []news.Claim{{Field: "modified", Origin: origin, Value: day(n).Format(time.RFC3339)}}
	}
	const was, is, notice = "The river rose by two metres.", "The river rose by three metres.", "Correction: the river rose by three metres."
	body := func(texts ...string) (bs []news.Block) {
		for _, text := range texts {
			bs = append(bs, news.Block{Kind: news.Paragraph, Text: text})
		}
		return bs
	}
	tests := []struct {
		name     string
		old, new news.Content
		dates    Dates
		want     news.Disclosure
	}{
		{"no dates", news.Content{Blocks: body(was)}, news.Content{Blocks: body(is)}, Dates{}, news.NotKnown},
		{"a date on one side", news.Content{Blocks: body(was)}, news.Content{Blocks: body(is), Modified: day(1)}, Dates{}, news.NotKnown},
		{"the date stood", news.Content{Blocks: body(was), Modified: day(1)}, news.Content{Blocks: body(is), Modified: day(1)}, Dates{}, news.Silent},
		{"the date moved", news.Content{Blocks: body(was), Modified: day(1)}, news.Content{Blocks: body(is), Modified: day(2)}, Dates{}, news.Disclosed},
		{"a claim moved, the field did not", news.Content{Blocks: body(was), Modified: day(1), Claims: claim("time", 1)},
			news.Content{Blocks: body(is), Modified: day(1), Claims: claim("time", 2)}, Dates{}, news.Disclosed},
		{"only the header moved", news.Content{Blocks: body(was), Modified: day(1), Claims: claim("http", 1)},
			news.Content{Blocks: body(is), Modified: day(1), Claims: claim("http", 2)}, Dates{}, news.Silent},
		{"only the header is known", news.Content{Blocks: body(was), Claims: claim("http", 1)},
			news.Content{Blocks: body(is), Claims: claim("http", 1)}, Dates{}, news.NotKnown},
		{"the sitemap says it", news.Content{Blocks: body(was)}, news.Content{Blocks: body(is)}, Dates{OldLastmod: day(1), NewLastmod: day(2)}, news.Disclosed},
		{"the sitemap does not", news.Content{Blocks: body(was)}, news.Content{Blocks: body(is)}, Dates{OldLastmod: day(1), NewLastmod: day(1)}, news.Silent},
		{"a notice", news.Content{Language: "en", Blocks: body(was), Modified: day(1)},
			news.Content{Language: "en", Blocks: body(is, notice), Modified: day(1)}, Dates{}, news.Noticed},
		{"bumped", news.Content{Blocks: body(was), Modified: day(1)}, news.Content{Blocks: body(was), Modified: day(2)}, Dates{}, news.Bumped},
		{"bumped with other marks", news.Content{Blocks: body(`"a" rose`), Modified: day(1)},
			news.Content{Blocks: body("“a” rose"), Modified: day(2)}, Dates{}, news.Bumped},
		{"a caption", news.Content{Blocks: []news.Block{{Kind: news.Caption, Text: was}}, Modified: day(1)},
			news.Content{Blocks: []news.Block{{Kind: news.Caption, Text: is}}, Modified: day(1)}, Dates{}, news.NotKnown},
		{"a headline", news.Content{Headline: was, Modified: day(1)}, news.Content{Headline: is, Modified: day(1)}, Dates{}, news.Silent},
		{"nothing", news.Content{Blocks: body(was), Modified: day(1)}, news.Content{Blocks: body(was), Modified: day(1)}, Dates{}, news.NotKnown},
	}
	for _, tt := range tests {
		if got := Change(tt.old, tt.new, diff.Compare(tt.old, tt.new), tt.dates, nil).Disclosure; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
