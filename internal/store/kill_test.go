package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

// kills is how often TestKilled kills.
const kills = 25

// writerDir, in the environment, turns the test binary into a writer.
const writerDir = "STET_TEST_WRITER_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerDir); dir != "" {
		if err := writeForEver(context.Background(), dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeForEver records version after version, and says so on stdout after each.
func writeForEver(ctx context.Context, dir string) error {
	s, err := Open(ctx, Options{Dir: dir, Exclusive: true})
	if err != nil {
		return err
	}
	src, err := s.AddSource(ctx, news.Source{Key: "courier"})
	if err != nil {
		return err
	}
	for {
		// The lease of the writer that was killed has not run out.
		host := fmt.Sprint("h", rand.Uint64(), ".example.org")
		l, _, err := s.LeaseNamed(ctx, host, time.Hour)
		if err != nil {
			return err
		}
		a, _, err := s.AddArticle(ctx, src.ID, address("https://"+host+"/"), "", "import", time.Time{}, time.Time{})
		if err != nil {
			return err
		}
		for n := range 5 {
			c := content("Headline", strings.Repeat(fmt.Sprint(host, n, " "), 50))
			raw, err := s.PutBlob(ctx, []byte(fmt.Sprint(host, n)), news.Digest{})
			if err != nil {
				return err
			}
			_, err = s.RecordVisit(ctx, Visit{Lease: l, ArticleID: a.ID, State: news.Live,
				Capture: news.Capture{URL: a.URL, At: time.Now(), Outcome: news.OK, Raw: raw},
				Version: &news.Version{Number: n, Content: c}, Changes: []news.Change{{Type: news.VersionAppeared}}})
			if err != nil {
				return err
			}
			fmt.Println("ack", a.ID, n, c.Identity())
		}
		if _, err := s.IndexChanges(ctx, 3); err != nil {
			return err
		}
	}
}

// TestKilled: a writer is killed at random moments, again and again. Nothing
// that it acknowledged is lost, and the store verifies every time.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(7, 7))
	acked := map[string]bool{}
	for i := range kills {
		before := len(acked)
		killWriter(t, self, dir, r, acked)
		s, err := Open(t.Context(), Options{Dir: dir, Exclusive: true, MustExist: before > 0})
		if err != nil {
			t.Fatalf("kill %d: %v", i, err)
		}
		rep, err := s.Verify(t.Context(), nil)
		if err != nil || len(rep.Problems) > 0 {
			t.Fatalf("kill %d: %v, %q", i, err, rep.Problems)
		}
		for line := range acked {
			var id int64
			var number int
			var identity string
			fmt.Sscan(strings.TrimPrefix(line, "ack "), &id, &number, &identity)
			v, err := s.VersionByNumber(t.Context(), id, number)
			if err != nil || v.Content.Identity().String() != identity {
				t.Fatalf("kill %d: acknowledged and lost: %s: %v", i, line, err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(acked) < kills {
		t.Errorf("only %d versions were acknowledged in %d lives", len(acked), kills)
	}
	t.Logf("%d kills, %d versions acknowledged, none lost", kills, len(acked))
}

// killWriter runs a writer until a random number of its acknowledgements have
// come, and a random moment has passed, and kills it.
func killWriter(t *testing.T, self, dir string, r *rand.Rand, acked map[string]bool) {
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), writerDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	wanted, pause := r.IntN(12), time.Duration(r.IntN(4000))*time.Microsecond
	lines := bufio.NewScanner(out)
	for n := 0; ; n++ {
		if n == wanted {
			time.AfterFunc(pause, func() { cmd.Process.Kill() })
		}
		if !lines.Scan() {
			break
		}
		acked[lines.Text()] = true
	}
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() == 1 {
		t.Fatalf("the writer failed: %v", err)
	}
}
