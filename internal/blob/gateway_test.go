package blob

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
)

// tools is the module that pins the S3 server of the tests.
const tools = "../../tools/s3"

// env is the environment that the test server's credentials are in.
func env(name string) string {
	return map[string]string{envKey: "harbour", envSecret: "courier-secret"}[name]
}

// gateway builds the S3 server once: versitygw, of a module of its own. It is kept
// between runs, named by what it was built from.
var gateway = sync.OnceValues(func() (string, error) {
	sum, err := os.ReadFile(filepath.Join(tools, "go.sum"))
	if err != nil {
		return "", err
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	dir = filepath.Join(dir, "stet-test")
	program := filepath.Join(dir, fmt.Sprintf("versitygw-%x", sha256.Sum256(sum))[:26])
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", err
	}
	fresh := fmt.Sprintf("%s.%d", program, os.Getpid())
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "build", "-o", fresh, "github.com/versity/versitygw/cmd/versitygw")
	cmd.Dir, cmd.Env = tools, append(os.Environ(), "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return program, os.Rename(fresh, program)
})

// startGateway runs a real S3 server on loopback with a bucket "captures", and
// gives its HOST:PORT and the folder that the bucket is in.
func startGateway(t testing.TB) (endpoint, folder string) {
	t.Helper()
	program, err := gateway()
	if err != nil {
		t.Skipf("skipped: no S3 server: %v", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	endpoint = l.Addr().String()
	must(t, l.Close())
	root, aside := t.TempDir(), t.TempDir()
	cmd := exec.Command(program, "--port", endpoint, "--access", env(envKey), "--secret", env(envSecret), "--quiet", "posix", "--sidecar", aside, root)
	must(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	b := opened(t, "s3://captures?insecure=1&endpoint="+endpoint)
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if err = b.core.MakeBucket(t.Context(), "captures", minio.MakeBucketOptions{Region: defaultRegion}); err == nil {
			return endpoint, filepath.Join(root, "captures")
		}
		if time.Since(start) > time.Minute {
			t.Fatalf("the S3 server does not answer: %v", err)
		}
	}
}

// opened opens a bucket that is not waited for long.
func opened(t testing.TB, where string) *bucket {
	t.Helper()
	b, err := openBucket(where, env, time.Second, time.Millisecond)
	must(t, err)
	return b
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
