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
	"text/tabwriter"

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
no database. Views: inline (for people; colour on a terminal), split (side by
side), plain ([-old-]{+new+}), json (the edit script, docs/formats.md), html.

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
			script, err := compareArgs(cmd, &c, args, derived)
			if err != nil {
				return err
			}
			if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
				view = "json"
			}
			return showDiff(cmd.OutOrStdout(), script, view, around)
		},
	}
	c.dataFlag(cmd.Flags())
	c.netFlags(cmd.Flags())
	cmd.Flags().StringVar(&view, "view", "inline", "inline, split, plain, json or html")
	cmd.Flags().IntVar(&around, "context", 1, "unchanged paragraphs shown around a change; -1 shows all")
	cmd.Flags().BoolVar(&derived, "derived", false, "use the derived text of a version where there is one")
	return cmd
}

// compareArgs compares two arguments, or a version with its own derived text.
func compareArgs(cmd *cobra.Command, c *Config, args []string, derived bool) (diff.Script, error) {
	if len(args) == 1 && (!derived || !versionArg.MatchString(args[0])) {
		return diff.Script{}, usage("such as stet diff --derived 17/3", "one argument: want two, or --derived and a version")
	}
	old, err := readContent(cmd, c, args[0], derived && len(args) == 2)
	if err != nil {
		return diff.Script{}, err
	}
	now, err := readContent(cmd, c, args[len(args)-1], derived)
	if err != nil {
		return diff.Script{}, err
	}
	return diff.Compare(old, now), nil
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
	s, err := openStore(ctx, store.Options{Dir: c.Data, MustExist: true})
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

func showDiff(w io.Writer, s diff.Script, view string, around int) error {
	if around < 0 {
		around = diff.Whole
	}
	switch view {
	case "inline":
		if s.Empty() {
			fmt.Fprintln(w, "no difference in the text")
			return nil
		}
		text := diff.Plain(s, around)
		if isTerminal(w) && os.Getenv("NO_COLOR") == "" {
			text = colour(text)
		}
		fmt.Fprint(w, text)
	case "plain":
		fmt.Fprint(w, diff.Plain(s, around))
	case "html":
		fmt.Fprintln(w, diff.HTML(s, around))
	case "json":
		(&output{w: w}).encode(s)
	case "split":
		return showSplit(w, s)
	default:
		return usage("", "view %q: want inline, split, plain, json or html", view)
	}
	return nil
}

// colour marks removed text orange and added text blue, as the pages do, and
// keeps the brackets: colour is never the only sign.
func colour(text string) string {
	return strings.NewReplacer("[-", "\x1b[33m[-", "-]", "-]\x1b[0m", "{+", "\x1b[34m{+", "+}", "+}\x1b[0m").Replace(text)
}

// splitWidth is the width of each column of the split view, in characters.
const splitWidth = 60

func showSplit(out io.Writer, s diff.Script) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range s.Fields {
		fmt.Fprintf(w, "%s\n", f.Field)
		splitRow(w, diff.PlainRuns(diff.OldRuns(f.Runs)), diff.PlainRuns(diff.NewRuns(f.Runs)))
	}
	for _, r := range diff.SideBySide(s) {
		splitRow(w, diff.PlainRuns(r.Left), diff.PlainRuns(r.Right))
	}
	return w.Flush()
}

func splitRow(w io.Writer, left, right string) {
	l, r := wrap(left, splitWidth), wrap(right, splitWidth)
	for i := range max(len(l), len(r)) {
		fmt.Fprintf(w, "%-*s\t%s\n", splitWidth, at(l, i), at(r, i))
	}
	fmt.Fprintf(w, "%-*s\t\n", splitWidth, "")
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// wrap breaks a text into lines of at most width characters, at spaces where
// there are any.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for len([]rune(word)) > width {
			r := []rune(word)
			if line != "" {
				lines, line = append(lines, line), ""
			}
			lines, word = append(lines, string(r[:width])), string(r[width:])
		}
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
