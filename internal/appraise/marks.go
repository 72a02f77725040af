package appraise

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A quote is a span in quotation marks, in bytes of the text that it stands in.
type quote struct {
	from, to int // with the marks
	in       span
}

// quotesIn finds the quotations of a block, in the marks of any language. What
// is quoted inside a quotation is part of it. A quotation that is not closed
// goes on to the end of the block, as it does over several paragraphs; one that
// a lone apostrophe seems to open is none.
func quotesIn(text string) []quote {
	var out []quote
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		closers := closersOf(text, i, r, n)
		if closers == "" {
			if len(out) == 0 && comesToEnd(text, i, r, n) {
				out = append(out, quote{0, i + n, span{0, i}})
			}
			i += n
			continue
		}
		end, size := closes(text, i+n, closers)
		if end < 0 {
			if !goesOn(text, i, r) {
				i += n
				continue
			}
			end, size = len(text), 0
		}
		out = append(out, quote{i, end + size, span{i + n, end}})
		i = end + size
	}
	return out
}

// closersOf gives the marks that close a quotation which begins with the rune at i;
// none if nothing begins there.
func closersOf(text string, i int, r rune, n int) string {
	switch r {
	case '“', '‟':
		return "”\"＂"
	case '„':
		return "“”\""
	case '«':
		return "»"
	case '‹':
		return "›"
	case '「':
		return "」"
	case '『':
		return "』"
	case '"', '＂', '»', '”', '\'', '‘', '‚':
	default:
		return ""
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i+n:])
	if i > 0 && !mayOpenAfter(before) || i+n >= len(text) || unicode.IsSpace(after) {
		return ""
	}
	switch r {
	case '"', '＂':
		return "\"＂”"
	case '»':
		return "«»"
	case '”':
		return "”"
	case '‚':
		return "‘’"
	}
	if !unicode.IsLetter(after) && !unicode.IsDigit(after) && !strings.ContainsRune("“\"[(…£$€", after) || elided(text[i+n:]) {
		return ""
	}
	return "’'"
}

// mayOpenAfter reports whether a quotation may begin after the rune.
func mayOpenAfter(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("([{—–-:/“„«\"‘¿¡|>，。：、；", r) || single(r)
}

// elided reports whether an apostrophe stands for letters left out before a
// word: "'90s", "'em".
func elided(rest string) bool {
	end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if end < 0 {
		end = len(rest)
	}
	switch word := strings.ToLower(rest[:end]); word {
	case "em", "n", "tis", "twas", "til", "cause", "bout", "round", "s", "t":
		return true
	default:
		return len(word) <= 3 && strings.TrimRight(word, "0123456789") != word || len(word) == 3 && word[2] == 's' && word[0] >= '0' && word[0] <= '9'
	}
}

// closes finds the mark that ends a quotation whose words begin at from, and its
// length; -1 if there is none. An apostrophe inside or at the end of a word
// ("don't", "the workers' rights") ends it only if no later one could.
func closes(text string, from int, closers string) (at, size int) {
	quotesSingle := strings.ContainsRune(closers, '’')
	doubtful, doubtfulSize := -1, 0
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	for i := from; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if strings.ContainsRune(closers, r) && i > from {
			after, _ := utf8.DecodeRuneInString(text[i+n:])
			last := i+n >= len(text)
			switch {
			case !quotesSingle:
				if r != '"' || last || !unicode.IsLetter(after) || single(after) || !unicode.IsSpace(before) {
					return i, n
				}
			case !last && (unicode.IsLetter(after) || unicode.IsDigit(after)) || unicode.IsSpace(before):
			case before == 's' && unicode.IsSpace(after):
				if doubtful < 0 {
					doubtful, doubtfulSize = i, n
				}
			default:
				return i, n
			}
		}
		if quotesSingle && r == '‘' && doubtful >= 0 {
			break // another one begins
		}
		before = r
		i += n
	}
	return doubtful, doubtfulSize
}

// goesOn reports whether a quotation that is not closed in its block is one that
// the next paragraph carries on: it opens with a mark that can only open, or
// where the block begins.
func goesOn(text string, i int, r rune) bool {
	switch r {
	case '“', '„', '«', '「':
		return true
	case '"', '»':
		return strings.TrimSpace(text[:i]) == ""
	}
	return false
}

// comesToEnd reports whether the rune at i, which opens nothing, closes a quotation
// that a paragraph before has opened: a mark that can only close, after a mark that
// ends a sentence, where the block ends.
func comesToEnd(text string, i int, r rune, n int) bool {
	if r != '”' && r != '」' || strings.TrimSpace(text[i+n:]) != "" {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	return strings.ContainsRune(".!?…。！？", before)
}
