package feed

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The shapes of dates, in the order in which they are tried. Each names its
// parts; day names are not looked at, because feeds get them wrong.
var (
	dateISO   = regexp.MustCompile(`^(?P<y>\d{4})(?:[-/.]?(?P<m>\d{2})(?:[-/.]?(?P<d>\d{2}))?)?(?:[T\s]+(?:at\s+)?` + clock + `)?$`)
	dateEmail = regexp.MustCompile(`(?i)^(?:\pL+\.?,?\s*)?(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?P<mon>[a-z]{3,9})\.?,?[\s-]+(?P<y>\d{4}|\d{2})(?:,?\s+` + clock + `)?$`)
	dateUS    = regexp.MustCompile(`(?i)^(?:[a-z]{3,9}\.?,?\s+)??(?P<mon>[a-z]{3,9})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})(?:,?\s+(?:at\s+)?` + clock + `)?$`)
	dateC     = regexp.MustCompile(`(?i)^(?:[a-z]{3,9},?\s+)?(?P<mon>[a-z]{3,9})\s+(?P<d>\d{1,2})\s+(?P<H>\d{1,2}):(?P<M>\d{2}):(?P<S>\d{2})\s+(?P<z>[a-z]+\s+)?(?P<y>\d{4})$`)
)

const clock = `(?P<H>\d{1,2})[:.]?(?P<M>\d{2})(?:[:.]?(?P<S>\d{2}))?(?:[.,:]\d+)?\s*(?P<ap>[AaPp]\.?[Mm]\.?)?\s*(?P<z>\S.*)?`

// maxDate is the longest text that is tried as a date, in bytes.
const maxDate = 100

// parseDate reads the dates that feeds hold: RFC 822 and 2822, RFC 3339 and
// W3C-DTF with any part missing, C's and American order. Unknown zones count
// as UTC. Zero means that the text is no date.
func parseDate(s string) time.Time {
	if len(s) > maxDate {
		return time.Time{}
	}
	s = oneLine(s)
	for _, shape := range []*regexp.Regexp{dateISO, dateEmail, dateUS, dateC} {
		m := shape.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		parts := map[string]string{}
		for i, name := range shape.SubexpNames() {
			if name != "" && m[i] != "" {
				parts[name] = m[i]
			}
		}
		if t := assemble(parts); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// assemble makes a time of the parts of a date; zero if one is out of range.
func assemble(parts map[string]string) time.Time {
	number := func(key string, absent int) int {
		if n, err := strconv.Atoi(parts[key]); err == nil {
			return n
		}
		return absent
	}
	year, month, day := number("y", 0), number("m", 1), number("d", 1)
	if len(parts["y"]) == 2 {
		if year += 2000; year >= 2070 {
			year -= 100
		}
	}
	if name := parts["mon"]; name != "" {
		month = monthNumber(name)
	}
	hour, minute, second := number("H", 0), number("M", 0), number("S", 0)
	if ap := strings.ToLower(parts["ap"]); ap != "" && hour <= 12 {
		hour %= 12
		if ap[0] == 'p' {
			hour += 12
		}
	}
	second = min(second, 59) // leap seconds
	if year < 1 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 {
		return time.Time{}
	}
	offset := zoneOffset(strings.TrimSpace(parts["z"]))
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC).Add(-offset)
	if t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}

// monthNumber is 1 to 12 for an English month name or its first three letters
// or more, 0 for anything else.
func monthNumber(name string) int {
	name = strings.ToLower(name)
	for m := time.January; m <= time.December; m++ {
		if len(name) >= 3 && strings.HasPrefix(strings.ToLower(m.String()), name) {
			return int(m)
		}
	}
	if name == "sept" {
		return 9
	}
	return 0
}

var zoneNumber = regexp.MustCompile(`^(?:GMT|UTC|UT)?\s*([+-])-?(\d{1,2}):?(\d{2})?`)

// zoneOffset is how far east of UTC a zone is. Abbreviations that mean several
// zones get the reading of North America and western Europe.
func zoneOffset(zone string) time.Duration {
	zone = strings.ToUpper(zone)
	if m := zoneNumber.FindStringSubmatch(zone); m != nil {
		h, _ := strconv.Atoi(m[2])
		min, _ := strconv.Atoi("0" + m[3])
		offset := time.Duration(h)*time.Hour + time.Duration(min)*time.Minute
		if h > 14 || min > 59 {
			return 0
		}
		if m[1] == "-" {
			return -offset
		}
		return offset
	}
	name, _, _ := strings.Cut(zone, " ")
	hours := map[string]float64{
		"EST": -5, "EDT": -4, "ET": -5, "CST": -6, "CDT": -5, "CT": -6, "MST": -7, "MDT": -6, "MT": -7,
		"PST": -8, "PDT": -7, "PT": -8, "AST": -4, "ADT": -3, "AKST": -9, "AKDT": -8, "HST": -10,
		"NST": -3.5, "NDT": -2.5, "WEST": 1, "BST": 1, "IST": 5.5, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2,
		"EET": 2, "EEST": 3, "MSK": 3, "SAST": 2, "JST": 9, "KST": 9, "HKT": 8, "SGT": 8,
		"AWST": 8, "ACST": 9.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "BRT": -3, "ART": -3,
	}[name]
	return time.Duration(hours * float64(time.Hour))
}

// dateOf is the first text that can be read as a date, else what the library
// made of it.
func dateOf(library *time.Time, texts ...string) time.Time {
	for _, s := range texts {
		if t := parseDate(s); !t.IsZero() {
			return t
		}
	}
	if library != nil && library.Year() >= 1 && library.Year() <= 9999 {
		return library.UTC()
	}
	return time.Time{}
}
