package news

import (
	"net/url"
	"strings"
)

// Limits of a section.
const (
	maxSectionDepth  = 2  // folders
	maxSectionFolder = 24 // bytes of one
)

// Section is the part of a site that an address belongs to, by its path: the
// first folders, at most maxSectionDepth, with "/" between. Dates, numbers and
// long slugs end it. A last part made of a short word and a number, such as
// "technology-57763382", names a section too. Empty when the path tells nothing.
func Section(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	var out []string
	for i, part := range parts {
		if i == len(parts)-1 {
			part = numbered(part)
		}
		if len(out) == maxSectionDepth || part == "" || len(part) > maxSectionFolder || strings.ContainsAny(part, "0123456789") {
			break
		}
		out = append(out, strings.ToLower(part))
	}
	return strings.Join(out, "/")
}

// numbered gives the words of a last part that is a few words and a long number;
// else nothing: it names the article.
func numbered(part string) string {
	i := strings.LastIndexByte(part, '-')
	if i <= 0 || len(part)-i <= 5 || strings.Trim(part[i+1:], "0123456789") != "" || strings.Count(part[:i], "-") > 2 {
		return ""
	}
	return part[:i]
}
