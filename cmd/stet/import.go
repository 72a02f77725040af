package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"stet/internal/archive"
	"stet/internal/news"
	"stet/internal/store"
)

// watchSpread is the time over which the first visits to imported articles are
// spread, so that they do not come due at once.
const watchSpread = 24 * time.Hour

// maxFaultsTold is how many faults of a file are told one by one.
const maxFaultsTold = 100

// An importFormat is a format that can be imported.
type importFormat struct {
	name    string // of the command
	origin  string // as archive.History.Origin
	short   string
	long    string
	example string
	// open begins at the position that an earlier reader gave; "" = at the beginning.
	open func(path string, source archive.Source, position string) (archive.Reader, error)
	// flags adds the format's own flags to its command; nil = it has none.
	flags func(*cobra.Command)
}

// opener gives the open function of a format the type of the table.
func opener[R archive.Reader](open func(string, archive.Source, string) (R, error)) func(string, archive.Source, string) (archive.Reader, error) {
	return func(path string, source archive.Source, position string) (archive.Reader, error) {
		r, err := open(path, source, position)
		if err != nil {
			return nil, err // not a nil pointer in an interface
		}
		return r, nil
	}
}

// importFormats are the formats, a command each.
func importFormats() []importFormat {
	return []importFormat{
		{"versions", archive.OriginJSONLines, "Add versions from JSON lines", "JSON lines of versions, as stet export versions writes them: url, seen_at, title,\nparagraphs, and what else is there. Plain, gzip or zstd.", "  stet import versions versions.jsonl.gz", opener(archive.OpenJSONLines), nil},
		{"newsedits", archive.OriginNewsEdits, "Add versions from files of NewsEdits", "SQLite files of the corpus NewsEdits: table entryversion, one source a file.", "  stet import newsedits --source bbc bbc.db", opener(archive.OpenNewsEdits), nil},
	}
}

const importLong = `

Articles are recorded in batches, each whole or not at all. An import that was
cut short goes on where it was when it is begun again, and to import a file
again adds nothing. Records that cannot be taken are named on standard error,
and the rest goes on; then the exit code is 4. An article whose history here
contradicts the file is left alone. Can run beside stet serve.`

func importCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "import", Short: "Add histories of articles that were watched elsewhere", Args: cobra.NoArgs,
		Long: "Add histories of articles that were watched elsewhere. docs/moving.md tells of\nthe formats.",
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	for _, f := range append(importFormats(), dumpFormats()...) {
		cmd.AddCommand(f.command())
	}
	cmd.AddCommand(importWARCCommand())
	return cmd
}

func (f importFormat) command() *cobra.Command {
	var c Config
	var source string
	var watch bool
	cmd := &cobra.Command{
		Use:     f.name + " FILE…",
		Short:   f.short,
		Long:    f.long + importLong,
		Example: f.example,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := openStore(cmd.Context(), c.at(store.Options{}))
			if err != nil {
				return err
			}
			defer s.Close()
			i := importing{cmd: cmd, format: f, store: s, source: archive.Source{Key: source}, watch: watch}
			return asError(i.files(args))
		},
	}
	c.dataFlag(cmd.Flags())
	cmd.Flags().StringVar(&source, "source", "", "take all articles as of the source with this `KEY`")
	cmd.Flags().BoolVar(&watch, "watch", false, "visit the articles from now on, the first time within a day")
	if f.flags != nil {
		f.flags(cmd)
	}
	return cmd
}

// importing is a run of an import command.
type importing struct {
	cmd    *cobra.Command
	format importFormat
	store  *store.Store
	source archive.Source
	watch  bool
}

// importGC is the garbage collector's percentage during an import, whose memory is
// bounded by its batches: it runs less often, for more memory.
const importGC = 400

func (i importing) files(paths []string) error {
	defer debug.SetGCPercent(debug.SetGCPercent(importGC))
	faults := 0
	for _, path := range paths {
		n, err := i.file(path)
		if err != nil {
			return err
		}
		faults += n
	}
	if faults > 0 {
		return &failure{code: exitCheck, err: fmt.Errorf("%d records were not taken", faults)}
	}
	return nil
}

// importRow is what became of one file.
type importRow struct {
	File string `json:"file"`
	archive.Summary
	CPUSeconds float64 `json:"cpu_seconds"`
	PerCPU     float64 `json:"versions_per_cpu_second"` // recorded and known ones
}

// file imports one file, and gives the number of its faults.
func (i importing) file(path string) (faults int, err error) {
	digest, err := archive.Identify(path)
	if err != nil {
		return 0, usage("", "%w", err)
	}
	position, err := i.store.ImportPosition(i.cmd.Context(), i.format.origin, digest)
	if err != nil {
		return 0, err
	}
	r, err := i.format.open(path, i.source, position)
	if err != nil {
		return 0, err
	}
	p := newProgress(i.cmd.ErrOrStderr())
	before := cpuTime()
	sum, err := archive.Import(i.cmd.Context(), i.store, r, i.options(path, digest, p))
	used := (cpuTime() - before).Seconds()
	p.done()
	i.told(sum.Faults)
	row := importRow{filepath.Base(path), sum, used, float64(sum.Versions+sum.Known) / max(used, 1e-9)}
	newOutput(i.cmd).row(row, func(w io.Writer) { row.text(w, position) })
	if err = errors.Join(err, r.Close()); err != nil {
		err = &failure{code: exitError, err: fmt.Errorf("import %s: %w", path, err), hint: "what was recorded stays; begin it again to go on"}
	}
	return sum.Faults, err
}

func (i importing) options(path string, digest news.Digest, p *progress) archive.Options {
	o := archive.Options{File: digest, Name: filepath.Base(path)}
	if i.watch {
		o.Watch = watchSpread
	}
	told := 0
	o.Fault = func(f *archive.Fault) {
		if told++; told <= maxFaultsTold {
			p.done()
			fmt.Fprintf(i.cmd.ErrOrStderr(), "skipped: %v\n", f)
		}
	}
	o.Step = func(s archive.Summary, _ string) {
		p.show("import: %d articles, %d versions", s.Articles, s.Versions+s.Known)
	}
	return o
}

// told says how many faults were not told one by one.
func (i importing) told(faults int) {
	if faults > maxFaultsTold {
		fmt.Fprintf(i.cmd.ErrOrStderr(), "skipped: %d more\n", faults-maxFaultsTold)
	}
}

func (r importRow) text(w io.Writer, position string) {
	if position != "" {
		fmt.Fprintf(w, "%s: gone on from %s\n", r.File, position)
	}
	fmt.Fprintf(w, "%s: %d articles, %d of them new; %d versions added, %d were here, %d records with the text of the one before; %d not taken; %.0f versions a CPU-second\n",
		r.File, r.Articles, r.New, r.Versions, r.Known, r.Same, r.Faults, r.PerCPU)
}

// cpuTime is the processor time that the process has used.
func cpuTime() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
