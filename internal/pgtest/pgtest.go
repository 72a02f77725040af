// Package pgtest gives tests a real PostgreSQL. It is of tests alone: nothing that
// ships imports it.
//
// Tests of stores run on SQLite, and with STET_TEST_DB=postgres on PostgreSQL:
// [For] then gives each store a database of its own on a server that the first
// test of a process starts, in a temporary directory, on a free port of loopback,
// and that ends with the process. Without the server's programs the tests skip.
package pgtest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Wanted reports whether stores of tests are to be on PostgreSQL.
func Wanted() bool { return os.Getenv("STET_TEST_DB") == "postgres" }

// For gives the address of the database that belongs to a store's directory, made
// when it is not there; empty when stores are to be on SQLite. The same directory
// is the same database for as long as the test runs.
func For(t testing.TB, dir string) string {
	t.Helper()
	if !Wanted() {
		return ""
	}
	return Database(t, dir)
}

// Database is For whatever is wanted.
func Database(t testing.TB, dir string) string {
	t.Helper()
	s := server(t)
	sum := sha256.Sum256([]byte(dir))
	name := "t" + hex.EncodeToString(sum[:12])
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.made[name] {
		if _, err := s.db.ExecContext(context.Background(), "CREATE DATABASE "+name); err != nil {
			t.Fatal(err)
		}
		s.made[name] = true
		t.Cleanup(func() { s.drop(name) })
	}
	return s.address(name)
}

// SQLiteOnly skips a test of what SQLite alone has: files, their header, PRAGMAs.
func SQLiteOnly(t testing.TB) {
	t.Helper()
	if Wanted() {
		t.Skip("skipped: of SQLite only")
	}
}

// A running server, one for a process.
type running struct {
	db   *sql.DB
	end  io.Closer // closed with this process, and were it collected
	port int

	mu   sync.Mutex
	made map[string]bool // databases
}

func (s *running) address(name string) string {
	return fmt.Sprintf("postgres://stet@127.0.0.1:%d/%s?sslmode=disable", s.port, name)
}

func (s *running) drop(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.made, name)
	s.db.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)") // the whole server goes soon
}

var start = sync.OnceValues(begin)

func server(t testing.TB) *running {
	t.Helper()
	s, err := start()
	if errors.Is(err, errNone) {
		t.Skip("skipped: no PostgreSQL")
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var errNone = errors.New("no programs of PostgreSQL in PATH or /usr/lib/postgresql")

// program finds a program of the server: the newest of Debian's, or one in PATH.
func program(name string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err == nil && len(found) > 0 {
		return found[len(found)-1], nil
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", errNone
	}
	return path, nil
}

// begin makes a cluster and starts its server, as the user postgres when we are
// root, for PostgreSQL refuses to run as root.
func begin() (*running, error) {
	initdb, err := program("initdb")
	if err != nil {
		return nil, err
	}
	postgres, err := program("postgres")
	if err != nil {
		return nil, err
	}
	as, err := account()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "stet-pg-")
	if err != nil {
		return nil, err
	}
	if as != nil {
		err = os.Chown(dir, int(as.Uid), int(as.Gid))
	}
	port, perr := freePort()
	if err = errors.Join(err, perr); err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	if out, err := command(as, dir, initdb, "-D", data, "-A", "trust", "-U", "stet", "-E", "UTF8", "--locale=C", "--no-sync").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	// The watcher stops the server when this process is gone, however it ended:
	// its standard input, a pipe from us, closes then.
	watch := command(as, dir, "/bin/sh", "-c", `"$0" "$@" & p=$!; cat >/dev/null; kill -INT $p; wait $p; rm -rf "$STET_PG_DIR"`,
		postgres, "-D", data, "-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=300", "-c", "log_min_messages=fatal", "-c", "autovacuum=off")
	watch.Env = append(os.Environ(), "STET_PG_DIR="+dir)
	end, err := watch.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := watch.Start(); err != nil {
		return nil, err
	}
	s := &running{end: end, port: port, made: map[string]bool{}}
	if s.db, err = sql.Open("pgx", s.address("postgres")); err != nil {
		return nil, err
	}
	return s, s.await()
}

// await waits until the server answers.
func (s *running) await() (err error) {
	for range 200 {
		if err = s.db.Ping(); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("PostgreSQL does not start: %w", err)
}

func command(as *syscall.Credential, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as, Setpgid: true}
	return cmd
}

// account is who runs the server when we are root; nil = ourselves.
func account() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("no user postgres or nobody to run PostgreSQL as")
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
