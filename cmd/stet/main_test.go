package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"stet/internal/newsroom"
)

// TestMain lets the test binary be stet: scripts run it as a command, and the
// kill test as a process that it can kill.
func TestMain(m *testing.M) {
	if os.Getenv("STET_TEST_MAIN") != "" {
		main()
		return
	}
	testscript.Main(m, map[string]func(){"stet": main})
}

// TestScripts runs the commands as a user would. PAPER is the address of a
// newspaper at noon of its day, ALLOW what --allow-net needs to reach it; "archive" makes a
// store of its own.
func TestScripts(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Now() // entries of long ago would not be taken in
	start := noon.Add(-6 * time.Hour)
	paper := newsroom.New(newsroom.Options{Start: start, Now: func() time.Time { return noon }, Slow: func(time.Duration) {}})
	server := &http.Server{Handler: paper.Handler(), ReadHeaderTimeout: time.Second}
	ended := make(chan struct{})
	go func() { server.Serve(l); close(ended) }()
	t.Cleanup(func() { server.Shutdown(context.Background()); <-ended })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"archive": makeArchive, "database": makeDatabase},
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Setup: func(e *testscript.Env) error {
			e.Setenv("PAPER", "http://"+l.Addr().String())
			e.Setenv("ALLOW", fmt.Sprintf("127.0.0.1/32:%s", port))
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("STET_PACE", "0s")
			return nil
		},
	})
}
