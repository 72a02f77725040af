package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	maxDateLine = 200 // bytes of the longest line that is read for a date
	dateReach   = 12  // pieces around the headline in which the article's dates stand
)

var (
	rxUpdated   = newPattern(`(?i)(\b(last )?(updated?|modified|amended|revised|edited)\b|aktualisiert|geändert|mis à jour|mise à jour|modifié|actualizad[oa]|modificad[oa]|aggiornat[oa]|atualizad[oa]|bijgewerkt|gewijzigd|uppdaterad|oppdatert|opdateret|päivitetty|aktualizacja|zaktualizowano|aktualizováno|frissítve|güncelle|обновлен|оновлен|ενημ|آخر تحديث|تحديث|更新|修改|업데이트|수정|अपडेट|cập nhật|diperbarui)`)
	rxPublished = newPattern(`(?i)(\b(first )?(published|posted|created|issued|uploaded)\b|veröffentlicht|erstellt|erschienen|publié|publicad[oa]|pubblicat[oa]|gepubliceerd|geplaatst|publicerad|publisert|udgivet|offentliggjort|julkaistu|opublikowano|data publikacji|publikováno|megjelent|yayınlanma|giriş|опубликован|дата публикации|опубліков|δημοσίευση|نُ?شر|发布|發布|发表|発行|公開|掲載|입력|등록|प्रकाशित|xuất bản|diterbitkan)`)
)

// visibleDates reads the lines near the headline by which a page shows when it
// was published and updated. Lines that only say how long ago are none.
func (d *document) visibleDates() (published, modified time.Time) {
	if d.start < 0 {
		return
	}
	for i := max(0, d.start-dateReach); i < len(d.pieces) && i <= d.start+dateReach; i++ {
		p := &d.pieces[i]
		if len(p.Text) > maxDateLine || p.landmark || p.level > 0 || i == d.lead || !p.Soft && !saysDate(p) {
			continue
		}
		pub, mod := lineDates(p.Text)
		setDate(&published, pub)
		setDate(&modified, mod)
	}
	return published, modified
}

// saysDate reports whether a line that is not soft is one of dates: it has a
// word for publishing or updating, and where it stands in the body, begins so.
func saysDate(p *piece) bool {
	at := rxPublished.FindStringIndex(p.Text)
	if u := rxUpdated.FindStringIndex(p.Text); u != nil && (at == nil || u[0] < at[0]) {
		at = u
	}
	return at != nil && (!p.Body || at[0] <= 3)
}

// lineDates gives the dates in a line: what stands after the word for an
// update is the date of one, everything else that of publication.
func lineDates(s string) (published, modified time.Time) {
	u := rxUpdated.FindStringIndex(s)
	if u == nil {
		return textDate(s), time.Time{}
	}
	if p := rxPublished.FindStringIndex(s); p != nil {
		if p[0] > u[0] {
			return textDate(s[p[0]:]), textDate(s[u[0]:p[0]])
		}
		return textDate(s[:u[0]]), textDate(s[u[0]:])
	}
	if modified = textDate(s[u[0]:]); modified.IsZero() { // "4 February 2031 updated"
		return time.Time{}, textDate(s)
	}
	return textDate(s[:u[0]]), modified
}

var (
	rxYearFirst = regexp.MustCompile(`\b((?:19|20)\d\d)(?:[-./]|\s*[年년]\s*)(\d{1,2})(?:[-./]|\s*[月월]\s*)(\d{1,2})(?:\s*[日일]|\b)`)
	rxDayFirst  = regexp.MustCompile(`\b(\d{1,2})([./-])\s?(\d{1,2})[./-]\s?((?:19|20)\d\d)\b`)
	rxDayMonth  = regexp.MustCompile(`(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?,?\s+(?:de |d[’']|of )?([\p{L}\p{M}]{3,})\.?,?\s+(?:de |del )?((?:19|20)\d\d)`)
	rxMonthDay  = regexp.MustCompile(`([\p{L}\p{M}]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)`)
	rxTime      = regexp.MustCompile(`(?i)\b([01]?\d|2[0-3])\s?[:.h時시时]\s?([0-5]\d)(?::[0-5]\d)?\s?(a\.?m\b|p\.?m\b)?`)
	rxZone      = regexp.MustCompile(`(?:\b(?:GMT|UTC)|Z)?([+-])(\d{2}):?(\d{2})\b`)
)

