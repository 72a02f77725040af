package appraise

import (
	"embed"
	"fmt"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed words/*.txt
var wordFiles embed.FS

// A lexicon holds the word lists of one language, read from words/LANGUAGE.txt.
//
// A file is lines. "#" begins a comment. "[name]" begins a list, "[name class]"
// a class of it; a list may come back with other classes. Every other line is
// entries parted by semicolons: a word or phrase, or "phrase = value". A list
// that the language has no use for, or that nobody has written, is the one line
// "none: reason". No phrase is twice in a list.
type lexicon struct {
	language string // BCP 47, first subtag; empty = no word lists
	lists    map[string]*list
}

// A list is the phrases of one section of a lexicon.
type list struct {
	phrases map[string]phrase // by the keys of its tokens, joined by spaces
	longest map[string]int    // tokens of the longest phrase, by its first token
	none    string            // why there are none
}

// A phrase is one entry of a list.
type phrase struct {
	class  string  // second word of the section's name
	value  string  // what stands after "="
	number float64 // the value, if it is a number
}

// lexicons reads all files, once.
var lexicons = sync.OnceValue(func() map[string]*lexicon {
	out := map[string]*lexicon{}
	files, err := wordFiles.ReadDir("words")
	if err != nil { // embedded: cannot fail
		panic("appraise: " + err.Error())
	}
	for _, f := range files {
		data, err := wordFiles.ReadFile(path.Join("words", f.Name()))
		if err != nil {
			panic("appraise: " + err.Error())
		}
		language := strings.TrimSuffix(f.Name(), ".txt")
		l, err := parseWords(language, string(data))
		if err != nil { // tested
			panic("appraise: " + err.Error())
		}
		out[language] = l
	}
	return out
})

// parseWords reads a file of word lists.
func parseWords(language, text string) (*lexicon, error) {
	l := &lexicon{language: language, lists: map[string]*list{}}
	var in *list
	class, n := "", 0
	for line := range strings.Lines(text) {
		n++
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if head, ok := strings.CutPrefix(line, "["); ok {
			var name string
			name, class, _ = strings.Cut(strings.TrimSuffix(head, "]"), " ")
			in = l.section(name)
			continue
		}
		if in == nil {
			return nil, fmt.Errorf("words %s:%d: entry before the first section", language, n)
		}
		if err := in.read(line, class, l); err != nil {
			return nil, fmt.Errorf("words %s:%d: %w", language, n, err)
		}
	}
	return l, nil
}

// section is the list of the name, made when it is not there.
func (l *lexicon) section(name string) *list {
	if l.lists[name] == nil {
		l.lists[name] = &list{phrases: map[string]phrase{}, longest: map[string]int{}}
	}
	return l.lists[name]
}

// read takes the entries of one line.
func (x *list) read(line, class string, l *lexicon) error {
	if reason, ok := strings.CutPrefix(line, "none:"); ok {
		x.none = strings.TrimSpace(reason)
		return nil
	}
	for entry := range strings.SplitSeq(line, ";") {
		text, value, valued := strings.Cut(entry, "=")
		p := phrase{class: class, value: strings.TrimSpace(value)}
		if valued {
			p.number, _ = strconv.ParseFloat(p.value, 64) // zero for values that are words
		}
		if err := x.put(tokens(text, l), p); err != nil {
			return err
		}
	}
	return nil
}

func (x *list) put(toks []token, p phrase) error {
	if len(toks) == 0 {
		return nil
	}
	key := joinKeys(toks)
	if _, twice := x.phrases[key]; twice {
		return fmt.Errorf("%q is there twice", key)
	}
	x.phrases[key] = p
	x.longest[toks[0].key] = max(x.longest[toks[0].key], len(toks))
	return nil
}

// joinKeys is the name of a phrase in its list.
func joinKeys(toks []token) string {
	if len(toks) == 1 {
		return toks[0].key
	}
	keys := make([]string, len(toks))
	for i, t := range toks {
		keys[i] = t.key
	}
	return strings.Join(keys, " ")
}

// at finds the longest phrase of the list that begins at token i, and of how
// many tokens it is; 0 if there is none.
func (l *lexicon) at(name string, toks []token, i int) (phrase, int) {
	x := l.lists[name]
	if x == nil || i < 0 || i >= len(toks) {
		return phrase{}, 0
	}
	for n := min(x.longest[toks[i].key], len(toks)-i); n > 0; n-- {
		if p, ok := x.phrases[joinKeys(toks[i:i+n])]; ok {
			return p, n
		}
	}
	return phrase{}, 0
}

// has reports whether the list has the word, given by its key.
func (l *lexicon) has(name, key string) bool {
	_, ok := l.word(name, key)
	return ok
}

// word is the entry of a single word, given by its key.
func (l *lexicon) word(name, key string) (phrase, bool) {
	x := l.lists[name]
	if x == nil {
		return phrase{}, false
	}
	p, ok := x.phrases[key]
	return p, ok
}

// knows reports whether the language has words in the list.
func (l *lexicon) knows(name string) bool {
	x := l.lists[name]
	return x != nil && len(x.phrases) > 0
}
