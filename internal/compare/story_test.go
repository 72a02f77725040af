package compare_test

import "testing"

func TestStories(t *testing.T) {
	for _, s := range []story{
		{title: "An edit of a well-known paragraph needs one look", first: "A B C", seen: 3,
			steps: []string{"A B' C", "changed +B' -B | A B' C"}},
		{title: "An edit of a text seen twice waits for the second look", first: "A B C", seen: 2,
			steps: []string{"A B' C", "pending suspect | A B C"}},
		{title: "and is believed when the second look has it too", first: "A B C", seen: 2,
			steps: []string{"A B' C / A B' C", "changed +B' -B | A B' C"}},
		{title: "or when the next visit has it", first: "A B C", seen: 2,
			steps: []string{"A B' C", "pending suspect | A B C", "A B' C", "changed +B' -B | A B' C"}},
		{title: "A new last paragraph is believed at the second look", first: "A B C", seen: 3,
			steps: []string{"A B C D / A B C D", "changed +D | A B C D"}},
		{title: "A new paragraph waits after one look", first: "A B C", seen: 3,
			steps: []string{"A B D C", "pending suspect | A B C", "A B D C", "changed +D | A B D C"}},
		{title: "A well-known paragraph that goes alone is believed at the second look", first: "A B C D E", seen: 30,
			steps: []string{"A B D E", "pending suspect | A B C D E", "A B D E", "changed -C | A B D E"}},
		{title: "An edited paragraph that goes back is a change again", first: "A B C", seen: 3,
			steps: []string{"A B' C", "changed +B' -B | A B' C",
				"A B' C", "same | A B' C", "A B' C", "same | A B' C", "A B C / A B C", "changed +B -B' | A B C"}},
		{title: "Two edits at once", first: "A B C D", seen: 3,
			steps: []string{"A' B C D'", "changed +A' +D' -A -D | A' B C D'"}},
		{title: "A page that says the same is no change", first: "A B C ~ad1", seen: 1,
			steps: []string{"A B C ~ad1", "same | A B C", "~ad2 A B C", "same | A B C"}},
		{title: "A block that extraction now leaves out still stands", first: "A B C", seen: 3,
			steps: []string{"A ~B C", "same | A B C", "A B' C", "changed +B' -B | A B' C"}},
		{title: "A block that was on the page all along has not come", first: "A ~X B", seen: 3,
			steps: []string{"A X B", "same | A B"}},
		{title: "What never entered does not enter with the next edit", first: "A ~X B", seen: 3,
			steps: []string{"A X B'", "changed +B' -B | A B'"}},
		{title: "Text from the page's metadata counts as text", first: "A meta:B", seen: 3,
			steps: []string{"A meta:B", "same | A B", "A meta:B'", "changed +B' -B | A B'"}},
		{title: "Captions make no change by themselves", first: "A |c B", seen: 3,
			steps: []string{"A |d B", "same | A |c B", "A |d B'", "changed +B' -B | A |d B'"}},
		{title: "A caption that goes leaves the text alone", first: "|c A B", seen: 3,
			steps: []string{"A B", "same | |c A B"}},

		{title: "A paragraph that moves is believed when two looks agree", first: "A B C D", seen: 3,
			steps: []string{"D A B C / D A B C", "changed moved | D A B C"}},
		{title: "A move seen once waits", first: "A B C", seen: 3,
			steps: []string{"C A B", "pending suspect | A B C"}},
		{title: "A move that the second look contradicts is none", first: "A B C", seen: 3,
			steps: []string{"C A B / A B C", "same | A B C", "C A B / B A C", "same | A B C"}},
		{title: "A paragraph printed twice is another order of a well-known text", first: "A B C", seen: 3,
			steps: []string{"A B A C / A B A C", "changed moved | A B A C"}},
		{title: "A paragraph printed twice says nothing of a text that is new", first: "A B C", seen: 2,
			steps: []string{"A B A C / A B A C", "same | A B C"}},

		{title: "Paragraphs that a new template joins are the same text", first: "A B C D", seen: 1,
			steps: []string{"@2 A B+C D", "same | A B C D", "@2 A B+C D", "same | A B C D", "@3 A B C D", "same | A B C D"}},
		{title: "A paragraph cut in two by a template is the same text, and an edit of one piece is an edit of that", first: "A B+C D", seen: 3,
			steps: []string{"@2 A B C D", "same | A B+C D", "@2 A B' C D", "changed +B' -B | A B' C D"}},
		{title: "A whole text joined into one and cut again by templates", first: "A B C", seen: 1,
			steps: []string{"@2 A+B+C", "same | A B C", "@3 A B C", "same | A B C", "@4 A+B+C", "same | A B C"}},
		{title: "An editor's cut of a paragraph is a change, accepted as a whole", first: "A B+C D", seen: 3,
			steps: []string{"A B C D / A B C D", "changed +B +C -B+C | A B C D"}},
		{title: "A text cut otherwise and edited at once is an edit", first: "A B+C D", seen: 3,
			steps: []string{"A B' C D / A B' C D", "changed +B' +C -B+C | A B' C D"}},
		{title: "Pieces that only one look has are not taken over", first: "A B+C D", seen: 3,
			steps: []string{"A B+C D / A B C D",
				"(B: it comes and goes) (C: it comes and goes) (no-B+C: it comes and goes) | A B+C D"}},

		{title: "A paragraph that another is believed to have replaced is gone", first: "A B C", seen: 2,
			steps: []string{"A D C ~ad1 / A D C ~ad2", "changed +D -B | A D C"}},
		{title: "What the second look contradicts is set aside", first: "A B C", seen: 3,
			steps: []string{"A B D C / A B C", "(D: it comes and goes) | A B C"}},
		{title: "What only the second look shows is set aside", first: "A B C", seen: 3,
			steps: []string{"A B C / A B D C", "(D: it comes and goes) | A B C"}},
		{title: "An edit that only the second look shows is believed at the next visit", first: "A B C", seen: 2,
			steps: []string{"A B C / A B' C", "(B': it comes and goes) (no-B: it comes and goes) | A B C",
				"A B' C / A B' C", "changed +B' -B | A B' C"}},
		{title: "An edit that the second look takes back is none", first: "A B C", seen: 2,
			steps: []string{"A B' C / A B C", "(B': it comes and goes) (no-B: it comes and goes) | A B C",
				"A B C", "same | A B C"}},

		{title: "An advert of the first page keeps its place behind a paragraph that is edited", first: "A ad1 B C", seen: 3,
			steps: []string{"A ad2 B C / A ad3 B C", "(ad2: it comes and goes) (ad3: it comes and goes) pending | A ad1 B C",
				"A' ad4 B C / A' ad5 B C", "changed +A' -A (ad4: it comes and goes) (ad5: it comes and goes) pending | A' ad1 B C"}},

		{title: "An empty text stays empty", first: "", seen: 1,
			steps: []string{"", "same | ", "/", "same | "}},
		{title: "An empty text gets its first paragraph", first: "", seen: 3,
			steps: []string{"A / A", "changed +A | A"}},
		{title: "A text that is gone as a whole is suspect, and waits", first: "A B C", seen: 3,
			steps: []string{"", "pending suspect | A B C"}},
		{title: "Most of the text gone is suspect", first: "A b B C", seen: 30,
			steps: []string{"A B C", "pending suspect | A b B C"}},

		{title: "An edit in Chinese", first: "中A 中B 中C", seen: 3,
			steps: []string{"中A 中B' 中C", "changed +中B' -中B | 中A 中B' 中C"}},
		{title: "An edit in Thai", first: "ไA ไB ไC", seen: 3,
			steps: []string{"ไA ไB' ไC", "changed +ไB' -ไB | ไA ไB' ไC"}},
		{title: "A new paragraph in Chinese", first: "中A 中B", seen: 3,
			steps: []string{"中A 中B 中C / 中A 中B 中C", "changed +中C | 中A 中B 中C"}},
	} {
		s.run(t)
	}
}

