// Command stet watches online news, keeps every version of every article and
// shows what changed.
//
// One file per subcommand; config.go has the settings that they share, wire.go
// builds the parts that they use. Data goes to standard output, talk to
// standard error. Exit codes:
//
//	0  done
//	1  could not do it: the store, the disk, the network on our side
//	2  wrong usage: flags, arguments, config file
//	3  the address brought nothing of the kind asked for (its outcome says why)
//	4  a check failed: verify found a problem, the demo missed a change
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Version of the program; the build may set it.
var version = "0.1.0-dev"

// Exit codes; see the command's comment.
const (
	exitDone    = 0
	exitError   = 1
	exitUsage   = 2
	exitNothing = 3
	exitCheck   = 4
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	log.SetOutput(io.Discard) // net/http writes of remote oddities there; what matters is in their outcome
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process: it returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, talk io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(in)
	data := &checkedWriter{w: out}
	root.SetOut(data)
	root.SetErr(talk)
	err := root.ExecuteContext(ctx)
	if err == nil && data.err != nil {
		err = &failure{code: exitError, err: fmt.Errorf("standard output: %w", data.err)}
	}
	if err == nil {
		return exitDone
	}
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{code: exitUsage, err: err, hint: "see stet --help"} // cobra's own errors are about usage
	}
	if f.err != nil {
		fmt.Fprintf(talk, "stet: %v\n", f.err)
	}
	if f.hint != "" {
		fmt.Fprintf(talk, "  hint: %s\n", f.hint)
	}
	return f.code
}

// A checkedWriter remembers the first error of writing, so that output which
// went nowhere is not called done.
type checkedWriter struct {
	w   io.Writer
	err error
}

func (c *checkedWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	if c.err == nil {
		c.err = err
	}
	return n, err
}

// A failure ends the program with an exit code. A nil err says nothing more:
// what there was to say is on the output already.
type failure struct {
	code int
	err  error
	hint string // what the user can do, if we know
}

func (f *failure) Error() string {
	if f.err == nil {
		return "failed"
	}
	return f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

func usage(hint, format string, args ...any) error {
	return &failure{code: exitUsage, err: fmt.Errorf(format, args...), hint: hint}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "stet",
		Short: "Watch online news, keep every version of every article, show what changed",
		Long: `stet watches online news, keeps every version of every article and shows
what changed.

Begin with one of these:
  stet demo                         a small newspaper of its own, watched for a day in a minute
  stet watch https://…              watch a page, feed or site here, and print its changes
  stet serve                        watch in the background, with pages at http://127.0.0.1:8080/

Settings come from flags, then STET_… variables, then the config file, then
defaults. Data goes to standard output, talk to standard error.`,
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("stet {{.Version}}\n")
	root.PersistentFlags().String("config", "", "config file (default: stet.toml in the XDG config folder)")
	root.PersistentFlags().Bool("json", false, "write data as JSON")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return settle(cmd, os.LookupEnv) }
	root.AddCommand(
		serveCommand(), demoCommand(), watchCommand(), addCommand(), sourcesCommand(), opmlCommand(),
		filterCommand(), ignoreCommand(), fetchCommand(), feedCommand(), extractCommand(), diffCommand(),
		ageCommand(), searchCommand(), heldCommand(), reextractCommand(), weightsCommand(), simulateCommand(),
		verifyCommand(), backupCommand(), restoreCommand(), copyCommand(), dictionaryCommand(), importCommand(),
		exportCommand(), reindexCommand(), pruneCommand(), doctorCommand(), versionCommand(),
	)
	return root
}