// textDate finds the first whole date in a line, and the time of day after it
// or before it. Without a zone in figures the time is taken as UTC. Dates of
// figures that may be read two ways ("02/03/2031") are not read.
func textDate(s string) time.Time {
	y, m, d, at := dateIn(s)
	if y == 0 {
		return time.Time{}
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d || t.Year() < firstYear || t.Year() > lastYear {
		return time.Time{}
	}
	clock := rxTime.FindStringSubmatch(s[at[1]:])
	if clock == nil {
		clock = rxTime.FindStringSubmatch(s[:at[0]])
	}
	if clock == nil {
		return t
	}
	hour, _ := strconv.Atoi(clock[1])
	minute, _ := strconv.Atoi(clock[2])
	switch half := strings.ToLower(clock[3]); {
	case strings.HasPrefix(half, "p") && hour < 12:
		hour += 12
	case strings.HasPrefix(half, "a") && hour == 12:
		hour = 0
	}
	return t.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute - zoneIn(s[at[1]:]))
}

// zoneIn is the distance from UTC that a line gives in figures.
func zoneIn(s string) time.Duration {
	z := rxZone.FindStringSubmatch(s)
	if z == nil {
		return 0
	}
	h, _ := strconv.Atoi(z[2])
	m, _ := strconv.Atoi(z[3])
	off := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	if z[1] == "-" {
		return -off
	}
	return off
}

// dateIn finds a date and where it stands; year 0 when there is none.
func dateIn(s string) (y, m, d int, at [2]int) {
	if !strings.Contains(s, "19") && !strings.Contains(s, "20") { // no year
		return 0, 0, 0, at
	}
	num := func(i, j int) int { n, _ := strconv.Atoi(s[i:j]); return n }
	if x := rxYearFirst.FindStringSubmatchIndex(s); x != nil {
		return valid(num(x[2], x[3]), num(x[4], x[5]), num(x[6], x[7]), [2]int{x[0], x[1]})
	}
	if x := rxDayMonth.FindStringSubmatchIndex(s); x != nil {
		if m := monthOf(s[x[4]:x[5]]); m > 0 {
			return valid(num(x[6], x[7]), m, num(x[2], x[3]), [2]int{x[0], x[1]})
		}
	}
	if x := rxMonthDay.FindStringSubmatchIndex(s); x != nil {
		if m := monthOf(s[x[2]:x[3]]); m > 0 {
			return valid(num(x[6], x[7]), m, num(x[4], x[5]), [2]int{x[0], x[1]})
		}
	}
	if x := rxDayFirst.FindStringSubmatchIndex(s); x != nil {
		a, b, year := num(x[2], x[3]), num(x[6], x[7]), num(x[8], x[9])
		switch {
		case s[x[4]] != '/' || a > 12 || a == b:
			return valid(year, b, a, [2]int{x[0], x[1]})
		case b > 12:
			return valid(year, a, b, [2]int{x[0], x[1]})
		}
	}
	return 0, 0, 0, at
}

func valid(y, m, d int, at [2]int) (int, int, int, [2]int) {
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, 0, 0, at
	}
	return y, m, d, at
}

// monthNames begin the names of the months in the larger news languages, one
// line a month; a name matches when it begins with one of them.
var monthNames = [...]string{
	"jan gen ene ian janv tammi sty led oca янв січ ινα يناير كانون जन tháng1 ocak ιαν",
	"feb fev fév feb fév feb helmi lut úno şub фев лют φεβ فبراير شباط फ़र फर februar",
	"mar mär mär maa brez bře marz mrt мар бер μαρ مارس آذار मार्च",
	"apr avr abr huhti kwi dub nis апр кві απρ أبريل ابريل نيسان अप्रै",
	"may mai mag mei touko maj kvě mayıs май мая тра μαΐ μαι مايو أيار मई",
	"jun juin giu kesä cze červn haz июн чер ιουν يونيو حزيران जून",
	"jul juil lug heinä lip červen tem июл лип ιουλ يوليو تموز जुल",
	"aug aoû ago août elo sie srp ağu авг сер αυγ أغسطس اغسطس آب अग",
	"sep set syys wrz zář eyl сен вер σεπ سبتمبر أيلول सित",
	"oct oct okt ott out loka paź říj eki окт жов οκτ أكتوبر اكتوبر تشرين अक्",
	"nov marras lis kas ноя лис νοε نوفمبر नव",
	"dec déc dez dic des joulu gru pro ara дек гру δεκ ديسمبر दिस",
}

// monthOf is the number of a month by its name in any of the languages, or 0.
func monthOf(name string) int {
	name = strings.ToLower(name)
	best, length := 0, 0
	for i, line := range monthNames {
		for _, begin := range strings.Fields(line) {
			if len(begin) > length && strings.HasPrefix(name, begin) {
				best, length = i+1, len(begin)
			}
		}
	}
	return best
}
