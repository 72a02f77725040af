package extract

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"stet/internal/news"
)

const (
	maxImages   = 300  // images of the page that are looked at for the lead image's caption
	maxImageURL = 2048 // bytes
	maxAlt      = 1000 // bytes of a caption or an alternative text
)

// image is the picture that the page leads with: og:image, JSON-LD, Twitter
// card, link rel=image_src, else the first picture of the article. Caption and
// alternative text are those of the figure that shows it, else the declared.
func (d *document) image() news.Image {
	var img news.Image
	caption := ""
	for _, c := range d.imageCandidates() {
		u := d.resolve(strings.TrimSpace(c.url))
		if u == nil || len(u.String()) > maxImageURL || rxPlaceholder.MatchString(u.Path) {
			continue
		}
		img.URL, caption = stableImage(u), c.caption
		break
	}
	if img.URL == "" {
		return img
	}
	img.Caption, img.Alt = d.figureOf(img.URL)
	fill(&img.Caption, strip(caption))
	fill(&img.Alt, d.metaOf("og:image:alt", "twitter:image:alt"))
	img.Caption, img.Alt = clip(img.Caption, maxAlt), clip(img.Alt, maxAlt)
	return img
}

// rxPlaceholder matches pictures that stand for the lack of one.
var rxPlaceholder = regexp.MustCompile(`(?i)([/_.-]|^)(logos?|placeholder|no-?image|spacer|blank|pixel|favicon|default-(og|share|social))([/_.-]|$)`)

func (d *document) imageCandidates() []linkedImage {
	var out []linkedImage
	for _, k := range [...]string{"og:image:secure_url", "og:image", "og:image:url"} {
		for _, s := range d.meta[k] {
			out = append(out, linkedImage{url: s})
		}
	}
	out = append(out, d.ld.images...)
	for _, s := range [...]string{d.metaOf("twitter:image", "twitter:image:src"), d.metaOf("image", "thumbnail", "parsely-image-url"), d.links["image_src"]} {
		if s != "" {
			out = append(out, linkedImage{url: s})
		}
	}
	return append(out, linkedImage{url: d.firstPicture()})
}

// firstPicture is the source of the first picture in a figure of the article.
func (d *document) firstPicture() (src string) {
	seen := 0
	each(d.root, func(n *html.Node) {
		if src != "" || n.Type != html.ElementNode || n.DataAtom != atom.Img || seen >= maxImages {
			return
		}
		if seen++; inFigure(n) != nil && !d.aside(n) {
			if s := imageSource(n); !strings.HasPrefix(s, "data:") {
				src = s
			}
		}
	})
	return src
}

func (d *document) aside(n *html.Node) bool {
	for up := n.Parent; up != nil; up = up.Parent {
		if up.Type == html.ElementNode && up.DataAtom != atom.Figure && otherVoice(up) {
			return true
		}
	}
	return false
}

func imageSource(n *html.Node) string {
	for _, k := range [...]string{"src", "data-src", "data-original", "data-lazy-src"} {
		if s := strings.TrimSpace(attr(n, k)); s != "" && !strings.HasPrefix(s, "data:") {
			return s
		}
	}
	s, _, _ := strings.Cut(strings.TrimSpace(attr(n, "srcset")), " ")
	return s
}

// inFigure is the figure around an element, or nil.
func inFigure(n *html.Node) *html.Node {
	for up := n.Parent; up != nil; up = up.Parent {
		if up.DataAtom == atom.Figure {
			return up
		}
	}
	return nil
}

// figureOf gives caption and alternative text of the picture on the page that
// shows an image, known by the name of its file: sizes and crops of one
// picture differ in the rest of the address.
func (d *document) figureOf(address string) (caption, alt string) {
	want, seen := imageName(address), 0
	each(d.root, func(n *html.Node) {
		if n.Type != html.ElementNode || n.DataAtom != atom.Img || alt != "" || caption != "" || seen >= maxImages {
			return
		}
		seen++
		if want == "" || imageName(imageSource(n)) != want {
			return
		}
		alt = tidy(attr(n, "alt"))
		if f := inFigure(n); f != nil {
			each(f, func(c *html.Node) {
				if caption == "" && c.DataAtom == atom.Figcaption {
					caption = tidy(nodeText(c))
				}
			})
		}
	})
	return caption, alt
}

var rxSize = regexp.MustCompile(`(?i)([-_.@](\d{2,5}x\d{0,5}|x\d{2,5}|w\d{2,5}|h\d{2,5}|\dx|scaled|large|small|medium|thumb(nail)?|original))+$`)

// imageName is what names a picture in its address: the file without ending
// and marks of size; empty when that is too short to tell pictures apart.
func imageName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	base := path.Base(u.Path)
	base = rxSize.ReplaceAllString(strings.TrimSuffix(base, path.Ext(base)), "")
	if len(base) < 5 {
		return ""
	}
	return strings.ToLower(base)
}

// stableImage is the address of an image without what differs from one fetch
// to the next while the picture is the same: numbers that only defeat caches,
// and signatures that expire. Width, crop and the rest are kept as published.
func stableImage(u *url.URL) string {
	v := *u
	v.Fragment, v.RawFragment = "", ""
	var kept []string
	for _, part := range strings.Split(v.RawQuery, "&") {
		name, value, _ := strings.Cut(part, "=")
		if part != "" && !passing(strings.ToLower(name), value, v.RawQuery) {
			kept = append(kept, part)
		}
	}
	v.RawQuery = strings.Join(kept, "&")
	return v.String()
}

var (
	rxClockValue = regexp.MustCompile(`^\d{9,}$`)
	rxExpires    = regexp.MustCompile(`(?i)(^|&)(expires|exp|x-amz-expires|x-goog-expires|se|hdnts|hdnea|policy)=`)
)

// passing reports whether a parameter lasts no longer than a fetch.
func passing(name, value, query string) bool {
	switch name {
	case "cb", "cachebuster", "cachebust", "nocache", "rnd", "rand", "random":
		return true
	case "_", "t", "ts", "timestamp", "time":
		return rxClockValue.MatchString(value)
	case "expires", "exp", "signature", "sig", "token", "policy", "key-pair-id", "googleaccessid", "awsaccesskeyid", "hdnts", "hdnea", "se", "st", "sv", "sp", "sr", "skoid", "sktid", "skt", "ske", "sks", "skv":
		return rxExpires.MatchString(query)
	}
	return strings.HasPrefix(name, "x-amz-") || strings.HasPrefix(name, "x-goog-")
}