func TestHeadlines(t *testing.T) {
	for _, s := range []story{
		{title: "A new headline of a well-known text needs one look", first: "A", seen: 3,
			steps: []string{"A H=k", "changed headline | A"}},
		{title: "A new headline of a text seen twice waits", first: "A", seen: 2,
			steps: []string{"A H=k", "pending suspect | A", "A H=k", "changed headline | A"}},
		{title: "A new headline that two looks show is believed", first: "A", seen: 1,
			steps: []string{"A H=k / A H=k", "changed headline | A"}},
		{title: "A headline that the second look takes back is none", first: "A", seen: 1,
			steps: []string{"A H=k / A", "same | A"}},
		{title: "A headline that only the second look has waits", first: "A", seen: 3,
			steps: []string{"A / A H=k", "pending | A", "A H=k", "changed headline | A"}},
		{title: "A headline that waits and is not there again is forgotten", first: "A", seen: 1,
			steps: []string{"A H=k", "pending suspect | A", "A", "same | A"}},
		{title: "A headline that goes away needs two looks", first: "A", seen: 9,
			steps: []string{"A H=", "pending suspect | A", "A H=", "changed headline | A"}},
		{title: "A headline that was on the page all along, beside the old one, is none", first: "~k A", seen: 3,
			steps: []string{"~h A H=k", "same | A"}},
		{title: "A new standfirst of a well-known text needs one look", first: "A", seen: 3,
			steps: []string{"A S=k", "changed standfirst | A"}},
		{title: "A standfirst that goes away needs two looks", first: "A", seen: 9,
			steps: []string{"A S= / A S=", "changed standfirst | A"}},
		{title: "A standfirst that a new template drops is no news", first: "A", seen: 9,
			setup: func(a *article) { a.known.Redesign = true },
			steps: []string{"A S= / A S=", "same | A"}},
		{title: "A headline changed with a new template is news", first: "A", seen: 9,
			setup: func(a *article) { a.known.Redesign = true },
			steps: []string{"A H=k", "changed headline | A"}},
	} {
		s.run(t)
	}
}

