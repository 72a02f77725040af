// Package diff compares two contents of one article and gives one edit script
// as data, from which every view is rendered: inline, side by side, plain,
// JSON. It is pure: no clock, no input or output, and the same two contents
// always give the same script.
//
// # What it takes and gives
//
// [Compare] takes the older and the newer [news.Content] and gives a [Script]:
// a [FieldEdit] for each field that differs, an [Edit] for each row of the body
// (unchanged rows too), the steps of the lists that differ, and counts of words.
// [Plain], [HTML], [Mail], [RemovedOnly], [SideBySide] and [Snippet] render it,
// none with characters that could hide or reorder what it shows ([Visible]).
// [Actions] tells what became of each sentence, [Ages] of those of the last of
// several contents.
//
// # What it promises
//
//   - [Apply] on the older content gives the newer one, [Revert] on the newer
//     the older, exactly: all fields, blocks, links and claims. Empty lists
//     come back as nil, times in UTC and whole seconds, as in the canonical form
//     of a content.
//   - Comparing a content with itself gives an empty script.
//   - In each list of runs the equal and deleted texts make the old text, the
//     equal and inserted texts the new text, byte for byte; in a change the
//     deletion comes before the insertion.
//   - A boundary between runs is never inside a word, a number (with its
//     separators, sign, currency and percent), a date in digits or East Asian
//     characters, an address of the web or of mail, or a quoted span of at most
//     [MaxQuoted] words. Of a date in words the parts that changed are marked; all
//     of it if day and year both did.
//
// # In which order it decides
//
//  1. Texts are folded ([news.Fold]) for matching only. What is shown is what
//     was published; texts that differ only in folding make an edit marked
//     Typography, and count no words.
//  2. Blocks that are the same byte by byte at both ends are set aside. Of the
//     others those with equal folded texts are anchored: the longest common
//     subsequence of blocks.
//  3. Between two anchors, blocks are aligned in order so that the sum of
//     squared likeness is greatest. Likeness is the Dice coefficient of the two
//     bags of words, in which a word weighs the more the fewer blocks have it;
//     one old and one new block pair from [MinPair], one with two to [MaxParts]
//     neighbours (a split, a merge) from [MinSplit] if at least half of each
//     neighbour is found in the one. Posts of a live blog pair by their ids.
//  4. What is left over anywhere is tried as moves: equal texts always, then
//     the most alike first from [MinMove] if both have [MinMoveWords] distinct
//     words. What is left then is removed or added.
//  5. Inside a pair, sentences (UAX #29) are aligned by the same two steps, and
//     inside a pair of sentences words (UAX #29; one character in Han and kana,
//     one grapheme in Thai, Lao, Khmer and Burmese) by their longest common
//     subsequence.
//  6. Each lone insertion or deletion slides to the best boundary it can have
//     (paragraph, sentence, clause, then leftmost). An equality without a word
//     between two changes is given up, and so is a single word of at most
//     [MaxIsland] characters between two changes of at least two words. If less
//     than [MinKept] of the words of the shorter side are left equal, the
//     sentence is shown whole, old and new.
//  7. Among all words that are unmatched by now, passages that moved are looked
//     for: the same words in a row on both sides, at least [MinPassage] with those
//     behind gaps of at most [MaxPassageGap] tokens. The longest go first. They
//     stay deletion and insertion, named by [Run.Move], and count as neither.
//
// # Limits
//
// All work is counted in steps; one comparison has [MaxWork] of them, whatever
// the size of the contents. Where the steps run out, or a gap has more than
// [MaxGap] pairs of units, or more than [MaxMoves] blocks are left over on a
// side, the answer is coarser, still exact, and [Script.Approximate] says so: only
// long equal stretches are found, blocks are paired by equal bags of words and by
// words that only the two have, and more may be marked than changed.
//
// # Sources
//
// E. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), with the
// linear-space refinement; M. Wise, "String Similarity via Greedy String Tiling
// and Running Karp-Rabin Matching" (1993), for passages; K. Spärck Jones, "A
// Statistical Interpretation of Term Specificity" (1972), for the weight of words;
// Unicode Standard Annex #29 for words and sentences.
package diff
