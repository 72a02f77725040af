package diff

// An Action is what became of a sentence: a link of the one alignment of
// sentences that follows from a script. Names and meaning are those of NewsEdits
// (A. Spangher et al., "NewsEdits: A News Article Revision Dataset and a Novel
// Document-Level Reasoning Challenge", NAACL 2022).
type Action struct {
	Type  ActionType `json:"type"`
	Moved bool       `json:"moved,omitempty"` // stands elsewhere (refactored), by itself or with its block; an Edited one may be moved too
	Edit  string     `json:"edit,omitempty"`  // id of the row that shows it; of the new end of a move
	Old   []Place    `json:"old,omitempty"`   // sentences of the older text; several in a merge
	New   []Place    `json:"new,omitempty"`   // sentences of the newer text; several in a split
	Runs  []Run      `json:"runs"`            // from the old sentences to the new ones, without Move
}

// An ActionType is what an action does.
type ActionType string

// The action types.
const (
	Unchanged ActionType = "unchanged" // but for typography
	Edited    ActionType = "edit"
	Addition  ActionType = "addition"
	Deletion  ActionType = "deletion"
)

// A Place is a sentence of a content.
type Place struct {
	Block    int `json:"block"`    // index of the block, from 0
	Sentence int `json:"sentence"` // index in the block, from 0
}

// Actions gives what became of every sentence of both texts, headline and other
// fields aside, in the order of the script. Each sentence of either text is in
// exactly one action.
func Actions(s Script) []Action {
	panic("not yet")
}
