package archive

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// nasty are texts that every quoting has trouble with, and random ones of the
// same letters.
func nasty() []string {
	texts := []string{"", "'", "''", `\`, `\'`, `\\n`, "\\.", `\N`, "NULL", "a\nb", "a\r\nb\tc", "--", "/*", "*/", ";\n", "),(", "é–🐕", "\x1a", "$$", `"`, "`", "\b\f\v", "{", "%s"}
	letters := []string{"'", `\`, "\n", "\t", ";", ",", "(", ")", "-", "/", "*", "é", "🐕", "N", ".", "x", "0", `"`, "\r", "\x1a", "#", "$"}
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var b strings.Builder
		for range r.IntN(12) {
			b.WriteString(letters[r.IntN(len(letters))])
		}
		texts = append(texts, b.String())
	}
	return texts
}

// run runs a program and gives its output; attr may be nil.
func run(t *testing.T, attr *syscall.SysProcAttr, in, program string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.SysProcAttr = attr
	cmd.Stdin = strings.NewReader(in)
	var out, bad bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &bad
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %v: %v: %.2000s", program, args, err, bad.String())
	}
	return out.Bytes()
}

// sameTable compares what a dump gives with the texts that went in.
func sameTable(t *testing.T, dumped []byte, d dialect, texts []string) {
	t.Helper()
	from := newDump(bytes.NewReader(dumped), d, []string{"t"})
	n := 0
	for {
		r, err := from.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("row %d: %v\n%.3000s", n, err, dumped)
		}
		if len(r.cells) != 3 || r.cells[2].set {
			t.Fatalf("row %d: %d values, the last not NULL", n, len(r.cells))
		}
		if id, err := strconv.Atoi(r.cells[0].text); err != nil || id != n || r.cells[1].text != texts[n] {
			t.Errorf("row %s: %q, want %d: %q", r.cells[0].text, r.cells[1].text, n, texts[n])
		}
		n++
	}
	if n != len(texts) {
		t.Errorf("%d rows, want %d", n, len(texts))
	}
}

// What a real MariaDB dumps, in each way of dumping, is what was put into it.
func TestMariaDB(t *testing.T) {
	server, err1 := exec.LookPath("mariadbd")
	install, err2 := exec.LookPath("mariadb-install-db")
	if testing.Short() || err1 != nil || err2 != nil {
		t.Skip("skipped: no MariaDB")
	}
	dir := t.TempDir()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	run(t, nil, "", install, "--user="+me.Username, "--datadir="+filepath.Join(dir, "d"), "--auth-root-authentication-method=normal", "--skip-test-db")
	socket := filepath.Join(dir, "s")
	cmd := exec.Command(server, "--no-defaults", "--user="+me.Username, "--datadir="+filepath.Join(dir, "d"), "--socket="+socket, "--skip-networking", "--pid-file="+filepath.Join(dir, "pid"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Signal(syscall.SIGTERM); cmd.Wait() })
	client := []string{"--no-defaults", "--user=root", "--socket=" + socket}
	for i := 0; exec.Command("mariadb", append(client, "-e", "SELECT 1")...).Run() != nil; i++ {
		if i > 600 {
			t.Fatal("MariaDB does not start")
		}
		time.Sleep(100 * time.Millisecond)
	}
	texts := nasty()
	var sql strings.Builder
	sql.WriteString("CREATE DATABASE d CHARACTER SET utf8mb4; USE d; CREATE TABLE before_t (a text); INSERT INTO before_t VALUES ('(''\\\\;');\nCREATE TABLE t (id int PRIMARY KEY, `te``xt` mediumtext COMMENT 'x, (y''', n int, KEY k (n)) CHARACTER SET utf8mb4;\n")
	for i, s := range texts {
		fmt.Fprintf(&sql, "INSERT INTO t VALUES (%d, CONVERT(X'%s' USING utf8mb4), NULL);\n", i, hex.EncodeToString([]byte(s)))
	}
	run(t, nil, sql.String(), "mariadb", client...)
	for _, way := range [][]string{{}, {"--skip-extended-insert"}, {"--complete-insert", "--no-create-info"}, {"--hex-blob"}, {"--compact"}, {"--compatible=ansi"}, {"--insert-ignore"}, {"--replace", "--skip-quote-names"}} {
		t.Run(strings.Join(way, " "), func(t *testing.T) {
			args := append(append(client[:len(client):len(client)], "--default-character-set=utf8mb4"), append(way, "d")...)
			sameTable(t, run(t, nil, "", "mariadb-dump", args...), mysql, texts)
		})
	}
}

// postgresUser is who may run PostgreSQL, which root may not; nil = who runs the
// test.
func postgresUser(t *testing.T, dir string) *syscall.SysProcAttr {
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Skip("skipped: no PostgreSQL")
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := errors.Join(err1, err2, os.Chown(dir, uid, gid)); err != nil {
		t.Fatal(err)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

// What a real PostgreSQL dumps, by COPY and by INSERT, is what was put into it.
func TestPostgreSQL(t *testing.T) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if testing.Short() || len(found) == 0 {
		t.Skip("skipped: no PostgreSQL")
	}
	bin := func(name string) string { return filepath.Join(filepath.Dir(found[0]), name) }
	dir, err := os.MkdirTemp("", "stet-pg-") // short, for the name of a socket has few bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	attr := postgresUser(t, dir)
	data := filepath.Join(dir, "d")
	run(t, attr, "", bin("initdb"), "-D", data, "-E", "UTF8", "--locale=C", "--no-sync", "-A", "trust")
	run(t, attr, "", bin("pg_ctl"), "-D", data, "-w", "-l", filepath.Join(dir, "log"), "-o", "-c listen_addresses= -k "+dir, "start")
	t.Cleanup(func() { run(t, attr, "", bin("pg_ctl"), "-D", data, "-m", "immediate", "stop") })
	texts := nasty()
	var sql strings.Builder
	sql.WriteString("CREATE TABLE a (a text); INSERT INTO a VALUES (E'\\\\.\\n');\nCREATE TABLE t (id int PRIMARY KEY, \"te\"\"xt\" text, n int);\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 /* ';' */ $$;\n")
	for i, s := range texts {
		fmt.Fprintf(&sql, "INSERT INTO t VALUES (%d, convert_from('\\x%s', 'UTF8'), NULL);\n", i, hex.EncodeToString([]byte(s)))
	}
	host := []string{"-h", dir, "-d", "postgres"}
	run(t, attr, sql.String(), bin("psql"), append(host, "-q", "-v", "ON_ERROR_STOP=1")...)
	for _, way := range [][]string{{}, {"--inserts"}, {"--column-inserts"}, {"--rows-per-insert=50"}, {"--data-only"}} {
		t.Run(strings.Join(way, " "), func(t *testing.T) {
			sameTable(t, run(t, attr, "", bin("pg_dump"), append(host[:len(host):len(host)], way...)...), standard, texts)
		})
	}
}
