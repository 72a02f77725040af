// Package appraise says what a change of an article means: its kinds, with the
// words that are evidence for each; its significance, a sum of named reasons;
// and whether the page admits it. It is pure: two contents and their edit
// script in, a [news.Appraisal] out, always the same for the same three.
//
// # Findings
//
// Every kind is found by rules that a reader can have explained. A rule looks at
// what the script marks and at the sentence around it, and leaves a [news.Finding]:
// the edit, the words before and after, and what they are (a number of people,
// a quotation that was removed and whose). A finding is shown as the answer to
// "why?". There is no score that cannot be taken apart.
//
//   - Numbers, names, negations, quotations and attributions are compared inside
//     sentences that stand on both sides, edited. A sentence that is new or gone
//     as a whole is an addition or a removal; but one that came where another
//     went, and shares a fair part of its words, is that one rewritten. Text that
//     stands in the other body all the same, cut otherwise, neither came nor went.
//   - Passages that moved are a move; only what was edited on the way is more. One
//     that lost half of its words on the way went, and another came.
//   - A statement that a removed sentence made and an added one denies, in the same
//     words, was negated.
//   - Lines that only tell when a page was updated, lead to other pages or offer a
//     file, name who wrote it or describe a picture are stamps, links, bylines and
//     images, whatever numbers and names are in them; so are the title of a file
//     above the line that offers it, and notes on its formats below. Inside a text,
//     a date behind "last updated", a file and the markup of an image are found
//     beside the rest.
//   - Typography (marks, spaces, capitals, where words and paragraphs are parted,
//     numbers of list items, addresses within a sentence) is found only where no
//     words changed beside it; headline and standfirst are each for themselves.
//
// # Numbers
//
// A number is read with its value and what it is of: digits of any script with
// the separators of the language, words ("two hundred and five"), scales,
// currencies, percent, dates, times of day. Equal values drop out, however they
// are spelled and wherever in the sentence they stand. Of the rest, those that
// count the same thing or face each other are one change, old and new; others
// came or went. Digits that count nothing are no numbers: addresses,
// telephone numbers, versions, names ("COVID-19"), numbers of list items, sizes
// of files. Words that are often no number ("one", "both", "first") are one
// only where a number faces them.
//
// # Names
//
// Names are told by capitals, so only where a language uses them for names: a
// capitalised word that does not begin its sentence, or is known from elsewhere
// on the page; in German two side by side, as every noun has one; acronyms
// everywhere. In Arabic and Chinese only the few words beside a title are names.
// A word that the other side has anywhere in the sentence, in any case, neither
// came nor went; nor did an acronym whose words the other side has.
//
// # Languages
//
// What depends on words is data: a file of word lists for each language under
// words/. For a language without a file only the rules that need no words apply
// (digits, quotation marks, structure), and the appraisal names no language.
//
// # Significance
//
// Each finding gives the points of its reason; more findings of one kind give
// less each, so that no kind runs away. Reasons have names, and the weights are
// configuration ([Weights]). Below [TrivialBelow] points a change is trivial. By
// construction a change with a number, name, negation or quotation finding is
// never trivial, and one that holds only typography, stamps, links, bylines,
// pictures is always.
package appraise
