package extract

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

// A fieldTruth is what a person says of the fields of a page.
type fieldTruth struct {
	URL, Title, File, Date string
	Authors                []string
}

// fieldScore counts fields that were read right.
type fieldScore struct {
	pages, strict, lenient, claimed    int // headline
	dated, day                         int
	authored, first, all, stray        int
	images, links, modified, corrected int
}

func plain(s string) string { return strings.ToLower(news.Fold(s)) }

// nearly reports whether two titles are one but for a kicker, a site's name
// or a few words.
func nearly(a, b string) bool {
	a, b = plain(a), plain(b)
	if a == "" || b == "" {
		return a == b
	}
	return strings.Contains(a, b) || strings.Contains(b, a) || min(overlap(tokens(a), tokens(b)), overlap(tokens(b), tokens(a))) >= 0.9
}

func (s *fieldScore) add(t *testing.T, tr fieldTruth, c news.Content) {
	s.pages++
	claimed := false
	for _, x := range c.Claims {
		claimed = claimed || x.Field == "headline" && plain(x.Value) == plain(tr.Title)
	}
	countIf(&s.claimed, claimed)
	countIf(&s.strict, plain(tr.Title) == plain(c.Headline))
	countIf(&s.lenient, nearly(tr.Title, c.Headline))
	if plain(tr.Title) != plain(c.Headline) {
		t.Logf("headline %s:\n  want %q\n  got  %q", tr.File, tr.Title, c.Headline)
		for _, x := range c.Claims {
			if x.Field == "headline" {
				t.Logf("    %-12s %q", x.Origin, x.Value)
			}
		}
	}
	if len(tr.Date) >= 10 {
		s.dated++
		if sameDay(tr.Date, c.Published) {
			s.day++
		} else {
			t.Logf("date %s: want %s, got %v", tr.File, tr.Date, c.Published)
		}
	}
	s.addByline(t, tr, c)
	countIf(&s.images, c.Image.URL != "")
	countIf(&s.links, len(c.Links) > 0)
	countIf(&s.modified, !c.Modified.IsZero())
	countIf(&s.corrected, c.Correction != "")
}

func (s *fieldScore) addByline(t *testing.T, tr fieldTruth, c news.Content) {
	if len(tr.Authors) == 0 {
		countIf(&s.stray, len(c.Byline) > 0)
		return
	}
	s.authored++
	countIf(&s.first, len(c.Byline) > 0 && (plain(c.Byline[0]) == plain(tr.Authors[0]) || plain(c.Byline[0]) == plain(firstName(tr.Authors))))
	all := plain(strings.Join(c.Byline, ";")) == plain(strings.Join(tr.Authors, ";"))
	countIf(&s.all, all)
	if !all {
		t.Logf("byline %s: want %q, got %q", tr.File, tr.Authors, c.Byline)
	}
}

// sameDay compares in the zone of the truth.
func sameDay(want string, got time.Time) bool {
	if t, err := time.Parse("2006-01-02 15:04:05.999999999-07:00", want); err == nil {
		got = got.In(t.Location())
	}
	return got.Format(time.DateOnly) == want[:10]
}

// firstName is the first author of a truth, which may list all in one string.
func firstName(list []string) string {
	s, _, _ := strings.Cut(list[0], ", ")
	s, _, _ = strings.Cut(s, " and ")
	return s
}

func countIf(n *int, yes bool) {
	if yes {
		*n++
	}
}

func scoreFields(t *testing.T, archive, dir string) (s fieldScore) {
	files := readArchive(t, archive)
	var truths []fieldTruth
	if err := json.Unmarshal(files[dir+"/truth.json"], &truths); err != nil {
		t.Fatal(err)
	}
	for _, tr := range truths {
		u, _ := url.Parse(tr.URL)
		r := Read(Page{URL: u, Status: 200, ContentType: "text/html", Body: files[dir+"/"+tr.File]})
		s.add(t, tr, r.Content)
	}
	t.Logf("%d pages: headline strict %d, lenient %d, claimed %d; day %d of %d; author first %d, all %d of %d, stray %d of %d; image %d, links %d, modified %d, correction %d",
		s.pages, s.strict, s.lenient, s.claimed, s.day, s.dated, s.first, s.all, s.authored, s.stray, s.pages-s.authored, s.images, s.links, s.modified, s.corrected)
	return s
}

func TestFieldsDev(t *testing.T) {
	s := scoreFields(t, "extraction-dev.tar.zst", "extraction-dev")
	s.atLeast(t, fieldScore{strict: 200, lenient: 219, claimed: 247, day: 247, first: 223})
}

func TestFieldsTrain(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: takes a minute")
	}
	s := scoreFields(t, "extraction-train.tar.zst", "extraction-train")
	s.atLeast(t, fieldScore{strict: 688, lenient: 727, claimed: 717, day: 537, first: 490})
}

// atLeast fails when a figure is below a little less than what was reached.
func (s fieldScore) atLeast(t *testing.T, floor fieldScore) {
	t.Helper()
	for _, x := range []struct {
		name      string
		got, want int
	}{
		{"headline, strict", s.strict, floor.strict}, {"headline, lenient", s.lenient, floor.lenient}, {"headline, claimed", s.claimed, floor.claimed},
		{"day of publication", s.day, floor.day}, {"first author", s.first, floor.first},
	} {
		if x.got < x.want {
			t.Errorf("%s: %d, want %d", x.name, x.got, x.want)
		}
	}
}
