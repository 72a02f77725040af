package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"stet/internal/crawl"
	"stet/internal/diff"
	"stet/internal/news"
	"stet/internal/store"
)

func diffCommand() *cobra.Command {
	var c Config
	var view string
	var around int
	var derived bool
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Show what differs between two pages, texts or versions",
		Long: `Show what differs between A and B. Each is an HTML page or a text file, "-", an
address, or a version of the store as ARTICLE/NUMBER. Files and addresses need
no database. Views:

  inline   for people: [-old-]{+new+}; colour on a terminal
  split    side by side
  plain    as inline, never coloured
  removed  what was taken out, and nothing else
  html     a fragment for feed readers
  mail     the same for mail, with styles and marks of its own
  why      what the change means: its kinds with the words that show them, and
           how its significance adds up
  json     the edit script with that appraisal (docs/formats.md)
  actions  what became of each sentence, a JSON object a line (docs/formats.md)

A passage that moved is [~m1: text~] where it stood and {~m1: text~} where it
stands. Characters that are not seen and could hide or reorder text are written
out, as in ⟦U+202E⟧; json and actions have them as they are.

With --derived a version's derived text (see stet reextract) is used where there
is one, and said so. With --derived and one version alone, its recorded text is
compared with the derived one.

Exit code 0 whether they differ or not; 3 when one of them holds no article.`,
		Example: "  stet diff noon.html evening.html\n  stet diff --view json 17/0 17/3\n  stet diff --derived 17/3",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.check(); err != nil {
				return err
			}
			p, err := compareArgs(cmd, &c, args, derived)
			if err != nil {
				return err
			}
			if asJSON, _ := cmd.Flags().GetBool("json"); asJSON && view != "actions" {
				view = "json"
			}
			return p.show(cmd.OutOrStdout(), view, around)
		},
	}
	c.dataFlag(cmd.Flags())
	c.netFlags(cmd.Flags())
	c.weightsFlag(cmd.Flags())
	cmd.Flags().StringVar(&view, "view", "inline", "inline, split, plain, removed, html, mail, why, json or actions")
	cmd.Flags().IntVar(&around, "context", 1, "unchanged paragraphs shown around a change; -1 shows all")
	cmd.Flags().BoolVar(&derived, "derived", false, "use the derived text of a version where there is one")
	return cmd
}

// A compared value is two contents, what differs, and what that means.
type compared struct {
	old, now  news.Content
	script    diff.Script
	appraisal news.Appraisal
}

// compareArgs compares two arguments, or a version with its own derived text.
func compareArgs(cmd *cobra.Command, c *Config, args []string, derived bool) (p compared, err error) {
	if len(args) == 1 && (!derived || !versionArg.MatchString(args[0])) {
		return p, usage("such as stet diff --derived 17/3", "one argument: want two, or --derived and a version")
	}
	if p.old, err = readContent(cmd, c, args[0], derived && len(args) == 2); err != nil {
		return p, err
	}
	if p.now, err = readContent(cmd, c, args[len(args)-1], derived); err != nil {
		return p, err
	}
	p.script, p.appraisal = appraisal(p.old, p.now, c.Significance)
	return p, nil
}

var versionArg = regexp.MustCompile(`^([0-9]+)/([0-9]+)$`)

// readContent reads an argument of stet diff.
func readContent(cmd *cobra.Command, c *Config, arg string, derived bool) (news.Content, error) {
	if m := versionArg.FindStringSubmatch(arg); m != nil {
		return storedContent(cmd, c, m[1], m[2], derived)
	}
	d, err := readDocument(cmd, c, arg, "", crawl.Article)
	if err != nil {
		return news.Content{}, err
	}
	if d.contentType == "text/plain" || !looksHTML(d.body) {
		return textContent(d.body), nil
	}
	r := d.page()
	if r.Outcome != news.OK {
		return news.Content{}, &failure{code: exitNothing, err: fmt.Errorf("%s: %s: %s", arg, r.Outcome, r.Reason), hint: "stet extract shows what is on a page"}
	}
	return r.Content, nil
}

func storedContent(cmd *cobra.Command, c *Config, article, number string, derived bool) (news.Content, error) {
	ctx := cmd.Context()
	id, err1 := strconv.ParseInt(article, 10, 64)
	n, err2 := strconv.Atoi(number)
	if err := errors.Join(err1, err2); err != nil {
		return news.Content{}, usage("", "%s/%s: %w", article, number, err)
	}
	s, err := openStore(ctx, c.at(store.Options{MustExist: true}))
	if err != nil {
		return news.Content{}, err
	}
	defer s.Close()
	v, err := s.VersionByNumber(ctx, id, n)
	if errors.Is(err, store.ErrNotFound) {
		return news.Content{}, &failure{code: exitNothing, err: fmt.Errorf("article %d has no version %d", id, n)}
	}
	if err != nil {
		return news.Content{}, &failure{code: exitError, err: err}
	}
	if derived {
		return derivedContent(cmd, s, v)
	}
	return v.Content, nil
}

