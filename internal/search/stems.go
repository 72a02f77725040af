package search

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/irish"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/tamil"
	"github.com/blevesearch/snowballstem/turkish"
)

// snowball is the algorithm of the Snowball project for a language, by its
// primary subtag; nil when there is none.
func snowball(tag string) func(*snowballstem.Env) bool {
	switch tag {
	case "ar":
		return arabic.Stem
	case "da":
		return danish.Stem
	case "nl":
		return dutch.Stem
	case "en":
		return english.Stem
	case "fi":
		return finnish.Stem
	case "fr":
		return french.Stem
	case "de":
		return german.Stem
	case "hu":
		return hungarian.Stem
	case "ga":
		return irish.Stem
	case "it":
		return italian.Stem
	case "nb", "nn", "no":
		return norwegian.Stem
	case "pt":
		return portuguese.Stem
	case "ro":
		return romanian.Stem
	case "ru":
		return russian.Stem
	case "es":
		return spanish.Stem
	case "sv":
		return swedish.Stem
	case "ta":
		return tamil.Stem
	case "tr":
		return turkish.Stem
	}
	return nil
}

// Stemmed gives the primary subtag of a BCP 47 tag when words of the language
// are written in a way of their own in the index, and "" for all other
// languages, whose words are written alike.
func Stemmed(language string) string {
	tag := primary(language)
	if snowball(tag) == nil && tag != "az" { // Azerbaijani has its own small i
		return ""
	}
	return tag
}

// primary is the first subtag of a language tag, in lower case.
func primary(language string) string {
	tag, _, _ := strings.Cut(strings.ReplaceAll(language, "_", "-"), "-")
	return strings.ToLower(tag)
}

// stemmer gives the function that reduces a word in lower case to its stem; nil
// when the language has none.
func stemmer(tag string) func(string) string {
	reduce := snowball(tag)
	if reduce == nil {
		return nil
	}
	env := snowballstem.NewEnv("")
	return func(word string) string {
		env.SetCurrent(word)
		env.LimitBackward, env.Bra, env.Ket = 0, 0, len(word)
		reduce(env)
		if stem := env.Current(); stem != "" {
			return stem
		}
		return word
	}
}

// endings are common endings that the stemmer of a language takes off: what a
// reader who typed the beginning of a word may have had in mind.
func endings(tag string) []string {
	switch tag {
	case "en":
		return []string{"e", "s", "es", "ed", "er", "ing", "ion", "ions", "ation", "ive", "al", "ly", "ment", "ness", "y", "ies", "ity"}
	case "de":
		return []string{"e", "en", "em", "er", "es", "ern", "ung", "ungen", "lich", "isch", "keit", "heit", "ig"}
	case "fr":
		return []string{"e", "s", "es", "er", "ez", "é", "ée", "és", "ent", "ant", "ion", "ions", "ation", "ement", "ité", "ique", "eur", "euse"}
	case "es":
		return []string{"a", "o", "as", "os", "ar", "er", "ir", "ando", "iendo", "ado", "ada", "ción", "ciones", "mente", "idad"}
	case "it":
		return []string{"a", "o", "e", "i", "are", "ere", "ire", "ando", "endo", "ato", "ata", "zione", "zioni", "mente", "ità"}
	case "pt":
		return []string{"a", "o", "as", "os", "ar", "er", "ir", "ando", "endo", "ado", "ada", "ção", "ções", "mente", "idade"}
	case "nl":
		return []string{"e", "en", "s", "t", "te", "ten", "ing", "ingen", "heid", "lijk", "ig"}
	case "sv", "da", "nb", "nn", "no":
		return []string{"a", "e", "en", "er", "et", "ar", "ade", "ene", "erne", "ning", "het", "hed", "lig"}
	case "ru":
		return []string{"а", "я", "ы", "и", "у", "ю", "е", "о", "ой", "ом", "ам", "ах", "ов", "ать", "ить", "ый", "ого", "ия", "ии", "ение", "ность"}
	}
	return nil
}
