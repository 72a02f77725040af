package extract

import (
	"bytes"
	_ "embed"
	"strings"
	"sync"
)

//go:embed vendors.txt
var vendorsText string

// maxMarkup is how many bytes of a page are searched for marks of vendors.
const maxMarkup = 256 << 10

// A vendorMark is a line of vendors.txt: bytes by which a page of a vendor is
// known, and what they show: wall, widget or consent.
type vendorMark struct {
	mark         []byte
	vendor, kind string
}

// vendorMarks reads vendors.txt, once.
var vendorMarks = sync.OnceValue(func() []vendorMark {
	var out []vendorMark
	for line := range strings.Lines(vendorsText) {
		if f := strings.Split(strings.TrimSpace(line), " | "); len(f) == 3 && line[0] != '#' {
			out = append(out, vendorMark{[]byte(f[0]), f[1], f[2]})
		}
	}
	return out
})

// vendorOf names the vendor whose mark of a kind the body has, or "".
func vendorOf(body []byte, kind string) string {
	low := bytes.ToLower(body[:min(len(body), maxMarkup)])
	for _, m := range vendorMarks() {
		if m.kind == kind && bytes.Contains(low, m.mark) {
			return m.vendor
		}
	}
	return ""
}