// derivedContent gives the derived text of a version, or the recorded one where
// there is none, and tells which it is.
func derivedContent(cmd *cobra.Command, s *store.Store, v news.Version) (news.Content, error) {
	name, talk := fmt.Sprintf("%d/%d", v.ArticleID, v.Number), cmd.ErrOrStderr()
	d, at, err := s.DerivedVersion(cmd.Context(), v.ID)
	if errors.Is(err, store.ErrNotFound) {
		fmt.Fprintf(talk, "%s: as recorded (%s): nothing was derived from it\n", name, v.Extractor)
		return v.Content, nil
	}
	if err != nil {
		return news.Content{}, &failure{code: exitError, err: err}
	}
	fmt.Fprintf(talk, "%s: derived text, as %s read it on %s; recorded by %s\n", name, d.Extractor, local(at), v.Extractor)
	return d.Content, nil
}

var tag = regexp.MustCompile(`(?i)<(!doctype|html|head|body|main|article|div|p|h1)[\s>]`)

func looksHTML(b []byte) bool { return tag.Match(b[:min(len(b), 64<<10)]) }

// textContent reads a text file: paragraphs are divided by blank lines.
func textContent(b []byte) news.Content {
	text := strings.ToValidUTF8(string(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))), "\ufffd")
	var c news.Content
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: p})
		}
	}
	return c
}

// show writes a view of the script.
func (p compared) show(w io.Writer, view string, around int) error {
	if around < 0 {
		around = diff.Whole
	}
	s := p.script
	switch view {
	case "inline":
		inline(w, s, around)
	case "plain":
		fmt.Fprint(w, diff.Plain(s, around))
	case "removed":
		fmt.Fprint(w, diff.RemovedOnly(s))
	case "html":
		fmt.Fprintln(w, diff.HTML(s, around))
	case "mail":
		fmt.Fprintln(w, diff.Mail(s, around))
	case "why":
		explain(w, p.appraisal)
	case "json":
		(&output{w: w}).encode(struct {
			diff.Script
			Appraisal news.Appraisal `json:"appraisal"`
		}{s, p.appraisal})
	case "actions":
		p.actions(&output{w: w})
	case "split":
		showSplit(w, s)
	default:
		return usage("", "view %q: want inline, split, plain, removed, html, mail, why, json or actions", view)
	}
	return nil
}

func inline(w io.Writer, s diff.Script, around int) {
	if s.Changes() == 0 {
		fmt.Fprintln(w, "no difference in the text")
		return
	}
	text := diff.Plain(s, around)
	if isTerminal(w) && os.Getenv("NO_COLOR") == "" {
		text = colour(text)
	}
	fmt.Fprint(w, text)
}

// colour marks removed text orange, added text blue, as the pages do, and moved
// text violet, and keeps the brackets: colour is never the only sign.
func colour(text string) string {
	return strings.NewReplacer("[-", "\x1b[33m[-", "-]", "-]\x1b[0m", "{+", "\x1b[34m{+", "+}", "+}\x1b[0m",
		"[~", "\x1b[35m[~", "~]", "~]\x1b[0m", "{~", "\x1b[35m{~", "~}", "~}\x1b[0m").Replace(text)
}

// An actionRow is an action with the texts of its sentences.
type actionRow struct {
	diff.Action
	OldText string `json:"old_text,omitempty"`
	NewText string `json:"new_text,omitempty"`
}

// actions writes what became of each sentence.
func (p compared) actions(out *output) {
	old, now := sentenceReader{content: p.old}, sentenceReader{content: p.now}
	for _, a := range diff.Actions(p.script) {
		out.encode(actionRow{a, old.text(a.Old), now.text(a.New)})
	}
}

// A sentenceReader gives sentences of a content. Blocks are cut once, for
// neighbours are asked for one after another.
type sentenceReader struct {
	content   news.Content
	block     int // that was cut
	sentences []string
}

// text is sentences with one space between them.
func (r *sentenceReader) text(places []diff.Place) string {
	var texts []string
	for _, p := range places {
		if r.sentences == nil || r.block != p.Block {
			r.block, r.sentences = p.Block, diff.Sentences(r.content.Blocks[p.Block].Text)
		}
		texts = append(texts, strings.TrimSpace(r.sentences[p.Sentence]))
	}
	return strings.Join(texts, " ")
}
