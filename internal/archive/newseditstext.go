package archive

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// editsTime reads a time: a date in words of digits, or seconds since 1970.
func editsTime(s string) (time.Time, error) {
	if seconds, err := strconv.ParseFloat(s, 64); err == nil && seconds >= 0 && seconds < 1e11 {
		return time.UnixMicro(int64(seconds * 1e6)).UTC(), nil
	}
	return parseTime(strings.TrimSpace(s))
}

// What News Sniffer's pages show around a text. Both lines are the site's own and
// stand at the edges only, so a text that quotes them keeps them.
var (
	sniffedLink    = regexp.MustCompile(`^(?:<p>)?\s*<a\s[^>]*href`)
	sniffedVersion = regexp.MustCompile(`^(?:<p>)?\s*Version \d+ of \d+\s*(?:</p>)?$`)
	sniffedFooter  = regexp.MustCompile(`Currently monitoring [\d,.]+ news articles`)
	anyTag         = regexp.MustCompile(`<[A-Za-z/!][^>]*>`)
	editsBreak     = regexp.MustCompile(`(?i)</p>\s*<p(?:\s[^>]*)?>|<br\s*/?>\s*<br\s*/?>`)
)

// editsParagraphs divides a summary. The link to the page and "Version N of M" at
// the beginning, and the site's footer at the end, are left out.
func editsParagraphs(summary string) []string {
	list := editsBreak.Split(summary, -1)
	n := len(list)
	sniffed := sniffedFooter.MatchString(list[n-1])
	if sniffed {
		list = list[:n-1]
	}
	sniffed = sniffed || len(list) > 1 && sniffedVersion.MatchString(list[1])
	if sniffed && len(list) > 0 && sniffedLink.MatchString(list[0]) {
		list = list[1:]
	}
	if len(list) > 0 && sniffedVersion.MatchString(list[0]) {
		list = list[1:]
	}
	out := make([]string, 0, len(list))
	for _, s := range list {
		if s = editsPlain(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// editsPlain is a piece of HTML as text: tags off, references resolved, white space
// as a browser shows it.
func editsPlain(s string) string {
	return strings.Join(strings.Fields(html.UnescapeString(anyTag.ReplaceAllString(s, ""))), " ")
}
