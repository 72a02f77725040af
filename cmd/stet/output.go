package main

import (
	"encoding/json"
	"io"

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
	_ = e.Encode(v) // a closed pipe: nobody reads
}
