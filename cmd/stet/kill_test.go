package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stet/internal/store"
)

// kills is how often TestKill kills stet.
const kills = 12

// TestKill kills a watching stet at any moment, starts it again, and finds
// every version that it had printed, in a store that is sound.
func TestKill(t *testing.T) {
	var asked sync.Map // path → *atomic.Int64, how often
	paper := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		count, _ := asked.LoadOrStore(r.URL.Path, new(atomic.Int64))
		n := count.(*atomic.Int64).Add(1) / 4 // a new text every four requests, so that two looks mostly agree on any machine
		fmt.Fprintf(w, `<html><head><title>Count</title></head><body><article><h1>The count of %s goes on</h1>
<p>At the last look the count stood at %d, the harbour office of Lindhaven said, and it was rising with every hour of the day.</p>
<p>Nobody knows what is being counted. The office has asked for patience, and for more chalk, and for a longer wall to write on.</p></article></body></html>`, r.URL.Path, n)
	}))
	defer paper.Close()
	u, err := url.Parse(paper.URL)
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	type key struct {
		url    string
		number int
	}
	printed := map[key]changeRow{}
	random := rand.New(rand.NewPCG(1, 2))
	for range kills {
		ctx, cancel := context.WithCancel(t.Context())
		cmd := exec.CommandContext(ctx, exe, "watch", "--json", "--data", data, "--allow-net", u.Hostname()+"/32:"+u.Port(),
			"--pace", "0s", "--every", "20ms", paper.URL+"/sheep", paper.URL+"/stars", paper.URL+"/steps")
		cmd.Args[0] = "stet"
		cmd.Env = append(os.Environ(), "STET_TEST_MAIN=1")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(1500*time.Millisecond+time.Duration(random.Int64N(int64(2*time.Second))), func() { cmd.Process.Kill() })
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			var row changeRow
			if json.Unmarshal(lines.Bytes(), &row) == nil && row.Number != nil { // the last line may be torn
				printed[key{row.URL, *row.Number}] = row
			}
		}
		cmd.Wait()
		cancel()
	}
	s, err := store.Open(t.Context(), store.Options{Dir: data, MustExist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for k, row := range printed {
		v, err := s.VersionByNumber(t.Context(), row.Article, k.number)
		if err != nil || v.Content.Headline != row.Headline {
			t.Errorf("version %d of %s was printed and is lost: %v", k.number, k.url, err)
		}
	}
	report, err := s.Verify(t.Context(), nil)
	if err != nil || len(report.Problems) > 0 {
		t.Errorf("verify: %v %v", report.Problems, err)
	}
	t.Logf("%d kills, %d printed versions, none lost", kills, len(printed))
	if len(printed) < kills {
		t.Errorf("only %d versions printed: the test hardly tests", len(printed))
	}
}
