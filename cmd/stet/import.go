package main

import "github.com/spf13/cobra"

func importCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import",
		Short: "Add histories of articles that were watched elsewhere",
		Long:  "Add histories of articles that were watched elsewhere. docs/moving.md tells of\nthe formats.",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(importWARCCommand())
	return cmd
}
