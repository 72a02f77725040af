package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"stet/internal/archive"
)

// calibrated is how many documents are packed one by one with the zstd tool.
const calibrated = 200

// calibrate tells how far invented texts pack as real ones do: each document
// by itself, and one version of each article of the sample as a whole.
func (b *bench) calibrate(ctx context.Context) error {
	var raw, alone int
	for h := range b.histories(b.first(), b.first()+min(calibrated, b.o.sample)) {
		text := plain(h.Versions[0])
		n, err := packed(ctx, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }, "zstd", "-19", "-q", "-c")
		if err != nil {
			return err
		}
		raw, alone = raw+len(text), alone+n
	}
	b.add("one document, zstd -19", 100*float64(alone)/float64(raw), "%")
	// First versions only: later ones repeat them, and would pack far better than
	// any language does.
	raw = 0
	n, err := packed(ctx, func(w io.Writer) error {
		for h := range b.sampled() {
			n, err := io.WriteString(w, plain(h.Versions[0]))
			if raw += n; err != nil {
				return err
			}
		}
		return nil
	}, "xz", "-9e", "-T1", "-c")
	b.add("first versions together, xz -9e", 100*float64(n)/float64(max(raw, 1)), "%")
	return err
}

// xz packs all texts of the sample as one file, an article's versions together:
// near the least that they can take, and nothing of it can be read by itself.
func (b *bench) xz(ctx context.Context) error {
	versions := 0
	n, err := packed(ctx, func(w io.Writer) error {
		for h := range b.sampled() {
			for _, v := range h.Versions {
				versions++
				if _, err := io.WriteString(w, plain(v)); err != nil {
					return err
				}
			}
		}
		return nil
	}, "xz", "-9e", "-T1", "-c")
	if err != nil {
		return err
	}
	b.add("sample as one file", float64(n)/float64(versions), "B/version")
	return b.ratio(ctx, "texts in the store to it", n)
}

// ratio adds our bytes for the sample over those of another.
func (b *bench) ratio(ctx context.Context, what string, theirs int) error {
	ours, err := b.stored(ctx)
	b.add(what, float64(ours)/float64(max(theirs, 1)), ": 1")
	return err
}

// packed runs a command that packs what write writes, and counts what comes out.
func packed(ctx context.Context, write func(io.Writer) error, name string, args ...string) (int, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	in, err := cmd.StdinPipe()
	if err != nil {
		return 0, err
	}
	var count counter
	var talk bytes.Buffer
	cmd.Stdout, cmd.Stderr = &count, &talk
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	// A command that stops reading makes writing fail; what it said itself is the
	// better error, so both are waited for.
	w := bufio.NewWriter(in)
	err = write(w)
	if err == nil {
		err = w.Flush()
	}
	in.Close()
	if werr := cmd.Wait(); werr != nil { // the cause, where writing was cut off
		return 0, fmt.Errorf("%s: %w: %s", name, werr, bytes.TrimSpace(talk.Bytes()))
	}
	return int(count), err
}

// A counter counts what is written to it.
type counter int

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// git keeps the sample as NewsDiffs did: a file for each article, a commit for
// each version, in the order of time; then it is packed as tightly as git can.
func (b *bench) git(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "stet-git-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	// Bare: a working copy would count every newest text once more.
	if err := git(ctx, dir, nil, "init", "-q", "--bare"); err != nil {
		return err
	}
	commits := b.commits()
	in, out := io.Pipe()
	go func() { out.CloseWithError(fastImport(out, commits)) }()
	if err := git(ctx, dir, in, "fast-import", "--quiet"); err != nil {
		return err
	}
	began := time.Now()
	if err := git(ctx, dir, nil, "gc", "-q", "--aggressive", "--prune=now"); err != nil {
		return err
	}
	b.add("git gc --aggressive", time.Since(began).Seconds(), "s")
	size, err := folderSize(dir)
	if err != nil {
		return err
	}
	b.add("a commit for each version", float64(size)/float64(len(commits)), "B/version")
	return b.ratio(ctx, "texts in the store to it", size)
}

// A commit is one version on its way into git.
type commit struct {
	path string
	v    archive.Version
}

// commits gives the versions of the sample in the order in which somebody who
// watched would have committed them. Git packs what is near in time no better for
// it, but it is what such archives look like.
func (b *bench) commits() (all []commit) {
	for h := range b.sampled() {
		path := h.URL
		if u, err := url.Parse(h.URL); err == nil {
			path = u.Host + "/" + strings.Trim(u.Path, "/") + ".txt"
		}
		for _, v := range h.Versions {
			all = append(all, commit{path, v})
		}
	}
	slices.SortStableFunc(all, func(a, b commit) int { return cmp.Compare(a.v.At.Unix(), b.v.At.Unix()) })
	return all
}

// fastImport writes commits in the language of git-fast-import(1).
func fastImport(w io.Writer, commits []commit) error {
	out := bufio.NewWriter(w)
	for _, c := range commits {
		text := plain(c.v)
		fmt.Fprintf(out, "commit refs/heads/main\ncommitter stet <stet@example.org> %d +0000\ndata 1\nv\n", c.v.At.Unix())
		// No "from": a commit of a branch that is there goes on from its last one.
		fmt.Fprintf(out, "M 644 inline %s\ndata %d\n%s\n", c.path, len(text), text)
	}
	return out.Flush()
}

// git runs one command on the repository, without anybody's configuration.
func git(ctx context.Context, dir string, in io.Reader, args ...string) error {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", dir}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	cmd.Stdin = in
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("git %s: %w: %s", args[0], err, bytes.TrimSpace(said))
	}
	return nil
}

// folderSize sums the files below a folder.
func folderSize(dir string) (n int, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += int(info.Size())
		}
		return err
	})
	return n, err
}
