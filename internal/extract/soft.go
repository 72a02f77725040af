package extract

import (
	"strings"
	"unicode"
)

const (
	maxClock    = 100 // bytes of the longest clock or counter line
	maxLinkText = 250 // bytes of the longest link list
	maxPromo    = 240 // bytes of the longest advert or newsletter line
	linkShare   = 0.6 // of the text in links, from which a block is a link list
)

// rxPromo matches short lines by which pages sell something beside the
// article, in the languages of the larger news markets.
var rxPromo = newPattern(`(?i)^\W*(advertisement|advertising|sponsored( content)?|paid (content|post)|anzeige|werbung|publicité|publicidad|pubblicità|publicidade|reklama|реклама|إعلان|广告|広告|광고` +
	`|story continues below( advertisement)?|article continues (below|after).{0,40}|continue reading.{0,40}|skip (past )?(newsletter|advert).{0,40}|scroll to continue.{0,40}|(der )?artikel wird (unten|nach).{0,40}` +
	`|loading|read more|lees (ook|meer)|weiterlesen|lire la suite|leer más|leggi anche|(sign|log) ?(in|up)|share( this)?( article| story)?( on)?|follow us.{0,60})\W*$`)

// rxTeaser matches the lead-in of a link to another story.
var rxTeaser = newPattern(`(?i)^\W*(read (more|next|also)|see also|related|more on this|lesen sie auch|mehr zum thema|zum thema|lire aussi|à lire aussi|lee también|le puede interesar|te puede interesar|leggi anche|leia (também|mais)|czytaj (też|także)|читайте также|lees ook|läs också|les også)\s*[:|–—-]`)

// rxNewsletter matches offers of a newsletter, if newsletterWord is met.
var rxNewsletter = newPattern(`(?i)(\bnewsletters?\b.{0,200}\b(sign up|subscribe|inbox|anmelden|abonnieren|inscrivez|suscríbete|iscriviti|assine|inscreva)` +
	`|\b(sign up|subscribe|get|receive|abonnieren|inscrivez-vous|suscríbete|iscriviti)\b.{0,100}\b(newsletters?|in(to)? your inbox|daily briefing|push alerts?|whatsapp channel))`)

// newsletterWord is a cheap look for what rxNewsletter needs.
func newsletterWord(text string) bool {
	low := strings.ToLower(text)
	for _, w := range [...]string{"newsletter", "your inbox", "daily briefing", "push alert", "whatsapp channel"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// softText reports whether text alone shows that a piece is no article text.
func softText(pc *piece) bool {
	n := len(pc.Text)
	switch {
	case n < maxLinkText && float64(pc.link) > linkShare*float64(n):
		return true
	case n < maxClock && pc.stamp*2 > n:
		return true
	case n < maxClock && (clockOrCounter(pc) || signature(pc)):
		return true
	case n < maxPromo && (rxPromo.MatchString(pc.Text) || rxTeaser.MatchString(pc.Text)):
		return true
	case n < maxPromo && paywallText(pc.Text):
		return true
	case n < maxPromo && rxNewsletter.MatchString(pc.Text) && newsletterWord(pc.Text):
		return true
	}
	return false
}

// clockOrCounter reports whether every word of a line is a number, a date word
// or a word of the page's machinery ("Updated 12:31", "3 hours ago", "1,204
// comments", "4 min read"). A bare number, or a date that is a heading, list
// item or table row, may be text: those need a machinery word to be soft.
func clockOrCounter(pc *piece) bool {
	words, digits, machine := 0, false, false
	for _, w := range chromeWords(pc.Text) {
		if w == "" {
			continue
		}
		words++
		switch {
		case isNumber(w):
			digits = true
		case machineWord(w):
			machine = true
		case !dateWord(w):
			return false
		}
	}
	if words == 0 {
		return true // punctuation only: a separator
	}
	plain := pc.level == 0 && !pc.item && pc.Kind != "row"
	return machine || digits && words >= 2 && plain
}

// maxSigned is the most words beside the date in a signature.
const maxSigned = 5

// signature reports whether a line is a date with a name or place beside it
// ("Ovid Trell, 2026-11-22 17:27"), as old layouts print above the text: no
// sentence, no list, a whole date, and little else.
func signature(pc *piece) bool {
	if pc.level > 0 || pc.item || pc.Kind != "p" || strings.ContainsAny(pc.Text[len(pc.Text)-1:], ".!?:\"'") || strings.HasSuffix(pc.Text, "”") {
		return false
	}
	year, numbers, others := false, 0, 0
	for _, w := range chromeWords(pc.Text) {
		switch {
		case isNumber(w):
			numbers++
			year = year || len(w) == 4 && (w[:2] == "19" || w[:2] == "20")
		case !dateWord(w) && !machineWord(w):
			others++
		}
	}
	return year && numbers >= 2 && others <= maxSigned
}

// chromeWords splits a line into lower-case runs of letters and of digits; in
// scripts without spaces the runs are known words.
func chromeWords(text string) []string {
	fields := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.M, r)
	})
	var out []string
	for _, f := range fields {
		out = append(out, splitRuns(f)...)
	}
	return out
}

