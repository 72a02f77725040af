// Package invent makes histories of news articles that nobody wrote, as many as
// are asked for, with the lengths and edits of real ones:
//
//   - words: a [Model], a Markov chain of order 2 (eight times of ten of order 1)
//     over texts that are given; seven of ten names and numbers are an
//     article's own, the same through all of its versions;
//   - lengths: log-normal, median 21 sentences, in paragraphs of one to three;
//   - versions: 3.6 an article on the mean, log-normal, at most 61;
//   - edits, as NewsEdits counted them (arXiv 2104.09647): 3.28 sentences added,
//     2.67 changed by some eight words, 2.04 removed a version on the mean, small
//     and large edits log-normal; one in seven changes the headline as well;
//   - sources: 500, their sizes by Zipf; half of them date the last edit;
//   - times: articles over six years, versions hours to days apart.
//
// Article i is a function of seed, texts, options and i alone: a run can begin
// anywhere, and many can work at once. Memory is that of the model (about 30
// bytes a learned word) and of one history.
//
// It is a load, not a language: it has the redundancy of news within an article
// and roughly that of English across articles, and no meaning.
package invent
