package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/store"
	"stet/internal/track"
)

// maxNamed is how many faults and refusals are named one by one; all are counted.
const maxNamed = 50

func importWARCCommand() *cobra.Command {
	var c Config
	var o warcOptions
	cmd := &cobra.Command{
		Use:   "warc FILE…",
		Short: "Replay the responses of web archives, as if the articles had been visited then",
		Long: `Read WARC files, plain or gzip, such as those of CC-NEWS or of a crawler of one's
own, and put each response through classify, extract and compare, like the response
to a visit of its time. Pages that are articles become articles; their captures and
changes bear the archive's times, and the log says that they were recorded today.

Responses must come in the order of their times: the files are read one after the
other, by the date of their first record. What is older than what is known of an
article is counted and left out. To import a file again adds nothing; an import that
was stopped goes on where its last batch ended.

What is broken in a file is named with its place and costs that record alone. The
articles are not visited from now on, unless with --watch. It works beside stet
serve, which finds the texts for search and says what the changes mean.`,
		Example: "  stet import warc CC-NEWS-20260504*.warc.gz\n  stet import warc --source courier --watch courier.warc.gz",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if c.Raw == string(track.RawNone) {
				return usage("changed keeps those of versions", "raw none: a difference that must be seen twice is read again from its raw bytes")
			}
			if err := c.check(); err != nil {
				return err
			}
			s, err := openStore(cmd.Context(), c.at(store.Options{}))
			if err != nil {
				return err
			}
			defer s.Close()
			return asError(importWARC(cmd, s, c, o, args))
		},
	}
	c.dataFlag(cmd.Flags())
	cmd.Flags().StringVar(&o.source, "source", "", "take all new articles as of the source with this `KEY`; default: by their domains")
	cmd.Flags().BoolVar(&o.watch, "watch", false, "visit the articles from now on")
	cmd.Flags().BoolVarP(&o.verbose, "verbose", "v", false, "say how fast it was, and what the time went to")
	cmd.Flags().IntVar(&c.Workers, "workers", runtime.NumCPU(), "pages read at once")
	cmd.Flags().StringVar(&c.Raw, "raw", string(track.RawChanged), "raw captures to keep: all or changed")
	cmd.Flags().StringVar(&c.Reserved, "reserved", string(track.Keep), "articles whose pages reserve something: `HOW`, as in stet serve --help")
	cmd.Flags().StringVar(&c.LogLevel, "log-level", "warn", "debug, info, warn or error")
	return cmd
}

type warcOptions struct {
	source         string
	watch, verbose bool
}

// A warcSummary is what an import came to, as JSON; see docs/formats.md.
type warcSummary struct {
	Files      int                `json:"files"`
	Records    int                `json:"records"`
	Responses  int                `json:"responses"`
	Articles   int                `json:"articles"`
	Fates      map[track.Fate]int `json:"fates"`
	Broken     int                `json:"broken"`
	Seconds    float64            `json:"seconds"`
	CPU        float64            `json:"cpu_seconds"`
	Extraction float64            `json:"extraction_seconds"` // of all workers together, by the wall's clock
}

// A warcImport is a run of the command.
type warcImport struct {
	mu       sync.Mutex // protects what follows
	talk     io.Writer
	progress *progress
	named    int
	sum      warcSummary
}

func importWARC(cmd *cobra.Command, s *store.Store, c Config, o warcOptions, args []string) error {
	ctx := cmd.Context()
	log, err := c.log(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	reserved, err := track.ParseReservedPolicy(c.Reserved)
	if err != nil {
		return err
	}
	r, err := track.NewReplay(ctx, track.ReplayOptions{Store: s, Source: o.source, Raw: track.Raw(c.Raw), Reserved: reserved, Watch: o.watch, Workers: c.Workers, Log: log})
	if err != nil {
		return err
	}
	m := &warcImport{talk: cmd.ErrOrStderr(), progress: newProgress(cmd.ErrOrStderr()), sum: warcSummary{Files: len(args), Fates: map[track.Fate]int{}}}
	in, err := openWARCs(args, c.Data, m.fault)
	if err != nil {
		return err
	}
	defer in.close()
	began, cpu := time.Now(), cpuTime()
	err = r.Run(ctx, in.next, func(done []track.Replayed) error {
		m.count(done)
		return in.durable(done[len(done)-1].Place.(warcPlace))
	})
	err = errors.Join(err, r.Close(ctx))
	m.progress.done()
	m.sum.Records, m.sum.Seconds, m.sum.CPU, m.sum.Extraction = in.records, time.Since(began).Seconds(), (cpuTime() - cpu).Seconds(), r.Extraction().Seconds()
	newOutput(cmd).row(m.sum, func(w io.Writer) { m.sum.say(w, o.verbose) })
	if err != nil {
		return errors.Join(err, in.keep())
	}
	return in.forget()
}

// fault names what is broken in a file.
func (m *warcImport) fault(file string, offset int64, reason string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sum.Broken++
	m.name("%s, offset %d: %s", file, offset, reason)
}

// name says what happened, while it does not happen too often. m is locked.
func (m *warcImport) name(format string, args ...any) {
	if m.named++; m.named > maxNamed {
		return
	}
	m.progress.done()
	fmt.Fprintf(m.talk, format+"\n", args...)
	if m.named == maxNamed {
		fmt.Fprintln(m.talk, "what else is broken or refused is counted only")
	}
}

// count takes account of a batch that is on the disk.
func (m *warcImport) count(done []track.Replayed) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range done {
		m.sum.Responses++
		m.sum.Fates[p.Fate]++
		if p.Added {
			m.sum.Articles++
		}
		if at := p.Place.(warcPlace); p.Fate == track.WasRefused {
			m.name("%s, offset %d: %s of %s refused: %s", at.file.name, at.offset, p.URL, p.At.Format(time.RFC3339), p.Reason)
		}
	}
	last := done[len(done)-1].Place.(warcPlace)
	m.progress.show("%s: %d %%  %d responses, %d articles", last.file.name, 100*last.behind/max(last.file.size, 1), m.sum.Responses, m.sum.Articles)
}

// say writes the summary for people.
func (s warcSummary) say(w io.Writer, verbose bool) {
	fmt.Fprintf(w, "%d responses of %d files: %d articles added\n", s.Responses, s.Files, s.Articles)
	for _, f := range track.Fates() {
		if n := s.Fates[f]; n > 0 {
			fmt.Fprintf(w, "%8d %s\n", n, f)
		}
	}
	if s.Broken > 0 {
		fmt.Fprintf(w, "%8d broken records\n", s.Broken)
	}
	if verbose {
		n := float64(s.Responses)
		fmt.Fprintf(w, "%.1f s, %.1f s of CPU: %.0f pages a second, %.0f a CPU second; extraction took %.1f s, %.0f %% of the CPU's time\n",
			s.Seconds, s.CPU, n/max(s.Seconds, 1e-9), n/max(s.CPU, 1e-9), s.Extraction, 100*s.Extraction/max(s.CPU, s.Extraction, 1e-9))
	}
}

// byFirstDate orders files by their first record, those without one last, then by
// name.
func byFirstDate(a, b *warcFile) int {
	if a.first.IsZero() != b.first.IsZero() {
		return cmp.Compare(btoi(a.first.IsZero()), btoi(b.first.IsZero()))
	}
	return cmp.Or(a.first.Compare(b.first), cmp.Compare(a.name, b.name))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
