package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
)

// An output writes data to standard output: a JSON value a line with --json,
// text for people without.
type output struct {
	w    io.Writer
	json bool
}

func newOutput(cmd *cobra.Command) *output {
	asJSON, _ := cmd.Flags().GetBool("json")
	return &output{w: cmd.OutOrStdout(), json: asJSON}
}

// row writes one row: v as JSON, or what text writes.
func (o *output) row(v any, text func(io.Writer)) {
	if !o.json {
		text(o.w)
		return
	}
	o.encode(v)
}

func (o *output) encode(v any) {
	e := json.NewEncoder(o.w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // the writer remembers an error, see checkedWriter
}

// progress draws one line on a terminal, over itself; it writes nothing
// anywhere else.
type progress struct {
	w    io.Writer
	tty  bool
	last time.Time
}

func newProgress(w io.Writer) *progress {
	return &progress{w: w, tty: isTerminal(w)}
}

// isTerminal reports whether what is written to w is read by a person.
func isTerminal(w io.Writer) bool {
	if c, ok := w.(*checkedWriter); ok {
		w = c.w
	}
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}

func (p *progress) show(format string, args ...any) {
	if !p.tty || time.Since(p.last) < 100*time.Millisecond {
		return
	}
	p.last = time.Now()
	fmt.Fprintf(p.w, "\r\x1b[K"+format, args...)
}

func (p *progress) done() {
	if p.tty && !p.last.IsZero() {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
