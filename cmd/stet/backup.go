package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"stet/internal/store"
)

func backupCommand() *cobra.Command {
	var c Config
	cmd := &cobra.Command{
		Use:     "backup DIR",
		Short:   "Copy the store to a new directory and verify the copy",
		Long:    "Copy database and raw captures to DIR, which must be empty or not exist, then\nopen and verify the copy: only then it counts. Can run beside stet serve. To go\nback to it, stop stet and use DIR as --data, or see stet restore. The backup of\na PostgreSQL database is an embedded one, of one moment.",
		Example: "  stet backup /backup/stet-2026-03-01",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStore(cmd, &c, func(s *store.Store) error {
				if err := s.Backup(cmd.Context(), args[0]); err != nil {
					return err
				}
				row := struct {
					Backup string `json:"backup"`
				}{args[0]}
				newOutput(cmd).row(row, func(w io.Writer) { fmt.Fprintf(w, "backed up to %s, and verified\n", args[0]) })
				return nil
			})
		},
	}
	c.dataFlag(cmd.Flags())
	return cmd
}
