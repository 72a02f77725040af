package newsroom

import (
	"bufio"
	"bytes"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// furniture is all that stands around an article and is none of its text. It
// follows from the time and the number of the request alone.
type furniture struct {
	Tide             string
	Newsletter       string
	Shares, Comments int
	MostRead         []teaser
	Related          []teaser
	Banner, Tower    *advert
	slots            map[int]part // before the block of that number
}

type advert struct{ Title, Text, Path string }

// A teaser leads to an article, or to a page about nothing.
type teaser struct {
	Headline, Path, Standfirst, Section, Ago, Picture string
	Language, Dir                                     string // when not those of the page
	Label                                             string // "Read more"
	Readers                                           int
}

// between gives the furniture before a block, if there is any.
func (f furniture) between(i int) (part, bool) {
	s, ok := f.slots[i]
	return s, ok
}

// stock is what furniture.txt holds.
type stock struct {
	adverts             []advert
	teasers             []teaser
	labels, newsletters []string
}

// readStock reads furniture.txt: "kind | title | text".
func readStock() stock {
	data, err := assetFiles.ReadFile("assets/furniture.txt")
	if err != nil { // it is built in
		panic("newsroom: " + err.Error())
	}
	var s stock
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		f := strings.Split(lines.Text(), "|")
		if len(f) != 3 {
			continue
		}
		title, slug := strings.TrimSpace(f[1]), slugOf(f[1])
		switch strings.TrimSpace(f[0]) {
		case "advert":
			s.adverts = append(s.adverts, advert{Title: title, Text: strings.TrimSpace(f[2]), Path: "/adverts/" + slug})
		case "teaser":
			s.teasers = append(s.teasers, teaser{Headline: title, Path: "/extra/" + slug})
		case "more":
			s.labels = append(s.labels, title)
		case "newsletter":
			s.newsletters = append(s.newsletters, title)
		}
	}
	return s
}

// slugOf makes a path segment of a title: letters and digits, hyphens between.
func slugOf(title string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), "-")
}

// maxSlots is how many places in a body furniture may take.
const maxSlots = 24

// furnish deals out the furniture of one request.
func (p *Paper) furnish(d time.Duration, request uint64) furniture {
	r := rand.New(rand.NewPCG(uint64(d), request))
	s := p.stock
	f := furniture{
		Tide:       fmt.Sprintf("High water %02d:%02d, %d.%d m", r.IntN(24), r.IntN(60), 2+r.IntN(3), r.IntN(10)),
		Newsletter: s.newsletters[r.IntN(len(s.newsletters))],
		Shares:     40 + r.IntN(900), Comments: 3 + r.IntN(200),
		slots: map[int]part{},
	}
	adverts := s.dealAdverts(r, request)
	f.Banner, f.Tower = &adverts[0], &adverts[1]
	teasers := slices.Concat(s.teasers, p.teasers(d, ""))
	r.Shuffle(len(teasers), func(i, j int) { teasers[i], teasers[j] = teasers[j], teasers[i] })
	for i := range 5 {
		teasers[i].Readers = 12 + r.IntN(800)
		teasers[i+5].Ago = ago(time.Duration(1+r.IntN(90)) * time.Minute)
	}
	f.MostRead, f.Related = teasers[:5], teasers[5:9]
	for i := 2; i < maxSlots; i += 2 + r.IntN(2) {
		if r.IntN(3) > 0 {
			f.slots[i] = part{Advert: &adverts[2+i%(len(adverts)-2)]}
			continue
		}
		t := teasers[r.IntN(len(teasers))]
		t.Label = s.labels[r.IntN(len(s.labels))]
		f.slots[i] = part{More: &t}
	}
	return f
}

// dealAdverts shuffles the adverts and numbers their paths, so that no two
// requests get the same page.
func (s stock) dealAdverts(r *rand.Rand, request uint64) []advert {
	out := slices.Clone(s.adverts)
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	for i := range out {
		out[i].Path += fmt.Sprintf("?n=%d", request)
	}
	return out
}

// teasers list the articles that a section (or, if empty, the paper) shows now,
// newest first.
func (p *Paper) teasers(d time.Duration, section string) []teaser {
	var out []teaser
	for _, a := range p.articles {
		s, ok := a.at(d)
		if !ok || s.end != "" || section != "" && a.section != section {
			continue
		}
		t := teaser{
			Headline: s.text.headline, Path: s.path, Standfirst: s.text.standfirst,
			Section: a.section, Ago: ago(d - a.published()),
		}
		if a.caption != "" {
			t.Picture = picturePath(a)
		}
		if a.language != "en" {
			t.Language = a.language
		}
		if a.rtl() {
			t.Dir = "rtl"
		}
		out = append(out, t)
	}
	slices.Reverse(out)
	return out
}

// ago says how long ago something was, as pages do.
func ago(d time.Duration) string {
	switch n := int(d.Minutes()); {
	case n < 1:
		return "just now"
	case n == 1:
		return "1 minute ago"
	case n < 60:
		return fmt.Sprintf("%d minutes ago", n)
	case n < 120:
		return "1 hour ago"
	case n < 48*60:
		return fmt.Sprintf("%d hours ago", n/60)
	default:
		return fmt.Sprintf("%d days ago", n/60/24)
	}
}

func picturePath(a *article) string { return "/pictures" + a.path + ".svg" }

// picture draws a seascape for a path: the same for the same path.
func picture(path string) []byte {
	h := fnv.New64a()
	h.Write([]byte(path))
	r := rand.New(rand.NewPCG(h.Sum64(), 1))
	var b bytes.Buffer
	hue, sea := r.IntN(60)+20, 260+r.IntN(120)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 540"><rect width="960" height="540" fill="hsl(%d 60%% 82%%)"/>`, hue)
	fmt.Fprintf(&b, `<circle cx="%d" cy="%d" r="%d" fill="hsl(%d 80%% 68%%)"/>`, 100+r.IntN(760), 80+r.IntN(140), 30+r.IntN(40), hue)
	for i := range 4 {
		y := sea + i*60
		fmt.Fprintf(&b, `<path d="M0 %d q120 -%d 240 0 t240 0 t240 0 t240 0 V540 H0z" fill="hsl(200 %d%% %d%%)"/>`, y, 10+r.IntN(30), 35+5*i, 58-10*i)
	}
	x := 120 + r.IntN(640)
	fmt.Fprintf(&b, `<path d="M%d %d h120 l-24 34 h-72z" fill="#3a2c25"/><path d="M%d %d v-110 l70 96z" fill="#fdf8ec"/></svg>`, x, sea+20, x+52, sea+14)
	return b.Bytes()
}
