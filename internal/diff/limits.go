package diff

// Limits and thresholds. Likeness is the Dice coefficient of two bags of words:
// twice the words in common over all words, 0 to 1.
const (
	MaxWork       = 25_000_000 // steps of one comparison
	MaxGap        = 90_000     // pairs of units that one gap may have
	MaxMoves      = 100        // blocks left over on a side that are tried as edited moves
	MaxParts      = 64         // blocks that one block is split into, or merged from
	MaxQuoted     = 3          // words of a quoted span that is kept whole
	MaxMonth      = 3          // words between the day and the year of a date
	MaxIsland     = 3          // characters of a single equal word that two larger changes absorb
	MinPair       = 0.25       // likeness of two units that are one unit changed
	MinSplit      = 0.6        // likeness of one unit and several neighbours
	MinMove       = 0.6        // likeness of a block that moved and changed
	MinMoveWords  = 4          // distinct words of such a block
	MinKept       = 0.25       // share of the shorter side's words below which a sentence is shown whole
	MinPassage    = 5          // words of a passage, less than a block, that is shown as moved
	MaxPassageGap = 4          // tokens edited in a row inside a passage that moved
)

// maxSlide is how many tokens a lone change may slide to find its boundary.
const maxSlide = 100

// A budget counts the steps of one comparison.
type budget struct {
	left  int
	short bool     // something was left undone
	room  [2][]int // working space of searches, one at a time
}

// spend takes n steps; false, and nothing taken, if there are not so many.
func (w *budget) spend(n int) bool {
	if n > w.left {
		w.short = true
		return false
	}
	w.left -= n
	return true
}
