package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/spf13/cobra"

	"stet/internal/archive"
	"stet/internal/store"
)

func exportCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "export", Short: "Write histories of articles for others", Args: cobra.NoArgs,
		Long: "Write histories of articles for others. docs/moving.md tells of the formats.",
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	var c Config
	var source, file string
	versions := &cobra.Command{
		Use:     "versions",
		Short:   "Write versions as JSON lines",
		Long:    "Write all versions as JSON lines, by article and number, those of hidden\narticles left out. With -o they go to a file, which is there when it is\ncomplete; .gz and .zst are compressed. Can run beside stet serve.",
		Example: "  stet export versions -o versions.jsonl.zst",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd, &c, func(s *store.Store) error { return exportVersions(cmd, s, source, file) })
		},
	}
	c.dataFlag(versions.Flags())
	versions.Flags().StringVar(&source, "source", "", "only those of the source with this `KEY`")
	versions.Flags().StringVarP(&file, "output", "o", "", "write to this `FILE`")
	cmd.AddCommand(versions)
	return cmd
}

func exportVersions(cmd *cobra.Command, s *store.Store, key, file string) error {
	sourceID := int64(0)
	if key != "" {
		src, err := s.Source(cmd.Context(), key)
		if errors.Is(err, store.ErrNotFound) {
			return usage("stet sources lists them", "no source %q", key)
		}
		if err != nil {
			return err
		}
		sourceID = src.ID
	}
	if file == "" {
		_, err := archive.Export(cmd.Context(), s, sourceID, cmd.OutOrStdout())
		return err
	}
	n, err := exportFile(cmd.Context(), s, sourceID, file)
	if err == nil {
		fmt.Fprintf(cmd.ErrOrStderr(), "%d versions written to %s\n", n, file)
	}
	return err
}

// exportFile writes beside the file's place and moves it there when it is
// complete and on the disk.
func exportFile(ctx context.Context, s *store.Store, sourceID int64, path string) (n int, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	w, err := compressor(f, path)
	if err != nil {
		return 0, err
	}
	if n, err = archive.Export(ctx, s, sourceID, w); err != nil {
		return n, err
	}
	if err = errors.Join(w.Close(), f.Sync(), f.Chmod(0o640), f.Close()); err != nil {
		return n, err
	}
	return n, os.Rename(f.Name(), path)
}

// compressor compresses as the name of the file says.
func compressor(w io.Writer, path string) (io.WriteCloser, error) {
	switch {
	case strings.HasSuffix(path, ".gz"):
		return gzip.NewWriter(w), nil
	case strings.HasSuffix(path, ".zst"):
		return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	}
	return plainWriter{w}, nil
}

// A plainWriter has nothing to close.
type plainWriter struct{ io.Writer }

// Close implements io.Closer.
func (plainWriter) Close() error { return nil }