func TestFurniture(t *testing.T) {
	template := func(tokens ...string) func(*article) {
		return func(a *article) {
			a.known.Template = map[uint64]bool{}
			for _, x := range tokens {
				a.known.Template[a.page(x).Blocks[0].Key] = true
			}
		}
	}
	redesign := func(a *article) { a.known.Redesign = true }
	for _, s := range []story{
		{title: "A block that many articles have does not come", first: "A B", seen: 3, setup: template("X"),
			steps: []string{"A X B / A X B", "(X: many articles of the source have it) | A B"}},
		{title: "nor does it go", first: "A X B", seen: 3, setup: template("X"),
			steps: []string{"A B / A B", "(no-X: many articles of the source have it) | A X B"}},
		{title: "A short text that comes after the text with a new template is part of that", first: "A B", seen: 3, setup: redesign,
			steps: []string{"A B x / A B x", "(x: came or went with a new template) | A B"}},
		{title: "One that goes before the text is too", first: "x A B", seen: 3, setup: redesign,
			steps: []string{"A B / A B", "(no-x: came or went with a new template) | x A B"}},
		{title: "A short text within the text is the article's", first: "A B", seen: 3, setup: redesign,
			steps: []string{"A x B / A x B", "changed +x | A x B"}},
		{title: "A long one is not", first: "A B", seen: 3, setup: redesign,
			steps: []string{"A X B / A X B", "changed +X | A X B"}},
		{title: "Another order that comes with a new template is its doing", first: "A B C", seen: 3, setup: redesign,
			steps: []string{"C A B / C A B", "same | A B C"}},
		{title: "A block that an ignore rule matches does not come", first: "A B", seen: 3,
			steps: []string{"A 7!X B", "(X: ignore rule 7) | A B"}},
		{title: "A block of the text that a rule now matches still stands", first: "A B C", seen: 3,
			steps: []string{"A 7!B C", "same | A B C", "A C / A C", "(no-B: an ignore rule matches it) | A B C"}},
		{title: "and is the article's again when the rule is withdrawn", first: "A B C", seen: 30,
			steps: []string{"A 7!B C", "same | A B C", "A B C", "same | A B C", "A C / A C", "changed -B | A C"}},
		{title: "What a rule held back is not news when the rule is withdrawn", first: "A 7!X B", seen: 3,
			steps: []string{"A X B", "same | A B"}},
	} {
		s.run(t)
	}
}
