package main

import "testing"

func TestMeasureChunks(t *testing.T) {
	tests := []struct {
		name     string
		old, new string
		chunks   []chunk
		want     measure
	}{
		{"nothing differs", "The ferry sails.", "The ferry sails.", []chunk{{op: equal, text: "The ferry sails."}}, measure{}},
		{"a word is replaced", "The ferry sails.", "The tram sails.",
			[]chunk{{op: equal, text: "The "}, {op: deleted, text: "ferry"}, {op: added, text: "tram"}, {op: equal, text: " sails."}}, measure{marked: 2}},
		{"marks count no words", "The ferry sails.", "The ferry sails!",
			[]chunk{{op: equal, text: "The ferry sails"}, {op: deleted, text: "."}, {op: added, text: "!"}}, measure{}},
		{"a part of a word is the word, on each side, and cuts it", "It was unsettled.", "It was settled.",
			[]chunk{{op: equal, text: "It was "}, {op: deleted, text: "un"}, {op: equal, text: "settled."}}, measure{marked: 1, cut: 1}},
		{"a word in many pieces is one word", "statement", "settlement",
			[]chunk{{op: equal, text: "s"}, {op: added, text: "et"}, {op: equal, text: "t"}, {op: deleted, text: "at"}, {op: added, text: "l"}, {op: equal, text: "ement"}}, measure{marked: 2, cut: 2}},
		{"an apostrophe is inside a word", "We don’t.", "We can’t.",
			[]chunk{{op: equal, text: "We "}, {op: deleted, text: "don"}, {op: added, text: "can"}, {op: equal, text: "’t."}}, measure{marked: 2, cut: 2}},
		{"a mark that a chunk ends with cuts none", "One, two", "One, two",
			[]chunk{{op: equal, text: "One"}, {op: equal, text: ","}, {op: equal, text: " two"}}, measure{}},
		{"neighbours of one kind are one chunk", "ferryman", "",
			[]chunk{{op: deleted, text: "ferry"}, {op: deleted, text: "man"}}, measure{marked: 1}},
		{"what moved is not marked, and counts where it is now", "One two.\nThree four five.", "Three four six.\nOne two.",
			[]chunk{{op: added, text: "Three four ", moved: true}, {op: added, text: "six"}, {op: added, text: ".", moved: true}, glue(),
				{op: equal, text: "One two."}, glue(),
				{op: deleted, text: "Three four ", moved: true}, {op: deleted, text: "five"}, {op: deleted, text: ".", moved: true}}, measure{marked: 2, moved: 2}},
		{"white space is nobody's", "One  two\nthree", "One two three",
			[]chunk{{op: equal, text: "One two"}, {op: equal, text: "three"}}, measure{}},
		{"a word that moved in part and changed in part is marked", "ferry", "ferryman",
			[]chunk{{op: deleted, text: "ferry", moved: true}, {op: added, text: "ferry", moved: true}, {op: added, text: "man"}}, measure{marked: 1, cut: 1}},
		{"characters of a script without spaces are words", "市場は", "市は",
			[]chunk{{op: equal, text: "市"}, {op: deleted, text: "場"}, {op: equal, text: "は"}}, measure{marked: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, whole := measureChunks(tt.chunks, tt.old, tt.new)
			if got != tt.want || !whole {
				t.Errorf("got %+v, whole %v, want %+v", got, whole, tt.want)
			}
		})
	}
}

func TestMeasureChunksNotWhole(t *testing.T) {
	tests := []struct {
		name   string
		chunks []chunk
		want   measure
	}{
		{"nothing", nil, measure{}},
		{"the end is missing", []chunk{{op: equal, text: "One two"}}, measure{}},
		{"a word is missing", []chunk{{op: equal, text: "One three"}}, measure{}},
		{"a word too many, which is marked", []chunk{{op: equal, text: "One two three"}, {op: added, text: " four"}}, measure{marked: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, whole := measureChunks(tt.chunks, "One two three", "One two three")
			if whole || got != tt.want {
				t.Errorf("got %+v, whole %v, want %+v, not whole", got, whole, tt.want)
			}
		})
	}
}

func TestGitChunks(t *testing.T) {
	got := gitChunks("diff --git a/old b/new\n--- a/old\n+++ b/new\n@@ -1,2 +1,2 @@\n The\n-ferry\n+tram\n  sails.\n~\n+-- it said\n~\n")
	m, whole := measureChunks(got, "The ferry sails.", "The tram sails.\n-- it said")
	if want := (measure{marked: 4}); m != want || !whole {
		t.Errorf("got %+v, whole %v, want %+v", m, whole, want)
	}
}
