package archive

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxRepositories is how many git repositories of a NewsDiffs are read.
const MaxRepositories = 64

// repositories are the git repositories below one folder, each read by one
// process of git as long as it is needed ("git cat-file --batch": a name in, an
// object out).
type repositories struct {
	folder  string
	program string
	readers map[string]*gitReader
	useless map[string]error // those that never answered
}

// newRepositories looks for git and the folder.
func newRepositories(folder string) (*repositories, error) {
	program, err := exec.LookPath("git")
	if err != nil {
		return nil, fmt.Errorf("read repository %s: the program git is not here: %w", folder, err)
	}
	if info, err := os.Stat(folder); err != nil {
		return nil, fmt.Errorf("read repository: %w", err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("read repository %s: is no folder", folder)
	}
	return &repositories{folder: folder, program: program, readers: map[string]*gitReader{}, useless: map[string]error{}}, nil
}

// text gives the file of an article as of a commit, and when that was made.
// below is the folder of its repository, which older NewsDiffs do not name.
func (r *repositories) text(below, commit, url string) (string, time.Time, error) {
	if !commitName(commit) {
		return "", time.Time{}, fmt.Errorf("commit %.60q: not the name of one", commit)
	}
	g, err := r.reader(below)
	if err != nil {
		return "", time.Time{}, err
	}
	head, err := g.object(commit, "commit")
	if err != nil {
		return "", time.Time{}, r.broken(below, err)
	}
	when, err := committedAt(head)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("commit %s: %w", commit, err)
	}
	blob, err := g.object(commit+":"+strings.TrimRight(withoutScheme(url), "/"), "blob")
	if err != nil {
		return "", time.Time{}, r.broken(below, err)
	}
	var utf8 charset
	return utf8.text(blob), when, nil
}

// broken ends a process that no longer answers; the next text starts another.
func (r *repositories) broken(below string, err error) error {
	var absent *absentError
	if !errors.As(err, &absent) {
		if g := r.readers[below]; g != nil {
			err = errors.Join(err, g.Close())
			delete(r.readers, below)
			if !g.answered {
				r.useless[below] = err
			}
		}
	}
	return err
}

// reader gives the process of a repository.
func (r *repositories) reader(below string) (*gitReader, error) {
	if g := r.readers[below]; g != nil {
		return g, nil
	}
	if err := r.useless[below]; err != nil {
		return nil, err
	}
	if len(r.readers)+len(r.useless) >= MaxRepositories {
		return nil, fmt.Errorf("repository %.60q: more than %d of them", below, MaxRepositories)
	}
	if below != "" && !filepath.IsLocal(below) {
		return nil, fmt.Errorf("repository %.60q: not below the folder", below)
	}
	dir := filepath.Join(r.folder, below)
	if _, err := os.Stat(dir); err != nil && below == "old" { // the column's default, for the one repository there was
		dir = r.folder
	}
	g, err := startGit(r.program, dir)
	if err == nil {
		r.readers[below] = g
	}
	return g, err
}

// Close ends all processes.
func (r *repositories) Close() error {
	var err error
	for _, g := range r.readers {
		err = errors.Join(err, g.Close())
	}
	clear(r.readers)
	return err
}

// A gitReader is one process of git.
type gitReader struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader

	answered bool
}

// startGit starts git on a repository. It is from elsewhere: only the repository
// that is named is read, none is asked for over the network, and no settings of
// people or machines are heeded.
func startGit(program, dir string) (*gitReader, error) {
	if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
		dir = filepath.Join(dir, ".git")
	}
	cmd := exec.Command(program, "-c", "protocol.allow=never", "-c", "core.fsmonitor=false", "--git-dir="+dir, "cat-file", "--batch")
	own := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GIT_") })
	cmd.Env = append(own, "GIT_NO_LAZY_FETCH=1", "GIT_NO_REPLACE_OBJECTS=1", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start git: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start git: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start git: %w", err)
	}
	return &gitReader{cmd: cmd, in: in, out: bufio.NewReader(out)}, nil
}

// An absentError says that a repository lacks an object.
type absentError struct{ name, what string }

func (e *absentError) Error() string {
	return fmt.Sprintf("%.200s: %s in the repository", e.name, e.what)
}

// object gives one object of the kind that is wanted.
func (g *gitReader) object(name, kind string) ([]byte, error) {
	if strings.ContainsAny(name, "\n\r\x00") {
		return nil, &absentError{strconv.Quote(name), "no name of a file"}
	}
	if _, err := io.WriteString(g.in, name+"\n"); err != nil {
		return nil, fmt.Errorf("git: no repository, or it stopped: %w", err)
	}
	line, err := g.out.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("git: no repository, or it stopped: %w", err)
	}
	g.answered = true
	// "ID KIND SIZE", or "NAME missing", of which the name may hold blanks.
	words := strings.Fields(line)
	if n := len(words); n != 3 || words[n-1] == "missing" || words[n-1] == "ambiguous" {
		return nil, &absentError{name, "not"}
	}
	size, err := strconv.ParseInt(words[2], 10, 64)
	if err != nil {
		return nil, fmt.Errorf("git: answer %q", line)
	}
	return g.body(name, kind, words[1], size)
}

// body reads an object and the line feed after it.
func (g *gitReader) body(name, kind, is string, size int64) ([]byte, error) {
	if is != kind || size > MaxValue {
		if _, err := io.CopyN(io.Discard, g.out, size+1); err != nil {
			return nil, fmt.Errorf("git: %w", err)
		}
		if is != kind {
			return nil, &absentError{name, "a " + is + ", not a " + kind + ","}
		}
		return nil, &absentError{name, fmt.Sprintf("longer than %d bytes", MaxValue)}
	}
	b := make([]byte, size+1)
	if _, err := io.ReadFull(g.out, b); err != nil {
		return nil, fmt.Errorf("git: %w", err)
	}
	return b[:size], nil
}

// Close ends the process.
func (g *gitReader) Close() error {
	g.in.Close()
	io.Copy(io.Discard, g.out) //nolint:errcheck // so that it can end
	if err := g.cmd.Wait(); err != nil {
		return fmt.Errorf("git: %w", err)
	}
	return nil
}

// commitName reports whether a text is the name of a commit: 7 to 64
// hexadecimal digits.
func commitName(s string) bool {
	const shortest, longest = 7, 64 // what git abbreviates to; SHA-256
	return len(s) >= shortest && len(s) <= longest && strings.Trim(s, "0123456789abcdef") == ""
}

// committedAt is the time of the committer line of a commit: "committer NAME
// <MAIL> SECONDS ZONE".
func committedAt(commit []byte) (time.Time, error) {
	for line := range strings.SplitSeq(string(commit), "\n") {
		rest, ok := strings.CutPrefix(line, "committer ")
		if !ok {
			if line == "" {
				break
			}
			continue
		}
		words := strings.Fields(rest[strings.LastIndexByte(rest, '>')+1:])
		if len(words) == 0 {
			break
		}
		seconds, err := strconv.ParseInt(words[0], 10, 64)
		if err != nil {
			return time.Time{}, fmt.Errorf("time %.40q", words[0])
		}
		return time.Unix(seconds, 0).UTC(), nil
	}
	return time.Time{}, errors.New("without a time")
}
