package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"stet/internal/diff"
	"stet/internal/extract"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of the program and of its algorithms",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			row := struct {
				Version   string `json:"version"`
				Commit    string `json:"commit,omitempty"`
				Go        string `json:"go"`
				Extractor string `json:"extractor"`
				Diff      int    `json:"diff"`
			}{version, commit(), runtime.Version(), extract.Extractor(), diff.Algorithm}
			newOutput(cmd).row(row, func(w io.Writer) {
				fmt.Fprintf(w, "%s\n%s, extractor %s, diff algorithm %d\n", strings.TrimSpace("stet "+row.Version+" "+row.Commit), row.Go, row.Extractor, row.Diff)
			})
			return nil
		},
	}
}

func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}
