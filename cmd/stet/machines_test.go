package main

import (
	"bufio"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/newsroom"
	"stet/internal/pgtest"
	"stet/internal/store"
)

// machinesTime is how long TestMachines lets machines die.
var machinesTime = flag.Duration("machines", 75*time.Second, "how long TestMachines runs")

// crawlers is how many machines crawl at once in TestMachines.
const crawlers = 4

// TestMachines: four machines crawl one press on one PostgreSQL; at every few
// seconds one of them is killed and another started in its place. Every version
// that one of them said to have recorded is there, none was recorded twice, the
// store is sound, and no paper was asked sooner than its pace allows.
func TestMachines(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: long")
	}
	dir := t.TempDir()
	db := pgtest.Database(t, dir)
	const pace = 300 * time.Millisecond
	papers := make([]*countingPaper, 30)
	var allow []string
	for i := range papers {
		papers[i] = newCountingPaper(t, i, pace)
		allow = append(allow, strings.TrimPrefix(papers[i].server.URL, "http://127.0.0.1:"))
	}
	s, err := store.Open(t.Context(), store.Options{Dir: dir, DB: db})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, p := range papers {
		if _, err := request(t.Context(), s, p.server.URL+"/rss", ""); err != nil {
			t.Fatal(err)
		}
	}
	r := &fleet{t: t, args: []string{"serve", "--roles", "crawl", "--db", db, "--data", dir, "--allow-net", "127.0.0.1/32:" + strings.Join(allow, ",127.0.0.1/32:"), "--pace", pace.String(),
		"--policy", "every:2s", "--feed-every", "5s", "--log-level", "info"}, said: map[said]int{}}
	kills := r.run(*machinesTime)
	r.check(s)
	if alive, err := s.CrawlingMachines(t.Context()); err != nil || len(alive) > kills { // who is told to end says so, who was killed is missed later
		t.Errorf("machines after all have ended: %v, %v", alive, err)
	}
	asked := 0
	for _, p := range papers {
		asked += int(p.asked.Load())
		for _, b := range p.manners.Breaches() {
			if b.Kind != newsroom.RobotsAgain { // each machine reads it for itself
				t.Error(b)
			}
		}
	}
	totals, err := s.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d machines killed in %v; %d versions said to be recorded, %d there, of %d articles; %d requests",
		kills, *machinesTime, len(r.said), totals.Versions, totals.Articles, asked)
	if kills < 3 || len(r.said) < 50 {
		t.Error("the test hardly tests")
	}
}

// A countingPaper has five articles, each of which is another after every six
// requests, and watches how its guests behave.
type countingPaper struct {
	server  *httptest.Server
	manners *newsroom.Manners
	asked   atomic.Int64
	counts  [6]atomic.Int64
}

func newCountingPaper(t *testing.T, n int, pace time.Duration) *countingPaper {
	p := &countingPaper{}
	pages := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.asked.Add(1)
		var i int
		switch _, err := fmt.Sscanf(r.URL.Path, "/story-%d", &i); {
		case r.URL.Path == "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nAllow: /\n")
		case r.URL.Path == "/rss":
			w.Header().Set("Content-Type", "application/rss+xml")
			fmt.Fprintf(w, `<rss version="2.0"><channel><title>Paper %d</title><link>http://%s/</link>`, n, r.Host)
			for i := range 5 {
				fmt.Fprintf(w, `<item><title>Story %[2]d</title><link>http://%[1]s/story-%[2]d</link></item>`, r.Host, i)
			}
			fmt.Fprint(w, `</channel></rss>`)
		case err == nil && i >= 0 && i < 5:
			fmt.Fprintf(w, `<html><head><title>Count</title></head><body><article><h1>The count of story %d goes on</h1>
<p>At the last look the count of paper %d stood at %d, the harbour office of Lindhaven said, and it was rising with every hour of the day.</p>
<p>Nobody knows what is being counted. The office has asked for patience, and for more chalk, and for a longer wall to write on.</p></article></body></html>`,
				i, n, p.counts[i].Add(1)/6)
		default:
			http.NotFound(w, r)
		}
	})
	p.manners = newsroom.WatchManners(pages, newsroom.HouseRules{Pace: pace}, time.Now)
	p.server = httptest.NewServer(p.manners)
	t.Cleanup(p.server.Close)
	return p
}

// A said is a version that a machine says to have recorded.
type said struct {
	article int64
	number  int
}

// A fleet is the machines, with what they said.
type fleet struct {
	t    *testing.T
	args []string

	mu   sync.Mutex
	said map[said]int
	wg   sync.WaitGroup
}

var visitLine = regexp.MustCompile(`msg=visit article=(\d+) .*change=version number=(\d+)`)

// start starts a machine and listens to it until it ends.
func (r *fleet) start() *exec.Cmd {
	exe, err := os.Executable()
	if err != nil {
		r.t.Fatal(err)
	}
	cmd := exec.Command(exe, r.args...)
	cmd.Args[0] = "stet"
	cmd.Env = append(os.Environ(), "STET_TEST_MAIN=1", "HOME="+filepath.Dir(exe))
	out, err := cmd.StderrPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.wg.Go(func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if m := visitLine.FindStringSubmatch(lines.Text()); m != nil {
				article, _ := strconv.ParseInt(m[1], 10, 64) // digits
				number, _ := strconv.Atoi(m[2])
				r.mu.Lock()
				r.said[said{article, number}]++
				r.mu.Unlock()
			}
		}
		cmd.Wait()
	})
	return cmd
}

// run lets machines live and die for that time, and ends them all.
func (r *fleet) run(d time.Duration) (kills int) {
	random := rand.New(rand.NewPCG(3, 4))
	machines := make([]*exec.Cmd, crawlers)
	for i := range machines {
		machines[i] = r.start()
	}
	for end := time.Now().Add(d); time.Now().Before(end); kills++ {
		time.Sleep(time.Duration(4+random.IntN(10)) * time.Second)
		i := random.IntN(2) // the other two live on
		machines[i].Process.Kill()
		machines[i] = r.start()
	}
	for _, m := range machines {
		m.Process.Signal(os.Interrupt)
	}
	r.wg.Wait()
	return kills
}

// check holds what was said against the store.
func (r *fleet) check(s *store.Store) {
	ctx := r.t.Context()
	for v, times := range r.said {
		if times > 1 {
			r.t.Errorf("version %d of article %d was recorded %d times", v.number, v.article, times)
		}
		if _, err := s.VersionByNumber(ctx, v.article, v.number); err != nil {
			r.t.Errorf("a version that a machine recorded is lost: %v", err)
		}
	}
	report, err := s.Verify(ctx, nil)
	if err != nil || len(report.Problems) > 0 {
		r.t.Errorf("verify: %v, %q", err, report.Problems)
	}
	log, err := s.Changes(ctx, 0, 1_000_000)
	if err != nil {
		r.t.Fatal(err)
	}
	last := map[int64]news.Change{}
	for i, c := range log {
		if c.Seq != int64(i+1) {
			r.t.Fatalf("entry %d of the change log has number %d", i+1, c.Seq)
		}
		if before, ok := last[c.ArticleID]; ok && c.Type == news.VersionAppeared && before.Type == c.Type && c.Number != before.Number+1 {
			r.t.Errorf("article %d: version %d after %d", c.ArticleID, c.Number, before.Number)
		}
		last[c.ArticleID] = c
	}
}
