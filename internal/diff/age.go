package diff

import "stet/internal/news"

// An Age is the history of a sentence of the last of several versions. Versions
// are named by their index in the list, from 0.
type Age struct {
	Place Place  `json:"place"`
	Text  string `json:"text"` // as published, with the white space behind it
	// Since is the version that brought the sentence in; a sentence that was
	// edited, moved, split or merged keeps the Since of what it was made from, the
	// earliest of several, and one that came back the one it had.
	Since int `json:"since"`
	// Edited is the last version that altered its words; Since if none did.
	Edited int `json:"edited"`
	// Gone and Back are the version that lacked the sentence as it reads now or
	// then, and the later one that had it again; the last such absence. Both 0 if
	// there was none.
	Gone int `json:"gone,omitempty"`
	Back int `json:"back,omitempty"`
}

// Ages gives the history of each sentence of the body of the last version, in
// reading order. Each version is compared with the next, once; sentences are
// followed by [Actions], and those that came back are known by their folded
// text.
func Ages(versions []news.Content) []Age {
	if len(versions) == 0 {
		return nil
	}
	past := map[string]stay{}
	var now []Age
	for k, c := range versions {
		before := now
		now = sentencesOf(c, k)
		if k > 0 {
			inherit(before, now, Actions(Compare(versions[k-1], c)), past, k)
		}
		for _, a := range now {
			past[news.Fold(a.Text)] = stay{last: k, age: a}
		}
	}
	return now
}

// Survival is the share, 0 to 1, of the words of the first version, in
// headline, standfirst and body, that stand in the last one, wherever they
// stand; 1 if the first has no words.
func Survival(versions []news.Content) float64 {
	if len(versions) == 0 {
		return 1
	}
	s := Compare(versions[0], versions[len(versions)-1])
	if s.WordsOld == 0 {
		return 1
	}
	return 1 - float64(s.WordsRemoved)/float64(s.WordsOld)
}

// A stay is the last version that a text stood in, and what it was there.
type stay struct {
	last int
	age  Age
}

// sentencesOf is the sentences of version k as if it had brought all in.
func sentencesOf(c news.Content, k int) []Age {
	var out []Age
	for i, b := range c.Blocks {
		for n, text := range Sentences(b.Text) {
			out = append(out, Age{Place: Place{i, n}, Text: text, Since: k, Edited: k})
		}
	}
	return out
}

// inherit gives the sentences of version k the history of those of the version
// before that they were made from, or of those that had their text once.
func inherit(before, now []Age, actions []Action, past map[string]stay, k int) {
	old, new := byPlace(before), byPlace(now)
	for _, a := range actions {
		for _, at := range a.New {
			age := new[at]
			for i, from := range a.Old {
				age.follow(*old[from], i == 0)
			}
			if a.Type == Unchanged {
				continue
			}
			if a.Type == Edited {
				age.Edited = k
			}
			if was, ok := past[news.Fold(age.Text)]; ok && was.last < k-1 {
				if a.Type == Addition {
					age.Since, age.Edited = was.age.Since, was.age.Edited
				}
				age.Gone, age.Back = was.last+1, k
			}
		}
	}
}

func byPlace(ages []Age) map[Place]*Age {
	m := make(map[Place]*Age, len(ages))
	for i := range ages {
		m[ages[i].Place] = &ages[i]
	}
	return m
}

// follow takes over the history of a sentence that this one was made from, the
// first or a further one.
func (a *Age) follow(from Age, first bool) {
	if first {
		a.Since, a.Edited = from.Since, from.Edited
	}
	a.Since, a.Edited = min(a.Since, from.Since), max(a.Edited, from.Edited)
	if from.Back > a.Back {
		a.Gone, a.Back = from.Gone, from.Back
	}
}
