package feed

// isContainer reports whether the element holds elements; every other holds
// text.
func isContainer(atom bool, space, local string) bool {
	switch space {
	case native:
		switch local {
		case "channel", "image", "textinput", "skiphours", "skipdays", "items", "seq", "source":
			return atom || local != "source"
		case "author", "contributor":
			return atom
		}
	case "atom":
		return local == "author" || local == "contributor" || local == "source"
	case "media":
		return local == "group" || local == "content"
	}
	return false
}

// isFrame reports whether the element is part of the frame of a feed: its end
// tag is believed whatever is open within.
func isFrame(local string) bool {
	switch local {
	case "item", "entry", "channel", "rss", "rdf", "feed":
		return true
	}
	return false
}

func qualified(space, local string) string {
	if space == native {
		return local
	}
	return space + ":" + local
}

// plainName reports whether the name can be written as the name of an element
// again without doubt.
func plainName(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		digit := '0' <= c && c <= '9' || c == '-' || c == '.'
		if !('a' <= c && c <= 'z' || c == '_' || digit && i > 0) {
			return false
		}
	}
	return name != ""
}
