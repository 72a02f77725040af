package feed

import "fmt"

// notes says in words what was done to the document.
func (m *mender) notes() []string {
	var notes []string
	say := func(n int, one, many, done string) {
		if n > 0 {
			notes = append(notes, count(n, one, many)+" "+done)
		}
	}
	say(m.extra, "entry", "entries", pastLimit(MaxEntries))
	say(m.surplus, "element", "elements", pastLimit(MaxMembers)+" (per entry)")
	say(m.texts, "text", "texts", fmt.Sprintf("cut at %d bytes", MaxText))
	say(m.deep, "element", "elements", fmt.Sprintf("nested deeper than %d left out", MaxDepth))
	say(m.namespaces, "namespace declaration", "namespace declarations", pastLimit(MaxNamespaces))
	say(m.attrs, "attribute", "attributes", pastLimit(MaxAttributes)+" (per element)")
	say(m.closed, "element", "elements", "without an end ended")
	say(m.unopened, "end tag", "end tags", "without a start left out")
	return notes
}

// count says how many of something there are.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func pastLimit(limit int) string { return fmt.Sprintf("past the limit of %d left out", limit) }