// splitRuns parts digits from letters, and Han characters from each other:
// "12時31分更新" gives 12, 時, 31, 分, 更新.
func splitRuns(f string) []string {
	var out []string
	start, last := 0, 0
	for i, r := range f {
		class := 1
		if unicode.IsNumber(r) {
			class = 2
		}
		if class != last && i > start {
			out = append(out, f[start:i])
			start = i
		}
		last = class
	}
	return append(out, f[start:])
}

func isNumber(w string) bool {
	for _, r := range w {
		if !unicode.IsNumber(r) {
			return false
		}
	}
	return true
}

// dateWord reports whether a word names a part of a date or a length of time.
func dateWord(w string) bool {
	switch w {
	case "jan", "january", "feb", "february", "mar", "march", "apr", "april", "may", "jun", "june", "jul", "july", "aug", "august",
		"sep", "sept", "september", "oct", "october", "nov", "november", "dec", "december",
		"mon", "monday", "tue", "tues", "tuesday", "wed", "wednesday", "thu", "thur", "thurs", "thursday", "fri", "friday", "sat", "saturday", "sun", "sunday",
		"januar", "februar", "märz", "mai", "juni", "juli", "oktober", "dezember", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "uhr",
		"janvier", "février", "mars", "avril", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
		"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "setiembre", "octubre", "noviembre", "diciembre",
		"am", "pm", "a", "p", "m", "h", "st", "nd", "rd", "th", "at", "on", "um", "am.", "à", "le", "de", "del", "el", "las", "der", "den", "vom", "of", "the",
		"gmt", "utc", "bst", "est", "edt", "pst", "pdt", "cst", "cdt", "cet", "cest", "mez", "mesz", "et", "ist",
		"second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year", "years",
		"minuten", "stunde", "stunden", "tag", "tage", "tagen", "heure", "heures", "jour", "jours", "minuto", "minutos", "hora", "horas", "día", "días",
		"年", "月", "日", "时", "時", "分", "秒", "시", "분", "년", "월", "일",
		"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
		"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря",
		"tháng", "ngày", "z", "t":
		return true
	}
	return false
}

// machineWord reports whether a word belongs to the machinery of a page.
func machineWord(w string) bool {
	switch w {
	case "updated", "update", "last", "published", "posted", "modified", "ago", "min", "mins", "hr", "hrs", "sec", "secs", "read", "now", "just", "yesterday", "today", "first", "since", "created",
		"comment", "comments", "share", "shares", "shared", "view", "views", "like", "likes", "reaction", "reactions", "retweets", "reposts", "replies", "reply",
		"print", "email", "facebook", "twitter", "x", "whatsapp", "telegram", "linkedin", "reddit", "copy", "link", "save", "listen", "bookmark", "follow", "tweet", "pin", "gift",
		"aktualisiert", "veröffentlicht", "stand", "zuletzt", "vor", "geändert", "kommentare", "kommentar", "teilen", "lesezeit", "lesedauer", "heute", "gestern", "drucken", "merken",
		"publié", "mis", "jour", "modifié", "il", "y", "depuis", "commentaires", "commentaire", "partager", "partages", "lecture", "temps", "hier", "aujourd", "hui", "imprimer",
		"publicado", "actualizado", "actualizada", "hace", "comentarios", "comentario", "compartir", "lectura", "ayer", "hoy", "guardar",
		"pubblicato", "aggiornato", "fa", "commenti", "condividi", "atualizado", "há", "comentários", "compartilhar",
		"geleden", "bijgewerkt", "reacties", "delen", "publicerad", "uppdaterad", "sedan", "oppdatert", "publisert", "opdateret", "siden",
		"منذ", "دقيقة", "دقائق", "ساعة", "ساعات", "آخر", "تحديث", "نشر", "نُشر", "قبل", "تعليق", "تعليقات",
		"更新", "发布", "發布", "分钟前", "分鐘前", "小时前", "小時前", "天前", "刚刚", "评论", "分享", "阅读", "時間前", "分前", "日前", "公開", "コメント", "最終更新", "업데이트", "입력", "수정", "전",
		"обновлено", "опубликовано", "назад", "минут", "минуты", "часа", "часов", "комментариев", "комментарии":
		return true
	}
	return false
}
