package news

// A Kind is what a change touches.
type Kind string

// The kinds, the weightiest first.
const (
	KindCorrection  Kind = "correction"  // a notice of a correction or clarification was added or changed
	KindHeadline    Kind = "headline"    // more than its typography
	KindNegation    Kind = "negation"    // a statement was negated or its modality changed: may, must, will
	KindNumber      Kind = "number"      // an amount, date, time or count in an edited sentence
	KindQuotation   Kind = "quotation"   // words inside quotation marks, or a quotation added or removed
	KindAttribution Kind = "attribution" // who says it, and by which verb
	KindName        Kind = "name"        // of a person, organisation or place, in an edited sentence
	KindLead        Kind = "lead"        // the first paragraph was rewritten
	KindStandfirst  Kind = "standfirst"
	KindRemoval     Kind = "removal"  // a whole sentence or more was taken out
	KindAddition    Kind = "addition" // a whole sentence or more is new
	KindWording     Kind = "wording"  // other words of an edited sentence
	KindMove        Kind = "move"
	KindByline      Kind = "byline"
	KindImage       Kind = "image" // picture, caption, credit or description
	KindLinks       Kind = "links"
	KindStamp       Kind = "stamp"      // "updated at" lines, the page's own dates, section, language
	KindTypography  Kind = "typography" // quotation marks, dashes, spaces, capitals alone
)

// Kinds lists every kind, the weightiest first.
var Kinds = []Kind{
	KindCorrection, KindHeadline, KindNegation, KindNumber, KindQuotation, KindAttribution, KindName, KindLead, KindStandfirst,
	KindRemoval, KindAddition, KindWording, KindMove, KindByline, KindImage, KindLinks, KindStamp, KindTypography,
}

// A Finding is one rule's evidence for one kind.
type Finding struct {
	Kind  Kind   `json:"kind"`
	Edit  string `json:"edit,omitempty"`  // id of the edit; empty in a field
	Field string `json:"field,omitempty"` // name of the field; empty in the body
	Old   string `json:"old,omitempty"`   // the words before, as published, at most appraise.MaxEvidence bytes
	New   string `json:"new,omitempty"`   // the words after
	// Of says more of the kind. A number is of people, money, percent, date, time
	// or count; a quotation is changed, added or removed; a negation is negated,
	// affirmed or modality; an attribution verb, speaker, added, removed or doubt; a
	// correction added or changed.
	Of string `json:"of,omitempty"`
	// What is what a number counts ("dead"), or whose a quotation is, where
	// that stands near.
	What string `json:"what,omitempty"`
}

// A Reason is one term of the significance.
type Reason struct {
	Name   string  `json:"name"`   // as in Weights
	Points float64 `json:"points"` // what it adds; negative where it lowers
	Count  int     `json:"count"`  // findings behind it
}

// Disclosure says whether the page admits that it was changed.
type Disclosure string

// The disclosures.
const (
	NotKnown  Disclosure = ""          // the page gives no dates on both sides, and no notice
	Silent    Disclosure = "silent"    // the text changed; none of its dates moved, no notice was added
	Disclosed Disclosure = "disclosed" // a date moved with the text
	Noticed   Disclosure = "noticed"   // a notice of a correction or clarification was added
	Bumped    Disclosure = "bumped"    // a date moved, and no word of the text
)

// An Appraisal is what a change means.
type Appraisal struct {
	Rules        int        `json:"rules"`              // number of the rules, appraise.Rules
	Language     string     `json:"language,omitempty"` // whose word lists were used; empty = none
	Kinds        []Kind     `json:"kinds"`              // in the order of Kinds
	Findings     []Finding  `json:"findings"`           // in the order of the script
	Reasons      []Reason   `json:"reasons"`            // the weightiest first; they add up to Significance
	Significance float64    `json:"significance"`       // 0 to 100
	Trivial      bool       `json:"trivial,omitempty"`
	Disclosure   Disclosure `json:"disclosure,omitempty"`
}

// Has reports whether the change is of the kind.
func (a Appraisal) Has(k Kind) bool {
	for _, have := range a.Kinds {
		if have == k {
			return true
		}
	}
	return false
}
