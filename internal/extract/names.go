package extract

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	rxBy = regexp.MustCompile(`(?i)^\W*(` + byWords + `)(\s*[:：]\s*|\s+|$)`)
	// A date, or what else stands behind a name on its line.
	rxTail   = regexp.MustCompile(`(?i)\s*([•·|│—–]| - |-\s*\d|\(|（|<|\b(updated|published|posted|last (updated|modified)|aktualisiert|veröffentlicht|publié|publicado|pubblicato|gepubliceerd|on (mon|tues|wednes|thurs|fri|satur|sun)day)\b|\b(on )?\d{1,2}[./ ]|\b(on )?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b|\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*, |\d{4}[-/年]).*$`)
	rxMail   = regexp.MustCompile(`\S+@\S+\.\S+`)
	rxNoName = regexp.MustCompile(`(?i)^\W*((about |by |the )?(the )?authors?|by|staff|admin(istrator)?|editor(s)?|skip to content|share|follow|home|contributors?|written by|posted by|reported by|unknown|null|undefined|none|n/?a|guest|redaktion|redaction|rédaction|redacción|redazione|autor(in|en)?|auteure?s?|автор(ы)?|user|root|wordpress|anonymous|view all posts.*|more (by|from).*|all posts.*|read more|biography|profile|verified|see all.*|listen.*)\W*$`)
	rxReport = newPattern(`\s*(记者|記者|기자|특파원|通讯员|编辑)$`)
)

// byWords begin a line that names the authors, in the languages of the larger
// news markets.
const byWords = `(story |report |article |words |text |analysis |recipe |reporting |review |photos? |article |posted |written |published |reported |authored |edited |compiled |created |guest post )+by|by|von|par|por|di|da|door|av|af|od|autor(in|en|zy|ka|i|es|a|as)?|autore|autori|auteure?s?|authors?|texte?|texto|testo|tekst|text( av| von)?|écrit par|publié par|propos recueillis par|escrito por|publicado por|scritto da|a cura di|geschreven door|skrevet av|skriven av|kirjoittanut|napsal[ai]?|szerző|írta|yazan|yazar|haber|penulis|oleh|reporter|redaktur|tác giả|автор(ы)?|текст|от|عن|كتب|كتبت|بقلم|作者|文|撰文|记者|記者|本报记者|責任編集|责任编辑|责编|编辑|執筆|文・|取材・文|글|기자`

// cleanName takes off what is no part of a name: "by", addresses, dates, what
// stands in brackets. It is empty when nothing of a name is left.
func cleanName(s string) string {
	if strings.Contains(s, "@") {
		s = rxMail.ReplaceAllString(s, "")
	}
	s = tidy(s)
	for range 2 {
		if m := rxBy.FindStringIndex(s); m != nil && (m[1] < len(s) || m[1] == len(s)) {
			s = s[m[1]:]
		}
	}
	if m := rxTail.FindStringIndex(s); m != nil && m[0] > 0 {
		s = s[:m[0]]
	}
	s = strings.Trim(s, " \t,;:/&+|-–—•·\"“”„<>")
	if m := rxReport.FindStringIndex(s); m != nil {
		s = s[:m[0]]
	}
	switch {
	case s == "" || s[0] == '(' || s[0] <= '9' && s[0] >= '0' || len(s) > maxName || strings.Contains(s, "://") || strings.HasPrefix(s, "@") || strings.HasPrefix(s, "www."):
		return ""
	case rxNoName.MatchString(s) || !lettered(s):
		return ""
	}
	return s
}

// lettered reports whether a text is made more of letters than of digits.
func lettered(s string) bool {
	n, digits := 0, 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		} else if unicode.IsDigit(r) {
			digits++
		}
	}
	return n >= 2 && n > digits
}

var (
	rxParts = regexp.MustCompile(`\s*(?:;|、|・|\s/\s|\||•|⋅|\n|\t)\s*`)
	rxAnd   = regexp.MustCompile(`(?i),?\s+(?:and|und|et|y|og|och|en|ja|e|i|ve|dan|и|&|\+|with|mit|avec|con)\s+`)
)

// splitNames parts a line of names: at marks that stand between names, and at
// commas and words for "and" where there is a person on either side. A name
// that a title follows ("A Ruud, MD") loses the title; one that holds an "and"
// ("Morgan & Moe") stays whole.
func splitNames(s string) []string {
	if len(s) > maxSigner {
		return nil
	}
	var out []string
	for _, part := range rxParts.Split(rxBy.ReplaceAllString(s, ""), -1) {
		commas := strings.Split(strings.ReplaceAll(part, "，", ","), ",")
		head := commas[0]
		for i, c := range commas {
			c = strings.TrimPrefix(strings.TrimSpace(c), "and ")
			if pair := rxAnd.Split(c, -1); persons(pair) {
				out = append(out, pair...)
			} else if i == 0 || person(cleanName(c)) && person(cleanName(head)) {
				out = append(out, c)
			}
		}
	}
	return out
}

// persons reports whether all texts are names of persons.
func persons(list []string) bool {
	for _, s := range list {
		if !person(cleanName(s)) {
			return false
		}
	}
	return true
}

// person reports whether a text has the shape of a person's name: two or more
// words with capitals, or a short word of a script without them.
func person(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 || len(words) > maxWords {
		return false
	}
	if r := []rune(words[0]); len(words) == 1 && !unicode.IsUpper(r[0]) && !unicode.IsLower(r[0]) {
		return len(r) >= 2 && len(r) <= 8 && unicode.IsLetter(r[0])
	}
	capitals := 0
	for _, w := range words {
		r := []rune(strings.TrimLeft(w, `"'“‘(.`))
		if len(r) == 0 || strings.ContainsAny(w, "0123456789@:!?=") {
			return false
		}
		if unicode.IsUpper(r[0]) || !unicode.IsLower(r[0]) {
			capitals++
		}
	}
	return len(words) >= 2 && capitals >= 2
}

// handle reports whether a name is a log-in name or an address rather than
// what people are called: one word without a capital.
func handle(s string) bool {
	r := []rune(s)
	return len(r) > 0 && !strings.ContainsRune(s, ' ') && unicode.IsLower(r[0])
}

// agency reports whether a name is that of a news agency, in the short form in
// which they sign.
func agency(s string) bool {
	switch strings.ToLower(s) {
	case "afp", "ap", "dpa", "apa", "sda", "ats", "keystone-sda", "reuters", "ansa", "efe", "lusa", "anp", "belga", "ntb", "tt", "ritzau", "stt", "pap", "ctk", "čtk", "mti", "tass", "interfax", "xinhua", "kyodo", "jiji", "yonhap", "pti", "ani", "aap", "upi", "epd", "kna", "sid":
		return true
	}
	return false
}

// nameLike reports whether a text may be a name at all: few words, no figures,
// a capital first or a script without them.
func nameLike(s string) bool {
	r := []rune(s)
	return len(r) >= 2 && !unicode.IsLower(r[0]) && len(strings.Fields(s)) <= maxWords && !strings.ContainsAny(s, "0123456789?!:=") && (len(strings.Fields(s)) > 1 || len(r) <= 20)
}

// letterKey is a text's letters and digits in lower case, for rough
// comparison.
func letterKey(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
