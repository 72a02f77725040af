package web

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// words are the functions that templates may call.
var words = template.FuncMap{
	"ago":     ago,
	"clock":   clock,
	"day":     day,
	"date":    date,
	"iso":     iso,
	"span":    span,
	"count":   count,
	"plural":  plural,
	"visible": visible,
}

// freshFor is how long a time is told as "… ago" (K18).
const freshFor = 2 * time.Hour

// ago tells when t was, seen from now: "3 minutes ago" under two hours, else
// day and minute in UTC (K18).
func ago(t, now time.Time) string {
	switch d := now.Sub(t); {
	case t.IsZero():
		return "never"
	case d < 0 || d >= freshFor:
		return clock(t)
	case d < time.Minute:
		return "just now"
	default:
		return span(d) + " ago"
	}
}

// clock is a time for people: "22 Nov 2026, 10:41 UTC".
func clock(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.UTC().Format("2 Jan 2006, 15:04 UTC")
}

// day is a time in as few words as will do: "3 minutes ago" under two hours,
// else the day in UTC.
func day(t, now time.Time) string {
	if d := now.Sub(t); t.IsZero() || d >= 0 && d < freshFor {
		return ago(t, now)
	}
	return date(t)
}

// date is the day of a time in UTC.
func date(t time.Time) string { return t.UTC().Format("2 Jan 2006") }

// iso is a time for machines: RFC 3339 in UTC.
func iso(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// span tells a length of time in its largest fitting unit; a negative one as
// its opposite.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	switch d = d.Abs(); {
	case d < time.Minute:
		return "less than a minute"
	case d < 100*time.Minute:
		return plural(int(d/time.Minute), "minute", "minutes")
	case d < 2*day:
		return plural(int((d+30*time.Minute)/time.Hour), "hour", "hours")
	case d < 14*day:
		return plural(int((d+day/2)/day), "day", "days")
	case d < 60*day:
		return plural(int(d/(7*day)), "week", "weeks")
	case d < 730*day:
		return plural(int(d/(30*day)), "month", "months")
	}
	return plural(int(d/(365*day)), "year", "years")
}

// plural is a number with its noun: "1 version", "1,204 versions".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + many
}

// count writes a number with thousands separators.
func count(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	var b strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return sign + b.String()
}

// A tongue is the language of a text as HTML wants it.
type tongue struct {
	Lang string // BCP 47; empty = unknown
	Dir  string // "ltr", "rtl", or "auto" when the language is unknown
}

// rightToLeft are the scripts written so (ISO 15924).
var rightToLeft = map[string]bool{
	"Adlm": true, "Arab": true, "Hebr": true, "Mand": true, "Nkoo": true,
	"Rohg": true, "Samr": true, "Syrc": true, "Thaa": true, "Yezi": true,
}

// tongueOf reads a BCP 47 tag as publishers write it ("en_GB" too); what is
// none is an unknown language, whose direction browsers find by its letters.
func tongueOf(tag string) tongue {
	t, err := language.Parse(tag)
	if tag == "" || err != nil || t == language.Und {
		return tongue{Dir: "auto"}
	}
	script, _ := t.Script()
	if rightToLeft[script.String()] {
		return tongue{Lang: t.String(), Dir: "rtl"}
	}
	return tongue{Lang: t.String(), Dir: "ltr"}
}

// cut shortens a text to at most max characters, the last of them "…".
func cut(s string, max int) string {
	if len(s) <= max {
		return s
	}
	r := []rune(s)
	if len(r) <= max {
		return s
	}
	return strings.TrimRight(string(r[:max-1]), " ") + "…"
}

// signed is a number of words with its sign: "+12", "−4".
func signed(added, removed int) string { return fmt.Sprintf("+%s −%s", count(added), count(removed)) }
