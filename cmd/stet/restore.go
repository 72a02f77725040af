package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"stet/internal/store"
)

func restoreCommand() *cobra.Command {
	var c Config
	cmd := &cobra.Command{
		Use:   "restore BACKUP",
		Short: "Make a store from a backup, verified",
		Long: `Make the store in --data, or in the database --db, from a backup that stet
backup wrote. It must be empty, or a restore of the same backup that was broken
off. The backup itself is only read. (A backup can also be used as it is: it is a
data directory.)`,
		Example: "  stet restore /backup/stet-2026-03-01 --data /var/lib/stet\n  stet restore /backup/stet-2026-03-01 --db postgres://stet@db.example.org/stet",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			from, err := filepath.Abs(args[0])
			if err != nil {
				return asError(err)
			}
			if to, err := filepath.Abs(c.Data); err == nil && to == from && c.DB == "" {
				return usage("", "the backup is the store itself")
			}
			return runCopy(cmd, store.Options{Dir: from, MustExist: true}, c.at(store.Options{Exclusive: true, Receiving: true}))
		},
	}
	c.dataFlag(cmd.Flags())
	return cmd
}
